//! One file a subcommand: arguments, output, exit code.

pub(crate) mod serve;
