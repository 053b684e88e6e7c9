//! Why there is no access token that can be used.

use std::sync::Arc;

use thiserror::Error;
use wrengate_protocol::{
    Failure,
    id_token::{Distrust, IdTokenError},
};

use crate::{
    alert::Kind,
    provider::ProviderError,
    random::RandomError,
    session::{SealError, SessionError},
    store::StoreError,
};

/// Why there is no access token that can be used.
///
/// It is `Clone` so that everybody who waited for one renewal gets its outcome.
#[derive(Clone, Debug, Error)]
pub enum RenewalError {
    /// The access token is over, and there is no refresh token.
    #[error("the access token is over and there is no refresh token")]
    NoRefreshToken,
    /// The settings name another provider than the session is of.
    #[error("the session is of another issuer than the settings name")]
    OtherIssuer,
    /// The provider failed, or rejects the client; the session stays.
    #[error("the access token could not be renewed")]
    Provider(#[source] ProviderError),
    /// The provider does not accept the tokens any more; the session ended.
    #[error("the provider does not accept the tokens any more")]
    Refused(#[source] ProviderError),
    /// The provider answered with an ID token that is not of this session; the session ended.
    #[error("what came with the renewed tokens is not to be trusted")]
    Untrusted(#[source] ProviderError),
    /// The session ended meanwhile.
    #[error("the session ended meanwhile")]
    SessionOver,
    /// The tokens cannot be opened; the session was dropped.
    #[error("the tokens cannot be opened")]
    Unreadable(#[source] SealError),
    /// New tokens could not be sealed.
    #[error("the tokens could not be sealed")]
    Seal(#[source] SealError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[source] Arc<StoreError>),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Somebody else renews the tokens and does not come to an end.
    #[error("another process renews the tokens and does not come to an end")]
    Waited,
    /// The access token was renewed by others, again, while it was used.
    #[error("the access token was renewed by others while it was used")]
    Outrun,
    /// The task that renewed the tokens broke.
    #[error("the renewal broke off")]
    Panicked,
}

impl RenewalError {
    /// What the person is told. Exhaustive on purpose.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::NoRefreshToken | Self::OtherIssuer | Self::Refused(_) | Self::Outrun => {
                Failure::AccessEnded
            }
            Self::Provider(error) | Self::Untrusted(error) => error.failure(),
            Self::SessionOver | Self::Unreadable(_) => Failure::SessionExpired,
            Self::Store(_) => Failure::StoreDown,
            Self::Waited => Failure::ProviderTimeout,
            Self::Seal(_) | Self::Random(_) | Self::Panicked => Failure::Unexpected,
        }
    }

    /// Whether the session is no more. Exhaustive on purpose.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Untrusted(_) | Self::SessionOver | Self::Unreadable(_) => true,
            Self::NoRefreshToken
            | Self::OtherIssuer
            | Self::Provider(_)
            | Self::Seal(_)
            | Self::Store(_)
            | Self::Random(_)
            | Self::Waited
            | Self::Outrun
            | Self::Panicked => false,
        }
    }

    /// What the operator is alerted of by those who waited. What the provider did was alerted when it
    /// did it, since nobody may be waiting by then.
    #[must_use]
    pub fn alert(&self) -> Option<Kind> {
        match self.provider() {
            Some(_) => None,
            None => Kind::of(self.failure()),
        }
    }

    /// The error of the provider, where it is one.
    #[must_use]
    pub fn provider(&self) -> Option<&ProviderError> {
        match self {
            Self::Provider(error) | Self::Refused(error) | Self::Untrusted(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for RenewalError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<SessionError> for RenewalError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Seal(error) => Self::Seal(error),
            SessionError::Random(error) => Self::Random(error),
        }
    }
}

/// Whether an ID token is untrue, in contrast to one that could not be judged: keys that cannot be
/// had or are not known yet, and clocks that differ, are trouble and no attack.
pub(super) fn is_untrue(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::IdToken(IdTokenError::Untrusted(distrust)) if *distrust != Distrust::NoKey
    )
}
