//! The ID token in a trace: its parts, and what came of each check.

use serde_json::{Map, Value};
use wrengate_protocol::{
    Secret,
    encoding::from_base64url,
    id_token::{Distrust, IdToken, IdTokenError},
    nonce::Nonce,
    trace::{CheckName, IdTokenView, Lens, Origin, Row, Shown, StepName, TraceValue, Verdict},
};

use super::Recorder;
use crate::provider::ProviderError;

/// What the claims have to say.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The issuer.
    pub issuer: Option<&'a str>,
    /// The client id.
    pub client_id: &'a str,
    /// The nonce.
    pub nonce: &'a Nonce,
}

/// In the order in which they are judged.
const ORDER: [CheckName; 7] = [
    CheckName::Signature,
    CheckName::IdTokenIssuer,
    CheckName::Audience,
    CheckName::Nonce,
    CheckName::Times,
    CheckName::Subject,
    CheckName::AtHash,
];

impl Recorder {
    /// Step 9.7: the ID token and what was found of it.
    pub fn id_token(
        &self,
        token: Option<&Secret<String>>,
        wanted: &Wanted<'_>,
        found: &Result<IdToken, ProviderError>,
    ) {
        self.write(|entry, lens, _| {
            let parts = token.and_then(parts);
            let has_hash = parts.as_ref().is_some_and(|(_, claims)| {
                claims.get("at_hash").is_some_and(|hash| !hash.is_null())
            });
            let failed = found.as_ref().err().and_then(failing);
            for name in ORDER {
                entry.judge(name, verdict(name, found.is_ok(), failed, has_hash));
            }
            let view = parts.map(|(header, claims)| IdTokenView {
                header: lens.members(Origin::TokenHeader, &header),
                claims: beside(lens.members(Origin::Claims, &claims), lens, wanted),
            });
            entry.step(StepName::Token).id_token = view;
        });
    }
}

/// The check that a token failed; `None` where it was not even looked at.
fn failing(error: &ProviderError) -> Option<CheckName> {
    let ProviderError::IdToken(error) = error else {
        return None;
    };
    Some(match error {
        IdTokenError::Missing | IdTokenError::Form => CheckName::Signature,
        IdTokenError::Clock { .. } | IdTokenError::NoTime(_) => CheckName::Times,
        IdTokenError::Untrusted(distrust) => match distrust {
            Distrust::Algorithm
            | Distrust::Type
            | Distrust::Critical
            | Distrust::NoKey
            | Distrust::Signature => CheckName::Signature,
            Distrust::Issuer => CheckName::IdTokenIssuer,
            Distrust::Audience | Distrust::AuthorizedParty => CheckName::Audience,
            Distrust::Nonce => CheckName::Nonce,
            Distrust::Subject | Distrust::OtherSubject => CheckName::Subject,
            Distrust::AccessTokenHash => CheckName::AtHash,
        },
    })
}

fn verdict(name: CheckName, all: bool, failed: Option<CheckName>, has_hash: bool) -> Verdict {
    let place = |name| ORDER.iter().position(|known| *known == name);
    match failed {
        Some(failed) if failed == name => Verdict::Failed,
        Some(failed) if place(name) < place(failed) => Verdict::Passed,
        None if all && name == CheckName::AtHash && !has_hash => Verdict::Absent,
        None if all => Verdict::Passed,
        _ => Verdict::NotReached,
    }
}

/// Header and claims, where they can be read.
fn parts(token: &Secret<String>) -> Option<(Map<String, Value>, Map<String, Value>)> {
    let mut parts = token.expose().split('.').map(|part| {
        let bytes = from_base64url(part)?;
        serde_json::from_slice(&bytes).ok()
    });
    Some((parts.next()??, parts.next()??))
}

/// The claims that are compared, beside what they have to be.
fn beside(rows: Vec<Row>, lens: &Lens<'_>, wanted: &Wanted<'_>) -> Vec<Row> {
    let expected = |name: &str| match name {
        "iss" => wanted.issuer.map(TraceValue::ours),
        "aud" | "azp" => Some(TraceValue::ours(wanted.client_id)),
        "nonce" => Some(lens.redacted(wanted.nonce.expose())),
        _ => None,
    };
    let with_expected = |row: Row| match expected(row.name.as_str()) {
        Some(expected) => row.expecting(expected),
        None => row,
    };
    let mut rows: Vec<Row> = rows.into_iter().map(with_expected).collect();
    if !rows.iter().any(|row| row.name.as_str() == "nonce") {
        let absent = Row::new(Shown::name("nonce"), TraceValue::ours("(absent)"));
        rows.push(absent.expecting(lens.redacted(wanted.nonce.expose())));
    }
    rows
}
