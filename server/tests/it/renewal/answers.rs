//! What a refresh brings: scopes, refresh tokens, ID tokens (E19).

use serde_json::{Value, json};

use super::{LIFE, bearer, check_ended, check_refreshes, refresh, signed_in, stored};
use crate::rig::{NOW, Outcome, Plan, Reply, Webhook, World, check_failure};

#[tokio::test]
async fn a_narrower_scope_is_noted() -> Outcome {
    let world = World::start().await?;
    world
        .provider
        .refresh_members(json!({"scope": "openid email"}));
    let mut browser = signed_in(&world).await?;
    let before = check_refreshes("before", &mut browser).await?;
    assert_eq!(
        before["access"]["granted"],
        json!(["openid", "profile", "email"])
    );
    world.clock.advance(LIFE);
    let after = check_refreshes("after", &mut browser).await?;
    assert_eq!(after["access"]["granted"], json!(["openid", "email"]));
    assert_eq!(after["access"]["refused"], json!(["profile"]));
    Ok(())
}

/// RFC 6749, section 6: without a new one the old one stays; so does the ID token.
#[tokio::test]
async fn what_is_not_replaced_stays() -> Outcome {
    for members in [json!({"id_token": null}), json!({"expires_in": LIFE})] {
        let world = Plan::new().discovers().start().await?;
        world.provider.keeps_refresh_tokens();
        world.provider.refresh_members(members);
        let mut browser = signed_in(&world).await?;
        let mut tokens = bearer(&world);
        for round in 1..=2 {
            world.clock.advance(LIFE);
            world.provider.forgets_access_tokens();
            check_refreshes("kept", &mut browser).await?;
            assert_eq!(world.provider.refreshes().len(), round);
        }
        tokens = bearer(&world).split_off(tokens.len());
        tokens.dedup();
        assert!(tokens.len() >= 2, "{tokens:?}");
        let refreshes = world.provider.refreshes();
        let sent: Vec<_> = refreshes
            .iter()
            .map(|it| it.field("refresh_token"))
            .collect();
        assert_eq!(sent[0], sent[1]);
    }
    Ok(())
}

/// An answer of no use, but for the refresh token that takes the place of the one that is spent now.
#[tokio::test]
async fn a_new_refresh_token_is_kept_whatever_else_is_wrong() -> Outcome {
    for members in [
        json!({"expires_in": 0}),
        json!({"scope": ["openid"]}),
        json!({"token_type": "mac"}),
        json!({"access_token": null}),
    ] {
        let world = Plan::new().discovers().start().await?;
        let mut browser = signed_in(&world).await?;
        world.clock.advance(LIFE);
        world.provider.refresh_members(members.clone());
        let answer = refresh(&mut browser).await?;
        check_failure("wrong", &answer, 502, "answer-unreadable")?;
        world.provider.refresh_members(json!({}));
        check_refreshes(&members.to_string(), &mut browser).await?;
        let refreshes = world.provider.refreshes();
        let sent: Vec<_> = refreshes
            .iter()
            .map(|it| it.field("refresh_token"))
            .collect();
        assert_eq!(sent.len(), 2);
        assert_ne!(sent[0], sent[1], "{members}");
    }
    Ok(())
}

/// A life that nobody tells is not guessed: the token is used until the provider refuses it.
#[tokio::test]
async fn a_token_of_unknown_life_is_renewed_when_it_is_refused() -> Outcome {
    let world = World::start().await?;
    world.provider.refresh_members(json!({"expires_in": null}));
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    let told = check_refreshes("renewed", &mut browser).await?;
    assert_eq!(told["access"]["expires_at"], Value::Null);
    world.clock.advance(1000);
    check_refreshes("as it is", &mut browser).await?;
    assert_eq!(world.provider.refreshes().len(), 1);
    world.provider.forgets_access_tokens();
    check_refreshes("refused", &mut browser).await?;
    assert_eq!(world.provider.refreshes().len(), 2);
    Ok(())
}

/// OpenID Connect Core, section 12.2: the same person, and no nonce or the same.
#[tokio::test]
async fn an_id_token_of_the_same_person_is_taken() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    world.provider.refresh_members(json!({"expires_in": LIFE}));
    for claims in [json!({}), json!({"auth_time": NOW, "azp": "the-client"})] {
        world.clock.advance(LIFE);
        world.provider.refresh_claims(claims);
        check_refreshes("the same", &mut browser).await?;
    }
    // Stored first, then checked, then used.
    assert_eq!(stored(&world, &browser).await?.version, 4);
    assert_eq!(world.provider.live_grants(), 1);
    Ok(())
}

/// E19.
#[tokio::test]
async fn an_id_token_of_anybody_else_ends_the_session() -> Outcome {
    for (claims, failure) in [
        (json!({"sub": "mallory"}), "subject-mismatch"),
        (json!({"sub": null}), "id-untrusted"),
        (json!({"iss": "https://other.example.org"}), "id-untrusted"),
        (json!({"iss": null}), "id-untrusted"),
        (json!({"aud": "another-client"}), "id-untrusted"),
        (json!({"aud": ["the-client", "another"]}), "id-untrusted"),
        (json!({"azp": "another-client"}), "id-untrusted"),
        (json!({"nonce": "of-another-attempt"}), "id-untrusted"),
        (json!({"nonce": 7}), "id-untrusted"),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "id-untrusted"),
    ] {
        let row = claims.to_string();
        let webhook = Webhook::start().await?;
        let world = Plan::new().discovers().alerts(&webhook).start().await?;
        let mut browser = signed_in(&world).await?;
        let before = browser.clone();
        world.clock.advance(LIFE);
        world.provider.refresh_claims(claims);
        let answer = refresh(&mut browser).await?;
        check_failure(&row, &answer, 502, failure)?;
        check_ended(&world, &before, &answer, "access-ended").await?;
        assert_eq!(bearer(&world).len(), 1, "{row}: no further call");
        assert_eq!(world.provider.live_grants(), 0, "{row}: given back");
        assert_eq!(webhook.next().await?["kind"], failure, "{row}");
        let counted = world.metrics().await?;
        let line = "wrengate_renewals_total{outcome=\"untrusted\"} 1";
        assert!(counted.contains(line), "{row}: {counted}");
    }
    Ok(())
}

#[tokio::test]
async fn an_id_token_that_is_signed_by_nobody_ends_the_session() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    let before = browser.clone();
    world.clock.advance(LIFE);
    // {"alg":"none"} and {}.
    world
        .provider
        .refresh_members(json!({"id_token": "eyJhbGciOiJub25lIn0.e30."}));
    let answer = refresh(&mut browser).await?;
    check_failure("none", &answer, 502, "id-untrusted")?;
    check_ended(&world, &before, &answer, "access-ended").await
}

/// What cannot be judged is not used; and the new refresh token was stored before, so the next try
/// does not look like theft.
#[tokio::test]
async fn an_id_token_that_cannot_be_judged_is_not_used_and_costs_nothing() -> Outcome {
    for (row, claims, members, status, failure) in [
        (
            "clock",
            json!({"iat": NOW - 9000}),
            json!({}),
            502,
            "clock-skew",
        ),
        (
            "form",
            json!({}),
            json!({"id_token": "a.b"}),
            502,
            "answer-unreadable",
        ),
    ] {
        let world = Plan::new().discovers().start().await?;
        let mut browser = signed_in(&world).await?;
        world.clock.advance(LIFE);
        world.provider.refresh_claims(claims);
        world.provider.refresh_members(members);
        let answer = refresh(&mut browser).await?;
        check_failure(row, &answer, status, failure)?;
        assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
        assert_eq!(bearer(&world).len(), 1, "{row}: not used");
        world.provider.refresh_claims(json!({}));
        world.provider.refresh_members(json!({}));
        check_refreshes(row, &mut browser).await?;
        assert_eq!(world.provider.live_grants(), 1, "{row}");
        let refreshes = world.provider.refreshes();
        let sent: Vec<_> = refreshes
            .iter()
            .map(|it| it.field("refresh_token"))
            .collect();
        assert_ne!(sent[0], sent[1], "{row}");
    }
    Ok(())
}

/// The refresh token is in the store before the ID token is looked at.
#[tokio::test]
async fn the_new_refresh_token_is_stored_before_anything_is_checked() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.provider.refresh_claims(json!({"sub": "mallory"}));
    world
        .provider
        .replies("/revoke", Reply::text(503, "text/html", ""));
    world.store.breaks(&["end_sessions"]);
    let answer = refresh(&mut browser).await?;
    check_failure("cannot end", &answer, 503, "store-down")?;
    let record = stored(&world, &browser).await?;
    assert_eq!(record.version, 1);
    assert!(record.access.contains("unfinished"), "{}", record.access);
    assert_eq!(bearer(&world).len(), 1);
    world.store.breaks(&[]);
    let answer = refresh(&mut browser).await?;
    check_failure("next", &answer, 502, "subject-mismatch")
}
