//! Who is let in: one judgement for routes, pages and server functions.

use std::time::Duration;

use wrengate_protocol::Failure;

use crate::{
    Services,
    clock::UnixSeconds,
    cookies::CookieKind,
    session::{Activity, Ended, Lookup, Session, SessionId},
    store::{StoreError, seconds},
};

/// What is required of whoever asks: to be signed in, and perhaps more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    activity: Activity,
    within: Option<Duration>,
    scope: Option<&'static str>,
}

impl Guard {
    /// Somebody is signed in. Asking extends the idle limit.
    #[must_use]
    pub const fn signed_in() -> Self {
        Self {
            activity: Activity::Person,
            within: None,
            scope: None,
        }
    }

    /// The same for what a page asks by itself, which extends nothing.
    #[must_use]
    pub const fn poll(self) -> Self {
        Self {
            activity: Activity::Poll,
            ..self
        }
    }

    /// And the sign-in is not older than this.
    ///
    /// # Security
    /// Judged by when the session began, which no use of it moves. It is our own sign-in that counts;
    /// how long the provider has known the person is its own affair.
    #[must_use]
    pub const fn signed_in_within(self, within: Duration) -> Self {
        Self {
            within: Some(within),
            ..self
        }
    }

    /// And the provider granted this scope (RFC 6749, section 3.3).
    #[must_use]
    pub const fn with_scope(self, scope: &'static str) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// Finds the session of the cookie and judges it.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub async fn check(
        &self,
        services: &Services,
        id: Option<&SessionId>,
    ) -> Result<Box<Session>, Refused> {
        let Some(id) = id else {
            return Err(Refused::Nobody);
        };
        let session = match services.sessions.look_up(id, self.activity).await {
            Ok(Lookup::Active(session)) => session,
            Ok(Lookup::Ended(reason)) => return Err(Refused::Ended(reason)),
            Ok(Lookup::Absent) => return Err(Refused::Nobody),
            Err(error) => return Err(Refused::Store(error)),
        };
        self.judge(&session, services.clock.now())?;
        Ok(session)
    }

    fn judge(&self, session: &Session, now: UnixSeconds) -> Result<(), Refused> {
        let too_old = |within| now.saturating_sub(session.created) > seconds(within);
        if self.within.is_some_and(too_old) {
            return Err(Refused::TooOld);
        }
        let granted = |scope| session.access.granted.iter().any(|it| it == scope);
        if self.scope.is_some_and(|scope| !granted(scope)) {
            return Err(Refused::NotGranted);
        }
        Ok(())
    }
}

/// Why somebody is not let in.
#[derive(Debug)]
pub enum Refused {
    /// Nobody is signed in: no cookie, or one of which nothing is known.
    Nobody,
    /// Somebody was, and this is how it ended.
    Ended(Ended),
    /// The sign-in is older than is allowed here.
    TooOld,
    /// The scope was not granted.
    NotGranted,
    /// The store failed, so nobody knows.
    Store(StoreError),
}

impl Refused {
    /// What the person is told.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Nobody => Failure::SessionExpired,
            Self::Ended(reason) => reason.failure(),
            Self::TooOld => Failure::SignInNeeded,
            Self::NotGranted => Failure::ConsentNeeded,
            Self::Store(_) => Failure::StoreDown,
        }
    }

    /// Whether a session cookie that came along is worth nothing, and so is taken back.
    ///
    /// Not one that a sign-in of the same browser replaced: the browser has the next one by now or is about to,
    /// and would lose that.
    #[must_use]
    pub const fn ends_the_cookie(&self) -> bool {
        match self {
            Self::Nobody => true,
            Self::Ended(reason) => !matches!(reason, Ended::Replaced),
            _ => false,
        }
    }
}

/// The session id that a browser presents, out of its `Cookie` headers.
///
/// # Security
/// As for [`CookieKind::read`]: what was planted beside another counts as none.
pub fn presented<'a>(
    services: &Services,
    headers: impl IntoIterator<Item = &'a str>,
) -> Option<SessionId> {
    let secure = services.config.http.public_origin.is_https();
    SessionId::parse(&CookieKind::Session.read(secure, headers)?)
}
