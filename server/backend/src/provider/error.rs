//! What can go wrong between us and the provider, and which [`Failure`] that is.

use std::{error::Error, fmt, io, sync::Arc};

use thiserror::Error;
use wrengate_protocol::{
    Failure, discovery::MetadataError, step::Step, token::TokenResponseError,
    userinfo::UserinfoError,
};

use super::refusal::Refusal;

/// Which endpoint was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leg {
    /// Provider metadata (RFC 8414; OpenID Connect Discovery, section 4).
    Discovery,
    /// The token endpoint (RFC 6749, section 3.2).
    Token,
    /// The userinfo endpoint (OpenID Connect Core, section 5.3).
    Userinfo,
}

impl Leg {
    /// The stable name in logs and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
        }
    }

    /// The step that calls it. Metadata are needed to register an attempt.
    #[must_use]
    pub const fn step(self) -> Step {
        match self {
            Self::Discovery => Step::Register,
            Self::Token => Step::Exchange,
            Self::Userinfo => Step::Userinfo,
        }
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The client cannot be built.
#[derive(Debug, Error)]
pub enum ProviderSetupError {
    /// TLS versions or the system's root certificates cannot be used.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The HTTP client refused its settings.
    #[error("the HTTP client cannot be built")]
    Client(#[from] reqwest::Error),
}

/// Why a call to the provider did not give what it was made for.
///
/// It is `Clone` so that everybody who waited for one discovery gets its outcome.
///
/// # Security
/// It goes to the log whole, with `Debug`. So it holds no URL, no header, no form and no body: what
/// the provider said appears only as a code of a fixed alphabet, a number, or the name of a member.
#[derive(Clone, Debug, Error)]
pub enum ProviderError {
    /// DNS, connect or TLS failed: nothing was sent.
    #[error("{leg}: no connection")]
    Unreachable {
        /// The call.
        leg: Leg,
        /// What failed.
        source: Arc<reqwest::Error>,
    },
    /// Connecting took too long, or nothing arrived for too long.
    #[error("{leg}: the provider was silent for too long")]
    Silent {
        /// The call.
        leg: Leg,
        /// What was waited for.
        source: Arc<reqwest::Error>,
    },
    /// The call as a whole took too long, waiting for its turn included.
    #[error("{leg}: the deadline passed")]
    Deadline {
        /// The call.
        leg: Leg,
    },
    /// The connection broke after the request had gone out, so it may have been acted upon.
    #[error("{leg}: the connection was lost before the answer was complete")]
    Lost {
        /// The call.
        leg: Leg,
        /// What broke.
        source: Arc<reqwest::Error>,
    },
    /// What came back is not HTTP.
    #[error("{leg}: the answer is not HTTP")]
    NotHttp {
        /// The call.
        leg: Leg,
        /// What was found.
        source: Arc<reqwest::Error>,
    },
    /// The request cannot be built: a fault of ours.
    #[error("{leg}: the request cannot be built")]
    Request {
        /// The call.
        leg: Leg,
        /// Why.
        source: Arc<reqwest::Error>,
    },
    /// A status that neither grants nor refuses; redirects are not followed.
    #[error("{leg}: status {status} is neither an answer nor a refusal")]
    Status {
        /// The call.
        leg: Leg,
        /// The HTTP status.
        status: u16,
    },
    /// The body is longer than is read.
    #[error("{leg}: the answer is longer than {limit_bytes} bytes")]
    TooLarge {
        /// The call.
        leg: Leg,
        /// The cap, in bytes.
        limit_bytes: usize,
    },
    /// The answer is not declared to be JSON.
    #[error("{leg}: the answer is {found}, not JSON")]
    ContentType {
        /// The call.
        leg: Leg,
        /// A name of ours for what it is, since the header is the provider's text.
        found: &'static str,
    },
    /// Userinfo as a JWT (OpenID Connect Core, section 5.3.2), which is not supported.
    #[error("userinfo: signed or encrypted userinfo (application/jwt) is unsupported")]
    SignedUserinfo,
    /// The provider refused.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The token endpoint's answer is not a token response.
    #[error("token: the answer cannot be used")]
    TokenResponse(#[source] TokenResponseError),
    /// The userinfo endpoint's answer names nobody.
    #[error("userinfo: the answer cannot be used")]
    Userinfo(#[source] UserinfoError),
    /// The metadata does not fit the configuration.
    #[error("discovery: the metadata cannot be used")]
    Metadata(#[source] MetadataError),
    /// None of the well-known addresses has metadata.
    #[error("discovery: the issuer has no metadata at its well-known addresses")]
    NoMetadata,
}

impl ProviderError {
    /// What a person may be told.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Unreachable { .. } => Failure::ProviderUnreachable,
            Self::Silent { .. } | Self::Deadline { .. } => Failure::ProviderTimeout,
            Self::Lost { leg, .. } => match leg {
                Leg::Token => Failure::AnswerLost,
                Leg::Discovery | Leg::Userinfo => Failure::ProviderUnreachable,
            },
            Self::Request { .. } => Failure::Unexpected,
            Self::NotHttp { .. }
            | Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::ContentType { .. }
            | Self::SignedUserinfo => Failure::AnswerUnreadable,
            Self::Refused(refusal) => refusal.failure(),
            Self::TokenResponse(error) => match error {
                TokenResponseError::Json(_) | TokenResponseError::Member(_) => {
                    Failure::AnswerUnreadable
                }
                TokenResponseError::Refused(code) => code.in_token_response(),
            },
            Self::Userinfo(error) => match error {
                UserinfoError::Json(_) => Failure::AnswerUnreadable,
                UserinfoError::Subject => Failure::SubjectMismatch,
            },
            Self::Metadata(error) => match error {
                MetadataError::Json(_) => Failure::AnswerUnreadable,
                MetadataError::Issuer { .. }
                | MetadataError::Endpoint { .. }
                | MetadataError::NoS256 => Failure::MetadataWrong,
            },
            Self::NoMetadata => Failure::MetadataWrong,
        }
    }

    /// The call that failed.
    #[must_use]
    pub fn leg(&self) -> Leg {
        match self {
            Self::Unreachable { leg, .. }
            | Self::Silent { leg, .. }
            | Self::Deadline { leg }
            | Self::Lost { leg, .. }
            | Self::NotHttp { leg, .. }
            | Self::Request { leg, .. }
            | Self::Status { leg, .. }
            | Self::TooLarge { leg, .. }
            | Self::ContentType { leg, .. } => *leg,
            Self::Refused(refusal) => refusal.leg,
            Self::TokenResponse(_) => Leg::Token,
            Self::SignedUserinfo | Self::Userinfo(_) => Leg::Userinfo,
            Self::Metadata(_) | Self::NoMetadata => Leg::Discovery,
        }
    }

    /// How long the provider asks us to wait, in seconds, 1 to 3600 (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        self.refusal()?.retry_after_seconds
    }

    /// The provider's `error` code, safe to log and to show (RFC 6749, section 5.2).
    #[must_use]
    pub fn provider_code(&self) -> Option<&str> {
        Some(self.refusal()?.code.as_ref()?.as_str())
    }

    /// Clerk's trace id, for its support; 1 to 64 characters of `A-Z a-z 0-9 _ -`.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.refusal()?.trace_id.as_deref()
    }

    fn refusal(&self) -> Option<&Refusal> {
        if let Self::Refused(refusal) = self {
            Some(refusal)
        } else {
            None
        }
    }

    /// Sorts what the HTTP client reports, before or while the answer is read.
    pub(super) fn transport(leg: Leg, error: reqwest::Error) -> Self {
        let source = Arc::new(error.without_url());
        if source.is_timeout() {
            Self::Silent { leg, source }
        } else if source.is_builder() {
            Self::Request { leg, source }
        } else if source.is_connect() {
            Self::Unreachable { leg, source }
        } else if is_malformed(&source) {
            Self::NotHttp { leg, source }
        } else {
            Self::Lost { leg, source }
        }
    }
}

/// Whether bytes arrived that are not HTTP, in contrast to bytes that stopped arriving.
fn is_malformed(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        if cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
        {
            return true;
        }
        // Broken chunked framing is reported as one of these two; an end too early as another.
        if let Some(cause) = cause.downcast_ref::<io::Error>()
            && matches!(
                cause.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
            )
        {
            return true;
        }
        next = cause.source();
    }
    false
}
