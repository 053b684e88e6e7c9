//! The provider says that somebody left (OpenID Connect Back-Channel Logout, section 2.5 to 2.8).

use thiserror::Error;
use wrengate_protocol::{
    Secret,
    encoding::sha256,
    logout_token::{Leaving, LogoutToken},
};

use super::{SignOut, audit};
use crate::{
    provider::LogoutRefused,
    session::{EndOf, Ended, Session, SubjectsSession},
    store::{Hash, StoreError},
};

/// How long a token counts as taken while sessions are being ended, in seconds. If that fails, and the
/// store does not even take the note back, the provider's next try works after it.
const WORKING: i64 = 10;

/// Why a call of the provider ended no session.
#[derive(Debug, Error)]
pub enum BackChannelError {
    /// The token is refused, or cannot be checked.
    #[error(transparent)]
    Refused(#[from] LogoutRefused),
    /// The token was here before.
    #[error("the logout token was used before")]
    Replayed,
    /// The store failed; the same token works once it is back.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl SignOut {
    /// Ends the sessions that a logout token is about, and tells how many there were; none is no error.
    ///
    /// A session without the provider's `sid` ends by `sub`, whatever `sid` the token names besides.
    ///
    /// # Errors
    /// [`BackChannelError`]; unless the store failed in between, nothing has changed then.
    ///
    /// # Security
    /// A token works once: replayed, it would end the sessions of somebody who has come back since.
    pub async fn by_provider(
        &self,
        token: &Secret<String>,
        reference: &str,
    ) -> Result<usize, BackChannelError> {
        let (issuer, token) = self.provider.check_logout_token(token).await?;
        let this = self.clone();
        let reference = reference.to_owned();
        // In a task of its own: a provider that hangs up leaves no half-done work behind.
        let work = async move { this.end_for_provider(&issuer, &token, &reference).await };
        tokio::spawn(work)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(Box::new(error)).into()))
    }

    async fn end_for_provider(
        &self,
        issuer: &str,
        token: &LogoutToken,
        reference: &str,
    ) -> Result<usize, BackChannelError> {
        let (store, clock) = (&self.tickets.store, &self.tickets.clock);
        let name = name(issuer, &token.id);
        let now = clock.now();
        let working_until = now.saturating_add(WORKING);
        if !store.leave_note(&name, "", working_until, now).await? {
            return Err(BackChannelError::Replayed);
        }
        let ended = match self.end_leaving(issuer, &token.leaving).await {
            Ok(ended) => ended,
            Err(error) => {
                // If this fails too, the note ends by itself.
                let _ = store.take_note(&name, clock.now()).await;
                return Err(error.into());
            }
        };
        audit("signed-out-by-provider", reference, &ended);
        let number = ended.len();
        self.give_back.later(ended);
        // From a short note to a long one. Whoever brings the token between the two ends nothing more.
        let now = clock.now();
        store.take_note(&name, now).await?;
        store.leave_note(&name, "", token.refused_from, now).await?;
        Ok(number)
    }

    async fn end_leaving(&self, issuer: &str, who: &Leaving) -> Result<Vec<Session>, StoreError> {
        let reason = Ended::ByProvider;
        match who {
            Leaving::Subject(subject) => {
                let account = EndOf::Account { issuer, subject };
                self.sessions.end(account, reason).await
            }
            Leaving::Session(sid) => {
                let session = EndOf::ProviderSession { issuer, sid };
                self.sessions.end(session, reason).await
            }
            Leaving::SubjectsSession { subject, sid } => {
                let both = SubjectsSession {
                    issuer,
                    subject,
                    sid,
                };
                self.sessions.end_of_subjects_session(both, reason).await
            }
        }
    }
}

/// Under which it is noted that a token was here.
fn name(issuer: &str, id: &str) -> Hash {
    sha256(&format!("logout token:{}:{issuer}{id}", issuer.len()))
}
