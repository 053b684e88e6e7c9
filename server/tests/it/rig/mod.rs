//! What the tests are made with: the real server on a port of its own, a provider that behaves as it
//! is told, browsers with cookies, and the log.

mod answers;
pub(crate) mod browser;
pub(crate) mod falling;
pub(crate) mod frail_store;
pub(crate) mod frozen;
#[path = "../../../backend/tests/it/store_suite/kinds.rs"]
pub(crate) mod kinds;
pub(crate) mod log;
pub(crate) mod provider;
pub(crate) mod webhook;
pub(crate) mod wire;
pub(crate) mod world;

use std::error::Error;

use serde_json::Value;
use wrengate_protocol::{Failure, failure::Severity};

pub(crate) use self::{
    browser::{Arrival, Browser, Signing},
    frozen::FrozenTime,
    provider::{Provider, Reply},
    webhook::Webhook,
    wire::{Answer, Request},
    world::{LOADER, PART, Plan, World},
};

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;
pub(crate) type Outcome<T = ()> = Result<T, BoxError>;

/// When the tests take place: 2026-01-01T00:00:00Z.
pub(crate) const NOW: i64 = 1_767_225_600;

/// The answer is this failure, in the shape every failed call has, and the log knows its reference, once
/// and as loudly as the failure is.
pub(crate) fn check_failure(row: &str, answer: &Answer, status: u16, failure: &str) -> Outcome {
    let body = answer.json().map_err(|error| format!("{row}: {error}"))?;
    let told = (answer.status, body.get("failure").and_then(Value::as_str));
    assert_eq!(told, (status, Some(failure)), "{row}: {body}");
    check_shape(row, answer, &body)?;
    let lines = log::lines_of(reference(&body)?);
    let [line] = lines.as_slice() else {
        return Err(format!("{row}: not one line of the log, but {lines:?}").into());
    };
    assert!(
        line.contains(&format!("failure=\"{failure}\"")),
        "{row}: {line}"
    );
    let level = match Failure::from_code(failure).map(Failure::severity) {
        Some(Severity::Error) => " ERROR ",
        Some(Severity::Warn) => " WARN ",
        Some(Severity::Info) => " INFO ",
        None => return Err(format!("{row}: {failure} is no failure").into()),
    };
    assert!(line.contains(level), "{row}: not {level}: {line}");
    Ok(())
}

/// The answer is a refusal that our own pages cannot cause: a status and a reference, no failure.
pub(crate) fn check_refusal(row: &str, answer: &Answer, status: u16) -> Outcome {
    assert_eq!(answer.status, status, "{row}: {}", answer.text());
    let body = answer.json().map_err(|error| format!("{row}: {error}"))?;
    assert_eq!(body.get("failure"), None, "{row}: {body}");
    check_shape(row, answer, &body)?;
    let lines = log::lines_of(reference(&body)?);
    assert_eq!(lines.len(), 1, "{row}: lines of the log: {lines:?}");
    Ok(())
}

/// The reference that a failed call names.
pub(crate) fn reference(body: &Value) -> Outcome<&str> {
    let reference = body.get("reference").and_then(Value::as_str);
    reference.ok_or_else(|| format!("no reference in {body}").into())
}

fn check_shape(row: &str, answer: &Answer, body: &Value) -> Outcome {
    let known = [
        "failure",
        "reference",
        "retry_after",
        "provider_says",
        "return_to",
    ];
    for name in body.as_object().ok_or("not an object")?.keys() {
        assert!(known.contains(&name.as_str()), "{row}: {name} in {body}");
    }
    assert_eq!(
        answer.header("content-type"),
        Some("application/json"),
        "{row}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{row}");
    let session = answer.all("set-cookie").into_iter().find(|cookie| {
        let is_other = cookie.contains("attempt") || cookie.contains("inspector");
        !is_other && !cookie.contains("Max-Age=0")
    });
    assert_eq!(session, None, "{row}: a failure sets no session cookie");
    Ok(())
}
