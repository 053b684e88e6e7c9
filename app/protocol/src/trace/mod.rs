//! A sign-in as the flow inspector shows it: step by step, with its secrets removed.
//!
//! [`TraceView`] is one attempt. All its texts are [`Shown`], all its values [`TraceValue`], so there is
//! no field in which a live secret could stand. [`lens`] decides by name which of the two a value becomes.

mod curl;
pub mod lens;
mod value;

use serde::{Deserialize, Serialize};

pub use self::{
    lens::{Lens, Origin},
    value::{Fingerprint, FingerprintKey, NoFingerprint, Shown, TraceValue},
};
use crate::{failure::Failure, step::Step};

/// What stands in place of a fault where a sign-in was run that nothing breaks.
pub const NO_FAULT: &str = "none";

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceView {
    /// Which attempt: the fingerprint of its state.
    pub id: Fingerprint,
    /// When it began, in seconds since 1970.
    pub begun_at: i64,
    /// How it stands.
    pub status: TraceStatus,
    /// The fault of the development provider that was armed for it, where it was broken on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Shown>,
    /// The reference of the call that ended it, also on the problem page and in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Shown>,
    /// Where the time went.
    pub totals: Totals,
    /// What was checked, in the order of the flow.
    pub checks: Vec<Check>,
    /// Steps 0 to 7, always all eight.
    pub steps: Vec<TraceStep>,
    /// What to do about a failure, the likeliest cause first; empty where nothing failed.
    pub advice: Vec<Shown>,
}

/// How an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum TraceStatus {
    /// Not back yet, or on its way.
    Running,
    /// Somebody signed in.
    SignedIn,
    /// It failed.
    Failed {
        /// In this step of the walkthrough.
        at: Step,
        /// In this step of the trace, 0 to 7.
        number: u8,
        /// What the person was told.
        failure: Failure,
    },
    /// The person chose not to go on.
    Cancelled,
    /// Nobody came back in time.
    Expired,
}

/// Where the time went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// From the answer to the beginning until the callback arrived: the person and the provider's pages.
    pub away_ms: u32,
    /// Our calls to the provider.
    pub provider_ms: u32,
    /// The rest.
    pub ours_ms: u32,
}

/// One check and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: CheckName,
    /// What came of it.
    pub verdict: Verdict,
}

/// What is checked, in the order of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// The state belongs to an attempt of this browser.
    State,
    /// The attempt is not too old.
    Lifetime,
    /// The issuer of the answer (RFC 9207, section 2.4).
    Issuer,
    /// The verifier fits the challenge (RFC 7636, section 4.6).
    S256,
    /// The attempt was not used before.
    Once,
    /// The signature of the ID token, with its algorithm and key.
    Signature,
    /// `iss` of the ID token.
    IdTokenIssuer,
    /// `aud` and `azp`.
    Audience,
    /// `nonce`.
    Nonce,
    /// `exp`, `iat` and `nbf`.
    Times,
    /// `sub`.
    Subject,
    /// `at_hash`.
    AtHash,
    /// Userinfo is about the person of the ID token.
    SameSubject,
    /// Whether there is a refresh token.
    RefreshToken,
}

impl CheckName {
    /// All of them, in the order of the flow.
    pub const ALL: [Self; 14] = [
        Self::State,
        Self::Lifetime,
        Self::Issuer,
        Self::S256,
        Self::Once,
        Self::Signature,
        Self::IdTokenIssuer,
        Self::Audience,
        Self::Nonce,
        Self::Times,
        Self::Subject,
        Self::AtHash,
        Self::SameSubject,
        Self::RefreshToken,
    ];
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it has to be.
    Passed,
    /// Not as it has to be.
    Failed,
    /// The provider did not send it, and need not.
    Absent,
    /// Something failed before.
    NotReached,
}

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// The browser.
    Browser,
    /// This application.
    App,
    /// The provider.
    Provider,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// 0: the provider's metadata.
    Discovery,
    /// 1: verifier and challenge.
    Proof,
    /// 2: the authorization request, pushed or not.
    Authorization,
    /// 3: the person is at the provider.
    AtProvider,
    /// 4: the answer arrived, and is checked.
    Callback,
    /// 5: the token request; the ID token is checked.
    Token,
    /// 6: who signed in.
    Userinfo,
    /// 7: the session.
    Session,
}

impl StepName {
    /// All of them, by number.
    pub const ALL: [Self; 8] = [
        Self::Discovery,
        Self::Proof,
        Self::Authorization,
        Self::AtProvider,
        Self::Callback,
        Self::Token,
        Self::Userinfo,
        Self::Session,
    ];

    /// The number, 0 to 7.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From whom to whom it goes.
    #[must_use]
    pub const fn lanes(self) -> (Lane, Lane) {
        match self {
            Self::Proof => (Lane::Browser, Lane::Browser),
            Self::Authorization => (Lane::Browser, Lane::Provider),
            Self::AtProvider => (Lane::Provider, Lane::Provider),
            Self::Callback => (Lane::Browser, Lane::App),
            Self::Discovery | Self::Token | Self::Userinfo => (Lane::App, Lane::Provider),
            Self::Session => (Lane::App, Lane::Browser),
        }
    }

    /// The step of the trace that a step of the walkthrough belongs to.
    #[must_use]
    pub const fn of(step: Step) -> Self {
        match step {
            Step::Start | Step::MakeProof | Step::SaveAttempt => Self::Proof,
            Step::Register | Step::Leave => Self::Authorization,
            Step::AtProvider => Self::AtProvider,
            Step::Callback
            | Step::Submit
            | Step::OriginGate
            | Step::FindAttempt
            | Step::CheckIssuer
            | Step::CheckProof
            | Step::Consume => Self::Callback,
            Step::Exchange | Step::CheckIdToken => Self::Token,
            Step::Userinfo => Self::Userinfo,
            Step::OpenSession | Step::Arrive => Self::Session,
        }
    }
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Its turn has not come.
    Waiting,
    /// Done.
    Done,
    /// The attempt failed here.
    Failed,
    /// The attempt ended before.
    NotReached,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// What it is about; its number is its place in the list.
    pub name: StepName,
    /// How it stands.
    pub progress: Progress,
    /// From whom.
    pub from: Lane,
    /// To whom.
    pub to: Lane,
    /// When it began, in milliseconds after the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<u32>,
    /// How long it took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// What it was about: parameters, endpoints, attributes of the session's cookie.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Requests and their answers, repeats included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// The ID token, in step 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<IdTokenView>,
    /// The claims of userinfo, in step 6.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Row>,
    /// The claims in which ID token and userinfo differ, in step 6.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<Shown>,
}

impl TraceStep {
    /// A step whose turn has not come.
    #[must_use]
    pub fn waiting(name: StepName) -> Self {
        let (from, to) = name.lanes();
        Self {
            name,
            progress: Progress::Waiting,
            from,
            to,
            start_ms: None,
            duration_ms: None,
            rows: Vec::new(),
            exchanges: Vec::new(),
            id_token: None,
            claims: Vec::new(),
            differing: Vec::new(),
        }
    }
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The name.
    pub name: Shown,
    /// The value.
    pub value: TraceValue,
    /// What it has to be, where that is known and was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<TraceValue>,
}

impl Row {
    /// A value that is compared with nothing.
    #[must_use]
    pub const fn new(name: Shown, value: TraceValue) -> Self {
        Self {
            name,
            value,
            expected: None,
        }
    }

    /// The same beside what it has to be.
    #[must_use]
    pub fn expecting(mut self, expected: TraceValue) -> Self {
        self.expected = Some(expected);
        self
    }
}

/// A request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The request.
    pub request: RequestView,
    /// The answer, where one was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseView>,
    /// What stood in the way of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Failure>,
    /// When it was sent, in milliseconds after the attempt began.
    pub start_ms: u32,
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// The method.
    pub method: Shown,
    /// The address without its query.
    pub url: TraceValue,
    /// Headers worth showing.
    pub headers: Vec<Row>,
    /// The query of an address that a form is posted to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<Row>,
    /// The parameters: of the form, or of the query where there is no form.
    pub parameters: Vec<Row>,
    /// The same for a shell, with variables in place of secrets.
    pub curl: Shown,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseView {
    /// The HTTP status.
    pub status: u16,
    /// Headers worth showing.
    pub headers: Vec<Row>,
    /// The members of its body, where it is a JSON object.
    pub parameters: Vec<Row>,
}

/// The ID token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenView {
    /// The members of its header.
    pub header: Vec<Row>,
    /// Its claims, believed or not: the checks say.
    pub claims: Vec<Row>,
}

/// Everything the inspector knows of one browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceList {
    /// The server's clock, in seconds since 1970.
    pub now: i64,
    /// The attempts, the newest first.
    pub traces: Vec<TraceView>,
}
