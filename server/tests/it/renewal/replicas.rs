//! One refresh at a time, in an installation of several processes (H6).

use super::{Kind, LIFE, Replicas, answers, check_refreshes, refreshing, signed_in, stored};
use crate::rig::{NOW, Outcome, Reply, check_failure};
use serde_json::json;
use wrengate_backend::store::SessionStore as _;

/// E15 with two instances.
async fn one_refresh_for_all(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let here = signed_in(&replicas.one).await?;
    let there = replicas.at_the_other(&here);
    replicas.one.clock.advance(LIFE);
    let calls = (0..50).map(|number| refreshing(if number % 2 == 0 { &here } else { &there }));
    for answer in answers(calls.collect()).await? {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let provider = &replicas.one.provider;
    assert_eq!(provider.refreshes().len(), 1);
    assert_eq!(provider.live_grants(), 1);
    Ok(())
}

/// E16: whoever has the lease was killed before it asked.
async fn a_lease_runs_out(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let here = signed_in(&replicas.one).await?;
    let world = &replicas.other;
    let key = stored(&replicas.one, &here).await?.key;
    world.clock.advance(LIFE);
    let now = NOW + LIFE;
    let held = world.store.hold_lease(&key, "killed", now + 10, now);
    assert!(held.await?);
    world.store.hangs(&["find_session"]);
    let call = refreshing(&replicas.at_the_other(&here));
    // It did not get the lease and looks whether there are new tokens.
    world.store.hung(1).await?;
    world.clock.advance(9);
    assert_eq!(world.provider.refreshes().len(), 0);
    world.clock.advance(1);
    world.store.hangs(&[]);
    assert_eq!(call.await??.1.status, 200);
    assert_eq!(world.provider.refreshes().len(), 1);
    assert_eq!(stored(world, &here).await?.version, 1);
    Ok(())
}

/// E16: whoever takes the lease over reads the record again, and finds it renewed.
async fn the_record_is_read_again(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let mut here = signed_in(&replicas.one).await?;
    replicas.one.clock.advance(LIFE);
    // It has read the session and does not get on to the lease.
    replicas.other.store.hangs(&["hold_lease"]);
    let late = refreshing(&replicas.at_the_other(&here));
    replicas.other.store.hung(1).await?;
    check_refreshes("first", &mut here).await?;
    replicas.other.store.hangs(&[]);
    assert_eq!(late.await??.1.status, 200);
    assert_eq!(replicas.one.provider.refreshes().len(), 1);
    Ok(())
}

/// E16: the one that was stopped for longer than its lease comes back with an answer.
async fn the_late_one_does_not_overwrite(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let here = signed_in(&replicas.one).await?;
    let provider = &replicas.one.provider;
    provider.keeps_refresh_tokens();
    replicas.one.clock.advance(LIFE);
    replicas.one.store.hangs(&["renew_session"]);
    let stopped = refreshing(&here);
    replicas.one.store.hung(1).await?;
    replicas.one.store.hangs(&["renew_session", "hold_lease"]);
    replicas.one.clock.advance(11);
    check_refreshes("next", &mut replicas.at_the_other(&here)).await?;
    let before = stored(&replicas.other, &here).await?;
    assert_eq!(provider.refreshes().len(), 2);
    replicas.one.store.hangs(&[]);
    let (mut here, answer) = stopped.await??;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let after = stored(&replicas.other, &here).await?;
    assert_eq!((before.version, &before.sealed), (1, &after.sealed));
    // Giving the tokens of the late one back could end those of the other.
    assert_eq!(provider.asked("/revoke").len(), 0);
    check_refreshes("afterwards", &mut here).await?;
    assert_eq!(provider.refreshes().len(), 2);
    Ok(())
}

/// E16 where refresh tokens are replaced and ID tokens are checked, which takes two writes.
async fn the_late_one_does_not_finish_what_another_began(kind: Kind) -> Outcome {
    let discovers = |plan| super::key(plan).discovers();
    let replicas = Replicas::with(kind, discovers, discovers).await?;
    let here = signed_in(&replicas.one).await?;
    let provider = &replicas.one.provider;
    provider.forgives_reuse();
    replicas.one.clock.advance(LIFE);
    replicas.one.store.hangs(&["renew_session"]);
    let stopped = refreshing(&here);
    replicas.one.store.hung(1).await?;
    replicas.one.store.hangs(&["renew_session", "hold_lease"]);
    replicas.one.clock.advance(11);
    check_refreshes("next", &mut replicas.at_the_other(&here)).await?;
    let before = stored(&replicas.other, &here).await?;
    assert_eq!(provider.refreshes().len(), 2);
    replicas.one.store.hangs(&[]);
    let (_, answer) = stopped.await??;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let after = stored(&replicas.other, &here).await?;
    assert_eq!((before.version, &before.sealed), (2, &after.sealed));
    assert_eq!(provider.asked("/revoke").len(), 0);
    Ok(())
}

/// E18: refused, because somebody else renewed the tokens meanwhile.
async fn newer_tokens_are_used(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let here = signed_in(&replicas.one).await?;
    let (one, provider) = (&replicas.one, &replicas.one.provider);
    one.clock.advance(LIFE);
    let before = provider.calls();
    provider.holds();
    provider.replies(
        "refresh",
        Reply::json(400, &json!({"error": "invalid_grant"})),
    );
    let refused = refreshing(&here);
    provider.arrived(before + 1).await?;
    one.store.hangs(&["find_session"]);
    provider.goes_on();
    one.store.hung(1).await?;
    provider.behaves();
    one.clock.advance(11);
    check_refreshes("next", &mut replicas.at_the_other(&here)).await?;
    one.store.hangs(&[]);
    let (mut here, answer) = refused.await??;
    assert_eq!(answer.status, 200, "{}", answer.text());
    check_refreshes("afterwards", &mut here).await?;
    assert_eq!(provider.refreshes().len(), 2);
    Ok(())
}

/// Somebody who has the lease and never gives it back is not waited for without end.
async fn waiting_ends(kind: Kind) -> Outcome {
    let replicas = Replicas::start(kind).await?;
    let mut here = signed_in(&replicas.one).await?;
    let world = &replicas.one;
    let key = stored(world, &here).await?.key;
    world.clock.advance(LIFE);
    let far = NOW + 3600;
    assert!(world.store.hold_lease(&key, "stuck", far, NOW).await?);
    let answer = super::refresh(&mut here).await?;
    check_failure("stuck", &answer, 504, "provider-timeout")?;
    assert!(here.is_signed_in().await?);
    assert_eq!(world.provider.refreshes().len(), 0);
    Ok(())
}

macro_rules! on {
    ($kinds:tt: $($scenario:ident)*) => { $( on! { @one $kinds $scenario } )* };
    (@one [$($name:ident $kind:ident)*] $scenario:ident) => {
        mod $scenario {
            use crate::rig::{Outcome, kinds::Kind};
            $(
                #[tokio::test]
                async fn $name() -> Outcome {
                    Box::pin(super::$scenario(Kind::$kind)).await
                }
            )*
        }
    };
}

on! { [sqlite File postgres Postgres redis Redis]:
    one_refresh_for_all
    a_lease_runs_out
    the_record_is_read_again
    the_late_one_does_not_overwrite
    the_late_one_does_not_finish_what_another_began
    newer_tokens_are_used
    waiting_ends
}
