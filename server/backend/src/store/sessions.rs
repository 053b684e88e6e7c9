//! What a store does for sessions.

use std::fmt;

use async_trait::async_trait;

use super::{Hash, StoreError};
use crate::clock::UnixSeconds;

/// Why a session is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Not used for too long.
    Idle,
    /// Reached its absolute end.
    Absolute,
    /// Signed out in this browser.
    SignedOut,
    /// This browser signed in anew.
    Replaced,
    /// Ended from elsewhere.
    Revoked,
}

impl Ended {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Absolute => "absolute",
            Self::SignedOut => "signed-out",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Idle,
            Self::Absolute,
            Self::SignedOut,
            Self::Replaced,
            Self::Revoked,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == name)
    }
}

/// A session as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Random; names the record and is no session id.
    pub key: String,
    /// Whose session it is, for ending all of one account.
    pub owner: Hash,
    /// Opaque text that never changes.
    pub body: String,
    /// Opaque text that may change.
    pub profile: String,
    /// Opaque text: what was sealed before it came here.
    pub sealed: String,
    /// When it began.
    pub created: UnixSeconds,
    /// When it was last used, to within the interval at which that is written.
    pub last_used: UnixSeconds,
    /// When it ends unless it is used.
    pub idle_end: UnixSeconds,
    /// When it ends in any case.
    pub absolute_end: UnixSeconds,
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRecord")
            .field("key", &self.key)
            .field("idle_end", &self.idle_end)
            .field("absolute_end", &self.absolute_end)
            .finish_non_exhaustive()
    }
}

/// What is known of a session id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdRecord {
    /// It leads to a session. The session's own limits are judged by the caller.
    Live {
        /// Until when it must be presented for the first time; `None` once it was.
        present_by: Option<UnixSeconds>,
        /// The session.
        session: Box<SessionRecord>,
    },
    /// It led to one.
    Ended(Ended),
}

/// Which sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum SessionsOf<'a> {
    /// The one that an id leads to.
    Id(&'a Hash),
    /// The one with this key.
    Key(&'a str),
    /// All of one owner.
    Owner(&'a Hash),
}

/// Sealed text that takes the place of other sealed text, if that is still there.
#[derive(Clone, Copy)]
pub struct Reseal<'a> {
    /// What was read.
    pub from: &'a str,
    /// What to write.
    pub to: &'a str,
}

impl fmt::Debug for Reseal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reseal")
    }
}

/// Keeps sessions and their ids.
#[async_trait]
pub trait SessionStore {
    /// Adds a session with its first id and, in the same transaction, ends the session that the id
    /// `replaces` leads to, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; then neither has happened.
    async fn insert_session(
        &self,
        record: &SessionRecord,
        id: &Hash,
        present_by: UnixSeconds,
        replaces: Option<&Hash>,
    ) -> Result<(), StoreError>;

    /// Adds a further id to a session that is within its limits; false when there is none.
    /// One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn insert_session_id(
        &self,
        key: &str,
        id: &Hash,
        present_by: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// What is known of an id. A reason counts as absent after its time.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn find_session_id(
        &self,
        id: &Hash,
        now: UnixSeconds,
    ) -> Result<Option<IdRecord>, StoreError>;

    /// The session with this key, whatever its limits say.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn find_session(&self, key: &str) -> Result<Option<SessionRecord>, StoreError>;

    /// Notes that an id was presented, if that is not too late; false when nothing was to be noted.
    /// One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn mark_presented(&self, id: &Hash, now: UnixSeconds) -> Result<bool, StoreError>;

    /// Deletes an id that was not presented in time, and its session if that has no other id.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn delete_stale_id(&self, id: &Hash, now: UnixSeconds) -> Result<(), StoreError>;

    /// Notes a use, if the last one noted is not later than `noted_until`. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn touch_session(
        &self,
        key: &str,
        last_used: UnixSeconds,
        idle_end: UnixSeconds,
        noted_until: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Writes the text that may change, and the sealed text if it is still the one that was read.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn write_profile(
        &self,
        key: &str,
        profile: &str,
        reseal: Option<Reseal<'_>>,
    ) -> Result<(), StoreError>;

    /// Deletes sessions; their ids keep the reason for [`ENDED_ID_LIFETIME`](super::ENDED_ID_LIFETIME).
    /// Tells how many sessions there were.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn end_sessions(
        &self,
        which: SessionsOf<'_>,
        reason: Ended,
        now: UnixSeconds,
    ) -> Result<u64, StoreError>;

    /// Deletes a session and its ids, leaving no reason.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn delete_session(&self, key: &str) -> Result<(), StoreError>;
}
