//! What a document is drawn from: made by the server, handed to the browser inside the page.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wrengate_protocol::{
    client::PublicClient,
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
    /// Whether somebody is signed in. Never on `/callback`, which is the same for everybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed_in: bool,
    /// Who that is. It has an element of its own, so that only the part of the module that is for
    /// signed-in people knows how to read it.
    #[serde(skip)]
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
    /// Whether browsers can look at their own sign-ins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inspector: bool,
    /// Where the person is signed in, for the page that shows it. The server alone draws that one.
    #[serde(skip)]
    pub sessions: Option<SessionList>,
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
    /// When the provider said so, in seconds since 1970.
    pub profile_read: i64,
    /// The same in UTC, ready to show before the browser can localise it.
    pub profile_read_utc: Option<String>,
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

/// Where an account is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionList {
    /// This browser, then the last used first.
    pub rows: Vec<SessionRow>,
    /// How many there are besides this one; some hundreds count as all.
    pub others: u32,
    /// Whether there are more than these.
    pub more: bool,
    /// Nothing could be read, and this is the reference that is also in the log.
    pub failed: Option<String>,
    /// What the form did that led here.
    pub ended: Option<EndedSessions>,
}

/// One browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The key of the record, by which it can be ended; this browser has none.
    pub key: Option<String>,
    /// Browser and system, where they are known.
    pub browser: Option<String>,
    /// On what it runs.
    pub device: Device,
    /// When it was last used, to the minute (RFC 3339).
    pub used: String,
    /// When it signed in.
    pub began: String,
}

/// On what a browser runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// A computer.
    Computer,
    /// A telephone or a tablet.
    Phone,
    /// It does not tell.
    Unknown,
}

/// What a form of the list did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndedSessions {
    /// The browser of this name was signed out.
    One(Option<String>),
    /// So many other browsers were.
    Others(u32),
    /// There was nothing to sign out any more.
    Before,
    /// It failed, and this is the reference that is also in the log.
    NotOne(String),
    /// The same for all others.
    NotOthers(String),
    /// This browser is not signed out that way.
    ThisBrowser,
}

/// The result of a form, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// The profile was read again.
    ProfileUpdated,
    /// It was not, and this is the reference that is also in the log; what is known stays.
    NotRefreshed(String),
    /// What they chose was kept.
    Saved,
    /// What they chose was not kept: why, and what it was.
    NotSaved(PreferencesRefused, Typed),
    /// It failed, and this is the reference that is also in the log.
    Reference(String),
    /// The same of a sign-out: the session lasts.
    NotSignedOut(String),
}

/// A form as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// What somebody wants to be called.
    pub call_me: String,
    /// How times are written.
    pub times: Times,
}

impl Default for PageData {
    fn default() -> Self {
        Self {
            client: PublicClient {
                app: "Wrengate".to_owned(),
                provider: "the provider".to_owned(),
                provider_home: None,
                provider_status: None,
                scopes: Vec::new(),
                support_url: None,
                support_email: None,
            },
            signed_in: false,
            person: None,
            provider: ProviderState::Ready,
            notice: None,
            now: 0,
            advice: Vec::new(),
            farewell: None,
            provider_signs_out: false,
            inspector: false,
            sessions: None,
        }
    }
}

/// The element that carries the data inside the document.
pub const ELEMENT: &str = "page-data";

/// The element that carries the person, where there is one.
pub const PERSON: &str = "person";

impl PageData {
    /// Reads the text of the element.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        json::read(text.as_bytes()).ok()
    }
}

/// The text of an element that carries data.
///
/// # Security
/// A name can hold `</script>`; without its `<` it cannot end the element.
#[must_use]
pub fn element_text(data: &impl Serialize) -> String {
    json::write(data)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

/// What the document is drawn from: provided by the server, and by `hydrate()` in the browser.
pub(crate) fn page_data() -> PageData {
    use_context().unwrap_or_default()
}
