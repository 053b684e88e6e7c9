//! The provider's signing keys: fetched, remembered, and fetched again when a token needs a new one.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::{sync::Mutex, time::timeout_at};
use url::Url;
use wrengate_protocol::jwks::Jwks;

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};
use crate::clock::UnixSeconds;

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
    failure: Option<ProviderError>,
    /// When they were last asked for, with whatever outcome.
    asked: UnixSeconds,
}

impl Known {
    fn keys(&self, now: UnixSeconds) -> Option<Arc<Jwks>> {
        let (keys, fetched) = self.keys.as_ref()?;
        (now.saturating_sub(*fetched) < KEYS_SERVE).then(|| Arc::clone(keys))
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
    fn remember(&self, uri: &Url, outcome: &Result<Arc<Jwks>, ProviderError>, now: UnixSeconds) {
        let before = self.of(uri);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known {
            uri: Some(uri.clone()),
            keys: match outcome {
                Ok(keys) => Some((Arc::clone(keys), now)),
                Err(_) => before.keys,
            },
            failure: outcome.as_ref().err().cloned(),
            asked: now,
        };
    }
}

impl Provider {
    /// The provider's keys: from memory when known, else fetched now, once for all who wait.
    ///
    /// # Errors
    /// Those of the call; [`ProviderError::Keys`] when there is none that can be used.
    pub async fn keys(&self, uri: &Url) -> Result<Arc<Jwks>, ProviderError> {
        let now = self.clock.now();
        let known = self.keys.of(uri);
        match (known.keys(now), known.failure) {
            (Some(keys), _) => return Ok(keys),
            (None, Some(failure)) if (0..=FAILURE_STANDS).contains(&(now - known.asked)) => {
                return Err(failure);
            }
            (None, _) => {}
        }
        self.one_flight(uri, |known| {
            let stands = (0..=FAILURE_STANDS).contains(&(now - known.asked));
            match (known.keys(now), &known.failure) {
                (Some(keys), _) => Some(Ok(keys)),
                (None, Some(failure)) if stands => Some(Err(failure.clone())),
                (None, _) => None,
            }
        })
        .await
    }

    /// Keys that are newer than those that did not fit, fetched now; `None` when there are none to
    /// be had yet.
    ///
    /// # Errors
    /// Those of the call: the keys that are known do not fit, and nobody can say whether newer would.
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
        let now = self.clock.now();
        let keys = self
            .one_flight(uri, |known| {
                let current = known.keys(now)?;
                let is_cooling = (0..cooldown).contains(&(now - known.asked));
                (!Arc::ptr_eq(&current, than) || is_cooling).then_some(Ok(current))
            })
            .await?;
        Ok(Some(keys).filter(|keys| !Arc::ptr_eq(keys, than)))
    }

    /// Fetches keys ahead of the first sign-in, and anew.
    pub(super) async fn refresh_keys(&self, uri: &Url) -> Result<(), ProviderError> {
        self.one_flight(uri, |_| None).await.map(drop)
    }

    /// Asks for keys unless, once it is our turn, they are known to suffice.
    async fn one_flight(
        &self,
        uri: &Url,
        suffices: impl FnOnce(&Known) -> Option<Result<Arc<Jwks>, ProviderError>>,
    ) -> Result<Arc<Jwks>, ProviderError> {
        let deadline = self.http.deadline();
        let Ok(_flight) = timeout_at(deadline, self.keys.flight.lock()).await else {
            return Err(ProviderError::Deadline { leg: Leg::Jwks });
        };
        if let Some(outcome) = suffices(&self.keys.of(uri)) {
            return outcome;
        }
        let outcome = self.fetch_keys(uri).await.map(Arc::new);
        let outcome = self.http.operator.jwks_refreshed(outcome);
        self.keys.remember(uri, &outcome, self.clock.now());
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

    async fn fetch_keys(&self, uri: &Url) -> Result<Jwks, ProviderError> {
        let policy = RepeatPolicy::Idempotent;
        let answer = self
            .call(Leg::Jwks, policy, self.http.deadline(), || {
                Ok(self.http.get(uri))
            })
            .await?;
        if !answer.is_ok() {
            let refusal = Refusal::read(&answer, self.clock.now());
            return Err(ProviderError::Refused(Box::new(refusal)));
        }
        Jwks::parse(answer.json()?).map_err(ProviderError::Keys)
    }
}
