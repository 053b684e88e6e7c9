//! The embedded store: one SQLite file, or memory for tests.
//!
//! One connection writes, a few read: SQLite admits one writer at a time, and a queue inside the
//! process is fairer and quicker than its busy handler. Write-ahead logging lets readers go on.

mod address;
mod attempts;
mod inspection;
mod notes;
mod sessions;
mod sweep;

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, Row as _, SqlSafeStr as _, Sqlite, SqlitePool, Transaction,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use self::address::Place;
pub(super) use self::inspection::inspect;
use super::{Hash, Inspection, OPERATION_LIMIT, Store, StoreError};
use crate::clock::UnixSeconds;

/// How long a call waits for a connection. With [`BUSY`] it stays under [`OPERATION_LIMIT`].
const ACQUIRE: Duration = Duration::from_millis(2500);

/// How long a write waits for another process that has the file locked.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that read. Reads are short and mostly served from memory.
const READERS: u32 = 4;

/// The number of the schema, its name, its text; only ever added to.
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (
        1,
        "attempts and sessions",
        include_str!("../../../migrations/sqlite/0001_attempts_and_sessions.sql"),
    ),
    (
        2,
        "renewal and sign-out",
        include_str!("../../../migrations/sqlite/0002_renewal_and_sign_out.sql"),
    ),
];

/// Keeps everything in one SQLite database.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the database, creating it and its folder where they are missing (for the owner alone:
    /// modes 0600 and 0700), and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the address is not `sqlite:`, or the file cannot be created, opened or
    /// brought up to date (a schema of a newer version included).
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let place = Place::parse(address).ok_or(StoreError::Address)?;
        let (writer, readers) = match &place {
            Place::Memory => {
                let options = SqliteConnectOptions::new().in_memory(true);
                let only = one_connection().connect_with(configured(options)).await;
                let only = only.map_err(failed)?;
                (only.clone(), only)
            }
            Place::File(path) => {
                address::create(path).map_err(|error| StoreError::Failed(Box::new(error)))?;
                let options = configured(SqliteConnectOptions::new().filename(path));
                // A sign-out that was acknowledged must not come back with the power, nor an attempt
                // that was consumed; for a killed process alone, `Normal` would do. The price is one
                // flush per write (0.15 ms on a virtual disk, a few on a slow one), and a whole
                // sign-in has five writes.
                let durable = options
                    .clone()
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let writer = one_connection()
                    .connect_with(durable)
                    .await
                    .map_err(failed)?;
                let readers = SqlitePoolOptions::new()
                    .max_connections(READERS)
                    .acquire_timeout(ACQUIRE)
                    .test_before_acquire(false)
                    .connect_lazy_with(options.read_only(true));
                (writer, readers)
            }
        };
        migrations()
            .run(&writer)
            .await
            .map_err(|error| StoreError::Failed(Box::new(error)))?;
        Ok(Self { writer, readers })
    }

    /// A transaction that holds the write lock from its start, so that what it reads stays true.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        within_limit(async {
            self.write().await?.rollback().await?;
            sqlx::query("SELECT 1")
                .execute(&self.readers)
                .await
                .map(drop)
        })
        .await
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let attempts = self.sweep_attempts(now).await?;
        let notes = self.sweep_notes(now).await?;
        Ok(attempts + notes + self.sweep_sessions(now).await?)
    }
}

/// Runs one operation, for [`OPERATION_LIMIT`] at most.
async fn within_limit<T>(
    operation: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(OPERATION_LIMIT, operation).await {
        Ok(result) => result.map_err(failed),
        Err(_elapsed) => Err(StoreError::Timeout),
    }
}

fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Timeout,
        error => StoreError::Failed(Box::new(error)),
    }
}

fn hash(row: &SqliteRow, column: &str) -> Result<Hash, sqlx::Error> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| sqlx::Error::Decode("a hash that has not 32 bytes".into()))
}

fn optional_hash(row: &SqliteRow, column: &str) -> Result<Option<Hash>, sqlx::Error> {
    match row.try_get::<Option<&[u8]>, _>(column)? {
        Some(_) => hash(row, column).map(Some),
        None => Ok(None),
    }
}

fn configured(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // What is deleted is overwritten with zeros, not left in a free page of the file.
        .pragma("secure_delete", "ON")
        .disable_statement_logging()
}

/// A pool of one connection that is never given up: a database in memory lives as long as it does.
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
}

fn migrations() -> Migrator {
    Migrator::with_migrations(
        MIGRATIONS
            .into_iter()
            .map(|(version, name, sql)| {
                let kind = MigrationType::Simple;
                Migration::new(version, name.into(), kind, sql.into_sql_str(), false)
            })
            .collect(),
    )
}
