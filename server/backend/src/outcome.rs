//! The one log line that every failed call gets, with the reference the person sees.

use std::{error::Error, fmt::Write as _};

use wrengate_protocol::{Failure, failure::Severity, messages::NotOurMessage};

use crate::sign_in::SignInError;

/// Logs a failure with its cause, unless it was logged when it was settled.
///
/// # Security
/// Errors of this crate name causes, never values; texts of the provider are not logged.
pub fn log_failure(reference: &str, error: &SignInError) {
    if matches!(error, SignInError::Told(_)) {
        return;
    }
    let failure = error.failure().code();
    let cause = causes(error);
    let attempt = error.attempt();
    let provider_code = error.provider_code();
    let trace_id = error.trace_id();
    match error.failure().severity() {
        Severity::Error => {
            tracing::error!(
                reference,
                failure,
                cause,
                attempt,
                provider_code,
                trace_id,
                "sign-in failed"
            );
        }
        Severity::Warn => {
            tracing::warn!(
                reference,
                failure,
                cause,
                attempt,
                provider_code,
                trace_id,
                "sign-in failed"
            );
        }
        Severity::Info => {
            tracing::info!(
                reference,
                failure,
                cause,
                attempt,
                provider_code,
                trace_id,
                "sign-in ended"
            );
        }
    }
}

/// Logs a failure that has no cause besides itself.
pub fn log_plain_failure(reference: &str, failure: Failure) {
    let severity = failure.severity();
    let failure = failure.code();
    match severity {
        Severity::Error => tracing::error!(reference, failure, "request failed"),
        Severity::Warn => tracing::warn!(reference, failure, "request refused"),
        Severity::Info => tracing::info!(reference, failure, "request ended"),
    }
}

/// Logs a message that our own pages cannot send.
pub fn log_refusal(reference: &str, error: &NotOurMessage) {
    tracing::warn!(
        reference,
        field = error.0,
        "message refused: a field is not as described"
    );
}

/// Logs a request that was refused for its form alone: method, path, type, size, time, JSON.
pub fn log_refused_request(reference: &str, status: u16) {
    tracing::info!(reference, status, "request refused: our pages send no such");
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
