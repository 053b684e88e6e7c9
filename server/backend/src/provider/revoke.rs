//! The revocation endpoint (RFC 7009).

use std::time::Duration;

use tokio::time::Instant;
use wrengate_protocol::{Secret, discovery::Metadata};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};

/// How long a revocation may take: 2 s. Nobody shall wait for it longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Which token is revoked (RFC 7009, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token; its access tokens end with it (RFC 7009, section 2.1).
    Refresh,
}

impl TokenKind {
    const fn hint(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
        }
    }
}

impl Provider {
    /// Asks the provider to end a token, once. Answers whether it could be asked.
    ///
    /// # Errors
    /// [`ProviderError`]; the token may still be good then.
    pub async fn revoke(
        &self,
        metadata: &Metadata,
        token: &Secret<String>,
        kind: TokenKind,
    ) -> Result<bool, ProviderError> {
        let Some(endpoint) = &metadata.revocation_endpoint else {
            return Ok(false);
        };
        let form = [
            ("token", token.expose().as_str()),
            ("token_type_hint", kind.hint()),
            ("client_id", &self.config.client_id),
        ];
        let leg = Leg::Revocation;
        let request = || self.post_as_client(leg, endpoint, metadata, &form);
        let deadline = Instant::now() + PATIENCE;
        let answer = self
            .call(leg, RepeatPolicy::Never, deadline, request)
            .await?;
        if answer.is_ok() {
            Ok(true)
        } else {
            let refusal = Refusal::read(&answer, self.clock.now());
            Err(ProviderError::Refused(Box::new(refusal)))
        }
    }
}
