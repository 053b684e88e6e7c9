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

/// A claim of the ID token: as it is shown, and what stands for all of it.
#[derive(Debug)]
pub(super) struct Claim {
    shown: Row,
    whole: TraceValue,
}

impl Claim {
    fn all(claims: &Map<String, Value>, rows: &[Row], lens: &Lens<'_>) -> Vec<Self> {
        let claims = claims.iter().zip(rows);
        // Those whose name is not shown are not told apart.
        let claims = claims.filter(|((name, _), row)| row.name.as_str() == name.as_str());
        let claim = |((_, value), row): ((&String, &Value), &Row)| Self {
            shown: row.clone(),
            whole: lens.redacted_member(value),
        };
        claims.map(claim).collect()
    }
}

/// The claims of userinfo beside those of the ID token, and the names of those that differ.
///
/// They are compared whole: of some no more is shown than two different ones have in common.
pub(super) fn against(
    known: &[Claim],
    told: &Map<String, Value>,
    lens: &Lens<'_>,
) -> (Vec<Row>, Vec<Shown>) {
    let mut differing = Vec::new();
    let mut rows = lens.members(Origin::Claims, told);
    for (row, value) in rows.iter_mut().zip(told.values()) {
        let Some(Claim { shown, whole }) = known.iter().find(|it| it.shown.name == row.name) else {
            continue;
        };
        row.expected = Some(if lens.redacted_member(value) == *whole {
            row.value.clone()
        } else {
            differing.push(row.name.clone());
            if shown.value == row.value {
                whole.clone()
            } else {
                shown.value.clone()
            }
        });
    }
    (rows, differing)
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
            let verdict = verdict(CheckName::Audience, found.is_ok(), failed, has_hash);
            let audience = audience(found, verdict);
            let mut told = Vec::new();
            let view = parts.map(|(header, claims)| {
                let rows = beside(&claims, lens, wanted, audience);
                told = Claim::all(&claims, &rows, lens);
                IdTokenView {
                    header: lens.members(Origin::TokenHeader, &header),
                    claims: rows,
                }
            });
            entry.claims = told;
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

/// What came of `aud` alone: the check that it belongs to is of `azp` too.
fn audience(found: &Result<IdToken, ProviderError>, verdict: Verdict) -> Verdict {
    let party = IdTokenError::Untrusted(Distrust::AuthorizedParty);
    match found {
        Err(ProviderError::IdToken(error)) if *error == party => Verdict::Passed,
        _ => verdict,
    }
}

/// The claims that are compared, beside what they have to be.
fn beside(
    claims: &Map<String, Value>,
    lens: &Lens<'_>,
    wanted: &Wanted<'_>,
    audience: Verdict,
) -> Vec<Row> {
    let with_expected = |row: Row| {
        let expected = match row.name.as_str() {
            "iss" => wanted.issuer,
            "aud" | "azp" => Some(wanted.client_id),
            "nonce" => return row.expecting(lens.redacted(wanted.nonce.expose())),
            _ => None,
        };
        let claim = claims.get(row.name.as_str());
        match (claim, expected) {
            (Some(claim), Some(expected)) => compared(row, claim, lens, expected, audience),
            _ => row,
        }
    };
    let rows = lens.members(Origin::Claims, claims);
    let mut rows: Vec<Row> = rows.into_iter().map(with_expected).collect();
    if !rows.iter().any(|row| row.name.as_str() == "nonce") {
        let absent = Row::new(Shown::name("nonce"), TraceValue::ours("(absent)"));
        rows.push(absent.expecting(lens.redacted(wanted.nonce.expose())));
    }
    rows
}

/// A claim beside the setting that it has to be, or to hold.
///
/// Issuer and client id are public, and shown wherever they stand: those of large providers look like
/// tokens, which the table would remove.
fn compared(row: Row, claim: &Value, lens: &Lens<'_>, expected: &str, audience: Verdict) -> Row {
    let ours = TraceValue::ours(expected);
    let value = match claim {
        Value::String(text) if text == expected => ours.clone(),
        Value::Array(list)
            if row.name.as_str() == "aud" && list.iter().any(|it| it == expected) =>
        {
            let parts = list.iter().map(|it| match it.as_str() {
                Some(text) if text == expected => expected.to_owned(),
                Some(text) => match lens.text(text) {
                    TraceValue::Shown(text) => text.to_string(),
                    removed @ TraceValue::Redacted { .. } => format!("({removed})"),
                },
                None => format!("({})", lens.redacted(&it.to_string())),
            });
            TraceValue::ours(parts.collect::<Vec<_>>().join(" "))
        }
        // Compared unseen, where one of them is not to be seen.
        _ if row.value.shown().is_none() => return row.expecting(lens.redacted(expected)),
        _ => return row.expecting(ours),
    };
    let row = Row::new(row.name, value.clone());
    match audience {
        _ if value == ours => row.expecting(ours),
        Verdict::Passed => row.expecting(value),
        Verdict::Failed => row.expecting(ours),
        // Whether the others may stand beside it was not looked at.
        Verdict::Absent | Verdict::NotReached => row,
    }
}
