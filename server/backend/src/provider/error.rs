//! What can go wrong between us and the provider, and which [`Failure`] that is.

use std::{error::Error, fmt, io, sync::Arc, time::Duration};

use reqwest::StatusCode;
use thiserror::Error;
use wrengate_protocol::{
    Failure,
    discovery::MetadataError,
    id_token::{Distrust, IdTokenError},
    jwks::JwksError,
    pushed::PushedRequestError,
    step::Step,
    token::TokenResponseError,
    userinfo::UserinfoError,
};

use super::{client_assertion::AssertionError, refusal::Refusal};

/// Which endpoint was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leg {
    /// Provider metadata (RFC 8414; OpenID Connect Discovery, section 4).
    Discovery,
    /// The token endpoint, for a code (RFC 6749, section 4.1.3).
    Token,
    /// The token endpoint, for a refresh token (RFC 6749, section 6).
    Refresh,
    /// The provider's signing keys (RFC 7517).
    Jwks,
    /// The userinfo endpoint (OpenID Connect Core, section 5.3).
    Userinfo,
    /// The revocation endpoint (RFC 7009).
    Revocation,
    /// The endpoint for pushed authorization requests (RFC 9126, section 2).
    PushedRequest,
}

impl Leg {
    /// The stable name in logs and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Token => "token",
            Self::Refresh => "refresh",
            Self::Jwks => "jwks",
            Self::Userinfo => "userinfo",
            Self::Revocation => "revocation",
            Self::PushedRequest => "pushed-request",
        }
    }

    /// The one status that grants what was asked for. A pushed request is something new at the
    /// provider, so it is created (RFC 9126, section 2.2).
    pub(super) const fn granting_status(self) -> StatusCode {
        match self {
            Self::Discovery
            | Self::Token
            | Self::Refresh
            | Self::Jwks
            | Self::Userinfo
            | Self::Revocation => StatusCode::OK,
            Self::PushedRequest => StatusCode::CREATED,
        }
    }

    /// The step that calls it. Metadata are needed to register an attempt.
    #[must_use]
    pub const fn step(self) -> Step {
        match self {
            Self::Discovery | Self::PushedRequest => Step::Register,
            Self::Token | Self::Refresh => Step::Exchange,
            Self::Jwks => Step::CheckIdToken,
            Self::Userinfo => Step::Userinfo,
            Self::Revocation => Step::OpenSession,
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
    /// We cannot prove which client we are: a fault of ours.
    #[error("{leg}: no client assertion can be made")]
    Assertion {
        /// The call.
        leg: Leg,
        /// Why.
        source: AssertionError,
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
    /// The code was refused as spent after a request whose outcome nobody knows: most likely that one
    /// spent it, and its answer was lost.
    #[error("token: the code was spent by a request whose answer was lost")]
    GrantSpent(#[source] Box<Refusal>),
    /// The endpoint failed again and again just now, so nothing was sent.
    #[error("{leg}: the endpoint keeps failing and is left alone for a while")]
    BreakerOpen {
        /// The call.
        leg: Leg,
        /// How much longer.
        rest: Duration,
    },
    /// The token endpoint's answer is not a token response.
    #[error("token: the answer cannot be used")]
    TokenResponse(#[source] TokenResponseError),
    /// The ID token is not accepted.
    #[error("id token: not accepted")]
    IdToken(#[source] IdTokenError),
    /// The provider's keys cannot be used.
    #[error("jwks: the keys cannot be used")]
    Keys(#[source] JwksError),
    /// The userinfo endpoint's answer names nobody.
    #[error("userinfo: the answer cannot be used")]
    Userinfo(#[source] UserinfoError),
    /// The answer to a pushed authorization request names no request.
    #[error("pushed-request: the answer cannot be used")]
    PushedRequest(#[source] PushedRequestError),
    /// Requests are to be pushed, and the metadata name no endpoint for it (RFC 9126, section 5).
    #[error("pushed-request: the metadata have no pushed_authorization_request_endpoint")]
    NoPushedRequests,
    /// The metadata require pushed requests, and the settings forbid them.
    #[error("pushed-request: the provider requires pushed requests, WRENGATE_PAR says never")]
    PushedRequestsRequired,
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
                Leg::Discovery
                | Leg::Refresh
                | Leg::Jwks
                | Leg::Userinfo
                | Leg::Revocation
                | Leg::PushedRequest => Failure::ProviderUnreachable,
            },
            Self::Request { .. } | Self::Assertion { .. } => Failure::Unexpected,
            Self::NotHttp { .. }
            | Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::ContentType { .. }
            | Self::SignedUserinfo => Failure::AnswerUnreadable,
            Self::Refused(refusal) => refusal.failure(),
            Self::GrantSpent(_) => Failure::AnswerLost,
            Self::BreakerOpen { .. } => Failure::ProviderBusy,
            Self::TokenResponse(error) => match error {
                TokenResponseError::Json(_) | TokenResponseError::Member(_) => {
                    Failure::AnswerUnreadable
                }
                TokenResponseError::Refused(code) => code.in_token_response(),
            },
            Self::IdToken(error) => match error {
                IdTokenError::Missing | IdTokenError::Form => Failure::AnswerUnreadable,
                IdTokenError::Untrusted(Distrust::OtherSubject) => Failure::SubjectMismatch,
                IdTokenError::Untrusted(_) => Failure::IdUntrusted,
                IdTokenError::Clock { .. } | IdTokenError::NoTime(_) => Failure::ClockSkew,
            },
            Self::Keys(error) => match error {
                JwksError::Json(_) | JwksError::NoList => Failure::AnswerUnreadable,
                JwksError::NoUsableKey => Failure::IdUntrusted,
            },
            Self::Userinfo(error) => match error {
                UserinfoError::Json(_) => Failure::AnswerUnreadable,
                UserinfoError::Subject | UserinfoError::OtherSubject => Failure::SubjectMismatch,
            },
            Self::PushedRequest(error) => match error {
                PushedRequestError::Json(_) | PushedRequestError::Member(_) => {
                    Failure::AnswerUnreadable
                }
                PushedRequestError::Refused(code) => code.in_pushed_response(),
            },
            Self::Metadata(error) => match error {
                MetadataError::Json(_) => Failure::AnswerUnreadable,
                MetadataError::Issuer { .. }
                | MetadataError::Endpoint { .. }
                | MetadataError::NoKeys
                | MetadataError::NoS256 => Failure::MetadataWrong,
            },
            Self::NoMetadata | Self::NoPushedRequests | Self::PushedRequestsRequired => {
                Failure::MetadataWrong
            }
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
            | Self::Assertion { leg, .. }
            | Self::Status { leg, .. }
            | Self::TooLarge { leg, .. }
            | Self::ContentType { leg, .. }
            | Self::BreakerOpen { leg, .. } => *leg,
            Self::Refused(refusal) | Self::GrantSpent(refusal) => refusal.leg,
            Self::TokenResponse(_) | Self::IdToken(_) => Leg::Token,
            Self::Keys(_) => Leg::Jwks,
            Self::SignedUserinfo | Self::Userinfo(_) => Leg::Userinfo,
            Self::PushedRequest(_) | Self::NoPushedRequests | Self::PushedRequestsRequired => {
                Leg::PushedRequest
            }
            Self::Metadata(_) | Self::NoMetadata => Leg::Discovery,
        }
    }

    /// How long to wait, in seconds, 1 to 3600: what the provider asks for (RFC 9110, section 10.2.3),
    /// or the rest of the time in which nothing is sent to it.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        if let Self::BreakerOpen { rest, .. } = self {
            let seconds = rest.as_millis().div_ceil(1000).clamp(1, 3600);
            return u32::try_from(seconds).ok();
        }
        self.refusal()?.retry_after_seconds
    }

    /// Whether TLS failed: a certificate that is not trusted, or no version in common.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        let Self::Unreachable { source, .. } = self else {
            return false;
        };
        causes(source)
            .any(|cause| cause.is::<rustls::Error>() || cause.downcast_ref().is_some_and(wraps_tls))
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
        match self {
            Self::Refused(refusal) | Self::GrantSpent(refusal) => Some(refusal),
            _ => None,
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
    causes(error).any(|cause| {
        cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
            // Broken chunked framing is reported as one of these two; an end too early as another.
            || cause.downcast_ref::<io::Error>().is_some_and(|cause| {
                matches!(
                    cause.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
                )
            })
    })
}

/// Whether a TLS error is inside an I/O error, which does not name what it wraps as its source.
fn wraps_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| {
        inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(wraps_tls)
    })
}

/// What an error was caused by, the nearest first.
pub(super) fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| {
        (*cause).source()
    })
}
