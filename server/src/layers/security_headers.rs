//! The headers that stand on every response.

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
            VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};
use leptos::nonce::Nonce;
use wrengate_app::routes;
use wrengate_backend::Services;

use crate::router::AppState;

const CROSS_ORIGIN_OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// What no page of ours needs.
const NO_PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()";

/// The content security policy, with the nonce of a page that has scripts of its own.
///
/// # Security
/// Nothing inline but what carries the nonce, nothing from elsewhere but pictures of allowed hosts,
/// no framing: another page of the origin, or a frame, could read the code out of the callback's
/// address. `'self'` stays because the module preload carries no nonce; `'wasm-unsafe-eval'` allows
/// WebAssembly and nothing else. Forms stay here, but for the sign-out that leads on to the provider:
/// browsers hold the redirects after a form against `form-action` too.
pub(crate) fn policy(services: &Services, nonce: Option<&Nonce>) -> String {
    let config = &services.config;
    let nonce = nonce
        .map(|nonce| format!(" 'nonce-{nonce}'"))
        .unwrap_or_default();
    let mut pictures = String::new();
    for source in config.provider.avatar_hosts.sources() {
        pictures.push(' ');
        pictures.push_str(&source);
    }
    let onward = services.sign_out.leads_on_to();
    let onward = onward
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let upgrade = if config.http.public_origin.is_https() {
        "; upgrade-insecure-requests"
    } else {
        ""
    };
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'{pictures}; font-src 'self'; connect-src 'self'; form-action 'self'{onward}; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'; worker-src 'none'; \
         manifest-src 'self'{upgrade}"
    )
}

/// Adds the headers.
pub(crate) async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let config = &state.services.config;
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    // What a browser has still holds after 304, and so does how long it may keep it.
    let is_file = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    if !headers.contains_key(CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&policy(&state.services, None))
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let referrer = match path.as_str() {
        routes::CALLBACK | routes::SIGN_OUT_NEXT => "no-referrer",
        _ => "same-origin",
    };
    let cache = match path.as_str() {
        _ if !is_file => "no-store",
        path if path.starts_with("/pkg/") || path.starts_with("/words/") => {
            "public, max-age=31536000, immutable"
        }
        "/favicon.svg" | "/robots.txt" => "public, max-age=3600",
        _ => "no-store",
    };
    let fixed = [
        (X_FRAME_OPTIONS, "DENY"),
        (CROSS_ORIGIN_OPENER, "same-origin"),
        (CROSS_ORIGIN_RESOURCE, "same-origin"),
        (REFERRER_POLICY, referrer),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (PERMISSIONS, NO_PERMISSIONS),
        (CACHE_CONTROL, cache),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if cache == "no-store" {
        headers.append(VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    }
    if config.http.public_origin.is_https() {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
