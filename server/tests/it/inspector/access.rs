//! Who sees a trace: the browser of the attempt, for a quarter of an hour, and nobody else.

use wrengate_backend::session::{EndOf, Ended};
use wrengate_protocol::trace::TraceStatus;

use super::{events::Listener, fetch, newest, traces};
use crate::{
    rig::{
        Answer, Browser, Outcome, Plan, Request, World, frail_store::EVERYTHING, provider::random,
    },
    session_list::key_of_other,
};

const ALL: [&str; 3] = ["/inspector/trace", "/inspector/events", "/inspector/report"];

#[tokio::test]
async fn off_there_is_nothing_at_its_addresses() -> Outcome {
    for plan in [
        Plan::new().https(),
        Plan::new().setting("WRENGATE_INSPECTOR", "off"),
    ] {
        let world = plan.start().await?;
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        assert!(
            !browser
                .cookies
                .keys()
                .any(|name| name.contains("inspector"))
        );
        for path in ALL {
            assert_eq!(browser.open(path).await?.status, 404, "{path}");
        }
        assert_eq!(browser.post("/inspector/clear", "").await?.status, 404);
    }
    Ok(())
}

#[tokio::test]
async fn it_can_be_switched_on_behind_https() -> Outcome {
    let plan = Plan::new().https().setting("WRENGATE_INSPECTOR", "own");
    let world = plan.start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    assert!(browser.cookies.contains_key("__Host-wrengate-inspector"));
    assert_eq!(newest(&mut browser).await?.status, TraceStatus::SignedIn);
    Ok(())
}

#[tokio::test]
async fn another_browser_sees_nothing_of_it() -> Outcome {
    let world = World::start().await?;
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    assert_eq!(traces(&mut alice).await?.len(), 1);
    let mut bob = Browser::at(&world);
    bob.sign_in(&world.provider, "bob").await?;
    for path in [
        "/inspector/trace",
        "/inspector/report",
        "/inspector/report?format=text",
    ] {
        let answer = bob.open(path).await?;
        assert!(
            answer.text().contains("bob") && !answer.text().contains("alice"),
            "{path}"
        );
        let answer = Browser::at(&world).open(path).await?;
        assert!(!answer.text().contains("alice"), "{path}");
    }
    // The session alone opens nothing, and neither does a cookie of the right form.
    alice.cookies.retain(|name, _| !name.contains("inspector"));
    assert_eq!(traces(&mut alice).await?, []);
    let guess = random()?;
    alice.cookies.insert("wrengate-inspector".to_owned(), guess);
    assert_eq!(traces(&mut alice).await?, []);
    Ok(())
}

/// Whoever is sent somebody else's callback sees a failure of their own and nothing of the other's attempt,
/// which stays as it was.
#[tokio::test]
async fn an_attempt_of_another_browser_is_not_written_to() -> Outcome {
    let world = World::start().await?;
    let (mut mallory, mut victim) = (Browser::at(&world), Browser::at(&world));
    victim.begin().await?;
    let signing = mallory.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "mallory")?;
    let before = traces(&mut mallory).await?;
    victim.complete(&signing, &arrival).await?;
    assert_eq!(traces(&mut mallory).await?, before);
    let seen = traces(&mut victim).await?;
    assert_eq!(seen.len(), 2);
    assert!(matches!(
        seen[0].status,
        TraceStatus::Failed { number: 4, .. }
    ));
    assert_eq!(seen[1].status, TraceStatus::Running);
    Ok(())
}

#[tokio::test]
async fn it_is_gone_after_a_quarter_of_an_hour() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    world.clock.advance(599);
    assert_eq!(newest(&mut browser).await?.status, TraceStatus::Running);
    world.clock.advance(1);
    assert_eq!(newest(&mut browser).await?.status, TraceStatus::Expired);
    world.clock.advance(299);
    assert_eq!(traces(&mut browser).await?.len(), 1);
    world.clock.advance(1);
    assert_eq!(traces(&mut browser).await?, []);
    Ok(())
}

#[tokio::test]
async fn it_is_gone_when_it_is_cleared_and_when_somebody_signs_out() -> Outcome {
    let world = World::start().await?;
    for path in ["/inspector/clear", "/sign-out"] {
        let mut browser = Browser::at(&world);
        browser.sign_in(&world.provider, "alice").await?;
        assert_eq!(traces(&mut browser).await?.len(), 1);
        let answer = browser.post(path, "").await?;
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(traces(&mut browser).await?, [], "{path}");
    }
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    let foreign = browser
        .form("/inspector/clear", "")
        .instead("Origin", "https://evil.example");
    assert_eq!(foreign.send(world.addr).await?.status, 403);
    assert_eq!(browser.open("/inspector/clear").await?.status, 405);
    assert_eq!(traces(&mut browser).await?.len(), 1);
    Ok(())
}

/// Whoever takes the browser over finds nothing of who was signed out, wherever that was done.
#[tokio::test]
async fn it_is_gone_when_the_session_ended_elsewhere() -> Outcome {
    let world = World::start().await?;
    let ways = [
        "/sessions/end",
        "/sessions/end-others",
        "everywhere",
        "by-provider",
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let alice = format!("alice-{number}");
        let mut browser = Browser::at(&world);
        browser.begin().await?;
        browser.sign_in(&world.provider, &alice).await?;
        let mut other = Browser::at(&world);
        other.sign_in(&world.provider, &alice).await?;
        let key = key_of_other(&mut other).await?;
        assert_eq!(traces(&mut browser).await?.len(), 2, "{way}");
        let mut page = Listener::of(&browser, &world).await?;
        page.hears("signed_in").await?;
        let answer = match way {
            "/sessions/end" => Some(other.post(way, &format!("key={key}")).await?),
            "/sessions/end-others" => Some(other.post(way, "").await?),
            "everywhere" => Some(other.post("/sign-out", "where=everywhere").await?),
            _ => {
                let (sessions, of) = (&world.services.sessions, EndOf::Key(&key));
                sessions.end(of, Ended::ByProvider).await?;
                None
            }
        };
        assert!(answer.is_none_or(|answer| answer.status == 303), "{way}");
        page.hears("{\"left\":[]}").await?;
        let page = browser.open("/inspector").await?.text();
        assert!(!page.contains("alice"), "{way}: {page}");
        assert_eq!(traces(&mut browser).await?, [], "{way}");
        browser.begin().await?;
        assert_eq!(traces(&mut browser).await?.len(), 1, "{way}");
    }
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_down_forgets_nobody() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.breaks(&[EVERYTHING]);
    assert_eq!(traces(&mut browser).await?.len(), 1);
    Ok(())
}

/// The same person sees how one sign-in differs from another; another person sees only their own.
#[tokio::test]
async fn it_is_gone_when_another_account_signs_in() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    browser.sign_in(&world.provider, "alice").await?;
    browser.begin().await?;
    assert_eq!(traces(&mut browser).await?.len(), 3);
    browser.sign_in(&world.provider, "bob").await?;
    let seen = traces(&mut browser).await?;
    assert_eq!(seen.len(), 1);
    assert!(!format!("{seen:?}").contains("alice"));
    Ok(())
}

/// Whoever had the browser once and kept the value of its cookie, or put one there, sees nothing of the next
/// sign-in.
#[tokio::test]
async fn every_sign_in_and_every_end_gives_another_cookie() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser
        .cookies
        .insert("wrengate-inspector".to_owned(), random()?);
    browser.open("/inspector").await?;
    let mut before = browser.clone();
    browser.sign_in(&world.provider, "alice").await?;
    assert_eq!(traces(&mut browser).await?.len(), 1);
    assert_eq!(traces(&mut before).await?, []);
    // What it had moves along.
    let mut before = browser.clone();
    browser.sign_in(&world.provider, "alice").await?;
    assert_eq!(traces(&mut browser).await?.len(), 2);
    assert_eq!(traces(&mut before).await?, []);
    for path in ["/inspector/clear", "/sign-out"] {
        let before = browser.cookies.get("wrengate-inspector").cloned();
        browser.post(path, "").await?;
        let after = browser.cookies.get("wrengate-inspector").cloned();
        assert!(after.is_some() && after != before, "{path}");
    }
    Ok(())
}

/// Its answer may come after that of a sign-in, whose cookie it would take back.
#[tokio::test]
async fn a_page_that_is_read_gives_a_cookie_to_whoever_has_none_alone() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let is_given_it = |answer: &Answer| {
        let cookies = answer.all("set-cookie");
        cookies
            .iter()
            .any(|it| it.starts_with("wrengate-inspector="))
    };
    for path in ["/inspector", "/inspector/trace"] {
        let own = browser.with_cookies(Request::get(path));
        assert!(!is_given_it(&own.send(world.addr).await?), "{path}");
        let first = Request::get(path).send(world.addr).await?;
        assert!(is_given_it(&first), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn no_other_site_reads_or_embeds_it() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for path in ALL {
        let request = || browser.with_cookies(Request::get(path));
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
        ] {
            let answer = request().header(name, value).send(world.addr).await?;
            assert_eq!(answer.status, 403, "{path} {value}");
            assert!(!answer.text().contains("alice"), "{path} {value}");
        }
        assert_eq!(
            browser.form(path, "").send(world.addr).await?.status,
            405,
            "{path}"
        );
    }
    let answer = fetch(&browser, "/inspector/trace").send(world.addr).await?;
    assert_eq!(answer.status, 200);
    for (name, expected) in [
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(answer.header(name), Some(expected), "{name}");
    }
    let answer = browser.open("/inspector/report").await?;
    let saved = answer.header("content-disposition");
    assert_eq!(
        saved,
        Some("attachment; filename=\"wrengate-sign-ins.json\"")
    );
    let answer = browser.open("/inspector/report?format=text").await?;
    let saved = answer.header("content-disposition");
    assert_eq!(
        saved,
        Some("attachment; filename=\"wrengate-sign-ins.txt\"")
    );
    assert!(answer.text().contains(": signed in"), "{}", answer.text());
    Ok(())
}
