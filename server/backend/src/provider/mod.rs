//! Calls to the provider: one method per endpoint.
//!
//! [`Provider`] sends; `wrengate_protocol` judges what comes back. [`http_client`] holds the one HTTP
//! client and its limits, [`answer`] reads what it receives, [`refusal`] and [`error`] say what went
//! wrong, [`client_auth`] says who we are. [`discovery`], [`token`] and [`userinfo`] are one endpoint
//! each.
//!
//! Nothing is repeated here except discovery, which changes nothing at the provider.

mod answer;
mod challenge;
mod client_auth;
mod discovery;
mod error;
mod http_client;
mod refusal;
mod token;
mod userinfo;

use std::sync::Arc;

pub use self::{
    discovery::Readiness,
    error::{Leg, ProviderError, ProviderSetupError},
    http_client::Limits,
    refusal::Refusal,
};
use self::{discovery::Source, http_client::HttpClient};
use crate::{clock::Clock, config::provider::ProviderConfig, outcome::Operator};

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
    http: HttpClient,
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
            http: HttpClient::new(limits)?,
            source,
        })
    }

    /// Counts its calls for an operator, and alerts of what fails while nobody asks.
    #[must_use]
    pub fn watched_by(mut self, operator: Operator) -> Self {
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
