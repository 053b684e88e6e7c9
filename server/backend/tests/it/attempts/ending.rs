//! Consuming and closing.

use wrengate_backend::attempt::{Outcome, Status, VERIFIER_TRIES};
use wrengate_protocol::{Failure, Secret, encoding::sha256, messages::Problem};

use super::{TestResult, World, code, failed, state, verifier};

#[tokio::test]
async fn an_attempt_is_consumed_once_and_notes_with_what() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    let attempt = world.find(1).await?;
    assert!(!attempt.was_consumed_with(&code(), &verifier(1)));
    world.clock.advance(5);
    assert!(
        world
            .attempts
            .consume(&attempt, &code(), &verifier(1))
            .await?
    );
    let other = Secret::new("other".to_owned());
    assert!(
        !world
            .attempts
            .consume(&attempt, &other, &verifier(1))
            .await?
    );
    let attempt = world.find(1).await?;
    assert_eq!(attempt.status, Status::Working);
    assert_eq!(attempt.code_hash, Some(sha256("the code")));
    assert_eq!(attempt.verifier_hash, Some(sha256(verifier(1).expose())));
    assert_eq!(attempt.consumed_at, Some(1_800_000_005));
    assert!(attempt.was_consumed_with(&code(), &verifier(1)));
    assert!(!attempt.was_consumed_with(&other, &verifier(1)));
    assert!(!attempt.was_consumed_with(&code(), &verifier(2)));
    Ok(())
}

#[tokio::test]
async fn an_evicted_attempt_does_not_consume_its_successor_with_the_same_state() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    let evicted = world.find(1).await?;
    world.store.delete_attempt(&evicted.id).await?;
    world.register(1, None).await?;
    assert!(
        !world
            .attempts
            .consume(&evicted, &code(), &verifier(1))
            .await?
    );
    world.attempts.close(&evicted, failed()).await?;
    assert_eq!(world.find(1).await?.status, Status::Pending);
    Ok(())
}

#[tokio::test]
async fn an_attempt_that_took_too_long_is_found_and_cannot_be_consumed() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    world.clock.advance(600);
    let attempt = world.find(1).await?;
    assert!(
        !world
            .attempts
            .consume(&attempt, &code(), &verifier(1))
            .await?
    );
    world.clock.advance(3600);
    assert!(
        world.attempts.find(&state(1)).await?.is_none(),
        "an hour later it is forgotten"
    );
    Ok(())
}

#[tokio::test]
async fn the_fifth_wrong_verifier_closes_the_attempt() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    let attempt = world.find(1).await?;
    for _ in 1..VERIFIER_TRIES {
        world.attempts.count_wrong_verifier(&attempt).await?;
        assert_eq!(world.find(1).await?.status, Status::Pending);
    }
    world.attempts.count_wrong_verifier(&attempt).await?;
    let closed = world.find(1).await?;
    assert_eq!(closed.status, Status::Failed);
    assert!(closed.code_challenge.is_none() && closed.code_hash.is_none());
    assert!(
        !world
            .attempts
            .consume(&attempt, &code(), &verifier(1))
            .await?
    );
    Ok(())
}

#[tokio::test]
async fn a_closed_attempt_keeps_its_outcome_for_an_hour_and_nothing_of_the_proof() -> TestResult {
    let world = World::new().await?;
    let cookie = world.register(1, None).await?;
    let attempt = world.find(1).await?;
    assert!(
        world
            .attempts
            .consume(&attempt, &code(), &verifier(1))
            .await?
    );
    let signed_in = Outcome::SignedIn {
        session_key: "key".to_owned(),
    };
    world.attempts.close(&attempt, signed_in.clone()).await?;
    world.attempts.close(&attempt, failed()).await?;
    world.clock.advance(3599);
    let closed = world.find(1).await?;
    assert_eq!(closed.status, Status::Done);
    assert_eq!(closed.outcome, Some(signed_in), "the first outcome stays");
    assert!(closed.code_challenge.is_none() && closed.nonce.is_none());
    assert!(closed.metadata.is_none());
    assert!(
        closed.was_consumed_with(&code(), &verifier(1)),
        "a repeat is still told apart"
    );
    assert!(closed.belongs_to(Some(&cookie)));
    assert_eq!(closed.return_to.as_str(), "/reports?year=1");
    world.clock.advance(1);
    assert!(world.attempts.find(&state(1)).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_failed_outcome_comes_back_whole() -> TestResult {
    let world = World::new().await?;
    world.register(1, None).await?;
    let problem = Problem {
        provider_says: Some("no".to_owned()),
        retry_after: Some(7),
        ..Problem::new(Failure::Cancelled, "reference")
    };
    let outcome = Outcome::Failed(problem);
    world
        .attempts
        .close(&world.find(1).await?, outcome.clone())
        .await?;
    let closed = world.find(1).await?;
    assert_eq!(
        (closed.status, closed.outcome),
        (Status::Failed, Some(outcome))
    );
    Ok(())
}
