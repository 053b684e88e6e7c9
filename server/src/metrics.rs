//! `GET /metrics`, at an address of its own.

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use wrengate_backend::metrics::{CONTENT_TYPE, Metrics};

/// Builds the router. It shares no layer with the app's: no cookie, no session, no page.
pub(crate) fn router(metrics: Metrics) -> Router {
    Router::new().fallback(answer).with_state(metrics)
}

async fn answer(State(metrics): State<Metrics>, request: Request) -> Response {
    if request.method() != Method::GET || request.uri().path() != "/metrics" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, CONTENT_TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, metrics.exposition()).into_response()
}
