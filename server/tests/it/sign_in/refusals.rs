//! What the provider sends back in place of a code, and the rule about who sent it.

use serde_json::json;

use crate::rig::{Browser, Outcome, Plan, World, check_failure, check_refusal, log, reference};

/// A7: an outcome of the call, not an error.
#[tokio::test]
async fn cancelling_is_an_outcome_and_closes_the_attempt() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin_for("/there").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let mut before = browser.clone();
    let answer = browser.bring_error(&signing.state, "access_denied").await?;
    assert_eq!(answer.status, 200);
    let body = answer.json()?;
    assert_eq!(body["failure"], "cancelled");
    assert_eq!(body["return_to"], "/there");
    assert_eq!(body.get("profile"), None);
    assert_eq!(browser.session_cookie(), None);
    let lines = log::lines_of(reference(&body)?);
    assert!(
        matches!(lines.as_slice(), [line] if line.contains(" INFO ")),
        "{lines:?}"
    );

    // The answer was lost, and with it the cookie was not taken back.
    let again = before
        .clone()
        .bring_error(&signing.state, "access_denied")
        .await?;
    assert_eq!((again.status, again.text()), (200, answer.text()));
    let late = before.complete(&signing, &arrival).await?;
    check_failure("late", &late, 400, "already-used")?;
    let late = browser.complete(&signing, &arrival).await?;
    check_failure("late", &late, 400, "state-unmatched")?;
    assert_eq!(world.provider.calls(), 0);
    Ok(())
}

/// A9 to A11.
#[tokio::test]
async fn each_refusal_of_the_provider_is_its_failure() -> Outcome {
    let world = World::start().await?;
    for (error, status, failure) in [
        ("invalid_request", 502, "request-unreadable"),
        ("unauthorized_client", 502, "client-not-allowed"),
        ("unsupported_response_type", 502, "answer-type"),
        ("invalid_scope", 502, "scope-refused"),
        ("server_error", 502, "provider-fault"),
        ("temporarily_unavailable", 503, "provider-busy"),
        ("login_required", 401, "sign-in-needed"),
        ("interaction_required", 401, "sign-in-needed"),
        ("account_selection_required", 401, "pick-account"),
        ("consent_required", 403, "consent-needed"),
        ("request_not_supported", 502, "option-unknown"),
        ("unmet_authentication_requirements", 403, "step-up"),
        ("invalid_target", 502, "target-unknown"),
        ("foo", 502, "unrecognised"),
        ("ACCESS_DENIED", 502, "unrecognised"),
        ("access_denied ", 502, "unrecognised"),
        ("", 502, "unrecognised"),
    ] {
        let mut browser = Browser::at(&world);
        let signing = browser.begin_for("/there").await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let answer = browser.bring_error(&signing.state, error).await?;
        check_failure(error, &answer, status, failure)?;
        assert_eq!(answer.json()?["return_to"], "/there", "{error}");
        let closed = browser.complete(&signing, &arrival).await?;
        check_failure(error, &closed, 400, "already-used")?;
    }
    assert_eq!(world.provider.calls(), 0);
    Ok(())
}

/// The log names a code of the provider only where it has the form of one.
#[tokio::test]
async fn a_strange_error_is_named_unknown() -> Outcome {
    let world = World::start().await?;
    let long = "x".repeat(2048);
    for (error, named) in [
        ("slow_down", "slow_down"),
        ("<b>canary</b>", "unknown"),
        ("can\u{202e}ary", "unknown"),
        ("canary\r\n2026-01-01 ERROR forged line", "unknown"),
        ("canary\0", "unknown"),
        (long.as_str(), "unknown"),
    ] {
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let answer = browser.bring_error(&signing.state, error).await?;
        check_failure(error, &answer, 502, "unrecognised")?;
        let line = log::lines_of(reference(&answer.json()?)?).concat();
        assert!(
            line.contains(&format!("provider_code=\"{named}\"")),
            "{line}"
        );
        assert!(!line.contains("canary") && !line.contains("xxxx"), "{line}");
        assert!(!answer.whole().contains("canary"), "{}", answer.whole());
    }
    assert_eq!(log::lines_with("forged line"), [""; 0]);
    Ok(())
}

/// A12: words of the provider are quoted, cut and cleaned; its link is never used.
#[tokio::test]
async fn the_providers_words_are_quoted_as_text() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let long = "ä".repeat(1000);
    for (description, quoted) in [
        (
            "<img src=x onerror=alert(1)>",
            json!("<img src=x onerror=alert(1)>"),
        ),
        ("one\r\ntwo\0three\u{202e}four", json!("onetwothreefour")),
        (long.as_str(), json!("ä".repeat(300))),
        (" \u{200b} ", json!(null)),
    ] {
        let signing = browser.begin().await?;
        let message = json!({
            "state": signing.state, "error": "server_error", "error_description": description,
        });
        let answer = browser
            .send(browser.call("complete_sign_in", &message))
            .await?;
        check_failure(description, &answer, 502, "provider-fault")?;
        assert_eq!(answer.json()?["provider_says"], quoted);
        let lines = log::lines_of(reference(&answer.json()?)?).concat();
        assert!(
            !lines.contains("onerror") && !lines.contains("two"),
            "{lines}"
        );
    }
    let signing = browser.begin().await?;
    let message = json!({
        "state": signing.state, "error": "server_error", "error_uri": "javascript:alert(1)",
    });
    let answer = browser
        .send(browser.call("complete_sign_in", &message))
        .await?;
    check_refusal("error_uri", &answer, 400)
}

/// A8: an error that belongs to no attempt of this browser closes nothing and quotes nothing.
#[tokio::test]
async fn a_forged_error_changes_nothing() -> Outcome {
    let world = World::start().await?;
    let mut victim = Browser::at(&world);
    let signing = victim.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let mut attacker = Browser::at(&world);
    let others = attacker.begin().await?;
    let unknown = "a".repeat(43);
    let stranger = Browser::at(&world);
    for (browser, state) in [
        (&victim, &unknown),
        (&victim, &others.state),
        (&attacker, &signing.state),
        (&stranger, &signing.state),
    ] {
        let message = json!({
            "state": state, "error": "access_denied", "error_description": "canary words",
            "iss": "https://evil.example",
        });
        let call = browser.call("complete_sign_in", &message);
        let answer = call.send(world.addr).await?;
        check_failure("forged", &answer, 400, "state-unmatched")?;
        assert!(!answer.whole().contains("canary"), "{}", answer.whole());
    }
    assert_eq!(victim.complete(&signing, &arrival).await?.status, 200);
    Ok(())
}

/// A13 to A15, where the provider does not promise `iss`.
#[tokio::test]
async fn an_issuer_that_is_named_must_be_the_right_one() -> Outcome {
    let world = World::start().await?;
    let right = world.provider.origin.clone();
    for (iss, passes) in [
        (None, true),
        (Some(right.clone()), true),
        (Some(format!("{right}/")), false),
        (Some(right.to_uppercase()), false),
        (Some("https://evil.example".to_owned()), false),
        (Some(String::new()), false),
        (Some(format!(" {right}")), false),
    ] {
        check_iss(&world, iss, passes).await?;
    }
    Ok(())
}

/// The same where its metadata promise it.
#[tokio::test]
async fn an_issuer_that_is_promised_must_be_named() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let right = world.provider.origin.clone();
    for (iss, passes) in [
        (None, false),
        (Some(right), true),
        (Some("https://evil.example".to_owned()), false),
    ] {
        check_iss(&world, iss, passes).await?;
    }
    Ok(())
}

async fn check_iss(world: &World, iss: Option<String>, passes: bool) -> Outcome {
    let mut browser = Browser::at(world);
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss.clone_from(&iss);
    let before = world.provider.asked("/token").len();
    let answer = browser.complete(&signing, &arrival).await?;
    if passes {
        assert_eq!(answer.status, 200, "{iss:?}: {}", answer.text());
        return Ok(());
    }
    check_failure(&format!("{iss:?}"), &answer, 400, "wrong-issuer")?;
    arrival.iss = Some(world.provider.origin.clone());
    let closed = browser.complete(&signing, &arrival).await?;
    check_failure(&format!("{iss:?}"), &closed, 400, "already-used")?;
    assert_eq!(world.provider.asked("/token").len(), before, "{iss:?}");
    Ok(())
}

/// A refusal of somebody who pretends to be the provider ends the attempt all the same: mix-up.
#[tokio::test]
async fn an_error_of_another_issuer_is_the_wrong_issuer() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let message = json!({
        "state": signing.state, "error": "access_denied", "iss": "https://evil.example",
    });
    let answer = browser
        .send(browser.call("complete_sign_in", &message))
        .await?;
    check_failure("mix-up", &answer, 400, "wrong-issuer")
}
