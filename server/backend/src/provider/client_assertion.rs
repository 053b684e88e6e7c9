//! The signed statement by which a client with a key says who it is (RFC 7523; OpenID Connect Core,
//! section 9).

use serde::Serialize;
use thiserror::Error;
use wrengate_protocol::{Secret, discovery::Metadata, encoding::base64url};

use super::Provider;
use crate::{
    clock::UnixSeconds,
    config::provider::{AssertionAudience, ClientKey, SigningError},
    random::{RandomError, bytes32},
};

/// `client_assertion_type` (RFC 7523, section 2.2).
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good for, in seconds: a minute.
///
/// Long enough for a slow connection and clocks that differ a little, short enough that a copied one
/// is soon worthless. A provider takes each once, by its `jti`.
const LIFE: UnixSeconds = 60;

/// Why there is no assertion.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AssertionError {
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// The claims that RFC 7523 (section 3) and OpenID Connect Core (section 9) ask for.
#[derive(Debug, Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: &'a str,
    iat: UnixSeconds,
    exp: UnixSeconds,
}

impl Provider {
    /// A new assertion for one request.
    ///
    /// # Security
    /// Made for the provider of `metadata` alone, so that another one which receives it can do nothing
    /// with it there.
    pub(super) fn client_assertion(
        &self,
        key: &ClientKey,
        metadata: &Metadata,
    ) -> Result<Secret<String>, AssertionError> {
        let audience = match (key.audience(), &metadata.issuer) {
            (AssertionAudience::Issuer, Some(issuer)) => issuer.as_str(),
            (AssertionAudience::Issuer, None) | (AssertionAudience::TokenEndpoint, _) => {
                metadata.token_endpoint.as_str()
            }
        };
        let now = self.clock.now();
        let claims = Claims {
            iss: &self.config.client_id,
            sub: &self.config.client_id,
            aud: audience,
            jti: &base64url(&bytes32(&*self.random)?),
            iat: now,
            exp: now.saturating_add(LIFE),
        };
        Ok(key.sign(&claims)?)
    }
}
