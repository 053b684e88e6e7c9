//! The integration tests of the server, one binary: each starts the real thing on a port of its own.

mod alerts;
mod binary;
mod callback_page;
mod cookies;
mod doctor;
mod form_gate;
mod headers;
mod hostile_http;
mod inspector;
mod limits;
mod logging;
mod messages;
mod metrics;
mod origin_gate;
mod pages;
mod rate_limit;
mod redaction;
mod refresh_profile;
mod replicas;
mod rig;
mod sessions;
mod shutdown;
mod sign_in;
mod sign_out;
