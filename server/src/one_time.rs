//! Cookies that tell the next page what happened, and are taken back when it was told.

use axum::{
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
    },
    response::Response,
};
use time::{OffsetDateTime, macros::format_description};
use wrengate_backend::Services;

/// One kind of such a cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneTimeCookie {
    /// On loopback http.
    pub(crate) name: &'static str,
    /// On https, where the prefix keeps other hosts from planting one.
    pub(crate) secure_name: &'static str,
}

impl OneTimeCookie {
    /// Leaves a value for the next page, for so many seconds. It is of visible ASCII.
    pub(crate) fn leave(
        self,
        services: &Services,
        response: &mut Response,
        value: &str,
        max_age: i64,
    ) {
        let secure = services.config.http.public_origin.is_https();
        let name = self.name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; HttpOnly; SameSite=Lax{secure}; Path=/; Max-Age={max_age}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }

    /// Takes it back.
    pub(crate) fn clear(self, services: &Services, response: &mut Response) {
        self.leave(services, response, "", 0);
    }

    /// The value that a browser brings. Anybody can plant one on http.
    pub(crate) fn read<'a>(self, services: &Services, headers: &'a HeaderMap) -> Option<&'a str> {
        let wanted = self.name(services.config.http.public_origin.is_https());
        cookie(headers, wanted)
    }

    const fn name(self, secure: bool) -> &'static str {
        if secure { self.secure_name } else { self.name }
    }
}

/// The value of a cookie that says nothing secret.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    cookies(headers, wanted).next()
}

/// The values of all cookies of a name: another app of the same host may have set one too.
pub(crate) fn cookies<'a>(headers: &'a HeaderMap, wanted: &str) -> impl Iterator<Item = &'a str> {
    let cookies = headers.get_all(COOKIE).into_iter();
    cookies
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter_map(move |(name, value)| (name == wanted).then_some(value))
}

/// A time as pages show it before the browser can localise it: isolated, so that it keeps its order in a
/// sentence that is written from right to left.
pub(crate) fn utc(unix_seconds: i64) -> Option<String> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let moment = OffsetDateTime::from_unix_timestamp(unix_seconds).ok()?;
    let text = moment.format(format).ok()?;
    Some(format!("\u{2066}{text}\u{2069}"))
}
