//! The headers that stand on every response.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use serde_json::json;

use crate::rig::{Answer, Browser, Outcome, Plan, Request, World, falling::FallingClock};

/// What every answer has, whatever it is.
const EVERYWHERE: [&str; 8] = [
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
];

/// Headers that say what was answered, not how it may be used.
const NOT_AUDITED: [&str; 7] = [
    "accept-ranges",
    "connection",
    "content-length",
    "date",
    "etag",
    "last-modified",
    "transfer-encoding",
];

/// One request for each kind of answer.
fn kinds(browser: &Browser) -> Vec<(&'static str, Request)> {
    let call = |endpoint| browser.call(endpoint, &json!({}));
    vec![
        ("a page", Request::get("/")),
        ("the callback", Request::get("/callback?code=a&state=b")),
        (
            "a prefetched callback",
            Request::get("/callback").header("Sec-Purpose", "prefetch"),
        ),
        ("a page that is elsewhere", Request::get("/account")),
        ("a page with a slash", Request::get("/account/")),
        ("a failure", Request::get("/problem/provider-timeout")),
        ("no such page", Request::get("/no-such-page")),
        ("no such method", Request::post("/signed-out")),
        ("a call that fails", call("session")),
        ("a call that is no POST", call("session").method("GET")),
        (
            "a call from elsewhere",
            call("session").instead("Origin", "https://evil.example"),
        ),
        (
            "a call without JSON",
            call("session").without("Content-Type"),
        ),
        ("a call of nothing", call("no_such_call")),
        (
            "a call that is no message",
            call("session").body("[canary]"),
        ),
        ("a script", Request::get("/pkg/wrengate.js")),
        ("no such script", Request::get("/pkg/no-such.js")),
        ("the icon", Request::get("/favicon.svg")),
        ("a form from elsewhere", Request::post("/sign-out")),
        ("a form", browser.form("/sign-out", "")),
        ("a form that is no POST", Request::get("/sign-out")),
        ("health", Request::get("/healthz")),
        ("readiness", Request::get("/readyz")),
    ]
}

/// What all answers have in common, then what each has besides.
async fn audit(world: &World) -> Outcome<String> {
    let browser = Browser::at(world);
    let mut answers = Vec::new();
    for (kind, request) in kinds(&browser) {
        let answer = request.send(world.addr).await?;
        answers.push((kind, answer.status, audited(&answer)));
    }
    let (_, _, first) = answers.first().ok_or("no answer")?;
    let common: BTreeSet<_> = first
        .iter()
        .filter(|line| answers.iter().all(|(_, _, lines)| lines.contains(*line)))
        .cloned()
        .collect();
    let mut audit = String::from("everywhere\n");
    audit.extend(common.iter().cloned());
    for (kind, status, lines) in &answers {
        writeln!(audit, "\n{kind}: {status}")?;
        audit.extend(lines.difference(&common).cloned());
    }
    Ok(audit)
}

fn audited(answer: &Answer) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (name, value) in &answer.headers {
        if NOT_AUDITED.contains(&name.as_str()) {
            continue;
        }
        let (before, nonce) = value.split_once(" 'nonce-").unwrap_or((value, ""));
        let after = nonce.split_once('\'').map_or("", |(_, after)| after);
        lines.insert(format!("  {name}: {before}{after}\n"));
        if !nonce.is_empty() {
            lines.insert(format!("  {name}: with a nonce\n"));
        }
    }
    lines
}

#[tokio::test]
async fn headers_on_http_are_as_agreed() -> Outcome {
    insta::assert_snapshot!(audit(&World::start().await?).await?);
    Ok(())
}

#[tokio::test]
async fn headers_on_https_are_as_agreed() -> Outcome {
    insta::assert_snapshot!(audit(&Plan::new().https().start().await?).await?);
    Ok(())
}

#[tokio::test]
async fn every_answer_is_protected() -> Outcome {
    for (plan, is_https) in [(Plan::new(), false), (Plan::new().https(), true)] {
        let world = plan.start().await?;
        for (kind, request) in kinds(&Browser::at(&world)) {
            let answer = request.send(world.addr).await?;
            for name in EVERYWHERE {
                assert_eq!(answer.all(name).len(), 1, "{kind}: {name}");
            }
            let transport = answer.all("strict-transport-security");
            assert_eq!(transport.len(), usize::from(is_https), "{kind}");
            for (name, _) in &answer.headers {
                assert!(!name.starts_with("access-control-"), "{kind}: {name}");
                assert!(
                    !["server", "x-powered-by"].contains(&name.as_str()),
                    "{kind}: {name}"
                );
            }
            let is_kept = ["a script", "the icon"].contains(&kind);
            assert_eq!(
                answer.header("cache-control") == Some("no-store"),
                !is_kept,
                "{kind}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_fault_of_ours_is_protected_and_explained() -> Outcome {
    let clock = Arc::new(FallingClock::default());
    let world = Plan::new().clock(Arc::clone(&clock) as _).start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    clock.falls(true);
    let page = browser.open("/").await?;
    assert_eq!(page.status, 500);
    assert!(page.text().contains("<h1>Something broke on our side</h1>"));
    assert!(!page.text().contains("fell down"), "{}", page.text());
    let call = browser.session().await?;
    crate::rig::check_failure("a call", &call, 500, "unexpected")?;
    for answer in [&page, &call] {
        for name in EVERYWHERE {
            assert_eq!(answer.all(name).len(), 1, "{name}");
        }
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    clock.falls(false);
    assert!(browser.is_signed_in().await?, "the server goes on");
    Ok(())
}

#[tokio::test]
async fn every_page_has_a_nonce_of_its_own() -> Outcome {
    let world = World::start().await?;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let answer = Request::get("/").send(world.addr).await?;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let nonce = policy
            .split_once("'nonce-")
            .and_then(|(_, rest)| rest.split_once('\''))
            .map(|(nonce, _)| nonce.to_owned());
        let nonce = nonce.ok_or(policy)?;
        assert!(nonce.len() >= 22, "128 bits: {nonce}");
        let text = answer.text();
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            let inline = !tag.contains(" src=") && !tag.contains("application/json");
            let marked = tag.contains(&format!("nonce=\"{nonce}\""));
            assert!(!inline || marked, "an inline script without nonce: {tag}");
        }
        assert!(seen.insert(nonce), "a nonce came twice");
    }
    Ok(())
}

/// A browser that has the file takes these headers for those it had, and keeps them.
#[tokio::test]
async fn a_file_that_is_kept_may_go_on_being_kept() -> Outcome {
    let world = World::start().await?;
    let file = Request::get("/pkg/wrengate.js");
    let first = file.send(world.addr).await?;
    let modified = first.header("last-modified").ok_or("no date")?;
    let again = file.header("If-Modified-Since", modified);
    let again = again.send(world.addr).await?;
    assert_eq!(again.status, 304);
    assert_eq!(again.header("cache-control"), first.header("cache-control"));
    Ok(())
}

#[tokio::test]
async fn the_host_that_was_asked_for_is_not_believed() -> Outcome {
    let world = World::start().await?;
    for target in ["/", "/account", "/account/", "/no-such-page", "/sign-out"] {
        let request = Request::get(target)
            .header("Host", "evil.example")
            .header("X-Forwarded-Host", "evil.example")
            .header("X-Forwarded-Proto", "https")
            .header("Forwarded", "host=evil.example;proto=https")
            .header("X-Original-URL", "/evil.example")
            .header("X-Rewrite-URL", "/evil.example");
        let answer = request.send(world.addr).await?;
        assert!(!answer.whole().contains("evil"), "{}", answer.whole());
        assert_eq!(answer.header("strict-transport-security"), None);
    }
    Ok(())
}
