//! Who may look at the recorded flow of a sign-in.

use super::{given::Given, http::HttpConfig};

/// `WRENGATE_INSPECTOR`: who may look at recorded sign-ins. Default `own` where the public origin is
/// http, else `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectorAccess {
    /// Nothing is recorded, and its addresses lead nowhere.
    Off,
    /// A browser sees its own sign-ins.
    Own,
}

impl InspectorAccess {
    /// Reads the setting. Where the origin is http, browsers are on this machine.
    pub(super) fn read(given: &mut Given, http: Option<&HttpConfig>) -> Self {
        let chosen = given.parsed(
            "WRENGATE_INSPECTOR",
            "choose off or own",
            |text| match text {
                "off" => Ok(Self::Off),
                "own" => Ok(Self::Own),
                _ => Err("is not one of the two"),
            },
        );
        chosen.unwrap_or(match http {
            Some(http) if !http.public_origin.is_https() => Self::Own,
            _ => Self::Off,
        })
    }
}
