//! Removing what has outlived its use. Several processes may do it at once: each skips the rows that
//! another holds.

use super::{PostgresStore, within_limit};
use crate::{
    clock::UnixSeconds,
    store::{ENDED_ID_LIFETIME, StoreError, seconds},
};

/// How many rows one sweeping transaction takes, so that nobody waits long for it.
const BATCH: i64 = 1000;

impl PostgresStore {
    /// The part of [`Store::sweep`](crate::store::Store::sweep) that is about attempts.
    pub(super) async fn sweep_attempts(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let delete = "WITH held AS MATERIALIZED (
                          SELECT seq FROM attempts WHERE drop_at <= $1
                          LIMIT $2 FOR UPDATE SKIP LOCKED)
                      DELETE FROM attempts USING held WHERE attempts.seq = held.seq";
        self.delete_in_batches(delete, now).await
    }

    /// The part that is about notes.
    pub(super) async fn sweep_notes(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let delete = "WITH held AS MATERIALIZED (
                          SELECT name FROM notes WHERE drop_at <= $1
                          LIMIT $2 FOR UPDATE SKIP LOCKED)
                      DELETE FROM notes USING held WHERE notes.name = held.name";
        self.delete_in_batches(delete, now).await
    }

    /// The part that is about sessions and their ids.
    pub(super) async fn sweep_sessions(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        // A session whose last id was lost is within no browser's reach; its ids go with it.
        let lost = "WITH held AS MATERIALIZED (
                        SELECT key FROM sessions
                        WHERE key IN (SELECT session_key FROM session_ids WHERE present_by <= $1)
                        AND NOT EXISTS (
                            SELECT 1 FROM session_ids
                            WHERE session_key = key AND (present_by IS NULL OR present_by > $1))
                        ORDER BY key LIMIT $2 FOR UPDATE SKIP LOCKED)
                    DELETE FROM sessions USING held WHERE sessions.key = held.key";
        // Where the session has no other id, it has to go first, or nothing would find it again.
        let ids = "WITH held AS MATERIALIZED (
                       SELECT hash FROM session_ids AS ids
                       WHERE drop_at <= $1 OR (present_by <= $1 AND EXISTS (
                           SELECT 1 FROM session_ids AS other
                           WHERE other.session_key = ids.session_key
                           AND (other.present_by IS NULL OR other.present_by > $1)))
                       LIMIT $2 FOR UPDATE SKIP LOCKED)
                   DELETE FROM session_ids USING held WHERE session_ids.hash = held.hash";
        let lost = self.delete_in_batches(lost, now).await?;
        let ids = self.delete_in_batches(ids, now).await?;
        let mut swept = lost + ids;
        loop {
            let batch = within_limit(self.end_what_is_over(now)).await?;
            swept += batch;
            if batch < BATCH.unsigned_abs() {
                return Ok(swept);
            }
        }
    }

    async fn delete_in_batches(
        &self,
        delete: &'static str,
        now: UnixSeconds,
    ) -> Result<u64, StoreError> {
        let mut swept = 0;
        loop {
            let query = sqlx::query(delete).bind(now).bind(BATCH);
            let batch = within_limit(query.execute(&self.pool))
                .await?
                .rows_affected();
            swept += batch;
            if batch < BATCH.unsigned_abs() {
                return Ok(swept);
            }
        }
    }

    /// Ends sessions past a limit, one batch; their ids keep the reason.
    async fn end_what_is_over(&self, now: UnixSeconds) -> Result<u64, sqlx::Error> {
        let mut write = self.begin().await?;
        let keys: Vec<String> = sqlx::query_scalar(
            "SELECT key FROM sessions WHERE idle_end <= $1 OR absolute_end <= $1
             ORDER BY key LIMIT $2 FOR UPDATE SKIP LOCKED",
        )
        .bind(now)
        .bind(BATCH)
        .fetch_all(&mut *write)
        .await?;
        sqlx::query(
            "UPDATE session_ids SET
                 ended = CASE WHEN absolute_end <= $1 THEN 'absolute' ELSE 'idle' END,
                 session_key = NULL, present_by = NULL, drop_at = $2
             FROM sessions WHERE key = session_key AND key = ANY($3)",
        )
        .bind(now)
        .bind(now.saturating_add(seconds(ENDED_ID_LIFETIME)))
        .bind(&keys)
        .execute(&mut *write)
        .await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE key = ANY($1)")
            .bind(&keys)
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(ended.rows_affected())
    }
}
