//! One renewal, from the lease to the tokens that are stored.

use std::{convert::Infallible, time::Duration};

use tokio::time::{Instant, sleep};
use wrengate_protocol::{
    Failure, Secret,
    discovery::Metadata,
    encoding::base64url,
    id_token::{Occasion, nonce_of},
    profile::Access,
    token::TokenResponse,
};

use super::{Renewal, RenewalError, error::is_untrue};
use crate::{
    clock::UnixSeconds,
    metrics::RenewalOutcome,
    provider::{ProviderError, RefreshError, TokenKind},
    session::{Session, SessionError, Tokens},
    store::{StoreError, seconds},
};

/// How long a lease lasts that is not prolonged: 10 s.
const LEASE: Duration = Duration::from_secs(10);

/// How often it is prolonged while the work goes on: every 3 s.
const PROLONG_EVERY: Duration = Duration::from_secs(3);

/// How long another process is waited for: a little longer than the lease of one that was killed.
const PATIENCE: Duration = Duration::from_secs(12);

/// The first pause before the record is looked at again, and the longest; it doubles in between.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));

/// What the provider gave in place of the tokens before.
struct Renewed<'a> {
    metadata: &'a Metadata,
    tokens: Tokens,
    access: Access,
    /// Whether the refresh token is a new one that no record holds yet.
    rotated: bool,
}

impl Renewal {
    /// Renews the tokens of a session, or finds that somebody else did since it was read.
    pub(super) async fn fly(&self, read: Session) -> Result<Session, RenewalError> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        let holder = base64url(&bytes);
        let deadline = Instant::now() + PATIENCE;
        let (mut pause, longest) = PAUSES;
        loop {
            if self.hold(&read.key, &holder).await? {
                return self.fly_alone(&read, &holder).await;
            }
            if let Some(renewed) = self.newer(&read).await? {
                return Ok(renewed);
            }
            if Instant::now() + pause > deadline {
                return Err(RenewalError::Waited);
            }
            sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }

    /// With the lease. Whoever had it before may have come to an end, so the record is read again.
    async fn fly_alone(&self, read: &Session, holder: &str) -> Result<Session, RenewalError> {
        let work = async {
            match self.sessions.by_key(&read.key).await? {
                None => Err(RenewalError::SessionOver),
                Some(now) if now.version > read.version && !now.unfinished => Ok(now),
                Some(now) => self.renew(now).await,
            }
        };
        let landed = tokio::select! {
            landed = work => landed,
            never = self.prolong(&read.key, holder) => match never {},
        };
        if let Err(error) = self.store.drop_lease(&read.key, holder).await {
            // It runs out by itself.
            tracing::info!(session = read.key, error = %error, "a lease was not given back");
        }
        landed
    }

    /// The session, if its tokens were renewed since it was read.
    pub(super) async fn newer(&self, read: &Session) -> Result<Option<Session>, RenewalError> {
        let now = self.sessions.by_key(&read.key).await?;
        let now = now.ok_or(RenewalError::SessionOver)?;
        Ok((now.version > read.version && !now.unfinished).then_some(now))
    }

    async fn hold(&self, key: &str, holder: &str) -> Result<bool, RenewalError> {
        let now = self.clock.now();
        let until = now.saturating_add(seconds(LEASE));
        Ok(self.store.hold_lease(key, holder, until, now).await?)
    }

    async fn prolong(&self, key: &str, holder: &str) -> Infallible {
        loop {
            sleep(PROLONG_EVERY).await;
            match self.hold(key, holder).await {
                Ok(true) => {}
                // What is under way cannot be called back; the version decides who was first.
                Ok(false) => tracing::warn!(session = key, "a lease ran out during its renewal"),
                Err(error) => {
                    tracing::warn!(session = key, error = %error, "a lease was not prolonged");
                }
            }
        }
    }

    async fn renew(&self, session: Session) -> Result<Session, RenewalError> {
        let key = session.key.clone();
        let landed = self.ask(session).await;
        let outcome = match &landed {
            Ok(_) => RenewalOutcome::Ok,
            Err(error) => RenewalOutcome::of(error),
        };
        self.operator.metrics.renewed(outcome);
        match &landed {
            Ok(renewed) => {
                let version = renewed.version;
                tracing::info!(session = key, version, "tokens were renewed");
            }
            Err(error) => {
                let failure = error.failure().code();
                tracing::info!(session = key, failure, error = %error, "tokens were not renewed");
            }
        }
        landed
    }

    async fn ask(&self, session: Session) -> Result<Session, RenewalError> {
        let tokens = self.open(&session).await?;
        let Some(refresh_token) = &tokens.refresh_token else {
            return Err(RenewalError::NoRefreshToken);
        };
        let metadata = self.metadata(&session).await?;
        match self.provider.refresh(&metadata, refresh_token).await {
            Ok(answer) => self.keep(session, &tokens, &metadata, answer).await,
            Err(RefreshError { error, .. }) if error.failure() == Failure::AccessEnded => {
                self.refused(&session, error).await
            }
            Err(RefreshError { error, rotated }) => {
                if let Some(rotated) = rotated {
                    self.keep_rotated(&session, &tokens, rotated).await?;
                }
                Err(self.trouble(error))
            }
        }
    }

    /// The answer is of no use, but the refresh token before it is spent: without the new one the session
    /// would end at the next try.
    async fn keep_rotated(
        &self,
        session: &Session,
        before: &Tokens,
        rotated: Secret<String>,
    ) -> Result<(), RenewalError> {
        let kept = Tokens {
            access_token: before.access_token.clone(),
            refresh_token: Some(rotated),
            id_token: before.id_token.clone(),
        };
        // `None`: somebody else stored newer ones.
        self.sessions.begin_renewal(session, &kept).await?;
        Ok(())
    }

    /// The refresh token is not accepted: because somebody else used it, or for good.
    async fn refused(
        &self,
        session: &Session,
        error: ProviderError,
    ) -> Result<Session, RenewalError> {
        if let Some(newer) = self.newer(session).await? {
            return Ok(newer);
        }
        self.end(session).await?;
        Err(RenewalError::Refused(error))
    }

    /// Stores what the provider gave, and only then looks at the ID token among it.
    async fn keep(
        &self,
        session: Session,
        before: &Tokens,
        metadata: &Metadata,
        answer: TokenResponse,
    ) -> Result<Session, RenewalError> {
        let is_another = |token: &Secret<String>| {
            let sent = before.refresh_token.as_ref().map(Secret::expose);
            sent != Some(token.expose())
        };
        let mut renewed = Renewed {
            metadata,
            access: covered(&session.access, &answer, self.clock.now()),
            rotated: answer.refresh_token.as_ref().is_some_and(is_another),
            tokens: Tokens {
                access_token: answer.access_token.clone(),
                refresh_token: answer
                    .refresh_token
                    .clone()
                    .or(before.refresh_token.clone()),
                id_token: answer.id_token.clone().or(before.id_token.clone()),
            },
        };
        let is_told = self.provider.config().wants_id_token() && metadata.jwks_uri.is_some();
        if !is_told || answer.id_token.is_none() {
            return self.store(&session, &renewed).await;
        }
        let session = if renewed.rotated {
            let kept = Tokens {
                access_token: before.access_token.clone(),
                refresh_token: answer.refresh_token.clone(),
                id_token: before.id_token.clone(),
            };
            let kept = self.sessions.begin_renewal(&session, &kept).await;
            let kept = self.stored(&session, kept, &renewed).await?;
            if !kept.unfinished {
                // Somebody else was first, and what they stored is not ours to finish.
                return Ok(kept);
            }
            renewed.rotated = false;
            kept
        } else {
            session
        };
        let nonce = before.id_token.as_ref().and_then(nonce_of);
        let occasion = Occasion::Refresh {
            subject: &session.subject,
            nonce: nonce.as_ref(),
        };
        let client_id = &self.provider.config().client_id;
        let checked = self
            .provider
            .check_id_token(metadata, client_id, occasion, &answer)
            .await;
        match checked {
            Ok(_) => self.store(&session, &renewed).await,
            Err(error) if is_untrue(&error) => {
                self.operator.provider_failing(&error);
                let ended = self.end(&session).await;
                self.give_back(&renewed, true).await;
                ended?;
                Err(RenewalError::Untrusted(error))
            }
            Err(error) => Err(self.trouble(error)),
        }
    }

    async fn store(
        &self,
        session: &Session,
        renewed: &Renewed<'_>,
    ) -> Result<Session, RenewalError> {
        let Renewed { tokens, access, .. } = renewed;
        let outcome = self.sessions.renew(session, tokens, access).await;
        self.stored(session, outcome, renewed).await
    }

    /// What became of a write. Tokens that no record holds are given back.
    async fn stored(
        &self,
        session: &Session,
        outcome: Result<Option<Session>, SessionError>,
        renewed: &Renewed<'_>,
    ) -> Result<Session, RenewalError> {
        match outcome {
            Ok(Some(stored)) => Ok(stored),
            // Others hold tokens of the same grant then: giving these back could end those.
            Ok(None) => match self.newer(session).await {
                Ok(newer) => newer.ok_or(RenewalError::Waited),
                Err(error) => {
                    if matches!(error, RenewalError::SessionOver) {
                        self.give_back(renewed, true).await;
                    }
                    Err(error)
                }
            },
            // After a time-out the record may hold them.
            Err(error @ SessionError::Store(StoreError::Timeout)) => Err(error.into()),
            Err(error) => {
                self.give_back(renewed, renewed.rotated).await;
                Err(error.into())
            }
        }
    }

    /// Gives tokens back to the provider: the refresh token, and all with it, where the record has
    /// no use for it; else the access token alone.
    async fn give_back(&self, renewed: &Renewed<'_>, with_refresh_token: bool) {
        let refresh_token = renewed.tokens.refresh_token.as_ref();
        let (token, kind): (&Secret<String>, _) = match refresh_token.filter(|_| with_refresh_token)
        {
            Some(token) => (token, TokenKind::Refresh),
            None => (&renewed.tokens.access_token, TokenKind::Access),
        };
        if let Err(error) = self.provider.revoke(renewed.metadata, token, kind).await {
            tracing::info!(
                failure = error.failure().code(),
                "tokens that are not used could not be revoked",
            );
        }
    }

    /// The provider is in trouble, or we are with it: alerted here, since nobody may be waiting.
    fn trouble(&self, error: ProviderError) -> RenewalError {
        if !matches!(error, ProviderError::BreakerOpen { .. }) {
            self.operator.provider_failing(&error);
        }
        RenewalError::Provider(error)
    }
}

/// What access covers after an answer. A scope that is not told is the one before (RFC 6749, section
/// 5.1); what was asked for stays what it was.
fn covered(before: &Access, answer: &TokenResponse, now: UnixSeconds) -> Access {
    let expires_at = answer
        .expires_in
        .map(|seconds| now.saturating_add(seconds.into()));
    let Some(granted) = &answer.scope else {
        return Access {
            expires_at,
            ..before.clone()
        };
    };
    let asked = before.granted.iter().chain(&before.refused);
    Access {
        granted: granted.clone(),
        refused: asked.filter(|it| !granted.contains(it)).cloned().collect(),
        expires_at,
        profile_refused: before.profile_refused,
    }
}
