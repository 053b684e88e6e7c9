//! Answers that need no app: refusals, and what is left to say when everything else broke.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, Request, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use wrengate_backend::Reference;
use wrengate_protocol::{Failure, messages::Problem};

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

/// A page without the app. Static text and the reference only.
pub(crate) fn page(status: StatusCode, title: &str, body: &str, reference: &Reference) -> Response {
    let reference = reference.as_str();
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body><main><h1>{title}</h1><p>{body}</p><p><a href=\"/\">Back to start</a></p>\
         <p>Reference <code>{reference}</code></p></main></body></html>\n"
    );
    (status, Html(html)).into_response()
}

/// The fitting one of the two for a fault in our own code.
pub(crate) fn broken(is_api: bool, reference: &Reference) -> Response {
    if is_api {
        return api_problem(Problem::new(Failure::Unexpected, reference.as_str()));
    }
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something broke on our side",
        "It isn't your fault, and we've recorded it. Try again; if it keeps happening, send us the reference.",
        reference,
    )
}

/// The values of a header as text; values that are not visible ASCII are left out.
pub(crate) fn values<B>(request: &Request<B>, name: HeaderName) -> impl Iterator<Item = &str> {
    request
        .headers()
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}
