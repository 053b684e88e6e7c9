//! When a session ends, as pages are told: by the server's clock, in every answer that needs one.

use serde_json::{Value, json};

use crate::rig::{Answer, Browser, Outcome, Plan, World, check_failure, frail_store::EVERYTHING};

const MINUTE: i64 = 60;

impl Browser {
    /// Counts as a use of the session, and does nothing else.
    pub(crate) async fn stay(&mut self) -> Outcome<Answer> {
        self.send(self.call("stay_signed_in", &json!({}))).await
    }
}

fn end(answer: &Answer, name: &str) -> Outcome<i64> {
    let end = answer
        .json()?
        .get("ends")
        .and_then(|ends| ends.get(name))
        .and_then(Value::as_i64);
    end.ok_or_else(|| answer.whole().into())
}

/// What stands in a page for the browser.
fn page_data(page: &Answer) -> Outcome<Value> {
    element(page, "page-data")
}

/// What stands in an element of a page.
pub(crate) fn element(page: &Answer, id: &str) -> Outcome<Value> {
    let text = page.text();
    let (_, data) = text
        .split_once(&format!("id=\"{id}\""))
        .ok_or("no element")?;
    let (_, data) = data.split_once('>').ok_or("no data")?;
    let (data, _) = data.split_once("</script>").ok_or("no end")?;
    Ok(serde_json::from_str(data)?)
}

#[tokio::test]
async fn asking_tells_the_ends_and_moves_none() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let first = browser.session().await?;
    assert_eq!(end(&first, "idle")? - end(&first, "now")?, 30 * MINUTE);
    assert_eq!(
        end(&first, "absolute")? - end(&first, "now")?,
        12 * 60 * MINUTE
    );
    assert_eq!(end(&first, "idle_lifetime")?, 30 * MINUTE);
    assert_eq!(end(&first, "absolute_lifetime")?, 12 * 60 * MINUTE);
    world.clock.advance(20 * MINUTE);
    let later = browser.session().await?;
    assert_eq!(
        end(&later, "idle")?,
        end(&first, "idle")?,
        "a poll is no use"
    );
    assert_eq!(end(&later, "now")? - end(&first, "now")?, 20 * MINUTE);
    assert_eq!(later.json()?.get("name"), Some(&json!("Dr. alice")));
    Ok(())
}

#[tokio::test]
async fn staying_moves_the_idle_end_and_never_the_other() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let first = browser.session().await?;
    world.clock.advance(29 * MINUTE);
    let stayed = browser.stay().await?;
    assert_eq!(end(&stayed, "idle")? - end(&stayed, "now")?, 30 * MINUTE);
    assert_eq!(end(&stayed, "absolute")?, end(&first, "absolute")?);
    assert!(stayed.json()?.get("name").is_none(), "{stayed:?}");
    world.clock.advance(29 * MINUTE);
    assert!(browser.is_signed_in().await?);
    world.clock.advance(MINUTE);
    check_failure("stay", &browser.stay().await?, 401, "session-expired")?;
    assert_eq!(browser.session_cookie(), None);
    Ok(())
}

#[tokio::test]
async fn short_lifetimes_are_told_as_they_are() -> Outcome {
    let plan = Plan::new()
        .setting("WRENGATE_SESSION_IDLE_SECONDS", "60")
        .setting("WRENGATE_SESSION_ABSOLUTE_SECONDS", "600");
    let world = plan.start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for _ in 0..11 {
        world.clock.advance(54);
        assert_eq!(browser.stay().await?.status, 200);
    }
    world.clock.advance(6);
    check_failure("over", &browser.stay().await?, 401, "session-over")
}

#[tokio::test]
async fn a_page_brings_the_ends_and_a_name_of_the_account_that_tells_nothing() -> Outcome {
    let world = World::start().await?;
    let [mut alice, mut also_alice, mut bob] = [(); 3].map(|()| Browser::at(&world));
    alice.sign_in(&world.provider, "alice").await?;
    also_alice.sign_in(&world.provider, "alice").await?;
    bob.sign_in(&world.provider, "bob").await?;
    let mut accounts = Vec::new();
    for browser in [&mut alice, &mut also_alice, &mut bob] {
        let page = browser.open("/account").await?;
        assert_eq!(page_data(&page)?.get("signed_in"), Some(&json!(true)));
        let person = element(&page, "person")?;
        let told = browser.session().await?.json()?;
        assert_eq!(person.get("ends"), told.get("ends"));
        assert_eq!(person.get("account"), told.get("account"));
        assert_eq!(person.get("renews"), Some(&json!(true)));
        accounts.push(
            told.get("account")
                .and_then(Value::as_str)
                .ok_or("none")?
                .to_owned(),
        );
    }
    assert_eq!(accounts.first(), accounts.get(1));
    assert_ne!(accounts.first(), accounts.get(2));
    assert!(
        accounts
            .iter()
            .all(|it| it.len() == 16 && !it.contains("alice"))
    );
    let callback = alice.open("/callback").await?;
    assert_eq!(page_data(&callback)?.get("signed_in"), None);
    assert!(element(&callback, "person").is_err(), "{}", callback.text());
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_down_ends_no_session() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.breaks(&[EVERYTHING]);
    check_failure("stay", &browser.stay().await?, 503, "store-down")?;
    assert!(browser.session_cookie().is_some());
    world.store.breaks(&[]);
    assert_eq!(browser.stay().await?.status, 200);
    Ok(())
}

/// Somebody whose session cannot be extended signs in anew before it ends.
#[tokio::test]
async fn a_renewal_begins_on_the_sign_in_page_also_while_signed_in() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    assert_eq!(browser.open("/").await?.status, 303);
    assert_eq!(browser.open("/?renew=1").await?.status, 200);
    let signing = browser.begin_for("/?renewed=1").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.json()?.get("return_to"), Some(&json!("/?renewed=1")));
    assert_eq!(
        browser.open("/?renewed=1").await?.header("location"),
        Some("/account")
    );
    Ok(())
}
