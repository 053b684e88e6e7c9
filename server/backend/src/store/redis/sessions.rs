//! Sessions in Redis.

use async_trait::async_trait;

use super::{Damaged, Fields, RedisStore, hash, hex, number, optional, optional_hash, text};
use crate::{
    clock::UnixSeconds,
    store::{
        Ended, Hash, IdRecord, Renewed, Reseal, SessionRecord, SessionStore, SessionsOf, StoreError,
    },
};

#[async_trait]
impl SessionStore for RedisStore {
    async fn insert_session(
        &self,
        record: &SessionRecord,
        id: &Hash,
        present_by: UnixSeconds,
        replaces: Option<&Hash>,
    ) -> Result<(), StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("insert")
            .arg(&record.key)
            .arg(hex(id))
            .arg(present_by)
            .arg(replaces.map(hex).unwrap_or_default());
        step.arg(("owner", hex(&record.owner)))
            .arg(("body", &record.body))
            .arg(("profile", &record.profile))
            .arg(("access", &record.access))
            .arg(("sealed", &record.sealed))
            .arg(("version", record.version))
            .arg(("created", record.created))
            .arg(("last_used", record.last_used))
            .arg(("idle_end", record.idle_end))
            .arg(("absolute_end", record.absolute_end));
        if let Some(cohort) = &record.cohort {
            step.arg(("cohort", hex(cohort)));
        }
        let inserted: bool = self.run(&step).await?;
        if inserted { Ok(()) } else { Err(in_use()) }
    }

    async fn insert_session_id(
        &self,
        key: &str,
        id: &Hash,
        present_by: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("insert-id")
            .arg(key)
            .arg(hex(id))
            .arg(present_by)
            .arg(now);
        match self.run(&step).await? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(in_use()),
        }
    }

    async fn find_session_id(
        &self,
        id: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<IdRecord>, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("find-id").arg(hex(id)).arg(now);
        let fields: Fields = self.run(&step).await?;
        if fields.is_empty() {
            return Ok(None);
        }
        match id_record(&fields) {
            Ok(record) => Ok(Some(record)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped a session record that cannot be read");
                let mut step = self.sessions.prepare_invoke();
                step.arg("drop-id").arg(hex(id));
                self.run::<()>(&step).await?;
                Ok(None)
            }
        }
    }

    async fn find_session(&self, key: &str) -> Result<Option<SessionRecord>, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("find").arg(key);
        let fields: Fields = self.run(&step).await?;
        if fields.is_empty() {
            return Ok(None);
        }
        match session(&fields) {
            Ok(record) => Ok(Some(record)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped a session record that cannot be read");
                self.delete_session(key).await?;
                Ok(None)
            }
        }
    }

    async fn mark_presented(&self, id: &Hash, now: UnixSeconds) -> Result<bool, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("present").arg(hex(id)).arg(now);
        self.run(&step).await
    }

    async fn delete_stale_id(&self, id: &Hash, now: UnixSeconds) -> Result<(), StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("delete-stale-id").arg(hex(id)).arg(now);
        self.run(&step).await
    }

    async fn touch_session(
        &self,
        key: &str,
        last_used: UnixSeconds,
        idle_end: UnixSeconds,
        noted_until: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("touch")
            .arg(key)
            .arg(last_used)
            .arg(idle_end)
            .arg(noted_until);
        self.run(&step).await
    }

    async fn write_profile(
        &self,
        key: &str,
        profile: &str,
        reseal: Option<Reseal<'_>>,
    ) -> Result<(), StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("write-profile").arg(key).arg(profile);
        if let Some(reseal) = reseal {
            step.arg(reseal.from).arg(reseal.to);
        }
        self.run(&step).await
    }

    async fn end_sessions(
        &self,
        which: SessionsOf<'_>,
        reason: Ended,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let (kind, first, second) = match which {
            SessionsOf::Id(id) => ("id", hex(id), ""),
            SessionsOf::Key(key) => ("key", key.to_owned(), ""),
            SessionsOf::OwnersKey(owner, key) => ("owners-key", hex(owner), key),
            SessionsOf::Owner(owner) => ("owner", hex(owner), ""),
            SessionsOf::OwnersOthers(owner, key) => ("owners-others", hex(owner), key),
            SessionsOf::Cohort(cohort) => ("cohort", hex(cohort), ""),
        };
        let mut step = self.sessions.prepare_invoke();
        step.arg("end")
            .arg(kind)
            .arg(first)
            .arg(second)
            .arg(reason.as_str())
            .arg(now);
        let found: Vec<Fields> = self.run(&step).await?;
        Ok(readable(&found))
    }

    async fn list_sessions(
        &self,
        owner: &Hash,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("list").arg(hex(owner)).arg(limit).arg(now);
        let found: Vec<Fields> = self.run(&step).await?;
        let mut found = readable(&found);
        found.sort_by_key(|record| std::cmp::Reverse((record.last_used, record.created)));
        Ok(found)
    }

    async fn renew_session(&self, renewed: &Renewed<'_>) -> Result<bool, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("renew")
            .arg(renewed.key)
            .arg(renewed.version)
            .arg(renewed.access)
            .arg(renewed.sealed);
        self.run(&step).await
    }

    async fn hold_lease(
        &self,
        key: &str,
        holder: &str,
        until: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("hold").arg(key).arg(holder).arg(until).arg(now);
        self.run(&step).await
    }

    async fn drop_lease(&self, key: &str, holder: &str) -> Result<(), StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("release").arg(key).arg(holder);
        self.run(&step).await
    }

    async fn delete_session(&self, key: &str) -> Result<(), StoreError> {
        let mut step = self.sessions.prepare_invoke();
        step.arg("delete").arg(key);
        self.run(&step).await
    }
}

fn in_use() -> StoreError {
    StoreError::Failed("the key or the id of a new session is in use".into())
}

/// The records, without those that cannot be read.
fn readable(found: &[Fields]) -> Vec<SessionRecord> {
    let records = found.iter().map(session);
    records
        .filter_map(|record| {
            record
                .inspect_err(|error| {
                    tracing::warn!(error = %error, "left out a session record that cannot be read");
                })
                .ok()
        })
        .collect()
}

fn id_record(fields: &Fields) -> Result<IdRecord, Damaged> {
    if let Some(reason) = optional(fields, "ended")? {
        let reason = Ended::parse(&reason);
        return reason.map(IdRecord::Ended).ok_or(Damaged("ended"));
    }
    let present_by = match optional(fields, "present_by")? {
        Some(_) => Some(number(fields, "present_by")?),
        None => None,
    };
    Ok(IdRecord::Live {
        present_by,
        session: Box::new(session(fields)?),
    })
}

fn session(fields: &Fields) -> Result<SessionRecord, Damaged> {
    Ok(SessionRecord {
        key: text(fields, "key")?,
        owner: hash(fields, "owner")?,
        cohort: optional_hash(fields, "cohort")?,
        body: text(fields, "body")?,
        profile: text(fields, "profile")?,
        access: text(fields, "access")?,
        sealed: text(fields, "sealed")?,
        version: number(fields, "version")?,
        created: number(fields, "created")?,
        last_used: number(fields, "last_used")?,
        idle_end: number(fields, "idle_end")?,
        absolute_end: number(fields, "absolute_end")?,
    })
}
