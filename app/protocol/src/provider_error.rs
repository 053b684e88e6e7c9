//! What a provider says went wrong, and which [`Failure`] that is.

use std::fmt;

use crate::{failure::Failure, text};

/// An `error` code that is safe to show and to log (RFC 6749, sections 4.1.2.1 and 5.2).
///
/// # Security
/// Anybody can write a link to the callback, so a code that is not 1 to 64 characters of
/// `a-z 0-9 _ . -` is kept as "unknown".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode(String);

/// What stands for a code that cannot be read.
const UNKNOWN: &str = "unknown";

impl ErrorCode {
    /// Reads a code.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte)
            });
        Self(if fits {
            text.to_owned()
        } else {
            UNKNOWN.to_owned()
        })
    }

    /// The code, or "unknown".
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The failure of an authorization response (RFC 6749, section 4.1.2.1; OpenID Connect Core,
    /// section 3.1.2.6; RFC 8707; RFC 9470).
    ///
    /// Providers also say with `access_denied` that an account is not assigned to the client; the
    /// description is all that tells the two apart.
    #[must_use]
    pub fn in_authorization_response(&self, description: Option<&str>) -> Failure {
        match self.as_str() {
            "access_denied" if says_not_assigned(description) => Failure::NotAllowed,
            "access_denied" => Failure::Cancelled,
            "invalid_request" => Failure::RequestUnreadable,
            "unauthorized_client" => Failure::ClientNotAllowed,
            "unsupported_response_type" => Failure::AnswerType,
            "invalid_scope" => Failure::ScopeRefused,
            "server_error" => Failure::ProviderFault,
            "temporarily_unavailable" => Failure::ProviderBusy,
            "login_required" | "interaction_required" => Failure::SignInNeeded,
            "consent_required" => Failure::ConsentNeeded,
            "account_selection_required" => Failure::PickAccount,
            "invalid_request_uri"
            | "invalid_request_object"
            | "request_not_supported"
            | "request_uri_not_supported"
            | "registration_not_supported" => Failure::OptionUnknown,
            "unmet_authentication_requirements" | "insufficient_user_authentication" => {
                Failure::StepUp
            }
            "invalid_target" => Failure::TargetUnknown,
            _ => Failure::Unrecognised,
        }
    }

    /// The failure of an answer to a pushed authorization request (RFC 9126, section 2.3), whatever
    /// its status: the client is judged as at the token endpoint, the rest as in an authorization
    /// response.
    ///
    /// Nobody was asked yet, so a code that speaks of a person says nothing here: the page must not
    /// claim that they cancelled.
    #[must_use]
    pub fn in_pushed_response(&self) -> Failure {
        match self.as_str() {
            "invalid_client" => Failure::ClientRejected,
            "access_denied"
            | "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => Failure::Unrecognised,
            _ => self.in_authorization_response(None),
        }
    }

    /// The failure of a token response (RFC 6749, section 5.2), whatever its status.
    #[must_use]
    pub fn in_token_response(&self) -> Failure {
        match self.as_str() {
            "invalid_grant" => Failure::CodeExpired,
            "invalid_client" => Failure::ClientRejected,
            "invalid_request"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "invalid_scope" => Failure::ExchangeRefused,
            "invalid_target" => Failure::TargetUnknown,
            "temporarily_unavailable" => Failure::ProviderBusy,
            "server_error" => Failure::ProviderFault,
            _ => Failure::Unrecognised,
        }
    }
}

impl ErrorCode {
    /// Whether what stood there could not be read as a code.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.0 == UNKNOWN
    }

    /// The failure of an answer to a refresh (RFC 6749, sections 5.2 and 6), whatever its status.
    #[must_use]
    pub fn in_refresh_response(&self) -> Failure {
        match self.in_token_response() {
            Failure::CodeExpired => Failure::AccessEnded,
            other => other,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The provider's own words, fit to be quoted; `None` when nothing is left of them.
#[must_use]
pub fn quotable(description: &str) -> Option<String> {
    Some(text::plain(description, text::QUOTED_TEXT)).filter(|quoted| !quoted.is_empty())
}

fn says_not_assigned(description: Option<&str>) -> bool {
    description.is_some_and(|words| words.to_ascii_lowercase().contains("not assigned"))
}
