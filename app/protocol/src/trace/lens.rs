//! What of a sign-in may be seen, decided by name: a closed table. What is not in it is redacted.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Row,
    value::{Fingerprint, FingerprintKey, Shown, TraceValue, has_token, parts},
};
use crate::{encoding::base64url, provider_error::ErrorCode, secret::Secret};

/// The most rows of one table.
const MOST_ROWS: usize = 40;

/// The shortest secret that is looked for in other values, in bytes: shorter ones are in any text.
const SHORTEST_SECRET: usize = 8;

/// The most secrets that are looked for, their other forms included.
const MOST_SECRETS: usize = 256;

/// What a table of names and values comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A request that we send or the browser sends for us.
    Request,
    /// What the provider sent the browser back with (RFC 6749, section 4.1.2).
    Callback,
    /// An answer to the server.
    Answer,
    /// The provider's metadata, which anybody may read (RFC 8414, section 2).
    Metadata,
    /// The header of an ID token (RFC 7515, section 4.1).
    TokenHeader,
    /// Claims of an ID token or of userinfo (OpenID Connect Core, sections 2 and 5.1).
    Claims,
    /// Headers of a request or an answer.
    Headers,
}

/// How a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is: a setting of ours, or made to be public.
    Ours,
    /// As text, unless it could hold a token.
    Text,
    /// As it is, but for secrets of this attempt: subjects look like tokens.
    Identifier,
    /// A whole number or a truth value.
    Plain,
    /// An error code (RFC 6749, section 5.2).
    Code,
    /// An address, without its query.
    Address,
    /// The address of an endpoint.
    Endpoint,
    /// The origin of an address.
    Host,
    /// Not at all.
    Redacted,
}

/// THE table. Whatever has no line here is redacted.
fn how(origin: Origin, name: &str) -> How {
    match (origin, name) {
        (
            Origin::Request,
            "response_type"
            | "client_id"
            | "redirect_uri"
            | "scope"
            | "code_challenge"
            | "code_challenge_method"
            | "prompt"
            | "grant_type"
            | "client_assertion_type",
        )
        | (Origin::Headers, "accept" | "user-agent") => How::Ours,
        (Origin::Callback | Origin::Answer, "error") => How::Code,
        (Origin::Callback | Origin::Claims, "iss") | (Origin::Metadata, "issuer") => How::Address,
        (
            Origin::Metadata,
            "authorization_endpoint"
            | "token_endpoint"
            | "userinfo_endpoint"
            | "jwks_uri"
            | "pushed_authorization_request_endpoint",
        ) => How::Endpoint,
        (Origin::Callback, "error_description")
        | (Origin::Answer, "token_type" | "scope")
        | (Origin::TokenHeader, "alg" | "typ" | "kid")
        | (Origin::Headers, "content-type" | "cache-control" | "date" | "retry-after")
        | (
            Origin::Claims,
            "aud" | "azp" | "acr" | "amr" | "name" | "given_name" | "family_name" | "middle_name"
            | "nickname" | "preferred_username" | "username" | "email" | "locale" | "zoneinfo"
            | "gender" | "birthdate" | "phone_number",
        ) => How::Text,
        (Origin::Claims, "sub" | "user_id") => How::Identifier,
        (Origin::Answer, "expires_in")
        | (Origin::Metadata, "authorization_response_iss_parameter_supported")
        | (
            Origin::Claims,
            "exp"
            | "iat"
            | "nbf"
            | "auth_time"
            | "updated_at"
            | "email_verified"
            | "phone_number_verified",
        ) => How::Plain,
        (Origin::Claims, "picture" | "profile" | "website") => How::Host,
        _ => How::Redacted,
    }
}

/// Turns live values into those of a trace.
///
/// It knows the secrets of its attempt, so that a provider that sends one back under another name has
/// it redacted there too.
#[derive(Debug)]
pub struct Lens<'a> {
    key: &'a FingerprintKey,
    secrets: &'a [Secret<String>],
    removed: &'a [Fingerprint],
}

impl<'a> Lens<'a> {
    /// Looks with a key at what may hold these secrets.
    #[must_use]
    pub const fn new(key: &'a FingerprintKey, secrets: &'a [Secret<String>]) -> Self {
        Self {
            key,
            secrets,
            removed: &[],
        }
    }

    /// And knows by its fingerprint what was removed before and is kept by nobody, where it stands alone.
    #[must_use]
    pub const fn and_removed(self, removed: &'a [Fingerprint]) -> Self {
        Self { removed, ..self }
    }

    /// The name of a parameter, a claim or a header, where it looks like one and tells no secret.
    #[must_use]
    pub fn name(&self, name: &str) -> Shown {
        let shown = Shown::name(name);
        if self.holds_secret(name, &shown) || self.holds_part(&shown) {
            Shown::another_name()
        } else {
            shown
        }
    }

    /// A value that is never shown.
    #[must_use]
    pub fn redacted(&self, value: &str) -> TraceValue {
        TraceValue::Redacted {
            fingerprint: self.fingerprint(value),
        }
    }

    /// What stands for a value that is not shown.
    #[must_use]
    pub fn fingerprint(&self, value: &str) -> Fingerprint {
        Fingerprint::of_exposed(self.key, value)
    }

    /// The same of a member of an object.
    #[must_use]
    pub fn redacted_member(&self, value: &Value) -> TraceValue {
        match value {
            Value::String(text) => self.redacted(text),
            _ => self.redacted(&value.to_string()),
        }
    }

    /// An address of the provider or of ours, without its query and fragment.
    #[must_use]
    pub fn address(&self, url: &Url) -> TraceValue {
        let mut url = url.clone();
        url.set_query(None);
        url.set_fragment(None);
        // Fails only for addresses that have no host and so no name either.
        let _ = (url.set_username(""), url.set_password(None));
        self.unless_secret(url.as_str(), Shown::cut)
    }

    /// A text of the provider that may be quoted.
    #[must_use]
    pub fn text(&self, text: &str) -> TraceValue {
        // In both, because what is removed for showing can join the halves of a token.
        if has_token(text) || has_token(Shown::cut(text).as_str()) {
            return self.redacted(text);
        }
        self.unless_part(text)
    }

    /// A parameter of a form, a query, or a header.
    #[must_use]
    pub fn row(&self, origin: Origin, name: &str, value: &str) -> Row {
        Row::new(self.name(name), self.by_name(origin, name, value))
    }

    /// The rows of a form or a query.
    pub fn rows<N: AsRef<str>, V: AsRef<str>>(
        &self,
        origin: Origin,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Vec<Row> {
        pairs
            .into_iter()
            .take(MOST_ROWS)
            .map(|(name, value)| self.row(origin, name.as_ref(), value.as_ref()))
            .collect()
    }

    /// The rows of a JSON object.
    #[must_use]
    pub fn members(&self, origin: Origin, object: &Map<String, Value>) -> Vec<Row> {
        object
            .iter()
            .take(MOST_ROWS)
            .map(|(name, value)| Row::new(self.name(name), self.member(origin, name, value)))
            .collect()
    }

    fn member(&self, origin: Origin, name: &str, value: &Value) -> TraceValue {
        match (value, how(origin, name)) {
            (Value::String(text), _) => self.by_name(origin, name, text),
            (Value::Bool(_) | Value::Number(_) | Value::Null, How::Plain | How::Text) => {
                self.unless_secret(&value.to_string(), Shown::cut)
            }
            (Value::Array(list), How::Text) => {
                let texts: Option<Vec<_>> = list.iter().map(Value::as_str).collect();
                texts.map_or_else(
                    || self.redacted(&value.to_string()),
                    |texts| self.text(&texts.join(" ")),
                )
            }
            _ => self.redacted(&value.to_string()),
        }
    }

    fn by_name(&self, origin: Origin, name: &str, value: &str) -> TraceValue {
        match how(origin, name) {
            How::Ours => self.unless_secret(value, |text| Shown::ours(text)),
            How::Identifier => self.unless_part(value),
            How::Text => self.text(value),
            How::Plain => match value {
                "true" | "false" => TraceValue::ours(value),
                _ if value.parse::<i64>().is_ok() => self.unless_secret(value, Shown::cut),
                _ => self.redacted(value),
            },
            How::Code => self.text(ErrorCode::parse(value).as_str()),
            How::Address => match web_address(value) {
                // As it was written, because a slash more or less is what one looks for.
                Some(url)
                    if url.query().is_none()
                        && url.fragment().is_none()
                        && !has_token(&without_tenants(value)) =>
                {
                    self.unless_secret(value, Shown::cut)
                }
                _ => self.redacted(value),
            },
            How::Endpoint => match web_address(value) {
                Some(url) => self.address(&url),
                None => self.redacted(value),
            },
            How::Host => match web_address(value) {
                Some(url) => self.text(&format!("{}/…", url.origin().ascii_serialization())),
                None => self.redacted(value),
            },
            How::Redacted => self.redacted(value),
        }
    }

    fn unless_secret(&self, text: &str, show: impl Fn(&str) -> Shown) -> TraceValue {
        let shown = show(text);
        if self.holds_secret(text, &shown) {
            self.redacted(text)
        } else {
            TraceValue::Shown(shown)
        }
    }

    /// Of what a provider made up, a part of a secret is as telling: half a code, the signature of a token.
    fn unless_part(&self, text: &str) -> TraceValue {
        let shown = self.unless_secret(text, Shown::cut);
        match &shown {
            TraceValue::Shown(text_shown) if self.holds_part(text_shown) => self.redacted(text),
            _ => shown,
        }
    }

    fn holds_part(&self, shown: &Shown) -> bool {
        let is_known = |part: &str| self.secrets.iter().any(|it| it.expose().contains(part));
        parts(shown.as_str()).any(is_known)
    }

    fn holds_secret(&self, text: &str, shown: &Shown) -> bool {
        // Looked for in all: what is removed for showing can join two halves of a secret, and what is
        // encoded for an address can be read by anybody.
        let decoded = form_urlencoded::parse(text.as_bytes());
        let decoded: Vec<_> = decoded.flat_map(|(name, value)| [name, value]).collect();
        let texts = || {
            let decoded = decoded.iter().map(AsRef::as_ref);
            [text, shown.as_str()].into_iter().chain(decoded)
        };
        let is_removed = |removed: &Fingerprint| *removed == self.fingerprint(text);
        let mut secrets = self.secrets.iter();
        self.removed.iter().any(is_removed)
            || secrets.any(|secret| texts().any(|text| text.contains(secret.expose().as_str())))
    }
}

/// Issuers name tenants by UUIDs (RFC 9562), which are as long as tokens.
fn without_tenants(address: &str) -> String {
    let is_tenant = |segment: &&str| {
        let lengths = segment.split('-').map(str::len);
        let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        lengths.eq([8, 4, 4, 4, 12]) && segment.bytes().all(hex)
    };
    let kept: Vec<&str> = address.split('/').filter(|it| !is_tenant(it)).collect();
    kept.join("/")
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "https" | "http") && is_plain).then_some(url)
}

/// Remembers a secret that later values may hold, as it is and in base64, in which nobody would know it again.
pub fn remember(secrets: &mut Vec<Secret<String>>, value: &str) {
    if value.len() < SHORTEST_SECRET {
        return;
    }
    for form in [
        value.to_owned(),
        base64url(value.as_bytes()),
        STANDARD_NO_PAD.encode(value),
    ] {
        let is_new = secrets.iter().all(|known| *known.expose() != form);
        if secrets.len() < MOST_SECRETS && is_new {
            secrets.push(Secret::new(form));
        }
    }
}

/// Remembers what a client proves itself with (RFC 9110, section 11.4): the header without its scheme.
pub fn remember_credential(secrets: &mut Vec<Secret<String>>, header: &str) {
    let (_, credential) = header.split_once(' ').unwrap_or(("", header));
    remember(secrets, credential);
}

/// Every parameter of a request that is not to be shown is a secret too.
pub fn remember_rows<N: AsRef<str>, V: AsRef<str>>(
    secrets: &mut Vec<Secret<String>>,
    origin: Origin,
    pairs: impl IntoIterator<Item = (N, V)>,
) {
    for (name, value) in pairs.into_iter().take(MOST_ROWS) {
        if how(origin, name.as_ref()) == How::Redacted {
            remember(secrets, value.as_ref());
        }
    }
}

/// Every member of an answer that is not to be shown is a secret from here on.
pub fn remember_members(
    secrets: &mut Vec<Secret<String>>,
    origin: Origin,
    object: &Map<String, Value>,
) {
    for (name, value) in object.iter().take(MOST_ROWS) {
        if let (How::Redacted, Some(text)) = (how(origin, name), value.as_str()) {
            remember(secrets, text);
        }
    }
}
