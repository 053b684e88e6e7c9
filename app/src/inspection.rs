//! What the inspector's page is drawn from. The server alone draws it, so none of it is handed on.

pub use wrengate_protocol::trace::NO_FAULT;
use wrengate_protocol::trace::{Fingerprint, TraceList};

use crate::copy::inspector::FAULTS;

/// What a browser may see of its own sign-ins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The attempts, the newest first.
    pub list: TraceList,
    /// Which of them was asked for; the newest where none was.
    pub wanted: Option<Fingerprint>,
    /// Where the development provider is made to fail, at that provider alone.
    pub switchboard: Option<String>,
    /// Whether that provider was to be broken and did not answer.
    pub unbroken: bool,
}

/// A fault that the page offers, by its name; [`NO_FAULT`] is one of them.
#[must_use]
pub fn fault(name: &str) -> Option<&'static str> {
    let mut faults = FAULTS.into_iter();
    faults.find_map(|(known, ..)| (known == name).then_some(known))
}

/// How the server writes a moment (RFC 3339): the pages have no calendar of their own.
#[derive(Clone, Copy, Debug)]
pub struct Utc(pub fn(i64) -> String);
