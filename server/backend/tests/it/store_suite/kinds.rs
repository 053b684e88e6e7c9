//! An empty store of each kind for one test. The tests of the server use this file too.

use std::{env, io, str::FromStr as _, thread};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions};
use tempfile::TempDir;

/// The kinds of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    File,
    Postgres,
    Redis,
}

/// Where an empty store can be opened, by several processes unless it is in memory. It is gone when this
/// is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) address: String,
    keep: Keep,
}

#[derive(Debug)]
enum Keep {
    Nothing,
    Folder {
        _folder: TempDir,
    },
    /// The server, and the name of the database.
    Database(Box<PgConnectOptions>, String),
    Number,
}

impl Kind {
    pub(crate) async fn place(self) -> io::Result<Place> {
        match self {
            Self::Memory => Ok(Place {
                address: "sqlite::memory:".to_owned(),
                keep: Keep::Nothing,
            }),
            Self::File => {
                let folder = tempfile::tempdir()?;
                Ok(Place {
                    address: format!("sqlite:{}", folder.path().join("store.db").display()),
                    keep: Keep::Folder { _folder: folder },
                })
            }
            Self::Postgres => database(&server("WRENGATE_TEST_POSTGRES")?).await,
            Self::Redis => numbered(&server("WRENGATE_TEST_REDIS")?).await,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which servers the tests have is no setting"
)]
fn server(variable: &str) -> io::Result<String> {
    let missing = |_| {
        io::Error::other(format!(
            "{variable} names no server: run the tests with scripts/with-stores.sh cargo nextest run"
        ))
    };
    env::var(variable).map_err(missing)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(error)
}

/// A database of its own on this server.
pub(crate) async fn database(address: &str) -> io::Result<Place> {
    let admin = PgConnectOptions::from_str(address).map_err(failed)?;
    let folder = tempfile::tempdir()?;
    // Unique as long as the folder is there, which is longer than the name is looked for.
    let unique = folder.path().file_name().unwrap_or_default();
    let letters = unique.to_string_lossy();
    let letters: Vec<String> = letters.bytes().map(|byte| format!("{byte:x}")).collect();
    let name = format!("test_{}_{}", std::process::id(), letters.concat());
    let mut connection = admin.connect().await.map_err(failed)?;
    let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create)
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let server = address
        .rsplit_once('/')
        .map_or(address, |(server, _)| server);
    Ok(Place {
        address: format!("{server}/{name}"),
        keep: Keep::Database(Box::new(admin), name),
    })
}

/// A database number of its own on this server.
pub(crate) async fn numbered(address: &str) -> io::Result<Place> {
    let client = redis::Client::open(address).map_err(failed)?;
    let mut connection = client
        .get_multiplexed_async_connection()
        .await
        .map_err(failed)?;
    let mut next = redis::cmd("INCR");
    next.arg("tests");
    let number: u32 = next.query_async(&mut connection).await.map_err(failed)?;
    Ok(Place {
        address: format!("{address}/{number}"),
        keep: Keep::Number,
    })
}

impl Place {
    fn remove(&self) -> io::Result<()> {
        match &self.keep {
            Keep::Nothing | Keep::Folder { .. } => Ok(()),
            Keep::Database(admin, name) => {
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                runtime.block_on(async {
                    let mut connection = admin.connect().await.map_err(failed)?;
                    sqlx::query(AssertSqlSafe(drop))
                        .execute(&mut connection)
                        .await
                        .map_err(failed)?;
                    connection.close().await.map_err(failed)
                })
            }
            Keep::Number => {
                let mut connection = redis::Client::open(self.address.as_str())
                    .map_err(failed)?
                    .get_connection()
                    .map_err(failed)?;
                redis::cmd("FLUSHDB").exec(&mut connection).map_err(failed)
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // In a thread, because a runtime cannot wait inside another. A server that a test has stopped
        // takes its databases along.
        thread::scope(|scope| {
            let _ = scope.spawn(|| self.remove()).join();
        });
    }
}
