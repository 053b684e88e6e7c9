//! The token requests and their response (RFC 6749, sections 4.1.3, 5.1, 5.2 and 6).

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{json, pkce::CodeVerifier, provider_error::ErrorCode, secret::Secret};

/// What is posted to redeem a code.
#[derive(Debug)]
pub struct CodeExchange<'a> {
    /// The authorization code.
    pub code: &'a Secret<String>,
    /// The same redirect URI as in the authorization request.
    pub redirect_uri: &'a str,
    /// The client identifier.
    pub client_id: &'a str,
    /// The verifier (RFC 7636, section 4.5).
    pub code_verifier: &'a CodeVerifier,
}

impl CodeExchange<'_> {
    /// The fields of the form.
    #[must_use]
    pub fn form(&self) -> [(&'static str, &str); 5] {
        [
            ("grant_type", "authorization_code"),
            ("code", self.code.expose()),
            ("redirect_uri", self.redirect_uri),
            ("client_id", self.client_id),
            ("code_verifier", self.code_verifier.expose()),
        ]
    }
}

/// What is posted to renew an access token (RFC 6749, section 6).
#[derive(Debug)]
pub struct Refresh<'a> {
    /// The refresh token.
    pub refresh_token: &'a Secret<String>,
    /// The client identifier.
    pub client_id: &'a str,
}

impl Refresh<'_> {
    /// The fields of the form. Without `scope`, which asks for what was granted before.
    #[must_use]
    pub fn form(&self) -> [(&'static str, &str); 3] {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", self.refresh_token.expose()),
            ("client_id", self.client_id),
        ]
    }
}

/// A successful answer of the token endpoint.
#[derive(Debug)]
pub struct TokenResponse {
    /// The access token; opaque.
    pub access_token: Secret<String>,
    /// How long it lives, in seconds; `None` when the provider did not say.
    pub expires_in: Option<u32>,
    /// The refresh token, where one was given.
    pub refresh_token: Option<Secret<String>>,
    /// The ID token, where one was given.
    pub id_token: Option<Secret<String>>,
    /// The granted scopes, where they differ from those asked for (RFC 6749, section 5.1).
    pub scope: Option<Vec<String>>,
}

/// Why an answer is not a token response.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TokenResponseError {
    /// Not a JSON object.
    #[error("the answer is {0}")]
    Json(#[from] json::JsonError),
    /// The provider refused, with this code (RFC 6749, section 5.2).
    #[error("the provider refused the exchange: {0}")]
    Refused(ErrorCode),
    /// A member that is missing or not as the standard describes.
    #[error("the member {0} is missing or malformed")]
    Member(&'static str),
}

/// The longest life that is believed: ten years, in seconds.
const LONGEST_LIFE: u32 = 315_360_000;

/// The longest token that is kept, in bytes.
const LONGEST_TOKEN: usize = 16 * 1024;

impl TokenResponse {
    /// Reads a body. An `error` member decides whatever the status, because some providers send
    /// errors with 200 and `invalid_grant` with 401.
    ///
    /// # Errors
    /// [`TokenResponseError`]; never with a value of the body in it.
    pub fn parse(body: &[u8]) -> Result<Self, TokenResponseError> {
        let object = json::parse_object(body)?;
        if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
            return Err(TokenResponseError::Refused(ErrorCode::parse(
                error.as_str().unwrap_or_default(),
            )));
        }
        if !object
            .get("token_type")
            .and_then(Value::as_str)
            .is_some_and(is_bearer)
        {
            return Err(TokenResponseError::Member("token_type"));
        }
        Ok(Self {
            access_token: token(&object, "access_token")?
                .ok_or(TokenResponseError::Member("access_token"))?,
            expires_in: lifetime(object.get("expires_in"))?,
            refresh_token: token(&object, "refresh_token")?,
            id_token: token(&object, "id_token")?,
            scope: scope(object.get("scope"))?,
        })
    }
}

/// The refresh token in a body that is no [`TokenResponse`] otherwise, if it is one.
#[must_use]
pub fn refresh_token_in(body: &[u8]) -> Option<Secret<String>> {
    let object = json::parse_object(body).ok()?;
    token(&object, "refresh_token").ok().flatten()
}

fn is_bearer(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("bearer")
}

fn token(
    object: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Secret<String>>, TokenResponseError> {
    match object.get(name) {
        None | Some(Value::Null) if name != "access_token" => Ok(None),
        Some(Value::String(text))
            if (1..=LONGEST_TOKEN).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(Some(Secret::new(text.clone())))
        }
        _ => Err(TokenResponseError::Member(name)),
    }
}

/// Leniency: a numeric string is read as a number, since several providers send one.
fn lifetime(value: Option<&Value>) -> Result<Option<u32>, TokenResponseError> {
    let seconds = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        // Rust also reads "inf" and "nan" as numbers.
        Some(Value::String(text)) => text
            .parse()
            .ok()
            .filter(|seconds: &f64| seconds.is_finite()),
        Some(_) => None,
    };
    match seconds {
        Some(seconds) if seconds >= f64::from(LONGEST_LIFE) => Ok(Some(LONGEST_LIFE)),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and ten years here; the fraction is meant to go"
        )]
        Some(seconds) if seconds >= 1.0 => Ok(Some(seconds as u32)),
        _ => Err(TokenResponseError::Member("expires_in")),
    }
}

fn scope(value: Option<&Value>) -> Result<Option<Vec<String>>, TokenResponseError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(
            text.split_ascii_whitespace()
                .take(64)
                .map(|scope| crate::text::plain(scope, 128))
                .filter(|scope| !scope.is_empty())
                .collect(),
        )),
        Some(_) => Err(TokenResponseError::Member("scope")),
    }
}
