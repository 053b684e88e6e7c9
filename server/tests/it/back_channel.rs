//! The provider signs somebody out (E25): a good token ends sessions, every other one nothing.

use serde_json::{Value, json};

use crate::rig::{
    Answer, Browser, NOW, Outcome, Plan, Reply, Request, World, log, provider::random,
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn start() -> Outcome<World> {
    Plan::new().discovers().start().await
}

/// Somebody signed in from a session at the provider.
async fn signed_in(world: &World, person: &str, sid: Option<&str>) -> Outcome<Browser> {
    world.provider.claims(json!({"sid": sid}));
    let mut browser = Browser::at(world);
    browser.sign_in(&world.provider, person).await?;
    assert!(browser.is_signed_in().await?);
    Ok(browser)
}

fn call(body: &str) -> Request {
    Request::post("/backchannel-logout")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body)
}

async fn send(world: &World, token: &str) -> Outcome<Answer> {
    call(&format!("logout_token={token}"))
        .send(world.addr)
        .await
}

async fn tell(world: &World, claims: Value) -> Outcome<Answer> {
    send(world, &world.provider.logout_token(&json!({}), &claims)?).await
}

fn check_refused(row: &str, answer: &Answer, status: u16) -> Outcome {
    assert_eq!(answer.status, status, "{row}: {}", answer.whole());
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{row}");
    let error = answer.json()?;
    assert_eq!(
        error.as_object().map(serde_json::Map::len),
        Some(1),
        "{row}: {error}"
    );
    assert!(
        error.get("error").is_some_and(Value::is_string),
        "{row}: {error}"
    );
    assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
    Ok(())
}

#[tokio::test]
async fn subject_ends_all_sessions_of_that_person_and_the_tokens_go_back() -> Outcome {
    let world = start().await?;
    let mut one = signed_in(&world, "alice", Some("s1")).await?;
    let mut two = signed_in(&world, "alice", None).await?;
    let mut bob = signed_in(&world, "bob", Some("s1")).await?;
    let calls = world.provider.calls();
    let answer = tell(&world, json!({"sub": "alice"})).await?;
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!one.is_signed_in().await? && !two.is_signed_in().await?);
    assert!(bob.is_signed_in().await?);
    world.provider.arrived(calls + 2).await?;
    assert_eq!(world.provider.asked("/revoke").len(), 2);
    Ok(())
}

#[tokio::test]
async fn sid_ends_the_sessions_that_came_from_it() -> Outcome {
    let world = start().await?;
    let mut one = signed_in(&world, "alice", Some("s1")).await?;
    let mut two = signed_in(&world, "alice", Some("s2")).await?;
    let mut none = signed_in(&world, "alice", None).await?;
    assert_eq!(tell(&world, json!({"sid": "s1"})).await?.status, 200);
    assert!(!one.is_signed_in().await?);
    assert!(two.is_signed_in().await? && none.is_signed_in().await?);
    Ok(())
}

/// With both, a session has to fit both; a session without a sid is none that is known to.
#[tokio::test]
async fn sid_and_subject_end_what_fits_both_or_may_fit() -> Outcome {
    let world = start().await?;
    let mut alice = signed_in(&world, "alice", Some("s1")).await?;
    let mut other = signed_in(&world, "alice", Some("s2")).await?;
    let mut none = signed_in(&world, "alice", None).await?;
    let mut bob = signed_in(&world, "bob", Some("s1")).await?;
    let answer = tell(&world, json!({"sub": "alice", "sid": "s1"})).await?;
    assert_eq!(answer.status, 200);
    // One that does not know where it came from may be the one.
    for browser in [&mut alice, &mut none] {
        assert!(!browser.is_signed_in().await?);
    }
    for browser in [&mut other, &mut bob] {
        assert!(browser.is_signed_in().await?);
    }
    // Neither names anybody together, which is no error.
    let answer = tell(&world, json!({"sub": "bob", "sid": "s2"})).await?;
    assert_eq!(answer.status, 200);
    assert!(bob.is_signed_in().await? && other.is_signed_in().await?);
    Ok(())
}

/// The person sees it at the next request, and the cookie goes.
#[tokio::test]
async fn person_learns_it_at_the_next_request() -> Outcome {
    let world = start().await?;
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    tell(&world, json!({"sid": "s1"})).await?;
    let call = browser.clone().session().await?;
    assert_eq!(call.status, 401);
    let page = browser.open("/account").await?;
    let to = page.header("location").unwrap_or_default();
    assert!(to.starts_with("/problem/"), "{to}");
    assert_eq!(browser.session_cookie(), None);
    Ok(())
}

#[tokio::test]
async fn nobody_to_sign_out_is_as_good() -> Outcome {
    let world = start().await?;
    assert_eq!(tell(&world, json!({"sub": "nobody"})).await?.status, 200);
    assert_eq!(tell(&world, json!({"sid": "none"})).await?.status, 200);
    Ok(())
}

/// E25: each variant of part I, and some more.
#[tokio::test]
async fn token_that_is_not_true_changes_nothing() -> Outcome {
    let world = start().await?;
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    let good = json!({"sub": "alice", "sid": "s1"});
    let token = world.provider.logout_token(&json!({}), &good)?;
    let mut rows = untrue(&world, &good)?;
    let unsigned = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let foreign = World::start().await?;
    let key = foreign.provider.logout_token(
        &json!({}),
        &json!({"iss": world.provider.origin, "sub": "alice"}),
    )?;
    rows.extend([
        ("no signature", format!("{unsigned}.")),
        ("other signature", format!("{unsigned}.AAAA")),
        ("another key", key),
        ("no token", "abc".to_owned()),
        ("nothing", String::new()),
        ("long", "a".repeat(15_000)),
    ]);
    for (row, token) in rows {
        check_refused(row, &send(&world, &token).await?, 400)?;
        assert!(browser.is_signed_in().await?, "{row}");
        if token.len() > 20 {
            assert!(!log::text().contains(&token), "{row}: in the log");
        }
    }
    assert_eq!(
        send(&world, &token).await?.status,
        200,
        "nothing burnt the good one"
    );
    Ok(())
}

/// Tokens with one thing wrong in each.
fn untrue(world: &World, good: &Value) -> Outcome<Vec<(&'static str, String)>> {
    let mut rows = Vec::new();
    for (row, header) in [
        ("alg-none", json!({"alg": "none"})),
        ("wrong-alg", json!({"alg": "RS256"})),
        ("HMAC", json!({"alg": "HS256"})),
        ("typ", json!({"typ": "at+jwt"})),
        ("crit", json!({"crit": ["b64"]})),
        ("kid", json!({"kid": "another-key"})),
    ] {
        rows.push((row, world.provider.logout_token(&header, good)?));
    }
    for (row, claims) in [
        ("wrong-iss", json!({"iss": "https://evil.example"})),
        ("wrong-aud", json!({"aud": "another-client"})),
        (
            "audiences",
            json!({"aud": ["the-client", "another-client"]}),
        ),
        ("no-event", json!({"events": null})),
        (
            "wrong-event",
            json!({"events": {"http://schemas.openid.net/event/other": {}}}),
        ),
        ("event-no-object", json!({"events": {EVENT: true}})),
        ("with-nonce", json!({"nonce": "a-nonce"})),
        ("no-jti", json!({"jti": null})),
        ("nobody", json!({"sub": null, "sid": null})),
        ("old", json!({"iat": NOW - 3600, "exp": null})),
        ("early", json!({"iat": NOW + 3600})),
        ("expired", json!({"exp": NOW - 3600})),
        ("no-iat", json!({"iat": null})),
    ] {
        let mut members = good.clone();
        if let (Some(members), Some(claims)) = (members.as_object_mut(), claims.as_object()) {
            members.extend(claims.clone());
        }
        rows.push((row, world.provider.logout_token(&json!({}), &members)?));
    }
    Ok(rows)
}

/// An ID token, from the same keys for the same client, signs nobody out.
#[tokio::test]
async fn id_token_is_no_logout_token() -> Outcome {
    let world = start().await?;
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    let claims = json!({"sub": "alice", "events": null, "nonce": "n", "jti": null});
    let id_token = world
        .provider
        .logout_token(&json!({"typ": "JWT"}), &claims)?;
    check_refused("ID token", &send(&world, &id_token).await?, 400)?;
    assert!(browser.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn replayed_token_does_not_end_the_session_that_came_after() -> Outcome {
    let world = start().await?;
    signed_in(&world, "alice", Some("s1")).await?;
    let jti = random()?;
    let claims = json!({"sub": "alice", "jti": jti});
    let token = world.provider.logout_token(&json!({}), &claims)?;
    assert_eq!(send(&world, &token).await?.status, 200);
    let mut again = signed_in(&world, "alice", Some("s2")).await?;
    check_refused("at once", &send(&world, &token).await?, 400)?;
    // Another token of this name is refused as well.
    let other = json!({"sub": "alice", "sid": "s2", "jti": jti});
    check_refused("same jti", &tell(&world, other).await?, 400)?;
    // Until its age alone refuses it.
    world.clock.advance(100);
    check_refused("later", &send(&world, &token).await?, 400)?;
    let long_lived = json!({"sub": "alice", "exp": NOW + 86_400, "jti": random()?});
    let long_lived = world.provider.logout_token(&json!({}), &long_lived)?;
    world.clock.advance(3600);
    check_refused("too old", &send(&world, &long_lived).await?, 400)?;
    let mut fresh = signed_in_at(&world).await?;
    assert!(fresh.is_signed_in().await?);
    assert!(!again.is_signed_in().await?, "idle by now");
    Ok(())
}

/// Signs in at a later time, of which the provider's tokens have to be.
async fn signed_in_at(world: &World) -> Outcome<Browser> {
    let now = NOW + 3700;
    world.provider.claims(json!({"iat": now, "exp": now + 600}));
    let mut browser = Browser::at(world);
    browser.sign_in(&world.provider, "alice").await?;
    Ok(browser)
}

/// Many at once: one of them wins, and the sessions end once.
#[tokio::test]
async fn same_token_many_times_at_once_ends_sessions() -> Outcome {
    let world = start().await?;
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    let token = world
        .provider
        .logout_token(&json!({}), &json!({"sub": "alice"}))?;
    let answers = futures_util::future::join_all((0..8).map(|_| send(&world, &token))).await;
    let mut good = 0;
    for answer in answers {
        let answer = answer?;
        assert!([200, 400].contains(&answer.status), "{}", answer.whole());
        good += usize::from(answer.status == 200);
    }
    assert!(good >= 1);
    assert!(!browser.is_signed_in().await?);
    check_refused("after", &send(&world, &token).await?, 400)
}

/// The provider's next try works.
#[tokio::test]
async fn store_that_is_down_burns_no_token() -> Outcome {
    let world = start().await?;
    for broken in [
        &["leave_note"][..],
        &["end_sessions"],
        &["take_note"],
        &["everything"],
    ] {
        let mut browser = signed_in(&world, "alice", Some("s1")).await?;
        let token = world
            .provider
            .logout_token(&json!({}), &json!({"sub": "alice"}))?;
        world.store.breaks(broken);
        check_refused(broken[0], &send(&world, &token).await?, 503)?;
        world.store.breaks(&[]);
        if broken[0] != "take_note" {
            assert!(browser.is_signed_in().await?, "{broken:?}");
        }
        // A note that the store did not even take back ends by itself.
        world.clock.advance(10);
        assert_eq!(send(&world, &token).await?.status, 200, "{broken:?}");
        assert!(!browser.is_signed_in().await?, "{broken:?}");
    }
    // Sessions and notes both, which leaves the short note behind.
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    let token = world
        .provider
        .logout_token(&json!({}), &json!({"sid": "s1"}))?;
    world.store.breaks(&["end_sessions", "take_note"]);
    check_refused("both", &send(&world, &token).await?, 503)?;
    world.store.breaks(&[]);
    world.clock.advance(10);
    assert_eq!(send(&world, &token).await?.status, 200);
    assert!(!browser.is_signed_in().await?);
    Ok(())
}

/// Nobody can say whether a token is true, so the provider may try again.
#[tokio::test]
async fn keys_that_cannot_be_had_are_no_verdict() -> Outcome {
    let world = start().await?;
    world
        .provider
        .replies("/jwks", Reply::json(500, &json!({})));
    let of_new_key = json!({"kid": "another-key"});
    let token = world
        .provider
        .logout_token(&of_new_key, &json!({"sub": "alice"}))?;
    check_refused("keys", &send(&world, &token).await?, 503)
}

/// Without keys nothing that the provider signs can be believed.
#[tokio::test]
async fn plain_oauth_has_no_such_thing() -> Outcome {
    let world = World::start().await?;
    let token = world
        .provider
        .logout_token(&json!({}), &json!({"sub": "alice"}))?;
    check_refused("plain", &send(&world, &token).await?, 404)
}

/// No origin is looked at, and no cookie; the form is.
#[tokio::test]
async fn form_and_size_are_looked_at_and_browsers_are_not() -> Outcome {
    let world = start().await?;
    let mut browser = signed_in(&world, "alice", Some("s1")).await?;
    let token = world
        .provider
        .logout_token(&json!({}), &json!({"sub": "bob"}))?;
    let answer = browser
        .with_cookies(call(&format!("logout_token={token}")))
        .header("Origin", "https://evil.example")
        .header("Sec-Fetch-Site", "cross-site")
        .send(world.addr)
        .await?;
    assert_eq!((answer.status, answer.all("set-cookie").len()), (200, 0));
    assert!(browser.is_signed_in().await?);
    let token = world
        .provider
        .logout_token(&json!({}), &json!({"sub": "alice"}))?;
    for (row, body) in [
        ("empty", String::new()),
        ("other field", format!("id_token={token}")),
        (
            "twice",
            format!("logout_token={token}&logout_token={token}"),
        ),
        ("JSON", json!({"logout_token": token}).to_string()),
    ] {
        check_refused(row, &call(&body).send(world.addr).await?, 400)?;
    }
    let json = Request::post("/backchannel-logout")
        .header("Content-Type", "application/json")
        .body(format!("logout_token={token}"));
    check_refused("type", &json.send(world.addr).await?, 400)?;
    let untyped = Request::post("/backchannel-logout").body(format!("logout_token={token}"));
    check_refused("no type", &untyped.send(world.addr).await?, 400)?;
    let query = Request::post(&format!("/backchannel-logout?logout_token={token}"))
        .header("Content-Type", "application/x-www-form-urlencoded");
    check_refused("query", &query.send(world.addr).await?, 400)?;
    let large = format!("logout_token={}", "a".repeat(20_000));
    check_refused("large", &call(&large).send(world.addr).await?, 413)?;
    assert!(browser.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn calls_are_limited_like_forms() -> Outcome {
    let world = Plan::new()
        .discovers()
        .setting("WRENGATE_RATE_API", "2")
        .start()
        .await?;
    for _ in 0..2 {
        assert_eq!(send(&world, "abc").await?.status, 400);
    }
    let answer = send(&world, "abc").await?;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").is_some());
    Ok(())
}
