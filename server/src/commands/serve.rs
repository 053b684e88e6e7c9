//! `wrengate serve`

use std::{error::Error, fmt::Write as _, path::PathBuf, process::ExitCode};

use wrengate_backend::{
    Services,
    config::{Config, LogFormat},
};
use wrengate_server::{Listeners, Spoken, assets, serve, telemetry};

/// Settings that are wrong, or something that cannot be started.
const CANNOT_START: u8 = 2;

/// What helps whoever reads that the settings are wrong.
const DOCTOR: &str = "wrengate doctor looks at settings and provider";

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A TOML file with settings; environment variables win.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Serves until interrupted. Exit code 0 after an orderly stop, 2 when the start failed.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(errors) => return fail(&format!("the settings are wrong\n{errors}\n{DOCTOR}")),
    };
    // From here on the settings say how to speak.
    let format = config.operator.log_format;
    telemetry::start(format);
    let fail = |message: &str| match format {
        LogFormat::Text => fail(message),
        LogFormat::Json => {
            tracing::error!(cause = message, "cannot start");
            ExitCode::from(CANNOT_START)
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&chain("the runtime cannot start", &error)),
    };
    match runtime.block_on(start(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

async fn start(config: Config) -> Result<(), String> {
    let assets = assets::find(&config.http.site_root)
        .map_err(|error| chain("the built site cannot be used (WRENGATE_SITE_ROOT)", &error))?;
    let spoken = Spoken::find(config.http.languages.as_deref())
        .map_err(|error| chain("the words cannot be used (WRENGATE_LANGUAGES)", &error))?;
    let listeners = Listeners::bind(&config)
        .await
        .map_err(|error| chain("the server cannot start", &error))?;
    let services = Services::start(config)
        .await
        .map_err(|error| chain("the services cannot start", &error))?;
    let config = &services.config;
    let metrics_addr = config.operator.metrics_addr.map(tracing::field::display);
    tracing::info!(
        addr = %config.http.addr,
        origin = config.http.public_origin.as_str(),
        metrics_addr,
        "listening"
    );
    serve(services, assets, spoken, listeners, interrupted()).await;
    Ok(())
}

/// Resolves on interrupt and on terminate.
async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            // Without the handler the signal still ends the process, only less politely.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminated => {}
    }
    tracing::info!("stopping; requests that are under way may finish");
}

#[expect(
    clippy::print_stderr,
    reason = "what a person at the terminal needs to know"
)]
fn fail(message: &str) -> ExitCode {
    eprintln!("wrengate: {message}");
    ExitCode::from(CANNOT_START)
}

fn chain(what: &str, error: &dyn Error) -> String {
    let mut text = format!("{what}: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
