//! The issuer identifier and the rule about it in the callback (RFC 9207).

use std::fmt;

use thiserror::Error;
use url::Url;

/// An issuer identifier, kept and compared as the exact text that was configured.
///
/// # Security
/// Comparison is of plain strings (RFC 9207, section 2.4; RFC 8414, section 3.3): a final slash, a
/// port or an upper-case letter makes another issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

/// The longest `iss` that is looked at, in bytes: no issuer that anybody configured is longer.
pub const LONGEST_ISS: usize = 512;

/// A text that cannot be an issuer or an endpoint.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EndpointError {
    /// Not an absolute URL.
    #[error("not an absolute URL")]
    NotUrl,
    /// A space, a control or a letter beyond ASCII, which a parser of addresses drops or rewrites.
    #[error("it has a character that does not belong there")]
    Character,
    /// Neither https nor http on a loopback host.
    #[error("https is needed (http only for localhost, 127.0.0.1 and [::1])")]
    NotHttps,
    /// User name or password in the URL.
    #[error("a user name or password is not allowed")]
    Credentials,
    /// A query or fragment where none may be.
    #[error("a query or fragment is not allowed")]
    QueryOrFragment,
}

impl Issuer {
    /// Reads an issuer: https (http on loopback), no credentials, query or fragment (RFC 8414, section 2).
    ///
    /// # Errors
    /// [`EndpointError`] naming the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = parse_endpoint(text)?;
        // A parser of addresses mends what is written; a text that is compared must need no mending.
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EndpointError::Character);
        }
        if text
            .split_once("://")
            .is_none_or(|(_, host)| host.starts_with('/'))
        {
            return Err(EndpointError::NotUrl);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::QueryOrFragment);
        }
        Ok(Self(text.to_owned()))
    }

    /// The exact text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an `iss` parameter lets the answer pass.
    ///
    /// Present: it must be equal, advertised or not. Missing: allowed unless the provider advertises
    /// `authorization_response_iss_parameter_supported` (RFC 9207, section 2.4).
    #[must_use]
    pub fn accepts(&self, iss: Option<&str>, advertised: bool) -> bool {
        match iss {
            Some(iss) => iss == self.0,
            None => !advertised,
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads an endpoint: absolute, https or http on loopback, no credentials, no fragment.
///
/// # Errors
/// [`EndpointError`] naming the rule that is broken.
pub fn parse_endpoint(text: &str) -> Result<Url, EndpointError> {
    let url = Url::parse(text).map_err(|_| EndpointError::NotUrl)?;
    let allowed = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !allowed || url.host_str().is_none_or(str::is_empty) {
        return Err(EndpointError::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(EndpointError::QueryOrFragment);
    }
    Ok(url)
}

/// Whether the host is this machine by name or by a loopback address.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address
            .to_ipv4_mapped()
            .map_or(address.is_loopback(), |mapped| mapped.is_loopback()),
        None => false,
    }
}
