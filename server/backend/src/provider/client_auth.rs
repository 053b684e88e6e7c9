//! How the token endpoint learns which client is asking (RFC 6749, section 2.3).

use form_urlencoded::byte_serialize;
use reqwest::RequestBuilder;

use crate::config::provider::{ClientAuth, ProviderConfig};

/// Adds the one configured method to a request.
///
/// The form names the client with either method: without a secret it must (RFC 6749, section 3.2.1),
/// with one it may, and some providers look for it there.
///
/// # Security
/// The secret stands in the `Authorization` header alone, marked as sensitive, never in URL or form.
pub(super) fn authenticate(request: RequestBuilder, config: &ProviderConfig) -> RequestBuilder {
    match &config.client_auth {
        ClientAuth::None => request,
        ClientAuth::Basic(secret) => {
            request.basic_auth(encoded(&config.client_id), Some(encoded(secret.expose())))
        }
    }
}

/// Form-encoded, so that a colon in either half and any character outside ASCII arrive as they are
/// (RFC 6749, section 2.3.1 and appendix B).
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
