//! PostgreSQL: a store that several processes share.
//!
//! Steps are single conditional statements, or short transactions at READ COMMITTED. Nobody waits in a
//! circle, because locks are taken in one order: the session's row, then its ids, and of several
//! sessions by their keys. What clears up skips the rows that somebody else holds.

mod attempts;
mod inspection;
mod notes;
mod sessions;
mod sweep;

use std::{borrow::Cow, future::Future, str::FromStr as _, time::Duration};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Row as _,
    SqlSafeStr as _, Transaction,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
};

pub(super) use self::inspection::inspect;
use super::{Hash, Inspection, OPERATION_LIMIT, Store, StoreError, external};
use crate::clock::UnixSeconds;

/// How long a call waits for a connection. With [`STATEMENT`] it stays under [`OPERATION_LIMIT`].
const ACQUIRE: Duration = Duration::from_millis(2500);

/// How long the server works on one statement, in milliseconds.
const STATEMENT: &str = "5000";

/// After how long the server gives up a transaction that nobody goes on with, in milliseconds.
const IDLE_IN_TRANSACTION: &str = "8000";

/// Connections of one process. A server has 100 unless it is told otherwise.
const CONNECTIONS: u32 = 10;

/// How long bringing the schema up to date may take, the wait for another process that does included.
const MIGRATION_LIMIT: Duration = Duration::from_mins(1);

/// The number of the schema, its name, its text; only ever added to.
const MIGRATIONS: [(i64, &str, &str); 1] = [(
    1,
    "first",
    include_str!("../../../migrations/postgres/0001_first.sql"),
)];

/// Keeps everything in one PostgreSQL database.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
}

impl std::fmt::Debug for PostgresStore {
    /// Without the pool, whose options hold the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresStore")
    }
}

impl PostgresStore {
    /// Connects, and brings the schema up to date; of several processes that start at once, one does.
    ///
    /// # Errors
    /// [`StoreError`] when the address cannot be read, the server cannot be reached, or the schema is
    /// of a newer version or cannot be brought up to date.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let options = options(address)?;
        let migrated = tokio::time::timeout(MIGRATION_LIMIT, migrate(&options)).await;
        migrated.map_err(|_elapsed| StoreError::Timeout)??;
        let limited = options.options([
            ("statement_timeout", STATEMENT),
            ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .connect_lazy_with(limited);
        Ok(Self { pool })
    }

    async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin().await
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn ping(&self) -> Result<(), StoreError> {
        let is_read_only: bool = within_limit(
            sqlx::query_scalar("SELECT current_setting('transaction_read_only')::boolean")
                .fetch_one(&self.pool),
        )
        .await?;
        writable(is_read_only)
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        let attempts = self.sweep_attempts(now).await?;
        let notes = self.sweep_notes(now).await?;
        Ok(attempts + notes + self.sweep_sessions(now).await?)
    }
}

fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    // The driver's message may quote what it could not read.
    let options = PgConnectOptions::from_str(address).map_err(|_| StoreError::Address)?;
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("wrengate"),
    };
    Ok(options.disable_statement_logging())
}

/// A connection of its own, because the wait for another process may be longer than any statement of
/// the pool's connections.
async fn migrate(options: &PgConnectOptions) -> Result<(), StoreError> {
    let connecting = tokio::time::timeout(OPERATION_LIMIT, options.connect()).await;
    let mut connection: PgConnection = connecting
        .map_err(|_elapsed| StoreError::Timeout)?
        .map_err(failed)?;
    migrations()
        .run(&mut connection)
        .await
        .map_err(|error| external(&error))?;
    connection.close().await.map_err(failed)
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

fn writable(is_read_only: bool) -> Result<(), StoreError> {
    if is_read_only {
        return Err(StoreError::Failed("the database is read-only".into()));
    }
    Ok(())
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
        error => external(&error),
    }
}

/// A name that may come out of a request. PostgreSQL refuses a text with a zero byte, and no name that
/// was ever written has one, so it becomes a character that none has either.
fn name(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        return Cow::Owned(text.replace('\0', "\u{fffd}"));
    }
    Cow::Borrowed(text)
}

fn hash(row: &PgRow, column: &str) -> Result<Hash, sqlx::Error> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| sqlx::Error::Decode("a hash that has not 32 bytes".into()))
}

fn optional_hash(row: &PgRow, column: &str) -> Result<Option<Hash>, sqlx::Error> {
    match row.try_get::<Option<&[u8]>, _>(column)? {
        Some(_) => hash(row, column).map(Some),
        None => Ok(None),
    }
}
