//! The log.

use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::LevelFilter,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};
use wrengate_backend::config::LogFormat;

/// Starts the log on standard error. `RUST_LOG` chooses what is logged; `info` without it.
///
/// In JSON a panic is a line of the log as well, where the standard library would write text.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    let (filter, misread) = match filter.from_env() {
        Ok(filter) => (filter, None),
        Err(error) => (filter.parse_lossy(""), Some(error)),
    };
    // Fails when a log was started before, as tests do; that one serves.
    let started = tracing_subscriber::registry()
        .with(layer(format, std::io::stderr).with_filter(filter))
        .try_init();
    if started.is_ok() && format == LogFormat::Json {
        std::panic::set_hook(Box::new(log_panic));
    }
    if let Some(error) = misread {
        tracing::warn!(error = %error, "RUST_LOG cannot be read, so the default is logged");
    }
}

/// What writes the lines of the log.
///
/// In JSON each is one object: `timestamp`, `level`, `message`, and the fields of the event beside
/// them.
pub fn layer<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer).with_target(false);
    match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .boxed(),
    }
}

/// # Security
/// The message of a panic can quote the value that caused it, unless it is a text of the program.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let cause = panic.payload().downcast_ref::<&'static str>().copied();
    tracing::error!(location, cause, "a thread panicked");
}
