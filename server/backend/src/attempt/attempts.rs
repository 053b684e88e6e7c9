//! What can be done with attempts.

use std::{sync::Arc, time::Duration};

use thiserror::Error;
use wrengate_protocol::{
    Failure, Secret,
    attempt::LIFETIME,
    encoding::{base64url, sha256},
    messages::Problem,
    pkce::CodeVerifier,
    state::State,
};

use super::{
    Attempt, NewAttempt, Outcome,
    record::{self, Claim},
};
use crate::{
    clock::{Clock, UnixSeconds},
    random::{Random, RandomError, bytes32},
    store::{AttemptCaps, Store, StoreError, seconds},
};

/// How many live attempts one browser may have, so that several tabs can sign in at once; one more
/// evicts the oldest.
pub const LIVE_PER_BROWSER: u32 = 5;

/// How many live attempts there may be in all, about 100 MB in the store; one more evicts the oldest.
pub const LIVE_OVERALL: u32 = 100_000;

/// How many verifiers may be tried on one attempt; the last wrong one closes it.
///
/// # Security
/// A verifier has 256 bits, so this stops no guessing that had a chance; it ends the noise.
pub const VERIFIER_TRIES: u32 = 5;

/// How long a closed or expired attempt is remembered: one hour, so that a late second answer is
/// told apart from a foreign one.
pub const TOMBSTONE: Duration = Duration::from_hours(1);

/// Why an attempt was not registered.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// A stored attempt has this state, and perhaps has ended.
    #[error("the state is in use already")]
    StateInUse,
    /// The store failed.
    #[error("the attempt could not be stored")]
    Store(#[from] StoreError),
    /// No random bytes for the cookie.
    #[error("no attempt cookie could be made")]
    Random(#[from] RandomError),
}

/// Registers, finds, consumes and closes attempts.
#[derive(Clone, Debug)]
pub struct Attempts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Attempts {
    /// Keeps attempts in a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            store,
            clock,
            random,
        }
    }

    /// Registers an attempt and gives the cookie value that ties it to the browser.
    ///
    /// The presented value is used again while a live attempt hangs on it, since another tab may be
    /// waiting with it; otherwise there is a new one. Above [`LIVE_PER_BROWSER`] the oldest attempt
    /// is deleted.
    ///
    /// # Errors
    /// [`RegisterError`] when the state is in use, or store or random source fail.
    ///
    /// # Security
    /// A value that the server does not know is never adopted, so nobody can plant one.
    pub async fn register(
        &self,
        new: NewAttempt,
        presented: Option<&Secret<String>>,
    ) -> Result<Secret<String>, RegisterError> {
        let now = self.clock.now();
        let cookie = match presented {
            Some(value) if self.owns_live_attempt(value, now).await? => value.clone(),
            _ => Secret::new(base64url(&bytes32(&*self.random)?)),
        };
        let mut id = [0; 16];
        self.random.fill(&mut id)?;
        let expires = now.saturating_add(seconds(LIFETIME));
        let times = record::Times {
            created: now,
            expires,
            drop_at: expires + seconds(TOMBSTONE),
        };
        let record = record::write(&new, base64url(&id), sha256(cookie.expose()), times)?;
        let caps = AttemptCaps {
            per_owner: LIVE_PER_BROWSER,
            overall: LIVE_OVERALL,
        };
        if self.store.insert_attempt(&record, caps, now).await? {
            Ok(cookie)
        } else {
            Err(RegisterError::StateInUse)
        }
    }

    /// Finds the attempt of a state, whatever its status: expired and closed ones are remembered
    /// for [`TOMBSTONE`], closed ones without challenge, nonce and metadata.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn find(&self, state: &State) -> Result<Option<Attempt>, StoreError> {
        let Some(record) = self
            .store
            .find_attempt(&state.hash(), self.clock.now())
            .await?
        else {
            return Ok(None);
        };
        match record::read(&record) {
            Ok(attempt) => Ok(Some(attempt)),
            Err(error) => {
                tracing::warn!(
                    attempt = record.id,
                    error = %error,
                    "dropped an attempt record that cannot be read"
                );
                self.store.delete_attempt(&record.id).await?;
                Ok(None)
            }
        }
    }

    /// Counts a wrong verifier. The attempt stays pending, but the last of [`VERIFIER_TRIES`]
    /// closes it.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn count_wrong_verifier(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let outcome = Outcome::Failed(Problem::new(Failure::ProofMismatch, ""));
        let outcome = record::to_text(&outcome)?;
        let drop_at = self.clock.now().saturating_add(seconds(TOMBSTONE));
        self.store
            .count_miss(&attempt.id, VERIFIER_TRIES, &outcome, drop_at)
            .await
    }

    /// Takes the attempt from pending to working and notes what it was consumed with. True for
    /// exactly one caller; there is no way back.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; after [`StoreError::Timeout`] it may be consumed.
    ///
    /// # Security
    /// Called before the first request to the provider, this is what makes every code travel once.
    pub async fn consume(
        &self,
        attempt: &Attempt,
        code: &Secret<String>,
        verifier: &CodeVerifier,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let claim = Claim {
            code_hash: sha256(code.expose()),
            verifier_hash: sha256(verifier.expose()),
            at: now,
        };
        self.store
            .take_attempt(&attempt.id, &record::to_text(&claim)?, now)
            .await
    }

    /// Closes the attempt with its outcome and wipes challenge, nonce and metadata. The first
    /// outcome stays; closing again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn close(&self, attempt: &Attempt, outcome: Outcome) -> Result<(), StoreError> {
        let outcome = record::to_text(&outcome)?;
        let drop_at = self.clock.now().saturating_add(seconds(TOMBSTONE));
        let closed = self
            .store
            .close_attempt(&attempt.id, &outcome, drop_at)
            .await?;
        if !closed {
            tracing::info!(
                attempt = attempt.id,
                "the attempt was closed or evicted before"
            );
        }
        Ok(())
    }

    /// Whether other live attempts hang on the same cookie, which then must stay.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn others_live(&self, attempt: &Attempt) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.store
            .has_live_attempt(&attempt.cookie_hash, Some(&attempt.id), now)
            .await
    }

    async fn owns_live_attempt(
        &self,
        cookie: &Secret<String>,
        now: UnixSeconds,
    ) -> Result<bool, StoreError> {
        self.store
            .has_live_attempt(&sha256(cookie.expose()), None, now)
            .await
    }
}
