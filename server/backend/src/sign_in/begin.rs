//! Step 4: the attempt is registered and the browser learns where to go.

use wrengate_protocol::{
    authorize::AuthorizationRequest, messages::CheckedBegin, nonce::Nonce, return_to::ReturnTo,
};

use super::{Begun, Presented, SignIn, SignInError};
use crate::{attempt::NewAttempt, inspector::Recorder, random::bytes32};

impl SignIn {
    /// Step 4 of 10: registers the attempt and answers with the authorization URL.
    ///
    /// The provider's endpoints are fixed for the attempt here, so that a change of configuration
    /// or metadata while the person is away cannot mix two providers up (RFC 9700, section 4.4).
    ///
    /// # Errors
    /// [`SignInError`] when the provider's metadata is not to be had, it takes no pushed request, the
    /// state is in use or the store fails. The browser stays where it is.
    ///
    /// # Security
    /// The nonce is made here and never crosses to the browser except inside the authorization URL.
    pub async fn begin(
        &self,
        request: CheckedBegin,
        presented: &Presented,
    ) -> Result<Begun, SignInError> {
        let recorder = self.inspector.begin(presented, &request);
        recorder.presented(presented);
        let begun = recorder.clone().scope(self.register(request, presented));
        let begun = Box::pin(begun).await;
        recorder.begun(&begun);
        begun
    }

    async fn register(
        &self,
        request: CheckedBegin,
        presented: &Presented,
    ) -> Result<Begun, SignInError> {
        let metadata = self
            .provider
            .metadata()
            .await
            .map_err(SignInError::Provider)?;
        let recorder = Recorder::current();
        recorder.discovered(&metadata);
        let config = self.provider.config();
        let nonce = config
            .wants_id_token()
            .then(|| bytes32(&*self.random).map(|bytes| Nonce::from_random(&bytes)))
            .transpose()
            .map_err(SignInError::Random)?;

        let scope = config.scopes.join(" ");
        let authorization = AuthorizationRequest {
            endpoint: &metadata.authorization_endpoint,
            client_id: &config.client_id,
            redirect_uri: &self.redirect_uri,
            scope: &scope,
            state: &request.state,
            nonce: nonce.as_ref(),
            code_challenge: &request.code_challenge,
            prompt: request.prompt,
        };
        // Before the attempt is registered: one that the provider refused would only wait to expire.
        let authorization_url = self
            .provider
            .authorization_url(&metadata, &authorization)
            .await
            .map_err(SignInError::Provider)?;
        recorder.requested(&authorization, &authorization_url);

        let attempt = NewAttempt {
            code_challenge: request.code_challenge,
            state: request.state,
            nonce,
            metadata: (*metadata).clone(),
            client_id: config.client_id.clone(),
            redirect_uri: self.redirect_uri.as_ref().to_owned(),
            scopes: config.scopes.clone(),
            return_to: ReturnTo::parse(request.return_to.as_deref(), &self.origin),
        };
        let attempt_cookie = self
            .attempts
            .register(attempt, presented.attempt.as_ref())
            .await?;
        self.operator.metrics.sign_in_started();
        Ok(Begun {
            authorization_url,
            attempt_cookie,
        })
    }
}
