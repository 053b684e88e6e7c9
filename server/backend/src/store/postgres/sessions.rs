//! Sessions in PostgreSQL.

use async_trait::async_trait;
use sqlx::{Postgres, Row as _, Transaction, postgres::PgRow};

use super::{PostgresStore, hash, name, optional_hash, within_limit};
use crate::{
    clock::UnixSeconds,
    store::{
        ENDED_ID_LIFETIME, Ended, Hash, IdRecord, Renewed, Reseal, SessionRecord, SessionStore,
        SessionsOf, StoreError, seconds,
    },
};

#[async_trait]
impl SessionStore for PostgresStore {
    async fn insert_session(
        &self,
        record: &SessionRecord,
        id: &Hash,
        present_by: UnixSeconds,
        replaces: Option<&Hash>,
    ) -> Result<(), StoreError> {
        within_limit(async {
            let mut write = self.begin().await?;
            if let Some(replaced) = replaces {
                let which = SessionsOf::Id(replaced);
                end_in(&mut write, which, Ended::Replaced, record.created).await?;
            }
            sqlx::query(
                "INSERT INTO sessions (key, owner, cohort, body, profile, access, sealed, version,
                                       created, last_used, idle_end, absolute_end)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind(&record.key)
            .bind(record.owner.as_slice())
            .bind(record.cohort.as_ref().map(Hash::as_slice))
            .bind(&record.body)
            .bind(&record.profile)
            .bind(&record.access)
            .bind(&record.sealed)
            .bind(record.version)
            .bind(record.created)
            .bind(record.last_used)
            .bind(record.idle_end)
            .bind(record.absolute_end)
            .execute(&mut *write)
            .await?;
            sqlx::query(
                "INSERT INTO session_ids (hash, session_key, present_by) VALUES ($1, $2, $3)",
            )
            .bind(id.as_slice())
            .bind(&record.key)
            .bind(present_by)
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    async fn insert_session_id(
        &self,
        key: &str,
        id: &Hash,
        present_by: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let inserted = within_limit(
            sqlx::query(
                // Locked, so that a session which ends meanwhile is not there any more.
                "WITH session AS (
                     SELECT key FROM sessions
                     WHERE key = $2 AND idle_end > $4 AND absolute_end > $4 FOR KEY SHARE)
                 INSERT INTO session_ids (hash, session_key, present_by)
                 SELECT $1, key, $3 FROM session",
            )
            .bind(id.as_slice())
            .bind(name(key))
            .bind(present_by)
            .bind(now)
            .execute(&self.pool),
        )
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn find_session_id(
        &self,
        id: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<IdRecord>, StoreError> {
        let row = within_limit(
            sqlx::query(
                "SELECT ids.present_by, ids.ended, sessions.*
                 FROM session_ids AS ids LEFT JOIN sessions ON sessions.key = ids.session_key
                 WHERE ids.hash = $1 AND (ids.drop_at IS NULL OR ids.drop_at > $2)",
            )
            .bind(id.as_slice())
            .bind(now)
            .fetch_optional(&self.pool),
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        match id_record(&row) {
            Ok(record) => Ok(Some(record)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped a session record that cannot be read");
                within_limit(async {
                    let mut write = self.begin().await?;
                    sqlx::query(
                        "DELETE FROM sessions WHERE key =
                             (SELECT session_key FROM session_ids WHERE hash = $1)",
                    )
                    .bind(id.as_slice())
                    .execute(&mut *write)
                    .await?;
                    sqlx::query("DELETE FROM session_ids WHERE hash = $1")
                        .bind(id.as_slice())
                        .execute(&mut *write)
                        .await?;
                    write.commit().await
                })
                .await?;
                Ok(None)
            }
        }
    }

    async fn find_session(&self, key: &str) -> Result<Option<SessionRecord>, StoreError> {
        let query = sqlx::query("SELECT * FROM sessions WHERE key = $1").bind(name(key));
        let Some(row) = within_limit(query.fetch_optional(&self.pool)).await? else {
            return Ok(None);
        };
        match session(&row) {
            Ok(record) => Ok(Some(record)),
            Err(error) => {
                tracing::warn!(error = %error, "dropped a session record that cannot be read");
                self.delete_session(key).await?;
                Ok(None)
            }
        }
    }

    async fn mark_presented(&self, id: &Hash, now: UnixSeconds) -> Result<bool, StoreError> {
        let marked = within_limit(
            sqlx::query(
                "UPDATE session_ids SET present_by = NULL WHERE hash = $1 AND present_by > $2",
            )
            .bind(id.as_slice())
            .bind(now)
            .execute(&self.pool),
        )
        .await?;
        Ok(marked.rows_affected() == 1)
    }

    async fn delete_stale_id(&self, id: &Hash, now: UnixSeconds) -> Result<(), StoreError> {
        within_limit(async {
            let mut write = self.begin().await?;
            let key: Option<String> = sqlx::query_scalar(
                "SELECT key FROM sessions WHERE key =
                     (SELECT session_key FROM session_ids WHERE hash = $1 AND present_by <= $2)
                 FOR UPDATE",
            )
            .bind(id.as_slice())
            .bind(now)
            .fetch_optional(&mut *write)
            .await?;
            sqlx::query("DELETE FROM session_ids WHERE hash = $1 AND present_by <= $2")
                .bind(id.as_slice())
                .bind(now)
                .execute(&mut *write)
                .await?;
            sqlx::query(
                "DELETE FROM sessions WHERE key = $1
                 AND NOT EXISTS (SELECT 1 FROM session_ids WHERE session_key = $1)",
            )
            .bind(key)
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    async fn touch_session(
        &self,
        key: &str,
        last_used: UnixSeconds,
        idle_end: UnixSeconds,
        noted_until: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let touched = within_limit(
            sqlx::query(
                "UPDATE sessions SET last_used = $2, idle_end = $3
                 WHERE key = $1 AND last_used <= $4",
            )
            .bind(name(key))
            .bind(last_used)
            .bind(idle_end)
            .bind(noted_until)
            .execute(&self.pool),
        )
        .await?;
        Ok(touched.rows_affected() == 1)
    }

    async fn write_profile(
        &self,
        key: &str,
        profile: &str,
        reseal: Option<Reseal<'_>>,
    ) -> Result<(), StoreError> {
        within_limit(
            sqlx::query(
                "UPDATE sessions SET profile = $2, sealed = CASE WHEN sealed = $3 THEN $4 ELSE sealed END
                 WHERE key = $1",
            )
            .bind(name(key))
            .bind(profile)
            .bind(reseal.map(|reseal| reseal.from))
            .bind(reseal.map(|reseal| reseal.to))
            .execute(&self.pool),
        )
        .await
        .map(drop)
    }

    async fn end_sessions(
        &self,
        which: SessionsOf<'_>,
        reason: Ended,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        within_limit(async {
            let mut write = self.begin().await?;
            let ended = end_in(&mut write, which, reason, now).await?;
            write.commit().await?;
            Ok(ended)
        })
        .await
    }

    async fn list_sessions(
        &self,
        owner: &Hash,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let rows = within_limit(
            sqlx::query(
                "SELECT * FROM sessions WHERE owner = $1 AND idle_end > $3 AND absolute_end > $3
                 ORDER BY last_used DESC, created DESC LIMIT $2",
            )
            .bind(owner.as_slice())
            .bind(i64::from(limit))
            .bind(now)
            .fetch_all(&self.pool),
        )
        .await?;
        Ok(readable(&rows))
    }

    async fn renew_session(&self, renewed: &Renewed<'_>) -> Result<bool, StoreError> {
        let written = within_limit(
            sqlx::query(
                "UPDATE sessions SET access = $3, sealed = $4, version = version + 1
                 WHERE key = $1 AND version = $2",
            )
            .bind(name(renewed.key))
            .bind(renewed.version)
            .bind(renewed.access)
            .bind(renewed.sealed)
            .execute(&self.pool),
        )
        .await?;
        Ok(written.rows_affected() == 1)
    }

    async fn hold_lease(
        &self,
        key: &str,
        holder: &str,
        until: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let held = within_limit(
            sqlx::query(
                "UPDATE sessions SET lease_holder = $2, lease_until = $3
                 WHERE key = $1
                 AND (lease_holder IS NULL OR lease_holder = $2 OR lease_until <= $4)",
            )
            .bind(name(key))
            .bind(name(holder))
            .bind(until)
            .bind(now)
            .execute(&self.pool),
        )
        .await?;
        Ok(held.rows_affected() == 1)
    }

    async fn drop_lease(&self, key: &str, holder: &str) -> Result<(), StoreError> {
        within_limit(
            sqlx::query(
                "UPDATE sessions SET lease_holder = NULL, lease_until = NULL
                 WHERE key = $1 AND lease_holder = $2",
            )
            .bind(name(key))
            .bind(name(holder))
            .execute(&self.pool),
        )
        .await
        .map(drop)
    }

    async fn delete_session(&self, key: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE key = $1").bind(name(key));
        within_limit(delete.execute(&self.pool)).await.map(drop)
    }
}

async fn end_in(
    write: &mut Transaction<'static, Postgres>,
    which: SessionsOf<'_>,
    reason: Ended,
    now: UnixSeconds,
) -> Result<Vec<SessionRecord>, sqlx::Error> {
    // In the order of their keys, so that two who end the same sessions do not wait for each other.
    let rows = match which {
        SessionsOf::Id(hash) => sqlx::query(
            "SELECT * FROM sessions WHERE key = (SELECT session_key FROM session_ids WHERE hash = $1)
             FOR UPDATE",
        )
        .bind(hash.as_slice()),
        SessionsOf::Key(key) => {
            sqlx::query("SELECT * FROM sessions WHERE key = $1 FOR UPDATE").bind(name(key))
        }
        SessionsOf::OwnersKey(owner, key) => {
            sqlx::query("SELECT * FROM sessions WHERE owner = $1 AND key = $2 FOR UPDATE")
                .bind(owner.as_slice())
                .bind(name(key))
        }
        SessionsOf::Owner(owner) => {
            sqlx::query("SELECT * FROM sessions WHERE owner = $1 ORDER BY key FOR UPDATE")
                .bind(owner.as_slice())
        }
        SessionsOf::OwnersOthers(owner, key) => sqlx::query(
            "SELECT * FROM sessions WHERE owner = $1 AND key <> $2 ORDER BY key FOR UPDATE",
        )
        .bind(owner.as_slice())
        .bind(name(key)),
        SessionsOf::Cohort(cohort) => {
            sqlx::query("SELECT * FROM sessions WHERE cohort = $1 ORDER BY key FOR UPDATE")
                .bind(cohort.as_slice())
        }
    };
    let rows = rows.fetch_all(&mut **write).await?;
    let keys: Result<Vec<&str>, _> = rows.iter().map(|row| row.try_get("key")).collect();
    let keys = keys?;
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query(
        "UPDATE session_ids SET session_key = NULL, present_by = NULL, ended = $2, drop_at = $3
         WHERE session_key = ANY($1)",
    )
    .bind(&keys)
    .bind(reason.as_str())
    .bind(now.saturating_add(seconds(ENDED_ID_LIFETIME)))
    .execute(&mut **write)
    .await?;
    sqlx::query("DELETE FROM sessions WHERE key = ANY($1)")
        .bind(&keys)
        .execute(&mut **write)
        .await?;
    Ok(readable(&rows))
}

/// The records of these rows, without those that cannot be read.
fn readable(rows: &[PgRow]) -> Vec<SessionRecord> {
    let records = rows.iter().map(session);
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

fn id_record(row: &PgRow) -> Result<IdRecord, sqlx::Error> {
    if let Some(reason) = row.try_get::<Option<&str>, _>("ended")? {
        let reason = Ended::parse(reason);
        return reason
            .map(IdRecord::Ended)
            .ok_or_else(|| sqlx::Error::Decode("an unknown reason".into()));
    }
    let session = Box::new(session(row)?);
    Ok(IdRecord::Live {
        present_by: row.try_get("present_by")?,
        session,
    })
}

fn session(row: &PgRow) -> Result<SessionRecord, sqlx::Error> {
    Ok(SessionRecord {
        key: row.try_get("key")?,
        owner: hash(row, "owner")?,
        cohort: optional_hash(row, "cohort")?,
        body: row.try_get("body")?,
        profile: row.try_get("profile")?,
        access: row.try_get("access")?,
        sealed: row.try_get("sealed")?,
        version: row.try_get("version")?,
        created: row.try_get("created")?,
        last_used: row.try_get("last_used")?,
        idle_end: row.try_get("idle_end")?,
        absolute_end: row.try_get("absolute_end")?,
    })
}
