//! The userinfo response (OpenID Connect Core, section 5.3).

use serde_json::Value;
use thiserror::Error;

use crate::{
    json,
    profile::{AvatarHosts, Profile},
};

/// Who signed in, and what of it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Userinfo {
    /// The subject: with the issuer, the key of the account. Never the e-mail address.
    pub subject: String,
    /// The allow-listed claims.
    pub profile: Profile,
}

/// Why an answer names nobody.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UserinfoError {
    /// Not a JSON object.
    #[error("the answer is {0}")]
    Json(#[from] json::JsonError),
    /// Neither a usable `sub` nor a usable `user_id`.
    #[error("the answer names no subject")]
    Subject,
    /// It names somebody else than the ID token.
    #[error("the answer names another subject than the ID token")]
    OtherSubject,
}

/// The longest subject, in bytes (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

impl Userinfo {
    /// Reads a body.
    ///
    /// The subject is `sub`, else `user_id`, which Clerk has sent alone. A `sub` that is there but
    /// unusable is never replaced by another member.
    ///
    /// # Errors
    /// [`UserinfoError`]; never with a value of the body in it.
    pub fn parse(body: &[u8], avatars: &AvatarHosts) -> Result<Self, UserinfoError> {
        let object = json::parse_object(body)?;
        let subject = object.get("sub").or_else(|| object.get("user_id"));
        let subject = subject
            .and_then(Value::as_str)
            .filter(|text| is_subject(text));
        Ok(Self {
            subject: subject.ok_or(UserinfoError::Subject)?.to_owned(),
            profile: Profile::of_claims(&object, avatars),
        })
    }

    /// The same, if it is about the subject of the ID token (OpenID Connect Core, section 5.3.2).
    ///
    /// # Errors
    /// [`UserinfoError::OtherSubject`] when it is not.
    ///
    /// # Security
    /// The access token may be of somebody else than the ID token; the two are swapped easily where
    /// answers are cached or mixed up.
    pub fn about(self, subject: &str) -> Result<Self, UserinfoError> {
        if self.subject == subject {
            Ok(self)
        } else {
            Err(UserinfoError::OtherSubject)
        }
    }
}

/// Whether a text can be a subject: 1 to 255 printable ASCII characters.
pub(crate) fn is_subject(text: &str) -> bool {
    (1..=LONGEST_SUBJECT).contains(&text.len())
        && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}
