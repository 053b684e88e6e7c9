//! Signing other browsers out: one, all, and whom nobody can sign out that way.

use crate::{
    rig::{Browser, Outcome, World, frail_store::EVERYTHING, log},
    session_list::{FIREFOX, IPHONE, key_of_other, rows, signed_in},
};

/// Posts a form of the page, and gives what the page then says under its heading.
async fn told(browser: &mut Browser, form: &str, body: &str) -> Outcome<String> {
    let answer = browser.post(form, body).await?;
    let to = answer.header("location");
    assert_eq!((answer.status, to), (303, Some("/sessions")), "{body}");
    let page = browser.open("/sessions").await?.text();
    let again = browser.open("/sessions").await?.text();
    assert!(!again.contains("class=\"message"), "shown once: {again}");
    let (_, rest) = page.split_once("<p class=\"message").ok_or(page.clone())?;
    let (_, rest) = rest.split_once('>').ok_or("no text")?;
    Ok(rest.split_once('<').ok_or("no text")?.0.to_owned())
}

#[tokio::test]
async fn a_browser_that_was_signed_out_learns_it_at_its_next_request() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut there = signed_in(&world, "alice", IPHONE).await?;
    let key = key_of_other(&mut here).await?;
    let said = told(&mut here, "/sessions/end", &format!("key={key}")).await?;
    assert_eq!(said, "Signed out Safari on iPhone.");

    let call = there.clone().session().await?;
    crate::rig::check_failure("there", &call, 401, "session-revoked")?;
    for path in ["/account", "/sessions"] {
        let page = there.clone().open(path).await?;
        assert_eq!(page.header("location"), Some("/problem/session-revoked"));
    }
    let form = there.post("/sessions/end-others", "").await?;
    assert_eq!(form.header("location"), Some("/problem/session-revoked"));
    assert_eq!(there.session_cookie(), None);
    assert!(here.is_signed_in().await?);

    let lines = log::lines_with(&key);
    let audited = lines.iter().filter(|line| line.contains("audit"));
    let audited: Vec<_> = audited
        .filter(|line| line.contains("event=\"signed-out-remotely\""))
        .collect();
    assert_eq!(audited.len(), 1, "{lines:?}");
    let said = told(&mut here, "/sessions/end", &format!("key={key}")).await?;
    assert_eq!(said, "That session had already ended.");
    Ok(())
}

#[tokio::test]
async fn all_others_are_signed_out_and_nobody_else() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut others = [
        signed_in(&world, "alice", IPHONE).await?,
        signed_in(&world, "alice", FIREFOX).await?,
    ];
    let mut bob = signed_in(&world, "bob", FIREFOX).await?;
    let said = told(&mut here, "/sessions/end-others", "").await?;
    assert_eq!(said, "Signed out 2 browsers.");
    for other in &mut others {
        assert!(!other.is_signed_in().await?);
    }
    assert!(here.is_signed_in().await?);
    assert!(bob.is_signed_in().await?);
    let said = told(&mut here, "/sessions/end-others", "key=x").await?;
    assert_eq!(said, "Signed out 0 browsers.");
    signed_in(&world, "alice", IPHONE).await?;
    let said = told(&mut here, "/sessions/end-others", "").await?;
    assert_eq!(said, "Signed out 1 browser.");
    Ok(())
}

/// The answer does not tell whether a key is somebody else's or nobody's.
#[tokio::test]
async fn a_key_of_somebody_else_ends_nothing() -> Outcome {
    let world = World::start().await?;
    let mut alice = signed_in(&world, "alice", FIREFOX).await?;
    let mut bob = signed_in(&world, "bob", FIREFOX).await?;
    signed_in(&world, "bob", IPHONE).await?;
    let key = key_of_other(&mut bob).await?;
    let id = bob.session_cookie().ok_or("no session")?.to_owned();
    for body in [
        format!("key={key}"),
        format!("key={id}"),
        format!("key={}", key.to_uppercase()),
        format!("key={key}&key={key}"),
        "key=".to_owned(),
        String::new(),
        "key=%00%ff".to_owned(),
        "key=' OR 1=1 --".to_owned(),
        format!("key={}", "a".repeat(15_000)),
        format!("{{\"key\":\"{key}\"}}"),
        "session=1".to_owned(),
    ] {
        let said = told(&mut alice, "/sessions/end", &body).await?;
        assert_eq!(said, "That session had already ended.", "{body}");
    }
    assert_eq!(rows(&mut bob, "/sessions").await?.len(), 2);
    assert!(alice.is_signed_in().await?);
    Ok(())
}

/// Its row has no button; a form that says so anyway changes nothing.
#[tokio::test]
async fn this_browser_is_not_signed_out_that_way() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut there = signed_in(&world, "alice", IPHONE).await?;
    let key = key_of_other(&mut there).await?;
    let said = told(&mut here, "/sessions/end", &format!("key={key}")).await?;
    assert!(
        said.starts_with("This browser is still signed in."),
        "{said}"
    );
    assert!(here.is_signed_in().await?);
    assert!(there.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn a_store_that_fails_says_that_they_may_still_have_access() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut there = signed_in(&world, "alice", IPHONE).await?;
    let one = format!("key={}", key_of_other(&mut here).await?);
    for (form, body) in [
        ("/sessions/end", one.as_str()),
        ("/sessions/end-others", ""),
    ] {
        world.store.breaks(&["end_sessions"]);
        let said = told(&mut here, form, body).await?;
        assert!(said.starts_with("Couldn't sign "), "{said}");
        let reference = said.rsplit(' ').next().unwrap_or_default();
        let lines = log::lines_of(reference);
        assert!(
            matches!(lines.as_slice(), [line] if line.contains("store-down")),
            "{said}: {lines:?}"
        );
        world.store.breaks(&[EVERYTHING]);
        let answer = here.post(form, body).await?;
        assert_eq!(answer.header("location"), Some("/problem/store-down"));
        world.store.breaks(&[]);
        assert!(there.is_signed_in().await?, "{form}");
    }
    told(&mut here, "/sessions/end", &one).await?;
    assert!(!there.is_signed_in().await?);
    Ok(())
}

#[tokio::test]
async fn nobody_signs_anybody_out() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut there = signed_in(&world, "alice", IPHONE).await?;
    let key = format!("key={}", key_of_other(&mut here).await?);
    let mut nobody = Browser::at(&world);
    for (form, body) in [
        ("/sessions/end", key.as_str()),
        ("/sessions/end-others", ""),
    ] {
        let answer = nobody.post(form, body).await?;
        assert_eq!(answer.header("location"), Some("/sessions"), "{form}");
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let request = crate::rig::Request::new(method, form);
            let answer = here.with_cookies(request).send(world.addr).await?;
            assert_eq!(answer.status, 405, "{method} {form}");
        }
    }
    assert!(there.is_signed_in().await?);
    Ok(())
}

/// Several at once end each session once.
#[tokio::test]
async fn two_who_sign_out_the_same_browser_agree() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut twin = here.clone();
    signed_in(&world, "alice", IPHONE).await?;
    let key = format!("key={}", key_of_other(&mut here).await?);
    let (one, two) = tokio::join!(
        here.post("/sessions/end", &key),
        twin.post("/sessions/end", &key)
    );
    let notices = [one?, two?].map(|answer| answer.all("set-cookie").concat());
    let ended = |text: &&String| text.contains("=ended.Safari_on_iPhone");
    assert_eq!(notices.iter().filter(ended).count(), 1, "{notices:?}");
    let before = |text: &&String| text.contains("=ended-before");
    assert_eq!(notices.iter().filter(before).count(), 1, "{notices:?}");
    Ok(())
}

/// What a page says comes from what happened, not from what somebody planted.
#[tokio::test]
async fn a_planted_notice_says_nothing_of_its_own() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    for planted in ["ended.Call_555_now", "not-ended.<b>", "ended-others.1e9"] {
        here.cookies
            .insert("wrengate-notice".to_owned(), planted.to_owned());
        let page = here.open("/sessions").await?.text();
        assert!(!page.contains("555") && !page.contains("1e9"), "{planted}");
        assert!(!page.contains("<b>"), "{planted}");
    }
    Ok(())
}
