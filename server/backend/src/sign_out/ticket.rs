//! The way on to the provider, where its own session ends (OpenID Connect RP-Initiated Logout).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;
use wrengate_protocol::{
    Secret,
    encoding::{base64url, is_base64url, sha256},
};

use crate::{
    clock::Clock,
    random::{Random, RandomError, bytes32},
    session::{KeyRing, SealError},
    store::{Hash, Store, StoreError},
};

/// How long a ticket is good for, in seconds: ten minutes.
pub const TICKET_LIFETIME: i64 = 600;

/// Why there is no ticket. The sign-out here has succeeded all the same.
#[derive(Debug, Error)]
pub(super) enum TicketError {
    #[error("the ticket could not be stored")]
    Store(#[from] StoreError),
    #[error("the ticket could not be sealed")]
    Seal(#[from] SealError),
    #[error("no ticket could be made")]
    Random(#[from] RandomError),
    #[error("the note could not be written")]
    Note(#[from] serde_json::Error),
}

/// Where a ticket leads.
#[derive(Debug)]
pub struct Onward {
    /// The end session endpoint with everything it is to know, the ID token among it.
    ///
    /// # Security
    /// For the one redirect alone: never in a log, a page or JSON.
    pub to: Secret<String>,
    /// What the provider brings back.
    pub state: String,
}

/// What a ticket leads to, and the tokens with it, are sealed.
#[derive(Serialize, Deserialize)]
struct Note {
    to: String,
    state: String,
}

/// Keeps the ways on under tickets.
#[derive(Clone, Debug)]
pub(super) struct Tickets {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) keys: KeyRing,
    pub(super) client_id: String,
    /// Where the provider leads back to.
    pub(super) post_logout_redirect_uri: String,
}

impl Tickets {
    /// Makes a ticket for the provider's endpoint (RP-Initiated Logout, section 2).
    ///
    /// The address is made now and not when the ticket is used, so that settings which change
    /// meanwhile lead no ID token to another provider.
    pub(super) async fn issue(
        &self,
        endpoint: &Url,
        id_token: Option<&Secret<String>>,
    ) -> Result<Secret<String>, TicketError> {
        let state = base64url(&bytes32(&*self.random)?);
        let mut to = endpoint.clone();
        {
            let mut query = to.query_pairs_mut();
            if let Some(id_token) = id_token {
                query.append_pair("id_token_hint", id_token.expose());
            }
            query
                .append_pair("client_id", &self.client_id)
                .append_pair("post_logout_redirect_uri", &self.post_logout_redirect_uri)
                .append_pair("state", &state);
        }
        let to = String::from(to);
        let note = serde_json::to_string(&Note { to, state })?;
        let ticket = Secret::new(base64url(&bytes32(&*self.random)?));
        let name = name(&ticket);
        let sealed = self
            .keys
            .seal_note(&base64url(&name), &note, &*self.random)?;
        let now = self.clock.now();
        let drop_at = now.saturating_add(TICKET_LIFETIME);
        // False would mean that two of 2^256 are the same.
        self.store.leave_note(&name, &sealed, drop_at, now).await?;
        Ok(ticket)
    }

    /// Where a ticket leads; `None` for one that is unknown, used or too old. It is used up then.
    pub(super) async fn redeem(&self, ticket: &str) -> Result<Option<Onward>, StoreError> {
        if ticket.len() != 43 || !is_base64url(ticket) {
            return Ok(None);
        }
        let name = name(&Secret::new(ticket.to_owned()));
        let Some(sealed) = self.store.take_note(&name, self.clock.now()).await? else {
            return Ok(None);
        };
        let opened = self.keys.open_note(&base64url(&name), &sealed);
        let opened = opened.inspect_err(|error| {
            tracing::warn!(error = %error, "a ticket to the provider could not be opened");
        });
        Ok(opened.ok().and_then(|note| onward(&note)))
    }
}

fn onward(note: &Secret<String>) -> Option<Onward> {
    let Note { to, state } = serde_json::from_str(note.expose()).ok()?;
    let to = Secret::new(to);
    Some(Onward { to, state })
}

/// Under which a ticket is kept: the store has no ticket that anybody could use.
fn name(ticket: &Secret<String>) -> Hash {
    sha256(&format!("sign-out ticket:{}", ticket.expose()))
}
