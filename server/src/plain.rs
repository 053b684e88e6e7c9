//! Answers that need no app: refusals, and what is left to say when everything else broke.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use wrengate_app::{Plain, copy::languages::Language, display::Theme};
use wrengate_backend::Reference;
use wrengate_protocol::{Failure, messages::Problem};

use crate::{display, router::AppState};

/// A failed call of `/api`, as JSON with the status of its failure.
pub(crate) fn api_problem(problem: Problem) -> Response {
    let status = problem.failure.and_then(Failure::status).unwrap_or(500);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = problem.retry_after;
    let mut response = (status, Json(problem)).into_response();
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A refusal that our own pages cannot cause: a status and a reference.
pub(crate) fn api_refusal(status: StatusCode, reference: &Reference) -> Response {
    let problem = Problem {
        failure: None,
        ..Problem::new(Failure::Unexpected, reference.as_str())
    };
    (status, Json(problem)).into_response()
}

/// In what words and colours a browser gets a page without the app.
#[derive(Clone, Debug)]
pub(crate) struct Looks {
    language: Language,
    theme: Theme,
}

impl Looks {
    /// As the browser that sends these headers chose, or asks for.
    pub(crate) fn of(state: &AppState, headers: &HeaderMap) -> Self {
        Self {
            language: state.spoken.for_browser(headers).clone(),
            theme: display::theme(headers),
        }
    }

    /// A page without the app.
    pub(crate) fn page(
        &self,
        state: &AppState,
        status: StatusCode,
        plain: Plain,
        reference: &Reference,
    ) -> Response {
        let client = state.services.config.public_client();
        let html = plain.document(&self.language, self.theme, &client, reference.as_str());
        (status, Html(html)).into_response()
    }
}

/// The values of a header as text; values that are not visible ASCII are left out.
pub(crate) fn values<B>(request: &Request<B>, name: HeaderName) -> impl Iterator<Item = &str> {
    request
        .headers()
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}
