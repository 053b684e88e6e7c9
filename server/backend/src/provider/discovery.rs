//! Provider metadata: fetched, remembered, kept fresh (RFC 8414; OpenID Connect Discovery).

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep, timeout_at},
};
use wrengate_protocol::{
    Failure,
    discovery::{Metadata, MetadataError, well_known},
    issuer::Issuer,
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::{self, RepeatPolicy},
};
use crate::{
    clock::UnixSeconds, config::provider::ProviderSource, inspector::Recorder, random::Random,
};

/// How long a failed discovery stands for the next ones, in seconds.
///
/// Long enough that a burst of clicks is one call, short enough that nobody notices it after the
/// provider is back.
const FAILURE_STANDS: i64 = 2;

/// How long metadata serves after it was fetched, in seconds: a day.
const METADATA_SERVES: i64 = 24 * 60 * 60;

/// What is known of the provider without asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Metadata is there, perhaps some hours old, and the token endpoint does not keep failing.
    Ready,
    /// Nobody has asked yet.
    Unknown,
    /// The last discovery failed.
    Failing(Failure),
    /// The token endpoint keeps failing, so for some seconds nothing is sent to it.
    Troubled,
}

impl Provider {
    /// Where the provider answers: from memory when known, else discovered now.
    ///
    /// Any number of callers wait for one discovery and share its outcome. A failure stands for 2
    /// seconds, so that a burst of clicks does not become a burst of calls, and as long as the breaker
    /// is open.
    ///
    /// # Errors
    /// Those of the discovery.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, ProviderError> {
        let found = match &self.source {
            Source::Endpoints(metadata) => return Ok(Arc::clone(metadata)),
            Source::Discovery(found) => found,
        };
        if let Some(outcome) = found.in_memory(self.clock.now()) {
            return outcome;
        }
        let (began, deadline) = (Instant::now(), self.http.deadline());
        let flight = timeout_at(deadline, found.flight.lock()).await;
        Recorder::current().waited(Leg::Discovery, began);
        let Ok(_flight) = flight else {
            return Err(ProviderError::Deadline {
                leg: Leg::Discovery,
            });
        };
        if let Some(outcome) = found.in_memory(self.clock.now()) {
            return outcome;
        }
        match self.discover(found, deadline).await {
            // The reason says more than that nobody was asked again.
            Err(open @ ProviderError::BreakerOpen { .. }) => {
                Err(found.last_failure().unwrap_or(open))
            }
            outcome => outcome,
        }
    }

    /// Where the provider answers, if that is known without asking.
    #[must_use]
    pub fn known_metadata(&self) -> Option<Arc<Metadata>> {
        match &self.source {
            Source::Endpoints(metadata) => Some(Arc::clone(metadata)),
            Source::Discovery(found) => found.in_memory(self.clock.now())?.ok(),
        }
    }

    /// What is known without asking.
    ///
    /// An open breaker of discovery alone is no trouble: where metadata is there it serves, and where
    /// there is none the last discovery has failed anyway.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let found = match &self.source {
            Source::Endpoints(_) => Readiness::Ready,
            Source::Discovery(found) => found.readiness(self.clock.now()),
        };
        let tokens_fail = self.breakers.is_open(Leg::Token, Instant::now());
        match found {
            Readiness::Ready if tokens_fail => Readiness::Troubled,
            found => found,
        }
    }

    /// Discovers at the start, again with growing pauses until it works, then every hour.
    ///
    /// Pauses vary by a quarter, so that several instances do not ask in step. Metadata that cannot
    /// be refreshed serves for a day. Failures are logged here, because nobody is asking; a failure
    /// that goes on is logged once. Returns when `shutdown` resolves, at once.
    pub async fn keep_metadata_fresh(&self, shutdown: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = shutdown => {}
            () = async {
                match &self.source {
                    Source::Endpoints(metadata) => self.fetch_keys_for_ever(metadata).await,
                    Source::Discovery(found) => self.discover_for_ever(found).await,
                }
            } => {}
        }
    }

    /// Keys of a provider that is described by hand are kept fresh in the same way.
    async fn fetch_keys_for_ever(&self, metadata: &Metadata) {
        let limits = &self.http.limits;
        let mut pause = limits.rediscover_first;
        loop {
            if self.refresh_keys_of(metadata).await {
                pause = limits.rediscover_first;
                sleep(jittered(limits.refresh, &*self.random)).await;
            } else {
                sleep(jittered(pause, &*self.random)).await;
                pause = (pause * 2).min(limits.rediscover_longest);
            }
        }
    }

    /// Whether the keys are fresh now, or none are needed. A failure was logged where it happened.
    async fn refresh_keys_of(&self, metadata: &Metadata) -> bool {
        match &metadata.jwks_uri {
            Some(uri) if self.config.wants_id_token() => self.refresh_keys(uri).await.is_ok(),
            Some(_) | None => true,
        }
    }

    async fn discover_for_ever(&self, found: &Discovered) {
        let limits = &self.http.limits;
        let mut pause = limits.rediscover_first;
        let mut failing = None;
        loop {
            let outcome = {
                let _flight = found.flight.lock().await;
                self.discover(found, self.http.deadline()).await
            };
            if let Err(ProviderError::BreakerOpen { rest, .. }) = outcome {
                // Nothing was asked, so nothing is known that was not before.
                sleep(rest).await;
                continue;
            }
            let failure = outcome.as_ref().err().map(ProviderError::failure);
            if let Ok(metadata) = &outcome {
                // Keys that cannot be had now are asked for again by the first token that needs them.
                self.refresh_keys_of(metadata).await;
            }
            if let Err(error) = &outcome {
                self.http.operator.provider_failing(error);
            }
            match outcome {
                Err(error) if failing != failure => tracing::error!(
                    failure = error.failure().code(),
                    trace_id = error.trace_id(),
                    error = &error as &dyn std::error::Error,
                    "the provider's metadata cannot be read, will go on trying",
                ),
                Ok(_) if failing.is_some() => {
                    tracing::info!("the provider's metadata can be read again");
                }
                Ok(_) | Err(_) => {}
            }
            if failure.is_some() {
                sleep(jittered(pause, &*self.random)).await;
                pause = (pause * 2).min(limits.rediscover_longest);
            } else {
                pause = limits.rediscover_first;
                sleep(jittered(limits.refresh, &*self.random)).await;
            }
            failing = failure;
        }
    }

    /// Asks, and remembers the outcome. The caller holds the flight.
    async fn discover(
        &self,
        found: &Discovered,
        deadline: Instant,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let outcome = self
            .fetch_metadata(&found.issuer, deadline)
            .await
            .map(Arc::new);
        // What was not sent is no news of the provider.
        if !matches!(outcome, Err(ProviderError::BreakerOpen { .. })) {
            found.remember(&outcome, self.clock.now());
        }
        outcome
    }

    /// Tries the well-known addresses in turn; only where nothing is, the next one.
    async fn fetch_metadata(
        &self,
        issuer: &Issuer,
        deadline: Instant,
    ) -> Result<Metadata, ProviderError> {
        for url in well_known(issuer) {
            let request = || Ok(self.http.get(&url));
            let policy = RepeatPolicy::Idempotent;
            let answer = self.call(Leg::Discovery, policy, deadline, request).await?;
            if answer.is_ok() {
                let metadata = Metadata::parse(answer.json()?, issuer);
                return metadata
                    .and_then(|metadata| {
                        if metadata.jwks_uri.is_none() && self.config.wants_id_token() {
                            return Err(MetadataError::NoKeys);
                        }
                        Ok(metadata)
                    })
                    .map_err(ProviderError::Metadata);
            }
            let refusal = Refusal::read(&answer, self.clock.now());
            if !refusal.is_absence() {
                return Err(ProviderError::Refused(Box::new(refusal)));
            }
        }
        Err(ProviderError::NoMetadata)
    }
}

/// Where metadata comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// From the configuration.
    Endpoints(Arc<Metadata>),
    /// From the issuer.
    Discovery(Discovered),
}

impl Source {
    pub(super) fn new(source: &ProviderSource) -> Self {
        match source {
            ProviderSource::Endpoints(metadata) => {
                Self::Endpoints(Arc::new(Metadata::clone(metadata)))
            }
            ProviderSource::Discovery(issuer) => Self::Discovery(Discovered {
                issuer: issuer.clone(),
                flight: Mutex::default(),
                memory: RwLock::default(),
            }),
        }
    }
}

/// What discovery found so far.
#[derive(Debug)]
pub(super) struct Discovered {
    issuer: Issuer,
    /// Held by whoever is asking.
    flight: Mutex<()>,
    memory: RwLock<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    metadata: Option<(Arc<Metadata>, UnixSeconds)>,
    failure: Option<(ProviderError, UnixSeconds)>,
}

impl Memory {
    fn metadata(&self, now: UnixSeconds) -> Option<&Arc<Metadata>> {
        let (metadata, fetched) = self.metadata.as_ref()?;
        (now.saturating_sub(*fetched) < METADATA_SERVES).then_some(metadata)
    }
}

impl Discovered {
    /// The outcome that need not be asked for again; `None` when somebody must ask.
    fn in_memory(&self, now: UnixSeconds) -> Option<Result<Arc<Metadata>, ProviderError>> {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(metadata) = memory.metadata(now) {
            return Some(Ok(Arc::clone(metadata)));
        }
        let (error, failed) = memory.failure.as_ref()?;
        let stands = (0..=FAILURE_STANDS).contains(&now.saturating_sub(*failed));
        stands.then(|| Err(error.clone()))
    }

    fn last_failure(&self) -> Option<ProviderError> {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        memory.failure.as_ref().map(|(error, _)| error.clone())
    }

    fn readiness(&self, now: UnixSeconds) -> Readiness {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        match (memory.metadata(now), &memory.failure) {
            (Some(_), _) => Readiness::Ready,
            (None, Some((error, _))) => Readiness::Failing(error.failure()),
            (None, None) => Readiness::Unknown,
        }
    }

    /// A failure does not drop metadata: what worked an hour ago most likely still does.
    fn remember(&self, outcome: &Result<Arc<Metadata>, ProviderError>, now: UnixSeconds) {
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(metadata) => {
                *memory = Memory {
                    metadata: Some((Arc::clone(metadata), now)),
                    failure: None,
                };
            }
            Err(error) => memory.failure = Some((error.clone(), now)),
        }
    }
}

/// Between three quarters of a pause and the whole.
fn jittered(pause: Duration, random: &dyn Random) -> Duration {
    pause.mul_f64(0.75 + 0.25 * retry::share(random))
}
