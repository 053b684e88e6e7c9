//! Plain form posts: they work before hydration and without WebAssembly, and each ends in a redirect.

use axum::{
    Extension, Form,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{
    page_data::{EndedSessions, Notice, Typed},
    routes,
};
use wrengate_backend::{
    Reference, preferences, sign_in::SignInError, sign_out::SignedOut, store::StoreError,
};
use wrengate_protocol::{
    Failure,
    preferences::{Preferences, Times},
};

use crate::{
    farewell::{AtProvider, Outcome},
    guard::{self, SignedIn},
    inspector,
    notice::{self, Told},
    router::AppState,
    session_list,
};

/// The fields of the sign-out form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignOut {
    #[serde(default)]
    r#where: Option<Where>,
    /// Ticked: at the provider too.
    #[serde(default)]
    provider: Option<Ticked>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Ticked {
    #[serde(rename = "on")]
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Where {
    Here,
    Everywhere,
}

/// `POST /sign-out`: ends the session of this browser, or all of the person's, and leads on to the
/// provider where that is wanted and can be.
///
/// A store that fails is said so: the person is still signed in then, and the cookie stays, so that
/// another try can end the session.
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    headers: HeaderMap,
    form: Result<Form<SignOut>, FormRejection>,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let everywhere = form.r#where == Some(Where::Everywhere);
    let id = guard::presented(&state.services, &headers);
    let sign_out = &state.services.sign_out;
    let ended = async {
        match &id {
            Some(id) if everywhere => sign_out.everywhere(id, reference.as_str()).await,
            Some(id) => sign_out.here(id, reference.as_str()).await,
            None => Ok(None),
        }
    };
    let ended = match ended.await {
        Ok(ended) => ended,
        Err(error) => {
            return problem_of(
                &state,
                &reference,
                &SignInError::Store(error),
                Notice::NotSignedOut,
            );
        }
    };
    // Who was not signed in is told nothing new: a second press must not wipe out what the first found.
    let left = ended.map(|SignedOut { access, ticket }| Outcome {
        everywhere,
        access,
        provider: ticket.map_or(AtProvider::Unknown, |ticket| {
            AtProvider::Ticket(ticket.expose().clone())
        }),
    });
    let to = match &left {
        Some(Outcome {
            provider: AtProvider::Ticket(ticket),
            ..
        }) if form.provider.is_some() => format!("{}?t={ticket}", routes::SIGN_OUT_NEXT),
        _ => routes::SIGNED_OUT.to_owned(),
    };
    let mut response = Redirect::to(&to).into_response();
    guard::clear_session_cookie(&state.services, &mut response);
    inspector::forget(&state, &headers, &mut response);
    if let Some(outcome) = left {
        outcome.leave(&state.services, &mut response);
    }
    response
}

/// The query of the way on to the provider.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Onward {
    #[serde(default)]
    t: Option<String>,
}

/// `GET /sign-out/next`: leads on to where the provider's own session ends, once for each ticket.
///
/// # Security
/// The ID token is in the address of this one redirect, after the session is gone, and no script sees it.
/// A ticket that is unknown, used or too old leads to `/signed-out` and does nothing else.
pub(crate) async fn sign_out_next(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    method: Method,
    headers: HeaderMap,
    query: Result<Query<Onward>, QueryRejection>,
) -> Response {
    if method != Method::GET {
        // A look at the headers alone must not use the ticket up.
        return StatusCode::NO_CONTENT.into_response();
    }
    let ticket = query.ok().and_then(|Query(query)| query.t);
    let services = &state.services;
    let onward = match services
        .sign_out
        .redeem(ticket.as_deref().unwrap_or_default())
        .await
    {
        Ok(onward) => onward,
        Err(error) => return problem(&state, &reference, &SignInError::Store(error)),
    };
    let Some(onward) = onward else {
        return Redirect::to(routes::SIGNED_OUT).into_response();
    };
    let outcome = Outcome {
        provider: AtProvider::State(onward.state),
        ..Outcome::read(services, &headers).unwrap_or_else(Outcome::unknown)
    };
    let mut response = Redirect::to(onward.to.expose()).into_response();
    outcome.leave(services, &mut response);
    response
}

/// `POST /profile/refresh`: asks the provider for the profile again.
pub(crate) async fn refresh_profile(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(SignedIn(session)): Extension<SignedIn>,
) -> Response {
    match state.services.sign_in.refresh_profile(&session).await {
        Ok(_) => told_at(&state, routes::ACCOUNT, Notice::ProfileUpdated),
        Err(error) if passes(error.failure()) && !error.ends_session() => {
            let operator = &state.services.operator;
            operator.log_failure(reference.as_str(), &error);
            let notice = Notice::NotRefreshed(reference.as_str().to_owned());
            told_at(&state, routes::ACCOUNT, notice)
        }
        Err(error) => {
            let mut response = problem(&state, &reference, &error);
            if error.ends_session() {
                guard::clear_session_cookie(&state.services, &mut response);
            }
            response
        }
    }
}

/// Whether a failure of the provider changes nothing of what is known, and is told beside that.
const fn passes(failure: Failure) -> bool {
    matches!(
        failure,
        Failure::ProviderFault
            | Failure::ProviderBusy
            | Failure::ProviderLimit
            | Failure::ProviderTimeout
            | Failure::ProviderUnreachable
            | Failure::AnswerUnreadable
            | Failure::AnswerLost
            | Failure::ProfileRefused
            | Failure::SubjectMismatch
    )
}

/// The fields of the preferences form.
#[derive(Default, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    call_me: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    account: String,
}

/// `POST /preferences`: keeps what the person chose.
///
/// # Security
/// A page that shows another account than the one that is signed in by now changes nothing.
pub(crate) async fn preferences(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let services = &state.services;
    let Form(choice) = form.unwrap_or_default();
    if choice.account != session.account_tag() {
        let failure = Failure::SessionExpired;
        let operator = &services.operator;
        operator.log_plain_failure(reference.as_str(), failure);
        return Redirect::to(&routes::problem(failure)).into_response();
    }
    let notice = match Preferences::of_form(&choice.call_me, &choice.times) {
        Ok(chosen) => {
            let store = &*services.store;
            let now = services.clock.now();
            if let Err(error) = preferences::save(store, &session, &chosen, now).await {
                return problem(&state, &reference, &SignInError::Store(error));
            }
            Notice::Saved
        }
        Err(reason) => {
            let times = Times::from_code(&choice.times).unwrap_or_default();
            let call_me = choice.call_me;
            Notice::NotSaved(reason, Typed { call_me, times })
        }
    };
    told_at(&state, routes::ACCOUNT, notice)
}

/// Which session to end.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct EndSession {
    #[serde(default)]
    key: String,
}

/// `POST /sessions/end`: signs another browser of the person out.
///
/// A key of somebody else's, and one that never was, end nothing and answer as if that browser had
/// been signed out before. This browser has its own way out, which takes its cookie back.
pub(crate) async fn end_session(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(SignedIn(session)): Extension<SignedIn>,
    form: Result<Form<EndSession>, FormRejection>,
) -> Response {
    let key = form.map_or_else(|_| String::new(), |Form(form)| form.key);
    if key == session.key {
        return told_at(&state, routes::SESSIONS, EndedSessions::ThisBrowser);
    }
    let services = &state.services;
    let ended = async {
        let name = session_list::name_of_other(services, &session, &key).await?;
        let sign_out = &services.sign_out;
        let ended = sign_out.one(&session, &key, reference.as_str()).await?;
        Ok(ended.then_some(name))
    };
    let ended = match ended.await {
        Ok(Some(name)) => EndedSessions::One(name),
        Ok(None) => EndedSessions::Before,
        Err(error) => EndedSessions::NotOne(not_ended(&state, &reference, error)),
    };
    told_at(&state, routes::SESSIONS, ended)
}

/// `POST /sessions/end-others`: signs every other browser of the person out.
pub(crate) async fn end_other_sessions(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(SignedIn(session)): Extension<SignedIn>,
) -> Response {
    let sign_out = &state.services.sign_out;
    let ended = match sign_out.others(&session, reference.as_str()).await {
        Ok(count) => EndedSessions::Others(u32::try_from(count).unwrap_or(u32::MAX)),
        Err(error) => EndedSessions::NotOthers(not_ended(&state, &reference, error)),
    };
    told_at(&state, routes::SESSIONS, ended)
}

/// The reference under which the log says why a session goes on.
fn not_ended(state: &AppState, reference: &Reference, error: StoreError) -> String {
    let operator = &state.services.operator;
    operator.log_failure(reference.as_str(), &SignInError::Store(error));
    reference.as_str().to_owned()
}

/// The page of a failure. The reference rides in a one-time cookie, so that the page can show it.
fn problem(state: &AppState, reference: &Reference, error: &SignInError) -> Response {
    problem_of(state, reference, error, Notice::Reference)
}

/// The same with another notice, which holds the reference.
fn problem_of(
    state: &AppState,
    reference: &Reference,
    error: &SignInError,
    notice: fn(String) -> Notice,
) -> Response {
    let operator = &state.services.operator;
    operator.log_failure(reference.as_str(), error);
    let notice = notice(reference.as_str().to_owned());
    told_at(state, &routes::problem(error.failure()), notice)
}

/// Leads to a page that tells what happened.
fn told_at(state: &AppState, page: &str, told: impl Into<Told>) -> Response {
    let mut response = Redirect::to(page).into_response();
    notice::leave(&state.services, &mut response, &told.into());
    response
}
