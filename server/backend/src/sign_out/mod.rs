//! Ending sessions because somebody asked for it: local first and always.

use std::sync::Arc;

use crate::{
    provider::Provider,
    session::{Activity, EndOf, Ended, Lookup, Session, SessionId, Sessions},
    store::StoreError,
};

/// Ends sessions and gives their tokens back; cheap to clone.
#[derive(Clone, Debug)]
pub struct SignOut {
    sessions: Sessions,
    #[expect(dead_code, reason = "tokens are given back in a later step")]
    provider: Arc<Provider>,
}

impl SignOut {
    /// Ends sessions of this kind, whose tokens are of this provider.
    #[must_use]
    pub fn new(sessions: Sessions, provider: Arc<Provider>) -> Self {
        Self { sessions, provider }
    }

    /// Signs out the browser with this id. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; the browser is still signed in then.
    pub async fn here(&self, id: &SessionId, reference: &str) -> Result<(), StoreError> {
        let ended = self.sessions.end(EndOf::Id(id), Ended::SignedOut).await?;
        audit("signed-out", reference, &ended);
        Ok(())
    }

    /// Signs out every browser of the account, this one too. Every other one learns
    /// `session-revoked`.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn everywhere(&self, id: &SessionId, reference: &str) -> Result<(), StoreError> {
        if let Lookup::Active(session) = self.sessions.look_up(id, Activity::Person).await? {
            let account = EndOf::Account {
                issuer: &session.issuer,
                subject: &session.subject,
            };
            let ended = self.sessions.end(account, Ended::Revoked).await?;
            audit("signed-out-everywhere", reference, &ended);
        }
        self.here(id, reference).await
    }

    /// Signs out another browser of the account that `session` is of; false when there is none with
    /// this key.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn one(
        &self,
        session: &Session,
        key: &str,
        reference: &str,
    ) -> Result<bool, StoreError> {
        let one = EndOf::OneOfAccount { session, key };
        let ended = self.sessions.end(one, Ended::Revoked).await?;
        audit("signed-out-remotely", reference, &ended);
        Ok(!ended.is_empty())
    }

    /// Signs out all other browsers of the account that `session` is of, and tells how many there
    /// were.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn others(&self, session: &Session, reference: &str) -> Result<usize, StoreError> {
        let others = EndOf::OthersOfAccount(session);
        let ended = self.sessions.end(others, Ended::Revoked).await?;
        audit("signed-out-remotely", reference, &ended);
        Ok(ended.len())
    }
}

/// One line for each session that ended, for whoever must tell later who ended what.
fn audit(event: &'static str, reference: &str, ended: &[Session]) {
    for session in ended {
        tracing::info!(
            target: "audit",
            event,
            reference,
            session = session.key,
            attempt = session.attempt_id,
            "a session ended"
        );
    }
}
