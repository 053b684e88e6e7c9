//! What sessions promise, over a real store.

mod lifetimes;
mod secrets;

use std::sync::Arc;

use wrengate_backend::{
    clock::ManualClock,
    random::SeededRandom,
    session::{
        Activity, EndOf, Ended, KeyRing, Lifetimes, Lookup, NewSession, Session, SessionId,
        Sessions, Tokens,
    },
    store::{self, SessionRecord, Store},
};
use wrengate_protocol::{
    Failure, Secret,
    encoding::sha256,
    profile::{Access, Profile},
};

use crate::store_suite::TestResult;

/// Sessions over an empty store, with a clock that tests move.
struct World {
    sessions: Sessions,
    clock: Arc<ManualClock>,
    store: Arc<dyn Store>,
}

impl World {
    async fn new() -> TestResult<Self> {
        Ok(Self::with(
            store::open("sqlite::memory:").await?,
            ring(&[1])?,
        ))
    }

    fn with(store: Arc<dyn Store>, keys: KeyRing) -> Self {
        let clock = Arc::new(ManualClock::new(1_800_000_000));
        let random = Arc::new(SeededRandom::default());
        let sessions = Sessions::new(
            Arc::clone(&store),
            Arc::clone(&clock) as _,
            random,
            keys,
            Lifetimes::default(),
        );
        Self {
            sessions,
            clock,
            store,
        }
    }

    async fn open(&self, subject: &str) -> TestResult<(SessionId, Session)> {
        Ok(self.sessions.open(new(subject), None).await?)
    }

    async fn look_up(&self, id: &SessionId, activity: Activity) -> TestResult<Found> {
        Ok(match self.sessions.look_up(id, activity).await? {
            Lookup::Active(session) => Found::Active(session.key),
            Lookup::Ended(reason) => Found::Ended(reason.failure()),
            Lookup::Absent => Found::Absent,
        })
    }
}

/// A [`Lookup`] that can be compared.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Active(String),
    Ended(Failure),
    Absent,
}

/// A ring of keys, each made of one byte.
fn ring(bytes: &[u8]) -> TestResult<KeyRing> {
    Ok(KeyRing::new(
        bytes
            .iter()
            .map(|byte| Secret::new(vec![*byte; 32]))
            .collect(),
    )?)
}

fn new(subject: &str) -> NewSession {
    NewSession {
        issuer: "https://provider.example".to_owned(),
        subject: subject.to_owned(),
        profile: Profile {
            name: Some("Ada".to_owned()),
            ..Profile::default()
        },
        access: Access {
            granted: vec!["openid".to_owned()],
            refused: vec!["email".to_owned()],
            expires_at: Some(1_800_003_600),
            profile_refused: false,
        },
        tokens: Tokens {
            access_token: Secret::new(format!("access-canary-{subject}")),
            refresh_token: Some(Secret::new(format!("refresh-canary-{subject}"))),
            id_token: Some(Secret::new(format!("id-canary-{subject}"))),
        },
        attempt_id: "attempt".to_owned(),
        sid: Some(format!("sid-of-{subject}")),
        user_agent: Some("Test/1".to_owned()),
    }
}

#[tokio::test]
async fn a_session_comes_back_as_it_was_opened() -> TestResult {
    let world = World::new().await?;
    let (id, opened) = world.open("ada").await?;
    assert_eq!(id.secret().expose().len(), 43);
    let found = world.sessions.look_up(&id, Activity::Person).await?;
    let Lookup::Active(found) = found else {
        return Err("not active".into());
    };
    let by_key = world
        .sessions
        .by_key(&opened.key)
        .await?
        .ok_or("not found by key")?;
    for session in [opened, *found, by_key] {
        assert_eq!(session.issuer, "https://provider.example");
        assert_eq!(session.subject, "ada");
        assert_eq!(session.profile, new("ada").profile);
        assert_eq!(session.access, new("ada").access);
        assert_eq!(
            (session.created, session.last_used),
            (1_800_000_000, 1_800_000_000)
        );
        assert_eq!(session.absolute_end, 1_800_043_200);
        assert_eq!(session.attempt_id, "attempt");
    }
    Ok(())
}

#[tokio::test]
async fn an_id_that_was_never_issued_is_absent() -> TestResult {
    let world = World::new().await?;
    let (id, _) = world.open("ada").await?;
    let mut text = id.secret().expose().clone();
    let other = if text.starts_with('A') { "B" } else { "A" };
    text.replace_range(..1, other);
    let tampered = SessionId::parse(&Secret::new(text)).ok_or("not an id")?;
    assert_eq!(
        world.look_up(&tampered, Activity::Person).await?,
        Found::Absent
    );
    for text in ["", "short", &"+".repeat(43), &"a".repeat(44)] {
        assert!(SessionId::parse(&Secret::new(text.to_owned())).is_none());
    }
    Ok(())
}

#[tokio::test]
async fn signing_in_again_gives_a_new_id_and_destroys_the_earlier_session() -> TestResult {
    let world = World::new().await?;
    let (first, earlier) = world.open("ada").await?;
    for subject in ["ada", "grace"] {
        let (second, session) = world.sessions.open(new(subject), Some(&first)).await?;
        assert_ne!(first.secret().expose(), second.secret().expose());
        let gone = Found::Ended(Failure::SessionExpired);
        assert_eq!(world.look_up(&first, Activity::Person).await?, gone);
        assert!(world.sessions.by_key(&earlier.key).await?.is_none());
        let active = Found::Active(session.key);
        assert_eq!(world.look_up(&second, Activity::Person).await?, active);
    }
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_every_id_of_the_session_and_can_be_repeated() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    let second = world
        .sessions
        .add_id(&session.key)
        .await?
        .ok_or("no second id")?;
    for _ in 0..2 {
        world
            .sessions
            .end(EndOf::Id(&second), Ended::SignedOut)
            .await?;
        for id in [&id, &second] {
            let ended = Found::Ended(Failure::SessionExpired);
            assert_eq!(world.look_up(id, Activity::Person).await?, ended);
        }
    }
    assert!(world.sessions.add_id(&session.key).await?.is_none());
    assert!(world.sessions.by_key(&session.key).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn signing_out_everywhere_tells_the_other_browsers() -> TestResult {
    let world = World::new().await?;
    let (one, _) = world.open("ada").await?;
    let (two, _) = world.open("ada").await?;
    let (other, session) = world.open("grace").await?;
    for (issuer, count) in [
        ("https://other.example", 0),
        ("https://provider.example", 2),
    ] {
        let account = EndOf::Account {
            issuer,
            subject: "ada",
        };
        let ended = world.sessions.end(account, Ended::Revoked).await?;
        assert_eq!(ended.len(), count, "{issuer}");
    }
    for id in [one, two] {
        let revoked = Found::Ended(Failure::SessionRevoked);
        assert_eq!(world.look_up(&id, Activity::Person).await?, revoked);
    }
    assert_eq!(
        world.look_up(&other, Activity::Person).await?,
        Found::Active(session.key)
    );
    Ok(())
}

#[tokio::test]
async fn a_new_profile_is_kept() -> TestResult {
    let world = World::new().await?;
    let (_, session) = world.open("ada").await?;
    assert_eq!(session.profile_read, session.created);
    world.clock.advance(60);
    let profile = Profile {
        name: Some("Ada Lovelace".to_owned()),
        ..Profile::default()
    };
    world
        .sessions
        .update_profile(&session.key, &profile)
        .await?;
    world.sessions.update_profile("unknown", &profile).await?;
    let session = world.sessions.by_key(&session.key).await?.ok_or("gone")?;
    assert_eq!(session.profile, profile);
    assert_eq!(session.profile_read, session.created + 60);
    assert_eq!(
        world.sessions.tokens(&session)?.access_token.expose(),
        "access-canary-ada"
    );
    Ok(())
}

#[tokio::test]
async fn a_profile_without_a_time_is_as_old_as_the_session() -> TestResult {
    let world = World::new().await?;
    let (_, session) = world.open("ada").await?;
    world.clock.advance(60);
    let former = r#"{"name":"Ada","email_verified":false}"#;
    world
        .store
        .write_profile(&session.key, former, None)
        .await?;
    let found = world.sessions.by_key(&session.key).await?.ok_or("gone")?;
    assert_eq!(found.profile, session.profile);
    assert_eq!(found.profile_read, session.created);
    Ok(())
}

#[tokio::test]
async fn a_session_of_another_version_is_dropped_and_absent() -> TestResult {
    let world = World::new().await?;
    let id = SessionId::parse(&Secret::new("s".repeat(43))).ok_or("not an id")?;
    let (_, session) = world.open("ada").await?;
    let good = world
        .store
        .find_session(&session.key)
        .await?
        .ok_or("gone")?;
    let good = SessionRecord {
        key: "damaged".to_owned(),
        ..good
    };
    for record in [
        SessionRecord {
            body: "{}".to_owned(),
            ..good.clone()
        },
        SessionRecord {
            profile: "[".to_owned(),
            ..good.clone()
        },
    ] {
        let hash = sha256(id.secret().expose());
        world
            .store
            .insert_session(&record, &hash, i64::MAX, None)
            .await?;
        assert_eq!(world.look_up(&id, Activity::Person).await?, Found::Absent);
        assert_eq!(world.store.find_session("damaged").await?, None);
    }
    Ok(())
}
