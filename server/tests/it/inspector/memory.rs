//! Memory is bounded, whatever comes.

use serde_json::json;
use wrengate_backend::{
    inspector::{BYTES, OF_EVERYBODY, OF_ONE_BROWSER},
    sign_in::Presented,
};

use super::traces;
use crate::rig::{Browser, Outcome, Reply, World, browser::begin_message, provider::random};

#[tokio::test]
async fn a_browser_has_its_last_five() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let mut ids = Vec::new();
    for _ in 0..8 {
        browser.begin().await?;
        let seen = traces(&mut browser).await?;
        ids.extend(seen.first().map(|trace| trace.id.clone()));
        assert!(seen.len() <= OF_ONE_BROWSER);
    }
    let seen = traces(&mut browser).await?;
    let seen: Vec<_> = seen.into_iter().map(|trace| trace.id).collect();
    let last: Vec<_> = ids.into_iter().rev().take(OF_ONE_BROWSER).collect();
    assert_eq!(seen, last);
    Ok(())
}

/// A provider that answers as much as it may fills no memory.
#[tokio::test]
async fn a_talkative_provider_is_cut() -> Outcome {
    let world = World::start().await?;
    let mut claims = json!({"sub": "alice"});
    for number in 0..1000 {
        claims[format!("claim{number}")] = json!("word ".repeat(20));
    }
    claims["name"] = json!("name ".repeat(10_000));
    world
        .provider
        .replies("/userinfo", Reply::json(200, &claims));
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let answer = browser.open("/inspector/trace").await?;
    assert!(answer.body.len() < 64 * 1024, "{}", answer.body.len());
    Ok(())
}

#[tokio::test]
async fn ten_thousand_attempts_take_no_more_than_the_cap() -> Outcome {
    let world = World::start().await?;
    let inspector = world.services.inspector.clone();
    let mut most = inspector.size();
    for number in 0..10_000 {
        // Every second one is of a browser that comes back.
        let cookie = wrengate_protocol::Secret::new(if number % 2 == 0 {
            random()?
        } else {
            "a-browser-that-comes-back".to_owned()
        });
        let message = begin_message(&random()?, &random()?, "/")?;
        let message: wrengate_protocol::messages::BeginSignIn = serde_json::from_value(message)?;
        let presented = Presented {
            inspector: Some(cookie),
            ..Presented::default()
        };
        let recorder = inspector.begin(&presented, &message.check()?);
        recorder.left();
        let size = inspector.size();
        most.attempts = most.attempts.max(size.attempts);
        most.bytes = most.bytes.max(size.bytes);
    }
    assert!(
        most.attempts <= OF_EVERYBODY && most.bytes <= BYTES,
        "{most:?}"
    );
    assert_eq!(inspector.size().attempts, OF_EVERYBODY);
    world.clock.advance(15 * 60);
    let size = inspector.size();
    assert_eq!((size.attempts, size.bytes), (0, 0));
    Ok(())
}

/// Whoever begins as many as there is room for loses their own.
#[tokio::test]
async fn one_network_pushes_nobody_else_out() -> Outcome {
    let world = World::start().await?;
    let inspector = world.services.inspector.clone();
    let begins = async |network: [u8; 4]| -> Outcome<wrengate_protocol::Secret<String>> {
        let cookie = wrengate_protocol::Secret::new(random()?);
        let presented = Presented {
            inspector: Some(cookie.clone()),
            network: Some(network.into()),
            ..Presented::default()
        };
        let message = begin_message(&random()?, &random()?, "/")?;
        let message: wrengate_protocol::messages::BeginSignIn = serde_json::from_value(message)?;
        inspector.begin(&presented, &message.check()?).left();
        Ok(cookie)
    };
    let alice = begins([203, 0, 113, 1]).await?;
    let bob = begins([203, 0, 113, 2]).await?;
    for _ in 0..OF_EVERYBODY {
        begins([203, 0, 113, 3]).await?;
    }
    assert_eq!(inspector.size().attempts, OF_EVERYBODY);
    for cookie in [alice, bob] {
        assert_eq!(inspector.traces(Some(&cookie)).await.traces.len(), 1);
    }
    Ok(())
}

/// Answers that are of no attempt are made up in no time.
#[tokio::test]
async fn a_browser_has_one_answer_that_is_of_no_attempt() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    for _ in 0..4 {
        browser.bring_error(&random()?, "access_denied").await?;
        assert_eq!(traces(&mut browser).await?.len(), 2);
    }
    browser.begin().await?;
    assert_eq!(traces(&mut browser).await?.len(), 3);
    Ok(())
}
