//! Attempts: one sign-in each, from the click to its outcome.
//!
//! An attempt is registered before the browser leaves, bound to that browser by a cookie, and can
//! be completed once. What is known of it lies in the [store](crate::store); the state and the
//! cookie value lie there as SHA-256 only.

mod attempts;
mod record;

use std::fmt;

use serde::{Deserialize, Serialize};
use wrengate_protocol::{
    Secret,
    discovery::Metadata,
    encoding::{equal_in_constant_time, sha256},
    messages::Problem,
    nonce::Nonce,
    pkce::{CodeChallenge, CodeVerifier},
    return_to::ReturnTo,
    state::State,
};

pub use self::attempts::{
    Attempts, LIVE_OVERALL, LIVE_PER_BROWSER, RegisterError, TOMBSTONE, VERIFIER_TRIES,
};
use crate::{clock::UnixSeconds, store::Hash};

/// What is registered when a sign-in begins.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// The challenge the browser sent.
    pub code_challenge: CodeChallenge,
    /// The state the browser sent.
    pub state: State,
    /// The nonce, in OpenID mode.
    pub nonce: Option<Nonce>,
    /// Where the provider answers, as of now.
    pub metadata: Metadata,
    /// The client identifier.
    pub client_id: String,
    /// The redirect URI of the authorization request.
    pub redirect_uri: String,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// Where to go afterwards, already checked.
    pub return_to: ReturnTo,
}

/// One sign-in, as it was stored when it was read.
#[derive(Clone)]
pub struct Attempt {
    /// Random and public: it stands in logs and leads to nothing.
    pub id: String,
    /// The challenge; `None` once closed.
    pub code_challenge: Option<CodeChallenge>,
    /// The nonce; `None` in plain OAuth mode and once closed.
    pub nonce: Option<Nonce>,
    /// The provider the attempt began with; `None` once closed.
    pub metadata: Option<Metadata>,
    /// The client identifier.
    pub client_id: String,
    /// The redirect URI.
    pub redirect_uri: String,
    /// The scopes that were asked for.
    pub scopes: Vec<String>,
    /// Where to go afterwards.
    pub return_to: ReturnTo,
    /// When it began.
    pub created: UnixSeconds,
    /// From when on it is too late.
    pub expires: UnixSeconds,
    /// How far it is.
    pub status: Status,
    /// SHA-256 of the code it was consumed with.
    pub code_hash: Option<[u8; 32]>,
    /// SHA-256 of the verifier it was consumed with.
    pub verifier_hash: Option<[u8; 32]>,
    /// When it was consumed.
    pub consumed_at: Option<UnixSeconds>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    cookie_hash: Hash,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waiting for the provider's answer.
    Pending,
    /// Consumed; the exchange is under way.
    Working,
    /// Ended with a session.
    Done,
    /// Ended without one.
    Failed,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// With a session.
    SignedIn {
        /// The key of the session record; not a session id.
        session_key: String,
    },
    /// Without one; every repeat is told the same.
    Failed(Problem),
}

impl Attempt {
    /// Whether this browser began the attempt, judged by the attempt cookie it presents.
    ///
    /// # Security
    /// This is what stops login CSRF: without it, an attacker's code and verifier could be completed
    /// in the victim's browser. Compared as SHA-256 in constant time.
    #[must_use]
    pub fn belongs_to(&self, cookie: Option<&Secret<String>>) -> bool {
        cookie.is_some_and(|cookie| {
            equal_in_constant_time(&sha256(cookie.expose()), &self.cookie_hash)
        })
    }

    /// Whether it was consumed with exactly this code and this verifier; the values' half of the
    /// rule that lets a repeated call have the first one's outcome.
    #[must_use]
    pub fn was_consumed_with(&self, code: &Secret<String>, verifier: &CodeVerifier) -> bool {
        let fits = |hash: Option<[u8; 32]>, text: &str| {
            hash.is_some_and(|hash| equal_in_constant_time(&hash, &sha256(text)))
        };
        fits(self.code_hash, code.expose()) & fits(self.verifier_hash, verifier.expose())
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
