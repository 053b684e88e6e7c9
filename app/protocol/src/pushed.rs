//! The answer to a pushed authorization request (RFC 9126, section 2.2).

use serde_json::Value;
use thiserror::Error;

use crate::{json, provider_error::ErrorCode, secret::Secret};

/// An authorization request that the provider has and the browser only names.
#[derive(Debug)]
pub struct PushedRequest {
    /// What the browser names it by: 1 to 512 visible ASCII characters.
    ///
    /// A secret, because whoever sends it together with the client id continues this very request.
    pub request_uri: Secret<String>,
    /// How long the provider keeps it, in seconds, at least 1.
    pub expires_in: u64,
}

/// Why an answer is not one to a pushed request.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PushedRequestError {
    /// Not a JSON object.
    #[error("the answer is {0}")]
    Json(#[from] json::JsonError),
    /// The provider refused, with this code (RFC 9126, section 2.3).
    #[error("the provider refused the pushed request: {0}")]
    Refused(ErrorCode),
    /// A member that is missing or not as the standard describes.
    #[error("the member {0} is missing or malformed")]
    Member(&'static str),
}

/// The longest `request_uri` that is taken, in bytes. It travels in an address, and known providers
/// use fewer than 150.
const LONGEST_REQUEST_URI: usize = 512;

impl PushedRequest {
    /// Reads the body of a 201. An `error` member decides in any case, as in a token response.
    ///
    /// # Errors
    /// [`PushedRequestError`]; never with a value of the body in it but an error code.
    pub fn parse(body: &[u8]) -> Result<Self, PushedRequestError> {
        let object = json::parse_object(body)?;
        if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
            return Err(PushedRequestError::Refused(ErrorCode::parse(
                error.as_str().unwrap_or_default(),
            )));
        }
        let request_uri = object
            .get("request_uri")
            .and_then(Value::as_str)
            .filter(|text| is_request_uri(text))
            .ok_or(PushedRequestError::Member("request_uri"))?;
        let expires_in = object
            .get("expires_in")
            .and_then(Value::as_u64)
            .filter(|seconds| *seconds > 0)
            .ok_or(PushedRequestError::Member("expires_in"))?;
        Ok(Self {
            request_uri: Secret::new(request_uri.to_owned()),
            expires_in,
        })
    }
}

fn is_request_uri(text: &str) -> bool {
    (1..=LONGEST_REQUEST_URI).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}
