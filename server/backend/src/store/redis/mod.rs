//! Redis or Valkey: a store that several processes share.
//!
//! Each step is one call of a Lua script, which the server runs whole before anything else. Every key
//! but the preferences has an expiry, so that what no sweep comes to goes by itself. One database of
//! one server: the scripts find their keys as they go, which a cluster does not allow.

mod attempts;
mod notes;
mod sessions;

use std::{collections::HashMap, fmt, future::Future, time::Duration};

use async_trait::async_trait;
use redis::{
    Client, Cmd, ConnectionInfo, FromRedisValue, IntoConnectionInfo as _, ProtocolVersion,
    RedisError, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use thiserror::Error;

use super::{Hash, Inspection, OPERATION_LIMIT, Store, StoreError, external};
use crate::clock::UnixSeconds;

/// How long the server has for one command. With twice [`CONNECTING`] it stays under
/// [`OPERATION_LIMIT`].
const ANSWER: Duration = Duration::from_secs(4);

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_millis(1500);

/// The shortest and the longest pause before a connection that broke is tried again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(200));

/// How often that is tried before those who wait are refused. The next one who asks starts anew.
const TRIES: usize = 2;

/// Where the number of the schema stands.
const SCHEMA_KEY: &str = "wrengate:schema";

/// The number of the schema that this version works with.
const SCHEMA: i64 = 1;

/// What is written to see whether writing works.
const PING_KEY: &str = "wrengate:ping";

/// How many records one sweeping step looks at, so that nobody waits long for it.
const BATCH: u64 = 500;

const COMMON: &str = include_str!("common.lua");

/// Keeps everything in one Redis database.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    attempts: Script,
    sessions: Script,
    upkeep: Script,
}

impl fmt::Debug for RedisStore {
    /// Without the connection, which knows the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisStore")
    }
}

/// Why a record cannot be read.
#[derive(Debug, Error)]
#[error("{0} is missing or unreadable")]
struct Damaged(&'static str);

/// What a hash of the server holds.
type Fields = HashMap<String, Vec<u8>>;

impl RedisStore {
    /// Connects, and notes the number of the schema where there is none yet. A connection that breaks
    /// later is made anew.
    ///
    /// # Errors
    /// [`StoreError`] when the address cannot be read, the server cannot be reached or takes no writes,
    /// or the schema is of a newer version.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(ANSWER))
            .set_min_delay(PAUSE.0)
            .set_max_delay(PAUSE.1)
            .set_number_of_retries(TRIES);
        let client = client(address)?;
        let connection = within_limit(ConnectionManager::new_with_config(client, config)).await?;
        let script = |text: &str| Script::new(&format!("{COMMON}\n{text}"));
        let store = Self {
            connection,
            attempts: script(include_str!("attempts.lua")),
            sessions: script(include_str!("sessions.lua")),
            upkeep: script(include_str!("upkeep.lua")),
        };
        store.check_schema().await?;
        Ok(store)
    }

    async fn check_schema(&self) -> Result<(), StoreError> {
        let mut set = redis::cmd("SET");
        set.arg(&[SCHEMA_KEY, &SCHEMA.to_string(), "NX"]);
        self.command::<Option<String>>(set).await?;
        let mut get = redis::cmd("GET");
        get.arg(SCHEMA_KEY);
        let schema: String = self.command(get).await?;
        match schema.parse::<i64>() {
            Ok(schema) if schema <= SCHEMA => Ok(()),
            Ok(schema) => {
                let problem =
                    format!("schema {schema} is of a newer version, this one knows {SCHEMA}");
                Err(StoreError::Failed(problem.into()))
            }
            Err(_) => Err(StoreError::Failed(
                format!("{SCHEMA_KEY} holds no number").into(),
            )),
        }
    }

    /// Runs a script.
    async fn run<T: FromRedisValue + Send>(
        &self,
        step: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        within_limit(async move {
            let answer = step.invoke_async(&mut connection).await;
            if was_not_sent(&answer) {
                return step.invoke_async(&mut connection).await;
            }
            answer
        })
        .await
    }

    /// Runs one command.
    async fn command<T: FromRedisValue + Send>(&self, command: Cmd) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        within_limit(async move {
            let answer = command.query_async(&mut connection).await;
            if was_not_sent(&answer) {
                return command.query_async(&mut connection).await;
            }
            answer
        })
        .await
    }
}

/// Nothing was sent, because there is no connection; and that may have been found out earlier, when the
/// server was down that is back now.
fn was_not_sent<T>(answer: &Result<T, RedisError>) -> bool {
    answer
        .as_ref()
        .err()
        .is_some_and(RedisError::is_connection_refusal)
}

#[async_trait]
impl Store for RedisStore {
    async fn ping(&self) -> Result<(), StoreError> {
        let mut ping = redis::cmd("SET");
        ping.arg(&[PING_KEY, "1", "PX", "1000"]);
        self.command(ping).await
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        // A server that lost everything meanwhile lost the number too.
        self.check_schema().await?;
        let mut swept = 0;
        loop {
            let mut step = self.upkeep.prepare_invoke();
            step.arg("sweep").arg(now).arg(BATCH);
            let (looked_at, batch): (u64, u64) = self.run(&step).await?;
            swept += batch;
            if looked_at < BATCH {
                return Ok(swept);
            }
        }
    }
}

/// Looks at the number of the schema.
///
/// # Errors
/// [`StoreError`] when the server cannot be reached, or is a copy that takes no writes.
pub(super) async fn inspect(address: &str) -> Result<Inspection, StoreError> {
    let client = client(address)?;
    let (schema, role) = within_limit(async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        let get = redis::cmd("GET").arg(SCHEMA_KEY).clone();
        let schema: Option<i64> = get.query_async(&mut connection).await?;
        let role: Result<(String,), _> = redis::cmd("ROLE")
            .query_async::<Vec<redis::Value>>(&mut connection)
            .await
            .and_then(|answer| redis::from_redis_value(first(answer)).map_err(Into::into));
        Ok((schema, role))
    })
    .await?;
    match role {
        Ok((role,)) if role != "master" => {
            return Err(StoreError::Failed(
                format!("the server is a {role}, which takes no writes").into(),
            ));
        }
        // A user who may not ask may still be one who may write.
        Err(error) if error.code() != Some("NOPERM") => return Err(failed(error)),
        Ok(_) | Err(_) => {}
    }
    Ok(Inspection::Present {
        schema: schema.unwrap_or_default(),
        ours: SCHEMA,
    })
}

fn first(mut answer: Vec<redis::Value>) -> redis::Value {
    answer.truncate(1);
    redis::Value::Array(answer)
}

fn client(address: &str) -> Result<Client, StoreError> {
    // The driver takes `#insecure` for TLS without checking the certificate.
    if address.contains(['#', '?']) {
        return Err(StoreError::Address);
    }
    let info: ConnectionInfo = address
        .into_connection_info()
        .map_err(|_| StoreError::Address)?;
    // With the third version of the protocol a connection that breaks is noticed at once.
    let settings = info.redis_settings().clone();
    let settings = settings.set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings)).map_err(failed)
}

/// Runs one operation, for [`OPERATION_LIMIT`] at most.
async fn within_limit<T>(
    operation: impl Future<Output = Result<T, RedisError>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(OPERATION_LIMIT, operation).await {
        Ok(result) => result.map_err(failed),
        Err(_elapsed) => Err(StoreError::Timeout),
    }
}

fn failed(error: RedisError) -> StoreError {
    if error.is_timeout() {
        return StoreError::Timeout;
    }
    external(&error)
}

/// A hash as it stands in a key.
fn hex(hash: &Hash) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(2 * hash.len());
    for byte in hash {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(hash)
}

fn optional(fields: &Fields, name: &'static str) -> Result<Option<String>, Damaged> {
    let Some(bytes) = fields.get(name) else {
        return Ok(None);
    };
    let text = str::from_utf8(bytes).map_err(|_| Damaged(name))?;
    Ok(Some(text.to_owned()))
}

fn text(fields: &Fields, name: &'static str) -> Result<String, Damaged> {
    optional(fields, name)?.ok_or(Damaged(name))
}

fn number(fields: &Fields, name: &'static str) -> Result<i64, Damaged> {
    text(fields, name)?.parse().map_err(|_| Damaged(name))
}

fn optional_hash(fields: &Fields, name: &'static str) -> Result<Option<Hash>, Damaged> {
    match optional(fields, name)? {
        Some(text) => unhex(&text).ok_or(Damaged(name)).map(Some),
        None => Ok(None),
    }
}

fn hash(fields: &Fields, name: &'static str) -> Result<Hash, Damaged> {
    optional_hash(fields, name)?.ok_or(Damaged(name))
}
