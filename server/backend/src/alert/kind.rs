//! What an operator is alerted of.

use wrengate_protocol::Failure;

macro_rules! kinds {
    ($( $(#[$doc:meta])* $name:ident $code:literal $message:literal; )*) => {
        /// What happened, as far as whoever is alerted must tell it apart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $( $(#[$doc])* $name, )* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable name, in alerts and metrics.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// What it means and what to do, in a sentence or two that name nobody.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $( Self::$name => $message, )* }
            }
        }
    };
}

kinds! {
    /// The provider answers 5xx.
    ProviderFault "provider-fault"
        "The provider reports an error of its own. Look at its status page.";
    /// The provider says that it is overloaded, or for how long it is.
    ProviderBusy "provider-busy"
        "The provider says that it is overloaded. Look at its status page.";
    /// The provider answers 429.
    ProviderLimit "provider-limit"
        "The provider limits our calls. Look at its limits for this client.";
    /// The provider does not answer in time.
    ProviderTimeout "provider-timeout"
        "The provider does not answer in time. Look at its status page and at the network.";
    /// The provider cannot be connected to.
    ProviderUnreachable "provider-unreachable"
        "The provider cannot be reached. Look at DNS, the network and its certificate.";
    /// The circuit breaker of an endpoint opened.
    BreakerOpen "breaker-open"
        "The provider failed several times in a row. It is left alone for a moment, and people are told so.";
    /// The provider rejects the client (`invalid_client`).
    ClientRejected "client-rejected"
        "The provider rejects our client. Compare client id, secret and authentication method with what it has registered.";
    /// The provider rejects the token request otherwise.
    ExchangeRejected "exchange-rejected"
        "The provider rejects the exchange of a code. Compare redirect URI, grant types and scopes with what it has registered.";
    /// The provider rejects what people were sent to it with.
    RequestRejected "request-rejected"
        "The provider rejects what people are sent to it with. Compare redirect URI, scopes and response type with what it has registered.";
    /// The provider answers what no standard describes.
    AnswerUnreadable "answer-unreadable"
        "The provider answers what the standards do not describe. Compare the endpoints with its documentation.";
    /// An answer names another issuer.
    IssuerMismatch "issuer-mismatch"
        "An answer came from another issuer. Compare WRENGATE_ISSUER; it can also be an attack.";
    /// An ID token has another nonce, or none.
    NonceMismatch "nonce-mismatch"
        "An ID token was not made for the sign-in it arrived in. It can be an attack.";
    /// Userinfo names somebody else, or nobody.
    SubjectMismatch "subject-mismatch"
        "Userinfo names nobody, or somebody else than the sign-in. It can be an attack.";
    /// An ID token cannot be trusted.
    IdUntrusted "id-untrusted"
        "An ID token cannot be trusted. Compare issuer, client id and algorithms; it can also be an attack.";
    /// The times in an ID token are too far off.
    ClockSkew "clock-skew"
        "The times in an ID token are too far from ours. Look at the clock of this machine.";
    /// The signing keys cannot be had.
    JwksFailed "jwks-failed"
        "The provider's signing keys cannot be had. Known ones serve until they are too old.";
    /// The metadata do not fit the configuration.
    MetadataWrong "metadata-wrong"
        "The provider's metadata do not fit the settings. Compare WRENGATE_ISSUER character by character.";
    /// The store fails.
    StoreDown "store-down"
        "The store fails. Look at its disk and its permissions.";
    /// Requests take too long.
    AppBusy "app-busy"
        "Requests take too long. Look at the load of this machine and at the store.";
    /// A fault in our own code.
    Unexpected "unexpected"
        "Something broke in Wrengate itself. The log has the cause.";
}

impl Kind {
    /// What a failure is alerted as; `None` for what nobody needs to act on. Exhaustive on purpose.
    #[must_use]
    pub const fn of(failure: Failure) -> Option<Self> {
        Some(match failure {
            Failure::ProviderFault => Self::ProviderFault,
            Failure::ProviderBusy => Self::ProviderBusy,
            Failure::ProviderLimit => Self::ProviderLimit,
            Failure::ProviderTimeout => Self::ProviderTimeout,
            Failure::ProviderUnreachable => Self::ProviderUnreachable,
            Failure::ClientRejected => Self::ClientRejected,
            Failure::ExchangeRefused => Self::ExchangeRejected,
            Failure::RequestUnreadable
            | Failure::ClientNotAllowed
            | Failure::AnswerType
            | Failure::ScopeRefused
            | Failure::OptionUnknown
            | Failure::TargetUnknown => Self::RequestRejected,
            Failure::AnswerUnreadable => Self::AnswerUnreadable,
            Failure::WrongIssuer => Self::IssuerMismatch,
            Failure::SubjectMismatch => Self::SubjectMismatch,
            Failure::IdUntrusted => Self::IdUntrusted,
            Failure::ClockSkew => Self::ClockSkew,
            Failure::MetadataWrong => Self::MetadataWrong,
            Failure::StoreDown => Self::StoreDown,
            Failure::AppBusy => Self::AppBusy,
            Failure::Unexpected => Self::Unexpected,
            Failure::Cancelled
            | Failure::NotAllowed
            | Failure::SignInNeeded
            | Failure::ConsentNeeded
            | Failure::PickAccount
            | Failure::StepUp
            | Failure::Unrecognised
            | Failure::NoState
            | Failure::StateUnmatched
            | Failure::VerifierLost
            | Failure::TooLong
            | Failure::AlreadyUsed
            | Failure::AnswerIncomplete
            | Failure::CodeExpired
            | Failure::ProofMismatch
            | Failure::AnswerLost
            | Failure::AccessEnded
            | Failure::ProfileRefused
            | Failure::Offline
            | Failure::AppUnreachable
            | Failure::TooMany
            | Failure::SessionExpired
            | Failure::SessionOver
            | Failure::SessionRevoked
            | Failure::StorageBlocked
            | Failure::CookiesBlocked
            | Failure::InsecurePage
            | Failure::NoRandom
            | Failure::PageOutdated
            | Failure::NotFromHere
            | Failure::NotConfigured
            | Failure::NotFound => return None,
        })
    }
}
