//! The cookies of Wrengate: every name and every attribute, in one place.

use std::time::Duration;

use cookie::{Cookie, SameSite, time::Duration as CookieDuration};
use wrengate_protocol::{Secret, encoding::is_base64url};

/// A cookie that holds 32 random bytes as 43 base64url characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieKind {
    /// Says which browser began an attempt. `Strict`: the callback page's own fetch sends it, the
    /// navigation from the provider does not.
    Attempt,
    /// Says who is signed in. `Lax`, so that a page opened from another site knows it; no GET
    /// changes a session.
    Session,
    /// Says whose sign-ins the inspector shows. `Strict`: no other site opens them. It outlives the
    /// attempt and is no part of the session, so it says nothing of who is signed in.
    Inspector,
}

impl CookieKind {
    /// The name. `__Host-` binds a cookie to the host and to https (RFC 6265bis, section 4.1.3.2);
    /// on loopback http, where that prefix is refused, the name stands bare.
    #[must_use]
    pub const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Attempt, true) => "__Host-wrengate-attempt",
            (Self::Attempt, false) => "wrengate-attempt",
            (Self::Session, true) => "__Host-wrengate",
            (Self::Session, false) => "wrengate",
            (Self::Inspector, true) => "__Host-wrengate-inspector",
            (Self::Inspector, false) => "wrengate-inspector",
        }
    }

    /// The `Set-Cookie` value that stores a secret for some time.
    #[must_use]
    pub fn set(self, secure: bool, value: &Secret<String>, max_age: Duration) -> String {
        self.build(secure, value.expose(), max_age)
    }

    /// The `Set-Cookie` value that removes it.
    #[must_use]
    pub fn clear(self, secure: bool) -> String {
        self.build(secure, "", Duration::ZERO)
    }

    fn build(self, secure: bool, value: &str, max_age: Duration) -> String {
        let same_site = match self {
            Self::Attempt | Self::Inspector => SameSite::Strict,
            Self::Session => SameSite::Lax,
        };
        let max_age = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
        Cookie::build((self.name(secure), value))
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(same_site)
            .max_age(CookieDuration::seconds(max_age))
            .build()
            .to_string()
    }

    /// Reads the value out of the `Cookie` headers of a request.
    ///
    /// # Security
    /// The same name twice counts as no cookie, since one of the two was planted; so does a value
    /// that is not 43 base64url characters.
    pub fn read<'a>(
        self,
        secure: bool,
        headers: impl IntoIterator<Item = &'a str>,
    ) -> Option<Secret<String>> {
        let mut values = headers
            .into_iter()
            .flat_map(Cookie::split_parse)
            .flatten()
            .filter(|cookie| cookie.name() == self.name(secure));
        let first = values.next()?;
        let usable =
            values.next().is_none() && first.value().len() == 43 && is_base64url(first.value());
        usable.then(|| Secret::new(first.value().to_owned()))
    }
}

/// A cookie that keeps what a person chose for this browser: one of a few words, and nothing of who
/// they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceCookie {
    /// Light or dark.
    Theme,
    /// The language of the pages, by its tag (BCP 47).
    Language,
}

impl ChoiceCookie {
    /// The name. Without a prefix: whoever plants one changes how pages look and nothing else.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Language => "lang",
        }
    }

    /// The `Set-Cookie` value that keeps a word for a year, or no word: then it removes the cookie. `Lax`,
    /// so that a page opened from another site looks as chosen.
    ///
    /// # Security
    /// Anybody who has the browser for a moment can plant one: whoever reads it compares it with the words
    /// that are known, and never draws it.
    #[must_use]
    pub fn set(self, secure: bool, word: &str) -> String {
        let days = if word.is_empty() { 0 } else { 365 };
        Cookie::build((self.name(), word))
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .max_age(CookieDuration::days(days))
            .build()
            .to_string()
    }
}
