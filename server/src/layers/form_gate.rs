//! The gate before plain form posts: the rules for origin and size, without the JSON rule.

use axum::{
    body::Body,
    extract::{Extension, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use wrengate_app::Plain;
use wrengate_backend::Reference;
use wrengate_protocol::Failure;

use super::{
    body,
    client_address::ClientAddress,
    origin,
    rate_limit::{self, Kind},
};
use crate::{plain::Looks, router::AppState};

/// Lets a form post of our own pages through, or answers it.
///
/// # Security
/// A form of another site can be posted without a preflight, so here `Origin` is all there is.
pub(crate) async fn check(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(client): Extension<ClientAddress>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        // Nothing stands behind the gate for it, so the router answers 405 and not that the request
        // came from elsewhere, which of an opened address is no news.
        return next.run(request).await;
    }
    let operator = &state.services.operator;
    let looks = Looks::of(&state, request.headers());
    if !origin::is_ours(request.headers(), &state.services.config.http.public_origin) {
        operator.request_refused(reference.as_str(), Failure::NotFromHere);
        return looks.page(
            &state,
            StatusCode::FORBIDDEN,
            Plain::NotFromHere,
            &reference,
        );
    }
    if let Err(seconds) = state.limits.check(Kind::Api, client) {
        return rate_limit::too_many(&state, &looks, &reference, seconds);
    }
    let (parts, body) = request.into_parts();
    match body::read(&parts.headers, body).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(status) => {
            operator.log_refused_request(reference.as_str(), status.as_u16());
            body::close(looks.page(&state, status, Plain::NotArrived, &reference))
        }
    }
}
