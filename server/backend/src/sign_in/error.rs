//! What can go wrong in a sign-in, and the one table that says what the person is told of it.

use thiserror::Error;
use wrengate_protocol::{
    Failure,
    id_token::{Distrust, IdTokenError},
    messages::Problem,
    provider_error::ErrorCode,
    step::Step,
};

use crate::{
    alert::Kind,
    attempt::{Attempt, RegisterError},
    provider::ProviderError,
    random::RandomError,
    renewal::RenewalError,
    session::{SealError, SessionError},
    store::StoreError,
};

/// An operation error: kept with its sources, written to the log, never shown.
#[derive(Debug, Error)]
pub enum SignInError {
    /// The state belongs to no attempt of this browser.
    #[error("the state matches no attempt of this browser: {0}")]
    StateUnmatched(&'static str),
    /// The state is registered already, which random states never are: the same message twice. No
    /// fault of ours, so nobody can cry wolf with it.
    #[error("the state is already in use")]
    StateInUse,
    /// The attempt is older than its lifetime.
    #[error("the attempt is too old")]
    TooLong {
        /// Where to go after another try, if this browser began the attempt.
        return_to: Option<String>,
    },
    /// The attempt was completed before, by another call.
    #[error("the attempt was used before")]
    AlreadyUsed {
        /// Where its browser wanted to go.
        return_to: String,
    },
    /// The answer names another issuer, or none although the provider always names one.
    #[error("the issuer of the answer is {}", if *.missing { "missing" } else { "another" })]
    WrongIssuer {
        /// Whether `iss` was missing.
        missing: bool,
    },
    /// The provider refused.
    #[error("the provider refused: {code}")]
    Refused {
        /// Its error code.
        code: ErrorCode,
        /// What that means to the person.
        failure: Failure,
        /// Its words, fit to be quoted.
        provider_says: Option<String>,
    },
    /// The verifier does not fit the challenge.
    #[error("the verifier does not fit the challenge")]
    ProofMismatch,
    /// The provider failed.
    #[error("the provider failed")]
    Provider(#[source] ProviderError),
    /// Userinfo names another subject than the session.
    #[error("userinfo names another subject than the session")]
    SubjectChanged,
    /// There is no access token that can be used.
    #[error("there is no access token that can be used")]
    Renewal(#[source] RenewalError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Random(RandomError),
    /// Tokens could not be sealed or opened.
    #[error("the tokens could not be sealed or opened")]
    Seal(#[source] SealError),
    /// The steps after the attempt was consumed took too long.
    #[error("the sign-in did not end in time")]
    Deadline,
    /// The task that worked on the sign-in broke.
    #[error("the sign-in broke off")]
    Panicked,
    /// Settled and logged before: this call repeats the one that failed, or is told its outcome.
    #[error("settled before")]
    Told(Problem),
    /// Any of these, in an attempt that is known to be of this browser.
    #[error("{error}")]
    InAttempt {
        /// What went wrong.
        #[source]
        error: Box<SignInError>,
        /// The attempt, for the log.
        attempt: String,
        /// Where its browser wanted to go.
        return_to: String,
    },
}

impl SignInError {
    /// THE table: what the person is told. Exhaustive on purpose.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::StateUnmatched(_) => Failure::StateUnmatched,
            Self::TooLong { .. } => Failure::TooLong,
            Self::AlreadyUsed { .. } | Self::StateInUse => Failure::AlreadyUsed,
            Self::WrongIssuer { .. } => Failure::WrongIssuer,
            Self::Refused { failure, .. } => *failure,
            Self::ProofMismatch => Failure::ProofMismatch,
            Self::Provider(error) => error.failure(),
            Self::SubjectChanged => Failure::SubjectMismatch,
            Self::Renewal(error) => error.failure(),
            Self::Store(_) => Failure::StoreDown,
            Self::Deadline => Failure::ProviderTimeout,
            Self::Random(_) | Self::Seal(_) | Self::Panicked => Failure::Unexpected,
            Self::Told(problem) => problem.failure.unwrap_or(Failure::Unexpected),
            Self::InAttempt { error, .. } => error.failure(),
        }
    }

    /// The step it happened in; `None` where the error alone does not tell. Exhaustive on purpose.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::StateInUse => Some(Step::Register),
            Self::Refused { .. } => Some(Step::AtProvider),
            Self::StateUnmatched(_) | Self::TooLong { .. } => Some(Step::FindAttempt),
            Self::WrongIssuer { .. } => Some(Step::CheckIssuer),
            Self::ProofMismatch => Some(Step::CheckProof),
            Self::AlreadyUsed { .. } => Some(Step::Consume),
            Self::Provider(ProviderError::IdToken(_)) => Some(Step::CheckIdToken),
            Self::Provider(error) => Some(error.leg().step()),
            // Somewhere in 9.6 to 9.9, which begin with the exchange.
            Self::Deadline | Self::Panicked => Some(Step::Exchange),
            Self::SubjectChanged => Some(Step::Userinfo),
            // What follows a sign-in is no step of it.
            Self::Renewal(_) | Self::Store(_) | Self::Random(_) | Self::Seal(_) | Self::Told(_) => {
                None
            }
            // What else fails once the attempt is known is the session.
            Self::InAttempt { error, .. } => error.step().or(Some(Step::OpenSession)),
        }
    }

    /// What the operator is alerted of.
    #[must_use]
    pub fn alert(&self) -> Option<Kind> {
        match self {
            // Alerted when the breaker opened.
            Self::Told(_) | Self::Provider(ProviderError::BreakerOpen { .. }) => None,
            Self::Renewal(error) => error.alert(),
            Self::InAttempt { error, .. } => error.alert(),
            Self::Provider(ProviderError::IdToken(IdTokenError::Untrusted(Distrust::Nonce))) => {
                Some(Kind::NonceMismatch)
            }
            _ => Kind::of(self.failure()),
        }
    }

    /// The body of the answer.
    #[must_use]
    pub fn problem(&self, reference: &str) -> Problem {
        let problem = Problem::new(self.failure(), reference);
        match self {
            Self::Told(problem) => problem.clone(),
            Self::TooLong { return_to } => Problem {
                return_to: return_to.clone(),
                ..problem
            },
            Self::AlreadyUsed { return_to } => Problem {
                return_to: Some(return_to.clone()),
                ..problem
            },
            Self::Refused { provider_says, .. } => Problem {
                provider_says: provider_says.clone(),
                ..problem
            },
            Self::Provider(error) => Problem {
                retry_after: error.retry_after(),
                ..problem
            },
            Self::Renewal(error) => Problem {
                retry_after: error.provider().and_then(ProviderError::retry_after),
                ..problem
            },
            Self::InAttempt {
                error, return_to, ..
            } => Problem {
                return_to: Some(return_to.clone()),
                ..error.problem(reference)
            },
            Self::StateUnmatched(_)
            | Self::StateInUse
            | Self::WrongIssuer { .. }
            | Self::ProofMismatch
            | Self::SubjectChanged
            | Self::Store(_)
            | Self::Random(_)
            | Self::Seal(_)
            | Self::Deadline
            | Self::Panicked => problem,
        }
    }

    /// The provider's own error code, for the log.
    #[must_use]
    pub fn provider_code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code.as_str()),
            Self::Provider(error) => error.provider_code(),
            Self::Renewal(error) => error.provider()?.provider_code(),
            Self::InAttempt { error, .. } => error.provider_code(),
            _ => None,
        }
    }

    /// The provider's trace id, for the log.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        match self {
            Self::Provider(error) => error.trace_id(),
            Self::Renewal(error) => error.provider()?.trace_id(),
            Self::InAttempt { error, .. } => error.trace_id(),
            _ => None,
        }
    }

    /// Whether a session ended with it, so that its cookie is worth nothing any more.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        matches!(self, Self::Renewal(error) if error.ends_session())
    }

    /// The attempt, for the log.
    #[must_use]
    pub fn attempt(&self) -> Option<&str> {
        match self {
            Self::InAttempt { attempt, .. } => Some(attempt),
            _ => None,
        }
    }

    pub(super) fn in_attempt(self, attempt: &Attempt) -> Self {
        Self::InAttempt {
            error: Box::new(self),
            attempt: attempt.id.clone(),
            return_to: attempt.return_to.as_str().to_owned(),
        }
    }

    pub(super) fn already_used(attempt: &Attempt) -> Self {
        Self::AlreadyUsed {
            return_to: attempt.return_to.as_str().to_owned(),
        }
        .in_attempt(attempt)
    }
}

impl From<RegisterError> for SignInError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::StateInUse => Self::StateInUse,
            RegisterError::Store(error) => Self::Store(error),
            RegisterError::Random(error) => Self::Random(error),
        }
    }
}

impl From<RenewalError> for SignInError {
    fn from(error: RenewalError) -> Self {
        Self::Renewal(error)
    }
}

impl From<SessionError> for SignInError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => Self::Store(error),
            SessionError::Random(error) => Self::Random(error),
            SessionError::Seal(error) => Self::Seal(error),
        }
    }
}

/// What a stored outcome needs besides the failure.
pub(super) trait ForAttempt {
    /// The same problem with the place its browser wanted to go to.
    fn for_attempt(self, attempt: &Attempt) -> Self;
}

impl ForAttempt for Problem {
    fn for_attempt(self, attempt: &Attempt) -> Self {
        Self {
            return_to: Some(attempt.return_to.as_str().to_owned()),
            ..self
        }
    }
}
