//! The pages of Wrengate: rendered by the server, hydrated in the browser.
//!
//! Start with [`sign_in`], the flow as the browser sees it; [`api`] is what crosses the wire.

#![recursion_limit = "256"]
#![expect(
    unreachable_pub,
    reason = "the component macro writes public items into private modules"
)]

mod api;
mod app;
pub mod browser;
mod components;
pub mod copy;
#[cfg(not(feature = "hydrate"))]
pub mod display;
mod element;
#[cfg(not(feature = "hydrate"))]
pub mod inspection;
mod json;
pub mod page_data;
mod pages;
#[cfg(not(feature = "hydrate"))]
mod plain;
pub mod routes;
mod session_watch;
#[cfg(not(feature = "hydrate"))]
mod shell;
mod sign_in;
pub mod signed_in;

pub use crate::app::App;
#[cfg(not(feature = "hydrate"))]
pub use crate::{
    plain::Plain,
    shell::{Assets, Parts, shell},
};
