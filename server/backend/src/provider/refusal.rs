//! A refusal of the provider: 4xx, 5xx, or an `error` under 200.

use std::fmt;

use reqwest::StatusCode;
use serde_json::Value;
use wrengate_protocol::{Failure, json::parse_object, provider_error::ErrorCode};

use super::{answer::Answer, challenge, error::Leg};
use crate::clock::UnixSeconds;

/// What is kept of a refusal: nothing that could hold a secret or a person's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The call that was refused.
    pub leg: Leg,
    /// The HTTP status.
    pub status: u16,
    /// The `error` code, where one could be read (RFC 6749, section 5.2; RFC 6750, section 3.1).
    pub code: Option<ErrorCode>,
    /// How long to wait, in seconds, 1 to 3600.
    pub retry_after_seconds: Option<u32>,
    /// Clerk's trace id, where it has the form of one.
    pub trace_id: Option<String>,
}

impl Refusal {
    /// Reads a refusal.
    ///
    /// The code stands in the body, else in `WWW-Authenticate`. A body is read whatever its content
    /// type says, because its code decides more than its label. Bodies of Clerk's own shape, with
    /// `errors[]`, are read for the trace id alone.
    pub(super) fn read(answer: &Answer, now: UnixSeconds) -> Self {
        let body = parse_object(answer.body()).unwrap_or_default();
        let member = |name| body.get(name).and_then(Value::as_str);
        Self {
            leg: answer.leg(),
            status: answer.status().as_u16(),
            code: member("error")
                .map(ErrorCode::parse)
                .or_else(|| challenge::bearer_error(answer.headers())),
            retry_after_seconds: answer.retry_after_seconds(now),
            trace_id: member("clerk_trace_id")
                .filter(|id| is_trace_id(id))
                .map(str::to_owned),
        }
    }

    /// Which failure it is: by its code, and only without a known one by its status.
    ///
    /// The order matters, because Clerk sends `invalid_grant` with 401 and others send errors with
    /// 200. A code that nobody knows says less than a 429 or 5xx it comes with.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let by_code = match (self.leg, &self.code) {
            (_, None) | (Leg::Discovery | Leg::Jwks, Some(_)) => Failure::Unrecognised,
            (Leg::Token | Leg::Revocation, Some(code)) => code.in_token_response(),
            (Leg::Refresh, Some(code)) => code.in_refresh_response(),
            (Leg::Userinfo, Some(code)) => in_userinfo_response(code),
            (Leg::PushedRequest, Some(code)) => code.in_pushed_response(),
        };
        if by_code == Failure::Unrecognised {
            self.by_status()
        } else {
            by_code
        }
    }

    fn says_a_code(&self) -> bool {
        self.code.as_ref().is_some_and(|code| !code.is_unknown())
    }

    fn by_status(&self) -> Failure {
        match (self.leg, self.status) {
            (Leg::Userinfo, 401) => Failure::AccessEnded,
            // Some say no more than that when they do not know a refresh token.
            (Leg::Refresh, 400) if !self.says_a_code() => Failure::AccessEnded,
            // Those speak of who asks (RFC 6749, section 5.2), never of the refresh token.
            (Leg::Refresh, 401 | 403) if !self.says_a_code() => Failure::ClientRejected,
            (_, 429) => Failure::ProviderLimit,
            (_, 503) => Failure::ProviderBusy,
            (_, 500..) => Failure::ProviderFault,
            (_, _) => Failure::Unrecognised,
        }
    }

    /// Whether nothing is at the address: 404, or 410 for good.
    pub(super) fn is_absence(&self) -> bool {
        self.status == StatusCode::NOT_FOUND || self.status == StatusCode::GONE
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the provider refused with status {}",
            self.leg, self.status
        )?;
        match &self.code {
            Some(code) => write!(f, " and the code {code}"),
            None => f.write_str(" and no readable code"),
        }
    }
}

impl std::error::Error for Refusal {}

/// The failure of a bearer error code (RFC 6750, section 3.1), whatever its status.
fn in_userinfo_response(code: &ErrorCode) -> Failure {
    match code.as_str() {
        "invalid_token" => Failure::AccessEnded,
        "insufficient_scope" => Failure::ProfileRefused,
        _ => Failure::Unrecognised,
    }
}

fn is_trace_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
