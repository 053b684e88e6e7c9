//! The log.

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Starts the log on standard error. `RUST_LOG` chooses what is logged; `info` without it.
pub fn start() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    // Fails when a log was started before, as tests do; that one serves.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
