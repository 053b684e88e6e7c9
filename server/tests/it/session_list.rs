//! The page of sessions: what it lists, in what order, and for whom.

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

/// A row of the page: what is shown, and the key of its button.
#[derive(Debug)]
pub(crate) struct Row {
    html: String,
    key: Option<String>,
}

/// The rows of the page.
pub(crate) async fn rows(browser: &mut Browser, path: &str) -> Outcome<Vec<Row>> {
    let page = browser.open(path).await?;
    assert_eq!(page.status, 200, "{}", page.whole());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let text = page.text();
    let (_, rest) = text.split_once("class=\"session-list\"").ok_or("no list")?;
    let (list, _) = rest.split_once("</ul>").ok_or("no list")?;
    let rows = list.split("<li>").skip(1).map(|html| {
        let (_, rest) = html.split_once("name=\"key\" value=\"").unzip();
        let key = rest.and_then(|rest| rest.split('"').next());
        Row {
            html: html.to_owned(),
            key: key.map(str::to_owned),
        }
    });
    Ok(rows.collect())
}

/// The key of the first other browser.
pub(crate) async fn key_of_other(browser: &mut Browser) -> Outcome<String> {
    let rows = rows(browser, "/sessions").await?;
    let mut keys = rows.into_iter().filter_map(|row| row.key);
    keys.next().ok_or_else(|| "no other".into())
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

    let [phone, curl] = ["2026-01-01T00:02Z", "2026-01-01T00:04Z"];
    let now = "Active now";
    let expected = [
        ["Firefox 145 on Windows", now, "2026-01-01T00:00Z"],
        ["Unknown browser", curl, curl],
        ["Safari on iPhone", phone, phone],
    ];
    let rows = rows(&mut first, "/sessions").await?;
    assert_eq!(rows.len(), expected.len());
    for (row, words) in rows.iter().zip(expected) {
        for words in words {
            assert!(row.html.contains(words), "{words}: {row:?}");
        }
        assert_eq!(row.key.is_none(), row.html.contains("This browser"));
        assert_eq!(row.key.is_none(), row.html.contains(now), "{row:?}");
    }

    let page = first.open("/sessions").await?.text();
    for words in [
        "<title>Where you're signed in — Wrengate</title>",
        "<strong>Firefox 145 on Windows</strong><span class=\"badge badge-ok\">This browser</span>",
        "<strong>Unknown browser</strong>",
        "<time datetime=\"2026-01-01T00:02Z\">\u{2066}2026-01-01 00:02 UTC\u{2069}</time>",
        "aria-label=\"Sign out Safari on iPhone, last active \u{2066}2026-01-01 00:02 UTC\u{2069}\"",
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
    assert!(!account.contains("Firefox 1 on"), "only where it is shown");
    let (_, data) = page.split_once("id=\"page-data\"").ok_or("no data")?;
    let (data, _) = data.split_once("</script>").ok_or("no data")?;
    assert!(!data.contains("Firefox"), "no script needs it: {data}");
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
    assert_eq!(rows(&mut browser, "/sessions").await?.len(), 50);
    let page = browser.open("/sessions").await?.text();
    assert!(page.contains("href=\"/sessions?all=1\""), "{page}");
    assert!(page.contains("Sign out 50 other browsers?"), "{page}");
    assert_eq!(rows(&mut browser, "/sessions?all=1").await?.len(), 51);
    let page = browser.open("/sessions?all=1").await?.text();
    assert!(!page.contains("Show more"), "{page}");
    for query in ["?all=2", "?all", "?ALL=1", "?all=1&x", "?limit=1"] {
        let rows = rows(&mut browser, &format!("/sessions{query}")).await?;
        assert_eq!(rows.len(), 50, "{query}");
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
        assert_eq!(rows(&mut here, "/sessions").await?.len(), 2);
    }
    world.clock.advance(2);
    let rows = rows(&mut here, "/sessions").await?;
    assert_eq!(rows.len(), 1, "the other was idle: {rows:?}");
    assert!(!there.is_signed_in().await?);
    Ok(())
}
