//! `wrengate doctor`: prints what the doctor found.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use wrengate_backend::{
    clock::SystemClock,
    config::{self, Config},
    doctor::{self, Check, Plan, Report, Status},
    random::SystemRandom,
};

/// Something failed.
const FAILED: u8 = 1;

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A TOML file with settings; environment variables win.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print one JSON object, for machines.
    #[arg(long)]
    json: bool,
    /// Do not present a made-up code at the token endpoint, which shows whether the client is accepted.
    #[arg(long)]
    no_token_request: bool,
}

/// Looks and prints. Exit code 0 when nothing failed, else 1.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let report = match report(arguments) {
        Ok(report) => report,
        Err(message) => {
            // Standard error may be closed, and then nobody reads it.
            let _ = writeln!(io::stderr(), "wrengate: {message}");
            return ExitCode::from(FAILED);
        }
    };
    let mut stdout = io::stdout();
    let coloured = stdout.is_terminal() && !config::no_color();
    let printed = if arguments.json {
        serde_json::to_string(&report).unwrap_or_default() + "\n"
    } else {
        text(&report, coloured)
    };
    // The reader of a pipe may have left; the exit code still tells.
    let _ = stdout.write_all(printed.as_bytes());
    if report.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    }
}

fn report(arguments: &Arguments) -> Result<Report, String> {
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(errors) => return Ok(doctor::wrong_settings(&errors)),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime cannot start: {error}"))?;
    let plan = Plan {
        token_request: !arguments.no_token_request,
        ..Plan::default()
    };
    let examination = doctor::examine(&config, Arc::new(SystemClock), Arc::new(SystemRandom), plan);
    let report = runtime.block_on(examination);
    // A name server that does not answer holds a thread for longer than anybody waits.
    runtime.shutdown_background();
    report.map_err(|error| format!("TLS cannot be set up on this machine: {error}"))
}

/// A line for each check, its advice below it, and how it went at the end.
fn text(report: &Report, coloured: bool) -> String {
    let ids = report.checks().iter().map(|check| check.id.as_str().len());
    let width = ids.max().unwrap_or_default();
    let mut text = String::new();
    for Check {
        id,
        status,
        found,
        advice,
    } in report.checks()
    {
        let (id, status) = (id.as_str(), painted(*status, coloured));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{status}  {id:width$}  {found}");
        for advice in advice {
            let _ = writeln!(text, "{:9}{:width$}  -> {advice}", "", "");
        }
    }
    let count = |status| report.count(status);
    let _ = writeln!(
        text,
        "\n{} ok, {} warning, {} failed, {} skipped. {}",
        count(Status::Ok),
        count(Status::Warning),
        count(Status::Failed),
        count(Status::Skipped),
        verdict(report),
    );
    text
}

fn verdict(report: &Report) -> &'static str {
    if report.is_ok() {
        "Nothing stands in the way of a sign-in."
    } else if report
        .checks()
        .iter()
        .all(|check| check.id == doctor::CheckId::Settings)
    {
        "The settings are wrong, so nothing else was looked at."
    } else {
        "People cannot sign in until what failed is mended."
    }
}

/// The status, as wide as the widest.
fn painted(status: Status, coloured: bool) -> String {
    let colour = match status {
        _ if !coloured => return format!("{status:7}"),
        Status::Ok => 32,
        Status::Warning => 33,
        Status::Failed => 31,
        Status::Skipped => 2,
    };
    format!("\u{1b}[{colour}m{status:7}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_around_the_status_alone() {
        assert_eq!(painted(Status::Ok, false), "ok     ");
        assert_eq!(painted(Status::Failed, true), "\u{1b}[31mfailed \u{1b}[0m");
    }
}
