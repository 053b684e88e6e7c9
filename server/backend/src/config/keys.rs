//! The keys that seal stored tokens: how they are written, and the file that holds them.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use thiserror::Error;
use wrengate_protocol::{Secret, encoding::base64url};

use super::store::KeySource;
use crate::random::{Random, RandomError, bytes32};

/// The shortest key, in bytes: 256 bits.
pub(super) const SHORTEST_KEY: usize = 32;

/// The most that is read of a key file, in bytes; room for more keys than anybody rotates.
const LONGEST_KEY_FILE: u64 = 64 * 1024;

/// Why a text is no key. The text follows "key N".
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Nothing between two commas.
    #[error("is empty")]
    Empty,
    /// Not base64, standard or URL-safe.
    #[error("is not base64")]
    NotBase64,
    /// Fewer than 32 bytes.
    #[error("is too short")]
    TooShort,
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file could not be made.
    #[error("the key file {} cannot be made: {source}", path.display())]
    Make {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file could not be read.
    #[error("the key file {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Other users may read or write the file.
    #[error("the key file {0} is open to other users (mode {mode:04o}): run chmod 600 {0}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A line of the file is no key.
    #[error("key {number} in the key file {} {source}; needed is base64 of at least 32 bytes, a line each", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Which of its keys, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The file holds no key.
    #[error("the key file {} holds no key: restore it, or delete it to have a new one made", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// No random bytes for a new key.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Gives the keys, newest first, at least one, each at least 32 bytes.
///
/// A missing key file is made, with one random key and mode 0600, and its folder with it. Two
/// processes that start at once end with the same key. The file holds one base64 key on each line;
/// empty lines and lines that begin with `#` are passed over.
///
/// # Errors
/// [`KeyFileError`] when the file cannot be made or read, is open to other users, or holds something
/// else than keys; never with a key in it.
///
/// # Security
/// Who has a key and the store can read the provider's tokens, so a file that others can read is
/// refused, not mended: it may have been read already.
pub fn load_keys(
    source: &KeySource,
    random: &dyn Random,
) -> Result<Vec<Secret<Vec<u8>>>, KeyFileError> {
    match source {
        KeySource::Given(keys) => Ok(keys.clone()),
        KeySource::Fresh => Ok(vec![Secret::new(bytes32(random)?.to_vec())]),
        KeySource::File(path) => {
            let readable = match read(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    make(path, random)?;
                    read(path)
                }
                readable => readable,
            };
            let (text, mode) = readable.map_err(|source| KeyFileError::Read {
                path: path.clone(),
                source,
            })?;
            if mode & 0o077 != 0 {
                return Err(KeyFileError::Open {
                    path: path.clone(),
                    mode,
                });
            }
            parse_file(path, &text)
        }
    }
}

/// Reads a key: base64, standard or URL-safe, padded or not.
pub(super) fn parse_key(text: &str) -> Result<Secret<Vec<u8>>, KeyError> {
    const EITHER_PADDING: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let text = text.trim();
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    let standard = Secret::new(text.replace('-', "+").replace('_', "/"));
    let key = EITHER_PADDING
        .decode(standard.expose())
        .map_err(|_| KeyError::NotBase64)?;
    if key.len() < SHORTEST_KEY {
        return Err(KeyError::TooShort);
    }
    Ok(Secret::new(key))
}

fn parse_file(path: &Path, text: &Secret<String>) -> Result<Vec<Secret<Vec<u8>>>, KeyFileError> {
    let lines = text.expose().lines().map(str::trim);
    let keys: Vec<_> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .enumerate()
        .map(|(index, line)| {
            parse_key(line).map_err(|source| KeyFileError::Key {
                path: path.to_owned(),
                number: index + 1,
                source,
            })
        })
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(KeyFileError::NoKey {
            path: path.to_owned(),
        });
    }
    Ok(keys)
}

/// The text and the permission bits of one and the same opened file.
fn read(path: &Path) -> io::Result<(Secret<String>, u32)> {
    let file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o7777;
    let mut text = String::new();
    let read = file.take(LONGEST_KEY_FILE).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map(|_| (text, mode))
}

/// Makes the file, unless another start was faster.
///
/// The key is written and synced under a name of its own and then linked to the real one, which
/// fails when that exists: whoever finds the file finds it whole, and the first one wins.
fn make(path: &Path, random: &dyn Random) -> Result<(), KeyFileError> {
    let key = Secret::new(bytes32(random)?);
    let mut name = [0; 8];
    random.fill(&mut name)?;
    let draft = path.with_added_extension(format!("{}.new", base64url(&name)));
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let made = DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&draft)?;
            let line = Secret::new(format!("{}\n", base64url(key.expose())));
            let linked = file
                .write_all(line.expose().as_bytes())
                .and_then(|()| file.sync_all())
                .and_then(|()| fs::hard_link(&draft, path));
            fs::remove_file(&draft)?;
            match linked {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
                // Without this a power cut could keep the store's first sessions and lose the key.
                Ok(()) => File::open(folder)?.sync_all(),
            }
        });
    made.map_err(|source| KeyFileError::Make {
        path: path.to_owned(),
        source,
    })
}
