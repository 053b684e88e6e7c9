//! What a trace may hold: text that may be shown, or a fingerprint. Nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{secret::Secret, text};

/// The longest text that is shown, in characters.
const LONGEST_SHOWN: usize = 200;

/// The longest text of our own, in characters: settings that are sent are longer than what is quoted.
const LONGEST_OURS: usize = 4096;

/// The longest name of a parameter that is shown, in characters.
const LONGEST_NAME: usize = 64;

/// How much of a secret is as good as all of it, in characters.
const PART: usize = 16;

/// What a fingerprint begins with, in its text.
const PREFIX: &str = "sha256:";

/// How much of the hash is kept, in bytes.
const KEPT: usize = 8;

/// Text that anybody who sees the trace may read: cut, and without control characters.
///
/// # Security
/// There is no way here from a [`Secret`]. Foreign text comes in through
/// [`Lens`](super::lens::Lens) alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown(String);

impl Shown {
    /// A text of our own: a fixed word, a setting that is no secret, a number.
    #[must_use]
    pub fn ours(text: impl fmt::Display) -> Self {
        let text = text.to_string();
        let shown = text::plain(&text, LONGEST_OURS);
        // A request that was cut is not the one that was sent, and has to say so.
        Self(if text.chars().nth(LONGEST_OURS).is_some() {
            shown + "…"
        } else {
            shown
        })
    }

    /// The name of a parameter, a claim or a header, where it looks like one.
    #[must_use]
    pub fn name(text: &str) -> Self {
        let looks_like_one = (1..=LONGEST_NAME).contains(&text.len())
            && !has_token(text)
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte));
        if looks_like_one {
            Self(text.to_owned())
        } else {
            Self::another_name()
        }
    }

    pub(super) fn another_name() -> Self {
        Self("(another name)".to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn cut(text: &str) -> Self {
        Self(text::plain(text, LONGEST_SHOWN))
    }

    pub(super) fn whole(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text has a run of characters as long as tokens are and words are not. Names of parameters
/// can be as long, but are of small letters alone, which no random text of that length is.
pub(super) fn has_token(text: &str) -> bool {
    runs(text).any(|run| run.len() >= 32 && !is_word(run))
}

/// The parts of a text by which a token is known again.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    runs(text)
        .flat_map(|run| (0..run.len()).filter_map(|from| run.get(from..from.checked_add(PART)?)))
        .filter(|part| !is_word(part))
}

/// What of a text is of the characters of tokens.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_~+".contains(c))
}

fn is_word(run: &str) -> bool {
    run.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
}

/// The key of fingerprints: of a process, or of one browser there.
#[derive(Debug)]
pub struct FingerprintKey(Secret<[u8; 32]>);

impl FingerprintKey {
    /// Takes 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The key of one browser.
    #[must_use]
    pub fn of_browser(&self, browser: &[u8; 32]) -> Self {
        let hash = Sha256::new()
            .chain_update(self.0.expose())
            .chain_update(browser)
            .finalize();
        Self(Secret::new(hash.into()))
    }
}

/// What stands for a value that is not shown, such as `sha256:3fa90c14d2e8b761`: equal for equal values.
///
/// # Security
/// The first eight bytes of SHA-256 over a key and the value. The key is of one browser, made of a random
/// one that lives as long as the process and is in no trace. So a value of few possibilities, such as a
/// short password, cannot be found by trying them, not even by whoever is sent a report and has the server
/// make fingerprints of guesses: those are of another browser. The length of the key is fixed and the hash
/// is cut, so nothing can be appended to what was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a secret.
    #[must_use]
    pub fn of(key: &FingerprintKey, secret: &Secret<String>) -> Self {
        Self::of_exposed(key, secret.expose())
    }

    /// The fingerprint of a value that its own type exposes.
    #[must_use]
    pub fn of_exposed(key: &FingerprintKey, value: &str) -> Self {
        let hash = Sha256::new()
            .chain_update(key.0.expose())
            .chain_update(value)
            .finalize();
        let kept = hash.iter().take(KEPT);
        Self(kept.fold(PREFIX.to_owned(), |text, byte| format!("{text}{byte:02x}")))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("no fingerprint")]
pub struct NoFingerprint;

impl TryFrom<String> for Fingerprint {
    type Error = NoFingerprint;

    fn try_from(text: String) -> Result<Self, NoFingerprint> {
        let hash = text.strip_prefix(PREFIX).ok_or(NoFingerprint)?;
        let fits = hash.len() == KEPT * 2 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if fits {
            Ok(Self(text))
        } else {
            Err(NoFingerprint)
        }
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.0
    }
}

/// A value as a trace holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraceValue {
    /// May be read.
    Shown(Shown),
    /// Was removed on the server; two of them can be compared.
    Redacted {
        /// What stands for it.
        fingerprint: Fingerprint,
    },
}

impl TraceValue {
    /// A text of our own.
    #[must_use]
    pub fn ours(text: impl fmt::Display) -> Self {
        Self::Shown(Shown::ours(text))
    }

    /// The text, where it may be read.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        match self {
            Self::Shown(text) => Some(text.as_str()),
            Self::Redacted { .. } => None,
        }
    }
}

impl fmt::Display for TraceValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown(text) => f.write_str(text.as_str()),
            Self::Redacted { fingerprint } => {
                write!(f, "removed on the server, {}", fingerprint.as_str())
            }
        }
    }
}
