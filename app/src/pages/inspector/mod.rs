//! The flow inspector: the last sign-ins of this browser, step by step.
//!
//! The server alone draws it, as it does the page of sessions: it is whole without WebAssembly, and no
//! other page brings a byte of it. `live.js`, which stands in this page's document alone, asks for the page
//! anew when an event says that something happened.

#[cfg(not(feature = "hydrate"))]
mod drawn;

#[cfg(not(feature = "hydrate"))]
pub(crate) use self::drawn::{LIVE, inspector_page};
#[cfg(feature = "hydrate")]
pub(crate) use super::kept::kept as inspector_page;
