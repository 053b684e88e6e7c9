//! One refresh at a time, in one process.

use serde_json::json;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::{LIFE, answers, bearer, check_refreshes, refreshing, signed_in, stored};
use crate::rig::{Browser, NOW, Outcome, Plan, Request, World, log};

#[tokio::test]
async fn a_token_that_is_over_is_renewed_and_the_new_one_is_used() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world
        .provider
        .knows("alice", json!({"sub": "alice", "name": "New Name"}));
    let told = check_refreshes("over", &mut browser).await?;
    assert_eq!(told["profile"]["name"], "New Name");
    assert_eq!(told["access"]["expires_at"], NOW + LIFE + 3600);
    assert_eq!(
        told.as_object().map(serde_json::Map::len),
        Some(2),
        "{told}"
    );
    let refreshes = world.provider.refreshes();
    let [asked] = refreshes.as_slice() else {
        return Err(format!("{refreshes:?}").into());
    };
    let names: Vec<_> = form_urlencoded::parse(asked.body.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["grant_type", "refresh_token", "client_id"]);
    assert!(asked.headers.contains_key("authorization"), "{asked:?}");
    let used = bearer(&world);
    assert!(
        matches!(used.as_slice(), [first, second] if first != second),
        "{used:?}"
    );
    // The form does the same, and what is good is not renewed.
    let answer = browser.post("/profile/refresh", "").await?;
    assert_eq!(answer.header("location"), Some("/account"));
    assert_eq!(world.provider.refreshes().len(), 1);
    assert_eq!(browser.session().await?.json()?["name"], "New Name");
    let log = log::text();
    for secret in used.iter().chain(&asked.field("refresh_token")) {
        assert!(!log.contains(secret.as_str()));
    }
    Ok(())
}

/// E15, and the rotation goes on from refresh to refresh.
#[tokio::test]
async fn fifty_calls_at_once_cause_one_refresh() -> Outcome {
    let world = World::start().await?;
    let browser = signed_in(&world).await?;
    world.provider.refresh_members(json!({"expires_in": LIFE}));
    for round in 1..=3 {
        world.clock.advance(LIFE);
        let calls = (0..50).map(|_| refreshing(&browser)).collect();
        for answer in answers(calls).await? {
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        assert_eq!(world.provider.refreshes().len(), round);
        assert_eq!(world.provider.live_grants(), 1);
    }
    let counted = world.metrics().await?;
    assert!(
        counted.contains("wrengate_renewals_total{outcome=\"ok\"} 3"),
        "{counted}"
    );
    Ok(())
}

#[tokio::test]
async fn a_token_is_renewed_once_less_than_the_margin_is_left() -> Outcome {
    for (margin, good_at) in [(None, LIFE - 60), (Some("0"), LIFE), (Some("200"), 100)] {
        let mut plan = Plan::new();
        if let Some(margin) = margin {
            plan = plan.setting("WRENGATE_REFRESH_MARGIN_SECONDS", margin);
        }
        let world = plan.start().await?;
        let mut browser = signed_in(&world).await?;
        // With a margin of nothing, the last second is the one before the end.
        world.clock.advance(good_at.min(LIFE - 1));
        check_refreshes("good", &mut browser).await?;
        assert_eq!(world.provider.refreshes().len(), 0, "{margin:?}");
        world.clock.advance(1);
        check_refreshes("soon over", &mut browser).await?;
        let over = usize::from(good_at != LIFE);
        assert_eq!(world.provider.refreshes().len(), over, "{margin:?}");
        world.clock.advance(1);
        check_refreshes("over", &mut browser).await?;
        assert_eq!(world.provider.refreshes().len(), 1, "{margin:?}");
    }
    Ok(())
}

/// A browser that sends its request and goes away once the provider was asked.
async fn goes_away(world: &World, browser: &Browser) -> Outcome {
    let before = world.provider.calls();
    world.provider.holds();
    let mut connection = TcpStream::connect(world.addr).await?;
    let call = browser.call("refresh_profile", &json!({}));
    connection.write_all(&call.encode()).await?;
    world.provider.arrived(before + 1).await?;
    // With a reset, so that the server surely notices.
    connection.set_zero_linger()?;
    drop(connection);
    // The server has read the reset by the time it has answered somebody who came later.
    assert_eq!(Request::get("/healthz").send(world.addr).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_browser_that_goes_away_cancels_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    goes_away(&world, &browser).await?;
    let next = refreshing(&browser);
    world.provider.goes_on();
    assert_eq!(next.await??.1.status, 200);
    check_refreshes("later", &mut browser).await?;
    assert_eq!(world.provider.refreshes().len(), 1);
    assert_eq!(stored(&world, &browser).await?.version, 1);
    Ok(())
}

#[tokio::test]
async fn stopping_waits_for_a_renewal_that_nobody_waits_for() -> Outcome {
    let world = World::start().await?;
    let browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    goes_away(&world, &browser).await?;
    world.stop().await;
    while let Ok(stream) = TcpStream::connect(world.addr).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    assert_eq!(stored(&world, &browser).await?.version, 0);
    world.provider.goes_on();
    world.stopped().await?;
    assert_eq!(stored(&world, &browser).await?.version, 1);
    Ok(())
}
