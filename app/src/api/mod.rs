//! Every server function: the wire contract on one screen.
//!
//! All are `POST`, JSON in and out; the messages are described in `wrengate_protocol::messages`.

pub(crate) mod error;
#[cfg(feature = "ssr")]
mod server_context;

use leptos::prelude::*;
use wrengate_protocol::{
    authorize::Prompt,
    messages::{Begun, Completion, RefreshedProfile},
    secret::Carried,
    session_ends::Present,
};

use self::error::ApiError;
use crate::json::Json;

/// Step 4: registers an attempt and answers with the authorization URL.
///
/// # Errors
/// [`ApiError`] with the failure and its reference.
#[server(prefix = "/api", endpoint = "begin_sign_in", input = Json, output = Json)]
pub async fn begin_sign_in(
    /// The S256 challenge (RFC 7636, section 4.2).
    code_challenge: String,
    /// The state.
    state: Carried,
    /// Where to go afterwards.
    return_to: Option<String>,
    /// What to ask of the person.
    prompt: Option<Prompt>,
) -> Result<Begun, ApiError> {
    use wrengate_protocol::messages::BeginSignIn as Message;
    server_context::begin(Message {
        code_challenge,
        state,
        return_to,
        prompt,
    })
    .await
}

/// Steps 8 and 9: completes the attempt with what the provider answered.
///
/// # Errors
/// [`ApiError`] with the failure and its reference.
#[server(prefix = "/api", endpoint = "complete_sign_in", input = Json, output = Json)]
pub async fn complete_sign_in(
    /// The state of the attempt.
    state: Carried,
    /// The issuer that answered (RFC 9207).
    iss: Option<String>,
    /// The authorization code.
    code: Option<Carried>,
    /// The verifier.
    code_verifier: Option<Carried>,
    /// The provider's error code, in place of code and verifier.
    error: Option<String>,
    /// The provider's words.
    error_description: Option<String>,
) -> Result<Completion, ApiError> {
    use wrengate_protocol::messages::CompleteSignIn as Message;
    let message = Message {
        state,
        iss,
        code,
        code_verifier,
        error,
        error_description,
    };
    server_context::complete(message).await
}

/// Who is signed in. Asks no provider and does not extend the session.
///
/// # Errors
/// [`ApiError`] with a failure of status 401 when nobody is.
#[server(prefix = "/api", endpoint = "session", input = Json, output = Json)]
pub async fn session() -> Result<Present, ApiError> {
    server_context::session().await
}

/// Asks the provider for the profile again, with an access token that is renewed where it has to be.
///
/// # Errors
/// [`ApiError`] with the failure and its reference. Where the session ended with it, its cookie is
/// taken back.
#[server(prefix = "/api", endpoint = "refresh_profile", input = Json, output = Json)]
pub async fn refresh_profile() -> Result<RefreshedProfile, ApiError> {
    server_context::refresh_profile().await
}

/// Counts as a use of the session, and does nothing else.
///
/// # Errors
/// [`ApiError`] with a failure of status 401 when nobody is signed in.
#[server(prefix = "/api", endpoint = "stay_signed_in", input = Json, output = Json)]
pub async fn stay_signed_in() -> Result<Present, ApiError> {
    server_context::stay_signed_in().await
}

/// Keeps what a person chose. The same call again changes nothing more.
///
/// # Errors
/// [`ApiError`] with a failure of status 401 when nobody is signed in, or somebody else than the page
/// shows.
#[server(prefix = "/api", endpoint = "save_preferences", input = Json, output = Json)]
pub async fn save_preferences(
    /// What somebody wants to be called.
    call_me: String,
    /// How times are written.
    times: String,
    /// The account that the page shows.
    account: String,
) -> Result<Present, ApiError> {
    use wrengate_protocol::messages::SavePreferences as Message;
    server_context::save_preferences(Message {
        call_me,
        times,
        account,
    })
    .await
}
