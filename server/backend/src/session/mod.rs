//! Sessions: who is signed in, and the provider's tokens.
//!
//! A session has a record key and one or more ids. An id is what a browser's cookie holds; the store
//! knows only its SHA-256. Tokens are sealed before they are stored. The limits are judged here, by
//! stored times, at every look-up.

mod browser_name;
mod id;
mod lifetime;
mod record;
mod seal;
mod sessions;

use std::fmt;

use wrengate_protocol::{
    Secret,
    encoding::base64url,
    profile::{Access, Profile},
};

pub use self::{
    browser_name::{BrowserName, Device},
    id::SessionId,
    lifetime::{Lifetimes, PRESENT_WITHIN},
    seal::{KeyRing, KeyRingError, SHORTEST_KEY, SealError},
    sessions::{SessionError, Sessions},
};
pub use crate::store::Ended;
use crate::{clock::UnixSeconds, store::Hash};

/// How much of an owner's hash tells accounts apart in a browser: 96 bits.
const TAG_BYTES: usize = 12;

/// What a sign-in has found out.
pub struct NewSession {
    /// The issuer; with the subject, the key of the account.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// What may be shown.
    pub profile: Profile,
    /// What the access covers.
    pub access: Access,
    /// What the provider gave.
    pub tokens: Tokens,
    /// The attempt it came from.
    pub attempt_id: String,
    /// The provider's own session (`sid` of the ID token), by which the provider may end this one.
    pub sid: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession")
            .field("attempt_id", &self.attempt_id)
            .finish_non_exhaustive()
    }
}

/// The provider's tokens.
#[derive(Debug)]
pub struct Tokens {
    /// The access token.
    pub access_token: Secret<String>,
    /// The refresh token, where there is one.
    pub refresh_token: Option<Secret<String>>,
    /// The ID token, where there is one.
    pub id_token: Option<Secret<String>>,
}

/// A session, as it was stored when it was read.
#[derive(Clone)]
pub struct Session {
    /// The key of the record. Random, and no session id.
    pub key: String,
    /// The issuer.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// What may be shown.
    pub profile: Profile,
    /// When the provider said so.
    pub profile_read: UnixSeconds,
    /// What the access covers.
    pub access: Access,
    /// When it began.
    pub created: UnixSeconds,
    /// When it was last used, to the minute.
    pub last_used: UnixSeconds,
    /// When it ends unless it is used.
    pub idle_end: UnixSeconds,
    /// When it ends however much it is used.
    pub absolute_end: UnixSeconds,
    /// The attempt it came from.
    pub attempt_id: String,
    /// What the browser called itself when it signed in.
    pub user_agent: Option<String>,
    /// How often the tokens were renewed.
    pub version: i64,
    /// Whether there is a new refresh token beside an access token that may be over: a renewal that
    /// has not come to its end yet, or never did.
    pub(crate) unfinished: bool,
    sealed: String,
}

impl Session {
    /// Why the session is over, if it is.
    fn ended(&self, now: UnixSeconds) -> Option<Ended> {
        if now >= self.absolute_end {
            Some(Ended::Absolute)
        } else if now >= self.idle_end {
            Some(Ended::Idle)
        } else {
            None
        }
    }

    /// Whether the access token can be renewed without the person.
    #[must_use]
    pub fn has_refresh_token(&self) -> bool {
        record::has_refresh_token(self)
    }

    /// By which everything of this account is kept.
    #[must_use]
    pub fn owner(&self) -> Hash {
        record::owner(&self.issuer, &self.subject)
    }

    /// Tells the account from others, to a page that shows it and to its drafts.
    ///
    /// # Security
    /// A part of a hash of issuer and subject; only ever given to a browser that is signed in as
    /// this account.
    #[must_use]
    pub fn account_tag(&self) -> String {
        let owner = self.owner();
        base64url(owner.get(..TAG_BYTES).unwrap_or(&owner))
    }

    fn place(&self) -> seal::Place<'_> {
        let Self {
            key,
            issuer,
            subject,
            ..
        } = self;
        seal::Place {
            record: key,
            field: "",
            issuer,
            subject,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("key", &self.key)
            .field("attempt_id", &self.attempt_id)
            .field("absolute_end", &self.absolute_end)
            .finish_non_exhaustive()
    }
}

/// What an id is worth.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// Somebody is signed in.
    Active(Box<Session>),
    /// Somebody was, and this is how it ended.
    Ended(Ended),
    /// Nothing is known of it.
    Absent,
}

/// Which sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum EndOf<'a> {
    /// The one that an id leads to.
    Id(&'a SessionId),
    /// The one with this record key.
    Key(&'a str),
    /// One of the account that `session` is of.
    OneOfAccount {
        /// Who asks.
        session: &'a Session,
        /// The record key.
        key: &'a str,
    },
    /// All of the account but this one.
    OthersOfAccount(&'a Session),
    /// All of an account.
    Account {
        /// The issuer.
        issuer: &'a str,
        /// The subject.
        subject: &'a str,
    },
    /// All that came from one session at the provider.
    ProviderSession {
        /// The issuer.
        issuer: &'a str,
        /// The provider's name of its session.
        sid: &'a str,
    },
}

/// The sessions of a person that came from one session at the provider.
#[derive(Clone, Copy, Debug)]
pub struct SubjectsSession<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// The provider's name of its session.
    pub sid: &'a str,
}

/// Why a session is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A person did something.
    Person,
    /// A page asked by itself, which does not extend the idle limit.
    Poll,
}
