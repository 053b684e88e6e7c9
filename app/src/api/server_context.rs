//! Where the server functions meet the server: services, cookies, status, the one log line of a failure.

use axum::http::{
    HeaderValue, StatusCode,
    header::{COOKIE, RETRY_AFTER, SET_COOKIE, USER_AGENT},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use wrengate_backend::{
    Reference, Services,
    cookies::CookieKind,
    inspector,
    session::{Activity, Lookup, SessionId},
    sign_in::{Presented, SignInError},
};
use wrengate_protocol::{
    Failure, Secret, attempt,
    messages::{BeginSignIn, Begun, CompleteSignIn, Completion, CompletionRefused, Problem},
    profile::Profile,
    step::Step,
};

use super::error::ApiError;

/// How much of what a browser calls itself is kept, in characters: the name of any real one fits.
const LONGEST_USER_AGENT: usize = 256;

/// One call: what came with it and what goes back beside the body.
struct Call {
    services: Services,
    parts: Parts,
    response: ResponseOptions,
    reference: Reference,
}

impl Call {
    fn from_context() -> Result<Self, ApiError> {
        let call = || {
            let parts = use_context::<Parts>()?;
            let reference = parts.extensions.get::<Reference>()?.clone();
            Some(Self {
                services: use_context()?,
                response: use_context()?,
                parts,
                reference,
            })
        };
        call().ok_or_else(|| ApiError(Problem::new(Failure::Unexpected, String::new())))
    }

    fn secure(&self) -> bool {
        self.services.config.http.public_origin.is_https()
    }

    fn cookie(&self, kind: CookieKind) -> Option<Secret<String>> {
        let headers = self.parts.headers.get_all(COOKIE).iter();
        kind.read(
            self.secure(),
            headers.filter_map(|value| value.to_str().ok()),
        )
    }

    fn presented(&self) -> Presented {
        Presented {
            attempt: self.cookie(CookieKind::Attempt),
            inspector: self.cookie(CookieKind::Inspector),
            session: self
                .cookie(CookieKind::Session)
                .as_ref()
                .and_then(SessionId::parse),
            user_agent: self.user_agent(),
        }
    }

    /// What the browser calls itself, without what no browser writes.
    fn user_agent(&self) -> Option<String> {
        let said = self.parts.headers.get(USER_AGENT)?.to_str().ok()?;
        Some(said.chars().take(LONGEST_USER_AGENT).collect())
    }

    fn set_cookie(&self, cookie: &str) {
        // Names, base64url values and attributes are all visible ASCII.
        if let Ok(value) = HeaderValue::from_str(cookie) {
            self.response.append_header(SET_COOKIE, value);
        }
    }

    fn fail(&self, problem: Problem) -> ApiError {
        let status = problem
            .failure
            .map_or(Some(400), Failure::status)
            .unwrap_or(500);
        self.response
            .set_status(StatusCode::from_u16(status).unwrap_or_default());
        if let Some(seconds) = problem.retry_after {
            self.response
                .insert_header(RETRY_AFTER, HeaderValue::from(seconds));
        }
        ApiError(problem)
    }

    fn refuse_sign_in(&self, during: Step, error: &SignInError) -> ApiError {
        let operator = &self.services.operator;
        operator.sign_in_failed(self.reference.as_str(), during, error);
        self.fail(error.problem(self.reference.as_str()))
    }
}

pub(super) async fn begin(message: BeginSignIn) -> Result<Begun, ApiError> {
    let call = Call::from_context()?;
    let request = message.check().map_err(|error| {
        let operator = &call.services.operator;
        operator.log_refusal(call.reference.as_str(), &error);
        call.fail(Problem {
            failure: None,
            ..Problem::new(Failure::Unexpected, call.reference.as_str())
        })
    })?;
    let mut presented = call.presented();
    let inspector = &call.services.inspector;
    presented.inspector = inspector.cookie(presented.inspector.as_ref());
    if let Some(cookie) = &presented.inspector {
        call.set_cookie(&CookieKind::Inspector.set(call.secure(), cookie, inspector::COOKIE));
    }
    let begun = call.services.sign_in.begin(request, &presented).await;
    let begun = begun.map_err(|error| call.refuse_sign_in(Step::Register, &error))?;
    let cookie = CookieKind::Attempt.set(call.secure(), &begun.attempt_cookie, attempt::LIFETIME);
    call.set_cookie(&cookie);
    Ok(Begun {
        authorization_url: begun.authorization_url.into(),
    })
}

pub(super) async fn complete(message: CompleteSignIn) -> Result<Completion, ApiError> {
    let call = Call::from_context()?;
    let reference = call.reference.as_str();
    let operator = &call.services.operator;
    let request = message.check().map_err(|refused| match refused {
        CompletionRefused::Failure(failure) => {
            operator.sign_in_refused(reference, Step::Submit, failure);
            let inspector = call.cookie(CookieKind::Inspector);
            let traces = &call.services.inspector;
            traces.refused(inspector.as_ref(), Step::Submit, failure);
            call.fail(Problem::new(failure, reference))
        }
        CompletionRefused::NotOurMessage(error) => {
            operator.log_refusal(reference, &error);
            call.fail(Problem {
                failure: None,
                ..Problem::new(Failure::Unexpected, reference)
            })
        }
    })?;
    let completed = call
        .services
        .sign_in
        .complete(request, call.presented(), reference)
        .await;
    let completed = completed.map_err(|error| call.refuse_sign_in(Step::FindAttempt, &error))?;
    if let Some(id) = &completed.session {
        let max_age = call.services.sessions.lifetimes().absolute;
        call.set_cookie(&CookieKind::Session.set(call.secure(), id.secret(), max_age));
    }
    if completed.attempt_cookie_done {
        call.set_cookie(&CookieKind::Attempt.clear(call.secure()));
    }
    Ok(completed.completion)
}

pub(super) async fn session() -> Result<Profile, ApiError> {
    let call = Call::from_context()?;
    let found = match call.presented().session {
        Some(id) => call.services.sessions.look_up(&id, Activity::Poll).await,
        None => Ok(Lookup::Absent),
    };
    match found {
        Ok(Lookup::Active(session)) => Ok(session.profile),
        Ok(ended) => {
            // A cookie that is worth nothing is taken back.
            if call.cookie(CookieKind::Session).is_some() {
                call.set_cookie(&CookieKind::Session.clear(call.secure()));
            }
            let failure = match ended {
                Lookup::Ended(failure) => failure,
                Lookup::Active(_) | Lookup::Absent => Failure::SessionExpired,
            };
            let operator = &call.services.operator;
            operator.log_plain_failure(call.reference.as_str(), failure);
            Err(call.fail(Problem::new(failure, call.reference.as_str())))
        }
        Err(error) => {
            let error = SignInError::Store(error);
            let reference = call.reference.as_str();
            call.services.operator.log_failure(reference, &error);
            Err(call.fail(error.problem(reference)))
        }
    }
}
