//! Access tokens that are good for long enough, renewed where they are not.
//!
//! One refresh at a time: within a process those who need the same one wait for it ([`flights`]),
//! between processes a lease in the store admits one. What came of it is written by compare-and-swap,
//! the new refresh token before anything else of the answer is looked at: a provider that replaces
//! refresh tokens takes the old one for stolen from then on (RFC 9700, section 4.14.2).

mod error;
mod flight;
mod flights;

use std::sync::Arc;

use wrengate_protocol::{Secret, discovery::Metadata};

pub use self::error::RenewalError;
use self::flights::Flights;
use crate::{
    clock::{Clock, UnixSeconds},
    outcome::Operator,
    provider::Provider,
    random::Random,
    session::{EndOf, Ended, Session, Sessions, Tokens},
    store::Store,
};

/// Renews access tokens; cheap to clone, so that a renewal can outlive its request.
#[derive(Clone, Debug)]
pub struct Renewal {
    provider: Arc<Provider>,
    sessions: Sessions,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    margin: UnixSeconds,
    operator: Operator,
    flights: Flights,
}

/// What [`Renewal::new`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The provider's client.
    pub provider: Arc<Provider>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Where leases are.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// How long before its end an access token is renewed, in seconds.
    pub margin: UnixSeconds,
    /// Who hears how it goes.
    pub operator: Operator,
}

/// An access token that can be used.
#[derive(Debug)]
pub struct Granted {
    /// The session, as it is now.
    pub session: Session,
    /// Where the token may go.
    pub metadata: Arc<Metadata>,
    /// The access token.
    pub access_token: Secret<String>,
    /// Whether it was renewed just now.
    pub is_new: bool,
}

impl Renewal {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            provider: parts.provider,
            sessions: parts.sessions,
            store: parts.store,
            clock: parts.clock,
            random: parts.random,
            margin: parts.margin,
            operator: parts.operator,
            flights: Flights::default(),
        }
    }

    /// An access token that is good for the margin, or that was renewed just now. One of which nobody
    /// said how long it lives is taken as it is. Where renewing fails and the token is not over, that
    /// one, unless the session ended.
    ///
    /// # Errors
    /// [`RenewalError`], which [tells](RenewalError::ends_session) whether the session ended.
    ///
    /// # Security
    /// Tokens go to the provider they came from, never to another that the settings name meanwhile.
    pub async fn access(&self, session: &Session) -> Result<Granted, RenewalError> {
        let now = self.clock.now();
        let end = session.access.expires_at.unwrap_or(UnixSeconds::MAX);
        if now.saturating_add(self.margin) <= end {
            return self.grant(session.clone(), false).await;
        }
        match self.renewed(session).await {
            Ok(renewed) => self.grant(renewed, true).await,
            Err(error) if error.ends_session() || self.clock.now() >= end => Err(error),
            Err(error) => {
                tracing::info!(
                    session = session.key,
                    error = %error,
                    "not renewed; the access token is still good for a moment"
                );
                self.grant(session.clone(), false).await
            }
        }
    }

    /// Another access token than that of `session`, for one that the provider does not accept.
    ///
    /// # Errors
    /// Those of [`access`](Self::access).
    pub async fn another(&self, session: &Session) -> Result<Granted, RenewalError> {
        let renewed = self.renewed(session).await?;
        self.grant(renewed, true).await
    }

    /// Ends a session whose access token the provider does not accept, unless somebody renewed it since
    /// the session was read: then it was an old one.
    ///
    /// # Errors
    /// [`RenewalError::Outrun`] when somebody did; [`RenewalError::SessionOver`] when there is no such
    /// session; [`RenewalError::Store`] when the store fails. The session goes on then.
    pub async fn end_unless_renewed(&self, session: &Session) -> Result<(), RenewalError> {
        match self.newer(session).await? {
            Some(_) => Err(RenewalError::Outrun),
            None => self.end(session).await,
        }
    }

    /// Waits until no renewal is under way, also of those that nobody waits for any more.
    pub async fn settled(&self) {
        self.flights.all_landed().await;
    }

    /// Ends a session whose access the provider does not accept any more. Where the store fails, the
    /// session goes on.
    async fn end(&self, session: &Session) -> Result<(), RenewalError> {
        let which = EndOf::Key(&session.key);
        for ended in self.sessions.end(which, Ended::ByProvider).await? {
            tracing::info!(
                target: "audit",
                event = "ended-by-provider",
                session = ended.key,
                attempt = ended.attempt_id,
                "a session ended"
            );
        }
        Ok(())
    }

    /// The session with other tokens than `session` has, from a flight that others may share.
    async fn renewed(&self, session: &Session) -> Result<Session, RenewalError> {
        if self.open(session).await?.refresh_token.is_none() {
            return Err(RenewalError::NoRefreshToken);
        }
        let place = (session.key.clone(), session.version);
        let fly = || {
            let (renewal, session) = (self.clone(), session.clone());
            async move { renewal.fly(session).await }
        };
        self.flights.join(place, fly).await
    }

    async fn grant(&self, session: Session, is_new: bool) -> Result<Granted, RenewalError> {
        let metadata = self.metadata(&session).await?;
        let access_token = self.open(&session).await?.access_token;
        Ok(Granted {
            session,
            metadata,
            access_token,
            is_new,
        })
    }

    /// The provider's endpoints, if it is still the one that this session is of.
    async fn metadata(&self, session: &Session) -> Result<Arc<Metadata>, RenewalError> {
        let metadata = self.provider.metadata().await;
        let metadata = metadata.map_err(RenewalError::Provider)?;
        if metadata.issuer_name() == session.issuer {
            Ok(metadata)
        } else {
            Err(RenewalError::OtherIssuer)
        }
    }

    /// The tokens of a session. One whose tokens cannot be opened is dropped.
    async fn open(&self, session: &Session) -> Result<Tokens, RenewalError> {
        match self.sessions.tokens(session) {
            Ok(tokens) => Ok(tokens),
            Err(error) => {
                self.sessions.drop_unreadable(session, error).await?;
                Err(RenewalError::Unreadable(error))
            }
        }
    }
}
