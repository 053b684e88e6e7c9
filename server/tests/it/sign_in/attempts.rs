//! Attempts: whose they are, how many there may be, how long they last.

use serde_json::json;

use crate::rig::{
    Browser, Outcome, World, browser::begin_message, check_failure, provider::random,
};

/// A20.
#[tokio::test]
async fn two_tabs_sign_in_at_once_in_either_order() -> Outcome {
    for first_finishes_first in [true, false] {
        let world = World::start().await?;
        let mut browser = Browser::at(&world);
        let one = browser.begin_for("/one").await?;
        let two = browser.begin_for("/two").await?;
        let one = (world.provider.authorize(&one.url, "alice")?, one, "/one");
        let two = (world.provider.authorize(&two.url, "alice")?, two, "/two");
        let order = if first_finishes_first {
            [one, two]
        } else {
            [two, one]
        };
        let mut sessions = Vec::new();
        for (arrival, signing, return_to) in order {
            let answer = browser.complete(&signing, &arrival).await?;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(answer.json()?["return_to"], return_to);
            sessions.push(browser.session_cookie().map(str::to_owned));
        }
        assert!(browser.is_signed_in().await?, "the later session stays");
        assert_ne!(sessions.first(), sessions.last());
        assert_eq!(world.provider.asked("/token").len(), 2);
    }
    Ok(())
}

/// The attempt cookie goes with the last live attempt, not with the first that ends.
#[tokio::test]
async fn the_attempt_cookie_goes_with_the_last_attempt() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let one = browser.begin().await?;
    let two = browser.begin().await?;
    for (signing, stays) in [(&one, true), (&two, false)] {
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        assert_eq!(browser.complete(signing, &arrival).await?.status, 200);
        assert_eq!(browser.cookies.contains_key("wrengate-attempt"), stays);
    }
    Ok(())
}

/// E14.
#[tokio::test]
async fn a_sixth_attempt_takes_the_place_of_the_oldest() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let mut tabs = Vec::new();
    for _ in 0..6 {
        tabs.push(browser.begin().await?);
    }
    for (number, signing) in tabs.iter().enumerate() {
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let answer = browser.complete(signing, &arrival).await?;
        if number == 0 {
            check_failure("the oldest", &answer, 400, "state-unmatched")?;
        } else {
            assert_eq!(answer.status, 200, "{number}: {}", answer.text());
        }
    }
    assert_eq!(world.provider.asked("/token").len(), 5);
    Ok(())
}

/// E9: every value but the cookie is right.
#[tokio::test]
async fn an_attempt_is_its_own_browsers() -> Outcome {
    let world = World::start().await?;
    let (mut a, mut b) = (Browser::at(&world), Browser::at(&world));
    a.begin().await?;
    let signing = b.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let mut without = Browser::at(&world);
    for stranger in [&mut a, &mut without] {
        let answer = stranger.complete(&signing, &arrival).await?;
        check_failure("stranger", &answer, 400, "state-unmatched")?;
        assert_eq!(
            answer.json()?.get("return_to"),
            None,
            "not told to strangers"
        );
        let answer = stranger
            .bring_error(&signing.state, "access_denied")
            .await?;
        check_failure("stranger", &answer, 400, "state-unmatched")?;
    }
    assert_eq!(world.provider.calls(), 0);
    assert_eq!(b.complete(&signing, &arrival).await?.status, 200);
    Ok(())
}

/// E10, and section 5: it is named even where the cookie is gone, but then without the place.
#[tokio::test]
async fn an_attempt_lasts_ten_minutes() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let early = browser.begin_for("/early").await?;
    let late = browser.begin_for("/late").await?;
    let [early_answer, late_answer] =
        [&early, &late].map(|signing| world.provider.authorize(&signing.url, "alice"));
    world.clock.advance(599);
    assert_eq!(browser.complete(&early, &early_answer?).await?.status, 200);
    world.clock.advance(1);
    let calls = world.provider.calls();
    let arrival = late_answer?;
    let mut elsewhere = Browser::at(&world);
    for (browser, return_to) in [
        (&mut browser, json!("/late")),
        (&mut elsewhere, json!(null)),
    ] {
        let answer = browser.complete(&late, &arrival).await?;
        check_failure("600 s", &answer, 400, "too-long")?;
        assert_eq!(answer.json()?["return_to"], return_to);
    }
    assert_eq!(world.provider.calls(), calls);
    Ok(())
}

/// A21: the attempt stays, until the fifth wrong proof closes it.
#[tokio::test]
async fn a_wrong_verifier_goes_nowhere_and_five_close_the_attempt() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for wrong in [4, 5] {
        let signing = browser.begin().await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        for _ in 0..wrong {
            let message = arrival.message(&random()?);
            let answer = browser
                .send(browser.call("complete_sign_in", &message))
                .await?;
            check_failure("wrong", &answer, 400, "proof-mismatch")?;
        }
        let calls = world.provider.calls();
        let answer = browser.complete(&signing, &arrival).await?;
        if wrong < 5 {
            assert_eq!(answer.status, 200, "{}", answer.text());
        } else {
            check_failure("the sixth", &answer, 400, "already-used")?;
            assert_eq!(world.provider.calls(), calls);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_state_is_used_once() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let state = random()?;
    let message = begin_message(&random()?, &state, "/account")?;
    assert_eq!(
        browser
            .send(browser.call("begin_sign_in", &message))
            .await?
            .status,
        200
    );
    let cookie = browser.cookies.get("wrengate-attempt").cloned();
    let mut other = Browser::at(&world);
    for browser in [&mut browser, &mut other] {
        let again = begin_message(&random()?, &state, "/account")?;
        let answer = browser.send(browser.call("begin_sign_in", &again)).await?;
        check_failure("again", &answer, 400, "already-used")?;
        assert_eq!(answer.cookies(), [""; 0]);
    }
    assert_eq!(browser.cookies.get("wrengate-attempt").cloned(), cookie);
    Ok(())
}

/// E6: what was planted before is worth nothing afterwards.
#[tokio::test]
async fn planted_cookies_are_never_adopted() -> Outcome {
    let world = World::start().await?;
    let planted = random()?;
    let mut victim = Browser::at(&world);
    for name in ["wrengate", "wrengate-attempt"] {
        victim.cookies.insert(name.to_owned(), planted.clone());
    }
    let signing = victim.begin().await?;
    assert_ne!(victim.cookies.get("wrengate-attempt"), Some(&planted));
    let arrival = world.provider.authorize(&signing.url, "alice")?;

    let mut thief = Browser::at(&world);
    thief
        .cookies
        .insert("wrengate-attempt".to_owned(), planted.clone());
    let answer = thief.complete(&signing, &arrival).await?;
    check_failure("thief", &answer, 400, "state-unmatched")?;

    assert_eq!(victim.complete(&signing, &arrival).await?.status, 200);
    assert_ne!(victim.session_cookie(), Some(planted.as_str()));
    let mut thief = Browser::at(&world);
    thief.cookies.insert("wrengate".to_owned(), planted);
    assert!(!thief.is_signed_in().await?);
    Ok(())
}

/// E7: as the same person and as another.
#[tokio::test]
async fn signing_in_again_ends_the_session_before() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let mut other = Browser::at(&world);
    other.sign_in(&world.provider, "alice").await?;
    for person in ["alice", "bob"] {
        let mut before = browser.clone();
        let answer = browser.sign_in(&world.provider, person).await?;
        assert_eq!(answer.json()?["profile"]["name"], format!("Dr. {person}"));
        assert_ne!(browser.session_cookie(), before.session_cookie());
        let answer = before.session().await?;
        check_failure("the old id", &answer, 401, "session-expired")?;
        let page = before.open("/account").await?;
        assert_eq!(page.header("location"), Some("/problem/session-expired"));
        // By its name alone: it would be the new session that the browser loses.
        assert!(before.session_cookie().is_some(), "nothing is taken back");
    }
    assert!(other.is_signed_in().await?, "other browsers are untouched");
    Ok(())
}
