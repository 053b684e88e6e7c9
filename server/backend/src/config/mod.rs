//! The settings: where they come from, what they may be, and everything that is wrong with them.
//!
//! Every setting is an environment variable `WRENGATE_…`, and may also stand in a TOML file under
//! the same name in lower case without the prefix; the environment wins. [`SETTINGS`] is the list.
//! Loading reads all of them, collects every mistake and fails once ([`ConfigErrors`]). One struct
//! per area: [`http`], [`provider`], [`session`], [`store`],
//! [`operator`]. The environment is read in one file, `env`.

mod address;
mod ca_file;
mod client;
mod client_key;
mod env;
mod error;
mod given;
pub mod http;
pub mod id_token;
mod inspector;
mod keys;
pub mod operator;
mod origin;
mod preset;
pub mod provider;
mod proxies;
pub mod session;
mod settings;
pub mod store;

use std::path::Path;

use wrengate_protocol::client::PublicClient;

pub use env::no_color;
pub use error::{ConfigError, ConfigErrors};
pub use http::{HttpConfig, OriginError, PublicOrigin, Rates};
pub use id_token::IdTokenConfig;
pub use inspector::InspectorAccess;
pub use operator::{AlertConfig, LogFormat, OperatorConfig};
pub use provider::{
    AssertionAudience, ClientAuth, ClientKey, ClientKeyError, ProviderConfig, ProviderSource,
    PushedRequests, SigningError,
};
pub use proxies::TrustedProxies;
pub use session::SessionConfig;
pub use settings::{READ_BY_SCRIPTS, SETTINGS, Setting};
pub use store::{KeyError, KeyFileError, KeySource, StoreConfig, StoreLocation, load_keys};

use given::Given;

/// Every setting, checked.
///
/// # Security
/// `Debug` shows neither a secret nor a key.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the server listens and how browsers reach it.
    pub http: HttpConfig,
    /// Who signs people in.
    pub provider: ProviderConfig,
    /// How long sessions last.
    pub session: SessionConfig,
    /// Where sessions are kept.
    pub store: StoreConfig,
    /// What the operator hears.
    pub operator: OperatorConfig,
    /// Who may look at recorded sign-ins.
    pub inspector: InspectorAccess,
}

impl Config {
    /// Reads the environment and, where one is given, a TOML file. The environment wins.
    ///
    /// # Errors
    /// [`ConfigErrors`] with everything that is wrong, never with a secret's value.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigErrors> {
        Self::read(Given::gather(env::read(), file))
    }

    /// Does the same with the given variables in place of the environment.
    ///
    /// # Errors
    /// [`ConfigErrors`] with everything that is wrong, never with a secret's value.
    pub fn from_pairs(
        pairs: impl IntoIterator<Item = (String, String)>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigErrors> {
        let pairs = pairs.into_iter().map(|(name, value)| (name, Some(value)));
        Self::read(Given::gather(pairs, file))
    }

    /// The half that a browser may know.
    #[must_use]
    pub fn public_client(&self) -> PublicClient {
        PublicClient {
            app: self.http.app_name.clone(),
            provider: self.provider.name.clone(),
            provider_home: self.provider.home.as_ref().map(ToString::to_string),
            provider_status: self.provider.status.as_ref().map(ToString::to_string),
            scopes: self.provider.scopes.clone(),
            support_url: self.http.support_url.as_ref().map(ToString::to_string),
            support_email: self.http.support_email.clone(),
        }
    }

    fn read(mut given: Given) -> Result<Self, ConfigErrors> {
        let http = HttpConfig::read(&mut given);
        let provider = ProviderConfig::read(&mut given);
        let session = SessionConfig::read(&mut given);
        let store = StoreConfig::read(&mut given);
        let operator = OperatorConfig::read(&mut given);
        let inspector = InspectorAccess::read(&mut given, http.as_ref());
        match (http, provider, given.into_errors()) {
            (Some(http), Some(provider), errors) if errors.is_empty() => Ok(Self {
                http,
                provider,
                session,
                store,
                operator,
                inspector,
            }),
            (_, _, errors) => Err(errors),
        }
    }
}
