//! A session as text, for a store that does not know what it keeps.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use wrengate_protocol::{
    encoding::sha256,
    profile::{Access, Profile},
};

use super::{
    NewSession, Session, Tokens,
    seal::{KeyRing, Place, SealError, Sealed},
};
use crate::{
    clock::UnixSeconds,
    random::Random,
    store::{Hash, SessionRecord, StoreError},
};

/// Why a stored session cannot be read. Without a source, which might quote the record.
#[derive(Clone, Copy, Debug, Error)]
#[error("{0} is not as this version writes it")]
pub(super) struct UnreadableSession(&'static str);

/// What never changes.
#[derive(Serialize, Deserialize)]
struct Body {
    issuer: String,
    subject: String,
    attempt_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

/// What may be shown, and when the provider said so.
#[derive(Serialize, Deserialize)]
struct Shown<P> {
    #[serde(flatten)]
    profile: P,
    /// Versions before this one kept no time, and hardly ever read a profile twice.
    #[serde(default)]
    read: Option<UnixSeconds>,
}

/// What the access covers, and whether its renewal was broken off.
#[derive(Serialize, Deserialize)]
struct Covered<A> {
    #[serde(flatten)]
    access: A,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

/// The tokens, each sealed for its own field.
#[derive(Serialize, Deserialize)]
struct SealedTokens {
    access: Sealed,
    refresh: Option<Sealed>,
    id: Option<Sealed>,
}

/// By which all sessions of one account are found: (issuer, subject), never the e-mail address.
pub(super) fn owner(issuer: &str, subject: &str) -> Hash {
    sha256(&format!("{}:{issuer}{subject}", issuer.len()))
}

/// By which all sessions that belong to one session at the provider are found.
pub(super) fn cohort(issuer: &str, sid: &str) -> Hash {
    sha256(&format!("sid:{}:{issuer}{sid}", issuer.len()))
}

/// The text of a new session that never changes.
pub(super) fn body(new: &NewSession) -> Result<String, StoreError> {
    to_text(&Body {
        issuer: new.issuer.clone(),
        subject: new.subject.clone(),
        attempt_id: new.attempt_id.clone(),
        user_agent: new.user_agent.clone(),
    })
}

/// The text of what may be shown.
pub(super) fn profile(profile: &Profile, read: UnixSeconds) -> Result<String, StoreError> {
    let read = Some(read);
    to_text(&Shown { profile, read })
}

/// The text of what the access covers.
pub(super) fn access(access: &Access, unfinished: bool) -> Result<String, StoreError> {
    to_text(&Covered { access, unfinished })
}

/// A stored session as it is used. Sealed texts stay as they are.
pub(super) fn read(record: SessionRecord) -> Result<Session, UnreadableSession> {
    let body: Body =
        serde_json::from_str(&record.body).map_err(|_| UnreadableSession("the body"))?;
    let Shown::<Profile> { profile, read } =
        serde_json::from_str(&record.profile).map_err(|_| UnreadableSession("the profile"))?;
    let Covered { access, unfinished } =
        serde_json::from_str(&record.access).map_err(|_| UnreadableSession("the access"))?;
    Ok(Session {
        key: record.key,
        issuer: body.issuer,
        subject: body.subject,
        profile,
        profile_read: read.unwrap_or(record.created),
        access,
        created: record.created,
        last_used: record.last_used,
        absolute_end: record.absolute_end,
        attempt_id: body.attempt_id,
        user_agent: body.user_agent,
        version: record.version,
        idle_end: record.idle_end,
        unfinished,
        sealed: record.sealed,
    })
}

/// Whether there is a refresh token, without opening it.
pub(super) fn has_refresh_token(session: &Session) -> bool {
    sealed(session).is_ok_and(|sealed| sealed.refresh.is_some())
}

/// Seals tokens for the record with this key and this account.
pub(super) fn seal(
    tokens: &Tokens,
    keys: &KeyRing,
    random: &dyn Random,
    place: Place<'_>,
) -> Result<String, SealError> {
    let seal = |field, token: &str| keys.seal(token, Place { field, ..place }, random);
    let optional = |field, token: Option<&str>| token.map(|token| seal(field, token)).transpose();
    let sealed = SealedTokens {
        access: seal("access_token", tokens.access_token.expose())?,
        refresh: optional(
            "refresh_token",
            tokens
                .refresh_token
                .as_ref()
                .map(|token| token.expose().as_str()),
        )?,
        id: optional(
            "id_token",
            tokens
                .id_token
                .as_ref()
                .map(|token| token.expose().as_str()),
        )?,
    };
    serde_json::to_string(&sealed).map_err(|_| SealError::Refused)
}

/// Opens the tokens of a session.
pub(super) fn open(session: &Session, keys: &KeyRing) -> Result<Tokens, SealError> {
    let sealed = sealed(session)?;
    let place = session.place();
    let open = |field, sealed: &Sealed| keys.open(sealed, Place { field, ..place });
    let optional = |field, sealed: Option<&Sealed>| sealed.map(|it| open(field, it)).transpose();
    Ok(Tokens {
        access_token: open("access_token", &sealed.access)?,
        refresh_token: optional("refresh_token", sealed.refresh.as_ref())?,
        id_token: optional("id_token", sealed.id.as_ref())?,
    })
}

/// The tokens sealed anew, where a key that is not the first any more seals one of them.
pub(super) fn reseal(
    session: &Session,
    keys: &KeyRing,
    random: &dyn Random,
) -> Result<Option<String>, SealError> {
    let sealed = sealed(session)?;
    let outdated = std::iter::once(&sealed.access)
        .chain(&sealed.refresh)
        .chain(&sealed.id)
        .any(|token| keys.is_outdated(token));
    if outdated {
        seal(&open(session, keys)?, keys, random, session.place()).map(Some)
    } else {
        Ok(None)
    }
}

/// Writes a value as JSON. Our own types always can be; the error only spares a panic.
pub(super) fn to_text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(Box::new(error)))
}

fn sealed(session: &Session) -> Result<SealedTokens, SealError> {
    serde_json::from_str(&session.sealed).map_err(|_| SealError::Unreadable)
}
