//! The private key that says who we are at the provider (`private_key_jwt`).

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use thiserror::Error;
use wrengate_protocol::Secret;

/// A private key that was tried, and how it is used.
///
/// # Security
/// `Debug` shows the kind of the key and not the key.
#[derive(Clone, Debug)]
pub struct ClientKey {
    key: EncodingKey,
    algorithm: Algorithm,
    id: Option<String>,
    audience: AssertionAudience,
}

/// `WRENGATE_CLIENT_ASSERTION_AUDIENCE`: whom an assertion is made for. Default `issuer`.
///
/// RFC 7523 (section 3) asks for a value that identifies the provider and suggests the token endpoint;
/// the issuer is what newer profiles want, because an assertion for it is worth nothing anywhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssertionAudience {
    /// The issuer, where one is known, else the token endpoint.
    #[default]
    Issuer,
    /// The token endpoint, at every endpoint that is called.
    TokenEndpoint,
}

/// Why a file is no key that can be used. The text follows the quoted path.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ClientKeyError {
    /// No PEM private key that is read.
    #[error("holds no private key that can be read")]
    Unreadable,
    /// A key that an algorithm of ours refuses.
    #[error("holds a key that cannot sign")]
    Unfit,
}

/// The library could not sign, although the key was tried at start. The source is left out, for it is
/// about the key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the client assertion could not be signed")]
pub struct SigningError;

/// Readers of the kinds of keys, each with the one algorithm its keys sign with here.
type Reader = fn(&[u8]) -> jsonwebtoken::errors::Result<EncodingKey>;
const KINDS: [(Reader, Algorithm); 3] = [
    (EncodingKey::from_rsa_pem, Algorithm::RS256),
    (EncodingKey::from_ec_pem, Algorithm::ES256),
    (EncodingKey::from_ed_pem, Algorithm::EdDSA),
];

impl ClientKey {
    /// Reads a PEM file: PKCS #8, or PKCS #1 for RSA. RSA signs by `RS256`, P-256 by `ES256`, Ed25519 by
    /// `EdDSA`.
    ///
    /// # Errors
    /// [`ClientKeyError`]. The key signs once here, so a key of another curve, an RSA key under 2048
    /// bits, a certificate or a public key is refused at start and not at the first sign-in.
    pub fn from_pem(
        pem: &Secret<String>,
        id: Option<String>,
        audience: AssertionAudience,
    ) -> Result<Self, ClientKeyError> {
        let pem = pem.expose().as_bytes();
        let (key, algorithm) = KINDS
            .into_iter()
            .find_map(|(read, algorithm)| Some((read(pem).ok()?, algorithm)))
            .ok_or(ClientKeyError::Unreadable)?;
        let key = Self {
            key,
            algorithm,
            id,
            audience,
        };
        key.sign(&()).map_err(|_| ClientKeyError::Unfit)?;
        Ok(key)
    }

    /// Whom assertions are made for.
    #[must_use]
    pub const fn audience(&self) -> AssertionAudience {
        self.audience
    }

    /// Signs claims as a compact JWT (RFC 7519), with the key's id in its header where one is set.
    ///
    /// # Errors
    /// [`SigningError`].
    pub fn sign(&self, claims: &impl Serialize) -> Result<Secret<String>, SigningError> {
        let mut header = Header::new(self.algorithm);
        header.kid.clone_from(&self.id);
        encode(&header, claims, &self.key)
            .map(Secret::new)
            .map_err(|_| SigningError)
    }
}
