//! The sentences of the flow inspector, which the server alone draws.

use wrengate_protocol::trace::{CheckName, Lane, Progress, StepName, TraceStatus, Verdict};

use super::BROWSER;

pub(crate) const BANNER: &str = "Shows the last sign-ins of this browser. Secrets are removed on the server before they reach this page. Kept 15 minutes, in memory only.";
pub(crate) const RUN: &str = "Run a new sign-in";
pub(crate) const COPY_REPORT: &str = "Copy report";
pub(crate) const DOWNLOAD: &str = "Download JSON";
pub(crate) const CLEAR: &str = "Clear";
pub(crate) const EMPTY: &str = "No sign-in recorded yet. Run one and every step will appear here.";
pub(crate) const CLEARED: &str = "This trace was cleared after 15 minutes.";
pub(crate) const NOT_LOADED: &str = "We couldn't load the trace.";
pub(crate) const COPIED: &str = "Copied.";
pub(crate) const NOT_COPIED: &str = "Couldn't copy. Download the report instead.";
pub(crate) const UPDATED: &str = "The trace was updated.";
pub(crate) const ATTEMPTS: &str = "Sign-ins of this browser";
pub(crate) const VERDICT: &str = "Verdict";
pub(crate) const CHECKS: &str = "Checks";
pub(crate) const SEQUENCE: &str = "Sequence";
pub(crate) const WATERFALL: &str = "Where the time went";
pub(crate) const WATERFALL_NOTE: &str =
    "The hatched bar is the time at {provider}. It is drawn shorter than it was.";
pub(crate) const HOW_TO_FIX: &str = "Likely causes, and how to fix each";
pub(crate) const FAILED_AT: &str = "Failed at step {n}, {step}";
pub(crate) const AWAY: &str = "Person at {provider}";
pub(crate) const CALLS: &str = "Calls to {provider}";
pub(crate) const OURS: &str = "{app} itself";
pub(crate) const STEPS_DONE: &str = "Steps done";
pub(crate) const STEPS_OF: &str = "{n} of 8";
pub(crate) const RAW: &str = "As curl, without secrets";
pub(crate) const COPY: &str = "Copy";
pub(crate) const HEADERS: &str = "Headers";
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const NO_ANSWER: &str = "No answer could be read.";
pub(crate) const REQUEST: &str = "Request";
pub(crate) const ID_TOKEN_HEADER: &str = "Header of the ID token";
pub(crate) const ID_TOKEN_CLAIMS: &str = "Claims of the ID token";
pub(crate) const USERINFO_CLAIMS: &str = "Claims of userinfo";
pub(crate) const DIFFER: &str = "The ID token and userinfo differ here.";
pub(crate) const NAME: &str = "Name";
pub(crate) const VALUE: &str = "Value";
pub(crate) const WHY: &str = "Why";
pub(crate) const SOURCE: &str = "Source";
pub(crate) const EXPECTED: &str = "expected ";
pub(crate) const EQUAL: &str = "equal to what was expected";
pub(crate) const UNEQUAL: &str = "not what was expected";
pub(crate) const REMOVED: &str = "removed on the server · ";
pub(crate) const UNKNOWN_WHY: &str = "An extension that this application does not use.";
pub(crate) const STEP: &str = "Step";
pub(crate) const START: &str = "Start";
pub(crate) const DURATION: &str = "Duration";
pub(crate) const WHO: &str = "Who";
pub(crate) const BAR: &str = "Bar";
pub(crate) const NOT_MEASURED: &str = "–";
pub(crate) const BREAK_IT: &str = "Break it on purpose";
pub(crate) const BREAK_LEAD: &str = "The development provider fails on demand. Arm a fault on its switchboard, come back and run a sign-in that…";
pub(crate) const ARM: &str = "Open the switchboard";
pub(crate) const EXPECT: &str = "Expect {page}.";

/// How an attempt stands, in the fewest words.
pub(crate) const fn status(status: TraceStatus) -> &'static str {
    match status {
        TraceStatus::Running => "Running",
        TraceStatus::SignedIn => "Signed in",
        TraceStatus::Failed { .. } => "Failed",
        TraceStatus::Cancelled => "Cancelled",
        TraceStatus::Expired => "Expired",
    }
}

/// What that means, where the verdict alone does not say it.
pub(crate) const fn status_means(status: TraceStatus) -> Option<&'static str> {
    match status {
        TraceStatus::Running => {
            Some("This sign-in is not back yet. Its steps appear here as they happen.")
        }
        TraceStatus::Cancelled => {
            Some("The person chose not to go on. That is an outcome, not an error.")
        }
        TraceStatus::Expired => {
            Some("Nobody came back within ten minutes, so the attempt is over.")
        }
        TraceStatus::SignedIn | TraceStatus::Failed { .. } => None,
    }
}

/// The name of a step.
pub(crate) const fn step(name: StepName) -> &'static str {
    match name {
        StepName::Discovery => "Discovery",
        StepName::Proof => "PKCE",
        StepName::Authorization => "Authorization request",
        StepName::AtProvider => "At {provider}",
        StepName::Callback => "Callback",
        StepName::Token => "Tokens and ID token",
        StepName::Userinfo => "Userinfo",
        StepName::Session => "Session",
    }
}

/// What a step is for, in one sentence.
pub(crate) const fn step_means(name: StepName) -> &'static str {
    match name {
        StepName::Discovery => {
            "{app} reads where {provider}'s endpoints are; what it knows already it does not fetch again."
        }
        StepName::Proof => {
            "The browser makes a secret, the verifier, and shows only its hash, the challenge."
        }
        StepName::Authorization => {
            "The browser goes to {provider} with what {app} asks for. No secret is among it."
        }
        StepName::AtProvider => "The person signs in at {provider}. {app} sees none of it.",
        StepName::Callback => {
            "{provider} sends the browser back, and {app} checks that the answer belongs to this attempt."
        }
        StepName::Token => {
            "The server exchanges the code and the verifier for tokens, then checks the ID token."
        }
        StepName::Userinfo => {
            "The server asks who signed in. It has to be the person of the ID token."
        }
        StepName::Session => {
            "A new session begins. The browser gets its id in a cookie that no script can read."
        }
    }
}

/// How a step stands.
pub(crate) const fn progress(progress: Progress) -> &'static str {
    match progress {
        Progress::Waiting => "Waiting",
        Progress::Done => "Done",
        Progress::Failed => "Failed",
        Progress::NotReached => "Not reached",
    }
}

/// What came of a check.
pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Absent => "absent",
        Verdict::NotReached => "not reached",
    }
}

/// The name of a check, and what it is about.
pub(crate) const fn check(name: CheckName) -> &'static str {
    match name {
        CheckName::State => "state",
        CheckName::Lifetime => "lifetime",
        CheckName::Issuer => "iss of the answer",
        CheckName::S256 => "S256",
        CheckName::Once => "used once",
        CheckName::Signature => "signature",
        CheckName::IdTokenIssuer => "iss",
        CheckName::Audience => "aud",
        CheckName::Nonce => "nonce",
        CheckName::Times => "times",
        CheckName::Subject => "sub",
        CheckName::AtHash => "at_hash",
        CheckName::SameSubject => "same sub",
        CheckName::RefreshToken => "refresh token",
    }
}

/// The step in which something is checked.
pub(crate) const fn checked_in(name: CheckName) -> StepName {
    match name {
        CheckName::State
        | CheckName::Lifetime
        | CheckName::Issuer
        | CheckName::S256
        | CheckName::Once => StepName::Callback,
        CheckName::Signature
        | CheckName::IdTokenIssuer
        | CheckName::Audience
        | CheckName::Nonce
        | CheckName::Times
        | CheckName::Subject
        | CheckName::AtHash
        | CheckName::RefreshToken => StepName::Token,
        CheckName::SameSubject => StepName::Userinfo,
    }
}

/// Who takes part.
pub(crate) const fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Browser => BROWSER,
        Lane::App => "{app}",
        Lane::Provider => "{provider}",
    }
}

/// Faults of the development provider: its name, the rest of "a sign-in that…", the code it ends in.
pub(crate) const FAULTS: [(&str, &str, &str); 12] = [
    ("denied", "is denied by the person", "cancelled"),
    (
        "wrong-state",
        "comes back with a state of nobody",
        "state-unmatched",
    ),
    (
        "invalid_scope",
        "asks for a scope that is refused",
        "scope-refused",
    ),
    (
        "server_error",
        "meets a server error before it comes back",
        "provider-fault",
    ),
    (
        "wrong-issuer",
        "is answered by another issuer",
        "wrong-issuer",
    ),
    (
        "token-invalid-grant",
        "brings a code that is refused",
        "code-expired",
    ),
    (
        "token-500",
        "meets a server error at the token endpoint",
        "provider-fault",
    ),
    (
        "id-token-expired",
        "brings an ID token that is over",
        "clock-skew",
    ),
    (
        "id-token-wrong-nonce",
        "brings an ID token of another attempt",
        "id-untrusted",
    ),
    (
        "userinfo-500",
        "meets a server error at userinfo",
        "provider-fault",
    ),
    (
        "token-slow",
        "is slow at the token endpoint",
        "provider-timeout",
    ),
    (
        "userinfo-other-sub",
        "gets the profile of somebody else",
        "subject-mismatch",
    ),
];
