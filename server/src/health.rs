//! For whoever watches over the process.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use wrengate_backend::provider::Readiness;
use wrengate_protocol::Failure;

use crate::router::AppState;

/// The process runs.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// People can sign in: the store answers, the provider's endpoints are known, and the token endpoint
/// does not keep failing.
pub(crate) async fn readyz(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let store = match state.services.store.ping().await {
        Ok(()) => "ok",
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the store failed");
            "store-down"
        }
    };
    let provider = match state.services.provider.readiness() {
        Readiness::Ready => "ok",
        Readiness::Unknown => "unknown",
        Readiness::Failing(failure) => failure.code(),
        Readiness::Troubled => Failure::ProviderBusy.code(),
    };
    let ready = store == "ok" && provider == "ok";
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(json!({ "ready": ready, "store": store, "provider": provider })),
    )
}
