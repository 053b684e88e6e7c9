//! Plain form posts: they work before hydration and without WebAssembly, and each ends in a redirect.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{
    page_data::{EndedSessions, Notice},
    routes,
};
use wrengate_backend::{Reference, sign_in::SignInError, store::StoreError};

use crate::{
    guard::{self, SignedIn},
    notice::{self, Told},
    router::AppState,
    session_list,
};

/// The fields of the sign-out form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SignOut {
    #[serde(default)]
    r#where: Option<Where>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Where {
    Here,
    Everywhere,
}

/// `POST /sign-out`: ends the session of this browser, or all of the person's.
///
/// A store that fails is said so: the person is still signed in then, and the cookie stays, so that
/// another try can end the session.
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    headers: HeaderMap,
    form: Result<Form<SignOut>, FormRejection>,
) -> Response {
    let everywhere = form.is_ok_and(|form| form.r#where == Some(Where::Everywhere));
    let id = guard::presented(&state.services, &headers);
    let sign_out = &state.services.sign_out;
    let ended = async {
        match &id {
            Some(id) if everywhere => sign_out.everywhere(id, reference.as_str()).await,
            Some(id) => sign_out.here(id, reference.as_str()).await,
            None => Ok(()),
        }
    };
    if let Err(error) = ended.await {
        return problem(&state, &reference, &SignInError::Store(error));
    }
    let to = if everywhere {
        format!("{}?where=everywhere", routes::SIGNED_OUT)
    } else {
        routes::SIGNED_OUT.to_owned()
    };
    let mut response = Redirect::to(&to).into_response();
    guard::clear_session_cookie(&state.services, &mut response);
    response
}

/// `POST /profile/refresh`: asks the provider for the profile again.
pub(crate) async fn refresh_profile(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(SignedIn(session)): Extension<SignedIn>,
) -> Response {
    match state.services.sign_in.refresh_profile(&session).await {
        Ok(()) => told_at(&state, routes::ACCOUNT, Notice::ProfileUpdated),
        Err(error) => problem(&state, &reference, &error),
    }
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
    let operator = &state.services.operator;
    operator.log_failure(reference.as_str(), error);
    let notice = Notice::Reference(reference.as_str().to_owned());
    told_at(state, &routes::problem(error.failure()), notice)
}

/// Leads to a page that tells what happened.
fn told_at(state: &AppState, page: &str, told: impl Into<Told>) -> Response {
    let mut response = Redirect::to(page).into_response();
    notice::leave(&state.services, &mut response, &told.into());
    response
}
