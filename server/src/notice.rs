//! The result of a form, carried to the next page in a one-time cookie.

use axum::{http::HeaderMap, response::Response};
use wrengate_app::page_data::{EndedSessions, Notice, Typed};
use wrengate_backend::{Services, session::BrowserName};
use wrengate_protocol::{
    encoding::{base64url, from_base64url},
    preferences::{PreferencesRefused, Times},
};

use crate::one_time::OneTimeCookie;

/// What happened, for the page that tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// On most pages.
    Notice(Notice),
    /// On the page of sessions.
    Ended(EndedSessions),
    /// A choice of how pages look was kept, on any page.
    Display,
}

impl Told {
    /// Apart: only one of them is there.
    pub(crate) fn parts(self) -> (Option<Notice>, Option<EndedSessions>) {
        match self {
            Self::Notice(notice) => (Some(notice), None),
            Self::Ended(ended) => (None, Some(ended)),
            Self::Display => (None, None),
        }
    }
}

impl From<Notice> for Told {
    fn from(notice: Notice) -> Self {
        Self::Notice(notice)
    }
}

impl From<EndedSessions> for Told {
    fn from(ended: EndedSessions) -> Self {
        Self::Ended(ended)
    }
}

/// How much of what was typed is carried, in bytes: a cookie has room for some thousand.
const LONGEST_TYPED: usize = 1024;

const COOKIE: OneTimeCookie = OneTimeCookie {
    name: "wrengate-notice",
    secure_name: "__Host-wrengate-notice",
};

/// Leaves a notice for the next page; it is forgotten after a minute.
pub(crate) fn leave(services: &Services, response: &mut Response, told: &Told) {
    COOKIE.leave(services, response, &to_code(told), 60);
}

/// Takes the cookie back, because its notice is shown.
pub(crate) fn clear(services: &Services, response: &mut Response) {
    COOKIE.clear(services, response);
}

/// Reads the notice that a browser brings.
pub(crate) fn read(services: &Services, headers: &HeaderMap) -> Option<Told> {
    from_code(COOKIE.read(services, headers)?)
}

const PROFILE_UPDATED: &str = "profile-updated";
const NOT_REFRESHED: &str = "not-refreshed";
const SAVED: &str = "saved";
const NOT_SAVED: &str = "not-saved";
const REFERENCE: &str = "reference";
const NOT_SIGNED_OUT: &str = "not-signed-out";
const ENDED: &str = "ended";
const ENDED_OTHERS: &str = "ended-others";
const ENDED_BEFORE: &str = "ended-before";
const NOT_ENDED: &str = "not-ended";
const OTHERS_NOT_ENDED: &str = "others-not-ended";
const DISPLAY: &str = "display";
const THIS_BROWSER: &str = "this-browser";

/// The value of the cookie: what happened, and after a dot what more there is to say.
fn to_code(told: &Told) -> String {
    let (code, more) = match told {
        Told::Notice(Notice::ProfileUpdated) => (PROFILE_UPDATED, None),
        Told::Notice(Notice::NotRefreshed(reference)) => (NOT_REFRESHED, Some(reference.clone())),
        Told::Notice(Notice::Saved) => (SAVED, None),
        Told::Notice(Notice::NotSaved(reason, typed)) => {
            let end = typed.call_me.floor_char_boundary(LONGEST_TYPED);
            let name = typed.call_me.get(..end).unwrap_or_default();
            let (reason, times) = (reason.code(), typed.times.code());
            let name = base64url(name.as_bytes());
            (NOT_SAVED, Some(format!("{reason}.{times}.{name}")))
        }
        Told::Notice(Notice::Reference(reference)) => (REFERENCE, Some(reference.clone())),
        Told::Notice(Notice::NotSignedOut(reference)) => (NOT_SIGNED_OUT, Some(reference.clone())),
        Told::Display => (DISPLAY, None),
        Told::Ended(ended) => match ended {
            EndedSessions::One(browser) => {
                let browser = browser.as_ref().map(|browser| browser.replace(' ', "_"));
                (ENDED, browser)
            }
            EndedSessions::Others(count) => (ENDED_OTHERS, Some(count.to_string())),
            EndedSessions::Before => (ENDED_BEFORE, None),
            EndedSessions::NotOne(reference) => (NOT_ENDED, Some(reference.clone())),
            EndedSessions::NotOthers(reference) => (OTHERS_NOT_ENDED, Some(reference.clone())),
            EndedSessions::ThisBrowser => (THIS_BROWSER, None),
        },
    };
    more.map_or_else(|| code.to_owned(), |more| format!("{code}.{more}"))
}

/// Reads the value of the cookie.
///
/// # Security
/// Anybody who has the browser for a moment can plant one, so only what we can have written is shown.
fn from_code(code: &str) -> Option<Told> {
    let reference = |text: &str| looks_like_a_reference(text).then(|| text.to_owned());
    Some(match code.split_once('.') {
        None => match code {
            PROFILE_UPDATED => Notice::ProfileUpdated.into(),
            SAVED => Notice::Saved.into(),
            DISPLAY => Told::Display,
            ENDED => EndedSessions::One(None).into(),
            ENDED_BEFORE => EndedSessions::Before.into(),
            THIS_BROWSER => EndedSessions::ThisBrowser.into(),
            _ => return None,
        },
        Some((REFERENCE, text)) => Notice::Reference(reference(text)?).into(),
        Some((NOT_SIGNED_OUT, text)) => Notice::NotSignedOut(reference(text)?).into(),
        Some((NOT_REFRESHED, text)) => Notice::NotRefreshed(reference(text)?).into(),
        Some((NOT_SAVED, text)) => not_saved(text)?.into(),
        Some((NOT_ENDED, text)) => EndedSessions::NotOne(reference(text)?).into(),
        Some((OTHERS_NOT_ENDED, text)) => EndedSessions::NotOthers(reference(text)?).into(),
        Some((ENDED, text)) => {
            let browser = text.replace('_', " ");
            EndedSessions::One(BrowserName::is_one(&browser).then_some(browser)).into()
        }
        Some((ENDED_OTHERS, text)) => EndedSessions::Others(text.parse().ok()?).into(),
        Some(_) => return None,
    })
}

/// What was typed is shown again in its field, as text, and nothing is sent by itself.
fn not_saved(text: &str) -> Option<Notice> {
    let mut parts = text.split('.');
    let reason = PreferencesRefused::from_code(parts.next()?)?;
    let times = Times::from_code(parts.next()?)?;
    let name = from_base64url(parts.next()?).filter(|name| name.len() <= LONGEST_TYPED)?;
    let call_me = String::from_utf8(name).ok()?;
    Some(Notice::NotSaved(reason, Typed { call_me, times }))
}

fn looks_like_a_reference(text: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.len() == 9 && text.bytes().all(is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_arrives_as_it_left() {
        let reference = || "AB12-CD34".to_owned();
        let browser = "Samsung Internet 28 on Android".to_owned();
        for told in [
            Told::from(Notice::ProfileUpdated),
            Notice::Saved.into(),
            Notice::NotSaved(
                PreferencesRefused::TooLong,
                Typed {
                    call_me: "Ada; \u{202e}<b>".repeat(5),
                    times: Times::Utc,
                },
            )
            .into(),
            Notice::Reference(reference()).into(),
            EndedSessions::One(None).into(),
            EndedSessions::One(Some(browser)).into(),
            EndedSessions::Others(0).into(),
            EndedSessions::Others(12).into(),
            EndedSessions::Before.into(),
            EndedSessions::NotOne(reference()).into(),
            EndedSessions::NotOthers(reference()).into(),
            EndedSessions::ThisBrowser.into(),
            Told::Display,
        ] {
            let code = to_code(&told);
            let is_fine = |byte: u8| byte.is_ascii_graphic() && byte != b';';
            assert!(code.bytes().all(is_fine), "{code}");
            assert_eq!(from_code(&code), Some(told), "{code}");
        }
    }

    #[test]
    fn what_we_never_wrote_is_not_shown() {
        for code in [
            "",
            ".",
            "reference.",
            "reference.<b>hello</b>",
            "reference.AB12-CD345",
            "not-ended.call-555-12345",
            "ended-others.many",
            "ended-others.-1",
            "not-saved.too-long.utc",
            "not-saved.other.utc.QWRh",
            "not-saved.too-long.utc.!",
            "Profile-updated",
            "profile-updated.x",
        ] {
            assert_eq!(from_code(code), None, "{code}");
        }
        let planted = "ended.Your_bank_account,_call_555";
        assert_eq!(from_code(planted), Some(EndedSessions::One(None).into()));
    }
}
