//! The integration tests of the backend, one binary.

mod alerts;
mod attempts;
mod config;
mod credentials;
mod doctor;
mod faulty;
mod metrics;
mod provider_faults;
mod sessions;
mod sign_out;
mod store_suite;
mod tidy;
