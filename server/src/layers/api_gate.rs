//! Step 9.1: the gate before `/api`. The handler is entered only by a JSON message of our own pages.

use std::{error::Error, net::SocketAddr, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Extension, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{ACCEPT, ALLOW, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, REFERER},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body_util::LengthLimitError;
use serde::{Deserialize, de::IgnoredAny};
use wrengate_backend::{Reference, outcome};
use wrengate_protocol::{
    Failure,
    messages::{BeginSignIn, CompleteSignIn, Problem},
};

use super::origin;
use crate::{layers::rate_limit::Kind, plain, router::AppState};

/// The largest message, in bytes: a code of 4096 and a verifier of 128 characters fit several times.
const LARGEST_BODY: usize = 16 * 1024;

/// How long a message may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The server functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Begin,
    Complete,
    Session,
}

impl Endpoint {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/api/begin_sign_in" => Some(Self::Begin),
            "/api/complete_sign_in" => Some(Self::Complete),
            "/api/session" => Some(Self::Session),
            _ => None,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Begin => Kind::Begin,
            Self::Complete => Kind::Complete,
            Self::Session => Kind::Api,
        }
    }

    /// Whether a body is exactly one message of this endpoint: no unknown field, none twice.
    fn reads(self, body: &[u8]) -> bool {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        match self {
            Self::Begin => serde_json::from_slice::<BeginSignIn>(body).is_ok(),
            Self::Complete => serde_json::from_slice::<CompleteSignIn>(body).is_ok(),
            // An empty struct arrives as `{}` or, from the generated client, as `null`.
            Self::Session => {
                serde_json::from_slice::<Nothing>(body).is_ok()
                    || serde_json::from_slice::<Option<IgnoredAny>>(body).is_ok_and(|v| v.is_none())
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
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        let mut response = plain::api_refusal(StatusCode::METHOD_NOT_ALLOWED, &reference);
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let Some(endpoint) = Endpoint::of(request.uri().path()) else {
        return plain::api_refusal(StatusCode::NOT_FOUND, &reference);
    };
    let headers = request.headers();
    let from_here = origin::is_ours(headers, &state.services.config.http.public_origin)
        && origin::is_or_absent(headers, &SEC_FETCH_MODE, &["cors", "same-origin"])
        && origin::is_or_absent(headers, &SEC_FETCH_DEST, &["empty"]);
    if !from_here {
        outcome::log_plain_failure(reference.as_str(), Failure::NotFromHere);
        return plain::api_problem(Problem::new(Failure::NotFromHere, reference.as_str()));
    }
    if !is_json(headers) {
        return plain::api_refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, &reference);
    }
    if let Err(seconds) = state.limits.check(endpoint.kind(), address.ip()) {
        outcome::log_plain_failure(reference.as_str(), Failure::TooMany);
        let problem = Problem::new(Failure::TooMany, reference.as_str());
        return plain::api_problem(Problem {
            retry_after: Some(seconds),
            ..problem
        });
    }
    let (mut parts, body) = request.into_parts();
    let body = match read(&parts.headers, body).await {
        Ok(body) => body,
        Err(status) => return close(plain::api_refusal(status, &reference)),
    };
    if !endpoint.reads(&body) {
        return plain::api_refusal(StatusCode::BAD_REQUEST, &reference);
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

/// Reads the body up to its limit, whether or not its length was announced.
async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, StatusCode> {
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > LARGEST_BODY) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY_DEADLINE, to_bytes(body, LARGEST_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error))
            if error
                .source()
                .is_some_and(<dyn Error>::is::<LengthLimitError>) =>
        {
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        }
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// The rest of the body will not be read, so the connection cannot be used again.
fn close(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
