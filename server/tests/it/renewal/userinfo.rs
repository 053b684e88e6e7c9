//! An access token that the provider refuses before its time (D7), and sessions without a refresh
//! token (B28).

use serde_json::json;
use wrengate_backend::store::{Renewed, SessionStore as _};

use super::{
    LIFE, answers, bearer, check_ended, check_refreshes, refresh, refreshing, signed_in, stored,
};
use crate::rig::{Browser, Outcome, Reply, World, check_failure};

#[tokio::test]
async fn a_refused_access_token_is_renewed_once() -> Outcome {
    let world = World::start().await?;
    let browser = signed_in(&world).await?;
    world.provider.forgets_access_tokens();
    let calls = (0..10).map(|_| refreshing(&browser)).collect();
    for answer in answers(calls).await? {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(world.provider.refreshes().len(), 1);
    assert_eq!(world.provider.live_grants(), 1);
    Ok(())
}

/// D7: one refresh, one repeat, and then it is over.
#[tokio::test]
async fn an_access_token_that_is_refused_again_ends_the_session() -> Outcome {
    for reply in [
        Reply::json(401, &json!({"error": "invalid_token"})),
        Reply::text(401, "text/html", ""),
    ] {
        let world = World::start().await?;
        let mut browser = signed_in(&world).await?;
        let before = browser.clone();
        world.provider.replies("/userinfo", reply);
        let answer = refresh(&mut browser).await?;
        check_failure("again", &answer, 401, "access-ended")?;
        assert_eq!(world.provider.refreshes().len(), 1);
        let used = bearer(&world);
        assert!(
            matches!(used.as_slice(), [first, same, new] if first == same && same != new),
            "{used:?}"
        );
        check_ended(&world, &before, &answer, "access-ended").await?;
    }
    Ok(())
}

/// Refused because others renewed it meanwhile, so nothing is wrong with the session.
#[tokio::test]
async fn an_access_token_that_others_renewed_meanwhile_ends_nothing() -> Outcome {
    let world = World::start().await?;
    let browser = signed_in(&world).await?;
    let refused = Reply::json(401, &json!({"error": "invalid_token"}));
    world.provider.replies("/userinfo", refused);
    world.store.hangs(&["drop_lease"]);
    let call = refreshing(&browser);
    // The tokens are renewed, and userinfo was asked with the new one by nobody yet.
    world.store.hung(1).await?;
    let renewed = stored(&world, &browser).await?;
    let calls = world.provider.calls();
    world.provider.holds();
    world.store.hangs(&[]);
    world.provider.arrived(calls + 1).await?;
    let by_others = Renewed {
        key: &renewed.key,
        version: renewed.version,
        access: &renewed.access,
        sealed: &renewed.sealed,
    };
    assert!(world.store.renew_session(&by_others).await?);
    world.provider.goes_on();
    let (mut browser, answer) = call.await??;
    check_failure("outrun", &answer, 401, "access-ended")?;
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    world.provider.behaves();
    check_refreshes("nothing is lost", &mut browser).await?;
    Ok(())
}

/// A provider in trouble at the refresh: the session stays, and its old profile.
#[tokio::test]
async fn a_refused_access_token_that_cannot_be_renewed_now_costs_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world).await?;
    world.provider.forgets_access_tokens();
    world
        .provider
        .replies("refresh", Reply::text(500, "text/html", ""));
    let answer = refresh(&mut browser).await?;
    check_failure("trouble", &answer, 502, "provider-fault")?;
    assert_eq!(browser.session().await?.json()?["name"], "Dr. alice");
    world.provider.behaves();
    check_refreshes("later", &mut browser).await?;
    Ok(())
}

async fn without_refresh_token(world: &World) -> Outcome<Browser> {
    let members = json!({"expires_in": LIFE, "refresh_token": null});
    world.provider.token_members(members);
    let mut browser = Browser::at(world);
    browser.sign_in(&world.provider, "alice").await?;
    browser.session().await?;
    Ok(browser)
}

/// B28: used to its end, and then the session lasts without.
#[tokio::test]
async fn without_a_refresh_token_access_ends_and_the_session_stays() -> Outcome {
    let world = World::start().await?;
    let mut browser = without_refresh_token(&world).await?;
    world.clock.advance(LIFE - 1);
    check_refreshes("the last second", &mut browser).await?;
    world.clock.advance(1);
    let calls = world.provider.calls();
    for _ in 0..3 {
        let answer = refresh(&mut browser).await?;
        check_failure("over", &answer, 401, "access-ended")?;
        assert_eq!(answer.all("set-cookie"), [""; 0]);
    }
    assert_eq!(world.provider.calls(), calls);
    assert_eq!(browser.open("/account").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn without_a_refresh_token_a_refused_access_token_costs_nothing_else() -> Outcome {
    let world = World::start().await?;
    let mut browser = without_refresh_token(&world).await?;
    world.provider.forgets_access_tokens();
    let answer = refresh(&mut browser).await?;
    check_failure("refused", &answer, 401, "access-ended")?;
    assert_eq!(bearer(&world).len(), 2, "no repeat");
    assert!(browser.is_signed_in().await?);
    Ok(())
}
