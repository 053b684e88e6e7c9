//! Step 9.1: the gate before `/api`. The handler is entered only by a JSON message of our own pages.

use axum::{
    body::Body,
    extract::{Extension, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{ACCEPT, ALLOW, CONTENT_TYPE, REFERER},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use wrengate_backend::{Reference, outcome::Operator};
use wrengate_protocol::{
    Failure,
    messages::{BeginSignIn, CompleteSignIn, Problem, SavePreferences},
};

use super::{body, origin};
use crate::{
    layers::{client_address::ClientAddress, rate_limit::Kind},
    plain,
    router::AppState,
};

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The server functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Begin,
    Complete,
    Session,
    RefreshProfile,
    StaySignedIn,
    SavePreferences,
}

impl Endpoint {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/api/begin_sign_in" => Some(Self::Begin),
            "/api/complete_sign_in" => Some(Self::Complete),
            "/api/session" => Some(Self::Session),
            "/api/refresh_profile" => Some(Self::RefreshProfile),
            "/api/stay_signed_in" => Some(Self::StaySignedIn),
            "/api/save_preferences" => Some(Self::SavePreferences),
            _ => None,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Begin => Kind::Begin,
            Self::Complete => Kind::Complete,
            Self::Session | Self::StaySignedIn | Self::SavePreferences | Self::RefreshProfile => {
                Kind::Api
            }
        }
    }

    /// Whether a body is exactly one message of this endpoint: no unknown field, none twice.
    fn reads(self, body: &[u8]) -> bool {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        // Without this, an array of the fields in their order would do as well.
        let is_object = body.trim_ascii_start().starts_with(b"{");
        match self {
            Self::Begin => is_object && serde_json::from_slice::<BeginSignIn>(body).is_ok(),
            Self::Complete => is_object && serde_json::from_slice::<CompleteSignIn>(body).is_ok(),
            Self::Session | Self::StaySignedIn | Self::RefreshProfile => {
                is_object && serde_json::from_slice::<Nothing>(body).is_ok()
            }
            Self::SavePreferences => {
                is_object && serde_json::from_slice::<SavePreferences>(body).is_ok()
            }
        }
    }
}

/// Lets a request through, or answers it.
///
/// # Security
/// The content type makes a cross-site request need a preflight, which is refused; the origin is
/// checked as well. `Accept` is set, because the framework would redirect a request for HTML to its
/// `Referer` with the error in the address.
pub(crate) async fn check(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(client): Extension<ClientAddress>,
    request: Request,
    next: Next,
) -> Response {
    let operator = &state.services.operator;
    if request.method() != Method::POST {
        let mut response = refuse(operator, StatusCode::METHOD_NOT_ALLOWED, &reference);
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let Some(endpoint) = Endpoint::of(request.uri().path()) else {
        return refuse(operator, StatusCode::NOT_FOUND, &reference);
    };
    let headers = request.headers();
    let from_here = origin::is_ours(headers, &state.services.config.http.public_origin)
        && origin::is_or_absent(headers, &SEC_FETCH_MODE, &["cors", "same-origin"])
        && origin::is_or_absent(headers, &SEC_FETCH_DEST, &["empty"]);
    if !from_here {
        operator.request_refused(reference.as_str(), Failure::NotFromHere);
        return plain::api_problem(Problem::new(Failure::NotFromHere, reference.as_str()));
    }
    if !is_json(headers) {
        return refuse(operator, StatusCode::UNSUPPORTED_MEDIA_TYPE, &reference);
    }
    if let Err(seconds) = state.limits.check(endpoint.kind(), client) {
        operator.request_refused(reference.as_str(), Failure::TooMany);
        let problem = Problem::new(Failure::TooMany, reference.as_str());
        return plain::api_problem(Problem {
            retry_after: Some(seconds),
            ..problem
        });
    }
    let (mut parts, body) = request.into_parts();
    let body = match body::read(&parts.headers, body).await {
        Ok(body) => body,
        Err(status) => return body::close(refuse(operator, status, &reference)),
    };
    if !endpoint.reads(&body) {
        return refuse(operator, StatusCode::BAD_REQUEST, &reference);
    }
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    parts.headers.remove(REFERER);
    next.run(Request::from_parts(parts, Body::from(body)))
        .await
        .into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let json = types
        .next()
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            let kind = value.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        });
    json && types.next().is_none()
}

/// Refuses what our own pages cannot send; the reference also stands in the log.
fn refuse(operator: &Operator, status: StatusCode, reference: &Reference) -> Response {
    operator.log_refused_request(reference.as_str(), status.as_u16());
    plain::api_refusal(status, reference)
}
