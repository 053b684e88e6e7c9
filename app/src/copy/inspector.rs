//! The sentences of the flow inspector, which the server alone draws.

use wrengate_protocol::trace::{CheckName, Lane, Progress, StepName, TraceStatus, Verdict};

use super::Msg;

/// How an attempt stands, in the fewest words.
pub(crate) const fn status(status: TraceStatus) -> Msg {
    match status {
        TraceStatus::Running => Msg::InspectorStatusRunning,
        TraceStatus::SignedIn => Msg::InspectorStatusSignedIn,
        TraceStatus::Failed { .. } => Msg::InspectorStatusFailed,
        TraceStatus::Cancelled => Msg::InspectorStatusCancelled,
        TraceStatus::Expired => Msg::InspectorStatusExpired,
    }
}

/// What that means, where the verdict alone does not say it.
pub(crate) const fn status_means(status: TraceStatus) -> Option<Msg> {
    match status {
        TraceStatus::Running => Some(Msg::InspectorStatusMeansRunning),
        TraceStatus::Cancelled => Some(Msg::InspectorStatusMeansCancelled),
        TraceStatus::Expired => Some(Msg::InspectorStatusMeansExpired),
        TraceStatus::SignedIn | TraceStatus::Failed { .. } => None,
    }
}

/// The name of a step.
pub(crate) const fn step(name: StepName) -> Msg {
    match name {
        StepName::Discovery => Msg::InspectorStepDiscovery,
        StepName::Proof => Msg::InspectorStepProof,
        StepName::Authorization => Msg::InspectorStepAuthorization,
        StepName::AtProvider => Msg::InspectorStepAtProvider,
        StepName::Callback => Msg::InspectorStepCallback,
        StepName::Token => Msg::InspectorStepToken,
        StepName::Userinfo => Msg::InspectorStepUserinfo,
        StepName::Session => Msg::InspectorStepSession,
    }
}

/// What a step is for, in one sentence.
pub(crate) const fn step_means(name: StepName) -> Msg {
    match name {
        StepName::Discovery => Msg::InspectorStepMeansDiscovery,
        StepName::Proof => Msg::InspectorStepMeansProof,
        StepName::Authorization => Msg::InspectorStepMeansAuthorization,
        StepName::AtProvider => Msg::InspectorStepMeansAtProvider,
        StepName::Callback => Msg::InspectorStepMeansCallback,
        StepName::Token => Msg::InspectorStepMeansToken,
        StepName::Userinfo => Msg::InspectorStepMeansUserinfo,
        StepName::Session => Msg::InspectorStepMeansSession,
    }
}

/// How a step stands.
pub(crate) const fn progress(progress: Progress) -> Msg {
    match progress {
        Progress::Waiting => Msg::InspectorProgressWaiting,
        Progress::Done => Msg::InspectorProgressDone,
        Progress::Failed => Msg::InspectorProgressFailed,
        Progress::NotReached => Msg::InspectorProgressNotReached,
    }
}

/// What came of a check.
pub(crate) const fn verdict(verdict: Verdict) -> Msg {
    match verdict {
        Verdict::Passed => Msg::InspectorVerdictPassed,
        Verdict::Failed => Msg::InspectorVerdictFailed,
        Verdict::Absent => Msg::InspectorVerdictAbsent,
        Verdict::NotReached => Msg::InspectorVerdictNotReached,
    }
}

/// The name of a check, and what it is about.
pub(crate) const fn check(name: CheckName) -> Msg {
    match name {
        CheckName::State => Msg::InspectorCheckState,
        CheckName::Lifetime => Msg::InspectorCheckLifetime,
        CheckName::Issuer => Msg::InspectorCheckIssuer,
        CheckName::S256 => Msg::InspectorCheckS256,
        CheckName::Once => Msg::InspectorCheckOnce,
        CheckName::Signature => Msg::InspectorCheckSignature,
        CheckName::IdTokenIssuer => Msg::InspectorCheckIdTokenIssuer,
        CheckName::Audience => Msg::InspectorCheckAudience,
        CheckName::Nonce => Msg::InspectorCheckNonce,
        CheckName::Times => Msg::InspectorCheckTimes,
        CheckName::Subject => Msg::InspectorCheckSubject,
        CheckName::AtHash => Msg::InspectorCheckAtHash,
        CheckName::SameSubject => Msg::InspectorCheckSameSubject,
        CheckName::RefreshToken => Msg::InspectorCheckRefreshToken,
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
pub(crate) const fn lane(lane: Lane) -> Msg {
    match lane {
        Lane::Browser => Msg::Browser,
        Lane::App => Msg::InspectorLaneApp,
        Lane::Provider => Msg::InspectorLaneProvider,
    }
}

/// Faults of the development provider: its name, the rest of "a sign-in that…", the code it ends in.
pub(crate) const FAULTS: [(&str, Msg, &str); 12] = [
    ("denied", Msg::InspectorFaultDenied, "cancelled"),
    (
        "wrong-state",
        Msg::InspectorFaultWrongState,
        "state-unmatched",
    ),
    (
        "invalid_scope",
        Msg::InspectorFaultInvalidScope,
        "scope-refused",
    ),
    (
        "server_error",
        Msg::InspectorFaultServerError,
        "provider-fault",
    ),
    (
        "wrong-issuer",
        Msg::InspectorFaultWrongIssuer,
        "wrong-issuer",
    ),
    (
        "token-invalid-grant",
        Msg::InspectorFaultTokenInvalidGrant,
        "code-expired",
    ),
    ("token-500", Msg::InspectorFaultToken500, "provider-fault"),
    (
        "id-token-expired",
        Msg::InspectorFaultIdTokenExpired,
        "clock-skew",
    ),
    (
        "id-token-wrong-nonce",
        Msg::InspectorFaultIdTokenWrongNonce,
        "id-untrusted",
    ),
    (
        "userinfo-500",
        Msg::InspectorFaultUserinfo500,
        "provider-fault",
    ),
    (
        "token-slow",
        Msg::InspectorFaultTokenSlow,
        "provider-timeout",
    ),
    (
        "userinfo-other-sub",
        Msg::InspectorFaultUserinfoOtherSub,
        "subject-mismatch",
    ),
];
