//! Around every request: a reference, whose it is, a limit in time, an answer to a panic, one line in the log.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use tokio::time::{Instant, timeout};
use wrengate_app::{Plain, routes};
use wrengate_backend::{Reference, inspector::Network};
use wrengate_protocol::{Failure, messages::Problem};

use super::rate_limit::network;
use crate::{
    plain::{self, Looks},
    router::AppState,
};

/// How long a request may take: the longest completion, and some.
const DEADLINE: Duration = Duration::from_secs(35);

/// Stands for an address that is not known.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

const PURPOSES: [HeaderName; 2] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
];

/// Watches over a request.
pub(crate) async fn watch_over(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if is_prefetch_of_one_time_page(&request) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let Ok(reference) = Reference::new(&*state.services.random) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    request.extensions_mut().insert(reference.clone());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // Always there: the listener puts it there.
    let peer = peer.map_or(NOBODY, |ConnectInfo(peer)| *peer);
    let client = state.clients.of(peer, request.headers());
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(Network(network(client.0)));
    let method = request.method().clone();
    // The path alone: the query of the callback holds a code.
    let path = request.uri().path().to_owned();
    let looks = Looks::of(&state, request.headers());
    let is_api = path == "/api" || path.starts_with("/api/");
    let operator = &state.services.operator;
    let fail = |failure, status, plain| {
        if is_api {
            plain::api_problem(Problem::new(failure, reference.as_str()))
        } else {
            looks.page(&state, status, plain, &reference)
        }
    };
    let started = Instant::now();
    let answered = AssertUnwindSafe(timeout(DEADLINE, next.run(request)))
        .catch_unwind()
        .await;
    let response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            operator.request_refused(reference.as_str(), Failure::AppBusy);
            fail(
                Failure::AppBusy,
                StatusCode::SERVICE_UNAVAILABLE,
                Plain::Busy,
            )
        }
        Err(_) => {
            // The panic itself is in the log already, by the panic hook.
            operator.log_plain_failure(reference.as_str(), Failure::Unexpected);
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            fail(Failure::Unexpected, status, Plain::Broken)
        }
    };
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, duration_ms, "answered");
    response
}

/// # Security
/// A prefetch must not use up an attempt or a ticket; the real visit does.
fn is_prefetch_of_one_time_page(request: &Request) -> bool {
    request.method() == Method::GET
        && [routes::CALLBACK, routes::SIGN_OUT_NEXT].contains(&request.uri().path())
        && PURPOSES.into_iter().any(|name| {
            plain::values(request, name)
                .any(|value| value.to_ascii_lowercase().contains("prefetch"))
        })
}
