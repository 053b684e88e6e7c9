//! What a store does for notes and preferences.

use async_trait::async_trait;

use super::{Hash, StoreError};
use crate::clock::UnixSeconds;

/// Keeps texts that can be left once under a name, and taken once.
#[async_trait]
pub trait NoteStore {
    /// Leaves a note until `drop_at`; false when there is one under this name whose time is not over.
    /// One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn leave_note(
        &self,
        name: &Hash,
        text: &str,
        drop_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Takes a note, if its time is not over: exactly one caller gets it. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn take_note(&self, name: &Hash, now: UnixSeconds) -> Result<Option<String>, StoreError>;
}

/// Keeps what owners chose, longer than any session.
#[async_trait]
pub trait PreferenceStore {
    /// What an owner chose.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn find_preferences(&self, owner: &Hash) -> Result<Option<String>, StoreError>;

    /// Writes it; the last writer wins.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn write_preferences(
        &self,
        owner: &Hash,
        text: &str,
        now: UnixSeconds,
    ) -> Result<(), StoreError>;
}
