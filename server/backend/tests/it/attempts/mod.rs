//! What attempts promise, over a real store.

mod ending;

use std::sync::Arc;

use wrengate_backend::{
    attempt::{Attempt, Attempts, NewAttempt, Outcome, RegisterError, Status},
    clock::ManualClock,
    random::SeededRandom,
    store::{self, AttemptCaps, AttemptRecord, Store},
};
use wrengate_protocol::{
    Failure, Secret,
    discovery::Metadata,
    issuer::{Issuer, parse_endpoint},
    messages::Problem,
    nonce::Nonce,
    pkce::CodeVerifier,
    return_to::ReturnTo,
    state::State,
};

use crate::store_suite::TestResult;

/// Attempts over an empty store, with a clock that tests move.
struct World {
    attempts: Attempts,
    clock: Arc<ManualClock>,
    store: Arc<dyn Store>,
}

impl World {
    async fn new() -> TestResult<Self> {
        let store = store::open("sqlite::memory:").await?;
        let clock = Arc::new(ManualClock::new(1_800_000_000));
        let random = Arc::new(SeededRandom::default());
        let attempts = Attempts::new(Arc::clone(&store), Arc::clone(&clock) as _, random);
        Ok(Self {
            attempts,
            clock,
            store,
        })
    }

    /// Registers the attempt of this number and gives the cookie.
    async fn register(
        &self,
        number: u8,
        cookie: Option<&Secret<String>>,
    ) -> TestResult<Secret<String>> {
        Ok(self.attempts.register(new(number)?, cookie).await?)
    }

    async fn find(&self, number: u8) -> TestResult<Attempt> {
        let found = self.attempts.find(&state(number)).await?;
        Ok(found.ok_or_else(|| format!("attempt {number} is gone"))?)
    }
}

fn state(number: u8) -> State {
    State::from_random(&[number; 32])
}

fn verifier(number: u8) -> CodeVerifier {
    CodeVerifier::from_random(&[number; 32])
}

fn code() -> Secret<String> {
    Secret::new("the code".to_owned())
}

fn metadata() -> TestResult<Metadata> {
    Ok(Metadata {
        iss_advertised: true,
        jwks_uri: Some(parse_endpoint("https://keys.provider.example/jwks")?),
        id_token_algorithms: vec!["ES256".to_owned()],
        ..Metadata::by_hand(
            Some(Issuer::parse("https://provider.example/")?),
            parse_endpoint("https://provider.example/authorize?a=b")?,
            parse_endpoint("https://provider.example/token")?,
            parse_endpoint("http://localhost:9/userinfo")?,
        )
    })
}

fn new(number: u8) -> TestResult<NewAttempt> {
    Ok(NewAttempt {
        code_challenge: verifier(number).challenge(),
        state: state(number),
        nonce: Some(Nonce::from_random(&[number; 32])),
        metadata: metadata()?,
        client_id: "client".to_owned(),
        redirect_uri: "https://app.example/callback".to_owned(),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        return_to: ReturnTo::restore("/reports?year=1".to_owned()),
    })
}

fn failed() -> Outcome {
    Outcome::Failed(Problem::new(Failure::CodeExpired, "reference"))
}

#[tokio::test]
async fn an_attempt_comes_back_as_it_was_registered() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    let attempt = world.find(1).await?;
    assert_eq!(attempt.code_challenge, Some(verifier(1).challenge()));
    assert_eq!(attempt.metadata, Some(metadata()?));
    let nonce = attempt.nonce.ok_or("no nonce")?;
    assert_eq!(nonce.expose(), Nonce::from_random(&[1; 32]).expose());
    assert_eq!(attempt.client_id, "client");
    assert_eq!(attempt.redirect_uri, "https://app.example/callback");
    assert_eq!(attempt.scopes, ["openid", "email"]);
    assert_eq!(attempt.return_to.as_str(), "/reports?year=1");
    assert_eq!(
        (attempt.created, attempt.expires),
        (1_800_000_000, 1_800_000_600)
    );
    assert_eq!(attempt.status, Status::Pending);
    assert_eq!((attempt.code_hash, attempt.verifier_hash), (None, None));
    assert!(attempt.consumed_at.is_none() && attempt.outcome.is_none());
    assert!(world.attempts.find(&state(2)).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_provider_without_issuer_and_a_sign_in_without_nonce_come_back_so() -> TestResult {
    let world = World::new().await?;
    let plain = NewAttempt {
        nonce: None,
        metadata: Metadata {
            issuer: None,
            ..metadata()?
        },
        ..new(1)?
    };
    world.attempts.register(plain, None).await?;
    let attempt = world.find(1).await?;
    assert!(attempt.nonce.is_none());
    assert_eq!(
        attempt.metadata,
        Some(Metadata {
            issuer: None,
            ..metadata()?
        })
    );
    Ok(())
}

#[tokio::test]
async fn an_attempt_belongs_to_the_browser_with_its_cookie() -> TestResult {
    let world = World::new().await?;
    let cookie = world.register(1, None).await?;
    let other = world.register(2, None).await?;
    assert_eq!(cookie.expose().len(), 43);
    let attempt = world.find(1).await?;
    assert!(attempt.belongs_to(Some(&cookie)));
    assert!(!attempt.belongs_to(Some(&other)));
    assert!(!attempt.belongs_to(None));
    Ok(())
}

#[tokio::test]
async fn a_state_is_used_once_even_after_its_attempt_ended() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    world
        .attempts
        .close(&world.find(1).await?, failed())
        .await?;
    let again = world.attempts.register(new(1)?, None).await;
    assert!(matches!(again, Err(RegisterError::StateInUse)));
    Ok(())
}

#[tokio::test]
async fn a_cookie_is_kept_while_a_live_attempt_hangs_on_it() -> TestResult {
    let world = World::new().await?;
    let cookie = world.register(1, None).await?;
    let second = world.register(2, Some(&cookie)).await?;
    assert_eq!(cookie.expose(), second.expose());
    world.clock.advance(600);
    let third = world.register(3, Some(&cookie)).await?;
    assert_ne!(
        cookie.expose(),
        third.expose(),
        "the live attempts had expired"
    );
    Ok(())
}

#[tokio::test]
async fn a_planted_cookie_is_never_adopted() -> TestResult {
    let world = World::new().await?;
    let planted = Secret::new("p".repeat(43));
    let cookie = world.register(1, Some(&planted)).await?;
    assert_ne!(cookie.expose(), planted.expose());
    assert!(!world.find(1).await?.belongs_to(Some(&planted)));
    Ok(())
}

#[tokio::test]
async fn the_sixth_attempt_of_a_browser_evicts_the_oldest() -> TestResult {
    let world = World::new().await?;
    let mut cookie = world.register(1, None).await?;
    for number in 2..=6 {
        cookie = world.register(number, Some(&cookie)).await?;
    }
    assert!(world.attempts.find(&state(1)).await?.is_none());
    for number in 2..=6 {
        assert!(
            world.find(number).await?.belongs_to(Some(&cookie)),
            "{number}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_cookie_must_stay_while_other_attempts_live_on_it() -> TestResult {
    let world = World::new().await?;
    let cookie = world.register(1, None).await?;
    let first = world.find(1).await?;
    assert!(!world.attempts.others_live(&first).await?);
    world.register(2, Some(&cookie)).await?;
    assert!(world.attempts.others_live(&first).await?);
    world
        .attempts
        .close(&world.find(2).await?, failed())
        .await?;
    assert!(!world.attempts.others_live(&first).await?);
    Ok(())
}

#[tokio::test]
async fn an_attempt_of_another_version_is_dropped_and_absent() -> TestResult {
    let world = World::new().await?;
    let now = 1_800_000_000;
    for (number, damage) in (1..).zip([
        |record: &mut AttemptRecord| record.lasting = "{}".to_owned(),
        |record: &mut AttemptRecord| record.passing = None,
        |record: &mut AttemptRecord| record.outcome = Some("\"other\"".to_owned()),
        |record: &mut AttemptRecord| {
            let passing = record.passing.take().unwrap_or_default();
            record.passing = Some(passing.replace("https://provider", "http://provider"));
        },
    ]) {
        world.register(number, None).await?;
        let hash = state(number).hash();
        let mut record = world.store.find_attempt(&hash, now).await?.ok_or("gone")?;
        world.store.delete_attempt(&record.id).await?;
        damage(&mut record);
        let caps = AttemptCaps {
            per_owner: 5,
            overall: 100,
        };
        assert!(world.store.insert_attempt(&record, caps, now).await?);
        assert!(
            world.attempts.find(&state(number)).await?.is_none(),
            "{number}"
        );
        assert!(
            world.store.find_attempt(&hash, now).await?.is_none(),
            "{number} was kept"
        );
    }
    Ok(())
}
