//! Signing out: here, everywhere, and when the store is down.

use crate::rig::{Browser, Outcome, Request, World, check_failure, frail_store::EVERYTHING, log};

#[tokio::test]
async fn signing_out_here_ends_this_session_alone() -> Outcome {
    let world = World::start().await?;
    let (mut here, mut there) = (Browser::at(&world), Browser::at(&world));
    here.sign_in(&world.provider, "alice").await?;
    there.sign_in(&world.provider, "alice").await?;
    for body in ["", "where=here"] {
        let answer = here.post("/sign-out", body).await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/signed-out"))
        );
        assert_eq!(here.session_cookie(), None);
        assert!(!here.is_signed_in().await?, "twice is as good as once");
    }
    assert!(there.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_other_browsers_and_tells_them() -> Outcome {
    let world = World::start().await?;
    let [mut here, mut there, mut bob] = [(); 3].map(|()| Browser::at(&world));
    here.sign_in(&world.provider, "alice").await?;
    there.sign_in(&world.provider, "alice").await?;
    bob.sign_in(&world.provider, "bob").await?;
    let answer = here.post("/sign-out", "where=everywhere").await?;
    assert_eq!(answer.header("location"), Some("/signed-out"));
    let page = here.open("/signed-out").await?.text();
    assert!(page.contains("Every browser is signed out"), "{page}");
    let again = here.open("/signed-out?where=everywhere").await?.text();
    assert!(!again.contains("Every browser"), "shown once: {again}");
    assert!(!here.is_signed_in().await?);

    let call = there.clone().session().await?;
    check_failure("there", &call, 401, "session-revoked")?;
    let page = there.open("/account").await?;
    assert_eq!(page.header("location"), Some("/problem/session-revoked"));
    assert_eq!(there.session_cookie(), None);
    let page = there.open("/problem/session-revoked").await?;
    assert_eq!(page.status, 401);
    assert!(!page.text().contains("alice"), "{}", page.text());
    assert!(bob.is_signed_in().await?);
    Ok(())
}

/// E21, and other forms of a request that is no sign-out.
#[tokio::test]
async fn only_a_post_of_ours_signs_out() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        for path in [
            "/sign-out",
            "/profile/refresh",
            "/sessions/end",
            "/backchannel-logout",
        ] {
            let request = browser.with_cookies(Request::new(method, path));
            let answer = request.send(world.addr).await?;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {path}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{method} {path}");
        }
    }
    for path in [
        "/sign-out/",
        "/sign-out/next/",
        "/Sign-Out",
        "//sign-out",
        "/profile",
    ] {
        let answer = browser.form(path, "").send(world.addr).await?;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// What is no known field changes neither what happens nor where it leads.
#[tokio::test]
async fn a_strange_form_signs_out_here() -> Outcome {
    let world = World::start().await?;
    let mut other = Browser::at(&world);
    other.sign_in(&world.provider, "alice").await?;
    for body in [
        "where=nowhere",
        "where=//evil.example",
        "where=Everywhere",
        "where=here&where=everywhere",
        "return_to=https://evil.example/",
        "where=%00%ff",
        "{\"where\":\"everywhere\"}",
    ] {
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        let answer = browser.post("/sign-out", body).await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/signed-out")),
            "{body}"
        );
        assert!(!browser.is_signed_in().await?, "{body}");
    }
    assert!(other.is_signed_in().await?);
    Ok(())
}

/// The person is still signed in then, is told so, and can try again.
#[tokio::test]
async fn a_store_that_is_down_is_said_and_the_cookie_stays() -> Outcome {
    let world = World::start().await?;
    for broken in [EVERYTHING, "end_sessions", "find_session_id"] {
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        world.store.breaks(&[broken]);
        let answer = browser.post("/sign-out", "where=everywhere").await?;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/problem/store-down")),
            "{broken}"
        );
        assert!(browser.session_cookie().is_some(), "{broken}");
        let notice = browser.cookies.get("wrengate-notice").ok_or("no notice")?;
        let reference = notice
            .strip_prefix("not-signed-out.")
            .ok_or("no reference")?
            .to_owned();
        let lines = log::lines_of(&reference);
        assert!(
            matches!(lines.as_slice(), [line] if line.contains("store-down")),
            "{lines:?}"
        );
        let page = browser.open("/problem/store-down").await?;
        assert_eq!(page.status, 503);
        let page = page.text();
        assert!(page.contains("still signed in here"), "{page}");
        assert!(page.contains("action=\"/sign-out\""), "{page}");
        assert!(page.contains(&reference), "{page}");
        world.store.breaks(&[]);

        let again = browser.open("/problem/store-down").await?;
        assert!(!again.text().contains(&reference), "shown once");
        assert!(browser.is_signed_in().await?, "{broken}");
        browser.post("/sign-out", "where=everywhere").await?;
        assert!(!browser.is_signed_in().await?, "{broken}");
    }
    Ok(())
}

/// Pages without a person are of use while the store is away; the account page says what is wrong.
#[tokio::test]
async fn pages_go_on_without_a_store() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.breaks(&[EVERYTHING]);
    for path in ["/", "/callback", "/signed-out"] {
        let page = browser.open(path).await?;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("Dr. alice"), "{path}");
    }
    let account = browser.open("/account").await?;
    assert_eq!(
        (account.status, account.header("location")),
        (303, Some("/problem/store-down"))
    );
    assert!(browser.session_cookie().is_some(), "it may be good again");
    check_failure("session", &browser.session().await?, 503, "store-down")?;
    world.store.breaks(&[]);
    assert_eq!(browser.open("/account").await?.status, 200);
    Ok(())
}

/// Somebody who closes the tab right after the press has signed out all the same.
#[tokio::test]
async fn a_browser_that_goes_away_undoes_no_sign_out() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.hangs(&["end_sessions"]);
    let form = browser.form("/sign-out", "");
    let addr = world.addr;
    let press = tokio::spawn(async move { form.send(addr).await });
    world.store.hung(1).await?;
    press.abort();
    assert!(press.await.is_err(), "nobody waits for the answer");
    world.store.hangs(&[]);
    world.services.sign_out.settled().await;
    assert!(!browser.is_signed_in().await?);
    Ok(())
}
