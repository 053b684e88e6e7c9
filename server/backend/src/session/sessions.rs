//! What can be done with sessions.

use std::{sync::Arc, time::Duration};

use thiserror::Error;
use wrengate_protocol::{
    encoding::base64url,
    profile::{Access, Profile},
    session_ends::SessionEnds,
};

use super::{
    Activity, EndOf, Lifetimes, Lookup, NewSession, PRESENT_WITHIN, Session, SessionId,
    SubjectsSession, Tokens, record,
    seal::{self, KeyRing, SealError},
};
use crate::{
    clock::Clock,
    random::{Random, RandomError},
    store::{
        Ended, IdRecord, Renewed, Reseal, SessionRecord, SessionsOf, Store, StoreError, seconds,
    },
};

/// Why a session was not opened or given a further id.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The store failed.
    #[error("the session could not be stored")]
    Store(#[from] StoreError),
    /// The tokens could not be sealed.
    #[error("the tokens could not be sealed")]
    Seal(#[from] SealError),
    /// No random bytes for id or key.
    #[error("no session id could be made")]
    Random(#[from] RandomError),
}

/// How long to wait before tokens are written again, after each failure of the store.
const WRITE_AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Opens, finds and ends sessions.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: KeyRing,
    lifetimes: Lifetimes,
}

impl Sessions {
    /// Keeps sessions in a store.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        keys: KeyRing,
        lifetimes: Lifetimes,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            keys,
            lifetimes,
        }
    }

    /// Opens a session under a new id and destroys the one this browser had before, in one
    /// transaction.
    ///
    /// # Errors
    /// [`SessionError`]; then the earlier session lives on, unless the store ran out of time.
    ///
    /// # Security
    /// The id is always new, so one that was planted before the sign-in is worth nothing after it.
    pub async fn open(
        &self,
        new: NewSession,
        replaces: Option<&SessionId>,
    ) -> Result<(SessionId, Session), SessionError> {
        let now = self.clock.now();
        let id = SessionId::new(&*self.random)?;
        let mut key = [0; 16];
        self.random.fill(&mut key)?;
        let key = base64url(&key);
        let place = seal::Place {
            record: &key,
            field: "",
            issuer: &new.issuer,
            subject: &new.subject,
        };
        let sealed = record::seal(&new.tokens, &self.keys, &*self.random, place)?;
        let sid = new.sid.as_deref();
        let stored = SessionRecord {
            key: key.clone(),
            owner: record::owner(&new.issuer, &new.subject),
            cohort: sid.map(|sid| record::cohort(&new.issuer, sid)),
            body: record::body(&new)?,
            profile: record::profile(&new.profile, now)?,
            access: record::access(&new.access, false)?,
            sealed: sealed.clone(),
            version: 0,
            created: now,
            last_used: now,
            idle_end: self.lifetimes.idle_end(now),
            absolute_end: self.lifetimes.absolute_end(now),
        };
        let replaces = replaces.map(SessionId::hash);
        let present_by = now.saturating_add(seconds(PRESENT_WITHIN));
        self.store
            .insert_session(&stored, &id.hash(), present_by, replaces.as_ref())
            .await?;
        let session = Session {
            key,
            issuer: new.issuer,
            subject: new.subject,
            profile: new.profile,
            profile_read: now,
            access: new.access,
            created: now,
            last_used: now,
            absolute_end: stored.absolute_end,
            attempt_id: new.attempt_id,
            user_agent: new.user_agent,
            version: stored.version,
            idle_end: stored.idle_end,
            unfinished: false,
            sealed,
        };
        Ok((id, session))
    }

    /// Gives a session a further id, for a browser that never saw the first because the answer was
    /// lost. `None` when the session is over.
    ///
    /// # Errors
    /// [`SessionError`] when store or random source fail.
    pub async fn add_id(&self, key: &str) -> Result<Option<SessionId>, SessionError> {
        let now = self.clock.now();
        let id = SessionId::new(&*self.random)?;
        let present_by = now.saturating_add(seconds(PRESENT_WITHIN));
        let added = self
            .store
            .insert_session_id(key, &id.hash(), present_by, now)
            .await?;
        Ok(added.then_some(id))
    }

    /// Says what an id is worth, and notes that it was presented.
    ///
    /// A session past a limit is deleted here; the id keeps the reason for a day. An id that was not
    /// presented within [`PRESENT_WITHIN`] of its issue is worth nothing. A use by a
    /// [`Person`](Activity::Person) is noted at most once a minute. The tokens are not touched: a
    /// session whose tokens cannot be opened is still [`Active`](Lookup::Active), and
    /// [`tokens`](Self::tokens) tells.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn look_up(&self, id: &SessionId, activity: Activity) -> Result<Lookup, StoreError> {
        let now = self.clock.now();
        let hash = id.hash();
        let (present_by, stored) = match self.store.find_session_id(&hash, now).await? {
            None => return Ok(Lookup::Absent),
            Some(IdRecord::Ended(reason)) => return Ok(Lookup::Ended(reason)),
            Some(IdRecord::Live {
                present_by,
                session,
            }) => (present_by, *session),
        };
        if present_by.is_some_and(|present_by| now >= present_by) {
            self.store.delete_stale_id(&hash, now).await?;
            return Ok(Lookup::Absent);
        }
        let Some(mut session) = self.read(stored).await? else {
            return Ok(Lookup::Absent);
        };
        if let Some(reason) = session.ended(now) {
            self.store
                .end_sessions(SessionsOf::Key(&session.key), reason, now)
                .await?;
            return Ok(Lookup::Ended(reason));
        }
        if present_by.is_some() {
            self.store.mark_presented(&hash, now).await?;
        }
        let noted_until = now.saturating_sub(self.lifetimes.note_interval());
        if activity == Activity::Person && session.last_used <= noted_until {
            let idle_end = self.lifetimes.idle_end(now);
            if self
                .store
                .touch_session(&session.key, now, idle_end, noted_until)
                .await?
            {
                session.last_used = now;
                session.idle_end = idle_end;
            }
        }
        Ok(Lookup::Active(Box::new(session)))
    }

    /// The session with this record key, if it is within its limits. Does not count as a use.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn by_key(&self, key: &str) -> Result<Option<Session>, StoreError> {
        let Some(stored) = self.store.find_session(key).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        Ok(self
            .read(stored)
            .await?
            .filter(|session| session.ended(now).is_none()))
    }

    /// The sessions of the account that this one is of, the last used first, `limit` at most. Does
    /// not count as a use.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn of_account(
        &self,
        session: &Session,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let owner = session.owner();
        let now = self.clock.now();
        let stored = self.store.list_sessions(&owner, limit, now).await?;
        let mut sessions = Vec::with_capacity(stored.len());
        for record in stored {
            sessions.extend(self.read(record).await?);
        }
        Ok(sessions)
    }

    /// Ends sessions and answers with what they were, so that their tokens can be given back. Doing
    /// it again ends nothing more. What a browser that comes with one of them learns, the reason says.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn end(&self, which: EndOf<'_>, reason: Ended) -> Result<Vec<Session>, StoreError> {
        let hash;
        let which = match which {
            EndOf::Id(id) => {
                hash = id.hash();
                SessionsOf::Id(&hash)
            }
            EndOf::Key(key) => SessionsOf::Key(key),
            EndOf::OneOfAccount { session, key } => {
                hash = session.owner();
                SessionsOf::OwnersKey(&hash, key)
            }
            EndOf::OthersOfAccount(session) => {
                hash = session.owner();
                SessionsOf::OwnersOthers(&hash, &session.key)
            }
            EndOf::Account { issuer, subject } => {
                hash = record::owner(issuer, subject);
                SessionsOf::Owner(&hash)
            }
            EndOf::ProviderSession { issuer, sid } => {
                hash = record::cohort(issuer, sid);
                SessionsOf::Cohort(&hash)
            }
        };
        let now = self.clock.now();
        let ended = self.store.end_sessions(which, reason, now).await?;
        let read = ended.into_iter().map(record::read);
        Ok(read.filter_map(Result::ok).collect())
    }

    /// Ends those sessions of a person that came from one session at the provider, or do not know from
    /// which they came; as [`end`](Self::end) does.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; some may have ended then.
    pub async fn end_of_subjects_session(
        &self,
        which: SubjectsSession<'_>,
        reason: Ended,
    ) -> Result<Vec<Session>, StoreError> {
        let owner = record::owner(which.issuer, which.subject);
        let cohort = record::cohort(which.issuer, which.sid);
        let now = self.clock.now();
        let mut ended = Vec::new();
        for stored in self.store.list_sessions(&owner, u32::MAX, now).await? {
            if stored.cohort.is_none_or(|it| it == cohort) {
                ended.extend(self.end(EndOf::Key(&stored.key), reason).await?);
            }
        }
        Ok(ended)
    }

    /// Stores new tokens and what they cover, if nobody did since this session was read; then it
    /// tells how the session is now.
    ///
    /// # Errors
    /// [`SessionError`] when store, cipher or random source fail.
    pub async fn renew(
        &self,
        session: &Session,
        tokens: &Tokens,
        access: &Access,
    ) -> Result<Option<Session>, SessionError> {
        self.write_tokens(session, tokens, access, false).await
    }

    /// Stores a new refresh token before it is known whether what came with it can be used. The
    /// session counts as not renewed until [`renew`](Self::renew).
    ///
    /// # Errors
    /// Those of [`renew`](Self::renew).
    pub(crate) async fn begin_renewal(
        &self,
        session: &Session,
        tokens: &Tokens,
    ) -> Result<Option<Session>, SessionError> {
        self.write_tokens(session, tokens, &session.access, true)
            .await
    }

    async fn write_tokens(
        &self,
        session: &Session,
        tokens: &Tokens,
        access: &Access,
        unfinished: bool,
    ) -> Result<Option<Session>, SessionError> {
        let sealed = record::seal(tokens, &self.keys, &*self.random, session.place())?;
        let renewed = Renewed {
            key: &session.key,
            version: session.version,
            access: &record::access(access, unfinished)?,
            sealed: &sealed,
        };
        Ok(self.write_surely(&renewed).await?.then(|| Session {
            access: access.clone(),
            version: session.version + 1,
            unfinished,
            sealed,
            ..session.clone()
        }))
    }

    /// Writes once, and again for a moment where the store fails. Trying again is safe, since no
    /// version is written twice; and where an earlier try went through without saying so, the sealed
    /// text, which is never the same twice, tells.
    async fn write_surely(&self, renewed: &Renewed<'_>) -> Result<bool, StoreError> {
        let mut pauses = WRITE_AGAIN_AFTER.into_iter();
        let mut tried_before = false;
        loop {
            let outcome = match self.store.renew_session(renewed).await {
                Ok(false) if tried_before => self
                    .store
                    .find_session(renewed.key)
                    .await
                    .map(|it| it.is_some_and(|stored| stored.sealed == renewed.sealed)),
                outcome => outcome,
            };
            match (outcome, pauses.next()) {
                (Err(_), Some(pause)) => tokio::time::sleep(pause).await,
                (outcome, _) => return outcome,
            }
            tried_before = true;
        }
    }

    /// Drops a session whose tokens cannot be opened, as any record that cannot be read is dropped.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub(crate) async fn drop_unreadable(
        &self,
        session: &Session,
        error: SealError,
    ) -> Result<(), StoreError> {
        let key = &session.key;
        tracing::warn!(
            session = key,
            error = %error,
            "dropped a session whose tokens cannot be opened"
        );
        self.store.delete_session(key).await
    }

    /// Opens the tokens of a session.
    ///
    /// # Errors
    /// [`SealError`] when the key is gone from the ring, or the sealed text was changed or moved
    /// here from another record, field or account. The session itself is as good as before.
    pub fn tokens(&self, session: &Session) -> Result<Tokens, SealError> {
        record::open(session, &self.keys)
    }

    /// Writes a new profile. Since the record is written anyway, tokens under an older key are
    /// sealed anew; where that fails they stay as they are.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails. A session that is over is no error.
    pub async fn update_profile(&self, key: &str, profile: &Profile) -> Result<(), StoreError> {
        let Some(session) = self.by_key(key).await? else {
            return Ok(());
        };
        let resealed =
            record::reseal(&session, &self.keys, &*self.random).unwrap_or_else(|error| {
                tracing::warn!(session = key, error = %error, "tokens were not sealed anew");
                None
            });
        let reseal = resealed.as_deref().map(|to| Reseal {
            from: &session.sealed,
            to,
        });
        self.store
            .write_profile(key, &record::profile(profile, self.clock.now())?, reseal)
            .await
    }

    /// When a session ends, by the clock that judges it.
    #[must_use]
    pub fn ends(&self, session: &Session) -> SessionEnds {
        SessionEnds {
            now: self.clock.now(),
            idle: session.idle_end,
            absolute: session.absolute_end,
            idle_lifetime: seconds(self.lifetimes.idle),
            absolute_lifetime: seconds(self.lifetimes.absolute),
        }
    }

    /// The limits.
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        self.lifetimes
    }

    /// A record that cannot be read is dropped and counts as absent.
    async fn read(&self, stored: SessionRecord) -> Result<Option<Session>, StoreError> {
        let key = stored.key.clone();
        match record::read(stored) {
            Ok(session) => Ok(Some(session)),
            Err(error) => {
                tracing::warn!(
                    session = key,
                    error = %error,
                    "dropped a session record that cannot be read"
                );
                self.store.delete_session(&key).await?;
                Ok(None)
            }
        }
    }
}
