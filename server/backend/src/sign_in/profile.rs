//! The profile, read again while the session lasts.

use wrengate_protocol::{Failure, userinfo::Userinfo};

use super::{SignIn, SignInError};
use crate::{
    provider::ProviderError,
    renewal::{Granted, RenewalError},
    session::Session,
};

impl SignIn {
    /// Asks the provider for the profile again, stores it in the session and answers with the session
    /// as it is then. An access token that is over, or that the provider does not accept, is renewed,
    /// once.
    ///
    /// # Errors
    /// [`SignInError::Renewal`] when there is no access token to be had; that alone may
    /// [end](SignInError::ends_session) the session. Otherwise what the provider or the store failed
    /// with; the session and its old profile stay.
    pub async fn refresh_profile(&self, session: &Session) -> Result<Session, SignInError> {
        let granted = self.renewal.access(session).await?;
        let (granted, userinfo) = match self.ask_again(&granted).await {
            Err(error) if error.failure() == Failure::AccessEnded => {
                self.ask_with_another(granted, error).await?
            }
            userinfo => (granted, userinfo.map_err(SignInError::Provider)?),
        };
        let mut session = granted.session;
        if userinfo.subject != session.subject {
            return Err(SignInError::SubjectChanged);
        }
        let profile = userinfo.profile;
        self.sessions.update_profile(&session.key, &profile).await?;
        session.profile = profile;
        Ok(session)
    }

    /// The access token was refused with `error`, whatever its time: one renewal, one repeat. One that
    /// was renewed just now has had its renewal.
    async fn ask_with_another(
        &self,
        granted: Granted,
        error: ProviderError,
    ) -> Result<(Granted, Userinfo), SignInError> {
        if granted.is_new {
            self.renewal.end_unless_renewed(&granted.session).await?;
            return Err(RenewalError::Refused(error).into());
        }
        let another = match self.renewal.another(&granted.session).await {
            // It is over by the provider's word, and nothing else is lost.
            Err(RenewalError::NoRefreshToken) => return Err(SignInError::Provider(error)),
            another => another?,
        };
        match self.ask_again(&another).await {
            Err(error) if error.failure() == Failure::AccessEnded => {
                self.renewal.end_unless_renewed(&another.session).await?;
                Err(RenewalError::Refused(error).into())
            }
            userinfo => Ok((another, userinfo.map_err(SignInError::Provider)?)),
        }
    }

    async fn ask_again(&self, granted: &Granted) -> Result<Userinfo, ProviderError> {
        let Granted {
            metadata,
            access_token,
            ..
        } = granted;
        self.provider.userinfo(metadata, access_token).await
    }
}
