//! The integration tests of the backend, one binary.

mod attempts;
mod config;
mod sessions;
mod store_suite;
