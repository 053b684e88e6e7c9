//! The operator is alerted, and nobody who signs in notices how.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::rig::{Answer, Browser, NOW, Outcome, Plan, Reply, Webhook, World, log, reference};

/// Far above what a sign-in takes here, far below what a try at the receiver may take.
const NO_TIME: Duration = Duration::from_secs(3);

async fn failing_sign_in(world: &World, browser: &mut Browser) -> Outcome<Answer> {
    let fault = Reply::text(500, "text/plain", "");
    world.provider.replies("/token", fault);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let answer = browser.complete(&signing, &arrival).await?;
    world.provider.behaves();
    Ok(answer)
}

#[tokio::test]
async fn an_alert_has_the_reference_that_the_person_sees() -> Outcome {
    let webhook = Webhook::start().await?;
    let world = Plan::new().alerts(&webhook).start().await?;
    let mut browser = Browser::at(&world);
    let answer = failing_sign_in(&world, &mut browser).await?;
    let alert = webhook.next().await?;
    let body = answer.json()?;
    let expected = [
        ("kind", "provider-fault"),
        ("failure", "provider-fault"),
        ("step", "exchange"),
        ("reference", reference(&body)?),
        ("app", "Wrengate"),
        ("first_at", "2026-01-01T00:00:00Z"),
    ];
    for (member, value) in expected {
        assert_eq!(alert.get(member), Some(&json!(value)), "{alert}");
    }
    Ok(())
}

/// The breaker opens on the way, which is told once and ends the failures of the first kind. What
/// follows is another kind, so a further alert would have arrived before it.
#[tokio::test]
async fn many_failures_are_one_alert() -> Outcome {
    let webhook = Webhook::start().await?;
    let world = Plan::new().alerts(&webhook).start().await?;
    let mut browser = Browser::at(&world);
    for _ in 0..40 {
        failing_sign_in(&world, &mut browser).await?;
    }
    let signing = browser.begin().await?;
    browser.bring_error(&signing.state, "invalid_scope").await?;
    let alerts = [
        webhook.next().await?,
        webhook.next().await?,
        webhook.next().await?,
    ];
    let kinds = alerts.map(|alert| alert.get("kind").cloned().unwrap_or_default());
    assert_eq!(
        kinds,
        ["provider-fault", "breaker-open", "request-rejected"].map(|kind| json!(kind))
    );
    assert_eq!(webhook.rest().await, [Value::Null; 0]);
    let held = "wrengate_alerts_total{kind=\"provider-fault\",outcome=\"held\"} 2";
    assert!(world.metrics().await?.contains(held));
    Ok(())
}

const EVIL: &str = "https://evil.example";

/// The kind of the alert; the endpoint that answers otherwise, and what; claims that are untrue.
type Check = (&'static str, &'static str, Option<Reply>, Value);

fn checks() -> Vec<Check> {
    let reply = |status, body: Value| Some(Reply::json(status, &body));
    let refusal = |status, code: &str| reply(status, json!({"error": code}));
    let redirect = reply(302, json!({})).map(|reply| reply.and("location", EVIL));
    let claims = |kind, claims| (kind, "", None, claims);
    let answers = |kind, path, answer| (kind, path, answer, Value::Null);
    vec![
        claims("issuer-mismatch", Value::Null),
        claims("nonce-mismatch", json!({"nonce": "another"})),
        claims("id-untrusted", json!({"aud": "another"})),
        claims("clock-skew", json!({"exp": NOW - 61})),
        answers(
            "subject-mismatch",
            "/userinfo",
            reply(200, json!({"sub": "mallory"})),
        ),
        answers("client-rejected", "/token", refusal(401, "invalid_client")),
        answers("exchange-rejected", "/token", refusal(400, "invalid_scope")),
        answers("answer-unreadable", "/token", redirect),
    ]
}

/// A14, B13, B17, B18, C3, C6, C9, D2: each is told of once, with the reference and nothing secret.
#[tokio::test]
async fn each_check_that_fails_is_an_alert_of_its_kind() -> Outcome {
    let webhook = Webhook::start().await?;
    let world = Plan::new().discovers().alerts(&webhook).start().await?;
    for (kind, path, answer, claims) in checks() {
        world.provider.claims(claims);
        if let Some(answer) = answer {
            world.provider.replies(path, answer);
        }
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let mut arrival = world.provider.authorize(&signing.url, "alice")?;
        let is_mixed_up = kind == "issuer-mismatch";
        let iss = if is_mixed_up {
            EVIL
        } else {
            &world.provider.origin
        };
        arrival.iss = Some(iss.to_owned());
        let answer = browser.complete(&signing, &arrival).await?;
        let body = answer.json()?;
        let alert = webhook.next().await?;
        assert_eq!(alert.get("kind"), Some(&json!(kind)), "{alert}");
        assert_eq!(alert.get("failure"), body.get("failure"), "{kind}: {alert}");
        assert_eq!(alert.get("reference"), body.get("reference"), "{kind}");
        let told = alert.to_string();
        for secret in [
            &arrival.code,
            &arrival.state,
            &signing.verifier,
            "alice",
            "mallory",
        ] {
            assert!(!told.contains(secret), "{kind} tells {secret}: {told}");
        }
        world.provider.behaves();
    }
    assert_eq!(webhook.rest().await, [Value::Null; 0]);
    Ok(())
}

/// What the person did is no matter for the operator.
#[tokio::test]
async fn what_people_do_alerts_nobody() -> Outcome {
    let webhook = Webhook::start().await?;
    let world = Plan::new().alerts(&webhook).start().await?;
    let mut browser = Browser::at(&world);
    for error in ["access_denied", "login_required", "consent_required"] {
        let signing = browser.begin().await?;
        browser.bring_error(&signing.state, error).await?;
    }
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.code.push('x');
    browser.complete(&signing, &arrival).await?;
    browser.sign_in(&world.provider, "alice").await?;
    failing_sign_in(&world, &mut browser).await?;
    let first = webhook.next().await?;
    assert_eq!(first.get("kind"), Some(&json!("provider-fault")), "{first}");
    Ok(())
}

/// Discovery fails in the background, without anybody who signs in.
#[tokio::test]
async fn a_provider_that_is_down_is_told_of_before_anybody_signs_in() -> Outcome {
    let webhook = Webhook::start().await?;
    let nowhere = "http://127.0.0.1:9";
    let plan = Plan::new().discovers().setting("WRENGATE_ISSUER", nowhere);
    let _world = plan.alerts(&webhook).start().await?;
    let alert = webhook.next().await?;
    let kind = alert.get("kind").cloned();
    assert_eq!(kind, Some(json!("provider-unreachable")), "{alert}");
    assert_eq!(alert.get("reference"), Some(&Value::Null));
    Ok(())
}

#[tokio::test]
async fn no_sign_in_waits_for_the_receiver() -> Outcome {
    for answer in [None, Some(StatusCode::INTERNAL_SERVER_ERROR)] {
        let webhook = Webhook::answering(answer).await?;
        let world = Plan::new().alerts(&webhook).start().await?;
        let mut browser = Browser::at(&world);
        let began = Instant::now();
        failing_sign_in(&world, &mut browser).await?;
        // Now the receiver has the alert and keeps it.
        webhook.next().await?;
        for error in ["invalid_scope", "invalid_request", "server_error"] {
            let signing = browser.begin().await?;
            browser.bring_error(&signing.state, error).await?;
            browser.sign_in(&world.provider, "alice").await?;
        }
        let took = began.elapsed();
        assert!(took < NO_TIME, "{answer:?}: {took:?}");
        world.stop().await;
        timeout(NO_TIME, world.stopped()).await??;
    }
    Ok(())
}

#[tokio::test]
async fn an_alert_that_is_given_up_is_one_line() -> Outcome {
    let webhook = Webhook::answering(Some(StatusCode::NOT_FOUND)).await?;
    let world = Plan::new().alerts(&webhook).start().await?;
    let mut browser = Browser::at(&world);
    failing_sign_in(&world, &mut browser).await?;
    let first = webhook.next().await?;
    let id = first.get("id").and_then(Value::as_str).ok_or("no id")?;
    // The alerts are delivered in turn: with the next one, the first is done.
    let signing = browser.begin().await?;
    browser.bring_error(&signing.state, "invalid_scope").await?;
    webhook.next().await?;
    let lines = log::lines_with(&format!("alert=\"{id}\""));
    let [line] = lines.as_slice() else {
        return Err(format!("{lines:?}").into());
    };
    assert!(line.contains(" WARN "), "{line}");
    assert!(line.contains("status=404"), "{line}");
    assert!(!line.contains("planted"), "{line}");
    Ok(())
}
