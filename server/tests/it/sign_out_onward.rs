//! What signing out asks of the provider (E22 to E24), and what the page tells of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::rig::{
    Answer, Browser, Outcome, Plan, Provider, Reply, Request, World, log, provider::Asked,
};

const NOT_REVOKED: &str = "confirm that it cancelled the access token";
const AT_BOTH: &str = "signed out of Wrengate and";
const STILL: &str = "You may still be signed in";

fn parameters(address: &str) -> Vec<(String, String)> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn location(answer: &Answer) -> Outcome<String> {
    assert_eq!(answer.status, 303, "{}", answer.whole());
    Ok(answer.header("location").ok_or("no location")?.to_owned())
}

/// Signs somebody in and out again; answers with where that leads.
async fn sign_out(browser: &mut Browser, world: &World, form: &str) -> Outcome<String> {
    browser.sign_in(&world.provider, "alice").await?;
    let answer = browser.post("/sign-out", form).await?;
    location(&answer)
}

fn revoked(provider: &Provider) -> Vec<(String, String)> {
    let field = |asked: &Asked, name: &str| asked.field(name).unwrap_or_default();
    provider
        .asked("/revoke")
        .iter()
        .map(|asked| (field(asked, "token"), field(asked, "token_type_hint")))
        .collect()
}

/// E22, first row: the refresh token goes back, and the page has nothing to warn of.
#[tokio::test]
async fn refresh_token_is_revoked_and_the_page_is_calm() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    assert_eq!(sign_out(&mut browser, &world, "").await?, "/signed-out");
    let given_back = revoked(&world.provider);
    let [(token, hint)] = given_back.as_slice() else {
        return Err(format!("{given_back:?}").into());
    };
    assert!(token.starts_with("refresh-"));
    assert_eq!(hint, "refresh_token");
    let page = browser.open("/signed-out").await?.text();
    assert!(
        !page.contains(NOT_REVOKED) && page.contains(STILL),
        "{page}"
    );
    assert!(
        !page.contains("/sign-out/next"),
        "there is no such place: {page}"
    );
    Ok(())
}

#[tokio::test]
async fn access_token_is_revoked_where_there_is_no_other() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    world.provider.token_members(json!({"refresh_token": null}));
    let mut browser = Browser::at(&world);
    sign_out(&mut browser, &world, "").await?;
    let given_back = revoked(&world.provider);
    assert!(
        matches!(given_back.as_slice(), [(token, hint)] if token.starts_with("access-") && hint == "access_token")
    );
    Ok(())
}

/// E22: whatever the provider answers, the person is signed out, soon, and told until when the access
/// token may work.
#[tokio::test]
async fn provider_that_does_not_revoke_holds_nobody_up() -> Outcome {
    let unsupported = json!({"error": "unsupported_token_type"});
    for (row, reply) in [
        ("400", Reply::json(400, &unsupported)),
        ("503", Reply::json(503, &json!({}))),
        ("500 page", Reply::text(500, "text/html", "<h1>")),
        ("401", Reply::json(401, &json!({"error": "invalid_client"}))),
        ("lost", Reply::Lost),
        ("silence", Reply::Silence),
    ] {
        let world = Plan::new().discovers().start().await?;
        world.provider.replies("/revoke", reply);
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        let started = Instant::now();
        let answer = browser.post("/sign-out", "").await?;
        assert!(started.elapsed() < Duration::from_millis(2900), "{row}");
        assert_eq!(location(&answer)?, "/signed-out", "{row}");
        assert!(!browser.is_signed_in().await?, "{row}");
        let page = browser.open("/signed-out").await?.text();
        assert!(page.contains(NOT_REVOKED), "{row}: {page}");
        assert!(
            page.contains("by \u{2066}2026-01-01 01:00 UTC\u{2069}"),
            "{row}: {page}"
        );
        let again = browser.open("/signed-out").await?.text();
        assert!(!again.contains(NOT_REVOKED), "{row}: shown once");
    }
    Ok(())
}

#[tokio::test]
async fn provider_that_is_gone_or_offers_no_revocation_holds_nobody_up() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.provider.dies().await;
    location(&browser.post("/sign-out", "provider=on").await?)?;
    assert!(!browser.is_signed_in().await?);
    assert!(
        browser
            .open("/signed-out")
            .await?
            .text()
            .contains(NOT_REVOKED)
    );

    let plain = World::start().await?;
    plain.provider.token_members(json!({"expires_in": null}));
    let mut browser = Browser::at(&plain);
    sign_out(&mut browser, &plain, "").await?;
    let page = browser.open("/signed-out").await?.text();
    assert!(
        page.contains(NOT_REVOKED) && !page.contains("stops working"),
        "{page}"
    );
    assert!(plain.provider.asked("/revoke").is_empty());
    Ok(())
}

/// A token that has expired anyway is nothing to warn of.
#[tokio::test]
async fn token_that_has_expired_is_no_warning() -> Outcome {
    let world = World::start().await?;
    world.provider.token_members(json!({"expires_in": 60}));
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.clock.advance(61);
    browser.post("/sign-out", "").await?;
    assert!(
        !browser
            .open("/signed-out")
            .await?
            .text()
            .contains(NOT_REVOKED)
    );
    Ok(())
}

#[tokio::test]
async fn nobody_signed_in_is_the_same_page_without_a_warning() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    let mut browser = Browser::at(&world);
    let answer = browser
        .post("/sign-out", "provider=on&where=everywhere")
        .await?;
    assert_eq!(location(&answer)?, "/signed-out");
    let page = browser.open("/signed-out").await?;
    assert_eq!(page.status, 200);
    let page = page.text();
    assert!(page.contains("You&#39;re signed out") || page.contains("You're signed out"));
    assert!(
        !page.contains(NOT_REVOKED) && !page.contains("Every browser"),
        "{page}"
    );
    Ok(())
}

/// Tokens of the other browsers are given back as well, and nobody waits for it.
#[tokio::test]
async fn tokens_of_every_session_that_ends_elsewhere_go_back() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        browsers.push(browser);
    }
    let calls = world.provider.calls();
    let mut here = browsers.pop().ok_or("nobody")?;
    here.post("/sign-out", "where=everywhere").await?;
    world.provider.arrived(calls + 6).await?;
    let mut tokens = revoked(&world.provider);
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 6, "each once");
    Ok(())
}

/// Stopping waits for what is under way, and not for a provider that never answers.
#[tokio::test]
async fn stop_waits_for_revocations_and_not_for_ever() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let [mut here, mut there] = [(); 2].map(|()| Browser::at(&world));
    here.sign_in(&world.provider, "alice").await?;
    there.sign_in(&world.provider, "alice").await?;
    world.provider.replies("/revoke", Reply::Silence);
    here.post("/sign-out", "where=everywhere").await?;
    let started = Instant::now();
    world.stop().await;
    world.stopped().await?;
    assert!(started.elapsed() < Duration::from_secs(6));
    assert_eq!(revoked(&world.provider).len(), 2);
    Ok(())
}

/// E23: the four parameters, after the session is gone; the ID token in this redirect and nowhere else.
#[tokio::test]
async fn ticked_box_leads_on_to_the_provider_and_back() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let account = browser.open("/account").await?;
    let policy = account
        .header("content-security-policy")
        .unwrap_or_default();
    let allowed = format!("form-action 'self' {};", world.provider.origin);
    assert!(policy.contains(&allowed), "{policy}");
    assert!(account.text().contains("Also sign out of"));

    let next = location(&browser.post("/sign-out", "provider=on").await?)?;
    let ticket = next.strip_prefix("/sign-out/next?t=").ok_or("no ticket")?;
    assert!(!browser.is_signed_in().await?);
    let onward = browser.open(&next).await?;
    assert_eq!(onward.header("cache-control"), Some("no-store"));
    assert_eq!(onward.header("referrer-policy"), Some("no-referrer"));
    let to = location(&onward)?;
    assert!(
        to.starts_with(&format!("{}/logout?", world.provider.origin)),
        "{to}"
    );
    let parameters = parameters(&to);
    let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "id_token_hint",
        "client_id",
        "post_logout_redirect_uri",
        "state",
    ];
    assert_eq!(names, expected);
    let of = |name| {
        parameters
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(of("client_id"), Some("the-client"));
    let back = format!("{}/signed-out", world.origin);
    assert_eq!(of("post_logout_redirect_uri"), Some(back.as_str()));
    let id_token = of("id_token_hint").ok_or("no token")?;
    assert_eq!(id_token.split('.').count(), 3);
    let state = of("state").ok_or("no state")?;

    let logged = log::text();
    assert!(!logged.contains(id_token) && !logged.contains(ticket) && !logged.contains(state));
    assert!(!onward.text().contains(id_token), "{}", onward.text());

    let page = browser
        .open(&format!("/signed-out?state={state}"))
        .await?
        .text();
    assert!(page.contains(AT_BOTH) && !page.contains(STILL), "{page}");
    assert!(
        !page.contains(id_token) && !page.contains(NOT_REVOKED),
        "{page}"
    );
    let again = browser
        .open(&format!("/signed-out?state={state}"))
        .await?
        .text();
    assert!(!again.contains(AT_BOTH), "shown once");
    Ok(())
}

/// The same way for whoever did not tick the box.
#[tokio::test]
async fn page_offers_the_way_on_and_tells_only_what_is_known() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    for (state, said) in [(None, false), (Some("other"), false), (Some(""), false)] {
        let mut browser = Browser::at(&world);
        assert_eq!(sign_out(&mut browser, &world, "").await?, "/signed-out");
        let page = browser.open("/signed-out").await?.text();
        let (_, rest) = page.split_once("/sign-out/next?t=").ok_or("no way on")?;
        let ticket: String = rest.chars().take(43).collect();
        assert!(page.contains(STILL), "{page}");
        location(&browser.open(&format!("/sign-out/next?t={ticket}")).await?)?;
        let query = state.map_or(String::new(), |state| format!("?state={state}"));
        let page = browser.open(&format!("/signed-out{query}")).await?;
        assert_eq!(page.status, 200);
        assert_eq!(page.text().contains(AT_BOTH), said, "{state:?}");
    }
    Ok(())
}

/// E24: and neither a prefetch nor a look at the headers uses one up.
#[tokio::test]
async fn ticket_works_once_and_for_ten_minutes() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    let mut browser = Browser::at(&world);
    let next = sign_out(&mut browser, &world, "provider=on").await?;
    for request in [
        Request::get(&next).header("Sec-Purpose", "prefetch;prerender"),
        Request::get(&next).header("Purpose", "prefetch"),
        Request::new("HEAD", &next),
    ] {
        let answer = request.send(world.addr).await?;
        assert_eq!((answer.status, answer.header("location")), (204, None));
    }
    let post = browser.form(&next, "").send(world.addr).await?;
    assert_eq!(post.status, 405);
    assert!(location(&browser.open(&next).await?)?.contains("/logout?"));

    let old = sign_out(&mut browser, &world, "provider=on").await?;
    world.clock.advance(600);
    for bad in [
        next.as_str(),
        old.as_str(),
        "/sign-out/next",
        "/sign-out/next?t=",
        "/sign-out/next?t=abc",
        "/sign-out/next?t=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "/sign-out/next?t=%00%ff&t=https://evil.example",
        "/sign-out/next?to=https://evil.example",
    ] {
        let answer = browser.open(bad).await?;
        assert_eq!(location(&answer)?, "/signed-out", "{bad}");
        assert_eq!(answer.all("set-cookie"), [""; 0], "{bad}");
    }
    Ok(())
}

#[tokio::test]
async fn store_that_fails_at_the_ticket_leaves_it_good() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    let mut browser = Browser::at(&world);
    let next = sign_out(&mut browser, &world, "provider=on").await?;
    world.store.breaks(&["take_note"]);
    assert_eq!(
        location(&browser.open(&next).await?)?,
        "/problem/store-down"
    );
    world.store.breaks(&["leave_note"]);
    assert!(location(&browser.open(&next).await?)?.contains("/logout?"));
    assert_eq!(
        sign_out(&mut browser, &world, "provider=on").await?,
        "/signed-out"
    );
    assert!(!browser.is_signed_in().await?);
    Ok(())
}

/// A planted cookie makes the page say nothing of the provider's, and puts nothing of its own into it.
#[tokio::test]
async fn planted_cookie_gains_nothing() -> Outcome {
    let world = Plan::new().ends_sessions().start().await?;
    for value in [
        "here.over.<script>alert(1)</script>",
        "here.over.ticket.\"onclick=",
        "everywhere.over.state.",
        "here.1e9.unknown",
        "a.b.c",
    ] {
        let mut browser = Browser::at(&world);
        browser
            .cookies
            .insert("wrengate-signed-out".to_owned(), value.to_owned());
        let page = browser.open("/signed-out?state=").await?;
        assert_eq!(page.status, 200, "{value}");
        let page = page.text();
        assert!(
            page.contains(STILL) && !page.contains(AT_BOTH),
            "{value}: {page}"
        );
        assert!(
            !page.contains("alert(1)") && !page.contains("onclick"),
            "{value}"
        );
        assert!(!page.contains("Every browser"), "{value}");
    }
    Ok(())
}

/// One account page for a provider without such a place: no box, and the policy stays closed.
#[tokio::test]
async fn provider_without_end_session_has_no_box() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let account = browser.open("/account").await?;
    assert!(!account.text().contains("Also sign out of"));
    let policy = account
        .header("content-security-policy")
        .unwrap_or_default();
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let answer = browser.post("/sign-out", "provider=on").await?;
    assert_eq!(location(&answer)?, "/signed-out");
    Ok(())
}

/// The audit names each session, and neither person nor token.
#[tokio::test]
async fn audit_has_a_line_for_each_session_and_no_token() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    sign_out(&mut browser, &world, "").await?;
    let given_back = revoked(&world.provider);
    let (token, _) = given_back.first().ok_or("nothing was revoked")?;
    assert!(!log::text().contains(token.as_str()));
    let lines: Vec<Value> = log::json()
        .lines()
        .filter(|line| line.contains("\"signed-out\""))
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert!(!lines.is_empty());
    for line in lines {
        let line = line.to_string();
        assert!(
            line.contains("session") && !line.contains("alice"),
            "{line}"
        );
    }
    Ok(())
}
