//! Removing what has outlived its use.

use super::{SqliteStore, within_limit};
use crate::{
    clock::UnixSeconds,
    store::{ENDED_ID_LIFETIME, StoreError, seconds},
};

/// How many attempts one sweeping transaction deletes, so that sign-ins get their turn in between.
const BATCH: u32 = 2000;

impl SqliteStore {
    /// The part of [`Store::sweep`](crate::store::Store::sweep) that is about attempts.
    pub(super) async fn sweep_attempts(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let mut swept = 0;
        loop {
            let batch = within_limit(
                sqlx::query(
                    "DELETE FROM attempts WHERE seq IN (
                         SELECT seq FROM attempts WHERE drop_at <= ?1 LIMIT ?2)",
                )
                .bind(now)
                .bind(BATCH)
                .execute(&self.writer),
            )
            .await?
            .rows_affected();
            swept += batch;
            if batch < u64::from(BATCH) {
                return Ok(swept);
            }
        }
    }

    /// The part that is about notes.
    pub(super) async fn sweep_notes(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let sweep = sqlx::query("DELETE FROM notes WHERE drop_at <= ?1").bind(now);
        Ok(within_limit(sweep.execute(&self.writer))
            .await?
            .rows_affected())
    }

    /// The part that is about sessions and their ids.
    pub(super) async fn sweep_sessions(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        within_limit(async {
            let mut write = self.write().await?;
            let mut swept = 0;
            for delete in [
                // A session whose last id was lost is within no browser's reach; its ids go with it.
                "DELETE FROM sessions
                 WHERE key IN (SELECT session_key FROM session_ids WHERE present_by <= ?1)
                 AND NOT EXISTS (
                     SELECT 1 FROM session_ids
                     WHERE session_key = key AND (present_by IS NULL OR present_by > ?1))",
                "DELETE FROM session_ids WHERE present_by <= ?1 OR drop_at <= ?1",
            ] {
                let delete = sqlx::query(delete).bind(now);
                swept += delete.execute(&mut *write).await?.rows_affected();
            }
            sqlx::query(
                "UPDATE session_ids SET
                     ended = (SELECT iif(absolute_end <= ?1, 'absolute', 'idle')
                              FROM sessions WHERE key = session_key),
                     session_key = NULL, present_by = NULL, drop_at = ?2
                 WHERE session_key IN (
                     SELECT key FROM sessions WHERE idle_end <= ?1 OR absolute_end <= ?1)",
            )
            .bind(now)
            .bind(now + seconds(ENDED_ID_LIFETIME))
            .execute(&mut *write)
            .await?;
            swept += sqlx::query("DELETE FROM sessions WHERE idle_end <= ?1 OR absolute_end <= ?1")
                .bind(now)
                .execute(&mut *write)
                .await?
                .rows_affected();
            write.commit().await?;
            Ok(swept)
        })
        .await
    }
}
