//! What a verdict says is so: nothing passed that was not checked, nothing differs that is equal.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value, json};
use wrengate_backend::provider::{Limits, Readiness};
use wrengate_protocol::trace::{CheckName, Shown, TraceStatus, TraceView, Verdict};

use super::{newest, row, step, traces, verdict};
use crate::rig::{
    Browser, FrozenTime, Outcome, Plan, Reply, World, falling::DryRandom, provider::random,
};

/// As long as those of large providers are, and so as long as a token.
const LONG_ID: &str = "K7vQ2mN8xR4tY6wZ1aB3cD5eF9gH0jL2";
const OTHER_ID: &str = "Z9yX8wV7uT6sR5qP4oN3mL2kJ1iH0gF9";

async fn sign_in(world: &World, browser: &mut Browser) -> Outcome<TraceView> {
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    browser.complete(&signing, &arrival).await?;
    newest(browser).await
}

fn failed_at(trace: &TraceView) -> Option<(u8, &'static str)> {
    match trace.status {
        TraceStatus::Failed {
            number, failure, ..
        } => Some((number, failure.code())),
        _ => None,
    }
}

fn first_advice(trace: &TraceView) -> &str {
    trace.advice.first().map_or("", |advice| advice.as_str())
}

async fn with_a_long_client_id() -> Outcome<World> {
    Plan::new()
        .discovers()
        .without("WRENGATE_CLIENT_ID")
        .setting("WRENGATE_CLIENT_ID", LONG_ID)
        .setting("WRENGATE_TRUSTED_AUDIENCES", "trusted")
        .start()
        .await
}

#[tokio::test]
async fn an_audience_that_is_ours_is_equal_however_long_it_is() -> Outcome {
    let world = with_a_long_client_id().await?;
    for claims in [
        json!({"aud": LONG_ID}),
        json!({"aud": [LONG_ID], "azp": LONG_ID}),
        json!({"aud": [LONG_ID, "trusted"], "azp": LONG_ID}),
    ] {
        world.provider.claims(claims.clone());
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        assert_eq!(trace.status, TraceStatus::SignedIn, "{claims}");
        let token = step(&trace, 5)?.id_token.as_ref().ok_or("no ID token")?;
        for name in ["aud", "azp"]
            .into_iter()
            .filter(|it| claims.get(it).is_some())
        {
            let row = row(&token.claims, name)?;
            assert_eq!(row.expected.as_ref(), Some(&row.value), "{claims}");
            let shown = row.value.shown().unwrap_or_default();
            assert!(shown.contains(LONG_ID), "{claims}: {shown}");
        }
    }
    Ok(())
}

/// Both can be read, or compared by their fingerprints.
#[tokio::test]
async fn an_audience_that_is_not_ours_differs_from_what_was_expected() -> Outcome {
    let world = with_a_long_client_id().await?;
    for (claims, name, readable) in [
        (json!({"aud": OTHER_ID}), "aud", false),
        (json!({"aud": "short"}), "aud", true),
        (
            json!({"aud": [LONG_ID, OTHER_ID], "azp": LONG_ID}),
            "aud",
            true,
        ),
        (json!({"aud": LONG_ID, "azp": OTHER_ID}), "azp", false),
    ] {
        world.provider.claims(claims.clone());
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        assert_eq!(
            verdict(&trace, CheckName::Audience),
            Some(Verdict::Failed),
            "{claims}"
        );
        let token = step(&trace, 5)?.id_token.as_ref().ok_or("no ID token")?;
        let row = row(&token.claims, name)?;
        let expected = row.expected.as_ref().ok_or("nothing was expected")?;
        assert_ne!(expected, &row.value, "{claims}");
        assert_eq!(expected.shown().is_some(), readable, "{claims}");
        assert_eq!(row.value.shown().is_some(), readable, "{claims}");
        assert!(!format!("{trace:?}").contains(OTHER_ID), "{claims}");
        let advice = first_advice(&trace);
        assert!(advice.contains(LONG_ID), "{claims}: {advice}");
        assert!(!advice.contains("(not shown)"), "{claims}: {advice}");
    }
    Ok(())
}

#[tokio::test]
async fn what_fails_before_anybody_leaves_fails_in_the_step_that_asks() -> Outcome {
    let dry = Arc::new(DryRandom::default());
    let plan = Plan::new().random(Arc::clone(&dry) as _);
    let world = plan.start().await?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector").await?;
    world.store.breaks(&["insert_attempt"]);
    assert!(browser.begin().await.is_err());
    let trace = newest(&mut browser).await?;
    assert_eq!(failed_at(&trace), Some((2, "store-down")));
    world.store.breaks(&[]);
    dry.is_dry(true);
    assert!(browser.begin().await.is_err());
    let trace = newest(&mut browser).await?;
    assert_eq!(failed_at(&trace), Some((2, "unexpected")));
    for name in CheckName::ALL {
        assert_eq!(verdict(&trace, name), Some(Verdict::NotReached), "{name:?}");
    }
    Ok(())
}

/// A server that finds no metadata when it starts, and asks no more by itself; and the one that has the
/// same provider.
async fn before_its_provider(slash: &str) -> Outcome<(World, World)> {
    let other = World::start().await?;
    let nothing = Reply::json(404, &json!({}));
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ] {
        other.provider.replies(path, nothing.clone());
    }
    let limits = Limits {
        rediscover_first: Duration::from_hours(1),
        rediscover_longest: Duration::from_hours(1),
        first_pause: Duration::from_millis(1),
        ..Limits::default()
    };
    let issuer = format!("{}{slash}", other.provider.origin);
    let world = Plan::new()
        .discovers()
        .limits(limits)
        .beside(&other)
        .without("WRENGATE_ISSUER")
        .setting("WRENGATE_ISSUER", issuer)
        .start()
        .await?;
    while !matches!(world.services.provider.readiness(), Readiness::Failing(_)) {
        tokio::task::yield_now().await;
    }
    // That failure stands for two seconds.
    world.clock.advance(3);
    other.provider.behaves();
    Ok((world, other))
}

/// Only what is secret in an answer is a secret: addresses that anybody may read are none.
#[tokio::test]
async fn metadata_that_are_fetched_in_the_attempt_are_shown() -> Outcome {
    let (world, _other) = before_its_provider("").await?;
    let mut browser = Browser::at(&world);
    let trace = sign_in(&world, &mut browser).await?;
    assert_eq!(trace.status, TraceStatus::SignedIn);
    let origin = &world.provider.origin;
    let discovery = step(&trace, 0)?;
    let exchange = discovery.exchanges.first().ok_or("no exchange")?;
    let answer = exchange.response.as_ref().ok_or("no answer")?;
    for (name, path) in [
        ("issuer", ""),
        ("authorization_endpoint", "/authorize"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/userinfo"),
        ("jwks_uri", "/jwks"),
    ] {
        let expected = format!("{origin}{path}");
        for rows in [&discovery.rows, &answer.parameters] {
            assert_eq!(row(rows, name)?.value.shown(), Some(expected.as_str()));
        }
    }
    for (number, path) in [(2, "/authorize"), (5, "/token"), (6, "/userinfo")] {
        let exchange = step(&trace, number)?.exchanges.first().ok_or("none")?;
        let expected = format!("{origin}{path}");
        assert_eq!(exchange.request.url.shown(), Some(expected.as_str()));
    }
    let token = step(&trace, 5)?.id_token.as_ref().ok_or("no ID token")?;
    let iss = row(&token.claims, "iss")?;
    assert_eq!(iss.expected.as_ref(), Some(&iss.value));
    Ok(())
}

#[tokio::test]
async fn metadata_of_another_issuer_are_told_with_both_issuers() -> Outcome {
    let (world, _other) = before_its_provider("/").await?;
    let origin = &world.provider.origin;
    let mut browser = Browser::at(&world);
    // The second one is told what the first one found, and asks nobody.
    for _ in 0..2 {
        assert!(browser.begin().await.is_err());
        let trace = newest(&mut browser).await?;
        assert_eq!(failed_at(&trace), Some((0, "metadata-wrong")));
        let advice = first_advice(&trace);
        let both =
            format!("The provider's metadata are of {origin}, the issuer here is {origin}/:");
        assert!(advice.starts_with(&both), "{advice}");
    }
    let first = traces(&mut browser).await?.pop().ok_or("no trace")?;
    let exchange = step(&first, 0)?.exchanges.first().ok_or("no exchange")?;
    assert!(exchange.request.url.shown().is_some());
    Ok(())
}

/// A subject that nobody believed is not the same as another.
#[tokio::test]
async fn userinfo_that_was_refused_is_about_nobody() -> Outcome {
    for reply in [
        Reply::text(200, "text/plain", "{\"sub\":\"mallory\"}"),
        Reply::text(
            200,
            "application/json",
            "{\"sub\":\"alice\",\"sub\":\"alice\"}",
        ),
    ] {
        let world = Plan::new().discovers().start().await?;
        world.provider.replies("/userinfo", reply);
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        assert_eq!(failed_at(&trace), Some((6, "answer-unreadable")));
        let same = verdict(&trace, CheckName::SameSubject);
        assert_eq!(same, Some(Verdict::NotReached));
    }
    Ok(())
}

/// The person is signed in with what the ID token says: nothing failed.
#[tokio::test]
async fn a_profile_that_is_kept_back_is_absent() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let refusal = Reply::json(403, &json!({"error": "insufficient_scope"}));
    world.provider.replies("/userinfo", refusal);
    let trace = sign_in(&world, &mut Browser::at(&world)).await?;
    assert_eq!(trace.status, TraceStatus::SignedIn);
    let same = verdict(&trace, CheckName::SameSubject);
    assert_eq!(same, Some(Verdict::Absent));
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_is_one_that_can_be_used() -> Outcome {
    let world = World::start().await?;
    let tokens = json!({"access_token": "short", "token_type": "Bearer", "refresh_token": null});
    world.provider.replies("/token", Reply::json(200, &tokens));
    let alice = Reply::json(200, &json!({"sub": "alice"}));
    world.provider.replies("/userinfo", alice);
    let trace = sign_in(&world, &mut Browser::at(&world)).await?;
    assert_eq!(trace.status, TraceStatus::SignedIn);
    let refresh = verdict(&trace, CheckName::RefreshToken);
    assert_eq!(refresh, Some(Verdict::Absent));
    world.provider.behaves();
    // One that stands behind all that is shown.
    let many: Map<String, Value> = (0..50).map(|n| (format!("a{n}"), json!(n))).collect();
    world.provider.token_members(many.into());
    let trace = sign_in(&world, &mut Browser::at(&world)).await?;
    let refresh = verdict(&trace, CheckName::RefreshToken);
    assert_eq!(refresh, Some(Verdict::Passed));
    Ok(())
}

/// A provider that asks to be left alone for a second has that second.
#[tokio::test]
async fn time_that_is_waited_for_the_provider_is_the_providers() -> Outcome {
    let world = World::start().await?;
    let busy = Reply::json(503, &json!({})).and("retry-after", "1");
    world.provider.replies("/token", busy);
    let trace = sign_in(&world, &mut Browser::at(&world)).await?;
    assert_eq!(step(&trace, 5)?.exchanges.len(), 2);
    assert!(trace.totals.provider_ms >= 1000, "{:?}", trace.totals);

    // Somebody else is asking already.
    world.provider.holds();
    let limits = Limits {
        total: Duration::from_secs(2),
        idle: Duration::from_secs(1),
        ..Limits::default()
    };
    let asked = world.provider.calls();
    let plan = Plan::new().discovers().limits(limits).beside(&world);
    let waiting = plan.start().await?;
    world.provider.arrived(asked + 1).await?;
    let mut browser = Browser::at(&waiting);
    assert!(browser.begin().await.is_err());
    let trace = newest(&mut browser).await?;
    assert_eq!(step(&trace, 0)?.exchanges, []);
    assert!(trace.totals.provider_ms >= 500, "{:?}", trace.totals);
    Ok(())
}

#[tokio::test]
async fn a_state_passes_only_in_the_browser_of_its_attempt() -> Outcome {
    let world = World::start().await?;
    let (mut mallory, mut victim) = (Browser::at(&world), Browser::at(&world));
    victim.begin().await?;
    let signing = mallory.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "mallory")?;
    world.clock.advance(600);
    victim.complete(&signing, &arrival).await?;
    let seen = newest(&mut victim).await?;
    assert_eq!(failed_at(&seen), Some((4, "too-long")));
    assert_eq!(verdict(&seen, CheckName::State), Some(Verdict::NotReached));
    assert!(row(&step(&seen, 4)?.rows, "state")?.expected.is_some());
    mallory.complete(&signing, &arrival).await?;
    let seen = newest(&mut mallory).await?;
    assert_eq!(failed_at(&seen), Some((4, "too-long")));
    assert_eq!(verdict(&seen, CheckName::State), Some(Verdict::Passed));
    mallory.complete(&signing, &arrival).await?;
    assert_eq!(newest(&mut mallory).await?, seen);
    Ok(())
}

#[tokio::test]
async fn a_message_that_cannot_be_used_is_of_the_attempt_it_names() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let first = browser.begin().await?;
    browser.begin().await?;
    let message = json!({"state": first.state, "code": "a", "error": "b"});
    let call = browser.call("complete_sign_in", &message);
    let answer = browser.send(call).await?.json()?;
    let seen = traces(&mut browser).await?;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].status, TraceStatus::Running);
    assert_eq!(failed_at(&seen[1]), Some((4, "answer-incomplete")));
    let reference = seen[1].reference.as_ref().map(Shown::as_str);
    assert_eq!(reference, answer.get("reference").and_then(Value::as_str));
    assert!(reference.is_some());

    // One of no attempt of this browser leaves those it has.
    let message = json!({"state": random()?, "code": "a", "error": "b"});
    let call = browser.call("complete_sign_in", &message);
    browser.send(call).await?;
    let seen = traces(&mut browser).await?;
    assert_eq!(seen.len(), 3);
    assert_eq!(failed_at(&seen[0]), Some((4, "answer-incomplete")));
    assert_eq!(seen[1].status, TraceStatus::Running);
    Ok(())
}

/// The call that took too long is there, without an answer, in the step that failed.
#[tokio::test]
async fn a_sign_in_that_takes_too_long_fails_where_it_hung() -> Outcome {
    let limits = Limits {
        total: Duration::from_secs(100),
        idle: Duration::from_secs(100),
        ..Limits::default()
    };
    let world = Plan::new().limits(limits).start().await?;
    world.provider.replies("/userinfo", Reply::Silence);
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let time = FrozenTime::begin();
    let request = browser.completion(&signing, &arrival);
    let addr = world.addr;
    let call = tokio::spawn(async move { request.send(addr).await.map_err(|it| it.to_string()) });
    world.provider.arrived(2).await?;
    time.pass(Duration::from_secs(30)).await;
    call.await??;
    let trace = newest(&mut browser).await?;
    assert_eq!(failed_at(&trace), Some((6, "provider-timeout")));
    let userinfo = step(&trace, 6)?;
    let exchange = userinfo.exchanges.first().ok_or("no exchange")?;
    assert_eq!(exchange.response, None);
    assert!(exchange.trouble.is_some());
    assert!(exchange.duration_ms >= 30_000, "{exchange:?}");
    assert!(trace.totals.provider_ms >= 30_000, "{:?}", trace.totals);
    Ok(())
}

/// Of a picture the host alone is shown, and all of it is compared.
#[tokio::test]
async fn claims_are_compared_whole_and_shown_in_part() -> Outcome {
    for (in_userinfo, differs) in [("a", false), ("b", true)] {
        let world = Plan::new().discovers().start().await?;
        let picture = |name: &str| format!("https://img.example.org/{name}");
        world.provider.claims(json!({"picture": picture("a")}));
        let told = json!({"sub": "alice", "picture": picture(in_userinfo)});
        world.provider.knows("alice", told);
        let trace = sign_in(&world, &mut Browser::at(&world)).await?;
        let userinfo = step(&trace, 6)?;
        let row = row(&userinfo.claims, "picture")?;
        assert_eq!(row.value.shown(), Some("https://img.example.org/…"));
        assert_eq!(row.expected.as_ref() != Some(&row.value), differs);
        let names: Vec<_> = userinfo.differing.iter().map(Shown::as_str).collect();
        assert_eq!(names.contains(&"picture"), differs);
        assert!(!names.contains(&"sub"));
    }
    Ok(())
}
