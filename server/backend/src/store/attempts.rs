//! What a store does for attempts.

use std::fmt;

use async_trait::async_trait;

use super::{Hash, StoreError};
use crate::clock::UnixSeconds;

/// How far an attempt is. Each step is taken once and never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waiting for its answer.
    Pending,
    /// Taken by one caller, who is working on it.
    Working,
    /// Over. A tombstone.
    Closed,
}

impl Stage {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Working => "working",
            Self::Closed => "closed",
        }
    }

    /// The stage of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pending, Self::Working, Self::Closed]
            .into_iter()
            .find(|stage| stage.as_str() == name)
    }
}

/// An attempt as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Random and public; conditional writes go by it.
    pub id: String,
    /// By which the record is found; unique.
    pub lookup: Hash,
    /// Which browser it belongs to.
    pub owner: Hash,
    /// How far it is.
    pub stage: Stage,
    /// When it began.
    pub created: UnixSeconds,
    /// Until when it can be taken.
    pub expires: UnixSeconds,
    /// From when on the record counts as absent and may be swept.
    pub drop_at: UnixSeconds,
    /// Opaque text that stays as long as the record.
    pub lasting: String,
    /// Opaque text that is wiped when the attempt is closed.
    pub passing: Option<String>,
    /// Opaque text about who took it.
    pub claim: Option<String>,
    /// Opaque text about how it ended.
    pub outcome: Option<String>,
}

impl fmt::Debug for AttemptRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptRecord")
            .field("id", &self.id)
            .field("stage", &self.stage)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// How many live attempts may be kept. Live: not closed and not expired.
#[derive(Clone, Copy, Debug)]
pub struct AttemptCaps {
    /// For one owner.
    pub per_owner: u32,
    /// For all owners together. A store may let one in a thousand more pass, to count less often.
    pub overall: u32,
}

/// Keeps attempts.
#[async_trait]
pub trait AttemptStore {
    /// Adds an attempt; false when its `lookup` is in use, by a tombstone too.
    ///
    /// In the same step the oldest live attempts above a cap are deleted: of the owner (pending ones
    /// before working ones), then of everybody.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn insert_attempt(
        &self,
        record: &AttemptRecord,
        caps: AttemptCaps,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Finds an attempt of any stage, expired ones included, until its `drop_at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn find_attempt(
        &self,
        lookup: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<AttemptRecord>, StoreError>;

    /// Whether a live attempt of this owner exists besides the one with the id `except`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn has_live_attempt(
        &self,
        owner: &Hash,
        except: Option<&str>,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Counts a wrong proof on a pending attempt; at `limit` it is closed with this outcome and
    /// kept until `drop_at`. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn count_miss(
        &self,
        id: &str,
        limit: u32,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<(), StoreError>;

    /// Takes a pending attempt that has not expired: true for exactly one caller. One conditional
    /// write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; after [`StoreError::Timeout`] the attempt may be taken.
    async fn take_attempt(
        &self,
        id: &str,
        claim: &str,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Closes an attempt that is not closed yet, wipes its `passing` text and keeps the rest until
    /// `drop_at`; false when there was nothing to close. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn close_attempt(
        &self,
        id: &str,
        outcome: &str,
        drop_at: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Deletes an attempt, leaving no tombstone.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn delete_attempt(&self, id: &str) -> Result<(), StoreError>;
}
