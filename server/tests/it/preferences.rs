//! What people choose for their pages: kept by account, by form and by call, and by nobody else.

use serde_json::{Value, json};

use crate::{
    rig::{Answer, Browser, Outcome, World, check_failure, check_refusal},
    session_ends::element,
};

impl Browser {
    /// The account that this browser is signed in as, as its pages name it.
    async fn account(&mut self) -> Outcome<String> {
        let answer = self.session().await?;
        let account = answer
            .json()?
            .get("account")
            .and_then(Value::as_str)
            .map(str::to_owned);
        account.ok_or_else(|| answer.whole().into())
    }

    async fn save(&mut self, name: &str, times: &str, account: &str) -> Outcome<Answer> {
        let message = json!({"call_me": name, "times": times, "account": account});
        self.send(self.call("save_preferences", &message)).await
    }

    async fn chosen(&mut self) -> Outcome<Value> {
        let page = self.open("/account").await?;
        let chosen = element(&page, "person")?.get("preferences").cloned();
        chosen.ok_or_else(|| page.whole().into())
    }
}

fn form(name: &str, times: &str, account: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("call_me", name)
        .append_pair("times", times)
        .append_pair("account", account)
        .finish()
}

async fn alice(world: &World) -> Outcome<(Browser, String)> {
    let mut alice = Browser::at(world);
    alice.sign_in(&world.provider, "alice").await?;
    let account = alice.account().await?;
    Ok((alice, account))
}

#[tokio::test]
async fn what_is_chosen_is_shown_in_every_browser_of_the_account_and_survives_the_sign_out()
-> Outcome {
    let world = World::start().await?;
    let (mut alice, account) = alice(&world).await?;
    let usual = alice.open("/account").await?.text();
    assert!(usual.contains(">Dr. alice</bdi></h1>"), "{usual}");
    let answer = alice.save("  Ada <b> ", "utc", &account).await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()?.get("account"), Some(&json!(account)));
    assert!(!answer.text().contains("Ada"), "{answer:?}");
    let chosen = json!({"call_me": "Ada <b>", "times": "utc"});
    assert_eq!(alice.chosen().await?, chosen);
    let page = alice.open("/account").await?.text();
    assert!(page.contains(">Ada &lt;b&gt;</bdi></h1>"), "{page}");
    alice.post("/sign-out", "where=everywhere").await?;

    let mut elsewhere = Browser::at(&world);
    elsewhere.sign_in(&world.provider, "alice").await?;
    assert_eq!(elsewhere.chosen().await?, chosen);
    let mut bob = Browser::at(&world);
    bob.sign_in(&world.provider, "bob").await?;
    assert_eq!(bob.chosen().await?, json!({"times": "browser"}));
    elsewhere.save("", "browser", &account).await?;
    assert_eq!(elsewhere.chosen().await?, json!({"times": "browser"}));
    Ok(())
}

#[tokio::test]
async fn the_form_saves_without_a_script_and_says_so_once() -> Outcome {
    let world = World::start().await?;
    let (mut alice, account) = alice(&world).await?;
    let answer = alice
        .post("/preferences", &form("Ada", "utc", &account))
        .await?;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/account"))
    );
    let page = alice.open("/account").await?.text();
    assert!(page.contains(">Saved.</p>"), "{page}");
    assert!(page.contains("value=\"Ada\""), "{page}");
    assert!(
        page.contains("<option value=\"utc\" selected=\"\">"),
        "{page}"
    );
    assert!(!alice.open("/account").await?.text().contains(">Saved.</p>"));
    Ok(())
}

#[tokio::test]
async fn a_form_that_breaks_a_rule_changes_nothing_and_comes_back_as_it_was() -> Outcome {
    let world = World::start().await?;
    let (mut alice, account) = alice(&world).await?;
    alice.save("Ada", "browser", &account).await?;
    let long = "x\"'<".repeat(11);
    for (typed, told) in [
        (long.as_str(), "Use at most 40 characters."),
        ("A\u{202e}da", "Leave out characters"),
    ] {
        let answer = alice
            .post("/preferences", &form(typed, "utc", &account))
            .await?;
        assert_eq!(answer.header("location"), Some("/account"), "{typed}");
        let page = alice.open("/account").await?.text();
        assert!(page.contains(told), "{page}");
        assert!(page.contains("aria-invalid=\"true\""), "{page}");
        let escaped = typed.replace('&', "&amp;").replace('"', "&quot;");
        let value = escaped.replace('<', "&lt;");
        let kept = page.contains(&format!("value=\"{escaped}\""))
            || page.contains(&format!("value=\"{value}\""));
        assert!(kept, "{page}");
        assert!(
            page.contains("<option value=\"utc\" selected=\"\">"),
            "{page}"
        );
        let chosen = json!({"call_me": "Ada", "times": "browser"});
        assert_eq!(alice.chosen().await?, chosen, "{typed}");
    }
    Ok(())
}

#[tokio::test]
async fn a_call_that_no_page_of_ours_makes_is_refused() -> Outcome {
    let world = World::start().await?;
    let (mut alice, account) = alice(&world).await?;
    for (name, times) in [
        ("x".repeat(41).as_str(), "utc"),
        ("A\u{0}", "utc"),
        ("A", "noon"),
    ] {
        let answer = alice.save(name, times, &account).await?;
        check_refusal(name, &answer, 400)?;
    }
    for message in [
        json!({}),
        json!({"call_me": "A", "times": "utc"}),
        json!({"call_me": "A", "times": "utc", "account": account, "more": 1}),
        json!({"call_me": 1, "times": "utc", "account": account}),
        json!(["A", "utc", account]),
    ] {
        let answer = alice.send(alice.call("save_preferences", &message)).await?;
        check_refusal(&message.to_string(), &answer, 400)?;
    }
    assert_eq!(alice.chosen().await?, json!({"times": "browser"}));
    Ok(())
}

/// A page that shows one account saves nothing for another that signed in meanwhile.
#[tokio::test]
async fn nothing_is_saved_for_somebody_else() -> Outcome {
    let world = World::start().await?;
    let (mut browser, first) = alice(&world).await?;
    browser.sign_in(&world.provider, "bob").await?;
    for account in [first.as_str(), ""] {
        let answer = browser.save("Ada", "utc", account).await?;
        check_failure("save", &answer, 401, "session-expired")?;
        let answer = browser
            .post("/preferences", &form("Ada", "utc", account))
            .await?;
        assert_eq!(answer.header("location"), Some("/problem/session-expired"));
    }
    assert!(browser.is_signed_in().await?, "bob stays");
    assert_eq!(browser.chosen().await?, json!({"times": "browser"}));
    browser.sign_in(&world.provider, "alice").await?;
    assert_eq!(browser.chosen().await?, json!({"times": "browser"}));
    Ok(())
}

#[tokio::test]
async fn nobody_saves_nothing() -> Outcome {
    let world = World::start().await?;
    let mut nobody = Browser::at(&world);
    let answer = nobody.save("Ada", "utc", "x").await?;
    check_failure("save", &answer, 401, "session-expired")?;
    let answer = nobody.post("/preferences", "call_me=Ada").await?;
    assert_eq!(answer.header("location"), Some("/account"));
    assert_eq!(nobody.open("/preferences").await?.status, 405);
    let (mut alice, account) = alice(&world).await?;
    world.clock.advance(31 * 60);
    let answer = alice
        .clone()
        .post("/preferences", &form("Ada", "utc", &account))
        .await?;
    assert_eq!(answer.header("location"), Some("/problem/session-expired"));
    let answer = alice.save("Ada", "utc", &account).await?;
    check_failure("save", &answer, 401, "session-expired")
}

#[tokio::test]
async fn a_store_that_is_down_is_said_and_nothing_is_lost() -> Outcome {
    let world = World::start().await?;
    let (mut alice, account) = alice(&world).await?;
    world.store.breaks(&["write_preferences"]);
    let answer = alice.save("Ada", "utc", &account).await?;
    check_failure("save", &answer, 503, "store-down")?;
    let answer = alice
        .post("/preferences", &form("Ada", "utc", &account))
        .await?;
    assert_eq!(answer.header("location"), Some("/problem/store-down"));
    world.store.breaks(&["find_preferences"]);
    let answer = alice.open("/account").await?;
    assert_eq!(answer.header("location"), Some("/problem/store-down"));
    assert_eq!(alice.open("/problem/store-down").await?.status, 503);
    world.store.breaks(&[]);
    assert!(alice.is_signed_in().await?);
    assert_eq!(alice.save("Ada", "utc", &account).await?.status, 200);
    Ok(())
}

/// Anybody who can set a cookie can plant a notice: what it says is text, and is bounded.
#[tokio::test]
async fn a_planted_notice_is_text() -> Outcome {
    let world = World::start().await?;
    let (mut alice, _) = alice(&world).await?;
    let ends = |page: &Answer| page.text().matches("</script>").count();
    let usual = ends(&alice.open("/account").await?);
    for planted in [
        "not-saved.too-long.utc.PC9zY3JpcHQ-PGI-",
        "not-saved.too-long.utc._w",
        "not-saved.nonsense.utc.QQ",
        "not-saved.too-long",
        "not-saved.too-long.utc.",
    ] {
        alice
            .cookies
            .insert("wrengate-notice".to_owned(), planted.to_owned());
        let page = alice.open("/account").await?;
        assert_eq!(page.status, 200, "{planted}");
        assert!(!page.text().contains("<b>"), "{planted}");
        assert_eq!(ends(&page), usual, "{planted}");
    }
    Ok(())
}
