//! The gate before `/api`: who may not come in, and that nothing happens to them.

use serde_json::json;

use crate::rig::{
    Browser, Outcome, Plan, Request, World, browser::begin_message, check_failure, check_refusal,
    frail_store::EVERYTHING, provider::random,
};

/// A message that would begin a sign-in, if only it came in.
fn begin(browser: &Browser) -> Outcome<Request> {
    let message = begin_message(&random()?, &random()?, "/account")?;
    Ok(browser.call("begin_sign_in", &message))
}

/// Who sends a request.
pub(crate) type Sender = Vec<(&'static str, &'static str)>;

/// Senders that are not pages of `https://app.example.org`.
pub(crate) fn strangers() -> Vec<Sender> {
    let origins = [
        "https://evil.example",
        "null",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org:443",
        "https://APP.example.org",
        "https://app.example.org.",
        "https://app.example.org/",
        "https://app.example.org.evil.example",
        "https://app.example.orge",
        "https://xapp.example.org",
        "https://example.org",
        "https://evil.example, https://app.example.org",
        "https://app.example.org https://evil.example",
        "HTTPS://app.example.org",
        "app.example.org",
        "",
    ];
    let mut strangers: Vec<Sender> = origins
        .into_iter()
        .map(|origin| vec![("Origin", origin)])
        .collect();
    let ours = ("Origin", "https://app.example.org");
    strangers.push(vec![ours, ("Origin", "https://evil.example")]);
    strangers.push(vec![("Origin", "https://evil.example"), ours]);
    strangers.push(vec![ours, ours]);
    for site in ["cross-site", "same-site", "none", "", "Same-Origin", "x"] {
        strangers.push(vec![ours, ("Sec-Fetch-Site", site)]);
    }
    let site = ("Sec-Fetch-Site", "same-origin");
    strangers.push(vec![ours, site, ("Sec-Fetch-Site", "cross-site")]);
    strangers.push(vec![
        ("Referer", "https://app.example.org/"),
        ("Host", "app.example.org"),
        ("X-Forwarded-Host", "app.example.org"),
    ]);
    strangers
}

pub(crate) fn sent_by(request: &Request, sender: &Sender) -> Request {
    let bare = ["Origin", "Sec-Fetch-Site"]
        .iter()
        .fold(request.clone(), |request, name| request.without(name));
    sender
        .iter()
        .fold(bare, |request, (name, value)| request.header(name, value))
}

/// F1 to F4. A store that fails on every touch shows that nobody was let in.
#[tokio::test]
async fn a_call_from_elsewhere_is_refused_at_the_gate() -> Outcome {
    let world = Plan::new().https().start().await?;
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    let calls = world.provider.calls();
    world.store.breaks(&[EVERYTHING]);
    let signing = begin(&alice)?;
    for sender in strangers() {
        let completion = json!({"state": random()?, "code": "c", "code_verifier": random()?});
        for request in [
            &signing,
            &alice.call("complete_sign_in", &completion),
            &alice.call("session", &json!({})),
        ] {
            let row = format!("{sender:?}");
            let answer = sent_by(request, &sender).send(world.addr).await?;
            check_failure(&row, &answer, 403, "not-from-here")?;
            assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
        }
    }
    world.store.breaks(&[]);
    assert!(alice.is_signed_in().await?);
    assert_eq!(world.provider.calls(), calls);
    let let_in = signing.send(world.addr).await?;
    assert_eq!(let_in.status, 200, "the state is still free");
    Ok(())
}

/// The mode and the destination of a fetch, where a browser tells them.
#[tokio::test]
async fn a_call_that_is_no_fetch_is_refused_at_the_gate() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for (name, value) in [
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Mode", "no-cors"),
        ("Sec-Fetch-Mode", "websocket"),
        ("Sec-Fetch-Dest", "document"),
        ("Sec-Fetch-Dest", "iframe"),
        ("Sec-Fetch-Dest", "script"),
    ] {
        let answer = begin(&browser)?
            .instead(name, value)
            .send(world.addr)
            .await?;
        check_failure(value, &answer, 403, "not-from-here")?;
    }
    for (name, value) in [
        ("Sec-Fetch-Mode", Some("same-origin")),
        ("Sec-Fetch-Mode", None),
        ("Sec-Fetch-Dest", None),
        ("Sec-Fetch-Site", None),
    ] {
        let request = begin(&browser)?.without(name);
        let request = match value {
            Some(value) => request.header(name, value),
            None => request,
        };
        assert_eq!(
            request.send(world.addr).await?.status,
            200,
            "{name} {value:?}"
        );
    }
    Ok(())
}

/// F6: what another site can post without a preflight.
#[tokio::test]
async fn a_call_that_is_no_json_is_refused_at_the_gate() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json-patch+json",
        "text/plain; application/json",
        "text/plain, application/json",
        "application/json, text/plain",
    ] {
        let request = begin(&browser)?.instead("Content-Type", kind);
        check_refusal(kind, &request.send(world.addr).await?, 415)?;
    }
    let none = begin(&browser)?.without("Content-Type");
    check_refusal("none", &none.send(world.addr).await?, 415)?;
    let twice = begin(&browser)?.header("Content-Type", "text/plain");
    check_refusal("two", &twice.send(world.addr).await?, 415)?;
    for kind in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = begin(&browser)?.instead("Content-Type", kind);
        assert_eq!(request.send(world.addr).await?.status, 200, "{kind}");
    }
    Ok(())
}

/// F7, and every other method.
#[tokio::test]
async fn only_a_post_reaches_the_api() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for path in ["/api", "/api/session", "/api/begin_sign_in", "/api/no_such"] {
        for method in [
            "GET", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "post", "BREW",
        ] {
            let row = format!("{method} {path}");
            let request = begin(&browser)?
                .method(method)
                .target(path)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .header("X-HTTP-Method-Override", "POST");
            let answer = request.send(world.addr).await?;
            check_refusal(&row, &answer, 405)?;
            assert_eq!(answer.header("allow"), Some("POST"), "{row}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
            let cors = answer
                .headers
                .iter()
                .find(|(name, _)| name.contains("access-control"));
            assert_eq!(cors, None, "{row}");
        }
    }
    let head = begin(&browser)?.method("HEAD").send(world.addr).await?;
    assert_eq!((head.status, head.body.len()), (405, 0));
    Ok(())
}

/// F8: the framework would answer 302 to the `Referer`, with the error in its query.
#[tokio::test]
async fn a_call_that_wants_a_page_gets_json() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let page = |request: Request| {
        request
            .instead("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("Referer", "https://evil.example/")
    };
    let session = page(browser.call("session", &json!({})))
        .send(world.addr)
        .await?;
    check_failure("session", &session, 401, "session-expired")?;
    let begun = page(begin(&browser)?).send(world.addr).await?;
    assert_eq!(begun.status, 200);
    assert!(begun.json()?.get("authorization_url").is_some());
    for answer in [session, begun] {
        assert_eq!(answer.header("location"), None);
        assert!(!answer.whole().contains("__err"), "{}", answer.whole());
    }
    Ok(())
}

/// F14: no way around the gate, and no hint of the framework's at its side.
#[tokio::test]
async fn no_other_spelling_of_the_api_is_a_way_in() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let long = format!("/api/{}", "a".repeat(8 * 1024));
    for target in [
        "/api/",
        "/api//begin_sign_in",
        "//api/begin_sign_in",
        "/api/begin_sign_in/",
        "/api/begin_sign_in%00",
        "/api/%62egin_sign_in",
        "/api%2fbegin_sign_in",
        "/API/begin_sign_in",
        "/api/Begin_Sign_In",
        "/api/../api/begin_sign_in",
        "/pkg/../api/begin_sign_in",
        "/api/../pkg/wrengate.js",
        "/api/%2e%2e/pkg/wrengate.js",
        "/./api/begin_sign_in",
        "/api/begin_sign_in;a=b",
        "/begin_sign_in",
        "/api/no_such_function",
        "/api/begin_sign_in123456789",
        &long,
    ] {
        for request in [begin(&browser)?, begin(&browser)?.without("Origin")] {
            let answer = request.target(target).send(world.addr).await?;
            assert_eq!(answer.status, 404, "{target}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{target}");
            let text = answer.text().to_lowercase();
            for hint in ["server function", "server_fn", "register", "aaaa"] {
                assert!(!text.contains(hint), "{target}: {text}");
            }
        }
    }
    let query = begin(&browser)?.target("/api/begin_sign_in?state=canary");
    let answer = query.send(world.addr).await?;
    assert_eq!(answer.status, 200);
    assert!(!answer.whole().contains("canary"), "{}", answer.whole());
    Ok(())
}
