//! Step 9: the server completes the sign-in.

use std::time::Duration;

use wrengate_protocol::{
    Failure, Secret,
    messages::{CheckedAnswer, CheckedCompletion, Completion, Problem},
    pkce::CodeVerifier,
    profile::Access,
    provider_error::{ErrorCode, quotable},
    state::State,
    step::Step,
    token::TokenResponse,
};

use super::{
    Completed, Presented, SignIn, SignInError, error::ForAttempt as _, identity::Identity,
    repeat::Sent,
};
use crate::{
    attempt::{Attempt, Outcome, Status},
    inspector::Recorder,
    session::{NewSession, Session, SessionId, Tokens},
};

/// What is redeemed: a code, and the proof that it is ours.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) code: Secret<String>,
    pub(super) verifier: CodeVerifier,
}

/// How long the whole of steps 9.6 to 9.9 may take.
const DEADLINE: Duration = Duration::from_secs(30);

impl SignIn {
    /// Step 9 of 10: checks the answer, redeems the code, opens the session.
    ///
    /// # Errors
    /// [`SignInError`], which [`problem`](SignInError::problem) turns into what the person is told.
    ///
    /// # Security
    /// The order is the point: nothing of the answer is used before its state matches an attempt of
    /// this browser, and nothing is sent before the attempt was consumed. The attempt's own record
    /// decides where the code goes, never the request.
    pub async fn complete(
        &self,
        request: CheckedCompletion,
        presented: Presented,
        reference: &str,
    ) -> Result<Completed, SignInError> {
        let recorder = self.inspector.resume(&presented, &request);
        recorder.presented(&presented);
        let completed = self.check(request, presented, reference);
        let completed = Box::pin(recorder.clone().scope(completed)).await;
        recorder.completed(&completed, reference);
        completed
    }

    /// Steps 9.2 to 9.5, and on from there.
    async fn check(
        &self,
        request: CheckedCompletion,
        presented: Presented,
        reference: &str,
    ) -> Result<Completed, SignInError> {
        let CheckedCompletion { state, iss, answer } = request;
        let attempt = self.find(&state).await?;
        let sent = Sent::of(&answer);
        self.check_browser(&attempt, &presented).await?;
        Recorder::current().nonce(attempt.nonce.as_ref());
        if attempt.status != Status::Pending {
            return self.repeat(&state, &sent, &presented).await;
        }
        self.check_issuer(&attempt, iss.as_deref(), reference)
            .await?;
        let (code, verifier) = match answer {
            CheckedAnswer::Code { code, verifier } => (code, verifier),
            CheckedAnswer::Refused { error, description } => {
                return self
                    .refuse(&attempt, &error, description.as_deref(), reference)
                    .await;
            }
        };
        self.check_proof(&attempt, &verifier).await?;
        if !self.attempts.consume(&attempt, &code, &verifier).await? {
            return self.repeat(&state, &sent, &presented).await;
        }
        self.redeem(attempt, Grant { code, verifier }, presented, reference)
            .await
    }

    /// Step 9.2: the attempt is found by the hash of its state.
    pub(super) async fn find(&self, state: &State) -> Result<Attempt, SignInError> {
        let found = self.attempts.find(state).await?;
        found.ok_or(SignInError::StateUnmatched("no such attempt"))
    }

    /// Step 9.2, the other half: the attempt belongs to this browser and is not too old.
    async fn check_browser(
        &self,
        attempt: &Attempt,
        presented: &Presented,
    ) -> Result<(), SignInError> {
        let ours = attempt.belongs_to(presented.attempt.as_ref());
        if attempt.status == Status::Pending {
            if self.clock.now() >= attempt.expires {
                return Err(SignInError::TooLong {
                    return_to: ours.then(|| attempt.return_to.as_str().to_owned()),
                });
            }
        } else if !ours && self.session_came_from(attempt, presented).await? {
            return Ok(());
        }
        if ours {
            Ok(())
        } else {
            Err(SignInError::StateUnmatched("begun in another browser"))
        }
    }

    /// Step 9.3: the issuer rule (RFC 9207, section 2.4).
    async fn check_issuer(
        &self,
        attempt: &Attempt,
        iss: Option<&str>,
        reference: &str,
    ) -> Result<(), SignInError> {
        let Some(metadata) = &attempt.metadata else {
            return Err(SignInError::already_used(attempt));
        };
        let accepted = match &metadata.issuer {
            Some(issuer) => issuer.accepts(iss, metadata.iss_advertised),
            None => true,
        };
        if accepted {
            return Ok(());
        }
        let error = SignInError::WrongIssuer {
            missing: iss.is_none(),
        };
        self.close(attempt, error.problem(reference).for_attempt(attempt))
            .await?;
        Err(error.in_attempt(attempt))
    }

    /// Step 9.3, the other half: the provider refused; the attempt ends here.
    async fn refuse(
        &self,
        attempt: &Attempt,
        error: &str,
        description: Option<&str>,
        reference: &str,
    ) -> Result<Completed, SignInError> {
        let code = ErrorCode::parse(error);
        let refused = SignInError::Refused {
            failure: code.in_authorization_response(description),
            provider_says: description.and_then(quotable),
            code,
        };
        let problem = refused.problem(reference).for_attempt(attempt);
        self.close(attempt, problem.clone()).await?;
        let refused = refused.in_attempt(attempt);
        if refused.failure() != Failure::Cancelled {
            return Err(refused);
        }
        self.operator
            .sign_in_failed(reference, Step::AtProvider, &refused);
        self.cancelled(attempt, problem).await
    }

    /// An outcome and not an error: the person chose not to sign in.
    pub(super) async fn cancelled(
        &self,
        attempt: &Attempt,
        problem: Problem,
    ) -> Result<Completed, SignInError> {
        Ok(Completed {
            completion: Completion {
                return_to: attempt.return_to.as_str().to_owned(),
                failure: problem.failure,
                reference: Some(problem.reference),
                provider_says: problem.provider_says,
                profile: None,
            },
            session: None,
            attempt_cookie_done: !self.attempts.others_live(attempt).await?,
        })
    }

    /// Step 9.4: the verifier fits the challenge (RFC 7636, section 4.6).
    async fn check_proof(
        &self,
        attempt: &Attempt,
        verifier: &CodeVerifier,
    ) -> Result<(), SignInError> {
        if attempt
            .code_challenge
            .as_ref()
            .is_some_and(|challenge| challenge.fits(verifier))
        {
            return Ok(());
        }
        self.attempts.count_wrong_verifier(attempt).await?;
        Err(SignInError::ProofMismatch.in_attempt(attempt))
    }

    /// Steps 9.6 to 9.9 in a task of their own, so that a browser that goes away cancels nothing.
    async fn redeem(
        &self,
        attempt: Attempt,
        grant: Grant,
        presented: Presented,
        reference: &str,
    ) -> Result<Completed, SignInError> {
        let landing = self.flights.depart(&attempt.id);
        let flow = self.clone();
        let reference = reference.to_owned();
        let recorder = Recorder::current();
        recorder.consumed();
        let work = recorder.clone().scope(async move {
            // Held until the outcome is stored: whoever waits for it reads it from the store.
            let _landing = landing;
            let result = flow.work(&attempt, &grant, &presented).await;
            let settled = flow.settle(&attempt, result, &reference).await;
            // Here, because the call that waits for it may be gone.
            recorder.completed(&settled, &reference);
            settled
        });
        tokio::spawn(work)
            .await
            .unwrap_or(Err(SignInError::Panicked))
    }

    /// Steps 9.6 to 9.9 in time. Whatever fails after the exchange, the store included, the tokens
    /// are given back.
    async fn work(
        &self,
        attempt: &Attempt,
        grant: &Grant,
        presented: &Presented,
    ) -> Result<(SessionId, Session), SignInError> {
        let metadata = attempt.metadata.as_ref().ok_or(SignInError::Panicked)?;
        let mut granted = None;
        let opened = tokio::time::timeout(DEADLINE, async {
            let tokens = &*granted.insert(self.exchange(attempt, metadata, grant).await?);
            let identity = self.identify(attempt, metadata, tokens).await;
            let identity = identity.map_err(SignInError::Provider)?;
            self.open_session(attempt, tokens, identity, presented)
                .await
        });
        let opened = opened.await.unwrap_or(Err(SignInError::Deadline));
        if opened.is_err()
            && let Some(tokens) = granted
        {
            self.throw_away(metadata.clone(), tokens);
        }
        opened
    }

    /// Step 9.9: a new session; the one the browser had before ends.
    async fn open_session(
        &self,
        attempt: &Attempt,
        tokens: &TokenResponse,
        identity: Identity,
        presented: &Presented,
    ) -> Result<(SessionId, Session), SignInError> {
        let metadata = attempt.metadata.as_ref().ok_or(SignInError::Panicked)?;
        let issuer = metadata.issuer_name();
        let Identity {
            userinfo,
            profile_refused,
            sid,
        } = identity;
        let granted = tokens.scope.as_ref().unwrap_or(&attempt.scopes).clone();
        let new = NewSession {
            issuer,
            subject: userinfo.subject,
            profile: userinfo.profile,
            access: Access {
                refused: attempt
                    .scopes
                    .iter()
                    .filter(|scope| !granted.contains(scope))
                    .cloned()
                    .collect(),
                granted,
                profile_refused,
                expires_at: tokens
                    .expires_in
                    .map(|seconds| self.clock.now() + i64::from(seconds)),
            },
            tokens: Tokens {
                access_token: tokens.access_token.clone(),
                refresh_token: tokens.refresh_token.clone(),
                id_token: tokens.id_token.clone(),
            },
            attempt_id: attempt.id.clone(),
            sid,
            user_agent: presented.user_agent.clone(),
        };
        let replaces = presented.session.as_ref();
        let opened = self.sessions.open(new, replaces).await?;
        self.operator.metrics.session_opened();
        Ok(opened)
    }

    /// Stores the outcome, so that a repeat gets the same one, and makes the answer.
    async fn settle(
        &self,
        attempt: &Attempt,
        result: Result<(SessionId, Session), SignInError>,
        reference: &str,
    ) -> Result<Completed, SignInError> {
        match result {
            Ok((id, session)) => {
                Recorder::current().opened(&session);
                let outcome = Outcome::SignedIn {
                    session_key: session.key.clone(),
                };
                if let Err(error) = self.attempts.close(attempt, outcome).await {
                    // The session is there and the person is signed in; only a repeat is worse off.
                    tracing::warn!(attempt = attempt.id, error = %error, "the outcome could not be stored");
                }
                self.operator.metrics.sign_in_completed();
                tracing::info!(reference, attempt = attempt.id, "signed in");
                self.signed_in(attempt, &session, Some(id)).await
            }
            Err(error) => {
                let problem = error.problem(reference).for_attempt(attempt);
                if let Err(error) = self.attempts.close(attempt, Outcome::Failed(problem)).await {
                    tracing::warn!(attempt = attempt.id, error = %error, "the outcome could not be stored");
                }
                Err(error.in_attempt(attempt))
            }
        }
    }

    /// The answer that says who signed in.
    pub(super) async fn signed_in(
        &self,
        attempt: &Attempt,
        session: &Session,
        id: Option<SessionId>,
    ) -> Result<Completed, SignInError> {
        Ok(Completed {
            completion: Completion {
                return_to: attempt.return_to.as_str().to_owned(),
                profile: Some(session.profile.clone()),
                ..Completion::default()
            },
            session: id,
            // A cookie that stays a little longer does no harm, so a store that fails here is no reason to fail.
            attempt_cookie_done: !self.attempts.others_live(attempt).await.unwrap_or(true),
        })
    }

    async fn close(&self, attempt: &Attempt, problem: Problem) -> Result<(), SignInError> {
        Ok(self
            .attempts
            .close(attempt, Outcome::Failed(problem))
            .await?)
    }
}
