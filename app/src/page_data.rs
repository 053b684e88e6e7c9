//! What a document is drawn from: made by the server, handed to the browser inside the page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wrengate_protocol::{
    client::PublicClient,
    profile::{Access, Profile},
};

use crate::json;

/// Everything a page needs to know. It stands in the HTML, so nothing secret may go in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageData {
    /// The public half of the configuration.
    pub client: PublicClient,
    /// Who is signed in. Always `None` on `/callback`, which is the same for everybody.
    pub person: Option<Person>,
    /// How the provider did when it was last asked.
    pub provider: ProviderState,
    /// The result of the form that led here.
    pub notice: Option<Notice>,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// What a developer can do about the failure of this page; empty in production.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<String>,
    /// What the sign-out that led here came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<Farewell>,
    /// Whether the provider has a place where its own session ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provider_signs_out: bool,
}

/// What is known of the provider before anybody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderState {
    /// Nothing bad.
    Ready,
    /// Its metadata cannot be had.
    Unreachable,
    /// It keeps failing, so for some seconds it is left alone.
    Troubled,
}

/// The person as the browser may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The allow-listed profile.
    pub profile: Profile,
    /// What the session's access covers.
    pub access: Access,
    /// The end of the access token in UTC, ready to show before the browser can localise it.
    pub access_ends_utc: Option<String>,
}

/// What a sign-out came to, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// Whether every browser was signed out.
    pub everywhere: bool,
    /// Whether the provider's own session is over as well.
    pub at_provider: bool,
    /// The ticket that leads to where it ends.
    pub next: Option<String>,
    /// Until when the access token may still work, in UTC; empty when nobody knows. `None` when it is
    /// over.
    pub access_until: Option<String>,
}

/// The result of a form, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The profile was read again.
    ProfileUpdated,
    /// It failed, and this is the reference that is also in the log.
    Reference(String),
}

/// How a reference is marked in the one-time cookie.
const REFERENCE: &str = "reference.";

impl Notice {
    /// The value of the one-time cookie.
    #[must_use]
    pub fn to_code(&self) -> String {
        match self {
            Self::ProfileUpdated => "profile-updated".to_owned(),
            Self::Reference(reference) => format!("{REFERENCE}{reference}"),
        }
    }

    /// Reads the value of the one-time cookie. Anybody can plant one, so only what looks like a
    /// reference is taken for one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let looks_right = |text: &&str| {
            text.len() == 9
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        match code.strip_prefix(REFERENCE) {
            Some(reference) => Some(reference)
                .filter(looks_right)
                .map(|reference| Self::Reference(reference.to_owned())),
            None => (code == "profile-updated").then_some(Self::ProfileUpdated),
        }
    }
}

impl Default for PageData {
    fn default() -> Self {
        Self {
            client: PublicClient {
                app: "Wrengate".to_owned(),
                provider: "the provider".to_owned(),
                provider_home: None,
                scopes: Vec::new(),
                support_url: None,
                support_email: None,
            },
            person: None,
            provider: ProviderState::Ready,
            notice: None,
            now: 0,
            advice: Vec::new(),
            farewell: None,
            provider_signs_out: false,
        }
    }
}

/// The element that carries the data inside the document.
pub const ELEMENT: &str = "page-data";

impl PageData {
    /// Reads the text of the element.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        json::read(text.as_bytes()).ok()
    }

    /// The text of the element.
    ///
    /// # Security
    /// A name can hold `</script>`; without its `<` it cannot end the element.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
            .unwrap_or_default()
            .replace('<', "\\u003c")
    }
}

/// What the document is drawn from: provided by the server, and by `hydrate()` in the browser.
pub(crate) fn page_data() -> PageData {
    use_context().unwrap_or_default()
}
