//! A provider of OpenID Connect: its ID token and its userinfo have to speak of one person, and nothing
//! is believed before it was checked (C, D2, D8).

use serde_json::{Value, json};

use crate::rig::{
    Answer, Browser, NOW, Outcome, Plan, Reply, World, browser::begin_message, check_failure, log,
    provider::random,
};

async fn start() -> Outcome<World> {
    Plan::new().discovers().start().await
}

/// A whole sign-in at a provider that names itself in its answer.
async fn sign_in(world: &World, browser: &mut Browser) -> Outcome<Answer> {
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    browser.complete(&signing, &arrival).await
}

/// Whatever fails: no cookie, no session, the tokens are given back, and the next one signs in.
async fn check(world: &World, row: &str, status: u16, failure: &str) -> Outcome {
    let mut browser = Browser::at(world);
    let (revoked, arrived) = (
        world.provider.asked("/revoke").len(),
        world.provider.calls(),
    );
    let answer = sign_in(world, &mut browser).await?;
    check_failure(row, &answer, status, failure)?;
    assert_eq!(browser.session_cookie(), None, "{row}");
    assert!(!browser.is_signed_in().await?, "{row}");
    while world.provider.asked("/revoke").len() == revoked {
        world.provider.arrived(arrived + 1).await?;
        tokio::task::yield_now().await;
    }
    let given_back = world.provider.asked("/revoke");
    let given_back = given_back.last().ok_or("nothing was given back")?;
    assert_eq!(
        given_back.field("token_type_hint").as_deref(),
        Some("refresh_token"),
        "{row}"
    );
    world.provider.claims(Value::Null);
    world.provider.token_members(Value::Null);
    world.provider.behaves();
    let answer = sign_in(world, &mut browser).await?;
    assert_eq!(answer.status, 200, "{row}: {}", answer.text());
    Ok(())
}

#[tokio::test]
async fn a_person_signs_in_whom_both_answers_name() -> Outcome {
    let world = start().await?;
    let mut browser = Browser::at(&world);
    let answer = sign_in(&world, &mut browser).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let order: Vec<_> = ["/token", "/jwks", "/userinfo"]
        .map(|path| world.provider.asked(path).len())
        .into();
    assert_eq!(order, [1, 1, 1]);
    assert_eq!(world.provider.asked("/revoke").len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_claim_that_is_untrue_ends_the_sign_in_before_userinfo() -> Outcome {
    let world = start().await?;
    for (claims, status, failure) in [
        (json!({"iss": "https://evil.example"}), 502, "id-untrusted"),
        (json!({"aud": "another"}), 502, "id-untrusted"),
        (
            json!({"aud": ["the-client", "another"]}),
            502,
            "id-untrusted",
        ),
        (json!({"azp": "another"}), 502, "id-untrusted"),
        (json!({"nonce": "another"}), 502, "id-untrusted"),
        (json!({"nonce": null}), 502, "id-untrusted"),
        (json!({"sub": null}), 502, "id-untrusted"),
        (json!({"at_hash": "another"}), 502, "id-untrusted"),
        (json!({"exp": NOW - 61}), 502, "clock-skew"),
        (json!({"exp": null}), 502, "clock-skew"),
        (json!({"aud": null}), 502, "id-untrusted"),
        (json!({"iss": null}), 502, "id-untrusted"),
        (json!({"iat": NOW - 7 * 86_400}), 502, "clock-skew"),
        (json!({"iat": NOW + 7 * 86_400}), 502, "clock-skew"),
        (json!({"iat": null}), 502, "clock-skew"),
    ] {
        let before = world.provider.asked("/userinfo").len();
        world.provider.claims(claims.clone());
        let row = claims.to_string();
        let mut browser = Browser::at(&world);
        let answer = sign_in(&world, &mut browser).await?;
        check_failure(&row, &answer, status, failure)?;
        assert_eq!(world.provider.asked("/userinfo").len(), before, "{row}");
        check(&world, &row, status, failure).await?;
    }
    Ok(())
}

/// B29, C10, C12, C18.
#[tokio::test]
async fn a_token_that_is_none_ends_the_sign_in() -> Outcome {
    let world = start().await?;
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    let by_nobody = "eyJhbGciOiJFZERTQSJ9.e30.AAAA";
    for (id_token, failure) in [
        (json!(null), "answer-unreadable"),
        (json!("one"), "answer-unreadable"),
        (json!("a.b.c.d.e"), "answer-unreadable"),
        (json!(unsigned), "id-untrusted"),
        (json!(by_nobody), "id-untrusted"),
    ] {
        world
            .provider
            .token_members(json!({ "id_token": id_token }));
        let before = world.provider.asked("/userinfo").len();
        sign_in(&world, &mut Browser::at(&world)).await?;
        let asked = world.provider.asked("/userinfo").len();
        assert_eq!(asked, before, "{id_token}: userinfo is never called");
        check(&world, &id_token.to_string(), 502, failure).await?;
    }
    Ok(())
}

/// C6 to C8 and H10: our clock is off by so many seconds; the log says by how many.
#[tokio::test]
async fn clocks_may_differ_a_little_and_the_difference_is_logged() -> Outcome {
    for (off, is_accepted, said) in [
        (-300, false, "iat is 300 s ahead"),
        (-61, false, "iat is 61 s ahead"),
        (-60, true, ""),
        (-30, true, ""),
        (30, true, ""),
        (300, true, "offset_seconds=-300"),
        (630, true, "offset_seconds=-630"),
        (661, false, "exp is 61 s in the past"),
    ] {
        let world = start().await?;
        world.clock.advance(off);
        let answer = sign_in(&world, &mut Browser::at(&world)).await?;
        let row = format!("{off} s");
        if is_accepted {
            assert_eq!(answer.status, 200, "{row}: {}", answer.text());
        } else {
            check_failure(&row, &answer, 502, "clock-skew")?;
        }
        if said.is_empty() {
            assert_eq!(log::lines_with("offset_seconds"), [""; 0], "{row}");
        } else {
            assert_eq!(log::lines_with(said).len(), 1, "{row}: {}", log::text());
        }
    }
    Ok(())
}

/// D2.
#[tokio::test]
async fn userinfo_about_somebody_else_ends_the_sign_in() -> Outcome {
    let world = start().await?;
    for userinfo in [
        json!({"sub": "mallory"}),
        json!({"sub": "alice1"}),
        json!({"sub": ""}),
        json!({"name": "Alice"}),
        json!({"user_id": "mallory"}),
        json!({"sub": "mallory", "user_id": "alice"}),
    ] {
        world
            .provider
            .replies("/userinfo", Reply::json(200, &userinfo));
        check(&world, &userinfo.to_string(), 502, "subject-mismatch").await?;
    }
    // Clerk has sent its own member alone; naming the same person, it is as good.
    let same = json!({"user_id": "alice", "name": "Alice"});
    world.provider.replies("/userinfo", Reply::json(200, &same));
    let answer = sign_in(&world, &mut Browser::at(&world)).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Ok(())
}

/// D8: with an ID token the person is known, so the missing profile is told on their own page.
#[tokio::test]
async fn a_profile_that_is_refused_does_not_end_the_sign_in() -> Outcome {
    let world = start().await?;
    world.provider.claims(json!({"name": "Alice of the token"}));
    let refusal = json!({"error": "insufficient_scope"});
    world
        .provider
        .replies("/userinfo", Reply::json(403, &refusal));
    let mut browser = Browser::at(&world);
    let answer = sign_in(&world, &mut browser).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()?["profile"]["name"], "Alice of the token");
    let account = browser.open("/account").await?.text();
    assert!(account.contains("Alice of the token"), "{account}");
    assert!(account.contains("without extra permission"), "{account}");
    Ok(())
}

/// G7 to G9: nobody is sent away, the server calls itself unready, and recovers by itself.
#[tokio::test]
async fn metadata_that_are_wrong_begin_no_sign_in() -> Outcome {
    for (row, member, value) in [
        ("G7 other", "issuer", json!("https://evil.example")),
        ("G7 missing", "issuer", Value::Null),
        ("G8 http", "token_endpoint", json!("http://evil.example/t")),
        ("G8 file", "authorization_endpoint", json!("file:///etc")),
        ("G8 missing", "userinfo_endpoint", Value::Null),
        ("G8 keys", "jwks_uri", json!("http://evil.example/keys")),
        ("G9", "code_challenge_methods_supported", json!(["plain"])),
    ] {
        let world = start().await?;
        let origin = &world.provider.origin;
        let mut metadata = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "userinfo_endpoint": format!("{origin}/userinfo"),
            "jwks_uri": format!("{origin}/jwks"),
        });
        metadata[member] = value;
        let path = "/.well-known/openid-configuration";
        world.provider.replies(path, Reply::json(200, &metadata));
        let mut browser = Browser::at(&world);
        let message = begin_message(&random()?, &random()?, "/account")?;
        let begin = browser.call("begin_sign_in", &message);
        let answer = browser.send(begin.clone()).await?;
        check_failure(row, &answer, 502, "metadata-wrong")?;
        assert_eq!(answer.cookies(), [""; 0], "{row}");
        assert!(!answer.whole().contains("evil"), "{}", answer.whole());
        let ready = browser.open("/readyz").await?;
        assert_eq!(ready.status, 503, "{row}");
        assert_eq!(ready.json()?["provider"], "metadata-wrong", "{row}");
        assert_eq!(browser.open("/healthz").await?.status, 200, "{row}");
        world.provider.behaves();
        world.clock.advance(3);
        assert_eq!(browser.send(begin).await?.status, 200, "{row}, mended");
    }
    Ok(())
}

/// A provider that promises OpenID Connect without keys asks us to believe it unseen.
#[tokio::test]
async fn metadata_without_keys_begin_no_sign_in() -> Outcome {
    let world = start().await?;
    let origin = &world.provider.origin;
    let metadata = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "userinfo_endpoint": format!("{origin}/userinfo"),
    });
    let path = "/.well-known/openid-configuration";
    world.provider.replies(path, Reply::json(200, &metadata));
    let mut browser = Browser::at(&world);
    let refused = browser.begin().await.err().map(|error| error.to_string());
    let said = refused.unwrap_or_default();
    assert!(said.contains("metadata-wrong"), "{said}");
    Ok(())
}
