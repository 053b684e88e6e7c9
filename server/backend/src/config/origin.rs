//! The origin that browsers use.

use std::{fmt, net::SocketAddr};

use thiserror::Error;
use url::Url;
use wrengate_protocol::issuer::EndpointError;

use super::address::{AddressError, parse_address};

/// The origin that browsers use, serialized exactly as they do it: `https://app.example.org`.
///
/// Scheme, host in lower case, port unless it is the scheme's own; no final slash.
///
/// # Security
/// It is compared byte by byte with the `Origin` header of a request, and the redirect URI is made
/// of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicOrigin {
    url: Url,
    text: String,
}

/// Why a text is no public origin. The text follows the quoted value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OriginError {
    /// Not https (nor http on loopback), or no address at all.
    #[error("cannot be used: {0}")]
    Address(#[from] EndpointError),
    /// A character that does not belong into an address.
    #[error("cannot be used: it has a character that does not belong there")]
    Character,
    /// More than scheme, host and port.
    #[error("is more than an origin")]
    NotOrigin,
    /// Browsers write it otherwise.
    #[error("is not how browsers write it, which is {0}")]
    Spelling(String),
}

impl PublicOrigin {
    /// Reads an origin; one final slash is taken away.
    ///
    /// # Errors
    /// [`OriginError`] naming the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = parse_address(text).map_err(|error| match error {
            AddressError::Endpoint(error) => OriginError::Address(error),
            AddressError::Character => OriginError::Character,
        })?;
        if url.path() != "/" || url.query().is_some() {
            return Err(OriginError::NotOrigin);
        }
        let written = url.origin().ascii_serialization();
        if text.strip_suffix('/').unwrap_or(text) != written {
            return Err(OriginError::Spelling(written));
        }
        Ok(Self { url, text: written })
    }

    /// `http://` and the address; `None` when no browser could use it: the port is left to the
    /// system, or the address is not loopback.
    pub(super) fn of_address(addr: SocketAddr) -> Option<Self> {
        if addr.port() == 0 || !addr.ip().is_loopback() {
            return None;
        }
        // Through the URL, which leaves out port 80.
        let url = Url::parse(&format!("http://{addr}")).ok()?;
        let text = url.origin().ascii_serialization();
        Some(Self { url, text })
    }

    /// The origin as the `Origin` header has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The origin as a URL with the path `/`.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Whether it is https. If not, it is loopback.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The redirect URI, `<origin>/callback`, to be registered at the provider (RFC 6749, section 3.1.2).
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/callback", self.text)
    }

    /// Where the provider leads back to after its own sign-out, `<origin>/signed-out`, to be registered
    /// there (OpenID Connect RP-Initiated Logout, section 3.1).
    #[must_use]
    pub fn post_logout_redirect_uri(&self) -> String {
        format!("{}/signed-out", self.text)
    }

    /// Where the provider says that somebody left, `<origin>/backchannel-logout`, to be registered there
    /// (OpenID Connect Back-Channel Logout, section 2.2).
    #[must_use]
    pub fn back_channel_logout_uri(&self) -> String {
        format!("{}/backchannel-logout", self.text)
    }
}

impl fmt::Debug for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicOrigin").field(&self.text).finish()
    }
}
