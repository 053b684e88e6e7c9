//! The steps of a sign-in, in order: the vocabulary of spans, logs, tests and documentation.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One step of a sign-in.
///
/// Rows 9.1 to 9.9 of the walkthrough in `ARCHITECTURE.md` share the number 9, because to the person
/// they are one wait. The order of the variants is the order of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The person presses the button.
    Start,
    /// Verifier, challenge and state are made from random bytes (RFC 7636, section 4.1).
    MakeProof,
    /// The attempt is saved in `sessionStorage` under its state.
    SaveAttempt,
    /// The server registers the attempt and answers with the authorization URL.
    Register,
    /// The browser leaves for the provider.
    Leave,
    /// The provider asks the person.
    AtProvider,
    /// The callback is read, scrubbed and matched (RFC 6749, section 4.1.2).
    Callback,
    /// The answer crosses to the server.
    Submit,
    /// The request is checked for its origin.
    OriginGate,
    /// The attempt is found by the hash of its state and belongs to this browser.
    FindAttempt,
    /// The issuer rule is applied (RFC 9207, section 2.4).
    CheckIssuer,
    /// The verifier fits the stored challenge (RFC 7636, section 4.6).
    CheckProof,
    /// The attempt is consumed, once.
    Consume,
    /// The code is exchanged for tokens (RFC 6749, section 4.1.3).
    Exchange,
    /// The ID token is checked (OpenID Connect Core, section 3.1.3.7).
    CheckIdToken,
    /// The profile is fetched (OpenID Connect Core, section 5.3).
    Userinfo,
    /// A new session begins.
    OpenSession,
    /// The account page.
    Arrive,
}

impl Step {
    /// Every step, in the order of the flow.
    pub const ALL: [Self; 18] = [
        Self::Start,
        Self::MakeProof,
        Self::SaveAttempt,
        Self::Register,
        Self::Leave,
        Self::AtProvider,
        Self::Callback,
        Self::Submit,
        Self::OriginGate,
        Self::FindAttempt,
        Self::CheckIssuer,
        Self::CheckProof,
        Self::Consume,
        Self::Exchange,
        Self::CheckIdToken,
        Self::Userinfo,
        Self::OpenSession,
        Self::Arrive,
    ];

    /// The stable name: spans, log fields, documentation anchors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::MakeProof => "make-proof",
            Self::SaveAttempt => "save-attempt",
            Self::Register => "register",
            Self::Leave => "leave",
            Self::AtProvider => "at-provider",
            Self::Callback => "callback",
            Self::Submit => "submit",
            Self::OriginGate => "origin-gate",
            Self::FindAttempt => "find-attempt",
            Self::CheckIssuer => "check-issuer",
            Self::CheckProof => "check-proof",
            Self::Consume => "consume",
            Self::Exchange => "exchange",
            Self::CheckIdToken => "check-id-token",
            Self::Userinfo => "userinfo",
            Self::OpenSession => "open-session",
            Self::Arrive => "arrive",
        }
    }

    /// The number in the walkthrough, 1 to 10.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Start => 1,
            Self::MakeProof => 2,
            Self::SaveAttempt => 3,
            Self::Register => 4,
            Self::Leave => 5,
            Self::AtProvider => 6,
            Self::Callback => 7,
            Self::Submit => 8,
            Self::OriginGate
            | Self::FindAttempt
            | Self::CheckIssuer
            | Self::CheckProof
            | Self::Consume
            | Self::Exchange
            | Self::CheckIdToken
            | Self::Userinfo
            | Self::OpenSession => 9,
            Self::Arrive => 10,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// As its code.
impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let step = Self::ALL.into_iter().find(|step| step.code() == code);
        step.ok_or_else(|| de::Error::custom("unknown step"))
    }
}
