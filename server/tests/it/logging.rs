//! What the operator reads: one line for each outcome, as loud as it is grave.

use serde_json::{Value, json};

use crate::rig::{Browser, Outcome, Reply, Request, World, log, reference};

/// The level of the one line that carries a reference.
fn level(reference: &str) -> Outcome<String> {
    let lines = log::lines_of(reference);
    let [line] = lines.as_slice() else {
        return Err(format!("not one line: {lines:?}").into());
    };
    let level = line.split_whitespace().nth(1);
    Ok(level.ok_or("no level")?.to_owned())
}

#[tokio::test]
async fn a_failure_is_as_loud_as_it_is_grave() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for (error, expected) in [
        ("access_denied", "INFO"),
        ("login_required", "INFO"),
        ("invalid_request", "ERROR"),
        ("server_error", "ERROR"),
    ] {
        let signing = browser.begin().await?;
        let answer = browser.bring_error(&signing.state, error).await?;
        assert_eq!(level(reference(&answer.json()?)?)?, expected, "{error}");
    }
    for (code, expected) in [("invalid_grant", "WARN"), ("invalid_client", "ERROR")] {
        world
            .provider
            .replies("/token", Reply::json(400, &json!({"error": code})));
        let signing = browser.begin().await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let answer = browser.complete(&signing, &arrival).await?;
        let body = answer.json()?;
        assert_eq!(level(reference(&body)?)?, expected, "{code}");
        let line = log::lines_of(reference(&body)?).concat();
        assert!(
            line.contains(&format!("provider_code=\"{code}\"")),
            "{line}"
        );
        assert!(line.contains("attempt=\""), "{line}");
    }
    let elsewhere = browser
        .call("session", &json!({}))
        .instead("Origin", "null");
    let answer = elsewhere.send(world.addr).await?;
    assert_eq!(level(reference(&answer.json()?)?)?, "WARN");
    let answer = Request::get("/api/session").send(world.addr).await?;
    assert_eq!(level(reference(&answer.json()?)?)?, "INFO");
    Ok(())
}

/// A repeat is the same failure, not another one for the operator to look into.
#[tokio::test]
async fn a_failure_stands_in_the_log_once_however_often_it_is_told() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    world
        .provider
        .replies("/token", Reply::text(500, "text/plain", ""));
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let first = browser.complete(&signing, &arrival).await?;
    let line = log::lines_of(reference(&first.json()?)?).concat();
    let attempt = line
        .split("attempt=\"")
        .nth(1)
        .and_then(|it| it.split('"').next());
    let attempt = attempt.ok_or("no attempt")?;
    for _ in 0..5 {
        assert_eq!(
            browser.complete(&signing, &arrival).await?.text(),
            first.text()
        );
    }
    let lines = log::lines_with(&format!("attempt=\"{attempt}\""));
    assert_eq!(lines.len(), 1, "{lines:?}");
    Ok(())
}

#[tokio::test]
async fn a_sign_in_that_works_is_one_line() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    world
        .provider
        .replies("/token", Reply::text(500, "text/plain", ""));
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    world.provider.behaves();
    let before = log::lines_with("signed in").len();
    browser.sign_in(&world.provider, "alice").await?;
    let lines = log::lines_with("signed in");
    assert_eq!(lines.len(), before + 1, "{lines:?}");
    assert!(
        lines.iter().all(|line| line.contains(" INFO ")),
        "{lines:?}"
    );
    Ok(())
}

/// A line of the log is one line, whatever the request says; queries are no part of it.
#[tokio::test]
async fn a_request_cannot_write_lines_of_its_own() -> Outcome {
    let world = World::start().await?;
    for target in [
        "/forged%0a2026-01-01T00:00:00Z%20ERROR%20forged",
        "/forged%0d%0aERROR%20forged",
        "/forged%1b[31mred",
        "/?forged=1",
        "/callback?forged",
        "/problem/forged%0aforged",
        "/api/forged%0aforged",
    ] {
        Request::get(target).send(world.addr).await?;
        Request::post(target).send(world.addr).await?;
    }
    for line in log::text().lines().filter(|line| line.contains("forged")) {
        assert!(line.contains("path=\""), "{line}");
        assert!(
            !line.contains("?forged") && !line.contains('\u{1b}'),
            "{line}"
        );
    }
    Ok(())
}

/// In JSON every line is one object, and the failure's has the fields of the text.
#[tokio::test]
async fn json_says_the_same_as_text() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let invalid = json!({"error": "invalid_client"});
    world.provider.replies("/token", Reply::json(401, &invalid));
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let answer = browser.complete(&signing, &arrival).await?;
    let body = answer.json()?;
    let lines = log::json_of(reference(&body)?)?;
    let [line] = lines.as_slice() else {
        return Err(format!("not one line: {lines:?}").into());
    };
    for (member, value) in [
        ("level", "ERROR"),
        ("message", "sign-in failed"),
        ("failure", "client-rejected"),
        ("step", "exchange"),
        ("provider_code", "invalid_client"),
    ] {
        assert_eq!(line.get(member), Some(&json!(value)), "{line}");
    }
    assert!(line.get("timestamp").is_some_and(Value::is_string));
    assert_eq!(line.get("trace_id"), None, "what is not known is left out");
    let text = log::lines_of(reference(&body)?).concat();
    assert!(text.contains("step=\"exchange\""), "{text}");
    Ok(())
}
