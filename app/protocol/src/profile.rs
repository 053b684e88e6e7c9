//! What a browser may know of the person: an allow-list.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::{issuer::is_loopback, text};

/// The allow-listed claims. Everything else a provider says stays on the server.
///
/// Texts are at most 200 characters and free of control characters; they are only drawn as text.
///
/// # Security
/// `Debug` tells which claims there are and not what they say, because names and addresses of people
/// belong in no log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// User name at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the provider says with the JSON value `true` that the address was verified.
    #[serde(default)]
    pub email_verified: bool,
    /// Address of the picture, on an allowed host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

impl Profile {
    /// Takes the claims that are on the list (OpenID Connect Core, section 5.1) and makes them harmless.
    #[must_use]
    pub fn of_claims(claims: &Map<String, Value>, avatars: &AvatarHosts) -> Self {
        let shown = |name: &str| {
            let text = claims.get(name).and_then(Value::as_str)?;
            Some(text::plain(text, text::PROFILE_TEXT)).filter(|text| !text.is_empty())
        };
        let picture = claims.get("picture").and_then(Value::as_str);
        Self {
            name: shown("name"),
            given_name: shown("given_name"),
            family_name: shown("family_name"),
            username: shown("preferred_username").or_else(|| shown("username")),
            email: shown("email"),
            email_verified: claims.get("email_verified") == Some(&Value::Bool(true)),
            picture: picture.and_then(|picture| avatars.allow(picture)),
        }
    }

    /// The best name to greet the person by: name, user name, e-mail address.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.name
            .as_deref()
            .or(self.username.as_deref())
            .or(self.email.as_deref())
    }

    /// Whether the provider shared nothing that can be shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name.is_some())
            .field("given_name", &self.given_name.is_some())
            .field("family_name", &self.family_name.is_some())
            .field("username", &self.username.is_some())
            .field("email", &self.email.is_some())
            .field("email_verified", &self.email_verified)
            .field("picture", &self.picture.is_some())
            .finish()
    }
}

/// Where profile pictures may come from.
///
/// # Security
/// A picture is fetched by the person's browser, so any host that may serve one learns when the
/// account page is open.
#[derive(Clone, Debug, Default)]
pub struct AvatarHosts(Vec<String>);

/// The longest address of a picture that is kept, in bytes.
const LONGEST_PICTURE: usize = 2048;

impl AvatarHosts {
    /// Allows these hosts: `host` or, on loopback alone, `host:port` over http.
    #[must_use]
    pub fn new(hosts: Vec<String>) -> Self {
        Self(hosts)
    }

    /// The sources as the Content-Security-Policy names them.
    pub fn sources(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .iter()
            .map(|host| match Url::parse(&format!("http://{host}")) {
                Ok(url) if is_loopback(&url) => format!("http://{host}"),
                _ => format!("https://{host}"),
            })
    }

    /// The address in its normal form, where it is one that may be shown: https on an allowed host,
    /// or http on an allowed loopback host.
    #[must_use]
    pub fn allow(&self, picture: &str) -> Option<String> {
        let url = Url::parse(picture).ok()?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        // The origin alone would not do: `blob:https://host/..` has the origin of its host.
        let start = format!("{}/", url.origin().ascii_serialization());
        let allowed = url.as_str().starts_with(&start)
            && self
                .sources()
                .any(|source| start.strip_suffix('/') == Some(source.as_str()));
        // Normal form can be longer than what was sent, since it is percent-coded.
        (allowed && url.as_str().len() <= LONGEST_PICTURE).then(|| url.into())
    }
}

/// What the session's access covers; shown on the account page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Scopes the provider granted.
    pub granted: Vec<String>,
    /// Scopes that were asked for and not granted.
    pub refused: Vec<String>,
    /// When the access token ends, in seconds since 1970; `None` when the provider did not say.
    pub expires_at: Option<i64>,
    /// Whether the provider kept the profile back (RFC 6750, section 3.1, `insufficient_scope`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub profile_refused: bool,
}
