//! The help page: every failure once, by who can fix it.

use wrengate_protocol::{Failure, failure::Actor};

use crate::rig::{Browser, Outcome, Plan, World};

/// What stands in the group of those who can fix something.
fn group(page: &str, actor: Actor) -> &str {
    let id = match actor {
        Actor::Person => "<h2 id=\"By-you\">",
        Actor::Operator => "<h2 id=\"By-team\">",
        Actor::Provider => "<h2 id=\"By-provider\">",
    };
    let rest = page.split(id).nth(1).unwrap_or_default();
    rest.split("</section>").next().unwrap_or_default()
}

#[tokio::test]
async fn every_failure_is_told_once_where_it_belongs() -> Outcome {
    let world = World::start().await?;
    let page = Browser::at(&world).open("/help").await?;
    assert_eq!(page.status, 200);
    let page = page.text();
    for &failure in Failure::ALL {
        let code = failure.code();
        let place = format!("<li id=\"{code}\">");
        assert_eq!(page.matches(&place).count(), 1, "{code}");
        assert_eq!(
            page.matches(&format!(" id=\"{code}\"")).count(),
            1,
            "{code}"
        );
        let entry = group(&page, failure.actor()).split(&place).nth(1);
        let entry = entry
            .and_then(|rest| rest.split("</li>").next())
            .unwrap_or_default();
        assert!(entry.contains("<h3>"), "{code}: {entry}");
        let code = format!("<a href=\"#{code}\" rel=\"external\"><code>{code}</code></a>");
        assert!(entry.contains(&code), "{entry}");
        let status = failure
            .status()
            .map_or("none; it happens in the browser".to_owned(), |it| {
                it.to_string()
            });
        assert!(
            entry.contains(&format!("<dt>HTTP status</dt><dd>{status}</dd>")),
            "{entry}"
        );
    }
    let entries = page.matches("<li id=\"").count();
    assert_eq!(entries, Failure::ALL.len());
    // Every place for a name or a number is filled.
    let main = page.split("<main").nth(1).unwrap_or_default();
    assert!(!main.contains('{') && !main.contains('}'), "{main}");
    Ok(())
}

#[tokio::test]
async fn the_page_of_a_failure_leads_to_its_entry() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    for &failure in Failure::ALL.iter().filter(|&&it| it != Failure::NotFound) {
        let code = failure.code();
        let page = browser.open(&format!("/problem/{code}")).await?.text();
        let link = format!("<a href=\"/help#{code}\" rel=\"external\"><code>{code}</code></a>");
        assert!(page.contains(&link), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn it_says_whom_to_ask() -> Outcome {
    let world = World::start().await?;
    let page = Browser::at(&world).open("/help").await?.text();
    assert!(
        page.contains("No address is set here. Ask whoever gave you the link to Wrengate."),
        "{page}"
    );
    let world = Plan::new()
        .setting("WRENGATE_SUPPORT_URL", "https://help.example.org/wren")
        .setting("WRENGATE_SUPPORT_EMAIL", "help@example.org")
        .start()
        .await?;
    let page = Browser::at(&world).open("/help").await?.text();
    assert!(
        page.contains("<a href=\"https://help.example.org/wren\""),
        "{page}"
    );
    assert!(
        page.contains("<a href=\"mailto:help@example.org\""),
        "{page}"
    );
    assert!(!page.contains("No address is set here."), "{page}");
    Ok(())
}
