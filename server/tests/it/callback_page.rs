//! `GET /callback` changes nothing, and is the same for everybody whatever it says.

use crate::{
    pages::without_nonces,
    rig::{Browser, Outcome, Request, World, log},
};

#[tokio::test]
async fn the_callback_is_the_same_for_everybody() -> Outcome {
    let world = World::start().await?;
    let mut nobody = Browser::at(&world);
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    let mut noticed = Browser::at(&world);
    let notice = "reference.ABCD-EFGH".to_owned();
    noticed.cookies.insert("wrengate-notice".to_owned(), notice);

    let bare = nobody.open("/callback").await?;
    assert_eq!(bare.status, 200);
    let expected = without_nonces(&bare.text());
    for query in [
        "",
        "?",
        "?code=canary-code&state=canary-state",
        "?code=canary-code&state=canary-state&iss=https://canary.example",
        "?error=canary-error&error_description=canary-words&state=canary-state",
        "?error=access_denied&error_uri=javascript:canary",
        "?code=canary&code=canary&state=%3Cscript%3Ecanary%3C/script%3E",
        "?canary=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        "?%00%ff%fe=canary&state=%e2%80%ae",
    ] {
        for browser in [&mut nobody, &mut alice, &mut noticed] {
            let answer = browser.open(&format!("/callback{query}")).await?;
            assert_eq!(answer.status, 200, "{query}");
            assert_eq!(answer.all("set-cookie"), [""; 0], "{query}");
            assert_eq!(without_nonces(&answer.text()), expected, "{query}");
            assert!(!answer.whole().contains("canary"), "{query}");
        }
    }
    assert!(noticed.cookies.contains_key("wrengate-notice"));
    assert_eq!(log::lines_with("canary"), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn opening_the_callback_uses_nothing_up() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let address = format!("/callback?code={}&state={}", arrival.code, arrival.state);
    for _ in 0..3 {
        assert_eq!(browser.open(&address).await?.status, 200);
    }
    assert_eq!(world.provider.calls(), 0);
    assert_eq!(browser.complete(&signing, &arrival).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_prefetch_of_the_callback_gets_nothing() -> Outcome {
    let world = World::start().await?;
    for (name, value) in [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Sec-Purpose", "prefetch;anonymous-client-ip"),
        ("Sec-Purpose", "PREFETCH"),
        ("Purpose", "prefetch"),
    ] {
        let request = Request::get("/callback?code=a&state=b").header(name, value);
        let answer = request.send(world.addr).await?;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{value}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{value}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{value}"
        );
        assert_eq!(answer.all("set-cookie"), [""; 0], "{value}");
        let elsewhere = Request::get("/").header(name, value);
        assert_eq!(elsewhere.send(world.addr).await?.status, 200, "{value}");
    }
    Ok(())
}
