//! The integration tests of the backend, one binary.

mod config;
