//! The page of sessions: what it lists, in what order, and for whom.

use serde_json::Value;

use crate::rig::{Browser, Outcome, World, log};

const MINUTE: i64 = 60;

pub(crate) const FIREFOX: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
pub(crate) const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) \
    AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";

/// Signs somebody in with a browser that calls itself so.
pub(crate) async fn signed_in(world: &World, person: &str, name: &str) -> Outcome<Browser> {
    let mut browser = Browser::at(world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, person)?;
    let completion = browser.completion(&signing, &arrival);
    let answer = browser.send(completion.header("User-Agent", name)).await?;
    assert_eq!(answer.status, 200, "{}", answer.whole());
    assert!(browser.is_signed_in().await?, "the cookie arrived");
    Ok(browser)
}

/// What the page says in the language of machines.
pub(crate) async fn listed(browser: &mut Browser, path: &str) -> Outcome<Value> {
    let page = browser.open(path).await?;
    assert_eq!(page.status, 200, "{}", page.whole());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let text = page.text();
    let (_, rest) = text.split_once("id=\"page-data\"").ok_or("no data")?;
    let (_, rest) = rest.split_once('>').ok_or("no data")?;
    let (data, _) = rest.split_once("</script>").ok_or("no data")?;
    let data: Value = serde_json::from_str(data)?;
    Ok(data["sessions"].clone())
}

pub(crate) fn rows(list: &Value) -> Outcome<&Vec<Value>> {
    list["rows"]
        .as_array()
        .ok_or_else(|| list.to_string().into())
}

/// The key of the first other browser.
pub(crate) async fn key_of_other(browser: &mut Browser) -> Outcome<String> {
    let list = listed(browser, "/sessions").await?;
    let mut keys = rows(&list)?.iter().filter_map(|row| row["key"].as_str());
    Ok(keys.next().ok_or("no other")?.to_owned())
}

#[tokio::test]
async fn every_browser_of_the_account_has_a_row() -> Outcome {
    let world = World::start().await?;
    let mut first = signed_in(&world, "alice", FIREFOX).await?;
    world.clock.advance(2 * MINUTE);
    signed_in(&world, "alice", IPHONE).await?;
    world.clock.advance(2 * MINUTE);
    signed_in(&world, "alice", "curl/8.11.0").await?;
    signed_in(&world, "bob", IPHONE).await?;
    world.clock.advance(2 * MINUTE);

    let list = listed(&mut first, "/sessions").await?;
    let shown = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or("none").to_owned();
        [text("browser"), text("device"), text("used"), text("began")]
    };
    let [now, began] = ["2026-01-01T00:06Z", "2026-01-01T00:00Z"];
    let [phone, curl] = ["2026-01-01T00:02Z", "2026-01-01T00:04Z"];
    assert_eq!(
        rows(&list)?.iter().map(shown).collect::<Vec<_>>(),
        [
            ["Firefox 145 on Windows", "computer", now, began],
            ["none", "unknown", curl, curl],
            ["Safari on iPhone", "phone", phone, phone],
        ],
        "this one first, then the last used"
    );
    assert_eq!((&list["others"], &list["more"]), (&2.into(), &false.into()));
    let keys = rows(&list)?.iter().map(|row| row["key"].is_string());
    assert_eq!(keys.collect::<Vec<_>>(), [false, true, true]);

    let page = first.open("/sessions").await?.text();
    for words in [
        "<title>Where you're signed in — Wrengate</title>",
        "<strong>Firefox 145 on Windows</strong><span class=\"badge badge-ok\">This browser</span>",
        "<strong>Unknown browser</strong>",
        "<time datetime=\"2026-01-01T00:02Z\">2026-01-01 00:02 UTC</time>",
        "aria-label=\"Sign out Safari on iPhone, last active 2026-01-01 00:02 UTC\"",
        "Sign out 2 other browsers? This one stays signed in.",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(!page.contains("bob"), "{page}");
    Ok(())
}

/// No value of a cookie, no token, and of what a browser calls itself only what we made of it.
#[tokio::test]
async fn the_page_says_no_more_than_it_shows() -> Outcome {
    let world = World::start().await?;
    let markup = "Mozilla/5.0 (Windows NT </script><b>) Gecko/1 Firefox/1<script>alert(1)</script>";
    let mut other = signed_in(&world, "alice", markup).await?;
    let mut browser = signed_in(&world, "alice", FIREFOX).await?;
    let page = browser.open("/sessions").await?.text();
    assert!(page.contains("Firefox 1 on Windows"), "{page}");
    let cookies = [other.session_cookie(), browser.session_cookie()];
    for secret in cookies.into_iter().flatten() {
        assert!(!page.contains(secret));
    }
    for never in ["alert(1)", "<b>", "Gecko", "access-", "refresh-"] {
        assert!(!page.contains(never), "{never}");
    }
    let account = other.open("/account").await?.text();
    assert!(!account.contains("\"sessions\""), "only where it is shown");
    Ok(())
}

#[tokio::test]
async fn the_only_browser_is_told_so() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world, "alice", FIREFOX).await?;
    let page = browser.open("/sessions").await?.text();
    assert!(page.contains("This is the only browser signed in."));
    assert!(!page.contains("Sign out all other browsers"), "{page}");
    assert!(!page.contains("/sessions/end"), "{page}");
    Ok(())
}

#[tokio::test]
async fn many_sessions_are_shown_in_parts() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world, "alice", FIREFOX).await?;
    for _ in 0..50 {
        Browser::at(&world)
            .sign_in(&world.provider, "alice")
            .await?;
    }
    let list = listed(&mut browser, "/sessions").await?;
    assert_eq!((rows(&list)?.len(), &list["more"]), (50, &true.into()));
    assert_eq!(list["others"], 50);
    let page = browser.open("/sessions").await?.text();
    assert!(page.contains("href=\"/sessions?all=1\""), "{page}");
    let list = listed(&mut browser, "/sessions?all=1").await?;
    assert_eq!((rows(&list)?.len(), &list["more"]), (51, &false.into()));
    for query in ["?all=2", "?all", "?ALL=1", "?all=1&x", "?limit=1"] {
        let list = listed(&mut browser, &format!("/sessions{query}")).await?;
        assert_eq!(rows(&list)?.len(), 50, "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn it_is_for_people_who_are_signed_in() -> Outcome {
    let world = World::start().await?;
    let mut nobody = Browser::at(&world);
    let answer = nobody.open("/sessions?all=1").await?;
    let to = answer.header("location");
    assert_eq!(
        (answer.status, to),
        (303, Some("/?return_to=/sessions?all=1"))
    );
    let answer = nobody.open("/sessions/").await?;
    let to = answer.header("location");
    assert_eq!((answer.status, to), (308, Some("/sessions")));
    assert_eq!(nobody.open("/sessions/x").await?.status, 404);
    Ok(())
}

/// The list is missing, and the way out is not.
#[tokio::test]
async fn a_list_that_cannot_be_read_is_said() -> Outcome {
    let world = World::start().await?;
    let mut browser = signed_in(&world, "alice", FIREFOX).await?;
    world.store.breaks(&["list_sessions"]);
    let page = browser.open("/sessions").await?;
    assert_eq!(page.status, 200);
    let text = page.text();
    for words in [
        "We couldn't load your sessions.",
        "Try again",
        "Sign out everywhere",
    ] {
        assert!(text.contains(words), "no {words} in {text}");
    }
    let (_, rest) = text.split_once("Reference ").ok_or("no reference")?;
    let reference = rest.get(..9).ok_or("no reference")?;
    let lines = log::lines_of(reference);
    assert!(
        matches!(lines.as_slice(), [line] if line.contains("store-down")),
        "{lines:?}"
    );
    world.store.breaks(&["find_session_id"]);
    let answer = browser.open("/sessions").await?;
    assert_eq!(answer.header("location"), Some("/problem/store-down"));
    Ok(())
}

/// Looking at the list keeps this session and no other.
#[tokio::test]
async fn a_look_at_the_list_uses_this_session_alone() -> Outcome {
    let world = World::start().await?;
    let mut here = signed_in(&world, "alice", FIREFOX).await?;
    let mut there = signed_in(&world, "alice", IPHONE).await?;
    for _ in 0..2 {
        world.clock.advance(15 * MINUTE - 1);
        assert_eq!(rows(&listed(&mut here, "/sessions").await?)?.len(), 2);
    }
    world.clock.advance(2);
    let list = listed(&mut here, "/sessions").await?;
    assert_eq!(rows(&list)?.len(), 1, "the other was idle: {list}");
    assert!(!there.is_signed_in().await?);
    Ok(())
}
