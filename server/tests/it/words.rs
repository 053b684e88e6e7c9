//! The language of a page: who gets which, and the list that its browser fetches.

use std::{fs, path::Path};

use crate::rig::{Browser, Outcome, Plan, Request, World};

const ENGLISH: &str = include_str!("../../../app/languages/en.toml");

/// A language whose every sentence stands between marks.
fn marked(tag: &str, direction: &str) -> String {
    let line = |line: &str| match line.split_once(" = \"") {
        Some(("tag", _)) => format!("tag = \"{tag}\""),
        Some(("direction", _)) => format!("direction = \"{direction}\""),
        Some((key, said)) => format!("{key} = \"⟦{}⟧\"", said.trim_end_matches('"')),
        None => line.to_owned(),
    };
    ENGLISH.lines().map(|it| line(it) + "\n").collect()
}

pub(crate) fn folder() -> Outcome<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("ar.toml"), marked("ar-XB", "rtl"))?;
    fs::write(folder.path().join("en-xa.toml"), marked("en-XA", "ltr"))?;
    Ok(folder)
}

pub(crate) async fn start(folder: &Path) -> Outcome<World> {
    let folder = folder.to_str().ok_or("no path")?;
    Plan::new()
        .setting("WRENGATE_LANGUAGES", folder)
        .start()
        .await
}

#[tokio::test]
async fn a_page_speaks_what_was_chosen_else_what_the_browser_accepts() -> Outcome {
    let folder = folder()?;
    let world = start(folder.path()).await?;
    for (cookie, accepts, root) in [
        ("", "", "<html lang=\"en\" dir=\"ltr\" data-theme"),
        (
            "",
            "fr, ar-XB;q=0.5",
            "<html lang=\"ar-XB\" dir=\"rtl\" data-theme",
        ),
        (
            "lang=en-xa",
            "ar-XB",
            "<html lang=\"en-XA\" dir=\"ltr\" data-theme",
        ),
        (
            "a=b; lang=ar-XB; lang=en",
            "",
            "<html lang=\"ar-XB\" dir=\"rtl\" data-theme",
        ),
        (
            "lang=fr_FR; lang=ar-XB",
            "",
            "<html lang=\"ar-XB\" dir=\"rtl\" data-theme",
        ),
        (
            "lang=\"><script>",
            "en-XA",
            "<html lang=\"en-XA\" dir=\"ltr\" data-theme",
        ),
        (
            "lang=../../etc/passwd",
            "",
            "<html lang=\"en\" dir=\"ltr\" data-theme",
        ),
    ] {
        for path in ["/", "/callback", "/problem/cancelled", "/no-such-page"] {
            let mut request = Request::get(path);
            if !cookie.is_empty() {
                request = request.header("cookie", cookie);
            }
            if !accepts.is_empty() {
                request = request.header("accept-language", accepts);
            }
            let page = request.send(world.addr).await?;
            let text = page.text();
            assert!(text.contains(root), "{cookie} {accepts} {path}: {text}");
            assert_eq!(text.contains('⟦'), !root.contains("\"en\""), "{text}");
            let vary: Vec<_> = page.all("vary");
            assert!(vary.join(",").contains("Accept-Language"), "{vary:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_refusal_without_the_app_speaks_the_language_too() -> Outcome {
    let folder = folder()?;
    let world = start(folder.path()).await?;
    let refused = Request::post("/display/save")
        .header("origin", "https://evil.example")
        .header("cookie", "lang=ar-XB; theme=dark")
        .send(world.addr)
        .await?;
    assert_eq!(refused.status, 403);
    let page = refused.text();
    for expected in [
        "<html lang=\"ar-XB\" dir=\"rtl\">",
        "content=\"dark\"",
        "<h1>⟦We couldn't tell where that came from⟧</h1>",
        ">⟦Back to start⟧</a>",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    Ok(())
}

/// The address of the list that a page names.
fn list_of(page: &str) -> Outcome<&str> {
    let (_, rest) = page.split_once("data-words=\"").ok_or("no list")?;
    Ok(rest.split_once('"').ok_or("no end")?.0)
}

#[tokio::test]
async fn a_browser_fetches_the_list_of_the_page_and_keeps_it() -> Outcome {
    let folder = folder()?;
    let world = start(folder.path()).await?;
    let mut browser = Browser::at(&world);
    let page = browser.open("/").await?.text();
    let address = list_of(&page)?;
    assert!(
        page.contains(&format!("<link rel=\"preload\" href=\"{address}\"")),
        "{page}"
    );
    let list = Request::get(address).send(world.addr).await?;
    assert_eq!(list.status, 200);
    assert_eq!(
        list.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(
        list.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert!(list.text().contains("Sign in to {app}"), "{}", list.text());
    assert!(!list.text().contains("Refresh profile"), "{}", list.text());
    let packed = Request::get(address).header("accept-encoding", "gzip, br");
    let packed = packed.send(world.addr).await?;
    assert_eq!(packed.header("content-encoding"), Some("br"));
    assert!(
        packed.body.len() < list.body.len() / 2,
        "{}",
        packed.body.len()
    );

    browser.sign_in(&world.provider, "alice").await?;
    let page = browser.open("/account").await?.text();
    let list = Request::get(list_of(&page)?).send(world.addr).await?;
    assert!(list.text().contains("Refresh profile"), "{}", list.text());
    assert!(
        !list.text().contains("Copy report"),
        "what the server draws stays here"
    );

    for unknown in [
        "/words/en-everybody.0.txt",
        "/words/..%2f..%2fetc%2fpasswd",
        "/words/x",
    ] {
        let answer = Request::get(unknown).send(world.addr).await?;
        assert_eq!(answer.status, 404, "{unknown}");
        assert_eq!(
            answer.header("cache-control"),
            Some("no-store"),
            "{unknown}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn pages_that_the_server_draws_alone_speak_the_language_too() -> Outcome {
    let folder = folder()?;
    let world = start(folder.path()).await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for (path, sentence) in [
        ("/sessions", "⟦This browser⟧"),
        ("/inspector", "⟦Where the time went⟧"),
        ("/account", "⟦Your account⟧ — "),
    ] {
        let request = browser.with_cookies(Request::get(path));
        let request = request.header("accept-language", "en-XA");
        let page = request.send(world.addr).await?.text();
        assert!(page.contains("lang=\"en-XA\""), "{page}");
        assert!(page.contains(sentence), "{path}: {page}");
    }
    Ok(())
}
