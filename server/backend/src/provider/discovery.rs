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
    discovery::{Metadata, well_known},
    issuer::Issuer,
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
};
use crate::{
    clock::UnixSeconds,
    config::provider::ProviderSource,
    random::{Random as _, SystemRandom},
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
    /// Metadata is there, perhaps some hours old.
    Ready,
    /// Nobody has asked yet.
    Unknown,
    /// The last discovery failed.
    Failing(Failure),
}

impl Provider {
    /// Where the provider answers: from memory when known, else discovered now.
    ///
    /// Any number of callers wait for one discovery and share its outcome. A failure stands for 2
    /// seconds, so that a burst of clicks does not become a burst of calls.
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
        let deadline = self.http.deadline();
        let Ok(_flight) = timeout_at(deadline, found.flight.lock()).await else {
            return Err(ProviderError::Deadline {
                leg: Leg::Discovery,
            });
        };
        match found.in_memory(self.clock.now()) {
            Some(outcome) => outcome,
            None => self.discover(found, deadline).await,
        }
    }

    /// What is known without asking.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        match &self.source {
            Source::Endpoints(_) => Readiness::Ready,
            Source::Discovery(found) => found.readiness(self.clock.now()),
        }
    }

    /// Discovers at the start, again with growing pauses until it works, then every hour.
    ///
    /// Pauses vary by a quarter, so that several instances do not ask in step. Metadata that cannot
    /// be refreshed serves for a day. Failures are logged here, because nobody is asking; a failure
    /// that goes on is logged once. Returns when `shutdown` resolves, at once.
    pub async fn keep_metadata_fresh(&self, shutdown: impl Future<Output = ()> + Send) {
        match &self.source {
            Source::Endpoints(_) => shutdown.await,
            Source::Discovery(found) => tokio::select! {
                () = shutdown => {}
                () = self.discover_for_ever(found) => {}
            },
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
            let failure = outcome.as_ref().err().map(ProviderError::failure);
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
                sleep(jittered(pause)).await;
                pause = (pause * 2).min(limits.rediscover_longest);
            } else {
                pause = limits.rediscover_first;
                sleep(jittered(limits.refresh)).await;
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
        found.remember(&outcome, self.clock.now());
        outcome
    }

    /// Tries the well-known addresses in turn; only where nothing is, the next one.
    async fn fetch_metadata(
        &self,
        issuer: &Issuer,
        deadline: Instant,
    ) -> Result<Metadata, ProviderError> {
        for url in well_known(issuer) {
            let answer = self
                .http
                .call(Leg::Discovery, self.http.get(&url), deadline)
                .await?;
            if answer.is_ok() {
                return Metadata::parse(answer.json()?, issuer).map_err(ProviderError::Metadata);
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

/// Between three quarters of a pause and the whole. Without random bytes it is three quarters.
fn jittered(pause: Duration) -> Duration {
    let mut bytes = [0; 4];
    let share = match SystemRandom.fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
        // Guessing the pause helps nobody, so a missing random source is no reason to stop.
        Err(_) => 0.0,
    };
    pause.mul_f64(0.75 + 0.25 * share)
}
