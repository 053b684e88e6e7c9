//! The authorization response in the query of `/callback` (RFC 6749, section 4.1.2).

use form_urlencoded::parse;
use thiserror::Error;

use crate::{
    failure::Failure,
    issuer::LONGEST_ISS,
    provider_error::{ErrorCode, quotable},
    secret::Secret,
    state::{State, StateError},
};

/// A response whose state is well-formed but has not been matched with an attempt yet.
///
/// Only [`state`](Self::state) can be read: nothing a callback says is used before its state
/// belongs to an attempt of this browser. [`judge`](Self::judge) then yields the rest.
#[derive(Debug)]
pub struct UnmatchedCallback {
    state: State,
    code: Option<Secret<String>>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// A response that may be sent to the server.
#[derive(Debug)]
pub struct ValidatedCallback {
    /// Which attempt it belongs to.
    pub state: State,
    /// The issuer that answered, where it says so (RFC 9207).
    pub iss: Option<String>,
    /// What it says.
    pub answer: Answer,
}

/// What an authorization response says.
#[derive(Debug)]
pub enum Answer {
    /// The person agreed: a code (RFC 6749, section 4.1.2).
    Code(Secret<String>),
    /// They did not, or something went wrong (RFC 6749, section 4.1.2.1). Harmless and short, so
    /// that it fits into a message whatever the provider wrote.
    Refused {
        /// The `error` parameter, or "unknown" where it is not written like a code.
        error: String,
        /// The `error_description` parameter, fit to be quoted.
        description: Option<String>,
    },
}

/// Why a query is not a usable response.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CallbackError {
    /// No parameter at all: a bookmark, Back, a reload.
    #[error("there is no response in the address")]
    Empty,
    /// A parameter of the response stands there twice (RFC 6749, section 3.1).
    #[error("a parameter is repeated")]
    Repeated,
    /// There is no state.
    #[error("the state is missing")]
    StateMissing,
    /// The state cannot be one of ours.
    #[error("the state is malformed")]
    StateMalformed,
    /// Both `code` and `error`, or neither.
    #[error("code and error exclude each other, and one of them is needed")]
    CodeOrError,
    /// The issuer is too long to be one that anybody configured (RFC 9207).
    #[error("the issuer is too long")]
    IssuerTooLong,
    /// The code is empty, too long or not visible ASCII (RFC 6749, appendix A.11).
    #[error("the code is malformed")]
    CodeMalformed,
}

impl CallbackError {
    /// What the person is told.
    #[must_use]
    pub const fn failure(self) -> Failure {
        match self {
            Self::Empty | Self::StateMissing => Failure::NoState,
            Self::StateMalformed => Failure::StateUnmatched,
            Self::IssuerTooLong => Failure::WrongIssuer,
            Self::Repeated | Self::CodeOrError | Self::CodeMalformed => Failure::AnswerIncomplete,
        }
    }
}

impl From<StateError> for CallbackError {
    fn from(_: StateError) -> Self {
        Self::StateMalformed
    }
}

impl UnmatchedCallback {
    /// Reads a raw query, with or without its `?`. Unknown parameters are ignored (RFC 6749,
    /// section 4.1.2); known ones may stand there once.
    ///
    /// # Errors
    /// [`CallbackError`]; repeats are named before a missing state.
    pub fn parse(query: &str) -> Result<Self, CallbackError> {
        let query = query.strip_prefix('?').unwrap_or(query);
        if query.is_empty() {
            return Err(CallbackError::Empty);
        }
        let [
            mut state,
            mut code,
            mut error,
            mut error_description,
            mut iss,
        ] = [const { None::<String> }; 5];
        for (name, value) in parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                "error_description" => &mut error_description,
                "iss" => &mut iss,
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(CallbackError::Repeated);
            }
        }
        let state = state.ok_or(CallbackError::StateMissing)?;
        Ok(Self {
            state: State::parse(&state)?,
            code: code.map(Secret::new),
            error,
            error_description,
            iss,
        })
    }

    /// Which attempt the response claims to answer.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Reads the rest, once the state was matched.
    ///
    /// # Errors
    /// [`CallbackError`] when the issuer is too long, code and error are both there or both missing,
    /// or the code is malformed.
    pub fn judge(self) -> Result<ValidatedCallback, CallbackError> {
        if self.iss.as_ref().is_some_and(|iss| iss.len() > LONGEST_ISS) {
            return Err(CallbackError::IssuerTooLong);
        }
        let answer = match (self.code, self.error) {
            (Some(code), None) if is_code(code.expose()) => Answer::Code(code),
            (Some(_), None) => return Err(CallbackError::CodeMalformed),
            (None, Some(error)) => Answer::Refused {
                error: ErrorCode::parse(&error).to_string(),
                description: self.error_description.as_deref().and_then(quotable),
            },
            _ => return Err(CallbackError::CodeOrError),
        };
        Ok(ValidatedCallback {
            state: self.state,
            iss: self.iss,
            answer,
        })
    }
}

/// Whether a text can be an authorization code: 1 to 4096 visible ASCII characters (RFC 6749,
/// appendix A.11; the upper limit is ours).
#[must_use]
pub fn is_code(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}
