//! The profile, read again while the session lasts.

use super::{SignIn, SignInError};
use crate::session::Session;

impl SignIn {
    /// Asks the provider for the profile again and stores it in the session.
    ///
    /// # Errors
    /// [`SignInError::AccessEnded`] when the access token is over, without asking the provider;
    /// otherwise what the provider or the store failed with. The session and its old profile stay.
    pub async fn refresh_profile(&self, session: &Session) -> Result<(), SignInError> {
        if session
            .access
            .expires_at
            .is_some_and(|end| self.clock.now() >= end)
        {
            return Err(SignInError::AccessEnded);
        }
        let tokens = self.sessions.tokens(session).map_err(SignInError::Seal)?;
        let metadata = self
            .provider
            .metadata()
            .await
            .map_err(SignInError::Provider)?;
        let userinfo = self
            .provider
            .userinfo(&metadata, &tokens.access_token)
            .await;
        let userinfo = userinfo.map_err(SignInError::Provider)?;
        if userinfo.subject != session.subject {
            return Err(SignInError::SubjectChanged);
        }
        Ok(self
            .sessions
            .update_profile(&session.key, &userinfo.profile)
            .await?)
    }
}
