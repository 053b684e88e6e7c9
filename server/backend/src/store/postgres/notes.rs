//! Notes and preferences in PostgreSQL.

use async_trait::async_trait;

use super::{PostgresStore, within_limit};
use crate::{
    clock::UnixSeconds,
    store::{Hash, NoteStore, PreferenceStore, StoreError},
};

#[async_trait]
impl NoteStore for PostgresStore {
    async fn leave_note(
        &self,
        name: &Hash,
        text: &str,
        drop_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let left = within_limit(
            sqlx::query(
                "INSERT INTO notes (name, text, drop_at) VALUES ($1, $2, $3)
                 ON CONFLICT (name) DO UPDATE SET text = $2, drop_at = $3 WHERE notes.drop_at <= $4",
            )
            .bind(name.as_slice())
            .bind(text)
            .bind(drop_at)
            .bind(now)
            .execute(&self.pool),
        )
        .await?;
        Ok(left.rows_affected() == 1)
    }

    async fn take_note(&self, name: &Hash, now: UnixSeconds) -> Result<Option<String>, StoreError> {
        within_limit(
            sqlx::query_scalar("DELETE FROM notes WHERE name = $1 AND drop_at > $2 RETURNING text")
                .bind(name.as_slice())
                .bind(now)
                .fetch_optional(&self.pool),
        )
        .await
    }
}

#[async_trait]
impl PreferenceStore for PostgresStore {
    async fn find_preferences(&self, owner: &Hash) -> Result<Option<String>, StoreError> {
        within_limit(
            sqlx::query_scalar("SELECT text FROM preferences WHERE owner = $1")
                .bind(owner.as_slice())
                .fetch_optional(&self.pool),
        )
        .await
    }

    async fn write_preferences(
        &self,
        owner: &Hash,
        text: &str,
        now: UnixSeconds,
    ) -> Result<(), StoreError> {
        within_limit(
            sqlx::query(
                "INSERT INTO preferences (owner, text, written) VALUES ($1, $2, $3)
                 ON CONFLICT (owner) DO UPDATE SET text = $2, written = $3",
            )
            .bind(owner.as_slice())
            .bind(text)
            .bind(now)
            .execute(&self.pool),
        )
        .await
        .map(drop)
    }
}
