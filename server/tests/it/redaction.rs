//! H13: what must not be seen, looked for in everything that can be seen.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;

use crate::inspector::events::Listener;
use crate::rig::{
    Answer, Browser, Outcome, Plan, Reply, Signing, Webhook, World, log,
    provider::random,
    world::{ALERT_SECRET, CLIENT_SECRET},
};

/// Everything that happened: planted values, and the answers in which they are looked for.
#[derive(Debug, Default)]
struct Run {
    planted: BTreeMap<String, String>,
    answers: Vec<(String, Answer)>,
    /// One that listens for each sign-in, which has a cookie of its own.
    pages: Vec<Listener>,
}

impl Run {
    fn plants(&mut self, what: &str, value: &str) {
        assert!(value.len() > 8, "{what} is too short to be looked for");
        self.planted
            .insert(format!("{what} {}", self.planted.len()), value.to_owned());
    }

    fn sees(&mut self, row: &str, answer: Answer) {
        self.answers.push((row.to_owned(), answer));
    }

    /// Begins a sign-in and plants its values.
    async fn begins(&mut self, browser: &mut Browser) -> Outcome<Signing> {
        let signing = browser.begin().await?;
        self.plants("verifier", &signing.verifier);
        self.plants("state", &signing.state);
        let url = Url::parse(&signing.url)?;
        let nonce = url.query_pairs().find(|(name, _)| name == "nonce");
        self.plants("nonce", &nonce.ok_or("no nonce")?.1);
        self.cookies_of(browser);
        self.pages.push(Listener::at(browser.to, browser).await?);
        Ok(signing)
    }

    /// Sends a message about an attempt.
    async fn completes(&mut self, row: &str, browser: &mut Browser, message: &Value) -> Outcome {
        let answer = browser
            .send(browser.call("complete_sign_in", message))
            .await?;
        self.sees(row, answer);
        self.cookies_of(browser);
        for path in [
            "/inspector/trace",
            "/inspector/report",
            "/inspector/report?format=text",
        ] {
            let answer = browser.open(path).await?;
            assert_eq!(answer.status, 200, "{row}: {path}");
            self.sees(&format!("{path} after {row}"), answer);
        }
        Ok(())
    }

    fn cookies_of(&mut self, browser: &Browser) {
        for (name, value) in &browser.cookies {
            if ["wrengate", "attempt", "inspector"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                self.plants(name, value);
            }
        }
    }

    /// No planted value is in any answer, but cookies where they are set.
    fn check_answers(&self) {
        for (row, answer) in &self.answers {
            let headers = answer
                .headers
                .iter()
                .filter(|(name, _)| name != "set-cookie");
            let shown = format!("{:?}\n{}", headers.collect::<Vec<_>>(), answer.text());
            for (what, value) in &self.planted {
                assert!(
                    !shown.contains(value),
                    "{what} is in the answer to {row}: {shown}"
                );
            }
        }
    }

    /// What the operator hears: both forms of the log, the metrics, the alerts.
    async fn check_operator(&self, world: &World, webhook: &Webhook) -> Outcome {
        let (text, json, metrics) = (log::text(), log::json(), world.metrics().await?);
        assert!(text.contains("DEBUG") && text.contains("signed in"));
        assert!(json.contains("\"DEBUG\"") && json.contains("signed in"));
        assert!(metrics.contains("failure=\"store-down\""), "{metrics}");
        // Alerts are delivered in turn, and that of a store that is down is among the last.
        let mut alerts: Vec<String> = Vec::new();
        while !alerts.concat().contains("store-down") {
            alerts.push(webhook.next().await?.to_string());
        }
        assert!(alerts.len() > 1, "{alerts:?}");
        for (what, value) in &self.planted {
            for (place, heard) in [
                ("log", &text),
                ("JSON log", &json),
                ("metrics", &metrics),
                ("alerts", &alerts.join("\n")),
            ] {
                let line = heard.lines().find(|line| line.contains(value));
                assert_eq!(line, None, "{what} is in the {place}");
            }
        }
        Ok(())
    }
}

/// Tokens and personal data that the provider hands out.
fn plant_at_provider(run: &mut Run, world: &World) -> Outcome {
    let mut tokens = Map::new();
    for name in ["access_token", "refresh_token", "id_token"] {
        let value = random()?;
        run.plants(name, &value);
        tokens.insert(name.to_owned(), json!(value));
    }
    world.provider.token_members(tokens.into());
    let secret = random()?;
    run.plants("unlisted claim", &secret);
    world.provider.knows(
        "alice",
        json!({
            "sub": "alice", "name": "Planted Name", "email": "planted@people.example",
            "private_metadata": {"secret": secret},
        }),
    );
    Ok(())
}

async fn success(run: &mut Run, world: &World, browser: &mut Browser) -> Outcome {
    let signing = run.begins(browser).await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    run.plants("code", &arrival.code);
    let address = format!("/callback?code={}&state={}", arrival.code, arrival.state);
    run.sees("the callback", browser.open(&address).await?);
    let message = arrival.message(&signing.verifier);
    run.completes("success", browser, &message).await?;
    run.completes("repeat", browser, &message).await?;
    for path in [
        "/account",
        "/sessions",
        "/",
        "/callback",
        "/signed-out",
        "/problem/too-long",
        "/nothing",
    ] {
        run.sees(path, browser.open(path).await?);
    }
    run.sees("session", browser.session().await?);
    run.sees("refresh", browser.post("/profile/refresh", "").await?);
    Ok(())
}

/// Answers of a provider that sends back all it ever heard.
fn quoting(secrets: &[String]) -> [(&'static str, Reply); 8] {
    let text = secrets.join(" ");
    let echo = json!({"error": "invalid_grant", "error_description": text, "echo": secrets});
    let path = format!("/{}", secrets.join("/"));
    let empty = |status| Reply::text(status, "text/plain", "");
    [
        ("/token", Reply::json(400, &echo)),
        ("/token", Reply::text(200, "text/html", &text)),
        ("/token", Reply::text(200, "application/json", &text)),
        ("/token", empty(500).and("x", &text)),
        ("/token", empty(302).and("location", &path)),
        ("/userinfo", Reply::json(200, &json!({"name": text}))),
        ("/userinfo", Reply::json(403, &echo)),
        ("/userinfo", Reply::Lost),
    ]
}

async fn failures(run: &mut Run, world: &World, browser: &mut Browser) -> Outcome {
    let secrets: Vec<_> = run.planted.values().cloned().collect();
    for (path, reply) in quoting(&secrets) {
        let row = format!("{path} {reply:.40?}");
        world.provider.replies(path, reply);
        let signing = run.begins(browser).await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        run.plants("code", &arrival.code);
        let message = arrival.message(&signing.verifier);
        run.completes(&row, browser, &message).await?;
        run.sees(&row, browser.post("/profile/refresh", "").await?);
        world.provider.behaves();
    }
    let signing = run.begins(browser).await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    run.plants("code", &arrival.code);
    let wrong = random()?;
    run.plants("wrong", &wrong);
    let message = arrival.message(&signing.verifier);
    for (member, value) in [
        ("code_verifier", json!(wrong)),
        ("code_verifier", json!(wrong.get(1..))),
        ("access_token", json!(wrong)),
        ("state", json!([wrong])),
        ("state", json!(wrong)),
        ("error", json!(wrong)),
        ("code", json!(format!("{wrong}\n"))),
        ("iss", json!(wrong)),
    ] {
        let mut message = message.clone();
        let members = message.as_object_mut().ok_or("no object")?;
        members.insert(member.to_owned(), value);
        run.completes(member, browser, &message).await?;
    }
    Ok(())
}

async fn store_failures(run: &mut Run, world: &World, browser: &mut Browser) -> Outcome {
    for broken in [
        "insert_session",
        "take_attempt",
        "find_attempt",
        "close_attempt",
    ] {
        let signing = run.begins(browser).await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        run.plants("code", &arrival.code);
        world.store.breaks(&[broken]);
        run.completes(broken, browser, &arrival.message(&signing.verifier))
            .await?;
        world.store.breaks(&[]);
    }
    Ok(())
}

/// Requests that carry secrets where none belong.
async fn misplaced(run: &mut Run, browser: &Browser, world: &World) -> Outcome {
    let stray = random()?;
    run.plants("stray", &stray);
    for target in [
        "/",
        "/callback",
        "/account",
        "/nothing",
        "/api/session",
        "/sign-out",
    ] {
        let target = format!("{target}?code={stray}&error_description={stray}");
        for method in ["GET", "POST"] {
            let request = browser
                .call("session", &json!({"code": stray}))
                .method(method)
                .target(&target)
                .header("Authorization", &format!("Bearer {stray}"))
                .header(
                    "Referer",
                    &format!("{}/callback?code={stray}", world.origin),
                )
                .header("X-Request-Id", &stray)
                .header("User-Agent", &stray);
            run.sees(&target, request.send(world.addr).await?);
        }
    }
    Ok(())
}

async fn check_a_run(plan: Plan) -> Outcome {
    let webhook = Webhook::start().await?;
    let world = plan.alerts(&webhook).start().await?;
    let mut run = Run::default();
    run.plants("client secret", CLIENT_SECRET);
    run.plants("alert secret", ALERT_SECRET);
    run.plants("webhook", "planted-webhook-path");
    plant_at_provider(&mut run, &world)?;
    let mut browser = Browser::at(&world);
    browser.open("/inspector/trace").await?;
    success(&mut run, &world, &mut browser).await?;
    failures(&mut run, &world, &mut browser).await?;
    store_failures(&mut run, &world, &mut browser).await?;
    misplaced(&mut run, &browser, &world).await?;
    run.sees(
        "sign out",
        browser.post("/sign-out", "where=everywhere").await?,
    );
    assert!(run.planted.len() > 60 && run.answers.len() > 40);
    run.check_answers();
    let planted = run.planted.clone();
    // Of the person, the log knows nothing; what answers show of them is theirs.
    run.plants("name", "Planted Name");
    run.plants("e-mail", "planted@people.example");
    run.check_operator(&world, &webhook).await?;
    world.stop().await;
    let mut told = String::new();
    for page in &mut run.pages {
        page.ends().await?;
        told.push_str(&page.heard);
    }
    assert!(told.matches("event: trace").count() > 40 && told.contains("signed_in"));
    for (what, value) in planted {
        assert!(!told.contains(&value), "{what} is in the events");
    }
    Ok(())
}

#[tokio::test]
async fn no_secret_is_seen_in_a_whole_run() -> Outcome {
    log::start_with_everything();
    check_a_run(Plan::new()).await
}

#[tokio::test]
async fn no_secret_is_seen_in_a_whole_run_on_https() -> Outcome {
    log::start_with_everything();
    let plan = Plan::new().https().setting("WRENGATE_INSPECTOR", "own");
    check_a_run(plan).await
}

/// What people and programs see of each other's data: nothing.
#[tokio::test]
async fn nobody_sees_another_persons_data() -> Outcome {
    let world = World::start().await?;
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    let mut bob = Browser::at(&world);
    bob.sign_in(&world.provider, "bob").await?;
    let mut nobody = Browser::at(&world);
    for path in [
        "/",
        "/account",
        "/callback",
        "/signed-out",
        "/problem/too-many",
        "/nothing",
    ] {
        for browser in [&mut bob, &mut nobody] {
            let answer = browser.open(path).await?;
            assert!(!answer.whole().contains("alice"), "{path}");
        }
    }
    let answer = bob.session().await?;
    assert!(!answer.whole().contains("alice"), "{}", answer.whole());
    Ok(())
}
