//! Calls to the provider: one method per endpoint.
//!
//! [`Provider`] sends; `wrengate_protocol` judges what comes back. [`http_client`] holds the one HTTP
//! client and its limits, [`answer`] reads what it receives, [`refusal`] and [`error`] say what went
//! wrong, [`client_auth`] says who we are. [`discovery`], [`token`] and [`userinfo`] are one endpoint
//! each.
//!
//! Everything is sent by [`Provider::call`](retry), which repeats what may be repeated ([`retry`]),
//! leaves alone what keeps failing ([`breaker`]) and tells an [`Observer`] of both.

mod answer;
mod breaker;
mod challenge;
mod client_auth;
mod discovery;
mod error;
mod http_client;
mod observer;
mod refusal;
mod retry;
mod token;
mod userinfo;

use std::sync::Arc;

pub use self::{
    breaker::BreakerLimits,
    discovery::Readiness,
    error::{Leg, ProviderError, ProviderSetupError},
    http_client::Limits,
    observer::Observer,
    refusal::Refusal,
    retry::RepeatPolicy,
};
use self::{breaker::Breakers, discovery::Source, http_client::HttpClient, observer::Nobody};
use crate::{
    clock::Clock,
    config::provider::ProviderConfig,
    random::{Random, SystemRandom},
};

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
}

impl Provider {
    /// Builds the client with the limits of production. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ProviderSetupError`] when TLS cannot be set up, for instance because the system has no
    /// root certificates.
    pub fn new(config: ProviderConfig, clock: Arc<dyn Clock>) -> Result<Self, ProviderSetupError> {
        Self::with_limits(config, clock, Limits::default())
    }

    /// Like [`new`](Self::new), with other limits: tests wait for milliseconds.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_limits(
        config: ProviderConfig,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Result<Self, ProviderSetupError> {
        let source = Source::new(&config.source);
        Ok(Self {
            config,
            clock,
            random: Arc::new(SystemRandom),
            breakers: Breakers::new(limits.breaker),
            http: HttpClient::new(limits)?,
            observer: Arc::new(Nobody),
            source,
        })
    }

    /// Takes random bytes from another source than the system's.
    #[must_use]
    pub fn with_random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// Tells somebody of repeats and breakers.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The settings this provider was built from.
    #[must_use]
    pub fn config(&self) -> &ProviderConfig {
        &self.config
    }
}
