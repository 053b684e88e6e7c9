//! What a failed call says, on both sides of the wire.

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use wrengate_protocol::{Failure, messages::Problem};

use crate::json::JsonEncoding;

/// A failed call: a [`Problem`] and nothing else, so no internal message can slip through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub Problem);

impl ApiError {
    /// What went wrong. The server refuses without a failure what none of its own pages can send: this
    /// page is of another version.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.0.failure.unwrap_or(Failure::PageOutdated)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// The framework's own errors. Their texts can quote input, so none of it is kept.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let failure = match error {
            ServerFnErrorErr::Request(_) => Failure::AppUnreachable,
            _ => Failure::Unexpected,
        };
        Self(Problem::new(failure, String::new()))
    }
}
