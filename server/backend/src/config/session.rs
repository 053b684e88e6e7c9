//! How long sessions last.

use std::time::Duration;

use super::given::Given;
use crate::session::Lifetimes;

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// `WRENGATE_SESSION_IDLE_SECONDS` and `WRENGATE_SESSION_ABSOLUTE_SECONDS`.
    pub lifetimes: Lifetimes,
    /// `WRENGATE_REFRESH_MARGIN_SECONDS`: how long before its end an access token is renewed, 0 to
    /// 3600 s. Default 60.
    pub refresh_margin: Duration,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            lifetimes: Lifetimes::default(),
            refresh_margin: Duration::from_mins(1),
        }
    }
}

/// The longest that may be set, in seconds: a year.
const LONGEST: u64 = 365 * 24 * 3600;

impl SessionConfig {
    pub(super) fn read(given: &mut Given) -> Self {
        let default = Self::default();
        let idle = given.seconds("WRENGATE_SESSION_IDLE_SECONDS", 10..=LONGEST);
        let absolute = given.seconds("WRENGATE_SESSION_ABSOLUTE_SECONDS", 10..=LONGEST);
        let margin = given.seconds("WRENGATE_REFRESH_MARGIN_SECONDS", 0..=3600);
        Self {
            lifetimes: Lifetimes {
                idle: idle.unwrap_or(default.lifetimes.idle),
                absolute: absolute.unwrap_or(default.lifetimes.absolute),
            },
            refresh_margin: margin.unwrap_or(default.refresh_margin),
        }
    }
}
