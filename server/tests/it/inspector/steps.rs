//! A sign-in that goes well, step by step.

use serde_json::json;
use wrengate_protocol::{
    pkce::CodeVerifier,
    trace::{CheckName, Exchange, Progress, Row, TraceStatus, TraceStep, Verdict},
};

use super::{newest, row, step, traces, verdict};
use crate::rig::{Browser, Outcome, Plan, Reply, Signing, World, world::CLIENT_SECRET};

async fn sign_in(world: &World, browser: &mut Browser) -> Outcome<Signing> {
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Ok(signing)
}

fn exchange(step: &TraceStep, number: usize) -> Outcome<&Exchange> {
    let found = step.exchanges.get(number);
    found.ok_or_else(|| format!("no exchange {number}: {:?}", step.exchanges).into())
}

#[tokio::test]
async fn every_step_is_there_when_a_person_signed_in() -> Outcome {
    let world = Plan::new().discovers().start().await?;
    let name = json!({"sub": "alice", "name": "Alice Example", "secret_note": "nobody's business"});
    world.provider.knows("alice", name);
    let mut browser = Browser::at(&world);
    let signing = sign_in(&world, &mut browser).await?;
    let trace = newest(&mut browser).await?;
    assert_eq!(trace.status, TraceStatus::SignedIn);
    assert!(
        trace
            .steps
            .iter()
            .all(|step| step.progress == Progress::Done)
    );
    assert_eq!(trace.advice, []);

    let challenge = CodeVerifier::parse(&signing.verifier)?.challenge();
    let proof = step(&trace, 1)?;
    let shown = row(&proof.rows, "code_challenge")?.value.shown();
    assert_eq!(shown, Some(challenge.as_str()));
    let sent = &exchange(step(&trace, 2)?, 0)?.request;
    let endpoint = format!("{}/authorize", world.provider.origin);
    assert_eq!(sent.url.shown(), Some(endpoint.as_str()));
    assert_eq!(
        row(&sent.parameters, "client_id")?.value.shown(),
        Some("the-client")
    );
    // What was sent and what came back can be compared unseen.
    let state = &row(&step(&trace, 4)?.rows, "state")?.value;
    assert_eq!(state.shown(), None);
    assert_eq!(&row(&sent.parameters, "state")?.value, state);
    let recomputed = row(&step(&trace, 4)?.rows, "code_challenge")?.value.shown();
    assert_eq!(recomputed, Some(challenge.as_str()));

    let token = step(&trace, 5)?;
    let call = exchange(token, 0)?;
    assert_eq!(call.request.method.as_str(), "POST");
    assert_eq!(
        row(&call.request.parameters, "code_verifier")?
            .value
            .shown(),
        None
    );
    let curl = call.request.curl.as_str();
    assert!(curl.contains("'accept: application/json'"), "{curl}");
    assert!(curl.contains("\"code=$CODE\"") && curl.contains("\"code_verifier=$VERIFIER\""));
    assert!(
        !curl.contains(&signing.verifier) && !curl.contains(CLIENT_SECRET),
        "{curl}"
    );
    let answer = call.response.as_ref().ok_or("no answer")?;
    assert_eq!(answer.status, 200);
    assert_eq!(row(&answer.parameters, "access_token")?.value.shown(), None);
    let id_token = token.id_token.as_ref().ok_or("no ID token")?;
    assert_eq!(row(&id_token.header, "alg")?.value.shown(), Some("EdDSA"));
    let nonce = row(&id_token.claims, "nonce")?;
    assert_eq!(Some(&nonce.value), nonce.expected.as_ref());

    let claims = &step(&trace, 6)?.claims;
    assert_eq!(row(claims, "name")?.value.shown(), Some("Alice Example"));
    assert_eq!(row(claims, "secret_note")?.value.shown(), None);
    let cookie = row(&step(&trace, 7)?.rows, "cookie")?.value.shown();
    assert_eq!(cookie, Some("wrengate"));
    Ok(())
}

#[tokio::test]
async fn every_check_has_its_verdict() -> Outcome {
    use CheckName as Name;
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    sign_in(&world, &mut browser).await?;
    let trace = newest(&mut browser).await?;
    for name in CheckName::ALL {
        let expected = match name {
            // The provider of these tests sends it only where it is told to.
            Name::AtHash => verdict(&trace, name),
            _ => Some(Verdict::Passed),
        };
        assert_eq!(verdict(&trace, name), expected, "{name:?}");
    }
    assert_ne!(verdict(&trace, Name::AtHash), Some(Verdict::Failed));
    // Plain OAuth has no ID token, and this one names no issuer in its answer.
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    let trace = newest(&mut browser).await?;
    for name in [
        Name::Issuer,
        Name::Signature,
        Name::Nonce,
        Name::SameSubject,
    ] {
        assert_eq!(verdict(&trace, name), Some(Verdict::Absent), "{name:?}");
    }
    assert_eq!(verdict(&trace, Name::S256), Some(Verdict::Passed));
    Ok(())
}

#[tokio::test]
async fn a_repeat_of_the_token_request_is_shown() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.replies("/token", Reply::Lost);
    browser.complete(&signing, &arrival).await?;
    let trace = newest(&mut browser).await?;
    let exchanges = &step(&trace, 5)?.exchanges;
    assert_eq!(exchanges.len(), 2);
    assert!(exchanges.iter().all(|exchange| exchange.trouble.is_some()));
    assert!(matches!(
        trace.status,
        TraceStatus::Failed { number: 5, .. }
    ));
    Ok(())
}

#[tokio::test]
async fn a_pushed_request_is_shown_with_what_was_pushed() -> Outcome {
    let world = Plan::new().pushed_only().start().await?;
    let mut browser = Browser::at(&world);
    sign_in(&world, &mut browser).await?;
    let trace = newest(&mut browser).await?;
    let authorization = step(&trace, 2)?;
    let pushed = exchange(authorization, 0)?;
    assert_eq!(pushed.request.method.as_str(), "POST");
    assert_eq!(
        row(&pushed.request.parameters, "scope")?.value.shown(),
        Some("openid profile email")
    );
    let opened = &exchange(authorization, 1)?.request;
    let names: Vec<_> = opened
        .parameters
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    assert_eq!(row(&opened.parameters, "request_uri")?.value.shown(), None);
    Ok(())
}

/// Some providers tell tenants or policies apart by a query of the endpoint's own, and take it in no form.
#[tokio::test]
async fn a_query_of_the_endpoint_stays_in_its_address() -> Outcome {
    let world = World::start().await?;
    let address = format!("{}/token?p=b2c_1_signin", world.provider.origin);
    let plan = Plan::new()
        .without("WRENGATE_TOKEN_ENDPOINT")
        .setting("WRENGATE_TOKEN_ENDPOINT", address);
    let world = plan.beside(&world).start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let trace = newest(&mut browser).await?;
    let request = &exchange(step(&trace, 5)?, 0)?.request;
    let names = |rows: &[Row]| {
        let names = rows.iter().map(|row| row.name.as_str().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&request.query), ["p"]);
    assert!(!names(&request.parameters).contains(&"p".to_owned()));
    assert!(request.curl.as_str().ends_with("/token'\"?p=$P\""));
    assert!(!request.curl.as_str().contains("b2c_1_signin"));
    let page = browser.open("/inspector").await?.text();
    assert!(page.contains("?p=$P"), "{page}");
    Ok(())
}

/// A second call with the same message, or another one, changes nothing of how it ended.
#[tokio::test]
async fn a_repeat_leaves_the_trace_as_it_is() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    let before = traces(&mut browser).await?;
    browser.complete(&signing, &arrival).await?;
    browser.bring_error(&signing.state, "access_denied").await?;
    assert_eq!(traces(&mut browser).await?, before);

    // The provider refused.
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.bring_error(&signing.state, "server_error").await?;
    let before = traces(&mut browser).await?;
    assert!(before[0].reference.is_some());
    browser.bring_error(&signing.state, "server_error").await?;
    browser.complete(&signing, &arrival).await?;
    assert_eq!(traces(&mut browser).await?, before);

    // Another issuer answered.
    let world = Plan::new().discovers().start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    for iss in ["https://evil.example", &world.provider.origin.clone()] {
        arrival.iss = Some(iss.to_owned());
        browser.complete(&signing, &arrival).await?;
        let trace = newest(&mut browser).await?;
        assert_eq!(verdict(&trace, CheckName::Issuer), Some(Verdict::Failed));
        assert!(!trace.advice.is_empty(), "{iss}");
    }
    Ok(())
}

/// A wrong verifier leaves the attempt open, and so does its trace.
#[tokio::test]
async fn an_attempt_that_is_still_open_can_end_well() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let wrong = Signing {
        verifier: crate::rig::provider::random()?,
        ..signing.clone()
    };
    browser.complete(&wrong, &arrival).await?;
    let trace = newest(&mut browser).await?;
    assert_eq!(verdict(&trace, CheckName::S256), Some(Verdict::Failed));
    assert!(matches!(
        trace.status,
        TraceStatus::Failed { number: 4, .. }
    ));
    browser.complete(&signing, &arrival).await?;
    let trace = newest(&mut browser).await?;
    assert_eq!(trace.status, TraceStatus::SignedIn);
    assert_eq!(verdict(&trace, CheckName::S256), Some(Verdict::Passed));
    assert!(
        trace
            .steps
            .iter()
            .all(|step| step.progress == Progress::Done),
        "{trace:?}"
    );
    Ok(())
}

/// A browser that goes away is told the end when it comes back.
#[tokio::test]
async fn a_browser_that_went_away_finds_the_end() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    let request = browser.completion(&signing, &arrival);
    let addr = world.addr;
    let call = tokio::spawn(async move { request.send(addr).await });
    world.provider.arrived(1).await?;
    call.abort();
    assert_eq!(newest(&mut browser).await?.status, TraceStatus::Running);
    world.provider.goes_on();
    while newest(&mut browser).await?.status == TraceStatus::Running {
        tokio::task::yield_now().await;
    }
    assert_eq!(newest(&mut browser).await?.status, TraceStatus::SignedIn);
    Ok(())
}

/// A message that begins is sent twice, and only the first one begins.
#[tokio::test]
async fn a_second_beginning_does_not_take_the_attempt_over() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let message = crate::rig::browser::begin_message(&signing.verifier, &signing.state, "/")?;
    let again = browser.call("begin_sign_in", &message);
    assert_eq!(browser.send(again).await?.status, 400);
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    browser.complete(&signing, &arrival).await?;
    let seen = traces(&mut browser).await?;
    let statuses: Vec<_> = seen.iter().map(|trace| trace.status).collect();
    assert!(
        matches!(
            statuses.as_slice(),
            [TraceStatus::Failed { number: 2, .. }, TraceStatus::SignedIn]
        ),
        "{statuses:?}"
    );
    Ok(())
}
