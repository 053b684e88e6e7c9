//! What a store does for sessions.

use std::fmt;

use async_trait::async_trait;
use wrengate_protocol::Failure;

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
    /// Ended by the provider.
    ByProvider,
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
            Self::ByProvider => "by-provider",
        }
    }

    /// What a person is told of it.
    #[must_use]
    pub const fn failure(self) -> Failure {
        match self {
            Self::Idle | Self::SignedOut | Self::Replaced => Failure::SessionExpired,
            Self::Absolute => Failure::SessionOver,
            Self::Revoked => Failure::SessionRevoked,
            Self::ByProvider => Failure::AccessEnded,
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
            Self::ByProvider,
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
    /// Whose session it is, for listing and ending all of one account.
    pub owner: Hash,
    /// Which sessions end together from outside, where there is such a thing.
    pub cohort: Option<Hash>,
    /// Opaque text that never changes.
    pub body: String,
    /// Opaque text that may change.
    pub profile: String,
    /// Opaque text that changes together with `sealed`.
    pub access: String,
    /// Opaque text: what was sealed before it came here.
    pub sealed: String,
    /// How often `access` and `sealed` were [renewed](SessionStore::renew_session).
    pub version: i64,
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
    /// The one with this key, if it is this owner's.
    OwnersKey(&'a Hash, &'a str),
    /// All of one owner.
    Owner(&'a Hash),
    /// All of one owner but the one with this key.
    OwnersOthers(&'a Hash, &'a str),
    /// All of one cohort.
    Cohort(&'a Hash),
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

/// What takes the place of `access` and `sealed` in the session with this key.
#[derive(Clone, Copy)]
pub struct Renewed<'a> {
    /// The key of the record.
    pub key: &'a str,
    /// The version that was read.
    pub version: i64,
    /// The new text.
    pub access: &'a str,
    /// The new sealed text.
    pub sealed: &'a str,
}

impl fmt::Debug for Renewed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewed")
            .field("key", &self.key)
            .field("version", &self.version)
            .finish_non_exhaustive()
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
    /// Answers with what they were; no two callers get the same one.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn end_sessions(
        &self,
        which: SessionsOf<'_>,
        reason: Ended,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError>;

    /// The sessions of an owner that are within their limits, the last used first, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn list_sessions(
        &self,
        owner: &Hash,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<Vec<SessionRecord>, StoreError>;

    /// Writes `access` and `sealed` and adds one to the version, if the session is there and its
    /// version is still the one that was read; true when it did. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; after [`StoreError::Timeout`] it may be written.
    async fn renew_session(&self, renewed: &Renewed<'_>) -> Result<bool, StoreError>;

    /// Takes or prolongs the lease on a session until `until`; true when `holder` has it now. Nobody
    /// else has it then, unless their time was over at `now`. One conditional write.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn hold_lease(
        &self,
        key: &str,
        holder: &str,
        until: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, StoreError>;

    /// Gives a lease back, if `holder` has it.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn drop_lease(&self, key: &str, holder: &str) -> Result<(), StoreError>;

    /// Deletes a session and its ids, leaving no reason.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn delete_session(&self, key: &str) -> Result<(), StoreError>;
}
