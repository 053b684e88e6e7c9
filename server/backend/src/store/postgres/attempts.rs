//! Attempts in PostgreSQL.

use async_trait::async_trait;
use sqlx::{Postgres, Row as _, Transaction, postgres::PgRow};

use super::{PostgresStore, hash, name, within_limit};
use crate::{
    clock::UnixSeconds,
    store::{AttemptCaps, AttemptRecord, AttemptStore, Hash, Stage, StoreError},
};

/// The overall cap may be exceeded by one part in this many: counting 100 000 attempts takes 3 ms.
const CAP_SLACK: u32 = 1000;

#[async_trait]
impl AttemptStore for PostgresStore {
    async fn insert_attempt(
        &self,
        record: &AttemptRecord,
        caps: AttemptCaps,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        within_limit(async {
            let mut write = self.begin().await?;
            // One at a time for each owner, so that their cap holds.
            sqlx::query("SELECT pg_advisory_xact_lock($1)")
                .bind(lock(&record.owner))
                .execute(&mut *write)
                .await?;
            sqlx::query("DELETE FROM attempts WHERE lookup = $1 AND drop_at <= $2")
                .bind(record.lookup.as_slice())
                .bind(now)
                .execute(&mut *write)
                .await?;
            let inserted: Option<i64> = sqlx::query_scalar(
                "INSERT INTO attempts (id, lookup, owner, stage, created, expires, drop_at,
                                       lasting, passing, claim, outcome)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT DO NOTHING RETURNING seq",
            )
            .bind(&record.id)
            .bind(record.lookup.as_slice())
            .bind(record.owner.as_slice())
            .bind(record.stage.as_str())
            .bind(record.created)
            .bind(record.expires)
            .bind(record.drop_at)
            .bind(&record.lasting)
            .bind(&record.passing)
            .bind(&record.claim)
            .bind(&record.outcome)
            .fetch_optional(&mut *write)
            .await?;
            let Some(seq) = inserted else {
                write.rollback().await?;
                return Ok(false);
            };
            evict(&mut write, record, caps, now, seq).await?;
            write.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn find_attempt(
        &self,
        lookup: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<AttemptRecord>, StoreError> {
        let row = within_limit(
            sqlx::query("SELECT * FROM attempts WHERE lookup = $1 AND drop_at > $2")
                .bind(lookup.as_slice())
                .bind(now)
                .fetch_optional(&self.pool),
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        match attempt(&row) {
            Ok(record) => Ok(Some(record)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped an attempt record that cannot be read");
                within_limit(
                    sqlx::query("DELETE FROM attempts WHERE lookup = $1")
                        .bind(lookup.as_slice())
                        .execute(&self.pool),
                )
                .await?;
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
        within_limit(
            sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM attempts
                 WHERE owner = $1 AND stage <> 'closed' AND expires > $2 AND id IS DISTINCT FROM $3)",
            )
            .bind(owner.as_slice())
            .bind(now)
            .bind(except.map(name))
            .fetch_one(&self.pool),
        )
        .await
    }

    async fn count_miss(
        &self,
        id: &str,
        limit: u32,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<(), StoreError> {
        within_limit(
            sqlx::query(
                "UPDATE attempts SET
                     misses = misses + 1,
                     stage = CASE WHEN misses + 1 >= $2 THEN 'closed' ELSE stage END,
                     passing = CASE WHEN misses + 1 >= $2 THEN NULL ELSE passing END,
                     outcome = CASE WHEN misses + 1 >= $2 THEN $3 ELSE outcome END,
                     drop_at = CASE WHEN misses + 1 >= $2 THEN $4 ELSE drop_at END
                 WHERE id = $1 AND stage = 'pending'",
            )
            .bind(name(id))
            .bind(i64::from(limit))
            .bind(outcome)
            .bind(drop_at)
            .execute(&self.pool),
        )
        .await
        .map(drop)
    }

    async fn take_attempt(
        &self,
        id: &str,
        claim: &str,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let taken = within_limit(
            sqlx::query(
                "UPDATE attempts SET stage = 'working', claim = $2
                 WHERE id = $1 AND stage = 'pending' AND expires > $3",
            )
            .bind(name(id))
            .bind(claim)
            .bind(now)
            .execute(&self.pool),
        )
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    async fn close_attempt(
        &self,
        id: &str,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let closed = within_limit(
            sqlx::query(
                "UPDATE attempts SET stage = 'closed', passing = NULL, outcome = $2, drop_at = $3
                 WHERE id = $1 AND stage <> 'closed'",
            )
            .bind(name(id))
            .bind(outcome)
            .bind(drop_at)
            .execute(&self.pool),
        )
        .await?;
        Ok(closed.rows_affected() == 1)
    }

    async fn delete_attempt(&self, id: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM attempts WHERE id = $1").bind(name(id));
        within_limit(delete.execute(&self.pool)).await.map(drop)
    }
}

/// Deletes what is above the caps after `record` was inserted as number `seq`.
async fn evict(
    write: &mut Transaction<'static, Postgres>,
    record: &AttemptRecord,
    caps: AttemptCaps,
    now: UnixSeconds,
    seq: i64,
) -> Result<(), sqlx::Error> {
    // Rows that somebody else holds are left to the next one: nobody waits while they hold others.
    sqlx::query(
        "WITH above AS (
             SELECT seq FROM attempts
             WHERE owner = $1 AND stage <> 'closed' AND expires > $2 AND seq <> $3
             ORDER BY stage = 'pending', seq DESC
             OFFSET greatest($4 - 1, 0)),
         held AS MATERIALIZED (
             SELECT seq FROM attempts WHERE seq IN (SELECT seq FROM above) FOR UPDATE SKIP LOCKED)
         DELETE FROM attempts USING held WHERE attempts.seq = held.seq",
    )
    .bind(record.owner.as_slice())
    .bind(now)
    .bind(seq)
    .bind(i64::from(caps.per_owner))
    .execute(&mut **write)
    .await?;
    // Counting is what a flood would pay for with every attempt, so it is done now and then.
    if seq % i64::from(caps.overall / CAP_SLACK).max(1) == 0 {
        sqlx::query(
            "WITH above AS (
                 SELECT seq FROM attempts
                 WHERE stage <> 'closed' AND expires > $1
                 ORDER BY expires, seq
                 LIMIT greatest((SELECT count(*) FROM attempts
                                 WHERE stage <> 'closed' AND expires > $1) - $2, 0)),
             held AS MATERIALIZED (
                 SELECT seq FROM attempts WHERE seq IN (SELECT seq FROM above) FOR UPDATE SKIP LOCKED)
             DELETE FROM attempts USING held WHERE attempts.seq = held.seq",
        )
        .bind(now)
        .bind(i64::from(caps.overall))
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// The number of an owner's lock. That two owners share one costs them a wait.
fn lock(owner: &Hash) -> i64 {
    owner
        .first_chunk()
        .map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

fn attempt(row: &PgRow) -> Result<AttemptRecord, sqlx::Error> {
    let stage = Stage::parse(row.try_get("stage")?)
        .ok_or_else(|| sqlx::Error::Decode("an unknown stage".into()))?;
    Ok(AttemptRecord {
        id: row.try_get("id")?,
        lookup: hash(row, "lookup")?,
        owner: hash(row, "owner")?,
        stage,
        created: row.try_get("created")?,
        expires: row.try_get("expires")?,
        drop_at: row.try_get("drop_at")?,
        lasting: row.try_get("lasting")?,
        passing: row.try_get("passing")?,
        claim: row.try_get("claim")?,
        outcome: row.try_get("outcome")?,
    })
}
