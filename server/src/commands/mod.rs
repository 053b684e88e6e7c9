//! One file a subcommand: arguments, output, exit code.

pub(crate) mod doctor;
pub(crate) mod serve;
