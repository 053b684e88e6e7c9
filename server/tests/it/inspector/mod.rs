//! The flow inspector: what a browser sees of its own sign-ins, and what nobody sees.

mod access;
mod broken;
mod canaries;
pub(crate) mod events;
mod faults;
mod memory;
mod page;
mod steps;
mod verdicts;

use wrengate_protocol::trace::{Check, CheckName, Row, TraceList, TraceStep, TraceView, Verdict};

use crate::rig::{Browser, Outcome, Request};

/// What a browser is told of its attempts.
pub(crate) async fn traces(browser: &mut Browser) -> Outcome<Vec<TraceView>> {
    let answer = browser.open("/inspector/trace").await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list: TraceList = serde_json::from_slice(&answer.body)?;
    Ok(list.traces)
}

/// The newest of them.
pub(crate) async fn newest(browser: &mut Browser) -> Outcome<TraceView> {
    let first = traces(browser).await?.into_iter().next();
    first.ok_or_else(|| "no trace".into())
}

/// What came of a check.
pub(crate) fn verdict(trace: &TraceView, name: CheckName) -> Option<Verdict> {
    let mut checks = trace.checks.iter();
    let found: Option<&Check> = checks.find(|check| check.name == name);
    found.map(|check| check.verdict)
}

/// A step, by its number.
pub(crate) fn step(trace: &TraceView, number: usize) -> Outcome<&TraceStep> {
    trace.steps.get(number).ok_or_else(|| "no step".into())
}

/// The row of a name.
pub(crate) fn row<'a>(rows: &'a [Row], name: &str) -> Outcome<&'a Row> {
    let found = rows.iter().find(|row| row.name.as_str() == name);
    found.ok_or_else(|| format!("no {name} in {rows:?}").into())
}

/// A GET as the inspector's page makes it.
pub(crate) fn fetch(browser: &Browser, path: &str) -> Request {
    browser.with_cookies(Request::get(path).header("Sec-Fetch-Site", "same-origin"))
}
