//! The real server, started as the binary starts it, with a clock and a store that tests can reach.

use std::{fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
    task::JoinHandle,
};
use wrengate_app::Parts;
use wrengate_backend::{
    Components, Services,
    clock::{Clock, ManualClock},
    config::{Config, load_keys},
    provider::{Limits, Observer, Provider as OutboundProvider},
    random::{Random, SystemRandom},
    session::KeyRing,
};
use wrengate_server::{Listeners, Spoken, assets, serve};

use super::{NOW, Outcome, Provider, Request, Webhook, frail_store::FrailStore, kinds::Place, log};

/// The client secret of every server here.
pub(crate) const CLIENT_SECRET: &str = "planted-client-secret-0123456789";

/// What seals tokens where several servers share a store.
const SHARED_KEY: &str = "d3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGU=";

/// The secret of every receiver of alerts here.
pub(crate) const ALERT_SECRET: &str = "planted-alert-secret-0123456789";

/// A server that runs, and all that a test may touch of it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) addr: SocketAddr,
    pub(crate) metrics_addr: SocketAddr,
    pub(crate) origin: String,
    pub(crate) provider: Arc<Provider>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<FrailStore>,
    pub(crate) services: Box<Services>,
    /// The folder of the built site.
    pub(crate) site: TempDir,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    server: Mutex<JoinHandle<()>>,
}

/// How a server is to be started.
#[derive(Debug)]
pub(crate) struct Plan {
    origin: Option<String>,
    store: String,
    beside: Option<(Arc<Provider>, Arc<ManualClock>)>,
    discovers: bool,
    pushed_only: bool,
    ends_sessions: bool,
    without: Vec<&'static str>,
    settings: Vec<(&'static str, String)>,
    clock: Option<Arc<dyn Clock>>,
    random: Arc<dyn Random>,
    limits: Limits,
    observer: Option<Arc<dyn Observer>>,
}

impl World {
    /// Starts a server at an http origin, without rate limits.
    pub(crate) async fn start() -> Outcome<Self> {
        Plan::new().start().await
    }

    /// What it counted so far, as Prometheus reads it.
    pub(crate) async fn metrics(&self) -> Outcome<String> {
        let answer = Request::get("/metrics").send(self.metrics_addr).await?;
        Ok(answer.text())
    }

    /// Asks it to stop.
    pub(crate) async fn stop(&self) {
        if let Some(stop) = self.stop.lock().await.take() {
            // Fails only when it stopped by itself, which the test will notice.
            let _ = stop.send(());
        }
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(&self) -> Outcome {
        Ok((&mut *self.server.lock().await).await?)
    }
}

impl Plan {
    pub(crate) fn new() -> Self {
        Self {
            origin: None,
            store: "sqlite::memory:".to_owned(),
            beside: None,
            discovers: false,
            pushed_only: false,
            ends_sessions: false,
            without: Vec::new(),
            settings: Vec::new(),
            clock: None,
            random: Arc::new(SystemRandom),
            // Nobody waits here before something is repeated.
            limits: Limits {
                first_pause: Duration::from_millis(1),
                ..Limits::default()
            },
            observer: None,
        }
    }

    /// Other limits of calls to the provider.
    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Somebody is told of repeats and breakers.
    pub(crate) fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Browsers use https, as they do where a proxy stands before the server.
    pub(crate) fn https(mut self) -> Self {
        self.origin = Some("https://app.example.org".to_owned());
        self
    }

    /// Another store than one in memory.
    pub(crate) fn store(mut self, place: &Place) -> Self {
        self.store.clone_from(&place.address);
        self.setting("WRENGATE_KEYS", SHARED_KEY)
    }

    /// One more server of this installation: at the same provider and origin, with the same time.
    pub(crate) fn beside(mut self, world: &World) -> Self {
        self.origin = Some(world.origin.clone());
        self.beside = Some((Arc::clone(&world.provider), Arc::clone(&world.clock)));
        self
    }

    /// The endpoints come from the provider's metadata, which promise `iss` in every answer; ID tokens
    /// are checked then.
    pub(crate) fn discovers(mut self) -> Self {
        self.discovers = true;
        self
    }

    /// The provider takes pushed authorization requests alone, and says so in its metadata.
    pub(crate) fn pushed_only(mut self) -> Self {
        self.pushed_only = true;
        self.discovers()
    }

    /// The provider says in its metadata where its own session ends.
    pub(crate) fn ends_sessions(mut self) -> Self {
        self.ends_sessions = true;
        self.discovers()
    }

    /// Without a setting that every server here has.
    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.without.push(name);
        self
    }

    pub(crate) fn setting(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    /// Another clock than the one of [`World`].
    pub(crate) fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Somebody is alerted.
    pub(crate) fn alerts(self, webhook: &Webhook) -> Self {
        self.setting("WRENGATE_ALERT_WEBHOOK", &webhook.url)
            .setting("WRENGATE_ALERT_SECRET", ALERT_SECRET)
    }

    pub(crate) fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    pub(crate) async fn start(self) -> Outcome<World> {
        log::start();
        let (provider, manual) = match self.beside.clone() {
            Some(beside) => beside,
            None => (
                Arc::new(Provider::start().await?),
                Arc::new(ManualClock::new(NOW)),
            ),
        };
        if self.pushed_only {
            provider.requires_pushed_requests();
        }
        if self.ends_sessions {
            provider.ends_sessions();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let metrics = TcpListener::bind("127.0.0.1:0").await?;
        let metrics_addr = metrics.local_addr()?;
        let listeners = Listeners {
            app: listener,
            metrics: Some(metrics),
        };
        let origin = self
            .origin
            .clone()
            .unwrap_or_else(|| format!("http://{addr}"));
        let site = site()?;
        let config = self.config(&origin, &provider, site.path())?;
        let clock = self.clock.unwrap_or_else(|| Arc::clone(&manual) as _);
        let outbound = OutboundProvider::with_limits(
            config.provider.clone(),
            Arc::clone(&clock),
            Arc::new(SystemRandom),
            self.limits,
        )?;
        let outbound = (outbound, self.observer);
        let (services, store) = frail(config, outbound, clock, self.random).await?;
        let (stop, stopping) = oneshot::channel();
        let server = serve_site(&services, site.path(), listeners, stopping)?;
        Ok(World {
            addr,
            metrics_addr,
            origin,
            provider,
            clock: manual,
            store,
            services: Box::new(services),
            site,
            stop: Mutex::new(Some(stop)),
            server: Mutex::new(server),
        })
    }

    fn config(&self, origin: &str, provider: &Provider, site: &Path) -> Outcome<Config> {
        let mut settings = settings(origin, provider, site, &self.store);
        if self.discovers {
            settings.retain(|(name, _)| !name.ends_with("_ENDPOINT"));
            settings.push(("WRENGATE_ID_TOKEN_ALGS", "EdDSA".to_owned()));
        }
        settings.retain(|(name, _)| !self.without.contains(name));
        settings.extend(self.settings.clone());
        let pairs = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Ok(Config::from_pairs(pairs, None)?)
    }
}

/// The settings of a server whose provider is this one.
pub(crate) fn settings(
    origin: &str,
    provider: &Provider,
    site: &Path,
    store: &str,
) -> Vec<(&'static str, String)> {
    let endpoint = |path: &str| format!("{}{path}", provider.origin);
    vec![
        ("WRENGATE_PUBLIC_ORIGIN", origin.to_owned()),
        ("WRENGATE_ISSUER", provider.origin.clone()),
        ("WRENGATE_AUTHORIZATION_ENDPOINT", endpoint("/authorize")),
        ("WRENGATE_TOKEN_ENDPOINT", endpoint("/token")),
        ("WRENGATE_USERINFO_ENDPOINT", endpoint("/userinfo")),
        ("WRENGATE_CLIENT_ID", "the-client".to_owned()),
        ("WRENGATE_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ("WRENGATE_STORE", store.to_owned()),
        ("WRENGATE_SITE_ROOT", site.display().to_string()),
        ("WRENGATE_AVATAR_HOSTS", "img.example.org".to_owned()),
        ("WRENGATE_RATE_BEGIN", "0".to_owned()),
        ("WRENGATE_RATE_COMPLETE", "0".to_owned()),
        ("WRENGATE_RATE_API", "0".to_owned()),
        ("WRENGATE_RATE_PAGES", "0".to_owned()),
        ("WRENGATE_RATE_BEGIN_ALL", "0".to_owned()),
        ("WRENGATE_RATE_COMPLETE_ALL", "0".to_owned()),
    ]
}

/// The script that fetches parts of the module.
pub(crate) const LOADER: &str = "/pkg/__wasm_split.js";

/// The part for people who are signed in.
pub(crate) const PART: &str = "/pkg/split_signed_in.wasm";

/// A built site, as far as the server looks at one.
pub(crate) fn site() -> Outcome<TempDir> {
    let site = tempfile::tempdir()?;
    let pkg = site.path().join("pkg");
    fs::create_dir(&pkg)?;
    for file in ["wrengate.js", "wrengate.wasm", "wrengate.css"] {
        fs::write(pkg.join(file), "/* built */")?;
    }
    fs::write(site.path().join("favicon.svg"), "<svg/>")?;
    fs::write(site.path().join("robots.txt"), "User-agent: *\n")?;
    Ok(site)
}

/// The services, with a store that can be broken.
async fn frail(
    config: Config,
    (provider, observer): (OutboundProvider, Option<Arc<dyn Observer>>),
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Outcome<(Services, Arc<FrailStore>)> {
    let real =
        Services::start_with(config.clone(), Arc::clone(&clock), Arc::new(SystemRandom)).await?;
    let provider = provider.watched_by(real.operator.clone());
    let provider = match observer {
        Some(observer) => provider.observed_by(observer),
        None => provider,
    };
    let store = Arc::new(FrailStore::new(real.store));
    let services = Services::assemble(Components {
        keys: KeyRing::new(load_keys(&config.store.keys, &SystemRandom)?)?,
        store: Arc::clone(&store) as _,
        provider,
        operator: real.operator,
        clock,
        random,
        config,
    });
    Ok((services, store))
}

/// Serves with the files of a site and the words of its settings.
fn serve_site(
    services: &Services,
    site: &Path,
    listeners: Listeners,
    stopping: oneshot::Receiver<()>,
) -> Outcome<JoinHandle<()>> {
    let mut assets = assets::find(site)?;
    assets.parts = Some(Parts {
        loader: LOADER.to_owned(),
        signed_in: PART.to_owned(),
    });
    let spoken = Spoken::find(services.config.http.languages.as_deref())?;
    Ok(tokio::spawn(serve(
        services.clone(),
        assets,
        spoken,
        listeners,
        async {
            // An error is the end of the test, and the server may end with it.
            let _ = stopping.await;
        },
    )))
}
