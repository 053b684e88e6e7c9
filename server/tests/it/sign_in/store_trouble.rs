//! A store that fails in the middle of a sign-in (H1 to H4), and a random source that is dry.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::rig::{
    Browser, Outcome, Plan, World, browser::begin_message, check_failure, falling::DryRandom,
    frail_store::EVERYTHING, provider::random,
};

/// H1.
#[tokio::test]
async fn no_store_no_beginning() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let message = begin_message(&random()?, &random()?, "/account")?;
    for broken in [EVERYTHING, "insert_attempt"] {
        world.store.breaks(&[broken]);
        let answer = browser
            .send(browser.call("begin_sign_in", &message))
            .await?;
        check_failure(broken, &answer, 503, "store-down")?;
        assert_eq!(answer.cookies(), [""; 0], "{broken}");
    }
    world.store.breaks(&[]);
    let answer = browser
        .send(browser.call("begin_sign_in", &message))
        .await?;
    assert_eq!(answer.status, 200, "the same message works when it is back");
    Ok(())
}

/// H2: before the attempt is consumed, nothing is sent and nothing is lost.
#[tokio::test]
async fn the_same_completion_works_when_the_store_is_back() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    for broken in [EVERYTHING, "find_attempt", "take_attempt"] {
        world.store.breaks(&[broken]);
        let answer = browser.complete(&signing, &arrival).await?;
        check_failure(broken, &answer, 503, "store-down")?;
    }
    assert_eq!(world.provider.calls(), 0);
    world.store.breaks(&[]);
    assert_eq!(browser.complete(&signing, &arrival).await?.status, 200);
    Ok(())
}

/// H3: after the token answer there is no half session.
#[tokio::test]
async fn a_session_that_cannot_be_stored_is_no_session() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.store.breaks(&["insert_session"]);
    let answer = browser.complete(&signing, &arrival).await?;
    check_failure("insert_session", &answer, 503, "store-down")?;
    assert_eq!(world.provider.asked("/token").len(), 2);
    world.store.breaks(&[]);
    let again = browser.complete(&signing, &arrival).await?;
    check_failure("again", &again, 503, "store-down")?;
    assert_eq!(
        world.provider.asked("/token").len(),
        2,
        "the code travels once"
    );
    assert!(
        browser.is_signed_in().await?,
        "the session before is untouched"
    );
    Ok(())
}

/// H3: tokens that no session holds are given back.
#[tokio::test]
async fn tokens_of_a_session_that_cannot_be_stored_are_given_back() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    world.store.breaks(&["insert_session"]);
    let answer = browser.complete(&signing, &arrival).await?;
    check_failure("insert_session", &answer, 503, "store-down")?;
    let given_back = async {
        loop {
            let calls = world.provider.calls();
            if let [asked] = world.provider.asked("/revoke").as_slice() {
                return Outcome::Ok(asked.field("token_type_hint"));
            }
            world.provider.arrived(calls + 1).await?;
        }
    };
    let hint = timeout(Duration::from_secs(10), given_back).await??;
    assert_eq!(hint.as_deref(), Some("refresh_token"));
    world.store.breaks(&[]);
    assert!(!browser.is_signed_in().await?);
    Ok(())
}

/// The session is there; only a repeat is worse off.
#[tokio::test]
async fn an_outcome_that_cannot_be_stored_is_still_told() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.store.breaks(&["close_attempt", "has_live_attempt"]);
    assert_eq!(browser.complete(&signing, &arrival).await?.status, 200);
    assert!(browser.is_signed_in().await?);
    world.store.breaks(&[]);
    world.clock.advance(31);
    let again = browser.complete(&signing, &arrival).await?;
    check_failure("again", &again, 400, "already-used")
}

/// There is no second source: nothing that must not be guessed is made of anything else.
#[tokio::test]
async fn without_random_bytes_nothing_begins_and_nobody_signs_in() -> Outcome {
    let dry = Arc::new(DryRandom::default());
    let world = Plan::new().random(Arc::clone(&dry) as _).start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    dry.is_dry(true);
    let message = begin_message(&random()?, &random()?, "/account")?;
    let answer = browser
        .send(browser.call("begin_sign_in", &message))
        .await?;
    check_failure("begin", &answer, 500, "unexpected")?;
    assert_eq!(answer.cookies(), [""; 0]);
    let answer = browser.complete(&signing, &arrival).await?;
    check_failure("complete", &answer, 500, "unexpected")?;
    dry.is_dry(false);
    browser.sign_in(&world.provider, "alice").await?;
    Ok(())
}
