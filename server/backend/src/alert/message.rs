//! What an alert says, and the signature that tells whose it is.

use std::fmt::Write as _;

use hmac::{Hmac, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use wrengate_protocol::{Failure, Secret, step::Step};

use super::{Kind, restraint::Spell};
use crate::clock::UnixSeconds;

/// The version of the body.
const VERSION: u8 = 1;

/// An alert that waits to be delivered.
///
/// # Security
/// Holds codes, times, the two names from the settings and the reference: nothing of a person, and no
/// text of the provider.
#[derive(Clone, Debug)]
pub(super) struct Alert {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) failure: Failure,
    pub(super) step: Option<Step>,
    pub(super) reference: Option<String>,
    pub(super) spell: Spell,
}

#[derive(Serialize)]
struct Body<'a> {
    version: u8,
    id: &'a str,
    kind: &'static str,
    failure: &'static str,
    step: Option<&'static str>,
    reference: Option<&'a str>,
    provider: &'a str,
    app: &'a str,
    count: u32,
    first_at: Option<String>,
    last_at: Option<String>,
    message: &'static str,
}

impl Alert {
    /// The body, in JSON, with the names of provider and app.
    pub(super) fn body(&self, provider: &str, app: &str) -> serde_json::Result<String> {
        serde_json::to_string(&Body {
            version: VERSION,
            id: &self.id,
            kind: self.kind.code(),
            failure: self.failure.code(),
            step: self.step.map(Step::code),
            reference: self.reference.as_deref(),
            provider,
            app,
            count: self.spell.count,
            first_at: rfc3339(self.spell.first_at),
            last_at: rfc3339(self.spell.last_at),
            message: self.kind.message(),
        })
    }
}

/// The value of `X-Wrengate-Signature`: `sha256=` and, in hexadecimal, HMAC-SHA-256 (RFC 2104) of the
/// timestamp, a full stop and the body.
///
/// # Security
/// The timestamp is signed too, so that a receiver can refuse what was recorded long ago.
pub(super) fn signature(secret: &Secret<String>, timestamp: &str, body: &str) -> Option<String> {
    // HMAC takes a key of any length, so this is never `None`.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

/// A time as RFC 3339 writes it; `None` beyond the year 9999.
fn rfc3339(time: UnixSeconds) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(time).ok()?;
    time.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `openssl dgst -sha256 -hmac`, as docs/operations.md shows it.
    #[test]
    fn the_signature_is_what_openssl_computes() {
        let secret = Secret::new("0123456789abcdef".to_owned());
        assert_eq!(
            signature(&secret, "1767225600", "{\"version\":1}").as_deref(),
            Some("sha256=3d20fe7d9a81c86c68188a062c886fe9b59364cb9ae998306fb6105ee5df9a28")
        );
    }
}
