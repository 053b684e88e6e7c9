//! A store that fails once the provider has answered, and sessions that end meanwhile.

use serde_json::json;

use super::{LIFE, check_ended, check_refreshes, refresh, refreshing, signed_in, stored};
use crate::rig::{Outcome, Plan, Reply, check_failure};

/// E17: killed between answer and store, the old refresh token is all that is left, and it is spent.
#[tokio::test]
async fn tokens_that_could_not_be_stored_end_the_session_at_the_next_try() -> Outcome {
    for can_revoke in [true, false] {
        let world = Plan::new().discovers().start().await?;
        let mut browser = signed_in(&world).await?;
        world.clock.advance(LIFE);
        if !can_revoke {
            world
                .provider
                .replies("/revoke", Reply::text(503, "text/html", ""));
        }
        world.store.breaks(&["renew_session"]);
        let answer = refresh(&mut browser).await?;
        check_failure("broken", &answer, 503, "store-down")?;
        assert_eq!(answer.all("set-cookie"), [""; 0], "nothing has ended");
        assert_eq!(world.provider.refreshes().len(), 1, "no loop");
        assert_eq!(world.provider.live_grants(), usize::from(!can_revoke));
        world.store.breaks(&[]);
        let before = browser.clone();
        let answer = refresh(&mut browser).await?;
        check_failure("next", &answer, 401, "access-ended")?;
        assert_eq!(world.provider.refreshes().len(), 2);
        check_ended(&world, &before, &answer, "access-ended").await?;
    }
    Ok(())
}

/// Where refresh tokens are not replaced, nothing is lost but one access token.
#[tokio::test]
async fn a_refresh_token_that_stays_survives_the_store() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    world.provider.keeps_refresh_tokens();
    world
        .provider
        .replies("/revoke", Reply::text(200, "text/html", ""));
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.store.breaks(&["renew_session"]);
    let answer = refresh(&mut browser).await?;
    check_failure("broken", &answer, 503, "store-down")?;
    let revoked = world.provider.asked("/revoke");
    let hints: Vec<_> = revoked
        .iter()
        .map(|it| it.field("token_type_hint"))
        .collect();
    assert_eq!(hints, [Some("access_token".to_owned())]);
    world.store.breaks(&[]);
    check_refreshes("next", &mut browser).await?;
    Ok(())
}

/// The new refresh token is stored, and what belongs to it is not: the next try goes on from there.
#[tokio::test]
async fn a_refresh_token_that_is_stored_is_not_given_back() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.store.breaks_after(1, "renew_session");
    let answer = refresh(&mut browser).await?;
    check_failure("broken", &answer, 503, "store-down")?;
    assert_eq!(stored(&world, &browser).await?.version, 1);
    let revoked = world.provider.asked("/revoke");
    let hints: Vec<_> = revoked
        .iter()
        .map(|it| it.field("token_type_hint"))
        .collect();
    assert_eq!(hints, [Some("access_token".to_owned())]);
    Ok(())
}

/// A write that fails for a moment is tried again.
#[tokio::test]
async fn a_store_that_fails_for_a_moment_costs_nothing() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.store.hangs(&["renew_session"]);
    let call = refreshing(&browser);
    world.store.hung(1).await?;
    world.store.breaks(&["renew_session"]);
    world.store.hangs(&[]);
    world.store.broke(1).await?;
    world.store.breaks(&[]);
    let (_, answer) = call.await??;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // The refresh token alone, then all of it.
    assert_eq!(stored(&world, &browser).await?.version, 2);
    assert_eq!(world.provider.asked("/revoke").len(), 0);
    Ok(())
}

/// A write that went through although the store did not say so is noticed.
#[tokio::test]
async fn a_write_whose_answer_was_lost_counts() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    world.store.loses(&["renew_session"]);
    check_refreshes("lost", &mut browser).await?;
    world.store.loses(&[]);
    assert_eq!(stored(&world, &browser).await?.version, 2);
    assert_eq!(world.provider.asked("/revoke").len(), 0);
    assert_eq!(world.provider.live_grants(), 1);
    Ok(())
}

/// Whatever of the store fails before the provider is asked, it is not asked.
#[tokio::test]
async fn a_store_that_fails_before_asks_nobody() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let mut browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    for broken in ["hold_lease", "find_session"] {
        world.store.breaks(&[broken]);
        let answer = refresh(&mut browser).await?;
        check_failure(broken, &answer, 503, "store-down")?;
        assert_eq!(world.provider.refreshes().len(), 0, "{broken}");
    }
    world.store.breaks(&["drop_lease"]);
    check_refreshes("a lease that stays", &mut browser).await?;
    Ok(())
}

#[tokio::test]
async fn a_sign_out_meanwhile_has_the_last_word() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let browser = signed_in(&world).await?;
    world.clock.advance(LIFE);
    let before = world.provider.calls();
    // Otherwise the sign-out might end the grant before the refresh is looked at.
    let revoked = Reply::text(200, "text/html", "");
    world.provider.replies("/revoke", revoked);
    world.provider.holds();
    let call = refreshing(&browser);
    world.provider.arrived(before + 1).await?;
    // The other half of the sign-out, which asks the provider, waits for the provider.
    let mut leaving = browser.clone();
    let form = leaving.form("/sign-out", "");
    let addr = world.addr;
    let left = tokio::spawn(async move { form.send(addr).await });
    while browser.clone().is_signed_in().await? {
        tokio::task::yield_now().await;
    }
    world.provider.goes_on();
    assert_eq!(left.await??.status, 303);
    let (_, answer) = call.await??;
    check_failure("signed out", &answer, 401, "session-expired")?;
    check_ended(&world, &browser, &answer, "session-expired").await?;
    let revoked = world.provider.asked("/revoke");
    let spent = world.provider.refreshes()[0].field("refresh_token");
    assert!(
        revoked.iter().any(|it| it.field("token") != spent),
        "the new ones are given back: {revoked:?}"
    );
    leaving.cookies.clear();
    let nobody = leaving.send(leaving.call("refresh_profile", &json!({})));
    check_failure("nobody", &nobody.await?, 401, "session-expired")
}
