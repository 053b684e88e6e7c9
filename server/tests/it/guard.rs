//! The guard before routes, at the routes of the example in `docs/guards.md`.

use std::{fs, net::SocketAddr, path::Path};

use axum::{Extension, Router};
use serde_json::json;
use tokio::net::TcpListener;
use wrengate_backend::{Reference, random::SystemRandom};

use crate::{
    guard_example,
    rig::{Answer, Browser, Outcome, World, frail_store::EVERYTHING, log},
};

const MINUTE: i64 = 60;

/// The example beside a server, with the same services, and the reference of its requests.
async fn reports(world: &World) -> Outcome<(SocketAddr, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let reference = Reference::new(&SystemRandom)?;
    let shown = reference.as_str().to_owned();
    let router: Router = guard_example::reports(&world.services).layer(Extension(reference));
    // Ends with the runtime of the test.
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((addr, shown))
}

async fn signed_in(world: &World) -> Outcome<Browser> {
    let mut browser = Browser::at(world);
    browser.sign_in(&world.provider, "alice").await?;
    assert!(browser.is_signed_in().await?);
    Ok(browser)
}

async fn read(browser: &Browser, at: SocketAddr, path: &str) -> Outcome<Answer> {
    let request = crate::rig::Request::get(path);
    browser.with_cookies(request).send(at).await
}

async fn delete(browser: &Browser, at: SocketAddr) -> Outcome<Answer> {
    browser.form("/reports/delete", "").send(at).await
}

fn leads_to(answer: &Answer, location: &str) {
    let told = (answer.status, answer.header("location"));
    assert_eq!(told, (303, Some(location)), "{}", answer.whole());
}

fn takes_the_cookie_back(answer: &Answer) -> bool {
    let cookies = answer.all("set-cookie");
    cookies.iter().any(|it| it.starts_with("wrengate=;"))
}

#[tokio::test]
async fn whoever_is_signed_in_is_let_in() -> Outcome {
    let world = World::start().await?;
    let (at, _) = reports(&world).await?;
    let alice = signed_in(&world).await?;
    let answer = read(&alice, at, "/reports").await?;
    assert_eq!(answer.text(), "the reports of alice");
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    assert_eq!(delete(&alice, at).await?.text(), "alice has no reports");
    Ok(())
}

#[tokio::test]
async fn nobody_is_led_to_a_sign_in_that_comes_back() -> Outcome {
    let world = World::start().await?;
    let (at, reference) = reports(&world).await?;
    let mut nobody = Browser::at(&world);
    let answer = read(&nobody, at, "/reports?year=2026&x=%2B").await?;
    leads_to(&answer, "/?return_to=/reports?year=2026%26x=%252B");
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    assert_eq!(log::lines_of(&reference), [""; 0], "nothing happened");
    leads_to(&delete(&nobody, at).await?, "/reports");
    assert_eq!(log::lines_of(&reference).len(), 1);

    nobody.cookies.insert("wrengate".to_owned(), "A".repeat(43));
    for answer in [
        read(&nobody, at, "/reports").await?,
        delete(&nobody, at).await?,
    ] {
        assert_eq!(answer.status, 303);
        assert!(takes_the_cookie_back(&answer), "{answer:?}");
    }
    Ok(())
}

/// However much a session is used, its sign-in grows older.
#[tokio::test]
async fn an_old_sign_in_is_asked_for_anew_and_nothing_is_lost() -> Outcome {
    let world = World::start().await?;
    let (at, reference) = reports(&world).await?;
    let alice = signed_in(&world).await?;
    world.clock.advance(10 * MINUTE);
    assert_eq!(delete(&alice, at).await?.status, 200, "to the second");
    world.clock.advance(1);
    let answer = delete(&alice, at).await?;
    leads_to(&answer, "/problem/sign-in-needed?return_to=/reports");
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    let lines = log::lines_of(&reference);
    assert!(
        matches!(lines.as_slice(), [line] if line.contains("failure=\"sign-in-needed\"")),
        "{lines:?}"
    );
    assert_eq!(
        read(&alice, at, "/reports").await?.status,
        200,
        "still signed in"
    );
    let page = alice
        .clone()
        .open("/problem/sign-in-needed?return_to=/reports")
        .await?;
    assert_eq!(page.status, 401);
    assert!(!page.text().contains("You're signed in now"), "{page:?}");

    let mut again = alice;
    again.sign_in(&world.provider, "alice").await?;
    assert_eq!(delete(&again, at).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_scope_that_was_not_granted_is_asked_for() -> Outcome {
    let world = World::start().await?;
    let (at, _) = reports(&world).await?;
    let scopes = json!({"scope": "openid profile emails"});
    world.provider.token_members(scopes);
    let alice = signed_in(&world).await?;
    let answer = read(&alice, at, "/reports").await?;
    leads_to(&answer, "/problem/consent-needed?return_to=/reports");
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    assert_eq!(
        delete(&alice, at).await?.status,
        200,
        "which does not need it"
    );
    Ok(())
}

#[tokio::test]
async fn a_session_that_ended_is_told_why() -> Outcome {
    let world = World::start().await?;
    let (at, _) = reports(&world).await?;
    let (idle, mut other) = (signed_in(&world).await?, signed_in(&world).await?);
    let revoked = signed_in(&world).await?;
    other.post("/sessions/end-others", "").await?;
    for answer in [
        read(&revoked, at, "/reports").await?,
        delete(&revoked, at).await?,
        delete(&idle, at).await?,
    ] {
        leads_to(&answer, "/problem/session-revoked");
        assert!(takes_the_cookie_back(&answer), "{answer:?}");
    }
    world.clock.advance(30 * MINUTE);
    let answer = read(&other, at, "/reports").await?;
    leads_to(&answer, "/problem/session-expired");
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_down_is_said_and_ends_nothing() -> Outcome {
    let world = World::start().await?;
    let (at, reference) = reports(&world).await?;
    let alice = signed_in(&world).await?;
    world.store.breaks(&[EVERYTHING]);
    for (number, answer) in [
        (1, read(&alice, at, "/reports").await?),
        (2, delete(&alice, at).await?),
    ] {
        leads_to(&answer, "/problem/store-down");
        assert!(!takes_the_cookie_back(&answer), "{answer:?}");
        let notice = answer.header("set-cookie").unwrap_or_default();
        assert!(notice.contains(&reference), "{notice}");
        assert!(log::lines_of(&reference).len() >= number);
    }
    world.store.breaks(&[]);
    assert_eq!(read(&alice, at, "/reports").await?.status, 200);
    Ok(())
}

/// Another method than the route has is refused as ever, whoever asks.
#[tokio::test]
async fn the_guard_stands_before_its_route_alone() -> Outcome {
    let world = World::start().await?;
    let (at, _) = reports(&world).await?;
    let nobody = Browser::at(&world);
    assert_eq!(read(&nobody, at, "/reports/delete").await?.status, 405);
    assert_eq!(read(&nobody, at, "/elsewhere").await?.status, 404);
    Ok(())
}

/// What the documentation shows is compiled, here or in the app.
#[test]
fn the_examples_of_the_documentation_are_code_that_runs() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| fs::read_to_string(root.join(path));
    let sources = [
        include_str!("guard_example.rs").to_owned(),
        read("app/src/api/server_context.rs")?,
    ];
    let document = read("docs/guards.md")?;
    let examples = document.split("```rust\n").skip(1);
    let examples: Vec<_> = examples.filter_map(|it| it.split("```").next()).collect();
    assert_eq!(examples.len(), sources.len());
    for (example, source) in examples.into_iter().zip(sources) {
        assert!(source.contains(example), "not in its source:\n{example}");
    }
    Ok(())
}
