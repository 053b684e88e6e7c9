//! A store with so many sessions, written past the store, which would take one transaction each.

use std::{fmt::Write as _, path::Path, sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use wrengate_backend::{
    clock::SystemClock,
    random::SystemRandom,
    session::{KeyRing, Lifetimes, NewSession, Sessions, Tokens},
    store::{self, SessionRecord},
};
use wrengate_protocol::{
    Secret,
    encoding::{base64url, sha256},
    profile::{Access, Profile},
};

use super::Outcome;

/// Rows in one statement.
const BATCH: u32 = 500;

/// Where to fill.
#[derive(Debug)]
pub(super) enum Filling {
    Sqlite(String),
    Postgres(String),
}

/// The id of a session, as its cookie holds it.
pub(super) fn session_id(number: u32) -> String {
    base64url(&sha256(&format!("bench {number}")))
}

impl Filling {
    pub(super) fn sqlite(folder: &Path) -> Self {
        Self::Sqlite(folder.display().to_string())
    }

    pub(super) fn postgres(address: &str) -> Self {
        Self::Postgres(address.to_owned())
    }

    /// Makes a store with so many sessions and gives its address.
    pub(super) async fn with(&self, sessions: u32) -> Outcome<String> {
        let address = match self {
            Self::Sqlite(folder) => format!("sqlite:{folder}/{sessions}.db"),
            Self::Postgres(server) => postgres_database(server, sessions).await?,
        };
        drop(store::open(&address).await?);
        let record = template().await?;
        match self {
            Self::Sqlite(_) => {
                let mut connection = SqliteConnection::connect(&address).await?;
                connection.execute("BEGIN").await?;
                for sql in statements(&record, sessions, "x'", "'") {
                    connection.execute(AssertSqlSafe(sql)).await?;
                }
                connection.execute("COMMIT").await?;
                connection.execute("ANALYZE").await?;
                connection.close().await?;
            }
            Self::Postgres(_) => {
                let mut connection = PgConnection::connect(&address).await?;
                connection.execute("BEGIN").await?;
                for sql in statements(&record, sessions, "'\\x", "'::bytea") {
                    connection.execute(AssertSqlSafe(sql)).await?;
                }
                connection.execute("COMMIT").await?;
                connection.execute("VACUUM ANALYZE").await?;
                connection.close().await?;
            }
        }
        Ok(address)
    }
}

/// A database of its own on this server.
async fn postgres_database(server: &str, sessions: u32) -> Outcome<String> {
    let mut connection = PgConnection::connect(server).await?;
    let name = format!("bench_{sessions}");
    for sql in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        connection.execute(AssertSqlSafe(sql)).await?;
    }
    connection.close().await?;
    let mut address = url::Url::parse(server)?;
    address.set_path(&name);
    Ok(address.into())
}

/// A session as the server writes it, with tokens of an ordinary size.
async fn template() -> Outcome<SessionRecord> {
    let store = store::open("sqlite::memory:").await?;
    let keys = KeyRing::new(vec![Secret::new(vec![7; 32])])?;
    let sessions = Sessions::new(
        Arc::clone(&store),
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
        keys,
        Lifetimes {
            idle: Duration::from_hours(24),
            absolute: Duration::from_hours(24),
        },
    );
    let token = || Secret::new("t".repeat(900));
    let new = NewSession {
        issuer: "https://provider.example".to_owned(),
        subject: "ada".to_owned(),
        profile: Profile {
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@example.org".to_owned()),
            ..Profile::default()
        },
        access: Access {
            granted: vec![
                "openid".to_owned(),
                "profile".to_owned(),
                "email".to_owned(),
            ],
            refused: Vec::new(),
            expires_at: None,
            profile_refused: false,
        },
        tokens: Tokens {
            access_token: token(),
            refresh_token: Some(token()),
            id_token: Some(token()),
        },
        attempt_id: "attempt".to_owned(),
        sid: None,
        user_agent: None,
    };
    let (_, session) = sessions.open(new, None).await?;
    let record = store.find_session(&session.key).await?;
    record.ok_or_else(|| "no session".into())
}

/// Statements that write so many sessions with one id each, which was presented long ago.
fn statements<'a>(
    record: &'a SessionRecord,
    sessions: u32,
    open: &'a str,
    close: &'a str,
) -> impl Iterator<Item = String> + 'a {
    (0..sessions).step_by(usize::try_from(BATCH).unwrap_or(1)).flat_map(move |first| {
        let numbers = || first..(first + BATCH).min(sessions);
        let SessionRecord {
            body,
            profile,
            access,
            sealed,
            created,
            idle_end,
            absolute_end,
            ..
        } = record;
        let mut rows = String::from(
            "INSERT INTO sessions (key, owner, body, profile, access, sealed, version, created, last_used, \
             idle_end, absolute_end) VALUES ",
        );
        let mut ids = String::from("INSERT INTO session_ids (hash, session_key) VALUES ");
        for (place, number) in numbers().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let (owner, id) = (hex(&sha256(&format!("owner {number}"))), hex(&sha256(&session_id(number))));
            // Writing to a String cannot fail.
            let _ = write!(
                rows,
                "{comma}('session-{number}',{open}{owner}{close},'{body}','{profile}','{access}',\
                 '{sealed}',0,{created},{created},{idle_end},{absolute_end})"
            );
            let _ = write!(ids, "{comma}({open}{id}{close},'session-{number}')");
        }
        [rows, ids]
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
