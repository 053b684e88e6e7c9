//! The sign-in itself: register an attempt, complete it, read the profile again.
//!
//! [`begin`] is step 4 of the walkthrough in `ARCHITECTURE.md`, [`complete`] steps 9.2 to 9.9.

mod begin;
mod complete;
mod error;
mod flights;
mod identity;
mod profile;
mod repeat;

use std::{net::IpAddr, sync::Arc};

use url::Url;
use wrengate_protocol::{Secret, messages::Completion};

pub use self::error::SignInError;
use self::flights::Flights;
use crate::{
    attempt::Attempts,
    clock::Clock,
    inspector::Inspector,
    outcome::Operator,
    provider::Provider,
    random::Random,
    renewal::Renewal,
    session::{SessionId, Sessions},
};

/// Everything a sign-in needs; cheap to clone, so that a completion can outlive its request.
#[derive(Clone, Debug)]
pub struct SignIn {
    provider: Arc<Provider>,
    attempts: Attempts,
    sessions: Sessions,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    origin: Arc<Url>,
    redirect_uri: Arc<str>,
    flights: Flights,
    renewal: Renewal,
    operator: Operator,
    inspector: Inspector,
}

/// What [`SignIn::new`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The provider's client.
    pub provider: Arc<Provider>,
    /// Live attempts.
    pub attempts: Attempts,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// The public origin.
    pub origin: Url,
    /// The exact redirect URI that is registered with the provider.
    pub redirect_uri: String,
    /// Who renews access tokens.
    pub renewal: Renewal,
    /// Who hears how it ends.
    pub operator: Operator,
    /// What browsers see of their own sign-ins.
    pub inspector: Inspector,
}

/// What a browser presented with its request.
#[derive(Debug, Default)]
pub struct Presented {
    /// The attempt cookie.
    pub attempt: Option<Secret<String>>,
    /// The session cookie.
    pub session: Option<SessionId>,
    /// The inspector's cookie.
    pub inspector: Option<Secret<String>>,
    /// From where it asks, as it is counted.
    pub network: Option<IpAddr>,
    /// What the browser calls itself, as far as it is kept.
    pub user_agent: Option<String>,
}

/// A sign-in that was begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes. Holds state and nonce, so it is never logged.
    pub authorization_url: Url,
    /// The value of the attempt cookie.
    pub attempt_cookie: Secret<String>,
}

/// A completion that has an answer for the person.
#[derive(Debug)]
pub struct Completed {
    /// What the browser is told.
    pub completion: Completion,
    /// The session cookie to set.
    pub session: Option<SessionId>,
    /// Whether no other live attempt needs the attempt cookie.
    pub attempt_cookie_done: bool,
}

impl SignIn {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            provider: parts.provider,
            attempts: parts.attempts,
            sessions: parts.sessions,
            clock: parts.clock,
            random: parts.random,
            origin: Arc::new(parts.origin),
            redirect_uri: parts.redirect_uri.into(),
            flights: Flights::default(),
            renewal: parts.renewal,
            operator: parts.operator,
            inspector: parts.inspector,
        }
    }
}
