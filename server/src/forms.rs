//! Plain form posts: they work before hydration and without WebAssembly, and each ends in a redirect.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{page_data::Notice, routes};
use wrengate_backend::{Reference, session::Lookup, sign_in::SignInError};
use wrengate_protocol::Failure;

use crate::{
    inspector,
    layers::page::{self, Visitor},
    router::AppState,
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
    let visitor = Visitor::read(&state.services, &headers);
    let sign_out = &state.services.sign_out;
    let ended = async {
        match &visitor.session {
            Some(id) if everywhere => sign_out.everywhere(id, reference.as_str()).await,
            Some(id) => sign_out.here(id, reference.as_str()).await,
            None => Ok(()),
        }
    };
    if let Err(error) = ended.await {
        return problem(&state, &reference, &SignInError::Store(error));
    }
    inspector::forget(&state, &headers);
    let to = if everywhere {
        format!("{}?where=everywhere", routes::SIGNED_OUT)
    } else {
        routes::SIGNED_OUT.to_owned()
    };
    let mut response = Redirect::to(&to).into_response();
    page::clear_session_cookie(&state.services, &mut response);
    response
}

/// `POST /profile/refresh`: asks the provider for the profile again.
pub(crate) async fn refresh_profile(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    headers: HeaderMap,
) -> Response {
    let operator = &state.services.operator;
    let visitor = Visitor::read(&state.services, &headers);
    let session = match visitor.look_up(&state.services).await {
        Ok(Lookup::Active(session)) => session,
        Ok(Lookup::Ended(failure)) => {
            operator.log_plain_failure(reference.as_str(), failure);
            return Redirect::to(&routes::problem(failure)).into_response();
        }
        Ok(Lookup::Absent) => {
            operator.log_plain_failure(reference.as_str(), Failure::SessionExpired);
            return Redirect::to(routes::ACCOUNT).into_response();
        }
        Err(error) => return problem(&state, &reference, &SignInError::Store(error)),
    };
    match state.services.sign_in.refresh_profile(&session).await {
        Ok(()) => {
            let redirect = Redirect::to(routes::ACCOUNT);
            with_notice(&state, redirect, &Notice::ProfileUpdated)
        }
        Err(error) => problem(&state, &reference, &error),
    }
}

/// The page of a failure. The reference rides in a one-time cookie, so that the page can show it.
fn problem(state: &AppState, reference: &Reference, error: &SignInError) -> Response {
    state
        .services
        .operator
        .log_failure(reference.as_str(), error);
    let notice = Notice::Reference(reference.as_str().to_owned());
    with_notice(
        state,
        Redirect::to(&routes::problem(error.failure())),
        &notice,
    )
}

fn with_notice(state: &AppState, redirect: Redirect, notice: &Notice) -> Response {
    let mut response = redirect.into_response();
    response.headers_mut().append(
        header::SET_COOKIE,
        page::notice_cookie(&state.services, Some(notice)),
    );
    response
}
