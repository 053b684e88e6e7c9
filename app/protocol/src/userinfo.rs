//! The userinfo response (OpenID Connect Core, section 5.3).

use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    json,
    profile::{AvatarHosts, Profile},
    text,
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
    /// Neither a usable `sub` nor, without an ID token, a usable `user_id`.
    #[error("the answer names no subject")]
    Subject,
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
            profile: Profile {
                name: shown(&object, "name"),
                given_name: shown(&object, "given_name"),
                family_name: shown(&object, "family_name"),
                username: shown(&object, "preferred_username")
                    .or_else(|| shown(&object, "username")),
                email: shown(&object, "email"),
                email_verified: object.get("email_verified") == Some(&Value::Bool(true)),
                picture: object
                    .get("picture")
                    .and_then(Value::as_str)
                    .and_then(|picture| avatars.allow(picture)),
            },
        })
    }
}

fn is_subject(text: &str) -> bool {
    (1..=LONGEST_SUBJECT).contains(&text.len())
        && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

fn shown(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = object.get(name).and_then(Value::as_str)?;
    Some(text::plain(text, text::PROFILE_TEXT)).filter(|text| !text.is_empty())
}
