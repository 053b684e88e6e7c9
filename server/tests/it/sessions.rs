//! Sessions as browsers meet them: how long they last, and how they end (E1 to E5).

use crate::rig::{Answer, Browser, Outcome, World, check_failure};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

fn takes_the_cookie_back(answer: &Answer) -> bool {
    let cookies = answer.all("set-cookie");
    cookies
        .iter()
        .any(|it| it.starts_with("wrengate=;") && it.ends_with("Max-Age=0"))
}

/// The session is over, and every way to notice says the same.
async fn check_over(browser: &Browser, failure: &str) -> Outcome {
    let call = browser.clone().session().await?;
    check_failure("session", &call, 401, failure)?;
    assert!(takes_the_cookie_back(&call), "{call:?}");
    let page = browser.clone().open("/account").await?;
    assert_eq!(page.status, 303);
    assert_eq!(
        page.header("location"),
        Some(format!("/problem/{failure}").as_str())
    );
    assert!(takes_the_cookie_back(&page), "{page:?}");
    let form = browser.clone().post("/profile/refresh", "").await?;
    assert_eq!(
        form.header("location"),
        Some(format!("/problem/{failure}").as_str())
    );
    let mut visitor = browser.clone();
    assert_eq!(
        visitor.open("/").await?.status,
        200,
        "the sign-in page is for them"
    );
    assert_eq!(
        visitor.open(&format!("/problem/{failure}")).await?.status,
        401
    );
    Ok(())
}

/// E1.
#[tokio::test]
async fn nobody_is_signed_out_and_told_so() -> Outcome {
    let world = World::start().await?;
    let mut nobody = Browser::at(&world);
    check_failure("session", &nobody.session().await?, 401, "session-expired")?;
    assert_eq!(
        nobody.open("/account").await?.header("location"),
        Some("/?return_to=/account")
    );
    let form = nobody.post("/profile/refresh", "").await?;
    assert_eq!(form.header("location"), Some("/account"));
    Ok(())
}

/// E2: every bit counts.
#[tokio::test]
async fn an_id_with_one_character_changed_is_nothing() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let id = browser.session_cookie().ok_or("no session")?.to_owned();
    for place in [0, 20, 42] {
        let flip = |(index, c): (usize, char)| match (index == place, c) {
            (true, 'A') => 'B',
            (true, _) => 'A',
            (false, c) => c,
        };
        let changed: String = id.chars().enumerate().map(flip).collect();
        let mut thief = Browser::at(&world);
        thief.cookies.insert("wrengate".to_owned(), changed);
        let answer = thief.session().await?;
        check_failure("changed", &answer, 401, "session-expired")?;
        assert!(takes_the_cookie_back(&answer));
    }
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// E3.
#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    browser.open("/account").await?;
    world.clock.advance(30 * MINUTE - 1);
    assert!(browser.is_signed_in().await?);
    world.clock.advance(1);
    check_over(&browser, "session-expired").await?;
    world.clock.advance(23 * HOUR);
    check_over(&browser, "session-expired").await
}

/// E4: polling is no activity.
#[tokio::test]
async fn a_page_that_only_asks_does_not_keep_a_session() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for _ in 0..29 {
        world.clock.advance(MINUTE);
        assert!(browser.is_signed_in().await?);
    }
    world.clock.advance(MINUTE);
    check_over(&browser, "session-expired").await
}

/// However much it is used.
#[tokio::test]
async fn a_session_ends_after_twelve_hours() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for _ in 0..36 {
        assert_eq!(browser.open("/account").await?.status, 200);
        world.clock.advance(20 * MINUTE);
    }
    world.clock.advance(-1);
    assert!(browser.is_signed_in().await?);
    world.clock.advance(1);
    check_over(&browser, "session-over").await
}

/// E5.
#[tokio::test]
async fn an_old_cookie_is_nothing_after_the_sign_out() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let copied = browser.clone();
    browser.post("/sign-out", "").await?;
    check_over(&copied, "session-expired").await
}

/// An id that its browser never received is dropped after five minutes.
#[tokio::test]
async fn an_id_that_was_lost_on_its_way_opens_nothing_later() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.clock.advance(5 * MINUTE);
    let answer = browser.session().await?;
    check_failure("lost", &answer, 401, "session-expired")?;
    assert!(takes_the_cookie_back(&answer));
    Ok(())
}
