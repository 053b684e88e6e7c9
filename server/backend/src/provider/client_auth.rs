//! How the provider learns which client is asking (RFC 6749, section 2.3).

use form_urlencoded::byte_serialize;
use reqwest::RequestBuilder;
use url::Url;
use wrengate_protocol::discovery::Metadata;

use super::{
    Provider, client_assertion,
    error::{Leg, ProviderError},
};
use crate::config::provider::ClientAuth;

impl Provider {
    /// A form to post, with the one configured method added: the same at the token endpoint, at the
    /// one for pushed requests and wherever else a client authenticates (RFC 9126, section 2).
    ///
    /// The form itself names the client with every method: without a secret it must (RFC 6749, section
    /// 3.2.1), with one it may, and some providers look for it there.
    ///
    /// # Errors
    /// [`ProviderError::Assertion`] when an assertion cannot be made; nothing was sent.
    ///
    /// # Security
    /// Secret and assertion stand in the `Authorization` header, marked as sensitive, or in the form,
    /// never in the URL and never in both.
    pub(super) fn post_as_client(
        &self,
        leg: Leg,
        url: &Url,
        metadata: &Metadata,
        form: &[(&'static str, &str)],
    ) -> Result<RequestBuilder, ProviderError> {
        let request = self.http.post(url);
        match &self.config.client_auth {
            ClientAuth::None => Ok(request.form(form)),
            ClientAuth::Basic(secret) => {
                let id = encoded(&self.config.client_id);
                Ok(request
                    .form(form)
                    .basic_auth(id, Some(encoded(secret.expose()))))
            }
            ClientAuth::Post(secret) => {
                let proof = ("client_secret", secret.expose().as_str());
                Ok(request.form(&[form, &[proof]].concat()))
            }
            ClientAuth::PrivateKeyJwt(key) => {
                let assertion = self
                    .client_assertion(key, metadata)
                    .map_err(|source| ProviderError::Assertion { leg, source })?;
                let proof = [
                    ("client_assertion_type", client_assertion::TYPE),
                    ("client_assertion", assertion.expose().as_str()),
                ];
                Ok(request.form(&[form, &proof].concat()))
            }
        }
    }
}

/// Form-encoded, so that a colon in either half and any character outside ASCII arrive as they are
/// (RFC 6749, section 2.3.1 and appendix B).
fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
