//! Calls to the provider: one method per endpoint.
//!
//! [`Provider`] sends; `wrengate_protocol` judges what comes back. [`http_client`] holds the one HTTP
//! client and its limits, [`answer`] reads what it receives, [`refusal`] and [`error`] say what went
//! wrong, [`client_auth`] and [`client_assertion`] say who we are. [`discovery`], [`par`], [`jwks`],
//! [`token`], [`refresh`], [`userinfo`] and [`revoke`] are one call each, [`id_token`] checks what the
//! token endpoint says of the person, [`logout_token`] what the provider says of who left.
//! [`probe`] asks what the doctor wants to know, [`switchboard`] breaks the development provider.
//!
//! Everything is sent by [`Provider::call`](retry), which repeats what may be repeated ([`retry`]),
//! leaves alone what keeps failing ([`breaker`]) and tells an [`Observer`] of both.

mod answer;
mod breaker;
mod challenge;
mod client_assertion;
mod client_auth;
mod discovery;
mod error;
mod http_client;
mod id_token;
mod jwks;
mod logout_token;
mod observer;
mod par;
mod probe;
mod recorded;
mod refresh;
mod refusal;
mod retry;
mod revoke;
mod switchboard;
mod token;
mod userinfo;

use std::sync::Arc;

pub(crate) use self::probe::{Document, why_unreachable};
pub use self::{
    breaker::BreakerLimits,
    client_assertion::AssertionError,
    discovery::Readiness,
    error::{Leg, ProviderError, ProviderSetupError},
    http_client::Limits,
    logout_token::LogoutRefused,
    observer::Observer,
    refresh::RefreshError,
    refusal::Refusal,
    retry::RepeatPolicy,
    revoke::TokenKind,
};
use self::{
    breaker::Breakers, discovery::Source, http_client::HttpClient, jwks::KeyMemory,
    observer::Nobody,
};
use crate::{clock::Clock, config::provider::ProviderConfig, outcome::Operator, random::Random};

/// The provider that people sign in at, and the one HTTP client that talks to it.
///
/// # Security
/// Addresses come from configuration and from the issuer's own metadata, never from a request. No
/// redirect is followed, so client secret, code and tokens go to those addresses alone (RFC 9700,
/// section 4.12).
#[derive(Debug)]
pub struct Provider {
    config: ProviderConfig,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    http: HttpClient,
    breakers: Breakers,
    observer: Arc<dyn Observer>,
    source: Source,
    keys: KeyMemory,
    /// Held while the development provider is broken on purpose.
    arming: tokio::sync::Mutex<()>,
}

impl Provider {
    /// Builds the client with the limits of production. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ProviderSetupError`] when TLS cannot be set up, for instance because the system has no
    /// root certificates.
    pub fn new(
        config: ProviderConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ProviderSetupError> {
        Self::with_limits(config, clock, random, Limits::default())
    }

    /// Like [`new`](Self::new), with other limits: tests wait for milliseconds.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_limits(
        config: ProviderConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        limits: Limits,
    ) -> Result<Self, ProviderSetupError> {
        let source = Source::new(&config.source);
        let breakers = Breakers::new(limits.breaker);
        let http = HttpClient::new(limits, &config.extra_roots)?;
        Ok(Self {
            config,
            clock,
            random,
            http,
            breakers,
            observer: Arc::new(Nobody),
            source,
            keys: KeyMemory::default(),
            arming: tokio::sync::Mutex::default(),
        })
    }

    /// Tells somebody of repeats and breakers.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Counts its calls for an operator, and alerts of what fails while nobody asks.
    #[must_use]
    pub fn watched_by(mut self, operator: Operator) -> Self {
        self.observer = Arc::new(operator.clone());
        self.http.operator = operator;
        self
    }

    /// The one HTTP client, for what is sent to others than the provider.
    pub(crate) fn client(&self) -> reqwest::Client {
        self.http.client()
    }

    /// The settings this provider was built from.
    #[must_use]
    pub fn config(&self) -> &ProviderConfig {
        &self.config
    }
}
