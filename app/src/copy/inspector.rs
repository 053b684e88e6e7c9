//! The sentences of the flow inspector, which the server alone draws.

use wrengate_protocol::{
    Failure,
    trace::{CheckName, Lane, Progress, StepName, TraceStatus, Verdict},
};

use super::Msg;
use crate::inspection::NO_FAULT;

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

/// Sign-ins at the development provider: the fault's name, the rest of "a sign-in that…", the code it has to
/// end in, or none where it has to go well.
pub(crate) const FAULTS: [(&str, Msg, Option<Failure>); 13] = [
    (NO_FAULT, Msg::InspectorFaultNone, None),
    (
        "denied",
        Msg::InspectorFaultDenied,
        Some(Failure::Cancelled),
    ),
    (
        "wrong-state",
        Msg::InspectorFaultWrongState,
        Some(Failure::StateUnmatched),
    ),
    (
        "invalid_scope",
        Msg::InspectorFaultInvalidScope,
        Some(Failure::ScopeRefused),
    ),
    (
        "server_error",
        Msg::InspectorFaultServerError,
        Some(Failure::ProviderFault),
    ),
    (
        "wrong-issuer",
        Msg::InspectorFaultWrongIssuer,
        Some(Failure::WrongIssuer),
    ),
    (
        "token-invalid-grant",
        Msg::InspectorFaultTokenInvalidGrant,
        Some(Failure::CodeExpired),
    ),
    (
        "token-500",
        Msg::InspectorFaultToken500,
        Some(Failure::ProviderFault),
    ),
    (
        "token-slow",
        Msg::InspectorFaultTokenSlow,
        Some(Failure::ProviderTimeout),
    ),
    (
        "id-token-expired",
        Msg::InspectorFaultIdTokenExpired,
        Some(Failure::ClockSkew),
    ),
    (
        "id-token-wrong-nonce",
        Msg::InspectorFaultIdTokenWrongNonce,
        Some(Failure::IdUntrusted),
    ),
    (
        "userinfo-500",
        Msg::InspectorFaultUserinfo500,
        Some(Failure::ProviderFault),
    ),
    (
        "userinfo-other-sub",
        Msg::InspectorFaultUserinfoOtherSub,
        Some(Failure::SubjectMismatch),
    ),
];

/// What to look at in a step, in one sentence.
pub(crate) const fn to_check(name: StepName) -> Msg {
    match name {
        StepName::Discovery => Msg::InspectorToCheckDiscovery,
        StepName::Proof => Msg::InspectorToCheckProof,
        StepName::Authorization => Msg::InspectorToCheckAuthorization,
        StepName::AtProvider => Msg::InspectorToCheckAtProvider,
        StepName::Callback => Msg::InspectorToCheckCallback,
        StepName::Token => Msg::InspectorToCheckToken,
        StepName::Userinfo => Msg::InspectorToCheckUserinfo,
        StepName::Session => Msg::InspectorToCheckSession,
    }
}
