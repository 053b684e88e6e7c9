//! Proof key for code exchange: verifier and challenge (RFC 7636).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    encoding::{base64url, equal_in_constant_time, is_base64url, sha256},
    secret::Secret,
};

/// The proof that the one who finishes a sign-in is the one who began it (RFC 7636, section 4.1).
///
/// 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`. Ours have 43: 32 random bytes in base64url.
///
/// # Security
/// Whoever has verifier and code can redeem the code. It is not `Clone` and cannot be printed.
#[derive(Debug)]
pub struct CodeVerifier(Secret<String>);

/// A verifier that is not one.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CodeVerifierError {
    /// Shorter than 43 or longer than 128 characters.
    #[error("a code verifier has 43 to 128 characters")]
    Length,
    /// A character that is not unreserved (RFC 3986, section 2.3).
    #[error("a code verifier holds unreserved characters only")]
    Character,
}

impl CodeVerifier {
    /// Makes a verifier from 32 random bytes, the amount RFC 7636, section 4.1, recommends.
    #[must_use]
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(Secret::new(base64url(bytes)))
    }

    /// Reads a verifier.
    ///
    /// # Errors
    /// [`CodeVerifierError`] when the length or a character is not allowed.
    pub fn parse(text: &str) -> Result<Self, CodeVerifierError> {
        if !(43..=128).contains(&text.len()) {
            return Err(CodeVerifierError::Length);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        {
            return Err(CodeVerifierError::Character);
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The S256 challenge: base64url(SHA-256(verifier)) (RFC 7636, section 4.2).
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(base64url(&sha256(self.expose())))
    }

    /// The verifier itself, for the token request and for `sessionStorage`.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What the provider is told of the verifier before: its hash. Not a secret.
///
/// Only S256 exists here; `plain` would put the verifier into the address bar (RFC 9700, section 2.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge(String);

/// A challenge that is not 43 base64url characters.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a code challenge has exactly 43 base64url characters")]
pub struct CodeChallengeError;

impl CodeChallenge {
    /// The name of the only method (RFC 7636, section 4.3).
    pub const METHOD: &'static str = "S256";

    /// Reads a challenge.
    ///
    /// # Errors
    /// When it is not exactly 43 base64url characters.
    pub fn parse(text: &str) -> Result<Self, CodeChallengeError> {
        if text.len() == 43 && is_base64url(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeChallengeError)
        }
    }

    /// The challenge as it stands in the authorization URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this challenge was made from that verifier (RFC 7636, section 4.6), in constant time.
    #[must_use]
    pub fn fits(&self, verifier: &CodeVerifier) -> bool {
        equal_in_constant_time(self.0.as_bytes(), verifier.challenge().0.as_bytes())
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = CodeChallengeError;
    fn try_from(text: String) -> Result<Self, CodeChallengeError> {
        Self::parse(&text)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.0
    }
}
