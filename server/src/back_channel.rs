//! `POST /backchannel-logout`: the provider says that somebody left (OpenID Connect Back-Channel Logout,
//! section 2.5).

use axum::{
    Extension, Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use wrengate_backend::{Reference, provider::LogoutRefused, sign_out::BackChannelError};
use wrengate_protocol::Secret;

use crate::{
    layers::{
        body,
        client_address::ClientAddress,
        rate_limit::{self, Kind},
    },
    plain::Looks,
    router::AppState,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// 200 when the token is good, whether or not it ended a session; 400 when it is not, 404 where none can
/// be checked (plain OAuth), 503 when nobody can say or do anything now and the provider may try again.
///
/// # Security
/// Servers call this, and not browsers: no cookie is read, and there is no `Origin` to look at. The
/// token's signature is all there is, and no answer says what was wrong with it.
pub(crate) async fn log_out(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(client): Extension<ClientAddress>,
    request: Request,
) -> Response {
    let operator = &state.services.operator;
    if let Err(seconds) = state.limits.check(Kind::Api, client) {
        let looks = Looks::of(&state, request.headers());
        return rate_limit::too_many(&state, &looks, &reference, seconds);
    }
    let (parts, body) = request.into_parts();
    let refuse = |status: StatusCode| {
        operator.log_refused_request(reference.as_str(), status.as_u16());
        answer(status, "invalid_request")
    };
    let is_form = parts.headers.get(CONTENT_TYPE).is_some_and(is_form);
    let body = match body::read(&parts.headers, body).await {
        Ok(body) => body,
        Err(status) => return body::close(refuse(status)),
    };
    let Some(token) = is_form.then(|| logout_token(&body)).flatten() else {
        return refuse(StatusCode::BAD_REQUEST);
    };
    let sign_out = &state.services.sign_out;
    match sign_out.by_provider(&token, reference.as_str()).await {
        Ok(ended) => {
            tracing::info!(
                reference = reference.as_str(),
                ended,
                "the provider signed somebody out"
            );
            StatusCode::OK.into_response()
        }
        Err(error) => {
            operator.logout_refused(reference.as_str(), &error);
            match error {
                BackChannelError::Refused(LogoutRefused::Unsupported) => {
                    answer(StatusCode::NOT_FOUND, "invalid_request")
                }
                BackChannelError::Refused(LogoutRefused::Untrue(_))
                | BackChannelError::Replayed => answer(StatusCode::BAD_REQUEST, "invalid_request"),
                BackChannelError::Refused(LogoutRefused::Unknown(_))
                | BackChannelError::Store(_) => {
                    answer(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
                }
            }
        }
    }
}

/// As OAuth says errors (RFC 6749, section 5.2), without details.
fn answer(status: StatusCode, error: &'static str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn is_form(content_type: &HeaderValue) -> bool {
    let kind = content_type.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(FORM)
}

/// The one `logout_token` of a form.
fn logout_token(body: &[u8]) -> Option<Secret<String>> {
    let mut tokens = form_urlencoded::parse(body)
        .filter(|(name, _)| name == "logout_token")
        .map(|(_, token)| Secret::new(token.into_owned()));
    let token = tokens.next()?;
    tokens.next().is_none().then_some(token)
}
