//! Plain form posts: they work before hydration and without WebAssembly, and each ends in a redirect.

use axum::{
    Extension, Form,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{page_data::Notice, routes};
use wrengate_backend::{Reference, session::Lookup, sign_in::SignInError, sign_out::SignedOut};
use wrengate_protocol::Failure;

use crate::{
    farewell::{AtProvider, Outcome},
    layers::page::{self, Visitor},
    router::AppState,
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
    let visitor = Visitor::read(&state.services, &headers);
    let sign_out = &state.services.sign_out;
    let ended = async {
        match &visitor.session {
            Some(id) if everywhere => sign_out.everywhere(id, reference.as_str()).await,
            Some(id) => sign_out.here(id, reference.as_str()).await,
            None => Ok(None),
        }
    };
    let ended = match ended.await {
        Ok(ended) => ended,
        Err(error) => return problem(&state, &reference, &SignInError::Store(error)),
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
    page::clear_session_cookie(&state.services, &mut response);
    if let Some(outcome) = left {
        let cookie = outcome.cookie(&state.services);
        response.headers_mut().append(header::SET_COOKIE, cookie);
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
    let cookie = outcome.cookie(services);
    response.headers_mut().append(header::SET_COOKIE, cookie);
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
