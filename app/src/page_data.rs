//! What a document is drawn from: made by the server, handed to the browser inside the page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wrengate_protocol::{
    client::PublicClient,
    encoding::{base64url, from_base64url},
    preferences::{Preferences, PreferencesRefused, Times},
    profile::{Access, Profile},
    session_ends::SessionEnds,
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
    /// Whether the access token can be renewed without the person.
    #[serde(default)]
    pub renews: bool,
    /// Tells the account from others.
    pub account: String,
    /// When the session ends.
    pub ends: SessionEnds,
    /// What they chose.
    pub preferences: Preferences,
}

/// The result of a form, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The profile was read again.
    ProfileUpdated,
    /// What they chose was kept.
    Saved,
    /// What they chose was not kept: why, and what it was.
    NotSaved(PreferencesRefused, Typed),
    /// It failed, and this is the reference that is also in the log.
    Reference(String),
}

/// A form as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// What somebody wants to be called.
    pub call_me: String,
    /// How times are written.
    pub times: Times,
}

/// How a reference is marked in the one-time cookie.
const REFERENCE: &str = "reference.";

/// How a refused choice is marked there.
const NOT_SAVED: &str = "not-saved.";

/// How much of what was typed fits into the one-time cookie, in bytes.
const LONGEST_TYPED: usize = 1024;

impl Notice {
    /// The value of the one-time cookie.
    #[must_use]
    pub fn to_code(&self) -> String {
        match self {
            Self::ProfileUpdated => "profile-updated".to_owned(),
            Self::Saved => "saved".to_owned(),
            Self::NotSaved(reason, typed) => {
                let end = typed.call_me.floor_char_boundary(LONGEST_TYPED);
                let name = typed.call_me.get(..end).unwrap_or_default();
                let (reason, times) = (reason.code(), typed.times.code());
                format!("{NOT_SAVED}{reason}.{times}.{}", base64url(name.as_bytes()))
            }
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
        if let Some(reference) = code.strip_prefix(REFERENCE) {
            let reference = Some(reference).filter(looks_right)?;
            return Some(Self::Reference(reference.to_owned()));
        }
        if let Some(refused) = code.strip_prefix(NOT_SAVED) {
            let mut parts = refused.split('.');
            let reason = PreferencesRefused::from_code(parts.next()?)?;
            let times = Times::from_code(parts.next()?)?;
            let name = from_base64url(parts.next()?).filter(|name| name.len() <= LONGEST_TYPED)?;
            let call_me = String::from_utf8(name).ok()?;
            return Some(Self::NotSaved(reason, Typed { call_me, times }));
        }
        match code {
            "profile-updated" => Some(Self::ProfileUpdated),
            "saved" => Some(Self::Saved),
            _ => None,
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
