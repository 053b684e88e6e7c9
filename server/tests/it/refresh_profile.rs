//! Reading the profile again: what changes, and that a failure costs nobody the session.

use serde_json::json;

use crate::rig::{Browser, Outcome, Reply, World, log};

async fn signed_in(world: &World) -> Outcome<Browser> {
    let mut browser = Browser::at(world);
    world
        .provider
        .knows("alice", json!({"sub": "alice", "name": "Old Name"}));
    browser.sign_in(&world.provider, "alice").await?;
    Ok(browser)
}

/// What changes nothing of what is known is told beside it, the others have a page of their own.
const BESIDE: [&str; 7] = [
    "provider-fault",
    "provider-limit",
    "provider-busy",
    "answer-unreadable",
    "provider-unreachable",
    "profile-refused",
    "subject-mismatch",
];

/// The form tells the failure; the session and what it shows are as before.
async fn check_problem(world: &World, browser: &mut Browser, failure: &str) -> Outcome {
    let beside = BESIDE.contains(&failure);
    let (place, notice_code) = if beside {
        ("/account".to_owned(), "not-refreshed.")
    } else {
        (format!("/problem/{failure}"), "reference.")
    };
    let answer = browser.post("/profile/refresh", "").await?;
    assert_eq!(answer.status, 303, "{failure}");
    assert_eq!(answer.header("location"), Some(place.as_str()));
    let notice = browser.cookies.get("wrengate-notice").ok_or("no notice")?;
    let reference = notice
        .strip_prefix(notice_code)
        .ok_or("no reference")?
        .to_owned();
    let lines = log::lines_of(&reference);
    assert!(
        matches!(lines.as_slice(), [line] if line.contains(failure)),
        "{lines:?}"
    );
    let page = browser.open(&place).await?.text();
    assert!(page.contains(&reference), "{page}");
    let told = page.contains("Couldn't refresh your profile from") && page.contains("Old Name");
    assert_eq!(told, beside, "{page}");
    world.provider.behaves();
    let session = browser.session().await?;
    assert_eq!(
        (session.status, session.json()?.get("name")),
        (200, Some(&json!("Old Name")))
    );
    Ok(())
}

#[tokio::test]
async fn a_new_profile_is_shown() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    let id = browser.session_cookie().map(str::to_owned);
    world.provider.knows(
        "alice",
        json!({"sub": "alice", "name": "New <b>Name</b>", "secret": 1}),
    );
    let answer = browser.post("/profile/refresh", "").await?;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/account"))
    );
    assert_eq!(browser.session_cookie(), id.as_deref());
    let account = browser.open("/account").await?.text();
    assert!(account.contains("New &lt;b&gt;Name&lt;/b&gt;"), "{account}");
    assert!(
        !account.contains("<b>Name") && !account.contains("Old Name"),
        "{account}"
    );
    assert_eq!(browser.session().await?.json()?["name"], "New <b>Name</b>");
    assert_eq!(world.provider.asked("/token").len(), 1);
    assert_eq!(world.provider.asked("/userinfo").len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_failing_provider_costs_nobody_the_session() -> Outcome {
    let world = World::start().await?;
    world.provider.token_members(json!({"refresh_token": null}));
    let mut browser = signed_in(&world).await?;
    let error = |code: &str| json!({"error": code});
    for (reply, failure) in [
        (Reply::json(401, &error("invalid_token")), "access-ended"),
        (
            Reply::json(403, &error("insufficient_scope")),
            "profile-refused",
        ),
        (Reply::text(500, "text/html", ""), "provider-fault"),
        (
            Reply::text(429, "text/html", "").and("retry-after", "9"),
            "provider-limit",
        ),
        (Reply::text(503, "text/html", ""), "provider-busy"),
        (Reply::text(200, "text/html", "<h1>"), "answer-unreadable"),
        (
            Reply::json(200, &json!({"name": "Nobody"})),
            "subject-mismatch",
        ),
        (
            Reply::json(200, &json!({"sub": "mallory", "name": "Mallory"})),
            "subject-mismatch",
        ),
        (Reply::Lost, "provider-unreachable"),
    ] {
        world.provider.replies("/userinfo", reply);
        check_problem(&world, &mut browser, failure).await?;
    }
    Ok(())
}

/// B28: without a refresh token, what is known to be over is not tried.
#[tokio::test]
async fn an_expired_token_asks_no_provider() -> Outcome {
    let world = World::start().await?;
    let members = json!({"expires_in": 1200, "refresh_token": null});
    world.provider.token_members(members);
    let mut browser = signed_in(&world).await?;
    browser.open("/account").await?;
    world.clock.advance(1199);
    assert_eq!(
        browser
            .post("/profile/refresh", "")
            .await?
            .header("location"),
        Some("/account")
    );
    browser.open("/account").await?;
    world.clock.advance(1);
    let calls = world.provider.calls();
    check_problem(&world, &mut browser, "access-ended").await?;
    assert_eq!(world.provider.calls(), calls);
    Ok(())
}

/// A token whose life nobody told is tried as long as the session lasts.
#[tokio::test]
async fn a_token_of_unknown_life_is_tried() -> Outcome {
    let world = World::start().await?;
    world.provider.token_members(json!({"expires_in": null}));
    let mut browser = signed_in(&world).await?;
    for _ in 0..20 {
        browser.open("/account").await?;
        world.clock.advance(1200);
    }
    assert_eq!(
        browser
            .post("/profile/refresh", "")
            .await?
            .header("location"),
        Some("/account")
    );
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_down_is_said() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    for broken in ["find_session_id", "write_profile", "find_session"] {
        world.store.breaks(&[broken]);
        let answer = browser.post("/profile/refresh", "").await?;
        assert_eq!(
            answer.header("location"),
            Some("/problem/store-down"),
            "{broken}"
        );
        world.store.breaks(&[]);
        assert_eq!(
            browser.session().await?.json()?["name"],
            "Old Name",
            "{broken}"
        );
    }
    Ok(())
}

/// The session ended while the provider was asked: the answer does not bring it back.
#[tokio::test]
async fn a_session_that_ends_meanwhile_stays_ended() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    let before = world.provider.calls();
    world.provider.holds();
    let refresh = tokio::spawn({
        let (form, addr) = (browser.form("/profile/refresh", ""), world.addr);
        async move { form.send(addr).await }
    });
    world.provider.arrived(before + 1).await?;
    let copied = browser.clone();
    browser.post("/sign-out", "").await?;
    world.provider.goes_on();
    assert_eq!(refresh.await??.status, 303);
    assert!(!copied.clone().is_signed_in().await?);
    Ok(())
}
