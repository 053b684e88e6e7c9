//! How an attempt ended: the verdict, the checks, the advice.

use tokio::time::Instant;
use wrengate_protocol::{
    Failure,
    discovery::MetadataError,
    step::Step,
    token::TokenResponse,
    trace::{
        CheckName, Lens, Origin, Progress, Row, Shown, StepName, TraceStatus, TraceStep,
        TraceValue, Verdict,
    },
};

use super::{
    Desk, Recorder,
    book::{Entry, close_steps},
};
use crate::{
    advice::{self, Known},
    config::Config,
    cookies::CookieKind,
    provider::{Leg, ProviderError},
    sign_in::{Begun, Completed, SignInError},
};

impl Recorder {
    /// Step 4 ended.
    pub fn begun(&self, result: &Result<Begun, SignInError>) {
        match result {
            Ok(_) => self.left(),
            Err(error) => self.failed(error, None, Step::Register),
        }
    }

    /// Step 9.6 came to these tokens.
    pub fn granted(&self, tokens: &TokenResponse) {
        let verdict = match tokens.refresh_token {
            Some(_) => Verdict::Passed,
            None => Verdict::Absent,
        };
        self.write(|entry, _, _| entry.judge(CheckName::RefreshToken, verdict));
    }

    /// Step 9 ended. Told again by a later call, it changes nothing.
    pub fn completed(&self, result: &Result<Completed, SignInError>, reference: &str) {
        match result {
            Ok(completed) if completed.completion.failure == Some(Failure::Cancelled) => {
                self.write(|entry, lens, desk| {
                    before_exchange(entry, None, true);
                    entry.view.reference = Some(Shown::ours(reference));
                    entry.view.advice = advise(&cancelled(), entry, lens, desk);
                    end(entry, TraceStatus::Cancelled, Some(StepName::AtProvider));
                });
            }
            Ok(_) => self.signed_in(),
            Err(error) => self.failed(error, Some(reference), Step::FindAttempt),
        }
    }

    fn signed_in(&self) {
        self.write(|entry, _, desk| {
            before_exchange(entry, None, false);
            after_exchange(entry, true);
            let at = entry.at(Instant::now());
            let userinfo = entry.step(StepName::Userinfo);
            let started = userinfo.start_ms.zip(userinfo.duration_ms);
            let started = started.map_or(at, |(start, duration)| start.saturating_add(duration));
            let step = entry.step(StepName::Session);
            step.start_ms = Some(started);
            step.duration_ms = Some(at.saturating_sub(started));
            step.rows.clone_from(&desk.settings.session);
            end(entry, TraceStatus::SignedIn, None);
        });
    }

    /// It failed, in the step of the error; `during` one that the error alone does not tell.
    fn failed(&self, error: &SignInError, reference: Option<&str>, during: Step) {
        self.write(|entry, lens, desk| {
            // Another call came first, and what came of it is here.
            if entry.closed && is_used(error) {
                return;
            }
            entry.closed |= closes(error);
            let failure = error.failure();
            let step = match bare(error) {
                SignInError::Deadline => hung(entry, failure),
                _ => error.step().unwrap_or(during),
            };
            let number = match provider_error(error).map(ProviderError::leg) {
                Some(Leg::Discovery) => StepName::Discovery,
                _ => StepName::of(step),
            };
            if entry.left.is_some() || step >= Step::FindAttempt || step == Step::AtProvider {
                let refused = matches!(bare(error), SignInError::Refused { .. });
                before_exchange(entry, Some(error), refused);
            }
            if step > Step::CheckIdToken {
                after_exchange(entry, step > Step::Userinfo);
            }
            if failure == Failure::SubjectMismatch {
                entry.judge(CheckName::SameSubject, Verdict::Failed);
            }
            entry.view.reference = reference.map(Shown::ours);
            entry.view.advice = advise(error, entry, lens, desk);
            let status = TraceStatus::Failed {
                at: step,
                number: number.number(),
                failure,
            };
            end(entry, status, Some(number));
        });
    }
}

/// Where a sign-in was when its time was over. The call that it waited for has that as its trouble.
fn hung(entry: &mut Entry, failure: Failure) -> Step {
    for (name, step) in [
        (StepName::Userinfo, Step::Userinfo),
        (StepName::Token, Step::Exchange),
    ] {
        let trace = entry.step(name);
        let Some(last) = trace.exchanges.last_mut() else {
            continue;
        };
        if last.response.is_none() && last.trouble.is_none() {
            last.trouble = Some(failure);
        }
        // Who it is was told, so it was the session.
        return if trace.claims.is_empty() {
            step
        } else {
            Step::OpenSession
        };
    }
    Step::Exchange
}

fn end(entry: &mut Entry, status: TraceStatus, failed: Option<StepName>) {
    let now = Instant::now();
    let at = entry.at(now);
    entry.view.status = status;
    entry.claims = Vec::new();
    entry.closed |= matches!(status, TraceStatus::SignedIn | TraceStatus::Cancelled);
    let step = entry.step(StepName::Callback);
    if let (Some(start), None) = (step.start_ms, step.duration_ms) {
        step.duration_ms = Some(at.saturating_sub(start));
    }
    match status {
        TraceStatus::Cancelled => {
            for step in &mut entry.view.steps {
                let later = step.name.number() > StepName::Callback.number();
                step.progress = if later {
                    Progress::NotReached
                } else {
                    Progress::Done
                };
            }
        }
        _ => close_steps(entry, failed),
    }
    entry.add_up(now);
}

/// Whether an attempt that failed so is over: whoever comes again is told the same, or that it is used.
fn closes(error: &SignInError) -> bool {
    is_used(error)
        || matches!(
            bare(error),
            SignInError::TooLong { .. }
                | SignInError::WrongIssuer { .. }
                | SignInError::Refused { .. }
        )
}

/// Whether it was over before this call.
fn is_used(error: &SignInError) -> bool {
    matches!(
        bare(error),
        SignInError::AlreadyUsed { .. } | SignInError::Told(_)
    )
}

/// The error itself, whichever attempt it is of.
fn bare(error: &SignInError) -> &SignInError {
    match error {
        SignInError::InAttempt { error, .. } => bare(error),
        _ => error,
    }
}

fn provider_error(error: &SignInError) -> Option<&ProviderError> {
    match bare(error) {
        SignInError::Provider(error) => Some(error),
        _ => None,
    }
}

/// The checks before anything is sent, by where it failed. `refused` stands for an answer without a
/// code, after which there is no proof to check.
fn before_exchange(entry: &mut Entry, error: Option<&SignInError>, refused: bool) {
    let failed_at = match error {
        _ if refused => Step::CheckProof,
        Some(error) => error.step().unwrap_or(Step::FindAttempt),
        None => Step::Arrive,
    };
    // An attempt that is too old is refused whoever began it, and its cookie is as old as it is.
    let began_here = entry.left.is_some();
    let is_ours = match error.map(bare) {
        Some(SignInError::StateUnmatched(_)) => false,
        Some(SignInError::TooLong { return_to }) => return_to.is_some() || began_here,
        _ => true,
    };
    if is_ours {
        // The attempt is known after all, to a process that did not see it begin.
        for row in &mut entry.step(StepName::Callback).rows {
            row.expected = None;
        }
    }
    let has_iss = has_row(entry.step(StepName::Callback), "iss");
    for (name, step) in [
        (CheckName::State, Step::FindAttempt),
        (CheckName::Lifetime, Step::FindAttempt),
        (CheckName::Issuer, Step::CheckIssuer),
        (CheckName::S256, Step::CheckProof),
        (CheckName::Once, Step::Consume),
    ] {
        let verdict = match step.cmp(&failed_at) {
            // Nothing of the answer was looked at but whose it is.
            _ if error.is_some_and(is_used) => match name {
                CheckName::State => Verdict::Passed,
                _ => at_fault(name, error, is_ours),
            },
            std::cmp::Ordering::Less if name == CheckName::Issuer && !has_iss => Verdict::Absent,
            std::cmp::Ordering::Less => Verdict::Passed,
            std::cmp::Ordering::Equal => at_fault(name, error, is_ours),
            std::cmp::Ordering::Greater => Verdict::NotReached,
        };
        entry.judge(name, verdict);
    }
}

/// Of the checks of the step that failed, which one it was.
fn at_fault(name: CheckName, error: Option<&SignInError>, is_ours: bool) -> Verdict {
    match (name, error.map(bare)) {
        (CheckName::State, Some(SignInError::StateUnmatched(_)))
        | (CheckName::Lifetime, Some(SignInError::TooLong { .. }))
        | (CheckName::Issuer, Some(SignInError::WrongIssuer { .. }))
        | (CheckName::S256, Some(SignInError::ProofMismatch))
        | (CheckName::Once, Some(SignInError::AlreadyUsed { .. })) => Verdict::Failed,
        (CheckName::State, Some(SignInError::TooLong { .. })) if is_ours => Verdict::Passed,
        _ => Verdict::NotReached,
    }
}

/// What the ID token and userinfo came to. `identified` says whether both were believed.
fn after_exchange(entry: &mut Entry, identified: bool) {
    let has_id_token = entry.step(StepName::Token).id_token.is_some();
    let has_claims = !entry.step(StepName::Userinfo).claims.is_empty();
    let same = match identified {
        false => Verdict::NotReached,
        true if has_id_token && has_claims => Verdict::Passed,
        // Without an ID token there is one subject, and with a profile that was kept back as well.
        true => Verdict::Absent,
    };
    entry.judge(CheckName::SameSubject, same);
    if !has_id_token {
        for name in [
            CheckName::Signature,
            CheckName::IdTokenIssuer,
            CheckName::Audience,
            CheckName::Nonce,
            CheckName::Times,
            CheckName::Subject,
            CheckName::AtHash,
        ] {
            entry.judge(name, Verdict::Absent);
        }
    }
}

fn has_row(step: &TraceStep, name: &str) -> bool {
    step.rows.iter().any(|row| row.name.as_str() == name)
}

fn cancelled() -> SignInError {
    SignInError::Refused {
        code: wrengate_protocol::provider_error::ErrorCode::parse("access_denied"),
        failure: Failure::Cancelled,
        provider_says: None,
    }
}

fn shown<'a>(rows: &'a [Row], name: &str) -> Option<&'a str> {
    let row = rows.iter().find(|row| row.name.as_str() == name)?;
    row.value.shown()
}

fn advise(error: &SignInError, entry: &mut Entry, lens: &Lens<'_>, desk: &Desk) -> Vec<Shown> {
    let text = |found: Option<&str>| found.map(str::to_owned);
    let expected_issuer = text(shown(&entry.step(StepName::Discovery).rows, "issuer"));
    // Before any metadata are known there are the settings.
    let expected_issuer = expected_issuer.or_else(|| desk.settings.issuer.clone());
    let found = provider_error(error).and_then(|error| match error {
        ProviderError::Metadata(MetadataError::Issuer { found, .. }) => Some(found),
        _ => None,
    });
    let found = found.map(|issuer| lens.row(Origin::Metadata, "issuer", issuer).value);
    let answered_issuer = text(shown(&entry.step(StepName::Callback).rows, "iss"));
    let token = entry.step(StepName::Token);
    let tries = token.exchanges.len();
    let claims = token.id_token.as_ref().map_or(&[][..], |it| &it.claims[..]);
    let known = Known {
        redirect_uri: &desk.settings.redirect_uri,
        client_id: &desk.settings.client_id,
        client_auth: desk.settings.client_auth,
        issuer: expected_issuer.as_deref(),
        answered_issuer: answered_issuer.as_deref(),
        found_issuer: found.as_ref().and_then(TraceValue::shown),
        token_issuer: shown(claims, "iss"),
        audience: shown(claims, "aud"),
        algorithm: token
            .id_token
            .as_ref()
            .and_then(|it| shown(&it.header, "alg")),
        tries,
    };
    let causes = advice::causes(bare(error), &known);
    causes.into_iter().map(Shown::ours).collect()
}

/// The session as a cookie: its attributes and how long it lasts, never its value.
pub(super) fn session_rows(config: &Config) -> Vec<Row> {
    let secure = config.http.public_origin.is_https();
    let lifetimes = config.session.lifetimes;
    let seconds = |duration: std::time::Duration| format!("{} s", duration.as_secs());
    [
        ("cookie", CookieKind::Session.name(secure).to_owned()),
        ("HttpOnly", "true".to_owned()),
        ("Secure", secure.to_string()),
        ("SameSite", "Lax".to_owned()),
        ("Path", "/".to_owned()),
        ("Max-Age", seconds(lifetimes.absolute)),
        ("idle", seconds(lifetimes.idle)),
        ("absolute", seconds(lifetimes.absolute)),
    ]
    .into_iter()
    .map(|(name, value)| Row::new(Shown::name(name), TraceValue::ours(value)))
    .collect()
}
