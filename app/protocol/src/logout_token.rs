//! The logout token: the provider says that somebody signed out there (OpenID Connect Back-Channel
//! Logout, sections 2.4 and 2.6).

use std::time::Duration;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    id_token::{self, Distrust, IdTokenError, SignedClaims, UnverifiedIdToken},
    issuer::Issuer,
    json,
    secret::Secret,
    signing::SigningAlgorithm,
    userinfo::is_subject,
};

/// The member of `events` that makes a token a logout token (Back-Channel Logout, section 2.4).
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How old a logout token may be: five minutes, in which a provider may have tried again.
pub const OLDEST: Duration = Duration::from_mins(5);

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 255;

/// Why a logout token is not accepted. Never with a value of the token in it, times excepted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum LogoutTokenError {
    /// What would be wrong with an ID token too: form, algorithm, signature, parties, times.
    #[error(transparent)]
    Token(#[from] IdTokenError),
    /// `events` has not the one event, or it is no object.
    #[error("the logout token has no logout event")]
    NoEvent,
    /// A nonce, which belongs to ID tokens: one of those must not pass for a logout token.
    #[error("the logout token has a nonce")]
    Nonce,
    /// `jti` is missing, empty, longer than 255 bytes or no text.
    #[error("the logout token has no usable jti")]
    NoId,
    /// Neither `sub` nor `sid`, or one of them that is no identifier.
    #[error("the logout token names nobody")]
    Nobody,
}

impl From<Distrust> for LogoutTokenError {
    fn from(distrust: Distrust) -> Self {
        Self::Token(distrust.into())
    }
}

/// What a logout token has to say.
#[derive(Debug)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a Issuer,
    /// Our client id.
    pub client_id: &'a str,
    /// Audiences besides us that are no cause for alarm.
    pub trusted_audiences: &'a [String],
    /// Our clock, in seconds since 1970.
    pub now: i64,
    /// How far the provider's clock may differ.
    pub tolerance: Duration,
}

/// Whose sessions are to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// All of a person's.
    Subject(String),
    /// Those that came from one session at the provider.
    Session(String),
    /// Those of this person that came from one session at the provider.
    SubjectsSession {
        /// The person.
        subject: String,
        /// The provider's name of its session.
        sid: String,
    },
}

/// A logout token in which everything was found true; whether it is new, its `id` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutToken {
    /// `jti`: no two tokens of an issuer have the same one.
    pub id: String,
    /// Whose sessions are to end.
    pub leaving: Leaving,
    /// From when on it is refused for its age, in seconds since 1970.
    pub refused_from: i64,
}

impl<'a> UnverifiedIdToken<'a> {
    /// Takes a logout token apart and looks at its header. `typ` may be `logout+jwt` (Back-Channel
    /// Logout, section 2.4), which no ID token has.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn parse_logout_token(
        token: &'a Secret<String>,
        allowed: &[SigningAlgorithm],
    ) -> Result<Self, IdTokenError> {
        Self::parse_as(&["JWT", "logout+jwt"], token, allowed)
    }
}

impl LogoutToken {
    /// Compares every claim with what it has to be (Back-Channel Logout, section 2.6).
    ///
    /// # Errors
    /// The first [`LogoutTokenError`]: the parties, then the times, then what makes it a logout token.
    ///
    /// # Security
    /// An ID token is signed by the same keys for the same audience. It has no event, and usually a
    /// nonce, so it ends no session.
    pub fn judge(claims: &SignedClaims, expected: &Expected<'_>) -> Result<Self, LogoutTokenError> {
        let claims = json::parse_object(claims.payload()).map_err(|_| IdTokenError::Form)?;
        if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer.as_str()) {
            return Err(Distrust::Issuer.into());
        }
        id_token::check_audience(&claims, expected.client_id, expected.trusted_audiences)?;
        let refused_from = check_times(&claims, expected)?;
        let event = claims.get("events").and_then(|events| events.get(EVENT));
        if !event.is_some_and(Value::is_object) {
            return Err(LogoutTokenError::NoEvent);
        }
        if claims.contains_key("nonce") {
            return Err(LogoutTokenError::Nonce);
        }
        let id = claims.get("jti").and_then(Value::as_str);
        let id = id
            .filter(|id| (1..=LONGEST_ID).contains(&id.len()))
            .ok_or(LogoutTokenError::NoId)?;
        Ok(Self {
            id: id.to_owned(),
            leaving: leaving(&claims)?,
            refused_from,
        })
    }
}

fn leaving(claims: &Map<String, Value>) -> Result<Leaving, LogoutTokenError> {
    let name = |claim| match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(name)) if is_subject(name) => Ok(Some(name.clone())),
        Some(_) => Err(LogoutTokenError::Nobody),
    };
    match (name("sub")?, name("sid")?) {
        (Some(subject), None) => Ok(Leaving::Subject(subject)),
        (None, Some(sid)) => Ok(Leaving::Session(sid)),
        (Some(subject), Some(sid)) => Ok(Leaving::SubjectsSession { subject, sid }),
        (None, None) => Err(LogoutTokenError::Nobody),
    }
}

/// Answers from when on the token is too old.
fn check_times(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<i64, IdTokenError> {
    let whole = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 4);
    let tolerance = whole(expected.tolerance);
    let time = |claim: &'static str| match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(time) => id_token::seconds(time)
            .map(Some)
            .ok_or(IdTokenError::NoTime(claim)),
    };
    let off = |claim, time: i64| {
        let seconds = time.saturating_sub(expected.now);
        Err(IdTokenError::Clock { claim, seconds })
    };
    let iat = time("iat")?.ok_or(IdTokenError::NoTime("iat"))?;
    let refused_from = iat
        .saturating_add(whole(OLDEST))
        .saturating_add(tolerance)
        .saturating_add(1);
    if iat > expected.now.saturating_add(tolerance) || expected.now >= refused_from {
        return off("iat", iat);
    }
    match (time("exp")?, time("nbf")?) {
        (Some(exp), _) if exp < expected.now.saturating_sub(tolerance) => off("exp", exp),
        (_, Some(nbf)) if nbf > expected.now.saturating_add(tolerance) => off("nbf", nbf),
        _ => Ok(refused_from),
    }
}
