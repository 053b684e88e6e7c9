//! Where sessions are kept, and the keys that seal what is in them.

use std::path::{Path, PathBuf};

use url::Url;
use wrengate_protocol::Secret;

use super::{client::read_secret_file, error::quoted, given::Given, keys};

pub use super::keys::{KeyError, KeyFileError, load_keys};

/// Where sessions are kept, and the keys that seal what is in them.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `WRENGATE_STORE` or `WRENGATE_STORE_FILE`. Default `sqlite:data/wrengate.db`.
    pub location: StoreLocation,
    /// `WRENGATE_KEYS`, else a key file beside the store.
    pub keys: KeySource,
}

/// Where the store is.
///
/// # Security
/// The address of a server may hold a password, so `Debug` does not show it.
#[derive(Clone, Debug)]
pub enum StoreLocation {
    /// SQLite in this file, which is made at start when it is missing.
    File(PathBuf),
    /// SQLite in memory: sessions end with the process.
    Memory,
    /// A PostgreSQL server: `postgres://` or `postgresql://`.
    Postgres(Secret<String>),
    /// A Redis or Valkey server: `redis://`, or `rediss://` with TLS.
    Redis(Secret<String>),
}

impl StoreLocation {
    /// As the store takes it.
    #[must_use]
    pub fn address(&self) -> Secret<String> {
        match self {
            Self::File(path) => Secret::new(format!("sqlite:{}", path.display())),
            Self::Memory => Secret::new("sqlite::memory:".to_owned()),
            Self::Postgres(address) | Self::Redis(address) => address.clone(),
        }
    }
}

/// Where the keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// From the settings, newest first, at least one, each at least 32 bytes.
    Given(Vec<Secret<Vec<u8>>>),
    /// From this file, which is made at the first start: `wrengate.key` in the folder of the store.
    File(PathBuf),
    /// Made at each start and kept nowhere: what they seal is in memory too.
    Fresh,
}

/// Where sessions are kept when nothing is set.
const DEFAULT_STORE: &str = "data/wrengate.db";

/// The name of the key file.
const KEY_FILE: &str = "wrengate.key";

const STORE: &str = "WRENGATE_STORE";
const STORE_FILE: &str = "WRENGATE_STORE_FILE";
const KEYS: &str = "WRENGATE_KEYS";

/// The addresses that are taken.
const ALLOWED: &str =
    "allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…";

/// The options of a PostgreSQL address that are taken. The driver passes over others, and writes them
/// to the log.
const POSTGRES_OPTIONS: [&str; 10] = [
    "application_name",
    "dbname",
    "host",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

impl StoreConfig {
    /// Reads the area.
    pub(super) fn read(given: &mut Given) -> Self {
        let location = read_location(given);
        let keys = match (read_keys(given), &location) {
            (Some(keys), _) => KeySource::Given(keys),
            (None, StoreLocation::File(path)) => KeySource::File(key_file(path)),
            (None, StoreLocation::Memory) => KeySource::Fresh,
            (None, StoreLocation::Postgres(_) | StoreLocation::Redis(_)) => {
                if !given.is_set(KEYS) {
                    let allowed = "a store that several servers may share needs the keys they \
                        share; make one with: openssl rand -base64 32";
                    given.require(KEYS, allowed);
                }
                KeySource::Fresh
            }
        };
        Self { location, keys }
    }
}

fn read_location(given: &mut Given) -> StoreLocation {
    let default = StoreLocation::File(DEFAULT_STORE.into());
    if given.has(STORE) && given.has(STORE_FILE) {
        given.refuse(
            STORE,
            format!("contradicts {STORE_FILE}"),
            "give one of the two",
        );
        return default;
    }
    let (name, text) = if given.is_set(STORE_FILE) {
        let when_empty = "leave it out, or name a file with the address alone";
        (STORE_FILE, read_secret_file(given, STORE_FILE, when_empty))
    } else {
        let text = given.text(STORE).map(str::to_owned);
        (STORE, text.map(Secret::new))
    };
    let Some(text) = text else { return default };
    match parse_store(text.expose().trim()) {
        Ok(location) => location,
        Err(problem) => {
            let shown = shown(name, text.expose());
            given.refuse(name, format!("{shown} {problem}"), ALLOWED);
            default
        }
    }
}

/// A wrong address as a message may show it.
///
/// # Security
/// The password of a server's address may stand in many a place (`user:password@`, `?password=`), so
/// nothing of it is shown. What comes out of a file was put there to be kept.
fn shown(name: &str, text: &str) -> String {
    if name == STORE_FILE || text.contains("//") && !text.starts_with("sqlite:") {
        return "the value (not shown: it may hold a password)".to_owned();
    }
    quoted(text)
}

fn parse_store(text: &str) -> Result<StoreLocation, &'static str> {
    let secret = || Secret::new(text.to_owned());
    match text.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => parse_sqlite(text),
        Some("postgres" | "postgresql") => {
            parse_postgres(text).map(|()| StoreLocation::Postgres(secret()))
        }
        Some("redis" | "rediss") => parse_redis(text).map(|()| StoreLocation::Redis(secret())),
        _ => Err("is not a store"),
    }
}

fn parse_sqlite(text: &str) -> Result<StoreLocation, &'static str> {
    let path = text.strip_prefix("sqlite:").ok_or("is not a store")?;
    // `sqlite://data/x.db` is relative and `sqlite:///data/x.db` absolute, as elsewhere.
    match path.strip_prefix("//").unwrap_or(path) {
        ":memory:" => Ok(StoreLocation::Memory),
        "" => Err("names no file"),
        path if path.ends_with('/') => Err("names a folder"),
        path if path.contains('?') => Err("has options, which are not taken"),
        path => Ok(StoreLocation::File(path.into())),
    }
}

fn parse_postgres(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    let option = |wanted: &str| url.query_pairs().any(|(name, _)| name == wanted);
    if url.host_str().unwrap_or_default().is_empty() && !option("host") {
        return Err("names no host");
    }
    if url.path().trim_start_matches('/').is_empty() && !option("dbname") {
        return Err("names no database");
    }
    if url.fragment().is_some() {
        return Err("has a fragment, which is not taken");
    }
    let taken = |name: &str| POSTGRES_OPTIONS.contains(&name);
    if !url.query_pairs().all(|(name, _)| taken(&name)) {
        return Err("has an option that is not taken");
    }
    Ok(())
}

fn parse_redis(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if url.host_str().unwrap_or_default().is_empty() {
        return Err("names no host");
    }
    // The driver takes `#insecure` for TLS without checking the certificate.
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has options, which are not taken");
    }
    let database = url.path().trim_start_matches('/');
    if !database.is_empty() && database.parse::<u32>().is_err() {
        return Err("names a database that is no number");
    }
    Ok(())
}

fn key_file(store: &Path) -> PathBuf {
    store.with_file_name(KEY_FILE)
}

/// The keys of the settings. A message says which one is wrong, never what it is.
fn read_keys(given: &mut Given) -> Option<Vec<Secret<Vec<u8>>>> {
    let name = KEYS;
    let text = given.secret(name, "leave it out for a key file beside the store")?;
    let mut keys = Vec::new();
    for (index, item) in text.expose().split(',').enumerate() {
        match keys::parse_key(item) {
            Ok(key) => keys.push(key),
            Err(error) => given.refuse(
                name,
                format!("key {} {error}", index + 1),
                "allowed are base64 keys of at least 32 bytes, separated by commas",
            ),
        }
    }
    Some(keys)
}
