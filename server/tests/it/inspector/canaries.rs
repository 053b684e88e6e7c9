//! A provider that sends every secret back wherever something may be shown.

use serde_json::{Value, json};
use url::Url;
use wrengate_protocol::encoding::base64url;

use super::newest;
use crate::rig::{
    Arrival, Browser, Outcome, Plan, Reply, World, provider::random, world::CLIENT_SECRET,
};

const PATHS: [&str; 4] = [
    "/inspector",
    "/inspector/trace",
    "/inspector/report",
    "/inspector/report?format=text",
];

/// Whatever may be shown holds this.
fn claims(secret: &str) -> Vec<Value> {
    let halves = secret.split_at(secret.len() / 2);
    let hidden = format!("{}\u{200b}{}", halves.0, halves.1);
    let mut all = Vec::new();
    for value in [
        json!(secret),
        json!(hidden),
        json!(format!("Alice {secret} Example")),
        json!([secret]),
        json!({"inside": secret}),
        json!(format!("https://img.example.org/{secret}")),
        json!(format!("https://{secret}@img.example.org/")),
    ] {
        for name in [
            "name",
            "email",
            "aud",
            "amr",
            "picture",
            "updated_at",
            "iss",
            "another",
        ] {
            all.push(json!({"sub": "alice", name: value}));
        }
    }
    all.push(json!({"sub": "alice", secret: "the name of a claim"}));
    all
}

/// The same of a secret that is too short to look like a token.
fn short_claims(secret: &str) -> Vec<Value> {
    vec![
        json!({"sub": "alice", secret: "the name of a claim"}),
        json!({"sub": "alice", (format!("is_{secret}")): true}),
        json!({"sub": secret}),
        json!({"sub": "alice", "name": format!("Alice {secret}")}),
        json!({"sub": base64url(secret.as_bytes()), "name": base64url(secret.as_bytes())}),
    ]
}

/// What stands before and after a part of a page; all of it where there is no such part.
fn without<'a>(text: &'a str, begin: &str, end: &str) -> [&'a str; 2] {
    let (head, rest) = text.split_once(begin).unwrap_or((text, ""));
    [head, rest.split_once(end).map_or(rest, |(_, after)| after)]
}

async fn check(browser: &mut Browser, planted: &[String], row: &str) -> Outcome {
    for path in PATHS {
        let answer = browser.open(path).await?;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        // What every page knows of the person is the profile of the session, and not of a trace.
        let parts = without(&text, "id=\"person\"", "</script>");
        let parts = parts
            .into_iter()
            .flat_map(|part| without(part, "class=\"menu-who\"", "</p>"));
        let parts: Vec<&str> = parts.collect();
        for secret in planted {
            let found = parts.iter().any(|part| part.contains(secret.as_str()));
            assert!(!found, "{row}: {secret} in {path}: {}", answer.text());
        }
    }
    Ok(())
}

/// The secrets of a browser and of its attempt.
fn secrets(browser: &Browser, url: &str, verifier: &str, code: &str) -> Outcome<Vec<String>> {
    let url = Url::parse(url)?;
    let handed_out = url
        .query_pairs()
        .filter(|(name, _)| ["state", "nonce"].contains(&name.as_ref()))
        .map(|(_, value)| value.into_owned());
    let own = [
        verifier.to_owned(),
        code.to_owned(),
        CLIENT_SECRET.to_owned(),
    ];
    Ok(handed_out
        .chain(own)
        .chain(browser.cookies.values().cloned())
        .collect())
}

#[tokio::test]
async fn userinfo_that_quotes_a_secret_shows_none() -> Outcome {
    let world = World::start().await?;
    let earlier = random()?;
    for number in 0..57 {
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let arrival = world.provider.authorize(&signing.url, "alice")?;
        let mut planted = secrets(&browser, &signing.url, &signing.verifier, &arrival.code)?;
        planted.push(earlier.clone());
        // In turn, so that each secret stands in each place of some run.
        let secret = planted[number % planted.len()].clone();
        let members = claims(&secret).swap_remove(number);
        world
            .provider
            .replies("/userinfo", Reply::json(200, &members));
        browser.complete(&signing, &arrival).await?;
        planted.extend(browser.session_cookie().map(str::to_owned));
        check(&mut browser, &planted, &members.to_string()).await?;
        world.provider.behaves();
    }
    Ok(())
}

/// Providers have codes of twenty characters, and operators have short secrets: no length gives them away.
#[tokio::test]
async fn short_secrets_are_shown_under_no_name_and_as_no_name() -> Outcome {
    const CODE: &str = "a94f3c0d27b15e86ff01";
    const SECRET: &str = "s3cret.of-20-letters";
    let plan = Plan::new()
        .without("WRENGATE_CLIENT_SECRET")
        .setting("WRENGATE_CLIENT_SECRET", SECRET);
    let world = plan.start().await?;
    let bare = [CODE.to_owned(), SECRET.to_owned()];
    let encoded = bare.clone().map(|secret| base64url(secret.as_bytes()));
    let planted = [bare, encoded].concat();
    for secret in [CODE, SECRET] {
        for members in short_claims(secret) {
            let mut browser = Browser::at(&world);
            let signing = browser.begin().await?;
            let arrival = Arrival {
                state: signing.state.clone(),
                code: CODE.to_owned(),
                iss: None,
            };
            let granted = json!({"access_token": random()?, "token_type": "Bearer", "x": members});
            world.provider.replies("/token", Reply::json(200, &granted));
            world
                .provider
                .replies("/userinfo", Reply::json(200, &members));
            browser.complete(&signing, &arrival).await?;
            check(&mut browser, &planted, &members.to_string()).await?;
            world.provider.behaves();
        }
    }
    Ok(())
}

#[tokio::test]
async fn tokens_and_answers_that_quote_a_secret_show_none() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    for number in 0..6 {
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let mut arrival = world.provider.authorize(&signing.url, "alice")?;
        arrival.iss = Some(world.provider.origin.clone());
        let planted = secrets(&browser, &signing.url, &signing.verifier, &arrival.code)?;
        let all = planted.join(" ");
        match number {
            0 => world
                .provider
                .claims(json!({"name": all, "acr": planted[0], "jti": planted[1]})),
            1 => world
                .provider
                .claims(json!({"aud": planted, "azp": planted[0]})),
            2 => world
                .provider
                .claims(json!({"sub": planted[3], "iss": planted[2]})),
            3 => world
                .provider
                .token_members(json!({"scope": all, "x": all, "token_type": planted[0]})),
            4 => world
                .provider
                .token_members(json!({"error": planted[0], "error_description": all})),
            _ => world.provider.replies(
                "/token",
                Reply::text(302, &all, &all)
                    .and("location", "/")
                    .and("date", &planted[0]),
            ),
        }
        browser.complete(&signing, &arrival).await?;
        check(&mut browser, &planted, &number.to_string()).await?;
        world.provider.claims(Value::Null);
        world.provider.token_members(Value::Null);
        world.provider.behaves();
    }
    Ok(())
}

/// Subjects look like tokens and are shown, but for what is known to be none: the nonce too, of which the
/// browser that comes back says nothing.
#[tokio::test]
async fn a_subject_that_is_a_secret_is_not_shown() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    for userinfo_alone in [true, false] {
        for part in [0..43, 5..25] {
            let mut browser = Browser::at(&world);
            let signing = browser.begin().await?;
            let mut arrival = world.provider.authorize(&signing.url, "alice")?;
            arrival.iss = Some(world.provider.origin.clone());
            let url = Url::parse(&signing.url)?;
            let nonce = url.query_pairs().find(|(name, _)| name == "nonce");
            let (_, nonce) = nonce.ok_or("no nonce")?;
            let planted = nonce.get(part).ok_or("a short nonce")?.to_owned();
            let claims = json!({"sub": planted, "user_id": planted});
            if !userinfo_alone {
                world.provider.claims(claims.clone());
            }
            world.provider.knows("alice", claims);
            browser.complete(&signing, &arrival).await?;
            check(&mut browser, &[planted], &userinfo_alone.to_string()).await?;
            world.provider.claims(Value::Null);
        }
    }
    Ok(())
}

/// The call that comes back never had the reference, which is kept by nobody.
#[tokio::test]
async fn a_reference_to_a_pushed_request_is_no_subject() -> Outcome {
    let world = Plan::new().pushed_only().start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    let url = Url::parse(&signing.url)?;
    let reference = url.query_pairs().find(|(name, _)| name == "request_uri");
    let planted = reference.ok_or("nothing was pushed")?.1.into_owned();
    world.provider.knows(
        "alice",
        json!({"sub": "alice", "user_id": planted, "name": planted}),
    );
    browser.complete(&signing, &arrival).await?;
    check(&mut browser, &[planted], "request_uri").await
}

#[tokio::test]
async fn a_callback_that_holds_a_secret_shows_none() -> Outcome {
    let world = World::start().await?;
    for member in ["iss", "error", "error_description"] {
        let mut browser = Browser::at(&world);
        let signing = browser.begin().await?;
        let stray = random()?;
        let planted = [
            stray.clone(),
            signing.state.clone(),
            signing.verifier.clone(),
        ];
        for value in [
            stray.clone(),
            format!("https://{stray}/"),
            format!("a {} b", signing.state),
        ] {
            let mut message = json!({"state": signing.state, "error": "access_denied"});
            message[member] = json!(value);
            let call = browser.call("complete_sign_in", &message);
            browser.send(call).await?;
            check(&mut browser, &planted, &format!("{member} {value}")).await?;
        }
    }
    Ok(())
}

/// Two values can be compared, and nothing can be learnt from one: whoever is sent a report and brings guesses
/// to the same server gets fingerprints of another browser.
#[tokio::test]
async fn fingerprints_are_of_one_browser_and_of_this_process() -> Outcome {
    let state = "the-same-state-in-all-of-them";
    let (one, other) = (World::start().await?, World::start().await?);
    let mut alice = Browser::at(&one);
    let mut ids = Vec::new();
    for browser in [
        &mut alice.clone(),
        &mut Browser::at(&one),
        &mut Browser::at(&other),
    ] {
        ids.push(begins_with(browser, state).await?);
    }
    ids.push(begins_with(&mut alice, state).await?);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4, "{ids:?}");
    // A second attempt of the same browser cannot begin with a state that is in use, and is recorded all
    // the same.
    let first = newest(&mut alice).await?.id;
    let second = begins_with(&mut alice, state).await?;
    assert_eq!(first.as_str(), second);
    Ok(())
}

async fn begins_with(browser: &mut Browser, state: &str) -> Outcome<String> {
    let message = crate::rig::browser::begin_message(&random()?, state, "/")?;
    let call = browser.call("begin_sign_in", &message);
    browser.send(call).await?;
    Ok(newest(browser).await?.id.as_str().to_owned())
}
