//! An attempt as text, for a store that does not know what it keeps.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use wrengate_protocol::{
    discovery::Metadata,
    issuer::{EndpointError, Issuer, parse_endpoint},
    nonce::Nonce,
    pkce::CodeChallenge,
    return_to::ReturnTo,
};

use super::{Attempt, NewAttempt, Outcome, Status};
use crate::{
    clock::UnixSeconds,
    store::{AttemptRecord, Hash, Stage, StoreError},
};

/// When an attempt begins, ends and is forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) created: UnixSeconds,
    pub(super) expires: UnixSeconds,
    pub(super) drop_at: UnixSeconds,
}

/// What an attempt was consumed with.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) code_hash: Hash,
    pub(super) verifier_hash: Hash,
    pub(super) at: UnixSeconds,
}

/// Why a stored attempt cannot be read.
#[derive(Debug, Error)]
pub(super) enum UnreadableAttempt {
    /// Not the JSON that this version writes. The source is left out: it may quote the record.
    #[error("{0} is not as this version writes it")]
    Json(&'static str),
    /// An address that would not be accepted today.
    #[error("an address of the provider is not usable: {0}")]
    Endpoint(#[from] EndpointError),
    /// Live without what a live attempt needs.
    #[error("an attempt that is not closed lacks its challenge")]
    Emptied,
}

/// What stays until the tombstone goes.
#[derive(Serialize, Deserialize)]
struct Lasting {
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    return_to: ReturnTo,
}

/// What is wiped when the attempt is closed.
#[derive(Serialize, Deserialize)]
struct Passing {
    code_challenge: CodeChallenge,
    nonce: Option<String>,
    metadata: StoredMetadata,
}

/// The half of the metadata that completing the attempt needs.
#[derive(Serialize, Deserialize)]
struct StoredMetadata {
    issuer: Option<String>,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    iss_advertised: bool,
    jwks_uri: Option<String>,
    id_token_algorithms: Vec<String>,
    revocation_endpoint: Option<String>,
}

impl From<Metadata> for StoredMetadata {
    fn from(metadata: Metadata) -> Self {
        Self {
            issuer: metadata.issuer.map(|issuer| issuer.as_str().to_owned()),
            authorization_endpoint: metadata.authorization_endpoint.into(),
            token_endpoint: metadata.token_endpoint.into(),
            userinfo_endpoint: metadata.userinfo_endpoint.into(),
            iss_advertised: metadata.iss_advertised,
            jwks_uri: metadata.jwks_uri.map(Into::into),
            revocation_endpoint: metadata.revocation_endpoint.map(Into::into),
            id_token_algorithms: metadata.id_token_algorithms,
        }
    }
}

impl TryFrom<StoredMetadata> for Metadata {
    type Error = EndpointError;

    fn try_from(stored: StoredMetadata) -> Result<Self, EndpointError> {
        let optional = |text: Option<String>| text.as_deref().map(parse_endpoint).transpose();
        Ok(Self {
            iss_advertised: stored.iss_advertised,
            jwks_uri: optional(stored.jwks_uri)?,
            revocation_endpoint: optional(stored.revocation_endpoint)?,
            id_token_algorithms: stored.id_token_algorithms,
            ..Self::by_hand(
                stored.issuer.as_deref().map(Issuer::parse).transpose()?,
                parse_endpoint(&stored.authorization_endpoint)?,
                parse_endpoint(&stored.token_endpoint)?,
                parse_endpoint(&stored.userinfo_endpoint)?,
            )
        })
    }
}

/// A new attempt as it is stored.
pub(super) fn write(
    new: &NewAttempt,
    id: String,
    owner: Hash,
    times: Times,
) -> Result<AttemptRecord, StoreError> {
    let lasting = Lasting {
        client_id: new.client_id.clone(),
        redirect_uri: new.redirect_uri.clone(),
        scopes: new.scopes.clone(),
        return_to: new.return_to.clone(),
    };
    let passing = Passing {
        code_challenge: new.code_challenge.clone(),
        nonce: new.nonce.as_ref().map(|nonce| nonce.expose().to_owned()),
        metadata: new.metadata.clone().into(),
    };
    Ok(AttemptRecord {
        id,
        lookup: new.state.hash(),
        owner,
        stage: Stage::Pending,
        created: times.created,
        expires: times.expires,
        drop_at: times.drop_at,
        lasting: to_text(&lasting)?,
        passing: Some(to_text(&passing)?),
        claim: None,
        outcome: None,
    })
}

/// A stored attempt as it is used.
pub(super) fn read(record: &AttemptRecord) -> Result<Attempt, UnreadableAttempt> {
    let lasting: Lasting = from_text("the lasting part", &record.lasting)?;
    let passing: Option<Passing> = optional("the passing part", record.passing.as_deref())?;
    let claim: Option<Claim> = optional("the claim", record.claim.as_deref())?;
    let outcome: Option<Outcome> = optional("the outcome", record.outcome.as_deref())?;
    let status = match (record.stage, &outcome) {
        (Stage::Pending, _) => Status::Pending,
        (Stage::Working, _) => Status::Working,
        (Stage::Closed, Some(Outcome::SignedIn { .. })) => Status::Done,
        (Stage::Closed, Some(Outcome::Failed(_)) | None) => Status::Failed,
    };
    if record.stage != Stage::Closed && passing.is_none() {
        return Err(UnreadableAttempt::Emptied);
    }
    let (code_challenge, nonce, metadata) = match passing {
        Some(passing) => (
            Some(passing.code_challenge),
            passing.nonce.map(Nonce::restore),
            Some(passing.metadata.try_into()?),
        ),
        None => (None, None, None),
    };
    Ok(Attempt {
        id: record.id.clone(),
        code_challenge,
        nonce,
        metadata,
        client_id: lasting.client_id,
        redirect_uri: lasting.redirect_uri,
        scopes: lasting.scopes,
        return_to: lasting.return_to,
        created: record.created,
        expires: record.expires,
        status,
        code_hash: claim.as_ref().map(|claim| claim.code_hash),
        verifier_hash: claim.as_ref().map(|claim| claim.verifier_hash),
        consumed_at: claim.as_ref().map(|claim| claim.at),
        outcome,
        cookie_hash: record.owner,
    })
}

/// Writes a value as JSON. Our own types always can be; the error only spares a panic.
pub(super) fn to_text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(Box::new(error)))
}

fn from_text<'a, T: Deserialize<'a>>(
    what: &'static str,
    text: &'a str,
) -> Result<T, UnreadableAttempt> {
    serde_json::from_str(text).map_err(|_| UnreadableAttempt::Json(what))
}

fn optional<'a, T: Deserialize<'a>>(
    what: &'static str,
    text: Option<&'a str>,
) -> Result<Option<T>, UnreadableAttempt> {
    text.map(|text| from_text(what, text)).transpose()
}
