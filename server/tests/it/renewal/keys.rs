//! Keys that change while sessions last (H7), and settings that name another provider.

use super::{KEY, LIFE, Replicas, check_ended, check_refreshes, refresh, signed_in, stored};
use crate::rig::{Outcome, Plan, check_failure, kinds::Kind};

const NEW_KEY: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";

fn new_key_first(plan: Plan) -> Plan {
    plan.setting("WRENGATE_KEYS", format!("{NEW_KEY},{KEY}"))
}

fn new_key_alone(plan: Plan) -> Plan {
    plan.setting("WRENGATE_KEYS", NEW_KEY)
}

/// H7: nobody is signed out, and what is written is under the new key.
#[tokio::test]
async fn a_new_key_in_front_seals_what_is_renewed() -> Outcome {
    let replicas = Replicas::with(Kind::File, super::key, new_key_first).await?;
    let here = signed_in(&replicas.one).await?;
    let mut there = replicas.at_the_other(&here);
    let before = stored(&replicas.one, &here).await?.sealed;
    replicas.one.clock.advance(LIFE);
    check_refreshes("renewed", &mut there).await?;
    let after = stored(&replicas.one, &here).await?.sealed;
    let id = |sealed: &str| -> Option<String> {
        let sealed: serde_json::Value = serde_json::from_str(sealed).ok()?;
        sealed["refresh"]["key"].as_str().map(str::to_owned)
    };
    assert!(id(&before).is_some());
    assert_ne!(id(&before), id(&after));
    check_refreshes("again", &mut there).await?;
    Ok(())
}

/// A key that is gone: the session ends at the next need of its tokens, and not before.
#[tokio::test]
async fn a_session_whose_key_is_gone_ends_cleanly() -> Outcome {
    let replicas = Replicas::with(Kind::File, super::key, new_key_alone).await?;
    for over in [0, LIFE] {
        let here = signed_in(&replicas.one).await?;
        replicas.one.clock.advance(over);
        let before = replicas.at_the_other(&here);
        let mut there = before.clone();
        assert_eq!(there.open("/account").await?.status, 200);
        let answer = refresh(&mut there).await?;
        check_failure("gone", &answer, 401, "session-expired")?;
        check_ended(&replicas.other, &before, &answer, "session-expired").await?;
    }
    assert_eq!(replicas.one.provider.refreshes().len(), 0);
    Ok(())
}

/// Tokens of one provider are not sent to another.
#[tokio::test]
async fn tokens_are_not_sent_to_a_provider_that_they_are_not_of() -> Outcome {
    let replicas = Replicas::with(Kind::File, super::key, |plan| {
        super::key(plan)
            .without("WRENGATE_ISSUER")
            .setting("WRENGATE_ISSUER", "https://other.example.org")
    })
    .await?;
    let mut here = signed_in(&replicas.one).await?;
    let mut there = replicas.at_the_other(&here);
    for over in [0, LIFE] {
        replicas.one.clock.advance(over);
        let calls = replicas.one.provider.calls();
        let answer = refresh(&mut there).await?;
        check_failure("another", &answer, 401, "access-ended")?;
        assert_eq!(replicas.one.provider.calls(), calls);
    }
    check_refreshes("its own", &mut here).await?;
    Ok(())
}
