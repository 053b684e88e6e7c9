//! The sign-in over HTTP, from the click to its outcome.

mod attempts;
mod client_auth;
mod disconnects;
mod id_token;
mod outage;
mod provider_trouble;
mod pushed_requests;
mod refusals;
mod repeats;
mod store_trouble;

use serde_json::{Map, Value, json};
use url::Url;

use crate::rig::{
    Browser, NOW, Outcome, Plan, Request, World, browser::begin_message, provider::random,
};

#[tokio::test]
async fn a_person_signs_in_and_is_known() -> Outcome {
    let world = World::start().await?;
    world.provider.knows(
        "alice",
        json!({
            "sub": "alice", "name": "Alice Doe", "given_name": "Alice", "family_name": "Doe",
            "preferred_username": "alice.d", "email": "alice@people.example", "email_verified": true,
            "picture": "https://img.example.org/alice.png",
            "private_metadata": {"salary": "canary"}, "unsafe_metadata": "canary", "iss": "canary",
        }),
    );
    let mut browser = Browser::at(&world);
    let before = browser.session().await?;
    crate::rig::check_failure("before", &before, 401, "session-expired")?;

    let answer = browser.sign_in(&world.provider, "alice").await?;
    let profile = json!({
        "name": "Alice Doe", "given_name": "Alice", "family_name": "Doe", "username": "alice.d",
        "email": "alice@people.example", "email_verified": true,
        "picture": "https://img.example.org/alice.png",
    });
    assert_eq!(
        answer.json()?,
        json!({"return_to": "/account", "profile": profile})
    );
    let session = browser.session().await?;
    let mut said = session.json()?;
    let members = said.as_object_mut().ok_or("no object")?;
    let account = members.remove("account").ok_or("no account")?;
    assert_eq!(account.as_str().map(str::len), Some(16));
    let ends = members.remove("ends").ok_or("no ends")?;
    assert_eq!(
        ends,
        json!({
            "now": NOW, "idle": NOW + 1800, "absolute": NOW + 43_200,
            "idle_lifetime": 1800, "absolute_lifetime": 43_200,
        })
    );
    assert_eq!((session.status, said), (200, profile));
    let account = browser.open("/account").await?;
    for shown in [
        "Alice Doe",
        "alice.d",
        "alice@people.example",
        "img.example.org/alice.png",
    ] {
        assert!(
            account.text().contains(shown),
            "{shown} in {}",
            account.text()
        );
    }
    for page in [answer, session, account] {
        assert!(!page.whole().contains("canary"), "{}", page.whole());
    }
    Ok(())
}

/// A31: exactly these parameters, and the endpoint's own query is kept.
#[tokio::test]
async fn the_authorization_request_has_exactly_its_parameters() -> Outcome {
    let world = Plan::new()
        .setting(
            "WRENGATE_AUTHORIZATION_ENDPOINT",
            "https://id.example.org/authorize?tenant=7",
        )
        .start()
        .await?;
    let browser = Browser::at(&world);
    for prompt in [None, Some("login"), Some("select_account"), Some("consent")] {
        let (verifier, state) = (random()?, random()?);
        let mut message = begin_message(&verifier, &state, "/account")?;
        message["prompt"] = json!(prompt);
        let answer = browser
            .call("begin_sign_in", &message)
            .send(world.addr)
            .await?;
        let body = answer.json()?;
        assert_eq!(body.as_object().map(Map::len), Some(1), "{body}");
        let url = body["authorization_url"].as_str().ok_or("no URL")?;
        let url = Url::parse(url)?;
        assert!(
            url.as_str()
                .starts_with("https://id.example.org/authorize?tenant=7&"),
            "{url}"
        );
        let mut query: Vec<_> = url.query_pairs().into_owned().collect();
        let nonce = query
            .iter()
            .position(|(name, _)| name == "nonce")
            .ok_or("no nonce")?;
        let (_, nonce) = query.remove(nonce);
        assert_eq!(nonce.len(), 43, "{nonce}");
        let redirect_uri = format!("{}/callback", world.origin);
        let challenge = message["code_challenge"].as_str().unwrap_or_default();
        let expected = [
            ("tenant", Some("7")),
            ("response_type", Some("code")),
            ("client_id", Some("the-client")),
            ("redirect_uri", Some(redirect_uri.as_str())),
            ("scope", Some("openid profile email")),
            ("state", Some(state.as_str())),
            ("code_challenge", Some(challenge)),
            ("code_challenge_method", Some("S256")),
            ("prompt", prompt),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        assert_eq!(query, expected);
        assert!(!answer.whole().contains(&verifier));
    }
    Ok(())
}

#[tokio::test]
async fn the_provider_is_asked_what_the_standard_says() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    assert_eq!(world.provider.calls(), 2);

    let [token] = world
        .provider
        .asked("/token")
        .try_into()
        .map_err(|_| "not one request")?;
    let form: Vec<_> = form_urlencoded::parse(token.body.as_bytes())
        .into_owned()
        .collect();
    let redirect_uri = format!("{}/callback", world.origin);
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", &arrival.code),
        ("redirect_uri", &redirect_uri),
        ("client_id", "the-client"),
        ("code_verifier", &signing.verifier),
    ];
    assert_eq!(
        form,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let authorization = token.headers.get("authorization").ok_or("no client")?;
    assert!(authorization.to_str()?.starts_with("Basic "));
    assert_eq!(token.headers.get("cookie"), None);
    assert_eq!(token.headers.get("referer"), None);

    let [userinfo] = world
        .provider
        .asked("/userinfo")
        .try_into()
        .map_err(|_| "not one request")?;
    let authorization = userinfo.headers.get("authorization").ok_or("no token")?;
    assert!(authorization.to_str()?.starts_with("Bearer access-"));
    Ok(())
}

/// A28 and A29: where the person goes afterwards.
#[tokio::test]
async fn nobody_is_sent_to_another_origin_after_signing_in() -> Outcome {
    let world = World::start().await?;
    let long = format!("/{}", "a".repeat(10 * 1024));
    let elsewhere = [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/%2f%2fevil.example",
        "/%5cevil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "///evil.example",
        "https://app.example.evil",
        "/callback?code=x",
        "/api/session",
        "",
        "account",
        "/x\r\nSet-Cookie: a=b",
        "/sign-out",
        "/../callback",
        &long,
    ];
    let rows = elsewhere.map(|path| (path, "/account")).into_iter();
    let kept = [
        "/ok?x=//evil.example#part",
        "/",
        "/account?tab=2",
        "/%C3%A4",
    ]
    .map(|path| (path, path));
    let mut browser = Browser::at(&world);
    for (proposed, expected) in rows.chain(kept) {
        let signing = browser.begin_for(proposed).await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let answer = browser.complete(&signing, &arrival).await?;
        let body = answer.json()?;
        assert_eq!(
            body.get("return_to").and_then(Value::as_str),
            Some(expected),
            "{proposed:?}"
        );
    }
    Ok(())
}

/// The rules of section 3 of the design: a message that breaks one is no message of ours.
#[tokio::test]
async fn a_sign_in_begins_with_well_formed_values_alone() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let good = random()?;
    for (field, value) in [
        ("code_challenge", json!("a".repeat(42))),
        ("code_challenge", json!("a".repeat(44))),
        ("code_challenge", json!(format!("{}=", "a".repeat(42)))),
        ("code_challenge", json!(format!("{}+", "a".repeat(42)))),
        ("code_challenge", json!("ä".repeat(43))),
        ("state", json!("a".repeat(21))),
        ("state", json!("a".repeat(129))),
        ("state", json!(format!("{}~", "a".repeat(42)))),
        ("prompt", json!("none")),
        ("prompt", json!("login consent")),
        ("prompt", json!("")),
        ("return_to", json!(["/"])),
        ("redirect_uri", json!("https://evil.example/callback")),
        ("client_id", json!("evil")),
        ("nonce", json!(good)),
        ("scope", json!("everything")),
    ] {
        let mut message = begin_message(&good, &random()?, "/account")?;
        message[field] = value.clone();
        let answer = browser
            .call("begin_sign_in", &message)
            .send(world.addr)
            .await?;
        crate::rig::check_refusal(&format!("{field} {value}"), &answer, 400)?;
        assert_eq!(answer.all("set-cookie"), [""; 0]);
    }
    Ok(())
}

/// Login CSRF: what an attacker began and finished in his own browser is worth nothing in another.
#[tokio::test]
async fn an_attackers_own_sign_in_does_not_complete_in_the_victims_browser() -> Outcome {
    let world = World::start().await?;
    let mut attacker = Browser::at(&world);
    let signing = attacker.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "attacker")?;
    for mut victim in [Browser::at(&world), {
        let mut busy = Browser::at(&world);
        busy.begin().await?;
        busy
    }] {
        let answer = victim.complete(&signing, &arrival).await?;
        crate::rig::check_failure("victim", &answer, 400, "state-unmatched")?;
        assert!(!victim.is_signed_in().await?);
    }
    assert_eq!(world.provider.calls(), 0);
    assert_eq!(attacker.complete(&signing, &arrival).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn only_a_person_begins_a_sign_in() -> Outcome {
    let world = World::start().await?;
    for path in [
        "/",
        "/account",
        "/callback",
        "/signed-out",
        "/problem/cancelled",
    ] {
        let answer = Request::get(path).send(world.addr).await?;
        assert_eq!(answer.all("set-cookie"), [""; 0], "{path}");
    }
    assert_eq!(world.provider.calls(), 0);
    Ok(())
}
