//! The endpoint for pushed authorization requests (RFC 9126).

use url::Url;
use wrengate_protocol::{
    authorize::AuthorizationRequest,
    discovery::Metadata,
    pushed::{PushedRequest, PushedRequestError},
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};
use crate::config::provider::PushedRequests;

impl Provider {
    /// Part of step 4 of the walkthrough: where the browser goes, with all parameters in the address,
    /// or with a reference to them after they were pushed.
    ///
    /// # Errors
    /// [`ProviderError`]. Pushing again is safe, because a request that nobody names lapses.
    ///
    /// # Security
    /// What was pushed came from an authenticated client, and nobody between here and the provider can
    /// change it (RFC 9126, section 1). Where settings or metadata ask for it there is no way back to
    /// parameters in the address.
    pub async fn authorization_url(
        &self,
        metadata: &Metadata,
        request: &AuthorizationRequest<'_>,
    ) -> Result<Url, ProviderError> {
        let through_server = match (
            self.config.pushed_requests,
            metadata.pushed_requests_required,
        ) {
            (PushedRequests::Never, true) => return Err(ProviderError::PushedRequestsRequired),
            (PushedRequests::Always, _) | (PushedRequests::Auto, true) => true,
            (PushedRequests::Auto | PushedRequests::Never, false) => false,
        };
        if !through_server {
            return Ok(request.to_url());
        }
        let endpoint = metadata
            .pushed_request_endpoint
            .as_ref()
            .ok_or(ProviderError::NoPushedRequests)?;
        let pushed = self.push(endpoint, metadata, request).await?;
        Ok(request.to_pushed_url(&pushed.request_uri))
    }

    async fn push(
        &self,
        endpoint: &Url,
        metadata: &Metadata,
        request: &AuthorizationRequest<'_>,
    ) -> Result<PushedRequest, ProviderError> {
        let leg = Leg::PushedRequest;
        let parameters = request.parameters();
        // Made anew for each try: an assertion is taken once.
        let request = || self.post_as_client(leg, endpoint, metadata, &parameters);
        let policy = RepeatPolicy::Idempotent;
        let answer = self
            .call(leg, policy, self.http.deadline(), request)
            .await?;
        let refused = || ProviderError::Refused(Box::new(Refusal::read(&answer, self.clock.now())));
        if !answer.is_ok() {
            return Err(refused());
        }
        PushedRequest::parse(answer.json()?).map_err(|error| match error {
            PushedRequestError::Refused(_) => refused(),
            PushedRequestError::Json(_) | PushedRequestError::Member(_) => {
                ProviderError::PushedRequest(error)
            }
        })
    }
}
