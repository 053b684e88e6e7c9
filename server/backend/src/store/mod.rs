//! Records, keys and expiry, behind one trait that every store fulfils.
//!
//! A store knows no OAuth. Secrets arrive hashed or sealed, everything else as opaque text; what a
//! record means is known by [`crate::attempt`] and [`crate::session`]. Time is an argument.
//!
//! Steps on which security hangs (taking an attempt, closing it, counting a wrong proof) are single
//! conditional writes: the store decides, and only one caller can win, whatever the number of
//! processes that share it.

mod attempts;
mod inspection;
mod notes;
mod postgres;
mod redis;
mod sessions;
mod sqlite;

use std::{error::Error, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use thiserror::Error;

pub use attempts::{AttemptCaps, AttemptRecord, AttemptStore, Stage};
pub use inspection::Inspection;
pub use notes::{NoteStore, PreferenceStore};
pub use postgres::PostgresStore;
pub use redis::RedisStore;
pub use sessions::{Ended, IdRecord, Renewed, Reseal, SessionRecord, SessionStore, SessionsOf};
pub use sqlite::SqliteStore;

use crate::clock::UnixSeconds;

/// What stands for a secret in a store: its SHA-256.
pub type Hash = [u8; 32];

/// How long one operation may take, waiting for a connection included: eight seconds.
///
/// More than a locked SQLite file is waited for (2.5 s for a connection, 5 s for the lock), so that
/// a lock ends in a definite refusal; less than a person waits in front of an empty page.
pub const OPERATION_LIMIT: Duration = Duration::from_secs(8);

/// How long an ended session id keeps its reason: 24 hours, so that somebody who comes back the
/// next morning is told why.
pub const ENDED_ID_LIFETIME: Duration = Duration::from_hours(24);

/// Why a store did not do what it was asked.
///
/// # Security
/// The source is for the log. It names tables and files, never a value that was stored.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No answer within [`OPERATION_LIMIT`]; a write may or may not have happened.
    #[error("the store did not answer within {} seconds", OPERATION_LIMIT.as_secs())]
    Timeout,
    /// The address names no kind of store that is known, or cannot be read.
    #[error(
        "the store address must begin with sqlite:, postgres://, redis:// or rediss://, and be complete"
    )]
    Address,
    /// Unreachable, full, read-only, damaged or of a newer version.
    #[error("the store failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Everything that is kept.
///
/// A record that cannot be read (damaged, or written by another version) is dropped, logged and
/// treated as absent; it is never an error.
#[async_trait]
pub trait Store:
    AttemptStore + SessionStore + NoteStore + PreferenceStore + fmt::Debug + Send + Sync + 'static
{
    /// Whether the store answers and its write lock can be had.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Removes what has outlived its use and tells how many records that were, to within their ids.
    ///
    /// Attempts past their `drop_at`; sessions past a limit (their ids keep the reason); ids that
    /// were never presented in time, with a session that has no other; reasons older than
    /// [`ENDED_ID_LIFETIME`]; notes past their `drop_at`. No answer depends on when this runs, since reading judges for itself;
    /// once a minute is often enough.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError>;
}

/// Opens the store with this address: `sqlite:` and a path, `sqlite::memory:`, `postgres://`,
/// `redis://` or `rediss://`.
///
/// # Errors
/// [`StoreError`] when the address is unknown or the store cannot be opened or brought up to date.
pub async fn open(address: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match Kind::of(address)? {
        Kind::Sqlite => Arc::new(Box::pin(SqliteStore::open(address)).await?),
        Kind::Postgres => Arc::new(Box::pin(PostgresStore::open(address)).await?),
        Kind::Redis => Arc::new(Box::pin(RedisStore::open(address)).await?),
    })
}

/// Looks at the store with this address, and makes and changes nothing.
///
/// # Errors
/// Those of [`open`], as far as they show without a change.
pub async fn inspect(address: &str) -> Result<Inspection, StoreError> {
    match Kind::of(address)? {
        Kind::Sqlite => Box::pin(sqlite::inspect(address)).await,
        Kind::Postgres => Box::pin(postgres::inspect(address)).await,
        Kind::Redis => Box::pin(redis::inspect(address)).await,
    }
}

/// What an address begins with.
enum Kind {
    Sqlite,
    Postgres,
    Redis,
}

impl Kind {
    fn of(address: &str) -> Result<Self, StoreError> {
        match address.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            Some("redis" | "rediss") => Ok(Self::Redis),
            _ => Err(StoreError::Address),
        }
    }
}

/// An error of a server that others run, as far as it may be told: its words and those of its causes.
///
/// # Security
/// The driver's own error also holds what is not in its words, values of a row among it.
fn external(error: &dyn Error) -> StoreError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = cause.source();
    }
    StoreError::Failed(text.into())
}

/// A duration in whole seconds, to be added to a time.
pub(crate) fn seconds(duration: Duration) -> UnixSeconds {
    UnixSeconds::try_from(duration.as_secs()).unwrap_or(UnixSeconds::MAX / 4)
}
