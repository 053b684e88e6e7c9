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
    guard::{self, Guard, Refused},
    inspector::{self, Network},
    preferences,
    session::Session,
    sign_in::{Presented, SignInError},
};
use wrengate_protocol::{
    Failure, Secret, attempt,
    messages::{
        BeginSignIn, Begun, CompleteSignIn, Completion, CompletionRefused, NotOurMessage, Problem,
        RefreshedProfile, SavePreferences,
    },
    preferences::Preferences,
    session_ends::Present,
    state::State,
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

    fn cookie_headers(&self) -> impl Iterator<Item = &str> {
        let headers = self.parts.headers.get_all(COOKIE).iter();
        headers.filter_map(|value| value.to_str().ok())
    }

    fn cookie(&self, kind: CookieKind) -> Option<Secret<String>> {
        kind.read(self.secure(), self.cookie_headers())
    }

    fn presented(&self) -> Presented {
        Presented {
            attempt: self.cookie(CookieKind::Attempt),
            inspector: self.cookie(CookieKind::Inspector),
            network: self.parts.extensions.get::<Network>().map(|it| it.0),
            session: guard::presented(&self.services, self.cookie_headers()),
            user_agent: self.user_agent(),
        }
    }

    /// What the browser calls itself, without what no browser writes.
    fn user_agent(&self) -> Option<String> {
        let said = self.parts.headers.get(USER_AGENT)?.to_str().ok()?;
        Some(said.chars().take(LONGEST_USER_AGENT).collect())
    }

    /// Who is signed in, if the guard lets them in. A cookie that is worth nothing is taken back.
    async fn signed_in(&self, guard: Guard) -> Result<Box<Session>, ApiError> {
        let id = guard::presented(&self.services, self.cookie_headers());
        let refused = match guard.check(&self.services, id.as_ref()).await {
            Ok(session) => return Ok(session),
            Err(refused) => refused,
        };
        if id.is_some() && refused.ends_the_cookie() {
            self.set_cookie(&CookieKind::Session.clear(self.secure()));
        }
        let failure = refused.failure();
        let (operator, reference) = (&self.services.operator, self.reference.as_str());
        match refused {
            Refused::Store(error) => operator.log_failure(reference, &SignInError::Store(error)),
            _ => operator.log_plain_failure(reference, failure),
        }
        Err(self.fail(Problem::new(failure, reference)))
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

    /// Something failed while a session lasts, or ended it.
    fn refuse(&self, error: &SignInError) -> ApiError {
        if error.ends_session() {
            self.set_cookie(&CookieKind::Session.clear(self.secure()));
        }
        let reference = self.reference.as_str();
        self.services.operator.log_failure(reference, error);
        self.fail(error.problem(reference))
    }

    /// A message that our own pages cannot send.
    fn not_ours(&self, error: &NotOurMessage) -> ApiError {
        let reference = self.reference.as_str();
        self.services.operator.log_refusal(reference, error);
        self.fail(Problem {
            failure: None,
            ..Problem::new(Failure::Unexpected, reference)
        })
    }

    fn ended(&self, failure: Failure) -> ApiError {
        let reference = self.reference.as_str();
        self.services.operator.log_plain_failure(reference, failure);
        self.fail(Problem::new(failure, reference))
    }

    fn present(&self, session: &Session) -> Present {
        Present {
            profile: None,
            account: session.account_tag(),
            ends: self.services.sessions.ends(session),
        }
    }

    fn refuse_sign_in(&self, during: Step, error: &SignInError) -> ApiError {
        let operator = &self.services.operator;
        operator.sign_in_failed(self.reference.as_str(), during, error);
        self.fail(error.problem(self.reference.as_str()))
    }
}

pub(super) async fn begin(message: BeginSignIn) -> Result<Begun, ApiError> {
    let call = Call::from_context()?;
    let request = message.check().map_err(|error| call.not_ours(&error))?;
    let mut presented = call.presented();
    let inspector = &call.services.inspector;
    presented.inspector = inspector.cookie(presented.inspector.as_ref());
    let begun = call.services.sign_in.begin(request, &presented).await;
    // With the answer, so that a page that watches finds the new one when it comes back.
    if let Some(cookie) = inspector.renew(presented.inspector.as_ref()) {
        call.set_cookie(&CookieKind::Inspector.set(call.secure(), &cookie, inspector::COOKIE));
    }
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
    let state = State::parse(message.state.expose()).ok();
    let request = message.check().map_err(|refused| match refused {
        CompletionRefused::Failure(failure) => {
            operator.sign_in_refused(reference, Step::Submit, failure);
            let traces = &call.services.inspector;
            traces.refused(&call.presented(), state.as_ref(), failure, reference);
            call.fail(Problem::new(failure, reference))
        }
        CompletionRefused::NotOurMessage(error) => call.not_ours(&error),
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

pub(super) async fn session() -> Result<Present, ApiError> {
    let call = Call::from_context()?;
    let session = call.signed_in(Guard::signed_in().poll()).await?;
    Ok(Present {
        profile: Some(session.profile.clone()),
        ..call.present(&session)
    })
}

pub(super) async fn stay_signed_in() -> Result<Present, ApiError> {
    let call = Call::from_context()?;
    let session = call.signed_in(Guard::signed_in()).await?;
    Ok(call.present(&session))
}

pub(super) async fn save_preferences(message: SavePreferences) -> Result<Present, ApiError> {
    let call = Call::from_context()?;
    let session = call.signed_in(Guard::signed_in()).await?;
    if session.account_tag() != message.account {
        // The page asks again who is signed in, and finds somebody else.
        return Err(call.ended(Failure::SessionExpired));
    }
    let chosen = Preferences::of_form(&message.call_me, &message.times)
        .map_err(|_| call.not_ours(&NotOurMessage("call_me")))?;
    let store = &*call.services.store;
    let kept = preferences::save(store, &session, &chosen, call.services.clock.now()).await;
    kept.map_err(|error| call.refuse(&SignInError::Store(error)))?;
    Ok(call.present(&session))
}

pub(super) async fn refresh_profile() -> Result<RefreshedProfile, ApiError> {
    let call = Call::from_context()?;
    let session = call.signed_in(Guard::signed_in()).await?;
    let refreshed = call.services.sign_in.refresh_profile(&session).await;
    let Session {
        profile, access, ..
    } = refreshed.map_err(|error| call.refuse(&error))?;
    Ok(RefreshedProfile { profile, access })
}
