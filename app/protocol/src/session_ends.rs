//! When a session ends, as a page may know it.

use serde::{Deserialize, Serialize};

use crate::profile::Profile;

/// The ends of a session, all by the server's clock: seconds since 1970, and durations in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEnds {
    /// What the server's clock said.
    pub now: i64,
    /// When the session ends unless it is used.
    pub idle: i64,
    /// When it ends however much it is used.
    pub absolute: i64,
    /// How long it may go unused.
    pub idle_lifetime: i64,
    /// How long it lasts however much it is used.
    pub absolute_lifetime: i64,
}

/// The answer to a call that needs a session: whose it is, and when it ends.
///
/// Whoever reads it leaves the profile out: a page was drawn with one, of an account that `account`
/// is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WithoutProfile")]
pub struct Present {
    /// Who is signed in, where that was asked.
    #[serde(flatten)]
    pub profile: Option<Profile>,
    /// Tells the account from others, and nothing else about it.
    pub account: String,
    /// When the session ends.
    pub ends: SessionEnds,
}

/// [`Present`] as far as it is read.
#[derive(Deserialize)]
struct WithoutProfile {
    account: String,
    ends: SessionEnds,
}

impl From<WithoutProfile> for Present {
    fn from(WithoutProfile { account, ends }: WithoutProfile) -> Self {
        Self {
            profile: None,
            account,
            ends,
        }
    }
}
