//! The state: which attempt an answer belongs to (RFC 6749, sections 4.1.1 and 10.12).

use thiserror::Error;

use crate::{
    encoding::{base64url, is_base64url, sha256},
    secret::Secret,
};

/// The value that ties an authorization response to the attempt it answers.
///
/// # Security
/// Whoever can guess it can plant an answer (login CSRF). 32 random bytes; the server keeps the
/// hash alone. The provider and the address bar see it, so it is no proof by itself: the attempt
/// cookie and the verifier are.
#[derive(Clone, Debug)]
pub struct State(Secret<String>);

/// A state that is not 22 to 128 base64url characters.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a state has 22 to 128 base64url characters")]
pub struct StateError;

impl State {
    /// Makes a state of 43 characters from 32 random bytes.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(Secret::new(base64url(bytes)))
    }

    /// Reads a state.
    ///
    /// # Errors
    /// When it is not 22 to 128 base64url characters.
    pub fn parse(text: &str) -> Result<Self, StateError> {
        if (22..=128).contains(&text.len()) && is_base64url(text) {
            Ok(Self(Secret::new(text.to_owned())))
        } else {
            Err(StateError)
        }
    }

    /// The state itself, for the authorization URL and as a storage key.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What a store may know of it: the SHA-256 by which the attempt is found.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.expose())
    }
}
