//! The server's half of the flow.
//!
//! It knows no page: no Leptos, no router, no HTML. Read [`sign_in`] first; it calls the rest:
//! [`attempt`] (live sign-ins), [`provider`] (calls to the provider), [`session`] (who is signed
//! in), [`guard`] (who is let in), [`renewal`] (their access tokens), [`sign_out`], [`preferences`] (what
//! people chose), [`store`] (records, keys, expiry; no OAuth), [`config`] (settings). What the operator hears is
//! [`outcome`], with [`metrics`] and [`alert`]; [`doctor`] looks at settings and provider before anybody
//! signs in, and [`advice`] is what to do about what it finds. [`inspector`] shows a browser its own
//! sign-ins, step by step.

pub mod advice;
pub mod alert;
pub mod attempt;
pub mod clock;
pub mod config;
pub mod cookies;
pub mod doctor;
pub mod guard;
pub mod inspector;
pub mod metrics;
pub mod outcome;
pub mod preferences;
pub mod provider;
pub mod random;
mod reference;
pub mod renewal;
mod services;
pub mod session;
pub mod sign_in;
pub mod sign_out;
pub mod store;

pub use self::{
    reference::Reference,
    services::{Components, Services, StartError},
};
