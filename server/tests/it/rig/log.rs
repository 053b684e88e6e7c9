//! The log of the whole test process: our own crates at every level, the others as in production.
//!
//! References and planted values are random, so tests that share a process do not meet in it.

use std::{
    io,
    sync::{Mutex, Once, PoisonError},
};

use tracing_subscriber::EnvFilter;

/// What production logs, and of our own crates everything.
const OURS: &str = "info,wrengate_server=trace,wrengate_app=trace,wrengate_backend=trace,\
    wrengate_protocol=trace";

static LINES: Mutex<String> = Mutex::new(String::new());
static STARTED: Once = Once::new();

/// Adds what is written to the log.
#[derive(Debug)]
struct Keeper;

impl io::Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
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
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(|| Keeper)
            .init();
    });
}

/// Everything so far.
pub(crate) fn text() -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
