//! Ending sessions because somebody asked for it: local first and always.
//!
//! [`give_back`] returns tokens to the provider, [`ticket`] leads on to where its own session ends, and
//! [`back_channel`] is the provider asking.

mod back_channel;
mod give_back;
mod ticket;

use std::{fmt, sync::Arc};

use tokio::time::{Instant, timeout_at};
use wrengate_protocol::Secret;

pub use self::{
    back_channel::BackChannelError,
    ticket::{Onward, TICKET_LIFETIME},
};
use self::{
    give_back::{GiveBack, PATIENCE},
    ticket::Tickets,
};
use crate::{
    clock::{Clock, UnixSeconds},
    provider::Provider,
    random::Random,
    session::{Activity, EndOf, Ended, KeyRing, Lookup, Session, SessionId, Sessions},
    store::{Store, StoreError},
};

/// Ends sessions and gives their tokens back; cheap to clone.
#[derive(Clone, Debug)]
pub struct SignOut {
    sessions: Sessions,
    provider: Arc<Provider>,
    give_back: GiveBack,
    tickets: Tickets,
}

/// What sign-out is made of.
#[derive(Debug)]
pub struct Parts {
    /// Who is signed in.
    pub sessions: Sessions,
    /// Whose tokens the sessions hold.
    pub provider: Arc<Provider>,
    /// Where tickets are kept.
    pub store: Arc<dyn Store>,
    /// What seals what a ticket leads to.
    pub keys: KeyRing,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Where the provider leads back to, to be registered there.
    pub post_logout_redirect_uri: String,
}

/// What became of the access at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessEnd {
    /// It is over: revoked, or expired.
    Over,
    /// The provider did not confirm that it is; it is over by then, where that is known.
    Unconfirmed(Option<UnixSeconds>),
}

/// What a sign-out in this browser came to.
pub struct SignedOut {
    /// What became of the access token.
    pub access: AccessEnd,
    /// Redeemed, it leads to where the provider's own session ends. `None` where there is no such place.
    ///
    /// # Security
    /// Good for [`TICKET_LIFETIME`] seconds and once, for whoever has it.
    pub ticket: Option<Secret<String>>,
}

impl fmt::Debug for SignedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedOut")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl SignOut {
    /// Ends sessions of this kind, whose tokens are of this provider.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts {
            sessions,
            provider,
            store,
            keys,
            clock,
            random,
            post_logout_redirect_uri,
        } = parts;
        let give_back = GiveBack::new(sessions.clone(), Arc::clone(&provider), Arc::clone(&clock));
        let tickets = Tickets {
            store,
            clock,
            random,
            keys,
            client_id: provider.config().client_id.clone(),
            post_logout_redirect_uri,
        };
        Self {
            sessions,
            provider,
            give_back,
            tickets,
        }
    }

    /// Signs out the browser with this id, and then tries for 2 s at most to give its tokens back.
    /// `None` when it was not signed in.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; the browser is still signed in then.
    pub async fn here(
        &self,
        id: &SessionId,
        reference: &str,
    ) -> Result<Option<SignedOut>, StoreError> {
        let (this, id, reference) = (self.clone(), id.clone(), reference.to_owned());
        self.in_full(async move { this.leave_here(&id, &reference).await })
            .await
    }

    async fn leave_here(
        &self,
        id: &SessionId,
        reference: &str,
    ) -> Result<Option<SignedOut>, StoreError> {
        let mut ended = self.sessions.end(EndOf::Id(id), Ended::SignedOut).await?;
        audit("signed-out", reference, &ended);
        Ok(match ended.pop() {
            Some(session) => Some(self.take_leave(session).await),
            None => None,
        })
    }

    /// Signs out every browser of the account, this one too, as [`here`](Self::here) does. Every other
    /// one learns `session-revoked`, and its tokens are given back in the background.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn everywhere(
        &self,
        id: &SessionId,
        reference: &str,
    ) -> Result<Option<SignedOut>, StoreError> {
        let (this, id, reference) = (self.clone(), id.clone(), reference.to_owned());
        self.in_full(async move { this.leave_everywhere(&id, &reference).await })
            .await
    }

    async fn leave_everywhere(
        &self,
        id: &SessionId,
        reference: &str,
    ) -> Result<Option<SignedOut>, StoreError> {
        let Lookup::Active(session) = self.sessions.look_up(id, Activity::Person).await? else {
            return self.leave_here(id, reference).await;
        };
        let account = EndOf::Account {
            issuer: &session.issuer,
            subject: &session.subject,
        };
        let mut ended = self.sessions.end(account, Ended::Revoked).await?;
        audit("signed-out-everywhere", reference, &ended);
        let own = ended.iter().position(|it| it.key == session.key);
        let own = own.map(|own| ended.swap_remove(own));
        self.give_back.later(ended);
        match own {
            Some(own) => Ok(Some(self.take_leave(own).await)),
            None => self.leave_here(id, reference).await,
        }
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
        let (this, session) = (self.clone(), session.clone());
        let (key, reference) = (key.to_owned(), reference.to_owned());
        let ended = self.in_full(async move {
            let one = EndOf::OneOfAccount {
                session: &session,
                key: &key,
            };
            this.end_others(one, &reference).await
        });
        Ok(ended.await? > 0)
    }

    /// Signs out all other browsers of the account that `session` is of, and tells how many there
    /// were.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn others(&self, session: &Session, reference: &str) -> Result<usize, StoreError> {
        let (this, session) = (self.clone(), session.clone());
        let reference = reference.to_owned();
        self.in_full(async move {
            let others = EndOf::OthersOfAccount(&session);
            this.end_others(others, &reference).await
        })
        .await
    }

    async fn end_others(&self, which: EndOf<'_>, reference: &str) -> Result<usize, StoreError> {
        let ended = self.sessions.end(which, Ended::Revoked).await?;
        audit("signed-out-remotely", reference, &ended);
        let number = ended.len();
        self.give_back.later(ended);
        Ok(number)
    }

    /// In a task of its own: a browser that goes away cancels nothing.
    async fn in_full<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pending = self.give_back.begin();
        let work = async move {
            let _pending = pending;
            work.await
        };
        tokio::spawn(work)
            .await
            .unwrap_or_else(|error| Err(StoreError::Failed(Box::new(error))))
    }

    /// Where a ticket leads; `None` for one that is unknown, used or too old. It is used up then.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; the ticket is as good as before then.
    pub async fn redeem(&self, ticket: &str) -> Result<Option<Onward>, StoreError> {
        self.tickets.redeem(ticket).await
    }

    /// Waits until nothing more is given back.
    pub async fn settled(&self) {
        self.give_back.settled().await;
    }

    /// The origin of the place where the provider's own session ends, as far as is known without asking;
    /// `None` where there is no such place.
    #[must_use]
    pub fn leads_on_to(&self) -> Option<String> {
        let metadata = self.provider.known_metadata()?;
        let endpoint = metadata.end_session_endpoint.as_ref()?;
        Some(endpoint.origin().ascii_serialization())
    }

    /// What is asked of the provider after this browser was signed out, in a task of its own: a browser
    /// that goes away cancels nothing.
    async fn take_leave(&self, session: Session) -> SignedOut {
        let unconfirmed = AccessEnd::Unconfirmed(session.access.expires_at);
        let (this, pending) = (self.clone(), self.give_back.begin());
        let work = async move {
            let _pending = pending;
            this.ask_provider(&session).await
        };
        tokio::spawn(work).await.unwrap_or(SignedOut {
            access: unconfirmed,
            ticket: None,
        })
    }

    async fn ask_provider(&self, session: &Session) -> SignedOut {
        let deadline = Instant::now() + PATIENCE;
        let metadata = self.give_back.metadata(session, deadline).await;
        let tokens = self.give_back.tokens(session);
        let (metadata, tokens) = (metadata.as_deref(), tokens.as_ref());
        let ticket = async {
            let endpoint = metadata?.end_session_endpoint.as_ref()?;
            let id_token = tokens.and_then(|tokens| tokens.id_token.as_ref());
            let issued = timeout_at(deadline, self.tickets.issue(endpoint, id_token)).await;
            issued
                .ok()?
                .inspect_err(|error| {
                    tracing::warn!(
                        error = error as &dyn std::error::Error,
                        "nobody can be led on to the provider"
                    );
                })
                .ok()
        };
        let access = self.give_back.revoke(session, metadata, tokens, deadline);
        let (ticket, access) = tokio::join!(ticket, access);
        SignedOut { access, ticket }
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
