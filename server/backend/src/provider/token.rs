//! The token endpoint (RFC 6749, section 4.1.3).

use wrengate_protocol::{
    discovery::Metadata,
    token::{CodeExchange, TokenResponse, TokenResponseError},
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
};

impl Provider {
    /// Step 9.6 of the walkthrough: exchanges the code for tokens, in exactly one request.
    ///
    /// `metadata` is the attempt's, which may be older than what [`metadata`](Self::metadata) gives.
    ///
    /// # Errors
    /// [`ProviderError`]. [`ProviderError::Unreachable`] is the only one after which the code was
    /// surely not seen by the provider.
    ///
    /// # Security
    /// The code may be redeemed once (RFC 6749, section 4.1.2), so nothing here repeats the request.
    pub async fn exchange_code(
        &self,
        metadata: &Metadata,
        exchange: CodeExchange<'_>,
    ) -> Result<TokenResponse, ProviderError> {
        let request = self.post_as_client(
            Leg::Token,
            &metadata.token_endpoint,
            metadata,
            &exchange.form(),
        )?;
        let answer = self
            .http
            .call(Leg::Token, request, self.http.deadline())
            .await?;
        let refused = || ProviderError::Refused(Box::new(Refusal::read(&answer, self.clock.now())));
        if !answer.is_ok() {
            return Err(refused());
        }
        TokenResponse::parse(answer.json()?).map_err(|error| match error {
            TokenResponseError::Refused(_) => refused(),
            TokenResponseError::Json(_) | TokenResponseError::Member(_) => {
                ProviderError::TokenResponse(error)
            }
        })
    }
}
