//! Steps 9.6 to 9.8: what the provider says of the person, believed as far as it can be checked.

use wrengate_protocol::{
    Failure,
    discovery::Metadata,
    id_token::{IdToken, Occasion},
    issuer::Issuer,
    token::{CodeExchange, TokenResponse},
    userinfo::Userinfo,
};

use super::{SignIn, SignInError, complete::Grant};
use crate::{
    attempt::Attempt,
    inspector::{Recorder, Wanted},
    provider::{ProviderError, TokenKind},
};

/// Who signed in.
#[derive(Debug)]
pub(super) struct Identity {
    /// The subject, and what may be shown.
    pub(super) userinfo: Userinfo,
    /// Whether the provider kept the profile back; what is shown is of the ID token then.
    pub(super) profile_refused: bool,
    /// The provider's session.
    pub(super) sid: Option<String>,
}

impl SignIn {
    /// Step 9.6: tokens for the code.
    pub(super) async fn exchange(
        &self,
        attempt: &Attempt,
        metadata: &Metadata,
        grant: &Grant,
    ) -> Result<TokenResponse, SignInError> {
        let exchange = CodeExchange {
            code: &grant.code,
            redirect_uri: &attempt.redirect_uri,
            client_id: &attempt.client_id,
            code_verifier: &grant.verifier,
        };
        let tokens = self.provider.exchange_code(metadata, exchange).await;
        let tokens = tokens.map_err(SignInError::Provider)?;
        Recorder::current().granted(&tokens);
        Ok(tokens)
    }

    /// Step 9.7, where the provider is of OpenID Connect, and step 9.8.
    ///
    /// # Security
    /// Userinfo is not asked before the ID token was found true, and has to be about the same person.
    pub(super) async fn identify(
        &self,
        attempt: &Attempt,
        metadata: &Metadata,
        tokens: &TokenResponse,
    ) -> Result<Identity, ProviderError> {
        let id_token = match (&attempt.nonce, &metadata.jwks_uri) {
            (Some(nonce), Some(_)) => {
                let client_id = &attempt.client_id;
                let checked = self
                    .provider
                    .check_id_token(metadata, client_id, Occasion::SignIn(nonce), tokens)
                    .await;
                let wanted = Wanted {
                    issuer: metadata.issuer.as_ref().map(Issuer::as_str),
                    client_id,
                    nonce,
                };
                Recorder::current().id_token(tokens.id_token.as_ref(), &wanted, &checked);
                Some(checked?)
            }
            // Plain OAuth: without keys an ID token proves nothing, so it is not looked at.
            (None, _) | (_, None) => None,
        };
        let sid = id_token.as_ref().and_then(|token| token.sid.clone());
        let userinfo = self.provider.userinfo(metadata, &tokens.access_token).await;
        let (userinfo, profile_refused) = match (userinfo, id_token) {
            (Ok(userinfo), Some(IdToken { subject, .. })) => {
                let same = userinfo.about(&subject).map_err(ProviderError::Userinfo)?;
                (same, false)
            }
            (Ok(userinfo), None) => (userinfo, false),
            (Err(error), Some(id_token)) if error.failure() == Failure::ProfileRefused => {
                let profile = id_token.profile(&self.provider.config().avatar_hosts);
                let subject = id_token.subject;
                (Userinfo { subject, profile }, true)
            }
            (Err(error), _) => return Err(error),
        };
        Ok(Identity {
            userinfo,
            profile_refused,
            sid,
        })
    }

    /// Tokens that no session will hold are given back to the provider, which nobody waits for.
    pub(super) fn throw_away(&self, metadata: Metadata, tokens: TokenResponse) {
        let provider = self.provider.clone();
        tokio::spawn(async move {
            let (token, kind) = match &tokens.refresh_token {
                Some(token) => (token, TokenKind::Refresh),
                None => (&tokens.access_token, TokenKind::Access),
            };
            if let Err(error) = provider.revoke(&metadata, token, kind).await {
                tracing::info!(
                    failure = error.failure().code(),
                    "tokens that are not used could not be revoked",
                );
            }
        });
    }
}
