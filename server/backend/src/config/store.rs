//! Where sessions are kept, and the keys that seal what is in them.

use std::path::{Path, PathBuf};

use wrengate_protocol::Secret;

use super::{given::Given, keys};

pub use super::keys::{KeyError, KeyFileError, load_keys};

/// Where sessions are kept, and the keys that seal what is in them.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `WRENGATE_STORE`: `sqlite:path` or `sqlite::memory:`. Default `sqlite:data/wrengate.db`.
    pub sqlite: SqliteLocation,
    /// `WRENGATE_KEYS`, else a key file beside the store.
    pub keys: KeySource,
}

/// Where the SQLite database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqliteLocation {
    /// In this file, which is made at start when it is missing.
    File(PathBuf),
    /// In memory: sessions end with the process.
    Memory,
}

impl SqliteLocation {
    /// As the store takes it.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite:{}", path.display()),
            Self::Memory => "sqlite::memory:".to_owned(),
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

impl StoreConfig {
    /// Reads the area.
    pub(super) fn read(given: &mut Given) -> Self {
        let allowed = "allowed are sqlite:path and sqlite::memory:";
        let sqlite = given
            .parsed("WRENGATE_STORE", allowed, parse_store)
            .unwrap_or_else(|| SqliteLocation::File(DEFAULT_STORE.into()));
        let keys = match (read_keys(given), &sqlite) {
            (Some(keys), _) => KeySource::Given(keys),
            (None, SqliteLocation::Memory) => KeySource::Fresh,
            (None, SqliteLocation::File(path)) => KeySource::File(key_file(path)),
        };
        Self { sqlite, keys }
    }
}

fn parse_store(text: &str) -> Result<SqliteLocation, &'static str> {
    if ["postgres:", "postgresql:", "redis:", "rediss:"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
    {
        return Err("is not supported yet by this version");
    }
    let path = text.strip_prefix("sqlite:").ok_or("is not a store")?;
    // `sqlite://data/x.db` is relative and `sqlite:///data/x.db` absolute, as elsewhere.
    match path.strip_prefix("//").unwrap_or(path) {
        ":memory:" => Ok(SqliteLocation::Memory),
        "" => Err("names no file"),
        path if path.ends_with('/') => Err("names a folder"),
        path if path.contains('?') => Err("has options, which are not taken"),
        path => Ok(SqliteLocation::File(path.into())),
    }
}

fn key_file(store: &Path) -> PathBuf {
    store.with_file_name(KEY_FILE)
}

/// The keys of the settings. A message says which one is wrong, never what it is.
fn read_keys(given: &mut Given) -> Option<Vec<Secret<Vec<u8>>>> {
    let name = "WRENGATE_KEYS";
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
