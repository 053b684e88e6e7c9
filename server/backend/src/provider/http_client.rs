//! The one HTTP client: timeouts, no redirects, size caps, TLS roots.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, RequestBuilder, header::ACCEPT, redirect, retry};
use rustls::{ClientConfig, crypto::aws_lc_rs, pki_types::CertificateDer};
use rustls_platform_verifier::Verifier;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};
use url::Url;

use super::{
    answer::Answer,
    breaker::BreakerLimits,
    error::{Leg, ProviderError, ProviderSetupError},
    recorded::Recorded,
};
use crate::{metrics::CallOutcome, outcome::Operator};

/// What a call may cost. The default is what production uses; tests wait for less.
#[derive(Clone, Debug)]
pub struct Limits {
    /// DNS, TCP and TLS together. 3 s.
    pub connect: Duration,
    /// The longest silence: from the start to the first of the answer, and between parts of its
    /// body. 5 s.
    pub idle: Duration,
    /// The whole call, waiting for its turn, pauses and repeats included; discovery with all its
    /// addresses counts as one call. 10 s.
    pub total: Duration,
    /// Calls at the same time. 32, so that a slow provider cannot use up memory and sockets.
    pub calls: usize,
    /// The longest pause before the first repeat of a call; each further one doubles it. 200 ms.
    pub first_pause: Duration,
    /// The longest `Retry-After` that is waited for; a longer one is passed on. 5 s.
    pub longest_retry_after: Duration,
    /// When an endpoint that fails is left alone.
    pub breaker: BreakerLimits,
    /// The longest token response, in bytes. 64 KiB; real ones have a few.
    pub token_bytes: usize,
    /// The longest userinfo response, in bytes. 256 KiB.
    pub userinfo_bytes: usize,
    /// The longest answer to a pushed authorization request, in bytes. 16 KiB; real ones have some
    /// hundred bytes.
    pub pushed_request_bytes: usize,
    /// The longest metadata, in bytes. 128 KiB; real ones have 2 to 6.
    pub metadata_bytes: usize,
    /// The longest set of keys, in bytes. 512 KiB.
    pub keys_bytes: usize,
    /// The pause after the first discovery in the background that fails; each further one doubles
    /// it. 1 s.
    pub rediscover_first: Duration,
    /// The longest pause between two discoveries that fail. 30 s.
    pub rediscover_longest: Duration,
    /// The pause between two discoveries that work. 1 h.
    pub refresh: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            idle: Duration::from_secs(5),
            total: Duration::from_secs(10),
            calls: 32,
            first_pause: Duration::from_millis(200),
            longest_retry_after: Duration::from_secs(5),
            breaker: BreakerLimits::default(),
            token_bytes: 64 * 1024,
            userinfo_bytes: 256 * 1024,
            pushed_request_bytes: 16 * 1024,
            metadata_bytes: 128 * 1024,
            keys_bytes: 512 * 1024,
            rediscover_first: Duration::from_secs(1),
            rediscover_longest: Duration::from_secs(30),
            refresh: Duration::from_hours(1),
        }
    }
}

impl Limits {
    /// The longest body of an endpoint's answer, in bytes.
    const fn body_bytes(&self, leg: Leg) -> usize {
        match leg {
            Leg::Discovery => self.metadata_bytes,
            Leg::Jwks => self.keys_bytes,
            Leg::Token | Leg::Refresh | Leg::Revocation => self.token_bytes,
            Leg::Userinfo => self.userinfo_bytes,
            Leg::PushedRequest => self.pushed_request_bytes,
        }
    }
}

/// What names us to the provider's operators.
const USER_AGENT: &str = concat!("wrengate/", env!("CARGO_PKG_VERSION"));

/// What is accepted. With each request and not among the defaults of the client, which are added where no
/// copy of the request has them.
const JSON: &str = "application/json";

/// How long an unused connection is kept: 4 s.
///
/// Enough for userinfo to follow the token request on the same connection, and less than the 5 s after
/// which common servers close theirs. A code that is sent into a closing connection is lost.
const KEPT_IDLE: Duration = Duration::from_secs(4);

/// How many unused connections are kept.
const KEPT_CONNECTIONS: usize = 8;

/// The one HTTP client.
#[derive(Debug)]
pub(super) struct HttpClient {
    client: Client,
    turns: Semaphore,
    pub(super) limits: Limits,
    pub(super) operator: Operator,
}

impl HttpClient {
    /// Builds the client.
    ///
    /// Proxy variables of the environment are not read: settings come from the configuration alone,
    /// and a variable that is meant for other programs must not see codes and secrets pass.
    ///
    /// # Security
    /// TLS 1.2 or later, the system's root certificates and the operator's besides, dates and host
    /// names always checked; there is no switch to turn this off. A redirect is an answer like any other, so the secret is never sent
    /// on. The client itself repeats nothing: a code that is sent twice ends the first one's tokens
    /// (RFC 6749, section 4.1.2).
    pub(super) fn new(
        limits: Limits,
        extra_roots: &[CertificateDer<'static>],
    ) -> Result<Self, ProviderSetupError> {
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            Verifier::new_with_extra_roots(extra_roots.iter().cloned(), Arc::clone(&crypto))?;
        // Every verifier of one's own is "dangerous" to rustls; this one is the platform's, and checks
        // all that the default does.
        let tls = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        #[expect(clippy::disallowed_methods, reason = "the one HTTP client")]
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            .pool_idle_timeout(KEPT_IDLE)
            .pool_max_idle_per_host(KEPT_CONNECTIONS)
            .build()?;
        Ok(Self {
            client,
            turns: Semaphore::new(limits.calls),
            limits,
            operator: Operator::default(),
        })
    }

    /// The client itself, for calls that are not to the provider: the same rules, no turn taken.
    pub(super) fn client(&self) -> Client {
        self.client.clone()
    }

    /// A GET request.
    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.client.get(url.clone()).header(ACCEPT, JSON)
    }

    /// A POST request.
    pub(super) fn post(&self, url: &Url) -> RequestBuilder {
        self.client.post(url.clone()).header(ACCEPT, JSON)
    }

    /// When a call that begins now must have ended.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.limits.total
    }

    /// Sends a request once and reads its answer whole, before `deadline`.
    ///
    /// Counts it and logs one event, at debug: what it means for the sign-in is the caller's to judge
    /// and to log.
    pub(super) async fn call(
        &self,
        leg: Leg,
        request: RequestBuilder,
        deadline: Instant,
    ) -> Result<Answer, ProviderError> {
        let began = Instant::now();
        let recorded = Recorded::of(leg, &request);
        let outcome = timeout_at(deadline, self.send(leg, request))
            .await
            .unwrap_or(Err(ProviderError::Deadline { leg }));
        let counted = match &outcome {
            Ok(answer) if answer.is_ok() => CallOutcome::Ok,
            Ok(_) => CallOutcome::Refused,
            Err(error) => CallOutcome::Failed(error.failure()),
        };
        if let Some(recorded) = recorded {
            recorded.ended(&outcome);
        }
        let metrics = &self.operator.metrics;
        metrics.provider_called(leg, counted, began.elapsed());
        tracing::debug!(
            leg = leg.code(),
            status = outcome.as_ref().ok().map(|answer| answer.status().as_u16()),
            failure = outcome.as_ref().err().map(|error| error.failure().code()),
            duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "called the provider",
        );
        outcome
    }

    async fn send(&self, leg: Leg, request: RequestBuilder) -> Result<Answer, ProviderError> {
        // Acquiring fails only for a semaphore that was closed, and this one never is.
        let _turn = self.turns.acquire().await;
        let response = request
            .send()
            .await
            .map_err(|error| ProviderError::transport(leg, error))?;
        Answer::read(leg, response, self.limits.body_bytes(leg)).await
    }
}
