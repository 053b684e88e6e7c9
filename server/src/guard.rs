//! The guard before routes: who may come in, and where everybody else is sent.
//!
//! The judgement itself is [`Guard`], which server functions share. `docs/guards.md` has an example.

use std::sync::Arc;

use axum::{
    extract::{Extension, Request, State},
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
        uri::PathAndQuery,
    },
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use wrengate_app::{page_data::Notice, routes};
use wrengate_backend::{
    Reference, Services,
    cookies::CookieKind,
    guard::{self, Guard, Refused},
    session::{Session, SessionId},
    sign_in::SignInError,
};

use crate::notice;

/// What a route requires, for [`check`].
#[derive(Clone, Debug)]
pub struct Required {
    services: Services,
    guard: Guard,
    page: Option<&'static str>,
}

impl Required {
    /// Requires it of a route that is opened with `GET`. Whoever signs in comes back to it.
    #[must_use]
    pub fn of_page(services: &Services, guard: Guard) -> Self {
        Self {
            services: services.clone(),
            guard,
            page: None,
        }
    }

    /// Requires it of a form that stands on `page`, which is where whoever signs in comes back to:
    /// nothing is sent again by itself.
    #[must_use]
    pub fn of_form(services: &Services, guard: Guard, page: &'static str) -> Self {
        Self {
            page: Some(page),
            ..Self::of_page(services, guard)
        }
    }
}

/// Who was let in: an extension of every request behind the guard.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Arc<Session>);

/// Lets a request through with [`SignedIn`], or answers it. To be used with
/// [`from_fn_with_state`](axum::middleware::from_fn_with_state).
pub async fn check(
    State(required): State<Required>,
    Extension(reference): Extension<Reference>,
    mut request: Request,
    next: Next,
) -> Response {
    let services = &required.services;
    let id = presented(services, request.headers());
    match required.guard.check(services, id.as_ref()).await {
        Ok(session) => {
            request
                .extensions_mut()
                .insert(SignedIn(Arc::from(session)));
            next.run(request).await
        }
        Err(refused) => {
            let wanted = request.uri().path_and_query().map(PathAndQuery::as_str);
            let asked = match required.page {
                Some(page) => Asked::Form(page),
                None => Asked::Page(wanted.unwrap_or(routes::HOME)),
            };
            refuse(services, &reference, refused, asked, id.is_some())
        }
    }
}

/// What was asked for, and with it the place to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'a> {
    /// This path, with its query.
    Page(&'a str),
    /// A form that stands on this page.
    Form(&'a str),
}

/// Sends somebody who is not let in to where they can do something about it. A session cookie that is
/// worth nothing is taken back.
pub(crate) fn refuse(
    services: &Services,
    reference: &Reference,
    refused: Refused,
    asked: Asked<'_>,
    had_cookie: bool,
) -> Response {
    let operator = &services.operator;
    let failure = refused.failure();
    let nobody_at_a_page = matches!((&refused, asked), (Refused::Nobody, Asked::Page(_)));
    let takes_back = had_cookie && refused.ends_the_cookie();
    let (Asked::Page(place) | Asked::Form(place)) = asked;
    let to = match refused {
        Refused::Nobody if nobody_at_a_page => to_come_back(routes::HOME, place),
        Refused::Nobody => place.to_owned(),
        Refused::TooOld | Refused::NotGranted => to_come_back(&routes::problem(failure), place),
        Refused::Ended(_) | Refused::Store(_) => routes::problem(failure),
    };
    let mut response = Redirect::to(&to).into_response();
    if let Refused::Store(error) = refused {
        operator.log_failure(reference.as_str(), &SignInError::Store(error));
        let shown = Notice::Reference(reference.as_str().to_owned());
        notice::leave(services, &mut response, &shown.into());
    } else if !nobody_at_a_page {
        operator.log_plain_failure(reference.as_str(), failure);
    }
    if takes_back {
        clear_session_cookie(services, &mut response);
    }
    response
}

/// A page of ours that leads back to a place after a sign-in.
fn to_come_back(page: &str, place: &str) -> String {
    // As readable as it can stay.
    let place = place.replace('%', "%25").replace('&', "%26");
    format!("{page}?return_to={}", place.replace('+', "%2B"))
}

/// The session id that a browser presents.
pub(crate) fn presented(services: &Services, headers: &HeaderMap) -> Option<SessionId> {
    let cookies = headers.get_all(COOKIE).into_iter();
    guard::presented(services, cookies.filter_map(|value| value.to_str().ok()))
}

/// Takes the session cookie back.
pub(crate) fn clear_session_cookie(services: &Services, response: &mut Response) {
    let secure = services.config.http.public_origin.is_https();
    // Names and attributes are all visible ASCII.
    if let Ok(cookie) = HeaderValue::from_str(&CookieKind::Session.clear(secure)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
