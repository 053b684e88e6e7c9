//! Attempts in Redis.

use async_trait::async_trait;

use super::{Damaged, Fields, RedisStore, hash, hex, number, optional, text};
use crate::{
    clock::UnixSeconds,
    store::{AttemptCaps, AttemptRecord, AttemptStore, Hash, Stage, StoreError},
};

#[async_trait]
impl AttemptStore for RedisStore {
    async fn insert_attempt(
        &self,
        record: &AttemptRecord,
        caps: AttemptCaps,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("insert")
            .arg(&record.id)
            .arg(caps.per_owner)
            .arg(caps.overall)
            .arg(now);
        step.arg(("lookup", hex(&record.lookup)))
            .arg(("owner", hex(&record.owner)))
            .arg(("stage", record.stage.as_str()))
            .arg(("created", record.created))
            .arg(("expires", record.expires))
            .arg(("drop_at", record.drop_at))
            .arg(("lasting", &record.lasting));
        for (name, value) in [
            ("passing", &record.passing),
            ("claim", &record.claim),
            ("outcome", &record.outcome),
        ] {
            if let Some(value) = value {
                step.arg((name, value));
            }
        }
        self.run(&step).await
    }

    async fn find_attempt(
        &self,
        lookup: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<AttemptRecord>, StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("find").arg(hex(lookup));
        let fields: Fields = self.run(&step).await?;
        if fields.is_empty() {
            return Ok(None);
        }
        match attempt(&fields) {
            Ok(record) => Ok(Some(record).filter(|record| record.drop_at > now)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped an attempt record that cannot be read");
                let mut step = self.attempts.prepare_invoke();
                step.arg("drop-lookup").arg(hex(lookup));
                self.run::<()>(&step).await?;
                Ok(None)
            }
        }
    }

    async fn has_live_attempt(
        &self,
        owner: &Hash,
        except: Option<&str>,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let except = except.map_or_else(String::new, |id| format!("x{id}"));
        let mut step = self.attempts.prepare_invoke();
        step.arg("has-live").arg(hex(owner)).arg(except).arg(now);
        self.run(&step).await
    }

    async fn count_miss(
        &self,
        id: &str,
        limit: u32,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<(), StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("miss")
            .arg(id)
            .arg(limit)
            .arg(outcome)
            .arg(drop_at);
        self.run(&step).await
    }

    async fn take_attempt(
        &self,
        id: &str,
        claim: &str,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("take").arg(id).arg(claim).arg(now);
        self.run(&step).await
    }

    async fn close_attempt(
        &self,
        id: &str,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("close").arg(id).arg(outcome).arg(drop_at);
        self.run(&step).await
    }

    async fn delete_attempt(&self, id: &str) -> Result<(), StoreError> {
        let mut step = self.attempts.prepare_invoke();
        step.arg("delete").arg(id);
        self.run(&step).await
    }
}

fn attempt(fields: &Fields) -> Result<AttemptRecord, Damaged> {
    Ok(AttemptRecord {
        id: text(fields, "id")?,
        lookup: hash(fields, "lookup")?,
        owner: hash(fields, "owner")?,
        stage: Stage::parse(&text(fields, "stage")?).ok_or(Damaged("stage"))?,
        created: number(fields, "created")?,
        expires: number(fields, "expires")?,
        drop_at: number(fields, "drop_at")?,
        lasting: text(fields, "lasting")?,
        passing: optional(fields, "passing")?,
        claim: optional(fields, "claim")?,
        outcome: optional(fields, "outcome")?,
    })
}
