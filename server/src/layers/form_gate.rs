//! The gate before plain form posts: the same origin rule, without the JSON rule.

use axum::{
    extract::{DefaultBodyLimit, Extension, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use wrengate_backend::{Reference, outcome};
use wrengate_protocol::Failure;

use super::origin;
use crate::{plain, router::AppState};

/// The largest form, in bytes.
pub(crate) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(16 * 1024)
}

/// Lets a form post of our own pages through, or answers it.
///
/// # Security
/// A form of another site can be posted without a preflight, so here `Origin` is all there is.
pub(crate) async fn check(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    request: Request,
    next: Next,
) -> Response {
    if origin::is_ours(request.headers(), &state.services.config.http.public_origin) {
        return next.run(request).await;
    }
    outcome::log_plain_failure(reference.as_str(), Failure::NotFromHere);
    plain::page(
        StatusCode::FORBIDDEN,
        "We couldn't tell where that came from",
        "The request didn't come from a page of this site, so nothing was changed. Open the page again and repeat it there.",
        &reference,
    )
}
