//! The result of a form, carried to the next page in a one-time cookie.

use axum::{
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
    },
    response::Response,
};
use wrengate_app::page_data::Notice;
use wrengate_backend::{Services, session::BrowserName};

/// Named like the other cookies, so that on https no other host can plant one.
const fn name(secure: bool) -> &'static str {
    if secure {
        "__Host-wrengate-notice"
    } else {
        "wrengate-notice"
    }
}

/// Leaves a notice for the next page; it is forgotten after a minute.
pub(crate) fn leave(services: &Services, response: &mut Response, notice: &Notice) {
    set(services, response, &to_code(notice), 60);
}

/// Takes the cookie back, because its notice is shown.
pub(crate) fn clear(services: &Services, response: &mut Response) {
    set(services, response, "", 0);
}

fn set(services: &Services, response: &mut Response, value: &str, max_age: u8) {
    let secure = services.config.http.public_origin.is_https();
    let name = name(secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; HttpOnly; SameSite=Lax{secure}; Path=/; Max-Age={max_age}");
    // Codes and attributes are all visible ASCII.
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Reads the notice that a browser brings.
pub(crate) fn read(services: &Services, headers: &HeaderMap) -> Option<Notice> {
    let wanted = name(services.config.http.public_origin.is_https());
    let cookies = headers.get_all(COOKIE).into_iter();
    let value = cookies
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))?;
    from_code(value)
}

const PROFILE_UPDATED: &str = "profile-updated";
const REFERENCE: &str = "reference";
const ENDED: &str = "ended";
const ENDED_OTHERS: &str = "ended-others";
const ENDED_BEFORE: &str = "ended-before";
const NOT_ENDED: &str = "not-ended";
const OTHERS_NOT_ENDED: &str = "others-not-ended";
const THIS_BROWSER: &str = "this-browser";

/// The value of the cookie: what happened, and after a dot what more there is to say.
fn to_code(notice: &Notice) -> String {
    match notice {
        Notice::ProfileUpdated => PROFILE_UPDATED.to_owned(),
        Notice::Reference(reference) => format!("{REFERENCE}.{reference}"),
        Notice::Ended(None) => ENDED.to_owned(),
        Notice::Ended(Some(browser)) => format!("{ENDED}.{}", browser.replace(' ', "_")),
        Notice::EndedOthers(count) => format!("{ENDED_OTHERS}.{count}"),
        Notice::EndedBefore => ENDED_BEFORE.to_owned(),
        Notice::NotEnded(reference) => format!("{NOT_ENDED}.{reference}"),
        Notice::OthersNotEnded(reference) => format!("{OTHERS_NOT_ENDED}.{reference}"),
        Notice::ThisBrowser => THIS_BROWSER.to_owned(),
    }
}

/// Reads the value of the cookie.
///
/// # Security
/// Anybody who has the browser for a moment can plant one, so only what we can have written is shown.
fn from_code(code: &str) -> Option<Notice> {
    let reference = |text: &str| looks_like_a_reference(text).then(|| text.to_owned());
    Some(match code.split_once('.') {
        None => match code {
            PROFILE_UPDATED => Notice::ProfileUpdated,
            ENDED => Notice::Ended(None),
            ENDED_BEFORE => Notice::EndedBefore,
            THIS_BROWSER => Notice::ThisBrowser,
            _ => return None,
        },
        Some((REFERENCE, text)) => Notice::Reference(reference(text)?),
        Some((NOT_ENDED, text)) => Notice::NotEnded(reference(text)?),
        Some((OTHERS_NOT_ENDED, text)) => Notice::OthersNotEnded(reference(text)?),
        Some((ENDED, text)) => {
            let browser = text.replace('_', " ");
            Notice::Ended(BrowserName::is_one(&browser).then_some(browser))
        }
        Some((ENDED_OTHERS, text)) => Notice::EndedOthers(text.parse().ok()?),
        Some(_) => return None,
    })
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
        for notice in [
            Notice::ProfileUpdated,
            Notice::Reference("AB12-CD34".to_owned()),
            Notice::Ended(None),
            Notice::Ended(Some("Samsung Internet 28 on Android".to_owned())),
            Notice::EndedOthers(0),
            Notice::EndedOthers(12),
            Notice::EndedBefore,
            Notice::NotEnded("AB12-CD34".to_owned()),
            Notice::OthersNotEnded("AB12-CD34".to_owned()),
            Notice::ThisBrowser,
        ] {
            let code = to_code(&notice);
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b';'),
                "{code}"
            );
            assert_eq!(from_code(&code), Some(notice), "{code}");
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
            "Profile-updated",
            "profile-updated.x",
        ] {
            assert_eq!(from_code(code), None, "{code}");
        }
        let planted = "ended.Your_bank_account,_call_555";
        assert_eq!(from_code(planted), Some(Notice::Ended(None)));
    }
}
