//! The repeat rule: the same call twice gets the same answer, anything else about a used attempt none.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::rig::{Answer, Browser, Outcome, Reply, World, check_failure, provider::random};

/// Whom an answer lets its browser in as.
async fn person(browser: &Browser, answer: &Answer) -> Outcome<Value> {
    let mut browser = browser.clone();
    browser.receives(answer);
    browser.session().await?.json()
}

/// E12.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_parallel_completions_are_one() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let completion = browser.completion(&signing, &arrival);
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let completion = completion.clone();
        calls.spawn(async move { completion.send(world.addr).await });
    }
    let mut bodies = Vec::new();
    while let Some(answer) = calls.join_next().await {
        let answer = answer??;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(person(&browser, &answer).await?["name"], "Dr. alice");
        bodies.push(answer.text());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "equal outcomes: {bodies:?}");
    assert_eq!(world.provider.asked("/token").len(), 1);
    assert_eq!(world.provider.asked("/userinfo").len(), 1);

    // One session: when it ends, all hundred ids are worth nothing.
    let mut last = browser.clone();
    last.receives(&completion.send(world.addr).await?);
    assert_eq!(last.post("/sign-out", "").await?.status, 303);
    let again = completion.send(world.addr).await?;
    check_failure("after the end", &again, 400, "already-used")
}

/// A27 and E13: the first answer never arrived.
#[tokio::test]
async fn a_lost_answer_is_given_again() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin_for("/there").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let lost = browser
        .completion(&signing, &arrival)
        .send(world.addr)
        .await?;
    world.clock.advance(60);
    let again = browser.complete(&signing, &arrival).await?;
    assert_eq!((again.status, again.text()), (200, lost.text()));
    assert!(browser.is_signed_in().await?);
    assert_eq!(world.provider.calls(), 2);
    Ok(())
}

/// A17: the answer arrived, and with it went the attempt cookie; the session stands in for it.
#[tokio::test]
async fn the_session_of_an_attempt_may_repeat_it() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let first = browser.complete(&signing, &arrival).await?;
    assert!(!browser.cookies.contains_key("wrengate-attempt"));
    let id = browser.session_cookie().map(str::to_owned);
    let again = browser.complete(&signing, &arrival).await?;
    assert_eq!((again.status, again.text()), (200, first.text()));
    assert_eq!(
        browser.session_cookie(),
        id.as_deref(),
        "no second id is needed"
    );

    let mut bob = Browser::at(&world);
    bob.sign_in(&world.provider, "bob").await?;
    let answer = bob.complete(&signing, &arrival).await?;
    check_failure("another session", &answer, 400, "state-unmatched")?;
    assert_eq!(world.provider.asked("/token").len(), 2);
    Ok(())
}

/// A19.
#[tokio::test]
async fn a_minute_later_a_repeat_is_too_late() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin_for("/there").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let with_attempt = browser.clone();
    browser.complete(&signing, &arrival).await?;
    world.clock.advance(61);
    for mut own in [with_attempt, browser] {
        let answer = own.complete(&signing, &arrival).await?;
        check_failure("61 s", &answer, 400, "already-used")?;
        assert_eq!(answer.json()?["return_to"], "/there");
    }
    let answer = Browser::at(&world).complete(&signing, &arrival).await?;
    check_failure("without", &answer, 400, "state-unmatched")?;
    assert_eq!(world.provider.calls(), 2);
    Ok(())
}

/// E11, and every other value that is not the first call's.
#[tokio::test]
async fn a_used_attempt_takes_no_other_values() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let before = browser.clone();
    browser.complete(&signing, &arrival).await?;
    let calls = world.provider.calls();
    let message = arrival.message(&signing.verifier);
    let other_code = world.provider.authorize(&signing.url, "mallory")?;
    let with = |name: &str, value: Value| {
        let mut message = message.clone();
        message[name] = value;
        message
    };
    let refusal = json!({"state": arrival.state, "error": "access_denied"});
    for (row, message) in [
        ("other code", with("code", json!(other_code.code))),
        ("other verifier", with("code_verifier", json!(random()?))),
        ("a refusal", refusal),
    ] {
        for own in [&before, &browser] {
            let answer = own
                .call("complete_sign_in", &message)
                .send(world.addr)
                .await?;
            check_failure(row, &answer, 400, "already-used")?;
        }
    }
    assert_eq!(world.provider.calls(), calls);
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// A failure is repeated as it was, with the reference under which it stands in the log.
#[tokio::test]
async fn a_repeated_failure_is_the_same_failure() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    world.provider.replies(
        "/token",
        Reply::json(400, &json!({"error": "invalid_grant"})),
    );
    let signing = browser.begin_for("/there").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let first = browser.complete(&signing, &arrival).await?;
    check_failure("first", &first, 400, "code-expired")?;
    assert_eq!(first.json()?["return_to"], "/there");
    world.provider.behaves();
    let again = browser.complete(&signing, &arrival).await?;
    check_failure("again", &again, 400, "code-expired")?;
    assert_eq!(again.text(), first.text());
    world.clock.advance(61);
    let late = browser.complete(&signing, &arrival).await?;
    check_failure("late", &late, 400, "already-used")?;
    assert_eq!(
        world.provider.calls(),
        1,
        "a failed attempt is never revived"
    );
    Ok(())
}

/// A18: two pages with the same address, the second while the first still waits.
#[tokio::test]
async fn a_repeat_waits_for_the_exchange_that_runs() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let completion = browser.completion(&signing, &arrival);
    world.provider.holds();
    let addr = world.addr;
    let first = tokio::spawn({
        let completion = completion.clone();
        async move { completion.send(addr).await }
    });
    world.provider.arrived(1).await?;
    let second = tokio::spawn(async move { completion.send(addr).await });
    // The other call is about the attempt that is taken, and is answered at once.
    let mut other = arrival.clone();
    other.code = "another".to_owned();
    let answer = browser.complete(&signing, &other).await?;
    check_failure("other code", &answer, 400, "already-used")?;
    world.provider.goes_on();
    let (first, second) = (first.await??, second.await??);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.text(), second.text());
    assert_eq!(world.provider.asked("/token").len(), 1);
    Ok(())
}
