//! A provider that refuses, fails or is not there (E18, E20).

use serde_json::json;

use super::{LIFE, answers, check_ended, check_refreshes, refresh, refreshing, signed_in};
use crate::rig::{Outcome, Plan, Reply, Webhook, World, check_failure};

/// E18, for everybody who waited.
#[tokio::test]
async fn a_refresh_token_that_is_not_accepted_ends_the_session() -> Outcome {
    let world = World::start().await?;
    let browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.provider.forgets_everybody();
    let before = world.provider.calls();
    world.provider.holds();
    let calls: Vec<_> = (0..20).map(|_| refreshing(&browser)).collect();
    world.provider.arrived(before + 1).await?;
    world.provider.goes_on();
    for answer in answers(calls).await? {
        check_failure("refused", &answer, 401, "access-ended")?;
        check_ended(&world, &browser, &answer, "access-ended").await?;
    }
    assert_eq!(world.provider.refreshes().len(), 1);
    Ok(())
}

/// The page of the form says so too, and the cookie goes.
#[tokio::test]
async fn the_form_ends_it_as_well() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.provider.forgets_everybody();
    let before = browser.clone();
    let answer = browser.post("/profile/refresh", "").await?;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), Some("/problem/access-ended"));
    check_ended(&world, &before, &answer, "access-ended").await?;
    let page = before.clone().open("/account").await?;
    assert_eq!(page.header("location"), Some("/problem/access-ended"));
    browser.sign_in(&world.provider, "alice").await?;
    check_refreshes("signed in anew", &mut browser).await?;
    Ok(())
}

#[tokio::test]
async fn what_counts_as_not_accepted() -> Outcome {
    let clerk = json!({"errors": [{"code": "token_invalid"}], "clerk_trace_id": "abc"});
    for (row, reply) in [
        (
            "Clerk",
            Reply::json(401, &json!({"error": "invalid_grant"})),
        ),
        (
            "with 200",
            Reply::json(200, &json!({"error": "invalid_grant"})),
        ),
        (
            "with 500",
            Reply::json(500, &json!({"error": "invalid_grant"})),
        ),
        ("empty", Reply::text(400, "application/json", "")),
        ("no error", Reply::json(400, &json!({}))),
        ("no text", Reply::json(400, &json!({"error": 1}))),
        (
            "no code",
            Reply::json(400, &json!({"error": "Bad <Request>"})),
        ),
        (
            "markup",
            Reply::text(400, "text/html", "<h1>Bad Request</h1>"),
        ),
        ("Clerk's own shape", Reply::json(400, &clerk)),
    ] {
        let world = World::start().await?;
        let mut browser = signed_in(&world).await?;
        let before = browser.clone();
        world.clock.advance(LIFE);
        world.provider.replies("refresh", reply);
        let answer = refresh(&mut browser).await?;
        check_failure(row, &answer, 401, "access-ended")?;
        check_ended(&world, &before, &answer, "access-ended").await?;
    }
    Ok(())
}

fn trouble() -> Vec<(u16, &'static str, Reply)> {
    let error = |status, code: &str| Reply::json(status, &json!({"error": code}));
    vec![
        (502, "client-rejected", error(401, "invalid_client")),
        (502, "client-rejected", error(400, "invalid_client")),
        (502, "client-rejected", Reply::text(401, "text/html", "")),
        (502, "client-rejected", Reply::json(403, &json!({}))),
        (502, "exchange-refused", error(400, "unauthorized_client")),
        (
            502,
            "exchange-refused",
            error(400, "unsupported_grant_type"),
        ),
        (502, "exchange-refused", error(400, "invalid_scope")),
        (502, "unrecognised", error(400, "something_else")),
        (502, "provider-fault", Reply::text(500, "text/html", "")),
        (502, "provider-fault", Reply::text(504, "text/html", "")),
        (503, "provider-busy", Reply::text(503, "text/html", "")),
        (503, "provider-limit", Reply::text(429, "text/html", "")),
        (502, "provider-unreachable", Reply::Lost),
        (
            502,
            "answer-unreadable",
            Reply::text(200, "text/html", "<p>"),
        ),
        (
            502,
            "answer-unreadable",
            Reply::json(200, &json!({"token_type": "Bearer"})),
        ),
        (502, "answer-unreadable", Reply::text(302, "text/html", "")),
    ]
}

/// E20: nobody loses a session to a provider in trouble, however often they ask.
#[tokio::test]
async fn a_provider_in_trouble_costs_nobody_the_session() -> Outcome {
    for (status, failure, reply) in trouble() {
        let row = format!("{failure}: {reply:?}");
        let world = World::start().await?;
        let mut browser = signed_in(&world).await?;
        world.provider.replies("refresh", reply);
        world.clock.advance(LIFE - 30);
        check_refreshes(&row, &mut browser).await?;
        assert_eq!(world.provider.refreshes().len(), 1, "{row}");
        world.clock.advance(30);
        for _ in 0..2 {
            let answer = refresh(&mut browser).await?;
            check_failure(&row, &answer, status, failure)?;
            assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
        }
        assert_eq!(world.provider.refreshes().len(), 3, "{row}");
        assert_eq!(browser.open("/account").await?.status, 200, "{row}");
        world.provider.behaves();
        check_refreshes(&row, &mut browser).await?;
    }
    Ok(())
}

/// A refresh that surely was not seen is sent once more, one in doubt is not.
#[tokio::test]
async fn a_refresh_is_sent_again_only_where_it_surely_was_not_seen() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    let later = Reply::text(503, "text/html", "").and("retry-after", "0");
    world.provider.replies("refresh", later);
    refresh(&mut browser).await?;
    assert_eq!(world.provider.refreshes().len(), 2);
    Ok(())
}

/// Nothing is sent while the breaker is open; what is good is used.
#[tokio::test]
async fn an_open_breaker_costs_nobody_the_session() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world
        .provider
        .replies("refresh", Reply::text(500, "text/html", ""));
    world.clock.advance(LIFE - 1);
    for _ in 0..8 {
        check_refreshes("good for a second", &mut browser).await?;
    }
    assert_eq!(world.provider.refreshes().len(), 5, "then it is left alone");
    world.clock.advance(1);
    let answer = refresh(&mut browser).await?;
    check_failure("over", &answer, 503, "provider-busy")?;
    assert!(answer.header("retry-after").is_some());
    assert_eq!(world.provider.refreshes().len(), 5);
    assert!(browser.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_gone_costs_nobody_the_session() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.provider.dies().await;
    let answer = refresh(&mut browser).await?;
    check_failure("gone", &answer, 502, "provider-unreachable")?;
    world.provider.comes_back().await?;
    check_refreshes("back", &mut browser).await?;
    assert_eq!(world.provider.refreshes().len(), 1);
    Ok(())
}

/// The operator hears of it also where nobody notices, because the token is still good.
#[tokio::test]
async fn trouble_is_alerted_even_if_nobody_notices() -> Outcome {
    let webhook = Webhook::start().await?;
    let world = Plan::new().alerts(&webhook).start().await?;
    let mut browser = signed_in(&world).await?;
    world
        .provider
        .replies("refresh", Reply::text(401, "text/html", ""));
    world.clock.advance(LIFE - 30);
    check_refreshes("still good", &mut browser).await?;
    assert_eq!(webhook.next().await?["kind"], "client-rejected");
    world.clock.advance(30);
    refresh(&mut browser).await?;
    world.provider.behaves();
    world.provider.forgets_everybody();
    refresh(&mut browser).await?;
    assert_eq!(webhook.rest().await, [json!(null); 0]);
    Ok(())
}
