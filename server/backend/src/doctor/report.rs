//! What the doctor found.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! checks {
    ($( $(#[$doc:meta])* $name:ident $id:literal; )*) => {
        /// What is looked at, in the order of the report. The names are part of the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckId { $( $(#[$doc])* $name, )* }

        impl CheckId {
            /// Every one, in the order of the report.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$name => $id, )* }
            }
        }
    };
}

checks! {
    /// The settings can be read; one line for each mistake.
    Settings "settings";
    /// The store can be opened and written, and is of no newer version.
    Store "store";
    /// The keys that seal tokens can be used.
    Keys "keys";
    /// DNS, TCP and TLS to every host of the provider.
    Connection "connection";
    /// Metadata are at a well-known address.
    Discovery "discovery";
    /// They name the issuer of the settings.
    Issuer "issuer";
    /// The endpoints are there and can be used.
    Endpoints "endpoints";
    /// PKCE with S256.
    Pkce "pkce";
    /// `iss` in authorization responses (RFC 9207).
    IssParameter "iss-parameter";
    /// What has to be registered at the provider.
    RedirectUri "redirect-uri";
    /// The method of client authentication.
    ClientAuth "client-auth";
    /// Pushed authorization requests.
    PushedRequests "pushed-requests";
    /// The scopes.
    Scopes "scopes";
    /// The signing keys.
    Jwks "jwks";
    /// The algorithms of ID tokens.
    IdTokenAlgorithms "id-token-algorithms";
    /// The provider's clock and ours.
    Clock "clock";
    /// The userinfo endpoint refuses who brings no token.
    Userinfo "userinfo";
    /// The token endpoint accepts the client.
    ClientAccepted "client-accepted";
    /// Tokens can be revoked.
    Revocation "revocation";
    /// The provider's own session can be ended.
    EndSession "end-session";
    /// The provider tells when its session ends.
    BackChannelLogout "back-channel-logout";
    /// The origin that browsers use.
    PublicOrigin "public-origin";
    /// Metrics.
    Metrics "metrics";
    /// Alerts.
    Alerts "alerts";
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be, or a matter of choice.
    Ok,
    /// Sign-ins work, and something deserves a look.
    Warning,
    /// Sign-ins cannot work.
    Failed,
    /// Not looked at; what was found says why.
    Skipped,
}

impl Status {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One line of the report.
///
/// # Security
/// It is printed and pasted into tickets: no secret, token or key, no address of an alert receiver; text
/// of the provider only without controls and cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub id: CheckId,
    /// How it went.
    pub status: Status,
    /// What was found.
    pub found: String,
    /// What to do, a sentence each; empty where nothing needs to be done.
    pub advice: Vec<String>,
}

impl Check {
    pub(super) fn ok(id: CheckId, found: impl Into<String>) -> Self {
        Self::new(id, Status::Ok, found, &[])
    }

    pub(super) fn warning(id: CheckId, found: impl Into<String>, advice: &[&str]) -> Self {
        Self::new(id, Status::Warning, found, advice)
    }

    pub(super) fn failed(id: CheckId, found: impl Into<String>, advice: &[&str]) -> Self {
        Self::new(id, Status::Failed, found, advice)
    }

    pub(super) fn skipped(id: CheckId, because: &str) -> Self {
        Self::new(
            id,
            Status::Skipped,
            format!("skipped, because {because}"),
            &[],
        )
    }

    fn new(id: CheckId, status: Status, found: impl Into<String>, advice: &[&str]) -> Self {
        Self {
            id,
            status,
            found: found.into(),
            advice: advice.iter().map(|&advice| advice.to_owned()).collect(),
        }
    }
}

/// All of it. Serialized it is the output of `wrengate doctor --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    version: u32,
    ok: bool,
    checks: Vec<Check>,
}

impl Report {
    pub(super) fn new(mut checks: Vec<Check>) -> Self {
        checks.sort_by_key(|check| check.id);
        Self {
            version: 1,
            ok: checks.iter().all(|check| check.status != Status::Failed),
            checks,
        }
    }

    /// Whether nothing failed.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        self.ok
    }

    /// The lines, in the order of [`CheckId`].
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// How many lines went so.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        let same = |check: &&Check| check.status == status;
        self.checks.iter().filter(same).count()
    }
}
