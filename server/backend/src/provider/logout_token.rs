//! The logout token's signature, and then its claims (OpenID Connect Back-Channel Logout, section 2.6).

use thiserror::Error;
use wrengate_protocol::{
    Secret,
    id_token::UnverifiedIdToken,
    logout_token::{Expected, LogoutToken, LogoutTokenError},
};

use super::{Provider, error::ProviderError};

/// Why nobody is signed out by a logout token.
#[derive(Debug, Error)]
pub enum LogoutRefused {
    /// The provider has no keys that are known here, or `openid` is not asked for, so nothing that it
    /// signs can be believed.
    #[error("no logout token can be checked: the provider is one of plain OAuth")]
    Unsupported,
    /// Nobody can say whether it is true: metadata or keys cannot be had.
    #[error("the logout token cannot be checked now")]
    Unknown(#[source] ProviderError),
    /// Something in it is not true.
    #[error(transparent)]
    Untrue(#[from] LogoutTokenError),
}

impl Provider {
    /// Finds out whether the provider really says, to us and just now, that somebody left.
    ///
    /// Answers with the issuer besides, which is the first half of what names an account. Whether the
    /// token is new is for the caller to say.
    ///
    /// # Errors
    /// [`LogoutRefused`].
    ///
    /// # Security
    /// Anybody can send one, so nothing of it may be used when this fails. Made-up key ids cause one
    /// fetch of keys in a cool-down and no more (`WRENGATE_JWKS_COOLDOWN_SECONDS`).
    pub async fn check_logout_token(
        &self,
        token: &Secret<String>,
    ) -> Result<(String, LogoutToken), LogoutRefused> {
        if !self.config.wants_id_token() {
            return Err(LogoutRefused::Unsupported);
        }
        let metadata = self.metadata().await.map_err(LogoutRefused::Unknown)?;
        let (Some(issuer), Some(_)) = (&metadata.issuer, &metadata.jwks_uri) else {
            return Err(LogoutRefused::Unsupported);
        };
        let allowed = self.allowed_algorithms(&metadata);
        let token = UnverifiedIdToken::parse_logout_token(token, &allowed)
            .map_err(LogoutTokenError::from)?;
        let claims = self.verify_signature(&metadata, token).await;
        let claims = claims.map_err(|error| match error {
            ProviderError::IdToken(error) => LogoutRefused::Untrue(error.into()),
            error => LogoutRefused::Unknown(error),
        })?;
        let token = LogoutToken::judge(
            &claims,
            &Expected {
                issuer,
                client_id: &self.config.client_id,
                trusted_audiences: &self.config.id_token.trusted_audiences,
                now: self.clock.now(),
                tolerance: self.config.id_token.clock_skew,
            },
        )?;
        Ok((issuer.as_str().to_owned(), token))
    }
}
