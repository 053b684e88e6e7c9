//! Where to go after signing in: a path of our own origin or the account page.

use serde::{Deserialize, Serialize};
use url::Url;

/// A path of this origin, with query and fragment.
///
/// # Security
/// An open redirect after sign-in sends a person who just trusted us to somebody else (RFC 9700,
/// section 4.11). What breaks a rule becomes [`ReturnTo::account`]; it is never an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReturnTo(String);

/// The longest path that is kept, in bytes: longer ones are not made by our own pages.
const LONGEST: usize = 512;

/// Paths that act or speak about one moment only, and so are no place to return to.
const NOT_A_DESTINATION: [&str; 7] = [
    "/api",
    "/callback",
    "/sign-out",
    "/signed-out",
    "/profile",
    "/problem",
    "/pkg",
];

impl ReturnTo {
    /// The default destination.
    #[must_use]
    pub fn account() -> Self {
        Self("/account".to_owned())
    }

    /// Reads what a browser proposes; `origin` is the public origin.
    #[must_use]
    pub fn parse(proposed: Option<&str>, origin: &Url) -> Self {
        proposed
            .filter(|text| is_local_path(text) && stays(text, origin))
            .map_or_else(Self::account, |text| Self(text.to_owned()))
    }

    /// Restores a path that was checked before it was stored.
    #[must_use]
    pub fn restore(text: String) -> Self {
        Self(text)
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is a path by its look alone: the rules that need no URL parser.
///
/// Browsers drop tabs and line ends inside a URL and read `\` as `/`, so both are refused.
#[must_use]
pub fn is_local_path(text: &str) -> bool {
    let mut rest = text.bytes();
    if rest.next() != Some(b'/') || text.len() > LONGEST {
        return false;
    }
    let tail = text
        .get(1..4)
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    !text.get(1..2).is_some_and(|second| second == "/")
        && tail != "%2f"
        && tail != "%5c"
        && !text.contains('\\')
        && !text.chars().any(char::is_control)
}

fn stays(text: &str, origin: &Url) -> bool {
    let Ok(url) = origin.join(text) else {
        return false;
    };
    let path = url.path();
    url.origin() == origin.origin()
        && !path.starts_with("//")
        && !NOT_A_DESTINATION.iter().any(|place| {
            path.strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}
