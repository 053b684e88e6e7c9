//! What the store may not learn, and what opens only in its own place.

use std::{fs, sync::Arc};

use serde_json::Value;
use wrengate_backend::{
    attempt::{Attempts, NewAttempt},
    clock::ManualClock,
    random::SeededRandom,
    session::{KeyRing, KeyRingError, SealError, Session},
    store::{self, Reseal},
};
use wrengate_protocol::{
    Secret, discovery::Metadata, encoding::sha256, issuer::parse_endpoint, pkce::CodeVerifier,
    profile::Profile, return_to::ReturnTo, state::State,
};

use super::{TestResult, World, new, ring};

/// Puts other sealed text into a session's record and reads the session again.
async fn with_sealed(world: &World, session: &Session, sealed: &str) -> TestResult<Session> {
    let stored = world
        .store
        .find_session(&session.key)
        .await?
        .ok_or("gone")?;
    let reseal = Reseal {
        from: &stored.sealed,
        to: sealed,
    };
    world
        .store
        .write_profile(&session.key, &stored.profile, Some(reseal))
        .await?;
    Ok(world.sessions.by_key(&session.key).await?.ok_or("gone")?)
}

async fn sealed(world: &World, session: &Session) -> TestResult<String> {
    Ok(world
        .store
        .find_session(&session.key)
        .await?
        .ok_or("gone")?
        .sealed)
}

#[tokio::test]
async fn tokens_come_back_as_the_provider_gave_them() -> TestResult {
    let world = World::new().await?;
    let (_, session) = world.open("ada").await?;
    let tokens = world.sessions.tokens(&session)?;
    assert_eq!(tokens.access_token.expose(), "access-canary-ada");
    assert_eq!(
        tokens.refresh_token.ok_or("none")?.expose(),
        "refresh-canary-ada"
    );
    assert_eq!(tokens.id_token.ok_or("none")?.expose(), "id-canary-ada");
    let mut bare = new("grace");
    (bare.tokens.refresh_token, bare.tokens.id_token) = (None, None);
    let (_, session) = world.sessions.open(bare, None).await?;
    let tokens = world.sessions.tokens(&session)?;
    assert!(tokens.refresh_token.is_none() && tokens.id_token.is_none());
    Ok(())
}

#[tokio::test]
async fn equal_tokens_are_never_sealed_alike() -> TestResult {
    let world = World::new().await?;
    let (_, one) = world.open("ada").await?;
    let (_, two) = world.open("ada").await?;
    assert_ne!(sealed(&world, &one).await?, sealed(&world, &two).await?);
    Ok(())
}

#[tokio::test]
async fn sealed_tokens_of_another_session_do_not_open() -> TestResult {
    let world = World::new().await?;
    let (_, one) = world.open("ada").await?;
    let (_, two) = world.open("ada").await?;
    let (of_one, of_two) = (sealed(&world, &one).await?, sealed(&world, &two).await?);
    let one = with_sealed(&world, &one, &of_two).await?;
    let two = with_sealed(&world, &two, &of_one).await?;
    for session in [one, two] {
        assert_eq!(
            world.sessions.tokens(&session).err(),
            Some(SealError::Tampered)
        );
    }
    Ok(())
}

#[tokio::test]
async fn sealed_tokens_of_another_field_do_not_open() -> TestResult {
    let world = World::new().await?;
    let (_, session) = world.open("ada").await?;
    let mut fields: Value = serde_json::from_str(&sealed(&world, &session).await?)?;
    let access = fields.get_mut("access").ok_or("no such field")?.take();
    let refresh = fields.get_mut("refresh").ok_or("no such field")?.take();
    let swapped = serde_json::json!({ "access": refresh, "refresh": access, "id": null });
    let session = with_sealed(&world, &session, &swapped.to_string()).await?;
    assert_eq!(
        world.sessions.tokens(&session).err(),
        Some(SealError::Tampered)
    );
    Ok(())
}

#[tokio::test]
async fn a_session_lives_on_when_its_tokens_were_changed() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    let good = sealed(&world, &session).await?;
    let mut fields: Value = serde_json::from_str(&good)?;
    let text = fields.pointer_mut("/access/text").ok_or("no such field")?;
    let changed = text.as_str().map(|text| {
        let first = if text.starts_with('A') { "B" } else { "A" };
        text.get(1..).map(|rest| format!("{first}{rest}"))
    });
    *text = Value::from(changed.flatten());
    let tampered = with_sealed(&world, &session, &fields.to_string()).await?;
    assert_eq!(
        world.sessions.tokens(&tampered).err(),
        Some(SealError::Tampered)
    );
    let unreadable = with_sealed(&world, &session, "not json").await?;
    assert_eq!(
        world.sessions.tokens(&unreadable).err(),
        Some(SealError::Unreadable)
    );
    let found = world.look_up(&id, super::Activity::Person).await?;
    assert_eq!(found, super::Found::Active(session.key.clone()));
    let profile = Profile::default();
    world
        .sessions
        .update_profile(&session.key, &profile)
        .await?;
    let session = world.sessions.by_key(&session.key).await?.ok_or("gone")?;
    assert_eq!(
        session.profile, profile,
        "the profile is written all the same"
    );
    Ok(())
}

#[tokio::test]
async fn a_new_key_opens_old_sessions_and_seals_them_anew_at_the_next_write() -> TestResult {
    let world = World::new().await?;
    let (_, session) = world.open("ada").await?;
    let rotated = World::with(Arc::clone(&world.store), ring(&[2, 1])?);
    let tokens = rotated.sessions.tokens(&session)?;
    assert_eq!(tokens.access_token.expose(), "access-canary-ada");
    let only_new = World::with(Arc::clone(&world.store), ring(&[2])?);
    assert_eq!(
        only_new.sessions.tokens(&session).err(),
        Some(SealError::UnknownKey)
    );

    rotated
        .sessions
        .update_profile(&session.key, &session.profile)
        .await?;
    let session = only_new
        .sessions
        .by_key(&session.key)
        .await?
        .ok_or("gone")?;
    let tokens = only_new.sessions.tokens(&session)?;
    assert_eq!(tokens.access_token.expose(), "access-canary-ada");
    assert_eq!(tokens.id_token.ok_or("none")?.expose(), "id-canary-ada");
    assert_eq!(
        world.sessions.tokens(&session).err(),
        Some(SealError::UnknownKey)
    );

    let before = sealed(&world, &session).await?;
    rotated
        .sessions
        .update_profile(&session.key, &session.profile)
        .await?;
    assert_eq!(
        sealed(&world, &session).await?,
        before,
        "under the first key nothing changes"
    );
    Ok(())
}

#[test]
fn keys_have_at_least_32_bytes() -> TestResult {
    let keys = |lengths: &[usize]| {
        KeyRing::new(
            lengths
                .iter()
                .map(|length| Secret::new(vec![7; *length]))
                .collect(),
        )
    };
    assert_eq!(keys(&[]).err(), Some(KeyRingError::NoKey));
    assert_eq!(
        keys(&[31]).err(),
        Some(KeyRingError::TooShort { number: 1 })
    );
    assert_eq!(
        keys(&[32, 0]).err(),
        Some(KeyRingError::TooShort { number: 2 })
    );
    keys(&[32, 33, 64])?;
    Ok(())
}

#[tokio::test]
async fn a_long_key_is_used_whole_and_its_id_says_nothing_of_it() -> TestResult {
    let long = |last| {
        let mut key = vec![9; 40];
        key.push(last);
        KeyRing::new(vec![Secret::new(key)])
    };
    let store = store::open("sqlite::memory:").await?;
    let world = World::with(Arc::clone(&store), long(1)?);
    let (_, session) = world.open("ada").await?;
    let other = World::with(store, long(2)?);
    assert_eq!(
        other.sessions.tokens(&session).err(),
        Some(SealError::UnknownKey)
    );
    // The key in use is the SHA-256 of the one given; the id may not be a piece of it.
    let in_use = sha256(&format!("{}\u{1}", "\u{9}".repeat(40)));
    let piece = u64::from_be_bytes(*in_use.first_chunk().ok_or("too short")?);
    assert!(
        !sealed(&world, &session)
            .await?
            .contains(&format!("{piece:016x}"))
    );
    Ok(())
}

#[tokio::test]
async fn the_files_of_the_store_hold_no_secret() -> TestResult {
    let folder = tempfile::tempdir()?;
    let address = format!("sqlite:{}", folder.path().join("store.db").display());
    let world = World::with(store::open(&address).await?, ring(&[1])?);
    let (id, session) = world.open("ada").await?;
    let second = world
        .sessions
        .add_id(&session.key)
        .await?
        .ok_or("no second id")?;
    world.look_up(&id, super::Activity::Person).await?;

    let attempts = Attempts::new(
        Arc::clone(&world.store),
        Arc::new(ManualClock::new(1_800_000_000)),
        Arc::new(SeededRandom::default()),
    );
    let state = State::from_random(&[5; 32]);
    let verifier = CodeVerifier::from_random(&[6; 32]);
    let code = Secret::new("code-canary".to_owned());
    let cookie = attempts.register(attempt(&state, &verifier)?, None).await?;
    let found = attempts.find(&state).await?.ok_or("gone")?;
    assert!(attempts.consume(&found, &code, &verifier).await?);

    let mut bytes = Vec::new();
    for file in fs::read_dir(folder.path())? {
        bytes.extend(fs::read(file?.path())?);
    }
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(
        holds(&session.key) && holds(&found.id),
        "the search finds what is there"
    );
    let secrets = [id.secret(), second.secret(), &cookie, &code];
    let secrets = secrets.into_iter().map(|secret| secret.expose().as_str());
    for secret in secrets.chain([state.expose(), verifier.expose(), "-canary-"]) {
        assert!(!holds(secret));
    }
    Ok(())
}

#[tokio::test]
async fn what_is_printed_for_debugging_holds_no_secret_and_no_name() -> TestResult {
    let world = World::new().await?;
    let (id, session) = world.open("ada").await?;
    let stored = world
        .store
        .find_session(&session.key)
        .await?
        .ok_or("gone")?;
    let tokens = world.sessions.tokens(&session)?;
    let printed = format!(
        "{id:?} {session:?} {stored:?} {tokens:?} {:?} {:?} {:?}",
        new("ada"),
        ring(&[1])?,
        world.sessions
    );
    assert!(printed.contains(&session.key));
    for secret in [
        id.secret().expose().as_str(),
        "-canary-",
        "Ada",
        &stored.sealed,
    ] {
        assert!(!printed.contains(secret));
    }
    Ok(())
}

fn attempt(state: &State, verifier: &CodeVerifier) -> TestResult<NewAttempt> {
    let endpoint = parse_endpoint("https://provider.example/endpoint")?;
    Ok(NewAttempt {
        code_challenge: verifier.challenge(),
        state: state.clone(),
        nonce: None,
        metadata: Metadata::by_hand(None, endpoint.clone(), endpoint.clone(), endpoint),
        client_id: "client".to_owned(),
        redirect_uri: "https://app.example/callback".to_owned(),
        scopes: Vec::new(),
        return_to: ReturnTo::account(),
    })
}
