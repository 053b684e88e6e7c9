//! The repeat rule: the same call twice gets the same answer; anything else about a used attempt is refused.

use std::time::Duration;

use wrengate_protocol::{
    Failure,
    encoding::{equal_in_constant_time, sha256},
    messages::CheckedAnswer,
    state::State,
};

use super::{Completed, Presented, SignIn, SignInError};
use crate::{
    attempt::{Attempt, Outcome, Status},
    clock::UnixSeconds,
    session::{Activity, Lookup},
};

/// For how long a repeat is answered, in seconds since the first call.
const REPEAT_SECONDS: UnixSeconds = 60;

/// For how long an outcome is waited for, in seconds since the first call; after that the process
/// that worked on it is taken to be gone.
const WAIT_SECONDS: UnixSeconds = 30;

/// How often the store is asked when another process works on the attempt.
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// What a call sent, as far as it decides whether two calls are the same.
#[derive(Debug)]
pub(super) enum Sent {
    Code {
        code_hash: [u8; 32],
        verifier_hash: [u8; 32],
    },
    Refusal,
}

impl Sent {
    pub(super) fn of(answer: &CheckedAnswer) -> Self {
        match answer {
            CheckedAnswer::Code { code, verifier } => Self::Code {
                code_hash: sha256(code.expose()),
                verifier_hash: sha256(verifier.expose()),
            },
            CheckedAnswer::Refused { .. } => Self::Refusal,
        }
    }

    /// Whether the attempt was closed by the same call.
    fn repeats(&self, attempt: &Attempt) -> bool {
        let same = |sent: &[u8; 32], stored: &Option<[u8; 32]>| {
            stored
                .as_ref()
                .is_some_and(|stored| equal_in_constant_time(sent, stored))
        };
        match self {
            Self::Code {
                code_hash,
                verifier_hash,
            } => same(code_hash, &attempt.code_hash) && same(verifier_hash, &attempt.verifier_hash),
            Self::Refusal => attempt.code_hash.is_none(),
        }
    }
}

impl SignIn {
    /// Answers a call about an attempt that is no longer pending.
    pub(super) async fn repeat(
        &self,
        state: &State,
        sent: &Sent,
        presented: &Presented,
    ) -> Result<Completed, SignInError> {
        let mut attempt = self.find(state).await?;
        while attempt.status == Status::Working && sent.repeats(&attempt) {
            let since = self.clock.now() - attempt.consumed_at.unwrap_or_default();
            if since > WAIT_SECONDS {
                break;
            }
            if !self.flights.landed(&attempt.id).await {
                tokio::time::sleep(ASK_AGAIN).await;
            }
            attempt = self.find(state).await?;
        }
        let recent = attempt
            .consumed_at
            .is_none_or(|consumed_at| self.clock.now() - consumed_at <= REPEAT_SECONDS);
        if !recent || !sent.repeats(&attempt) {
            return Err(SignInError::already_used(&attempt));
        }
        match attempt.outcome.clone() {
            Some(Outcome::SignedIn { session_key }) => {
                self.signed_in_again(&attempt, &session_key, presented)
                    .await
            }
            Some(Outcome::Failed(problem)) if problem.failure == Some(Failure::Cancelled) => {
                self.cancelled(&attempt, problem).await
            }
            Some(Outcome::Failed(problem)) => Err(SignInError::Told(problem)),
            None => Err(SignInError::already_used(&attempt)),
        }
    }

    /// The first answer was lost: this browser gets an id of its own for the same session.
    async fn signed_in_again(
        &self,
        attempt: &Attempt,
        session_key: &str,
        presented: &Presented,
    ) -> Result<Completed, SignInError> {
        let session = self.sessions.by_key(session_key).await?;
        let session = session.ok_or_else(|| SignInError::already_used(attempt))?;
        let id = if self.session_came_from(attempt, presented).await? {
            None
        } else {
            self.sessions.add_id(session_key).await?
        };
        self.signed_in(attempt, &session, id).await
    }

    /// Whether the presented session is the one this attempt created.
    pub(super) async fn session_came_from(
        &self,
        attempt: &Attempt,
        presented: &Presented,
    ) -> Result<bool, SignInError> {
        let Some(id) = &presented.session else {
            return Ok(false);
        };
        let found = self.sessions.look_up(id, Activity::Poll).await?;
        Ok(matches!(found, Lookup::Active(session) if session.attempt_id == attempt.id))
    }
}
