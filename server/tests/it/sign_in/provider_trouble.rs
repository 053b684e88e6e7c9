//! Providers that fail in the middle of a sign-in: what the person is told, and that all goes on.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::rig::{
    Browser, Outcome, Plan, Reply, World, check_failure, falling::FallingClock, log, reference,
};

/// The rest of what must hold whatever fails.
async fn check(world: &World, row: &str, status: u16, failure: &str) -> Outcome<Value> {
    let mut browser = Browser::at(world);
    let signing = browser.begin_for("/there").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let answer = browser.complete(&signing, &arrival).await?;
    check_failure(row, &answer, status, failure)?;
    assert_eq!(browser.session_cookie(), None, "{row}");
    let body = answer.json()?;
    assert_eq!(body.get("return_to"), Some(&json!("/there")), "{row}");

    world.provider.behaves();
    let calls = world.provider.calls();
    let revived = arrival.message(&signing.verifier);
    let revived = browser
        .send(browser.call("complete_sign_in", &revived))
        .await?;
    check_failure(row, &revived, status, failure)?;
    assert_eq!(
        world.provider.calls(),
        calls,
        "{row}: a failed attempt is never revived"
    );
    browser.sign_in(&world.provider, "alice").await?;
    Ok(body)
}

const JSON: &str = "application/json";
const HTML: &str = "text/html";

/// What an endpoint answers (status, type, body) and what the person is told (status, failure).
type Row = ((u16, &'static str, &'static str), (u16, &'static str));

const TOKEN: &[Row] = &[
    (
        (400, JSON, r#"{"error":"invalid_grant"}"#),
        (400, "code-expired"),
    ),
    (
        (401, JSON, r#"{"error":"invalid_grant"}"#),
        (400, "code-expired"),
    ),
    (
        (200, JSON, r#"{"error":"invalid_grant"}"#),
        (400, "code-expired"),
    ),
    (
        (401, JSON, r#"{"error":"invalid_client"}"#),
        (502, "client-rejected"),
    ),
    (
        (400, JSON, r#"{"error":"invalid_request"}"#),
        (502, "exchange-refused"),
    ),
    (
        (400, JSON, r#"{"error":"unsupported_grant_type"}"#),
        (502, "exchange-refused"),
    ),
    (
        (400, JSON, r#"{"error":"invalid_scope"}"#),
        (502, "exchange-refused"),
    ),
    (
        (400, JSON, r#"{"error":"new","error_description":"canary"}"#),
        (502, "unrecognised"),
    ),
    ((403, HTML, ""), (502, "unrecognised")),
    ((500, HTML, "<h1>canary</h1>"), (502, "provider-fault")),
    ((503, HTML, ""), (503, "provider-busy")),
    ((429, HTML, ""), (503, "provider-limit")),
    ((200, HTML, "<h1>canary</h1>"), (502, "answer-unreadable")),
    ((200, JSON, "{canary"), (502, "answer-unreadable")),
    (
        (200, JSON, r#"{"token_type":"Bearer"}"#),
        (502, "answer-unreadable"),
    ),
    (
        (200, JSON, r#"{"access_token":"canary","token_type":"mac"}"#),
        (502, "answer-unreadable"),
    ),
    ((307, HTML, ""), (502, "answer-unreadable")),
    ((502, HTML, ""), (502, "provider-fault")),
    ((504, HTML, ""), (502, "provider-fault")),
    ((200, JSON, TYPELESS), (502, "answer-unreadable")),
    ((200, JSON, TWICE), (502, "answer-unreadable")),
    ((200, JSON, MARKED), (502, "answer-unreadable")),
    ((200, JSON, NUMBER), (502, "answer-unreadable")),
    ((200, JSON, EMPTY), (502, "answer-unreadable")),
    ((200, JSON, ENDED), (502, "answer-unreadable")),
    ((200, JSON, NO_TIME), (502, "answer-unreadable")),
    ((200, "text/plain", GOOD), (502, "answer-unreadable")),
    ((200, "", GOOD), (502, "answer-unreadable")),
];

/// B8: a token response but for its type.
const GOOD: &str = r#"{"access_token":"canary","token_type":"Bearer"}"#;
/// B2.
const TYPELESS: &str = r#"{"access_token":"canary"}"#;
/// B5.
const TWICE: &str = r#"{"access_token":"canary","access_token":"a","token_type":"Bearer"}"#;
/// B6.
const MARKED: &str = "\u{feff}{\"access_token\":\"canary\",\"token_type\":\"Bearer\"}";
/// B3.
const NUMBER: &str = r#"{"access_token":7,"token_type":"Bearer"}"#;
const EMPTY: &str = r#"{"access_token":"","token_type":"Bearer"}"#;
/// B27.
const ENDED: &str = r#"{"access_token":"canary","token_type":"Bearer","expires_in":0}"#;
const NO_TIME: &str = r#"{"access_token":"canary","token_type":"Bearer","expires_in":"soon"}"#;

const USERINFO: &[Row] = &[
    (
        (401, JSON, r#"{"error":"invalid_token"}"#),
        (401, "access-ended"),
    ),
    (
        (403, JSON, r#"{"error":"insufficient_scope"}"#),
        (403, "profile-refused"),
    ),
    ((502, HTML, ""), (502, "provider-fault")),
    ((429, HTML, ""), (503, "provider-limit")),
    (
        (200, JSON, r#"{"name":"canary"}"#),
        (502, "subject-mismatch"),
    ),
    ((200, JSON, r#"{"sub":""}"#), (502, "subject-mismatch")),
    ((200, JSON, r#"{"sub":7}"#), (502, "subject-mismatch")),
    ((200, JSON, "null"), (502, "answer-unreadable")),
    ((200, HTML, "<h1>canary</h1>"), (502, "answer-unreadable")),
    (
        (200, "application/jwt", "canary.b.c"),
        (502, "answer-unreadable"),
    ),
    ((302, HTML, ""), (502, "answer-unreadable")),
    ((200, JSON, ""), (502, "answer-unreadable")),
    ((200, JSON, "{canary"), (502, "answer-unreadable")),
    (
        (200, JSON, r#"{"sub":"alice","name":"canary\ud800"}"#),
        (502, "answer-unreadable"),
    ),
    (
        (200, JSON, r#"{"user_id":5,"name":"canary"}"#),
        (502, "subject-mismatch"),
    ),
    ((200, JSON, r#"{"user_id":""}"#), (502, "subject-mismatch")),
    ((403, HTML, "<h1>canary</h1>"), (502, "unrecognised")),
    ((503, HTML, ""), (503, "provider-busy")),
];

#[tokio::test]
async fn each_fault_of_the_provider_is_its_failure() -> Outcome {
    let world = World::start().await?;
    let elsewhere = format!("{}/elsewhere", world.provider.origin);
    let token = TOKEN.iter().map(|row| ("/token", row));
    let userinfo = USERINFO.iter().map(|row| ("/userinfo", row));
    for (path, &((given, kind, body), (status, failure))) in token.chain(userinfo) {
        let row = format!("{path} {given} {body}");
        let reply = Reply::text(given, kind, body).and("location", &elsewhere);
        world.provider.replies(path, reply);
        let told = check(&world, &row, status, failure).await?;
        assert!(!told.to_string().contains("canary"), "{row}: {told}");
        let lines = log::lines_of(reference(&told)?).concat();
        assert!(!lines.contains("canary"), "{row}: {lines}");
    }
    assert_eq!(
        world.provider.asked("/elsewhere").len(),
        0,
        "no redirect is followed"
    );
    Ok(())
}

#[tokio::test]
async fn each_lost_connection_is_its_failure() -> Outcome {
    let world = World::start().await?;
    for (path, failure) in [
        ("/token", "answer-lost"),
        ("/userinfo", "provider-unreachable"),
    ] {
        world.provider.replies(path, Reply::Lost);
        check(&world, path, 502, failure).await?;
    }
    Ok(())
}

/// B26, B28 and the spelling of B1: odd, and still a token response.
#[tokio::test]
async fn each_harmless_oddity_signs_in() -> Outcome {
    let world = World::start().await?;
    for members in [
        json!({"expires_in": null}),
        json!({"expires_in": "3600"}),
        json!({"expires_in": 3600.5}),
        json!({"expires_in": 1e30}),
        json!({"token_type": "bearer"}),
        json!({"refresh_token": null}),
        json!({"scope": null}),
        json!({"error": null, "canary": {"deep": [1]}}),
    ] {
        world.provider.token_members(members.clone());
        let mut browser = Browser::at(&world);
        let answer = browser.sign_in(&world.provider, "alice").await?;
        assert_eq!(answer.status, 200, "{members}: {}", answer.text());
        assert!(browser.is_signed_in().await?, "{members}");
    }
    Ok(())
}

/// B24: passed on, within bounds.
#[tokio::test]
async fn how_long_to_wait_is_passed_on() -> Outcome {
    let world = World::start().await?;
    for (given, told) in [
        ("7", Some("7")),
        ("99999", Some("3600")),
        ("99999999999999999999999", Some("3600")),
        ("-5", None),
        ("soon", None),
    ] {
        let reply = Reply::text(429, "text/plain", "").and("retry-after", given);
        world.provider.replies("/token", reply);
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let answer = browser.complete(&signing, &arrival).await?;
        check_failure(given, &answer, 503, "provider-limit")?;
        assert_eq!(answer.header("retry-after"), told, "{given}");
        let body = answer.json()?.get("retry_after").map(ToString::to_string);
        assert_eq!(body.as_deref(), told, "{given}");
    }
    Ok(())
}

/// Clerk names the account `user_id`, and its errors are no OAuth errors.
#[tokio::test]
async fn a_provider_shaped_like_clerk_signs_people_in() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    world.provider.token_members(json!({"id_token": null}));
    world.provider.knows(
        "cleo",
        json!({
            "user_id": "user_2x", "username": "cleo", "email": "cleo@people.example",
            "email_verified": false, "picture": "https://evil.example/cleo.png",
            "public_metadata": {"canary": 1}, "private_metadata": {"canary": 2},
        }),
    );
    let answer = browser.sign_in(&world.provider, "cleo").await?;
    assert_eq!(
        answer.json()?["profile"],
        json!({
            "username": "cleo", "email": "cleo@people.example", "email_verified": false,
        })
    );
    let account = browser.open("/account").await?;
    assert!(account.text().contains("cleo@people.example"));
    assert!(!account.text().contains("canary") && !account.text().contains("evil"));

    let trace = json!({"errors": [{"code": "canary"}], "clerk_trace_id": "trace-1234"});
    for (status, told, failure) in [(422, 502, "unrecognised"), (500, 502, "provider-fault")] {
        world
            .provider
            .replies("/token", Reply::json(status, &trace));
        let body = check(&world, failure, told, failure).await?;
        let lines = log::lines_of(reference(&body)?).concat();
        assert!(
            lines.contains("trace-1234") && !lines.contains("canary"),
            "{lines}"
        );
    }
    Ok(())
}

/// A bug while the code is redeemed: the person is told, the attempt is spent, the server goes on.
#[tokio::test]
async fn a_panic_in_the_work_is_answered() -> Outcome {
    let clock = Arc::new(FallingClock::default());
    let world = Plan::new().clock(Arc::clone(&clock) as _).start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    let call = tokio::spawn({
        let (completion, addr) = (browser.completion(&signing, &arrival), world.addr);
        async move { completion.send(addr).await }
    });
    world.provider.arrived(1).await?;
    clock.falls(true);
    world.provider.goes_on();
    let answer = call.await??;
    check_failure("panic", &answer, 500, "unexpected")?;
    clock.falls(false);
    browser.sign_in(&world.provider, "alice").await?;
    Ok(())
}
