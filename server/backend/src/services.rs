//! Everything a running server holds, made once at start.

use std::{sync::Arc, time::Duration};

use thiserror::Error;
use wrengate_protocol::Failure;

use crate::{
    alert::{self, Alerts, Kind, Pace},
    attempt::Attempts,
    clock::{Clock, SystemClock},
    config::{Config, KeyFileError, load_keys},
    inspector::Inspector,
    metrics::Metrics,
    outcome::Operator,
    provider::{Provider, ProviderSetupError},
    random::{Random, SystemRandom},
    renewal::{self, Renewal},
    session::{KeyRing, KeyRingError, Sessions},
    sign_in::{Parts, SignIn},
    sign_out::{self, SignOut},
    store::{self, Store, StoreError},
};

/// The services; cheap to clone.
#[derive(Clone, Debug)]
pub struct Services {
    /// The settings.
    pub config: Arc<Config>,
    /// The provider's client.
    pub provider: Arc<Provider>,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The flow.
    pub sign_in: SignIn,
    /// Access tokens while sessions last.
    pub renewal: Renewal,
    /// The end of sessions.
    pub sign_out: SignOut,
    /// What browsers see of their own sign-ins.
    pub inspector: Inspector,
    /// Records.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Who hears how things go.
    pub operator: Operator,
}

/// What services are made of.
#[derive(Debug)]
pub struct Components {
    /// The settings.
    pub config: Config,
    /// What seals tokens.
    pub keys: KeyRing,
    /// Records.
    pub store: Arc<dyn Store>,
    /// The provider's client.
    pub provider: Provider,
    /// Who hears how things go.
    pub operator: Operator,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
}

/// Why the services cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The keys cannot be had.
    #[error("the keys cannot be read or made (WRENGATE_KEYS)")]
    KeyFile(#[from] KeyFileError),
    /// The keys cannot be used.
    #[error("the keys cannot be used (WRENGATE_KEYS)")]
    KeyRing(#[from] KeyRingError),
    /// The store cannot be opened.
    #[error("the store cannot be opened (WRENGATE_STORE)")]
    Store(#[from] StoreError),
    /// The client for the provider cannot be made.
    #[error("the client for the provider cannot be made")]
    Provider(#[from] ProviderSetupError),
}

/// How often expired records are removed. Reading judges for itself, so this is about space alone.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

impl Components {
    fn sessions(&self) -> Sessions {
        Sessions::new(
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            Arc::clone(&self.random),
            self.keys.clone(),
            self.config.session.lifetimes,
        )
    }
}

impl Services {
    /// Starts the services with the machine's clock and random source.
    ///
    /// # Errors
    /// [`StartError`] naming the setting to look at.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, Arc::new(SystemClock), Arc::new(SystemRandom)).await
    }

    /// Starts the services with a clock and a random source of the caller's.
    ///
    /// # Errors
    /// [`StartError`] naming the setting to look at.
    pub async fn start_with(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        let keys = KeyRing::new(load_keys(&config.store.keys, &*random)?)?;
        let store = store::open(config.store.location.address().expose()).await?;
        let provider = Provider::new(
            config.provider.clone(),
            Arc::clone(&clock),
            Arc::clone(&random),
        )?;
        let operator = operator(&config, &provider, &clock, &random);
        let provider = provider.watched_by(operator.clone());
        Ok(Self::assemble(Components {
            config,
            keys,
            store,
            provider,
            operator,
            clock,
            random,
        }))
    }

    /// Puts services together from what they stand on.
    #[must_use]
    pub fn assemble(components: Components) -> Self {
        let sessions = components.sessions();
        let Components {
            config,
            keys,
            store,
            provider,
            operator,
            clock,
            random,
        } = components;
        let provider = Arc::new(provider);
        let renewal = Renewal::new(renewal::Parts {
            provider: Arc::clone(&provider),
            sessions: sessions.clone(),
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            margin: store::seconds(config.session.refresh_margin),
            operator: operator.clone(),
        });
        let inspector = Inspector::new(&config, &clock, &random, &sessions);
        let sign_in = SignIn::new(Parts {
            provider: Arc::clone(&provider),
            attempts: Attempts::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&random)),
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            origin: config.http.public_origin.url().clone(),
            redirect_uri: config.http.public_origin.redirect_uri(),
            renewal: renewal.clone(),
            operator: operator.clone(),
            inspector: inspector.clone(),
        });
        let sign_out = SignOut::new(sign_out::Parts {
            sessions: sessions.clone(),
            provider: Arc::clone(&provider),
            store: Arc::clone(&store),
            keys,
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            post_logout_redirect_uri: config.http.public_origin.post_logout_redirect_uri(),
        });
        Self {
            config: Arc::new(config),
            provider,
            sessions,
            sign_in,
            renewal,
            sign_out,
            inspector,
            store,
            clock,
            random,
            operator,
        }
    }

    /// Removes expired records now and then, until dropped.
    pub async fn keep_store_tidy(&self) {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.store.sweep(self.clock.now()).await {
                Ok(0) => {}
                Ok(removed) => tracing::debug!(removed, "expired records were removed"),
                Err(error) => {
                    tracing::warn!(error = %error, "expired records could not be removed");
                    let alerts = &self.operator.alerts;
                    alerts.raise(Kind::StoreDown, Failure::StoreDown, None, None);
                }
            }
        }
    }
}

fn operator(
    config: &Config,
    provider: &Provider,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Operator {
    let metrics = Metrics::default();
    let alerts = config.operator.alerts.as_ref().map(|receiver| {
        Alerts::new(alert::Parts {
            config: receiver,
            provider,
            app: &config.http.app_name,
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            metrics: metrics.clone(),
            pace: Pace::default(),
        })
    });
    Operator {
        metrics,
        alerts: alerts.unwrap_or_default(),
    }
}
