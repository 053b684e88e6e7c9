//! Every page: its status, and where a person is sent.

use wrengate_protocol::Failure;

use crate::rig::{Browser, LOADER, Outcome, PART, Plan, Request, World};

#[tokio::test]
async fn every_address_has_the_status_of_what_it_says() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for (path, status, words) in [
        ("/", 200, "<h1"),
        ("/callback", 200, "<h1"),
        ("/signed-out", 200, "<h1"),
        ("/help", 200, "<h1"),
        ("/display", 200, "<h1"),
        ("/signed-out?where=everywhere", 200, "<h1"),
        ("/problem/no-such-failure", 404, "<h1"),
        ("/no-such-page", 404, "<h1"),
        ("/healthz", 200, "ok"),
        ("/readyz", 200, "\"ready\":true"),
        ("/favicon.svg", 200, "<svg/>"),
        ("/pkg/wrengate.js", 200, "/* built */"),
        ("/pkg/no-such-file.js", 404, "<h1"),
        ("/pkg", 404, "<h1"),
        ("/pkg/", 404, "<h1"),
    ] {
        let answer = browser.open(path).await?;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
    }
    for failure in Failure::ALL {
        let path = format!("/problem/{}", failure.code());
        let answer = browser.open(&path).await?;
        assert_eq!(answer.status, failure.status().unwrap_or(200), "{path}");
        assert!(answer.text().contains("<h1"), "{path}: {}", answer.text());
    }
    Ok(())
}

/// What looks an element up by its id finds the first.
#[tokio::test]
async fn no_id_is_there_twice() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for path in [
        "/",
        "/callback",
        "/help",
        "/display",
        "/problem/session-over",
    ] {
        no_id_twice(path, &browser.open(path).await?.text());
    }
    browser.sign_in(&world.provider, "alice").await?;
    for path in ["/account", "/sessions", "/help", "/display", "/?renew=1"] {
        let page = browser.open(path).await?.text();
        assert!(page.contains("<dialog"), "{path}: {page}");
        no_id_twice(path, &page);
    }
    Ok(())
}

fn no_id_twice(path: &str, page: &str) {
    let ids = page.split(" id=\"").skip(1);
    let mut ids: Vec<_> = ids.filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    let twice = ids.windows(2).find(|pair| pair.first() == pair.last());
    assert_eq!(twice, None, "{path}");
}

#[tokio::test]
async fn signed_in_and_signed_out_people_are_sent_where_they_belong() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let answer = browser.open("/account").await?;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), Some("/?return_to=/account"));

    browser.sign_in(&world.provider, "alice").await?;
    let account = browser.open("/account").await?;
    assert_eq!(account.status, 200);
    assert!(account.text().contains("Dr. alice"), "{}", account.text());
    for (path, location) in [
        ("/", "/account"),
        ("/signed-out", "/account"),
        ("/?return_to=/signed-out", "/account"),
        ("/?return_to=/reports%3Fyear%3D2026", "/reports?year=2026"),
        ("/?return_to=//evil.example", "/account"),
        ("/?return_to=%2F%5Cevil.example", "/account"),
        ("/?return_to=/", "/account"),
        ("/?return_to=/%3Freturn_to%3D/x", "/account"),
        ("/?return_to=https://evil.example/", "/account"),
        ("/?return_to=/x%0d%0aSet-Cookie:%20a=b", "/account"),
    ] {
        let answer = browser.open(path).await?;
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), Some(location), "{path}");
    }
    Ok(())
}

/// The part that only they need is named where they are, and nowhere else.
#[tokio::test]
async fn a_page_names_the_part_for_people_who_are_signed_in_to_them_alone() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let loader = format!("<link rel=\"modulepreload\" href=\"{LOADER}\">");
    let part = format!("<link rel=\"preload\" href=\"{PART}\" as=\"fetch\"");
    for path in [
        "/",
        "/callback",
        "/signed-out",
        "/problem/cancelled",
        "/nowhere",
    ] {
        let page = browser.open(path).await?.text();
        assert!(page.contains(&loader), "{path}: {page}");
        assert!(!page.contains(PART), "{path}: {page}");
    }
    browser.sign_in(&world.provider, "alice").await?;
    for path in ["/account", "/sessions", "/problem/cancelled", "/nowhere"] {
        let page = browser.open(path).await?.text();
        assert!(page.contains(&loader), "{path}: {page}");
        assert!(page.contains(&part), "{path}: {page}");
    }
    // It is the same for everybody.
    let callback = browser.open("/callback").await?.text();
    assert!(!callback.contains(PART), "{callback}");
    Ok(())
}

#[tokio::test]
async fn pages_answer_to_get_and_head_alone() -> Outcome {
    let world = World::start().await?;
    for path in [
        "/",
        "/callback",
        "/account",
        "/sessions",
        "/signed-out",
        "/help",
        "/display",
        "/problem/too-many",
    ] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
            let answer = Request::new(method, path).send(world.addr).await?;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{method} {path}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{method} {path}");
        }
        let get = Request::get(path).send(world.addr).await?;
        let head = Request::new("HEAD", path).send(world.addr).await?;
        assert_eq!(head.status, get.status, "HEAD {path}");
        assert_eq!(head.body, b"", "HEAD {path}");
    }
    Ok(())
}

/// What was asked for stays whole on the way through the sign-in.
#[tokio::test]
async fn a_deep_link_keeps_its_query() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for (path, location) in [
        ("/account?x=1", "/?return_to=/account?x=1"),
        (
            "/account?x=1&y=a%20b+c",
            "/?return_to=/account?x=1%26y=a%2520b%2Bc",
        ),
        ("/account?", "/?return_to=/account?"),
    ] {
        let answer = browser.open(path).await?;
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), Some(location), "{path}");
    }
    Ok(())
}

/// The app's own router takes `/account/` for the account page, and `/callback/` for the callback.
#[tokio::test]
async fn a_page_has_one_address() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for (path, location) in [
        ("/account/", "/account"),
        ("/account/?return_to=//evil.example", "/account"),
        ("/callback/?code=a&state=b", "/callback"),
        ("/signed-out/", "/signed-out"),
        ("/help/", "/help"),
        ("/display/?return_to=//evil.example", "/display"),
        ("/problem/cancelled/", "/problem/cancelled"),
    ] {
        let answer = browser.open(path).await?;
        assert_eq!(answer.status, 308, "{path}");
        assert_eq!(answer.header("location"), Some(location), "{path}");
    }
    let missing = browser.open("/no-such-page").await?;
    for target in [
        "/account//",
        "//account",
        "//callback",
        "/%61ccount",
        "/account%2f",
        "/callback%2F",
        "/..",
        "/./account",
        "/x/../account",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example/%2e%2e",
        "*",
    ] {
        let answer = browser.open(target).await?;
        assert_eq!(answer.status, 404, "{target}");
        assert_eq!(
            without_nonces(&answer.text()),
            without_nonces(&missing.text()),
            "{target}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_app_is_ready_when_store_and_provider_are() -> Outcome {
    let world = World::start().await?;
    world.store.breaks(&["ping"]);
    let mut browser = Browser::at(&world);
    let answer = browser.open("/readyz").await?;
    assert_eq!(answer.status, 503);
    let body = answer.json()?;
    assert_eq!(body["store"], "store-down");
    assert_eq!(body["ready"], false);
    assert_eq!(browser.open("/healthz").await?.status, 200);
    world.store.breaks(&[]);
    assert_eq!(browser.open("/readyz").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_and_not_waited_for() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_ISSUER", "http://127.0.0.1:1")
        .discovers()
        .start()
        .await?;
    let mut browser = Browser::at(&world);
    // Somebody's click makes sure that the provider was asked before.
    let begun = browser.begin().await;
    assert!(begun.is_err(), "{begun:?}");
    let answer = browser.open("/readyz").await?;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()?["provider"], "provider-unreachable");
    for path in ["/healthz", "/", "/callback", "/signed-out"] {
        assert_eq!(browser.open(path).await?.status, 200, "{path}");
    }
    Ok(())
}

/// A page without what is different in every answer.
pub(crate) fn without_nonces(html: &str) -> String {
    let mut parts = html.split("nonce=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("nonce=\"");
        text.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    text
}
