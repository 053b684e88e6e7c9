//! The log of the whole test process: our own crates at every level, the others as in production.
//!
//! References and planted values are random, so tests that share a process do not meet in it.

use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

use serde_json::Value;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};
use wrengate_backend::config::LogFormat;
use wrengate_server::telemetry;

use super::Outcome;

/// What production logs, and of our own crates everything.
const OURS: &str = "info,wrengate_server=trace,wrengate_app=trace,wrengate_backend=trace,\
    wrengate_protocol=trace";

static LINES: Mutex<String> = Mutex::new(String::new());
static JSON: Mutex<String> = Mutex::new(String::new());
static STARTED: Once = Once::new();

/// Adds what is written to the log, as text or as JSON.
#[derive(Debug)]
struct Keeper(&'static Mutex<String>);

impl io::Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the log.
pub(crate) fn start() {
    start_as(OURS);
}

/// Starts the log with every line of every crate, unless it was started before.
pub(crate) fn start_with_everything() {
    start_as("trace");
}

fn start_as(filter: &str) {
    STARTED.call_once(|| {
        let text = fmt::layer().with_ansi(false);
        tracing_subscriber::registry()
            .with(EnvFilter::new(filter))
            .with(text.with_writer(|| Keeper(&LINES)))
            .with(telemetry::layer(LogFormat::Json, || Keeper(&JSON)))
            .init();
    });
}

/// Everything so far.
pub(crate) fn text() -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Everything so far, as `WRENGATE_LOG_FORMAT=json` writes it.
pub(crate) fn json() -> String {
    JSON.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The JSON lines that carry this reference.
pub(crate) fn json_of(reference: &str) -> Outcome<Vec<Value>> {
    let lines: Result<Vec<Value>, _> = json().lines().map(serde_json::from_str).collect();
    let mut lines = lines?;
    lines.retain(|line| line.get("reference").and_then(Value::as_str) == Some(reference));
    Ok(lines)
}

/// The lines that have this text in them.
pub(crate) fn lines_with(text: &str) -> Vec<String> {
    self::text()
        .lines()
        .filter(|line| line.contains(text))
        .map(str::to_owned)
        .collect()
}

/// The lines that carry this reference.
pub(crate) fn lines_of(reference: &str) -> Vec<String> {
    lines_with(&format!("reference=\"{reference}\""))
}
