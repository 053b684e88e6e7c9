//! The nonce: which ID token belongs to which attempt (OpenID Connect Core, section 3.1.2.1).

use crate::{
    encoding::{base64url, equal_in_constant_time},
    secret::Secret,
};

/// A value of the server's own that the provider must repeat in the ID token.
///
/// # Security
/// The browser never chooses it, so an ID token from elsewhere cannot be slipped in.
#[derive(Clone, Debug)]
pub struct Nonce(Secret<String>);

impl Nonce {
    /// Makes a nonce of 43 characters from 32 random bytes.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(Secret::new(base64url(bytes)))
    }

    /// Restores a nonce from the attempt record.
    #[must_use]
    pub fn restore(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// Whether a text is this nonce, in constant time.
    #[must_use]
    pub fn equals(&self, text: &str) -> bool {
        equal_in_constant_time(self.0.expose().as_bytes(), text.as_bytes())
    }

    /// The nonce itself, for the authorization URL and the record.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}
