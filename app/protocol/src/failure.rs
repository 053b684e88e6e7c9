//! How a sign-in can end other than well: one code each, the same in addresses, JSON, logs and tests.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Who can do something about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The person at the browser: start again, allow something, reconnect.
    Person,
    /// Whoever runs this installation.
    Operator,
    /// The provider; waiting is all that others can do.
    Provider,
}

/// How loudly a failure is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// An ordinary outcome.
    Info,
    /// Refused or degraded.
    Warn,
    /// Somebody must act.
    Error,
}

/// What is fixed about a failure besides its words.
struct Facts {
    code: &'static str,
    status: Option<u16>,
    actor: Actor,
    severity: Severity,
}

macro_rules! failures {
    ($( $(#[$doc:meta])* $name:ident $code:literal $status:tt $actor:ident $severity:ident; )*) => {
        /// What a person may be told. Everything else about a failure stays in the log.
        ///
        /// Serialized as its [`code`](Failure::code).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Failure { $( $(#[$doc])* $name, )* }

        impl Failure {
            /// Every failure, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            const fn facts(self) -> Facts {
                match self {
                    $( Self::$name => Facts {
                        code: $code,
                        status: failures!(@status $status),
                        actor: Actor::$actor,
                        severity: Severity::$severity,
                    }, )*
                }
            }
        }
    };
    (@status browser) => { None };
    (@status $status:literal) => { Some($status) };
}

failures! {
    /// `access_denied`: the person chose not to go on. An outcome, not an error.
    Cancelled "cancelled" 200 Person Info;
    /// `access_denied`, and the provider says that the account is not assigned to this client.
    NotAllowed "not-allowed" 403 Operator Info;
    /// Authorization response `invalid_request`.
    RequestUnreadable "request-unreadable" 502 Operator Error;
    /// Authorization response `unauthorized_client`.
    ClientNotAllowed "client-not-allowed" 502 Operator Error;
    /// Authorization response `unsupported_response_type`.
    AnswerType "answer-type" 502 Operator Error;
    /// Authorization response `invalid_scope`.
    ScopeRefused "scope-refused" 502 Operator Error;
    /// `server_error`, or an answer of the 5xx kind.
    ProviderFault "provider-fault" 502 Provider Error;
    /// `temporarily_unavailable`, or 503.
    ProviderBusy "provider-busy" 503 Provider Error;
    /// `login_required`, `interaction_required`.
    SignInNeeded "sign-in-needed" 401 Person Info;
    /// `consent_required`.
    ConsentNeeded "consent-needed" 403 Person Info;
    /// `account_selection_required`.
    PickAccount "pick-account" 401 Person Info;
    /// A request parameter the provider does not support.
    OptionUnknown "option-unknown" 502 Operator Error;
    /// A stronger sign-in is asked for (RFC 9470).
    StepUp "step-up" 403 Person Info;
    /// `invalid_target` (RFC 8707).
    TargetUnknown "target-unknown" 502 Operator Error;
    /// Any other code of the provider.
    Unrecognised "unrecognised" 502 Provider Error;
    /// The callback has no state.
    NoState "no-state" 400 Person Warn;
    /// The state belongs to no attempt of this browser.
    StateUnmatched "state-unmatched" 400 Person Warn;
    /// The attempt of this tab cannot be read any more.
    VerifierLost "verifier-lost" 400 Person Warn;
    /// The attempt is older than its ten minutes.
    TooLong "too-long" 400 Person Info;
    /// The attempt was completed before.
    AlreadyUsed "already-used" 400 Person Info;
    /// The callback lacks a parameter, repeats one, or has two that exclude each other.
    AnswerIncomplete "answer-incomplete" 400 Provider Info;
    /// `iss` differs from the issuer of the attempt (RFC 9207).
    WrongIssuer "wrong-issuer" 400 Provider Error;
    /// Token endpoint `invalid_grant`.
    CodeExpired "code-expired" 400 Person Warn;
    /// The verifier does not fit the challenge.
    ProofMismatch "proof-mismatch" 400 Person Warn;
    /// Token endpoint `invalid_client`.
    ClientRejected "client-rejected" 502 Operator Error;
    /// Token endpoint `invalid_request`, `unauthorized_client`, `unsupported_grant_type`, `invalid_scope`.
    ExchangeRefused "exchange-refused" 502 Operator Error;
    /// An answer of the provider that is not what the standard describes.
    AnswerUnreadable "answer-unreadable" 502 Provider Error;
    /// The connection broke after the code was sent.
    AnswerLost "answer-lost" 502 Provider Warn;
    /// The ID token cannot be trusted.
    IdUntrusted "id-untrusted" 502 Provider Error;
    /// The times in the ID token are too far off.
    ClockSkew "clock-skew" 502 Operator Error;
    /// Userinfo names nobody, or somebody else.
    SubjectMismatch "subject-mismatch" 502 Provider Error;
    /// The provider no longer accepts the access token.
    AccessEnded "access-ended" 401 Person Info;
    /// Userinfo `insufficient_scope`.
    ProfileRefused "profile-refused" 403 Person Warn;
    /// The provider did not answer in time.
    ProviderTimeout "provider-timeout" 504 Provider Error;
    /// The provider cannot be reached.
    ProviderUnreachable "provider-unreachable" 502 Provider Error;
    /// The provider's metadata does not fit the configuration.
    MetadataWrong "metadata-wrong" 502 Operator Error;
    /// The browser is offline.
    Offline "offline" browser Person Info;
    /// The browser cannot reach this application.
    AppUnreachable "app-unreachable" browser Person Info;
    /// Our own rate limit.
    TooMany "too-many" 429 Person Warn;
    /// The provider answered 429.
    ProviderLimit "provider-limit" 503 Provider Error;
    /// No session, or idle for too long.
    SessionExpired "session-expired" 401 Person Info;
    /// The session reached its absolute limit.
    SessionOver "session-over" 401 Person Info;
    /// The session was ended elsewhere.
    SessionRevoked "session-revoked" 401 Person Info;
    /// `sessionStorage` cannot be used.
    StorageBlocked "storage-blocked" 400 Person Warn;
    /// The browser keeps no cookies.
    CookiesBlocked "cookies-blocked" 400 Person Warn;
    /// The page has no secure context.
    InsecurePage "insecure-page" 400 Person Warn;
    /// The browser has no secure random source.
    NoRandom "no-random" browser Person Warn;
    /// Page and server are of different versions.
    PageOutdated "page-outdated" 409 Person Info;
    /// The same-origin gate refused the request.
    NotFromHere "not-from-here" 403 Person Warn;
    /// Load was shed.
    AppBusy "app-busy" 503 Operator Error;
    /// The store is down, slow or full.
    StoreDown "store-down" 503 Operator Error;
    /// Settings are missing.
    NotConfigured "not-configured" 503 Operator Error;
    /// No such page.
    NotFound "not-found" 404 Person Info;
    /// A fault in our own code.
    Unexpected "unexpected" 500 Operator Error;
}

impl Failure {
    /// The stable code, kebab-case: `/problem/{code}`, JSON, logs, metric labels, test names.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.facts().code
    }

    /// The HTTP status; `None` for what happens in the browser alone.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        self.facts().status
    }

    /// Who can do something about it.
    #[must_use]
    pub const fn actor(self) -> Actor {
        self.facts().actor
    }

    /// How loudly it is logged.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.facts().severity
    }

    /// The failure with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|failure| failure.code() == code)
    }

    /// Whether the same completion may be sent again: nothing was consumed, waiting may help.
    #[must_use]
    pub const fn allows_same_body_again(self) -> bool {
        matches!(self, Self::StoreDown | Self::AppBusy | Self::TooMany)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Failure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| de::Error::custom("unknown failure code"))
    }
}
