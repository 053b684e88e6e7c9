//! The userinfo endpoint (OpenID Connect Core, section 5.3).

use wrengate_protocol::{Secret, discovery::Metadata, userinfo::Userinfo};

use super::{
    Provider,
    error::{Leg, ProviderError},
    refusal::Refusal,
    retry::RepeatPolicy,
};

impl Provider {
    /// Step 9.8 of the walkthrough: asks who signed in.
    ///
    /// # Errors
    /// [`ProviderError`].
    ///
    /// # Security
    /// The token goes in the `Authorization` header, marked as sensitive, never in the URL, where
    /// logs would keep it (RFC 6750, section 5.3). A distributed claim (`_claim_sources`, OpenID
    /// Connect Core, section 5.6.2) is never fetched.
    pub async fn userinfo(
        &self,
        metadata: &Metadata,
        access_token: &Secret<String>,
    ) -> Result<Userinfo, ProviderError> {
        let request = || {
            let request = self.http.get(&metadata.userinfo_endpoint);
            Ok(request.bearer_auth(access_token.expose()))
        };
        let policy = RepeatPolicy::Idempotent;
        let answer = self
            .call(Leg::Userinfo, policy, self.http.deadline(), request)
            .await?;
        if !answer.is_ok() {
            return Err(ProviderError::Refused(Box::new(Refusal::read(
                &answer,
                self.clock.now(),
            ))));
        }
        Userinfo::parse(answer.json()?, &self.config.avatar_hosts).map_err(ProviderError::Userinfo)
    }
}
