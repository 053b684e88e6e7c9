//! The token endpoint (RFC 6749, section 4.1.3).

use wrengate_protocol::{
    discovery::Metadata,
    token::{CodeExchange, TokenResponse, TokenResponseError},
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};

impl Provider {
    /// Step 9.6 of the walkthrough: exchanges the code for tokens.
    ///
    /// `metadata` is the attempt's, which may be older than what [`metadata`](Self::metadata) gives.
    ///
    /// # Errors
    /// [`ProviderError`]. [`ProviderError::Unreachable`] and [`ProviderError::BreakerOpen`] are the only
    /// ones after which the code was surely not seen by the provider.
    ///
    /// # Security
    /// The code may be redeemed once, and a second request can end the tokens of the first (RFC 6749,
    /// section 4.1.2). So it is sent twice at most, and only where the first request was surely not
    /// acted upon or its answer is lost in any case: [`RepeatPolicy::CodeExchange`].
    pub async fn exchange_code(
        &self,
        metadata: &Metadata,
        exchange: CodeExchange<'_>,
    ) -> Result<TokenResponse, ProviderError> {
        let request = || {
            let url = &metadata.token_endpoint;
            self.post_as_client(Leg::Token, url, metadata, &exchange.form())
        };
        let policy = RepeatPolicy::CodeExchange;
        let answer = self
            .call(Leg::Token, policy, self.http.deadline(), request)
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
