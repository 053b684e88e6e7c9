//! The integration tests of the backend, one binary.

mod attempts;
mod config;
mod credentials;
mod faulty;
mod provider_faults;
mod sessions;
mod store_suite;
mod tidy;
