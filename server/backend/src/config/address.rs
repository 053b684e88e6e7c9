//! Addresses that settings may name.

use thiserror::Error;
use url::Url;
use wrengate_protocol::issuer::{EndpointError, parse_endpoint};

/// Why an address cannot be used. The text follows the quoted value.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum AddressError {
    /// Breaks a rule of endpoints.
    #[error("cannot be used: {0}")]
    Endpoint(#[from] EndpointError),
    /// A character that URL parsers remove or that no host name has.
    #[error("cannot be used: it has a character that does not belong there")]
    Character,
}

/// What an address may be.
pub(super) const ADDRESS: &str =
    "allowed is an absolute https address without user name, password and fragment";

/// Reads an address: https, or http on loopback.
///
/// # Security
/// URL parsers drop tabs and line ends without a word, and keep `;` or `,` in a host, which would
/// end a source in a Content-Security-Policy. Both are refused.
pub(super) fn parse_address(text: &str) -> Result<Url, AddressError> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(AddressError::Character);
    }
    let url = parse_endpoint(text)?;
    if !url.host_str().is_some_and(is_plain_host) {
        return Err(AddressError::Character);
    }
    Ok(url)
}

/// Whether a host has only the characters of names and IP addresses.
pub(super) fn is_plain_host(host: &str) -> bool {
    host.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
}
