//! Provider tokens, sealed before they are stored.
//!
//! XChaCha20-Poly1305 with a fresh 24-byte random nonce for each write (draft-irtf-cfrg-xchacha).
//! The associated data name the record, the field and the account, so a sealed text opens nowhere
//! but in its own place.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use wrengate_protocol::{Secret, encoding::base64url};

use crate::random::{Random, RandomError};

/// The least length of a key, in bytes.
pub const SHORTEST_KEY: usize = 32;

/// First of the associated data, so that these keys may serve another purpose one day.
const PURPOSE: &str = "wrengate session token 1";

/// The keys that seal and open. The first seals; all open, so a key can be replaced by putting a
/// new one in front and taking the old one away when the last session under it has ended.
#[derive(Clone)]
pub struct KeyRing {
    first: Arc<Key>,
    older: Arc<[Key]>,
}

/// Why keys cannot be used. Never says anything of a key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyRingError {
    /// There is none.
    #[error("at least one key is needed")]
    NoKey,
    /// Shorter than [`SHORTEST_KEY`].
    #[error("key number {number} has fewer than {SHORTEST_KEY} bytes")]
    TooShort {
        /// Which one, counted from 1.
        number: usize,
    },
}

/// Why a token was not sealed or cannot be opened. Never says anything of the token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SealError {
    /// No key of the ring has this id; one was taken away too early.
    #[error("sealed under a key that is not in the ring")]
    UnknownKey,
    /// Changed, or moved from another record or field.
    #[error("the sealed text was changed or belongs elsewhere")]
    Tampered,
    /// Not in the form that this version writes.
    #[error("the sealed text is not as this version writes it")]
    Unreadable,
    /// The cipher refused, which it does for texts beyond 256 GB only.
    #[error("the text cannot be sealed")]
    Refused,
    /// No random bytes for the nonce.
    #[error("no nonce could be made")]
    Random(#[from] RandomError),
}

/// The place a sealed text belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) record: &'a str,
    pub(super) field: &'a str,
    pub(super) issuer: &'a str,
    pub(super) subject: &'a str,
}

/// A sealed text, with the id of its key beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    key: String,
    nonce: String,
    text: String,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl KeyRing {
    /// Takes keys, newest first. A key of exactly 32 bytes is used as it is, a longer one through
    /// SHA-256.
    ///
    /// # Errors
    /// [`KeyRingError`] when there is none or one is too short.
    pub fn new(keys: Vec<Secret<Vec<u8>>>) -> Result<Self, KeyRingError> {
        let mut ring = Vec::with_capacity(keys.len());
        for (number, key) in (1..).zip(&keys) {
            ring.push(Key::new(key.expose()).ok_or(KeyRingError::TooShort { number })?);
        }
        let mut ring = ring.into_iter();
        let first = ring.next().ok_or(KeyRingError::NoKey)?;
        Ok(Self {
            first: Arc::new(first),
            older: ring.collect(),
        })
    }

    pub(super) fn seal(
        &self,
        text: &str,
        place: Place<'_>,
        random: &dyn Random,
    ) -> Result<Sealed, SealError> {
        let mut nonce = [0; 24];
        random.fill(&mut nonce)?;
        let aad = place.associated_data();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &aad,
        };
        let sealed = self
            .first
            .cipher
            .encrypt(XNonce::from_slice(&nonce), payload);
        Ok(Sealed {
            key: self.first.id.clone(),
            nonce: base64url(&nonce),
            text: base64url(&sealed.map_err(|_| SealError::Refused)?),
        })
    }

    pub(super) fn open(
        &self,
        sealed: &Sealed,
        place: Place<'_>,
    ) -> Result<Secret<String>, SealError> {
        let key = std::iter::once(&*self.first)
            .chain(&*self.older)
            .find(|key| key.id == sealed.key)
            .ok_or(SealError::UnknownKey)?;
        let nonce: [u8; 24] = decode(&sealed.nonce)?
            .try_into()
            .map_err(|_| SealError::Unreadable)?;
        let aad = place.associated_data();
        let payload = Payload {
            msg: &decode(&sealed.text)?,
            aad: &aad,
        };
        let opened = key.cipher.decrypt(XNonce::from_slice(&nonce), payload);
        let opened = String::from_utf8(opened.map_err(|_| SealError::Tampered)?);
        opened.map(Secret::new).map_err(|_| SealError::Unreadable)
    }

    /// Seals a text that is kept under a name, as text.
    ///
    /// # Errors
    /// [`SealError`] when cipher or random source fail.
    pub(crate) fn seal_note(
        &self,
        name: &str,
        text: &str,
        random: &dyn Random,
    ) -> Result<String, SealError> {
        let sealed = self.seal(text, Place::of_note(name), random)?;
        serde_json::to_string(&sealed).map_err(|_| SealError::Refused)
    }

    /// Opens what [`seal_note`](Self::seal_note) sealed under this name.
    ///
    /// # Errors
    /// [`SealError`] when the key is gone, or the text was changed or moved here from another name.
    pub(crate) fn open_note(&self, name: &str, text: &str) -> Result<Secret<String>, SealError> {
        let sealed = serde_json::from_str(text).map_err(|_| SealError::Unreadable)?;
        self.open(&sealed, Place::of_note(name))
    }

    /// Whether a text was sealed under a key that is not the first any more.
    pub(super) fn is_outdated(&self, sealed: &Sealed) -> bool {
        sealed.key != self.first.id
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("keys", &(1 + self.older.len()))
            .finish_non_exhaustive()
    }
}

impl Key {
    fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < SHORTEST_KEY {
            return None;
        }
        let key: Secret<[u8; 32]> = Secret::new(
            bytes
                .try_into()
                .unwrap_or_else(|_| Sha256::digest(bytes).into()),
        );
        // Of the key that is used, not of the bytes it was made from: for a long key these would
        // be the first bytes of the key itself.
        let id: [u8; 32] = Sha256::digest(key.expose()).into();
        let id = u64::from_be_bytes(*id.first_chunk()?);
        Some(Self {
            id: format!("{id:016x}"),
            cipher: XChaCha20Poly1305::new(key.expose().into()),
        })
    }
}

impl<'a> Place<'a> {
    /// The field is none that a session has.
    const fn of_note(name: &'a str) -> Self {
        Place {
            record: name,
            field: "note",
            issuer: "",
            subject: "",
        }
    }

    /// Every part with its length before it, so that no two places read the same.
    fn associated_data(self) -> Vec<u8> {
        let mut data = Vec::new();
        for part in [PURPOSE, self.record, self.field, self.issuer, self.subject] {
            data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }
}

fn decode(text: &str) -> Result<Vec<u8>, SealError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| SealError::Unreadable)
}
