//! What is counted. The names are part of the interface; `docs/operations.md` explains them.
//!
//! Labels are codes of [`Step`], [`Failure`], [`Leg`] and this crate's other enums, never input: their
//! number is bounded, and nothing of a person or a secret can stand in one.

use std::{fmt, sync::Arc, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, prometheus_text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Metric, Registry},
};
use wrengate_protocol::{Failure, step::Step};

use crate::{alert, provider::Leg, renewal::RenewalError};

/// The content type of [`Metrics::exposition`]: Prometheus' text format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The bounds of the buckets for a call to the provider, in seconds. The last is the limit of a call.
const BUCKETS: [f64; 9] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The counts of one process; cheap to clone, and every clone counts the same.
#[derive(Clone)]
pub struct Metrics(Arc<Counted>);

struct Counted {
    registry: Registry,
    started: Counter,
    completed: Counter,
    failed: Family<StepAndFailure, Counter>,
    sessions_opened: Counter,
    renewals: Family<Outcome, Counter>,
    requests_refused: Family<Reason, Counter>,
    call_duration: Family<EndpointAndOutcome, Histogram, fn() -> Histogram>,
    retries: Family<Endpoint, Counter>,
    breaker_open: Family<Endpoint, Gauge>,
    breaker_transitions: Family<EndpointAndTo, Counter>,
    jwks_refreshes: Family<Outcome, Counter>,
    alerts: Family<KindAndOutcome, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepAndFailure {
    step: &'static str,
    failure: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    endpoint: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndpointAndOutcome {
    endpoint: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndpointAndTo {
    endpoint: &'static str,
    to: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindAndOutcome {
    kind: &'static str,
    outcome: &'static str,
}

/// How a call to the provider ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// It was granted.
    Ok,
    /// It was answered with a refusal, whatever the reason.
    Refused,
    /// It was not answered, or not readably.
    Failed(Failure),
}

impl CallOutcome {
    const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed(failure) => failure.code(),
        }
    }
}

/// How the renewal of an access token ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalOutcome {
    /// There are new tokens.
    Ok,
    /// The provider does not accept the refresh token any more; the session ended.
    Refused,
    /// The provider answered what is not to be trusted; the session ended.
    Untrusted,
    /// The session ended meanwhile.
    SessionOver,
    /// Something failed; the session stays.
    Failed(Failure),
}

impl RenewalOutcome {
    /// The outcome of a renewal that failed.
    #[must_use]
    pub fn of(error: &RenewalError) -> Self {
        match error {
            RenewalError::Refused(_) => Self::Refused,
            RenewalError::Untrusted(_) => Self::Untrusted,
            RenewalError::SessionOver => Self::SessionOver,
            other => Self::Failed(other.failure()),
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Untrusted => "untrusted",
            Self::SessionOver => "session-over",
            Self::Failed(failure) => failure.code(),
        }
    }
}

/// Why a request was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A gate, a rate limit or the limit in time.
    Failure(Failure),
    /// Its form alone, by the status it was answered with.
    Form(u16),
}

impl Refused {
    const fn code(self) -> &'static str {
        match self {
            Self::Failure(failure) => failure.code(),
            Self::Form(400) => "not-our-message",
            Self::Form(404) => "not-found",
            Self::Form(405) => "method-not-allowed",
            Self::Form(408) => "too-slow",
            Self::Form(413) => "too-large",
            Self::Form(415) => "unsupported-type",
            Self::Form(_) => "other",
        }
    }
}

impl Metrics {
    /// A sign-in was registered, step 4.
    pub fn sign_in_started(&self) {
        self.0.started.inc();
    }

    /// Somebody is signed in. A repeat of the same completion does not count.
    pub fn sign_in_completed(&self) {
        self.0.completed.inc();
    }

    /// A sign-in ended otherwise.
    pub fn sign_in_failed(&self, step: Step, failure: Failure) {
        let labels = StepAndFailure {
            step: step.code(),
            failure: failure.code(),
        };
        self.0.failed.get_or_create(&labels).inc();
    }

    /// A session was opened.
    pub fn session_opened(&self) {
        self.0.sessions_opened.inc();
    }

    /// Tokens were renewed, or could not be.
    pub fn renewed(&self, outcome: RenewalOutcome) {
        let outcome = outcome.code();
        self.0.renewals.get_or_create(&Outcome { outcome }).inc();
    }

    /// A request was not let in.
    pub fn request_refused(&self, why: Refused) {
        let reason = why.code();
        self.0
            .requests_refused
            .get_or_create(&Reason { reason })
            .inc();
    }

    /// A call to the provider has ended.
    pub fn provider_called(&self, leg: Leg, outcome: CallOutcome, took: Duration) {
        let labels = EndpointAndOutcome {
            endpoint: leg.code(),
            outcome: outcome.code(),
        };
        let calls = self.0.call_duration.get_or_create(&labels);
        calls.observe(took.as_secs_f64());
    }

    /// A call to the provider is made once more.
    pub fn retried(&self, leg: Leg) {
        self.0.retries.get_or_create(&endpoint(leg)).inc();
    }

    /// The circuit breaker of an endpoint opened, or closed.
    pub fn breaker(&self, leg: Leg, open: bool) {
        let gauge = self.0.breaker_open.get_or_create(&endpoint(leg));
        gauge.set(i64::from(open));
        let labels = EndpointAndTo {
            endpoint: leg.code(),
            to: if open { "open" } else { "closed" },
        };
        self.0.breaker_transitions.get_or_create(&labels).inc();
    }

    /// The provider's signing keys were fetched, or could not be.
    pub fn jwks_refreshed(&self, ok: bool) {
        let outcome = if ok { "ok" } else { "failed" };
        self.0
            .jwks_refreshes
            .get_or_create(&Outcome { outcome })
            .inc();
    }

    /// Something became of an alert.
    pub fn alerted(&self, kind: alert::Kind, outcome: alert::Fate) {
        let labels = KindAndOutcome {
            kind: kind.code(),
            outcome: outcome.code(),
        };
        self.0.alerts.get_or_create(&labels).inc();
    }

    /// Everything, in the format that [`CONTENT_TYPE`] names.
    #[must_use]
    pub fn exposition(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail, and every label is a text.
        let _ = prometheus_text::encode(&mut text, &self.0.registry);
        text
    }
}

const fn endpoint(leg: Leg) -> Endpoint {
    Endpoint {
        endpoint: leg.code(),
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("wrengate");
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version that runs", version);
        let mut names = Names(&mut registry);
        Self(Arc::new(Counted {
            started: names.plain("sign_ins_started", "Sign-ins that were begun"),
            completed: names.plain("sign_ins_completed", "Sign-ins that signed somebody in"),
            failed: names.plain(
                "sign_ins_failed",
                "Sign-ins that ended otherwise, by step and failure",
            ),
            sessions_opened: names.plain("sessions_opened", "Sessions that were opened"),
            renewals: names.plain("renewals", "Renewals of access tokens, by outcome"),
            requests_refused: names.plain(
                "requests_refused",
                "Requests that were not let in, by gate, limit or form",
            ),
            call_duration: names.name(
                "provider_call_duration_seconds",
                "How long calls to the provider took, by endpoint and outcome",
                Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            ),
            retries: names.plain(
                "provider_retries",
                "Calls to the provider that were made once more",
            ),
            breaker_open: names.plain(
                "provider_breaker_open",
                "Whether the circuit breaker of an endpoint is open: 0 or 1",
            ),
            breaker_transitions: names.plain(
                "provider_breaker_transitions",
                "How often the circuit breaker of an endpoint opened and closed",
            ),
            jwks_refreshes: names.plain(
                "jwks_refreshes",
                "Fetches of the provider's signing keys, by outcome",
            ),
            alerts: names.plain("alerts", "Alerts, by kind and what became of them"),
            registry,
        }))
    }
}

/// Names what is counted.
struct Names<'a>(&'a mut Registry);

impl Names<'_> {
    fn plain<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        self.name(name, help, M::default())
    }

    fn name<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
