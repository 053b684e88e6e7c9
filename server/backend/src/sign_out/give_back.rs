//! Tokens that no session holds any more go back to the provider (RFC 7009): best effort, and never for
//! long.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout, timeout_at},
};
use wrengate_protocol::discovery::Metadata;

use super::AccessEnd;
use crate::{
    clock::Clock,
    provider::{Provider, TokenKind},
    session::{Session, Sessions, Tokens},
};

/// How long everything that is asked of the provider at one sign-out may take: 2 s.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// How many are given back at the same time for one request, and for all of them together.
const AT_ONCE: (usize, usize) = (4, 8);

/// How long it may take in all to give back what one request ended: a minute. Of a provider that does
/// not answer, the breaker is open by then.
const LONGEST: Duration = Duration::from_mins(1);

/// Gives tokens back; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct GiveBack {
    sessions: Sessions,
    provider: Arc<Provider>,
    clock: Arc<dyn Clock>,
    turns: Arc<Semaphore>,
    pending: watch::Sender<usize>,
}

/// Counts what is under way, however it ends.
pub(super) struct Pending(watch::Sender<usize>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.send_modify(|pending| *pending -= 1);
    }
}

impl GiveBack {
    pub(super) fn new(sessions: Sessions, provider: Arc<Provider>, clock: Arc<dyn Clock>) -> Self {
        Self {
            sessions,
            provider,
            clock,
            turns: Arc::new(Semaphore::new(AT_ONCE.1)),
            pending: watch::Sender::new(0),
        }
    }

    /// Notes that something is under way until the answer is dropped.
    pub(super) fn begin(&self) -> Pending {
        self.pending.send_modify(|pending| *pending += 1);
        Pending(self.pending.clone())
    }

    /// Waits until nothing is under way.
    pub(super) async fn settled(&self) {
        // An error means that the sender is gone, and with it whatever was under way.
        let _ = self
            .pending
            .subscribe()
            .wait_for(|pending| *pending == 0)
            .await;
    }

    /// Where the provider of a session answers now; `None` when that cannot be had in time.
    ///
    /// # Security
    /// Tokens of a session that began under another issuer are not this provider's to see.
    pub(super) async fn metadata(
        &self,
        session: &Session,
        deadline: Instant,
    ) -> Option<Arc<Metadata>> {
        let metadata = timeout_at(deadline, self.provider.metadata()).await;
        let metadata = metadata.ok()?.ok()?;
        let issuer = match &metadata.issuer {
            Some(issuer) => issuer.as_str().to_owned(),
            None => metadata.token_endpoint.origin().ascii_serialization(),
        };
        (issuer == session.issuer).then_some(metadata)
    }

    /// The tokens of a session that ended; `None` when the key that sealed them is lost.
    pub(super) fn tokens(&self, session: &Session) -> Option<Tokens> {
        match self.sessions.tokens(session) {
            Ok(tokens) => Some(tokens),
            Err(error) => {
                tracing::warn!(
                    session = session.key,
                    error = %error,
                    "tokens could not be opened, so they are not revoked"
                );
                None
            }
        }
    }

    /// Revokes the refresh token, with which its access tokens end (RFC 7009, section 2.1), or the
    /// access token where there is none; and tells until when access may still work.
    pub(super) async fn revoke(
        &self,
        session: &Session,
        metadata: Option<&Metadata>,
        tokens: Option<&Tokens>,
        deadline: Instant,
    ) -> AccessEnd {
        if let (Some(metadata), Some(tokens)) = (metadata, tokens) {
            let (token, kind) = match &tokens.refresh_token {
                Some(token) => (token, TokenKind::Refresh),
                None => (&tokens.access_token, TokenKind::Access),
            };
            let asked = self.provider.revoke(metadata, token, kind);
            match timeout_at(deadline, asked).await {
                Ok(Ok(true)) => return AccessEnd::Over,
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::info!(
                    session = session.key,
                    failure = error.failure().code(),
                    "tokens of a session that ended could not be revoked"
                ),
                Err(_) => tracing::info!(
                    session = session.key,
                    "tokens of a session that ended were not revoked in time"
                ),
            }
        }
        match session.access.expires_at {
            Some(end) if end <= self.clock.now() => AccessEnd::Over,
            end => AccessEnd::Unconfirmed(end),
        }
    }

    /// Gives back the tokens of sessions that ended elsewhere, which nobody waits for.
    pub(super) fn later(&self, ended: Vec<Session>) {
        let workers = ended.len().min(AT_ONCE.0);
        let left = Arc::new(Mutex::new(ended));
        for _ in 0..workers {
            let (this, left) = (self.clone(), Arc::clone(&left));
            let pending = self.begin();
            tokio::spawn(async move {
                let _pending = pending;
                if timeout(LONGEST, this.work(&left)).await.is_err() {
                    let left = left.lock().unwrap_or_else(PoisonError::into_inner).len();
                    tracing::info!(
                        left,
                        "tokens of sessions that ended were not revoked in time"
                    );
                }
            });
        }
    }

    async fn work(&self, left: &Mutex<Vec<Session>>) {
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(session) = next else {
                return;
            };
            // Acquiring fails only for a semaphore that was closed, and this one never is.
            let _turn = self.turns.acquire().await;
            let deadline = Instant::now() + PATIENCE;
            let metadata = self.metadata(&session, deadline).await;
            let tokens = self.tokens(&session);
            self.revoke(&session, metadata.as_deref(), tokens.as_ref(), deadline)
                .await;
        }
    }
}
