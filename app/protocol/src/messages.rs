//! The request and the response of each server function: the wire contract.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    authorize::Prompt,
    callback::is_code,
    failure::Failure,
    issuer::LONGEST_ISS,
    pkce::{CodeChallenge, CodeVerifier},
    profile::{Access, Profile},
    secret::{Carried, Secret},
    state::State,
};

/// `POST /api/begin_sign_in`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginSignIn {
    /// 43 base64url characters (RFC 7636, section 4.2).
    pub code_challenge: String,
    /// 22 to 128 base64url characters.
    pub state: Carried,
    /// Where to go afterwards; a value that breaks the rule becomes `/account`.
    #[serde(default)]
    pub return_to: Option<String>,
    /// What to ask of the person, where something special is.
    #[serde(default)]
    pub prompt: Option<Prompt>,
}

/// The answer to [`BeginSignIn`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Begun {
    /// The complete authorization URL.
    pub authorization_url: String,
}

/// Without the address, which holds state and nonce.
impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").finish_non_exhaustive()
    }
}

/// A begin request that was read: only this goes on.
#[derive(Debug)]
pub struct CheckedBegin {
    /// The challenge.
    pub code_challenge: CodeChallenge,
    /// The state.
    pub state: State,
    /// The proposed path, unchecked.
    pub return_to: Option<String>,
    /// The prompt.
    pub prompt: Option<Prompt>,
}

/// A message that our own pages cannot send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field {0} is not as described")]
pub struct NotOurMessage(pub &'static str);

impl BeginSignIn {
    /// Reads the values.
    ///
    /// # Errors
    /// Names the first field that breaks its rule, never its value.
    pub fn check(self) -> Result<CheckedBegin, NotOurMessage> {
        Ok(CheckedBegin {
            code_challenge: CodeChallenge::parse(&self.code_challenge)
                .map_err(|_| NotOurMessage("code_challenge"))?,
            state: State::parse(self.state.expose()).map_err(|_| NotOurMessage("state"))?,
            return_to: self.return_to,
            prompt: self.prompt,
        })
    }
}

/// `POST /api/complete_sign_in`: either `code` and `code_verifier`, or `error`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteSignIn {
    /// The state of the attempt.
    pub state: Carried,
    /// The issuer that answered (RFC 9207), at most 512 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The authorization code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Carried>,
    /// The verifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_verifier: Option<Carried>,
    /// The provider's error code, in place of code and verifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The provider's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// A completion that was read: only this goes on.
#[derive(Debug)]
pub struct CheckedCompletion {
    /// The state.
    pub state: State,
    /// The issuer that answered.
    pub iss: Option<String>,
    /// What it answered.
    pub answer: CheckedAnswer,
}

/// What the provider answered, with the proof where there is a code.
#[derive(Debug)]
pub enum CheckedAnswer {
    /// A code and the verifier that belongs to it.
    Code {
        /// The authorization code.
        code: Secret<String>,
        /// The proof.
        verifier: CodeVerifier,
    },
    /// A refusal.
    Refused {
        /// The provider's error code, raw.
        error: String,
        /// The provider's words, raw.
        description: Option<String>,
    },
}

/// Why a completion goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionRefused {
    /// Something a person can meet.
    Failure(Failure),
    /// Something our own pages cannot send.
    NotOurMessage(NotOurMessage),
}

impl CompleteSignIn {
    /// Reads the values, in the order state, form of the answer, code, verifier.
    ///
    /// # Errors
    /// [`CompletionRefused`]; never with a value in it.
    pub fn check(self) -> Result<CheckedCompletion, CompletionRefused> {
        use CompletionRefused::{Failure as Fails, NotOurMessage as Unlike};
        if self.iss.as_ref().is_some_and(|iss| iss.len() > LONGEST_ISS) {
            return Err(Unlike(NotOurMessage("iss")));
        }
        let state =
            State::parse(self.state.expose()).map_err(|_| Fails(Failure::StateUnmatched))?;
        let answer = match (self.code, self.error) {
            (Some(code), None) => {
                if !is_code(code.expose()) {
                    return Err(Fails(Failure::AnswerIncomplete));
                }
                let verifier = self.code_verifier.as_ref().map_or("", Carried::expose);
                CheckedAnswer::Code {
                    code: Secret::new(code.expose().to_owned()),
                    verifier: CodeVerifier::parse(verifier)
                        .map_err(|_| Fails(Failure::ProofMismatch))?,
                }
            }
            (None, Some(error)) => CheckedAnswer::Refused {
                error,
                description: self.error_description,
            },
            _ => return Err(Fails(Failure::AnswerIncomplete)),
        };
        Ok(CheckedCompletion {
            state,
            iss: self.iss,
            answer,
        })
    }
}

/// The answer to [`CompleteSignIn`].
///
/// Signed in: `profile` and `return_to`. Cancelled by the person, which is an outcome and not an
/// error: `failure`, `reference` and `return_to`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Completion {
    /// Where to go.
    pub return_to: String,
    /// Who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// `cancelled`, where the person chose not to sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The reference that is also in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The provider's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_says: Option<String>,
}

/// The answer to `POST /api/refresh_profile`: the session as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshedProfile {
    /// What may be shown.
    pub profile: Profile,
    /// What the session's access covers.
    pub access: Access,
}

/// `POST /api/save_preferences`: the fields of the form, and whose they are.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavePreferences {
    /// What somebody wants to be called.
    pub call_me: String,
    /// How times are written.
    pub times: String,
    /// The account that the page shows.
    pub account: String,
}

/// Without the name, because names of people belong in no log.
impl fmt::Debug for SavePreferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavePreferences").finish_non_exhaustive()
    }
}

/// The body of every failed call, with the status of its failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What went wrong; absent where our own pages cannot be the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The reference that is also in the log.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// After how many seconds another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The provider's own words, only when the state matched an attempt of this browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_says: Option<String>,
    /// Where the person wanted to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
}

impl Problem {
    /// A failure with its reference and nothing else.
    #[must_use]
    pub fn new(failure: Failure, reference: impl Into<String>) -> Self {
        Self {
            failure: Some(failure),
            reference: reference.into(),
            retry_after: None,
            provider_says: None,
            return_to: None,
        }
    }
}
