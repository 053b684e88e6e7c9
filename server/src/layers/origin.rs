//! Where a request comes from: the rules that the gate of `/api` and the gate of forms share.

use axum::http::{HeaderMap, HeaderName, header::ORIGIN};
use wrengate_backend::config::PublicOrigin;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request was made by a page of our own.
///
/// # Security
/// Leptos has no defence of its own against cross-site requests. `Origin` must be there and equal the
/// configured origin byte for byte; it is never compared with `Host` or `X-Forwarded-*`, which the
/// sender chooses. Fetch metadata, where a browser sends it, must agree.
pub(crate) fn is_ours(headers: &HeaderMap, origin: &PublicOrigin) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let from_here = origins
        .next()
        .is_some_and(|value| value.as_bytes() == origin.as_str().as_bytes());
    from_here
        && origins.next().is_none()
        && is_or_absent(headers, &SEC_FETCH_SITE, &["same-origin"])
}

/// Whether a header of fetch metadata is absent or has one of these values.
pub(crate) fn is_or_absent(headers: &HeaderMap, name: &HeaderName, allowed: &[&str]) -> bool {
    headers.get_all(name).iter().all(|value| {
        allowed
            .iter()
            .any(|allowed| value.as_bytes() == allowed.as_bytes())
    })
}
