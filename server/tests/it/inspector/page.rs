//! The page: where it is, for whom it is drawn, what it says of a sign-in.

use std::fs;

use rcgen::{KeyPair, PKCS_ED25519};
use serde_json::json;

use super::newest;
use crate::rig::{Browser, Outcome, Plan, Reply, Request, World};

/// What stands in place of a reason that is not known.
const UNEXPLAINED: &str = "An extension that this application does not use.";

async fn page(browser: &mut Browser, path: &str) -> Outcome<String> {
    let answer = browser.open(path).await?;
    assert_eq!(answer.status, 200, "{}", answer.whole());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    Ok(answer.text())
}

/// The text of a part that begins with a mark.
fn part<'a>(page: &'a str, mark: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(mark).unwrap_or_default();
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

#[tokio::test]
async fn off_there_is_no_page_and_nothing_leads_to_it() -> Outcome {
    for plan in [
        Plan::new().https(),
        Plan::new().setting("WRENGATE_INSPECTOR", "off"),
    ] {
        let world = plan.start().await?;
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        for path in [
            "/inspector",
            "/inspector/",
            "/inspector?sign-in=sha256:0123456789abcdef",
        ] {
            assert_eq!(browser.open(path).await?.status, 404, "{path}");
        }
        for path in ["/account", "/problem/provider-fault"] {
            let answer = browser.open(path).await?;
            assert!(!answer.text().contains("/inspector"), "{path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn where_it_is_on_pages_lead_to_it() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for path in ["/", "/problem/provider-fault"] {
        let answer = browser.open(path).await?;
        assert!(answer.text().contains("href=\"/inspector\""), "{path}");
        // The script of the page is in no other.
        assert!(!answer.text().contains("EventSource"), "{path}");
    }
    let answer = browser.open("/problem/provider-fault").await?;
    assert!(answer.text().contains("Open in inspector"));
    Ok(())
}

/// Somebody who is signed in can run another sign-in from there.
#[tokio::test]
async fn it_is_empty_at_first_and_leads_to_a_sign_in() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let empty = page(&mut browser, "/inspector").await?;
    assert!(empty.contains("No sign-in recorded yet."), "{empty}");
    assert!(empty.contains("EventSource"));
    assert!(browser.cookies.contains_key("wrengate-inspector"));
    browser.sign_in(&world.provider, "alice").await?;
    let again = page(&mut browser, "/?again=1&return_to=%2Finspector").await?;
    assert!(again.contains("Continue with"), "{again}");
    Ok(())
}

#[tokio::test]
async fn a_sign_in_is_shown_with_all_its_steps_to_its_browser_alone() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let (mut alice, mut bob) = (Browser::at(&world), Browser::at(&world));
    let signing = alice.begin().await?;
    let running = page(&mut alice, "/inspector").await?;
    assert!(running.contains("This sign-in is not back yet."));
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    alice.complete(&signing, &arrival).await?;
    let seen = page(&mut alice, "/inspector").await?;
    let verdict = part(&seen, "inspector-verdict", "</section>");
    assert!(verdict.contains("data-verdict=\"ok\""), "{verdict}");
    assert!(
        verdict.contains("Signed in") && verdict.contains("8 of 8"),
        "{verdict}"
    );
    for step in 0..=7 {
        assert!(seen.contains(&format!("id=\"step-{step}\"")), "{step}");
    }
    assert_eq!(seen.matches("<details name=\"step\"").count(), 8);
    assert_eq!(seen.matches(" open=\"\"").count(), 1);
    assert!(!seen.contains(UNEXPLAINED), "{seen}");
    assert!(seen.contains("RFC 7636, 4.2"));
    assert!(seen.contains("curl"));
    for other in [&mut bob, &mut Browser::at(&world)] {
        let seen = page(other, "/inspector").await?;
        assert!(!seen.contains("alice") && seen.contains("No sign-in recorded yet."));
    }
    Ok(())
}

/// Whatever the settings have the flow send, each of its parameters has a reason and a source.
#[tokio::test]
async fn nothing_that_the_flow_sends_is_left_unexplained() -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("client.pem");
    fs::write(&path, KeyPair::generate_for(&PKCS_ED25519)?.serialize_pem())?;
    let key = path.display().to_string();
    // Words that are said no more could not be found.
    assert!(include_str!("../../../../app/languages/en.toml").contains(UNEXPLAINED));
    let public = || Plan::new().without("WRENGATE_CLIENT_SECRET");
    for (row, plan) in [
        ("public", public()),
        ("basic", Plan::new().discovers()),
        (
            "post",
            Plan::new().setting("WRENGATE_CLIENT_AUTH", "client_secret_post"),
        ),
        (
            "key",
            public().setting("WRENGATE_CLIENT_KEY_FILE", key.as_str()),
        ),
        ("pushed", Plan::new().pushed_only()),
        (
            "pushed with a key",
            public()
                .setting("WRENGATE_CLIENT_KEY_FILE", key.as_str())
                .pushed_only(),
        ),
    ] {
        let world = plan.start().await?;
        let mut browser = Browser::at(&world);
        let answer = browser.sign_in(&world.provider, "alice").await?;
        assert_eq!(answer.status, 200, "{row}: {}", answer.text());
        let seen = page(&mut browser, "/inspector").await?;
        assert!(seen.contains("8 of 8"), "{row}: {seen}");
        assert!(!seen.contains(UNEXPLAINED), "{row}: {seen}");
    }
    Ok(())
}

#[tokio::test]
async fn one_of_several_can_be_chosen_until_it_is_gone() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let first = newest(&mut browser).await?;
    browser.bring_error(&signing.state, "server_error").await?;
    browser.sign_in(&world.provider, "alice").await?;
    let path = format!("/inspector?sign-in={}", first.id.as_str());
    let verdict = |page: &str| part(page, "inspector-verdict", "</section>").to_owned();
    let newest_first = page(&mut browser, "/inspector").await?;
    assert!(verdict(&newest_first).contains("Signed in"));
    let chosen = page(&mut browser, &path).await?;
    assert!(verdict(&chosen).contains("Failed at step 3"), "{chosen}");
    assert!(verdict(&chosen).contains("provider-fault"));
    assert_eq!(browser.post("/inspector/clear", "").await?.status, 303);
    let gone = page(&mut browser, &path).await?;
    // Nobody keeps why: it can be its age, this button, or newer ones.
    assert!(gone.contains("This trace is gone."), "{gone}");
    assert!(gone.contains("15 minutes, or until it was cleared or newer ones took its place"));
    for odd in ["sign-in=%3Cscript%3E", "sign-in=", "sign-in=sha256:zz", "x"] {
        let page = page(&mut browser, &format!("/inspector?{odd}")).await?;
        assert!(page.contains("No sign-in recorded yet."), "{odd}");
        assert!(!page.contains("<script>\""), "{odd}");
    }
    Ok(())
}

#[tokio::test]
async fn a_failed_step_shows_its_request_and_how_to_fix_it() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let refused =
        json!({"error": "invalid_client", "error_description": "<img src=x onerror=alert(1)>"});
    world.provider.replies("/token", Reply::json(401, &refused));
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    let seen = page(&mut browser, "/inspector").await?;
    let verdict = part(&seen, "inspector-verdict", "</section>");
    assert!(verdict.contains("Failed at step 5"), "{verdict}");
    assert!(verdict.contains("client-rejected"));
    assert!(verdict.contains("Likely causes"));
    let step = part(&seen, "id=\"step-5\"", "id=\"step-6\"");
    assert!(step.contains("/token") && step.contains(">401<"), "{step}");
    assert!(
        step.contains("$CODE") && step.contains("$VERIFIER"),
        "{step}"
    );
    assert!(!seen.contains("<img"), "{seen}");
    Ok(())
}

/// The page of another site learns nothing of it and cannot have it drawn in a frame.
#[tokio::test]
async fn other_methods_and_frames_get_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let answer = browser
        .with_cookies(Request::get("/inspector"))
        .send(world.addr)
        .await?;
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert!(
        !answer.text().contains("switchboard"),
        "only the preset local"
    );
    let posted = browser.form("/inspector", "").send(world.addr).await?;
    assert!(!posted.text().contains("alice"), "{}", posted.whole());
    let slash = browser.open("/inspector/").await?;
    assert_eq!(slash.status, 308);
    Ok(())
}

/// A link of another site must not put another cookie in place of the one that finds the traces.
#[tokio::test]
async fn a_link_of_another_site_shows_and_changes_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for with_cookies in [true, false] {
        let request = Request::get("/inspector").header("Sec-Fetch-Site", "cross-site");
        let request = if with_cookies {
            browser.with_cookies(request)
        } else {
            request
        };
        let answer = request.send(world.addr).await?;
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains("No sign-in recorded yet."));
        assert!(
            !answer.whole().contains("wrengate-inspector="),
            "{}",
            answer.whole()
        );
    }
    assert!(page(&mut browser, "/inspector").await?.contains("8 of 8"));
    Ok(())
}
