//! The provider's signing keys: fetched, remembered, and fetched again when a token needs a new one.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};
use url::Url;
use wrengate_protocol::jwks::Jwks;

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};
use crate::{clock::UnixSeconds, inspector::Recorder};

/// How long keys serve after they were fetched, in seconds: a day. They are fetched anew every hour,
/// so this is for a provider that cannot be reached.
const KEYS_SERVE: i64 = 24 * 60 * 60;

/// How long a failed fetch stands where no keys are known, in seconds.
const FAILURE_STANDS: i64 = 2;

/// What is known of the keys.
#[derive(Debug, Default)]
pub(super) struct KeyMemory {
    /// Held by whoever is asking.
    flight: Mutex<()>,
    known: RwLock<Known>,
}

/// Keys of one address; an attempt may still belong to an older one.
#[derive(Clone, Debug, Default)]
struct Known {
    uri: Option<Url>,
    keys: Option<(Arc<Jwks>, UnixSeconds)>,
    /// How the last fetch failed, and when; `None` when it worked.
    failure: Option<(ProviderError, UnixSeconds)>,
    /// When they were last asked for because a token needed another one, with whatever outcome.
    needed: Option<UnixSeconds>,
}

/// Why keys are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// There are none, or they are to be fresh.
    Freshness,
    /// Those there are do not fit a token.
    Need,
}

/// What asking comes to where nothing needs to be sent.
type Settled = Option<Result<Arc<Jwks>, ProviderError>>;

impl Known {
    fn keys(&self, now: UnixSeconds) -> Option<Arc<Jwks>> {
        let (keys, fetched) = self.keys.as_ref()?;
        (now.saturating_sub(*fetched) < KEYS_SERVE).then(|| Arc::clone(keys))
    }

    /// Keys, or the failure to get any that still stands.
    fn settled(&self, now: UnixSeconds) -> Settled {
        if let Some(keys) = self.keys(now) {
            return Some(Ok(keys));
        }
        let (failure, failed) = self.failure.as_ref()?;
        let stands = (0..=FAILURE_STANDS).contains(&now.saturating_sub(*failed));
        stands.then(|| Err(failure.clone()))
    }
}

impl KeyMemory {
    fn of(&self, uri: &Url) -> Known {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.uri.as_ref() == Some(uri) {
            known.clone()
        } else {
            Known::default()
        }
    }

    /// A failure does not drop keys that were good an hour ago.
    fn remember(
        &self,
        uri: &Url,
        reason: Reason,
        outcome: &Result<Arc<Jwks>, ProviderError>,
        now: UnixSeconds,
    ) {
        let before = self.of(uri);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known {
            uri: Some(uri.clone()),
            keys: match outcome {
                Ok(keys) => Some((Arc::clone(keys), now)),
                Err(_) => before.keys,
            },
            failure: outcome.as_ref().err().map(|error| (error.clone(), now)),
            needed: match reason {
                Reason::Need => Some(now),
                Reason::Freshness => before.needed,
            },
        };
    }
}

impl Provider {
    /// The provider's keys: from memory when known, else fetched now, once for all who wait.
    ///
    /// # Errors
    /// Those of the call; [`ProviderError::Keys`] when there is none that can be used.
    pub async fn keys(&self, uri: &Url) -> Result<Arc<Jwks>, ProviderError> {
        if let Some(settled) = self.keys.of(uri).settled(self.clock.now()) {
            return settled;
        }
        self.one_flight(uri, Reason::Freshness, Known::settled)
            .await
    }

    /// Keys that are newer than those that did not fit, fetched now; `None` when there are none to
    /// be had yet.
    ///
    /// The cool-down begins with such a fetch alone, so that keys which change right after they were
    /// fetched for another reason are noticed at once.
    ///
    /// # Errors
    /// Those of the last call: the keys that are known do not fit, and nobody can say whether newer
    /// would.
    ///
    /// # Security
    /// Tokens with made-up key ids cause one call in a cool-down and no more (`WRENGATE_JWKS_COOLDOWN_SECONDS`).
    pub(super) async fn newer_keys(
        &self,
        uri: &Url,
        than: &Arc<Jwks>,
    ) -> Result<Option<Arc<Jwks>>, ProviderError> {
        let cooldown = self.config.id_token.jwks_cooldown.as_secs();
        let cooldown = i64::try_from(cooldown).unwrap_or(i64::MAX);
        let is_cooling =
            |then: UnixSeconds, now: UnixSeconds| (0..cooldown).contains(&now.saturating_sub(then));
        let keys = self
            .one_flight(uri, Reason::Need, |known, now| {
                let current = known.keys(now)?;
                if !Arc::ptr_eq(&current, than) {
                    return Some(Ok(current));
                }
                known.needed.filter(|then| is_cooling(*then, now))?;
                Some(match &known.failure {
                    Some((failure, _)) => Err(failure.clone()),
                    None => Ok(current),
                })
            })
            .await?;
        Ok(Some(keys).filter(|keys| !Arc::ptr_eq(keys, than)))
    }

    /// Fetches keys ahead of the first sign-in, and anew.
    pub(super) async fn refresh_keys(&self, uri: &Url) -> Result<(), ProviderError> {
        self.one_flight(uri, Reason::Freshness, |_, _| None)
            .await
            .map(drop)
    }

    /// Asks for keys unless, once it is our turn, they are known to suffice.
    ///
    /// Waiting may take as long as the call of whoever is before us, so the time is looked at after
    /// it: otherwise what that call found out would seem to lie ahead, and everybody would call anew.
    async fn one_flight(
        &self,
        uri: &Url,
        reason: Reason,
        settled: impl FnOnce(&Known, UnixSeconds) -> Settled,
    ) -> Result<Arc<Jwks>, ProviderError> {
        let (began, deadline) = (Instant::now(), self.http.deadline());
        let flight = timeout_at(deadline, self.keys.flight.lock()).await;
        Recorder::current().waited(Leg::Jwks, began);
        let Ok(_flight) = flight else {
            return Err(ProviderError::Deadline { leg: Leg::Jwks });
        };
        if let Some(outcome) = settled(&self.keys.of(uri), self.clock.now()) {
            return outcome;
        }
        let outcome = self.fetch_keys(uri, deadline).await.map(Arc::new);
        // What was not sent is no news of the keys.
        if matches!(outcome, Err(ProviderError::BreakerOpen { .. })) {
            return outcome;
        }
        let outcome = self.http.operator.jwks_refreshed(outcome);
        self.keys.remember(uri, reason, &outcome, self.clock.now());
        match &outcome {
            Ok(keys) => tracing::info!(keys = keys.len(), "the provider's keys were read"),
            Err(error) => tracing::warn!(
                failure = error.failure().code(),
                error = error as &dyn std::error::Error,
                "the provider's keys cannot be read",
            ),
        }
        outcome
    }

    async fn fetch_keys(&self, uri: &Url, deadline: Instant) -> Result<Jwks, ProviderError> {
        let policy = RepeatPolicy::Idempotent;
        let answer = self
            .call(Leg::Jwks, policy, deadline, || Ok(self.http.get(uri)))
            .await?;
        if !answer.is_ok() {
            let refusal = Refusal::read(&answer, self.clock.now());
            return Err(ProviderError::Refused(Box::new(refusal)));
        }
        Jwks::parse(answer.json()?).map_err(ProviderError::Keys)
    }
}
