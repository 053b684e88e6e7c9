//! Several servers of one installation: one store, one provider, one origin (H6).

use crate::rig::{
    Browser, Outcome, Plan, World, check_failure,
    kinds::{Kind, Place},
};

/// Two servers, and the store that they share.
struct Two {
    a: World,
    b: World,
    _place: Place,
}

async fn two(kind: Kind) -> Outcome<Two> {
    let place = kind.place().await?;
    let a = Plan::new().store(&place).start().await?;
    let b = Plan::new().store(&place).beside(&a).start().await?;
    Ok(Two {
        a,
        b,
        _place: place,
    })
}

/// Begun at one, completed at the other; known at both, and signed out at both.
async fn a_sign_in_is_of_all_servers(kind: Kind) -> Outcome {
    let Two { a, b, _place } = two(kind).await?;
    let mut browser = Browser::at(&a);
    let signing = browser.begin().await?;
    let arrival = a.provider.authorize(&signing.url, "alice")?;
    browser.turns_to(&b);
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.status, 200, "{}", answer.whole());
    assert!(browser.is_signed_in().await?);
    browser.turns_to(&a);
    assert!(browser.is_signed_in().await?);
    assert_eq!(browser.open("/account").await?.status, 200);

    let mut elsewhere = Browser::at(&a);
    elsewhere.sign_in(&a.provider, "alice").await?;
    browser.turns_to(&b);
    let before = browser.clone();
    browser.post("/sign-out", "where=everywhere").await?;
    let mut left = before;
    left.turns_to(&a);
    let answer = left.session().await?;
    assert_eq!(answer.status, 401, "{}", answer.whole());
    let answer = elsewhere.session().await?;
    check_failure("elsewhere", &answer, 401, "session-revoked")
}

/// Both get the completion at once, as after a lost answer: one sends the code.
async fn a_code_is_sent_once_whoever_gets_it(kind: Kind) -> Outcome {
    let Two { a, b, _place } = two(kind).await?;
    for _ in 0..5 {
        let mut browser = Browser::at(&a);
        let signing = browser.begin().await?;
        let arrival = a.provider.authorize(&signing.url, "alice")?;
        let before = a.provider.asked("/token").len();
        let request = browser.completion(&signing, &arrival);
        let (at_a, at_b) = tokio::join!(request.send(a.addr), request.send(b.addr));
        let statuses = [at_a?.status, at_b?.status];
        assert!(statuses.contains(&200), "{statuses:?}");
        assert_eq!(a.provider.asked("/token").len() - before, 1);
    }
    Ok(())
}

/// A session that one server lets end is over at the other, whichever swept.
async fn a_session_ends_at_all_servers(kind: Kind) -> Outcome {
    let Two { a, b, _place } = two(kind).await?;
    let mut browser = Browser::at(&a);
    browser.sign_in(&a.provider, "alice").await?;
    a.clock.advance(1800);
    let now = wrengate_backend::clock::Clock::now(&*a.clock);
    for server in [&a, &b] {
        wrengate_backend::store::Store::sweep(&*server.store, now).await?;
    }
    browser.turns_to(&b);
    let answer = browser.session().await?;
    check_failure("idle", &answer, 401, "session-expired")
}

macro_rules! on {
    ($($name:ident: $kind:ident;)*) => { $(
        mod $name {
            use crate::rig::{Outcome, kinds::Kind};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_sign_in_is_of_all_servers() -> Outcome {
                super::a_sign_in_is_of_all_servers(Kind::$kind).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_code_is_sent_once_whoever_gets_it() -> Outcome {
                super::a_code_is_sent_once_whoever_gets_it(Kind::$kind).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_session_ends_at_all_servers() -> Outcome {
                super::a_session_ends_at_all_servers(Kind::$kind).await
            }
        }
    )* };
}

on! {
    one_file: File;
    postgres: Postgres;
    redis: Redis;
}

/// What is in memory is of one server alone.
#[tokio::test]
async fn servers_in_memory_know_nothing_of_each_other() -> Outcome {
    let Two { a, b, _place } = two(Kind::Memory).await?;
    let mut browser = Browser::at(&a);
    browser.sign_in(&a.provider, "alice").await?;
    browser.turns_to(&b);
    check_failure("b", &browser.session().await?, 401, "session-expired")
}
