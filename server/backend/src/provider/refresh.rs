//! The token endpoint, for a refresh token (RFC 6749, section 6).

use wrengate_protocol::{
    Secret,
    discovery::Metadata,
    token::{Refresh, TokenResponse, TokenResponseError, refresh_token_in},
};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};

/// Why there is no new access token.
#[derive(Debug)]
pub struct RefreshError {
    /// What went wrong.
    pub error: ProviderError,
    /// The refresh token that takes the place of the one that was sent, where the answer is of no use
    /// otherwise.
    pub rotated: Option<Secret<String>>,
}

impl From<ProviderError> for RefreshError {
    fn from(error: ProviderError) -> Self {
        Self {
            error,
            rotated: None,
        }
    }
}

impl Provider {
    /// Asks for a new access token. Scope is not sent, so what was granted stays.
    ///
    /// # Errors
    /// [`RefreshError`]; of [`Failure::AccessEnded`](wrengate_protocol::Failure::AccessEnded) when the
    /// provider refuses the refresh token itself.
    ///
    /// # Security
    /// The provider may take a second use of a refresh token for theft and end all tokens (RFC 9700,
    /// section 4.14.2). So it is sent once more only where the first request surely did nothing:
    /// [`RepeatPolicy::Refresh`]. Whoever calls this sees to it that nobody else does meanwhile.
    pub async fn refresh(
        &self,
        metadata: &Metadata,
        refresh_token: &Secret<String>,
    ) -> Result<TokenResponse, RefreshError> {
        let refresh = Refresh {
            refresh_token,
            client_id: &self.config.client_id,
        };
        let leg = Leg::Refresh;
        let request = || {
            let url = &metadata.token_endpoint;
            self.post_as_client(leg, url, metadata, &refresh.form())
        };
        let policy = RepeatPolicy::Refresh;
        let answer = self
            .call(leg, policy, self.http.deadline(), request)
            .await?;
        let refused = || ProviderError::Refused(Box::new(Refusal::read(&answer, self.clock.now())));
        if !answer.is_ok() {
            return Err(refused().into());
        }
        let body = answer.json()?;
        TokenResponse::parse(body).map_err(|error| match error {
            TokenResponseError::Refused(_) => refused().into(),
            TokenResponseError::Json(_) | TokenResponseError::Member(_) => RefreshError {
                error: ProviderError::TokenResponse(error),
                rotated: refresh_token_in(body),
            },
        })
    }
}
