//! The session id: what the cookie holds.

use wrengate_protocol::{
    Secret,
    encoding::{base64url, is_base64url, sha256},
};

use crate::{
    random::{Random, RandomError, bytes32},
    store::Hash,
};

/// The value of the session cookie: 43 base64url characters, 256 random bits.
///
/// # Security
/// Whoever has it is signed in. It exists in the cookie alone; the store has its SHA-256.
#[derive(Clone, Debug)]
pub struct SessionId(Secret<String>);

impl SessionId {
    /// Reads a cookie value; `None` when it is not 43 base64url characters.
    #[must_use]
    pub fn parse(value: &Secret<String>) -> Option<Self> {
        let text = value.expose();
        (text.len() == 43 && is_base64url(text)).then(|| Self(value.clone()))
    }

    /// The value, for the cookie.
    #[must_use]
    pub fn secret(&self) -> &Secret<String> {
        &self.0
    }

    pub(super) fn new(random: &dyn Random) -> Result<Self, RandomError> {
        Ok(Self(Secret::new(base64url(&bytes32(random)?))))
    }

    pub(super) fn hash(&self) -> Hash {
        sha256(self.0.expose())
    }
}
