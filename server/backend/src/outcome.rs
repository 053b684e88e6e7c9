//! Whom the outcomes are told to: the one log line that every failed call gets, with the reference the
//! person sees; the count; the alert.

use std::{error::Error, fmt::Write as _};

use wrengate_protocol::{Failure, failure::Severity, messages::NotOurMessage, step::Step};

use crate::{
    alert::{Alerts, Kind},
    metrics::{Metrics, Refused},
    provider::{Leg, Observer, ProviderError},
    sign_in::SignInError,
    sign_out::BackChannelError,
};

/// Whoever runs this installation, as far as the server can tell them; cheap to clone.
///
/// The default counts for itself and alerts nobody.
#[derive(Clone, Debug, Default)]
pub struct Operator {
    /// The counts.
    pub metrics: Metrics,
    /// The alerts.
    pub alerts: Alerts,
}

impl Operator {
    /// A sign-in failed: logged with its cause, counted and alerted, unless that was done when it was
    /// settled.
    ///
    /// `during` is the step for errors that say nothing of theirs, such as one of the store.
    ///
    /// # Security
    /// Errors of this crate name causes, never values; texts of the provider are not logged.
    pub fn sign_in_failed(&self, reference: &str, during: Step, error: &SignInError) {
        if matches!(error, SignInError::Told(_)) {
            return;
        }
        let step = error.step().unwrap_or(during);
        self.metrics.sign_in_failed(step, error.failure());
        self.tell(reference, Some(step), error);
    }

    /// A sign-in failed for a reason that has no cause besides itself.
    pub fn sign_in_refused(&self, reference: &str, step: Step, failure: Failure) {
        self.metrics.sign_in_failed(step, failure);
        self.tell_plainly(reference, Some(step), failure);
    }

    /// Something failed outside of a sign-in: logged with its cause and alerted.
    ///
    /// # Security
    /// As for [`sign_in_failed`](Self::sign_in_failed).
    pub fn log_failure(&self, reference: &str, error: &SignInError) {
        self.tell(reference, error.step(), error);
    }

    /// Logs a failure that has no cause besides itself.
    pub fn log_plain_failure(&self, reference: &str, failure: Failure) {
        self.tell_plainly(reference, None, failure);
    }

    /// A gate or a limit does not let a request in.
    pub fn request_refused(&self, reference: &str, failure: Failure) {
        self.metrics.request_refused(Refused::Failure(failure));
        self.tell_plainly(reference, None, failure);
    }

    /// Logs a message that our own pages cannot send.
    pub fn log_refusal(&self, reference: &str, error: &NotOurMessage) {
        self.metrics.request_refused(Refused::Form(400));
        tracing::warn!(
            reference,
            field = error.0,
            "message refused: a field is not as described"
        );
    }

    /// Logs a request that was refused for its form alone: method, path, type, size, time, JSON.
    pub fn log_refused_request(&self, reference: &str, status: u16) {
        self.metrics.request_refused(Refused::Form(status));
        tracing::info!(reference, status, "request refused: our pages send no such");
    }

    /// A call of the provider's that was to sign somebody out did not.
    ///
    /// # Security
    /// Anybody can make one, so it alerts nobody; and nothing of the token is logged.
    pub fn logout_refused(&self, reference: &str, error: &BackChannelError) {
        tracing::warn!(
            reference,
            cause = causes(error),
            "the provider signed nobody out: its call was refused"
        );
    }

    /// The provider failed while nobody was asking, so there is no reference.
    pub(crate) fn provider_failing(&self, error: &ProviderError) {
        let failure = error.failure();
        if let Some(kind) = Kind::of(failure) {
            self.alerts
                .raise(kind, failure, Some(error.leg().step()), None);
        }
    }

    /// The provider's signing keys were fetched, or could not be: counted, and alerted when not.
    ///
    /// # Errors
    /// Gives the outcome back.
    pub fn jwks_refreshed<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        self.metrics.jwks_refreshed(outcome.is_ok());
        outcome.inspect_err(|error| {
            let step = Some(Step::CheckIdToken);
            self.alerts
                .raise(Kind::JwksFailed, error.failure(), step, None);
        })
    }

    fn tell(&self, reference: &str, step: Option<Step>, error: &SignInError) {
        let failure = error.failure();
        if let Some(kind) = error.alert() {
            self.alerts.raise(kind, failure, step, Some(reference));
        }
        let severity = failure.severity();
        let failure = failure.code();
        let step = step.map(Step::code);
        let cause = causes(error);
        let attempt = error.attempt();
        let provider_code = error.provider_code();
        let trace_id = error.trace_id();
        macro_rules! line {
            ($level:ident, $message:literal) => {
                tracing::$level!(
                    reference,
                    failure,
                    step,
                    cause,
                    attempt,
                    provider_code,
                    trace_id,
                    $message
                )
            };
        }
        match severity {
            Severity::Error => line!(error, "sign-in failed"),
            Severity::Warn => line!(warn, "sign-in failed"),
            Severity::Info => line!(info, "sign-in ended"),
        }
    }

    fn tell_plainly(&self, reference: &str, step: Option<Step>, failure: Failure) {
        if let Some(kind) = Kind::of(failure) {
            self.alerts.raise(kind, failure, step, Some(reference));
        }
        let severity = failure.severity();
        let failure = failure.code();
        let step = step.map(Step::code);
        match severity {
            Severity::Error => tracing::error!(reference, failure, step, "request failed"),
            Severity::Warn => tracing::warn!(reference, failure, step, "request refused"),
            Severity::Info => tracing::info!(reference, failure, step, "request ended"),
        }
    }
}

impl Observer for Operator {
    fn on_retry(&self, leg: Leg) {
        self.metrics.retried(leg);
    }

    /// Counted, and alerted when it opened.
    fn on_breaker(&self, leg: Leg, open: bool) {
        self.metrics.breaker(leg, open);
        if open {
            let (kind, failure) = (Kind::BreakerOpen, Failure::ProviderBusy);
            self.alerts.raise(kind, failure, Some(leg.step()), None);
        }
    }
}

fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
