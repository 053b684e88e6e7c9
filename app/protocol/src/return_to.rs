//! Where to go after signing in: a path of our own origin or the account page.

use serde::{Deserialize, Serialize};
use url::Url;

/// A path of this origin, with query and fragment.
///
/// # Security
/// An open redirect after sign-in sends a person who just trusted us to somebody else (RFC 9700,
/// section 4.11). What breaks a rule becomes [`ReturnTo::account`]; it is never an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
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
        Self::read(proposed, origin).unwrap_or_else(Self::account)
    }

    /// The same; `None` for what breaks a rule.
    #[must_use]
    pub fn read(proposed: Option<&str>, origin: &Url) -> Option<Self> {
        proposed
            .filter(|text| is_local_path(text) && stays(text, origin))
            .map(|text| Self(text.to_owned()))
    }

    /// Restores a path that was checked before it was stored. What is no path any more becomes
    /// the account page, so that a changed record cannot redirect either.
    #[must_use]
    pub fn restore(text: String) -> Self {
        if is_local_path(&text) {
            Self(text)
        } else {
            Self::account()
        }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ReturnTo {
    fn from(text: String) -> Self {
        Self::restore(text)
    }
}

impl From<ReturnTo> for String {
    fn from(path: ReturnTo) -> Self {
        path.0
    }
}

/// Whether a text is a path by its look alone: the rules that need no URL parser.
///
/// Browsers drop tabs and line ends inside a URL and read `\` as `/`, so both are refused.
#[must_use]
pub fn is_local_path(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('/') else {
        return false;
    };
    let coded = rest
        .get(..3)
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    text.len() <= LONGEST
        && !rest.starts_with('/')
        && coded != "%2f"
        && coded != "%5c"
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
        && is_plainly_coded(path)
        && !NOT_A_DESTINATION.iter().any(|place| {
            path.strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// Whether percent-coding stands only where a path needs it (RFC 3986, section 2.3).
///
/// `/%61pi` is `/api` and `/x%2f..%2fapi` a way to it for whoever decodes before comparing: a proxy,
/// a router, a later version of this one. Nobody writes a path like that without a purpose.
fn is_plainly_coded(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        let coded = rest
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        coded.is_some_and(|byte| {
            let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            !unreserved && !byte.is_ascii_control() && byte != b'/' && byte != b'\\'
        })
    })
}
