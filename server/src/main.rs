//! The command line.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Wrengate signs people in with OAuth 2.0 and PKCE.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the app until interrupted.
    Serve(commands::serve::Arguments),
    /// Look at settings and provider, and say what is wrong and what to do.
    Doctor(commands::doctor::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve(arguments) => commands::serve::run(&arguments),
        Command::Doctor(arguments) => commands::doctor::run(&arguments),
    }
}
