//! What goes wrong: for each fault the step, the failure and the first advice.

use std::time::Duration;

use serde_json::{Value, json};
use wrengate_backend::provider::Limits;
use wrengate_protocol::trace::{CheckName, Progress, TraceStatus, TraceView, Verdict};

use super::{newest, verdict};
use crate::rig::{Arrival, Browser, NOW, Outcome, Plan, Reply, World, provider::random};

/// A fault of the provider, or of what comes back.
enum Fault {
    Claims(Value),
    Members(Value),
    Reply(&'static str, Reply),
    Error(&'static str),
    Iss(Option<&'static str>),
    State,
    Verifier,
    Late,
    Dead,
}

struct Row {
    fault: Fault,
    /// The step of the trace, the failure, how the first advice begins.
    expected: (u8, &'static str, &'static str),
    /// The check that failed, where it is one.
    check: Option<CheckName>,
}

fn row(fault: Fault, step: u8, failure: &'static str, advice: &'static str) -> Row {
    Row {
        fault,
        expected: (step, failure, advice),
        check: None,
    }
}

impl Row {
    fn check(self, name: CheckName) -> Self {
        Self {
            check: Some(name),
            ..self
        }
    }
}

fn callbacks() -> Vec<Row> {
    use Fault::{Error, Iss, Late, State, Verifier};
    vec![
        row(
            Error("invalid_request"),
            3,
            "request-unreadable",
            "Register the redirect URI at the provider exactly as it was sent: http://127.0.0.1:",
        ),
        row(
            Error("unauthorized_client"),
            3,
            "client-not-allowed",
            "At the provider, allow this client the authorization code grant",
        ),
        row(
            Error("invalid_scope"),
            3,
            "scope-refused",
            "Compare WRENGATE_SCOPES",
        ),
        row(
            Error("server_error"),
            3,
            "provider-fault",
            "The provider failed",
        ),
        row(
            State,
            4,
            "state-unmatched",
            "The state that came back is of no attempt",
        )
        .check(CheckName::State),
        row(
            Late,
            4,
            "too-long",
            "Start again: an attempt is good for ten minutes",
        )
        .check(CheckName::Lifetime),
        row(Verifier, 4, "proof-mismatch", "Start again: the verifier").check(CheckName::S256),
        row(
            Iss(Some("https://evil.example")),
            4,
            "wrong-issuer",
            "The answer is of https://evil.example, the issuer here is http://127.0.0.1:",
        )
        .check(CheckName::Issuer),
        row(Iss(None), 4, "wrong-issuer", "The answer has no iss").check(CheckName::Issuer),
    ]
}

fn id_tokens() -> Vec<Row> {
    use CheckName as Name;
    use Fault::Claims;
    let claims = |claims, advice| row(Claims(claims), 5, "id-untrusted", advice);
    vec![
        row(
            Claims(json!({"exp": NOW - 3600})),
            5,
            "clock-skew",
            "By our clock exp of the ID token is 3600 s in the past",
        )
        .check(Name::Times),
        row(
            Claims(json!({"iat": NOW + 7200})),
            5,
            "clock-skew",
            "By our clock iat of the ID token is 7200 s ahead",
        )
        .check(Name::Times),
        claims(
            json!({"aud": "another"}),
            "aud of the ID token is another, the client here is the-client",
        )
        .check(Name::Audience),
        claims(
            json!({"azp": "another"}),
            "azp of the ID token is not the-client",
        )
        .check(Name::Audience),
        claims(
            json!({"iss": "https://evil.example"}),
            "iss of the ID token is https://evil.example, the issuer here is http://127",
        )
        .check(Name::IdTokenIssuer),
        claims(
            json!({"nonce": "another"}),
            "nonce of the ID token is not that of this attempt",
        )
        .check(Name::Nonce),
        claims(json!({"sub": null}), "The ID token has no sub").check(Name::Subject),
        claims(
            json!({"at_hash": "another"}),
            "at_hash fits another access token",
        )
        .check(Name::AtHash),
    ]
}

fn no_id_tokens() -> Vec<Row> {
    use CheckName as Name;
    use Fault::Members;
    vec![
        row(
            Members(json!({"id_token": "eyJhbGciOiJFZERTQSJ9.e30.AAAA"})),
            5,
            "id-untrusted",
            "No key at the provider's jwks_uri",
        )
        .check(Name::Signature),
        row(
            Members(json!({"id_token": "eyJhbGciOiJub25lIn0.e30."})),
            5,
            "id-untrusted",
            "The ID token is signed with none",
        )
        .check(Name::Signature),
        row(
            Members(json!({"id_token": null})),
            5,
            "answer-unreadable",
            "The token endpoint gave no ID token",
        )
        .check(Name::Signature),
    ]
}

fn at_the_token_endpoint() -> Vec<Row> {
    use Fault::{Dead, Reply as Answers};
    let refuses = |error: &str| Reply::json(400, &json!({ "error": error }));
    vec![
        row(
            Answers("/token", Reply::text(500, "text/plain", "")),
            5,
            "provider-fault",
            "The token endpoint answered with status 500",
        ),
        row(
            Answers("/token", refuses("invalid_grant")),
            5,
            "code-expired",
            "Start again: a code works once",
        ),
        row(
            Answers("/token", refuses("invalid_client")),
            5,
            "client-rejected",
            "The client the-client authenticated with client_secret_basic",
        ),
        row(
            Answers("/token", refuses("unauthorized_client")),
            5,
            "exchange-refused",
            "Register the redirect URI",
        ),
        row(
            Answers(
                "/token",
                Reply::text(302, "text/plain", "").and("location", "/x"),
            ),
            5,
            "answer-unreadable",
            "The token endpoint answered with status 302",
        ),
        row(
            Answers("/token", Reply::text(200, "text/html", "<p>")),
            5,
            "answer-unreadable",
            "The token endpoint answered a page (text/html)",
        ),
        row(
            Answers("/token", Reply::Lost),
            5,
            "answer-lost",
            "The connection broke after the request",
        ),
        row(
            Dead,
            5,
            "provider-unreachable",
            "No connection to the provider",
        ),
    ]
}

fn at_userinfo() -> Vec<Row> {
    use Fault::Reply as Answers;
    vec![
        row(
            Answers("/userinfo", Reply::text(500, "text/plain", "")),
            6,
            "provider-fault",
            "The userinfo endpoint answered with status 500",
        ),
        row(
            Answers("/userinfo", Reply::json(200, &json!({"sub": "mallory"}))),
            6,
            "subject-mismatch",
            "ID token and userinfo are about two people",
        )
        .check(CheckName::SameSubject),
        row(
            Answers("/userinfo", Reply::text(401, "text/plain", "")),
            6,
            "access-ended",
            "Userinfo refused the access token",
        ),
    ]
}

/// Signs in with a fault, and answers what the inspector shows of it.
async fn run(world: &World, fault: &Fault) -> Outcome<TraceView> {
    let mut browser = Browser::at(world);
    let mut signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    match fault {
        Fault::Claims(claims) => world.provider.claims(claims.clone()),
        Fault::Members(members) => world.provider.token_members(members.clone()),
        Fault::Reply(path, reply) => world.provider.replies(path, reply.clone()),
        Fault::Error(error) => return refused(&mut browser, &arrival, error).await,
        Fault::Iss(iss) => arrival.iss = iss.map(str::to_owned),
        Fault::State => arrival.state = random()?,
        Fault::Verifier => signing.verifier = random()?,
        Fault::Late => world.clock.advance(600),
        Fault::Dead => world.provider.dies().await,
    }
    browser.complete(&signing, &arrival).await?;
    newest(&mut browser).await
}

async fn refused(browser: &mut Browser, arrival: &Arrival, error: &str) -> Outcome<TraceView> {
    let message = json!({"state": arrival.state, "iss": arrival.iss, "error": error});
    let call = browser.call("complete_sign_in", &message);
    browser.send(call).await?;
    newest(browser).await
}

#[tokio::test]
async fn each_fault_has_its_step_its_verdict_and_its_advice() -> Outcome {
    let rows = [
        callbacks(),
        id_tokens(),
        no_id_tokens(),
        at_the_token_endpoint(),
        at_userinfo(),
    ];
    for row in rows.into_iter().flatten() {
        // A world for each: breakers and keys remember.
        let world = Plan::new().discovers().start().await?;
        let (step, code, advice) = row.expected;
        let trace = run(&world, &row.fault).await?;
        let TraceStatus::Failed {
            number, failure, ..
        } = trace.status
        else {
            return Err(format!("{code} {advice}: {:?}", trace.status).into());
        };
        let first = trace.advice.first().map_or("", |advice| advice.as_str());
        assert_eq!((number, failure.code()), (step, code), "{advice}: {first}");
        assert!(first.starts_with(advice), "{code}: {first}");
        for shown in &trace.steps {
            let expected = match shown.name.number().cmp(&step) {
                std::cmp::Ordering::Less => Progress::Done,
                std::cmp::Ordering::Equal => Progress::Failed,
                std::cmp::Ordering::Greater => Progress::NotReached,
            };
            // Nobody knows how the attempt of a wrong state began.
            if matches!(row.fault, Fault::State) && shown.name.number() < step {
                assert_eq!(shown.progress, Progress::NotReached);
                continue;
            }
            // The callback of a refusal arrived, whatever the provider did before it.
            let arrived = step == 3 && shown.name.number() == 4;
            assert!(
                arrived || shown.progress == expected,
                "{code} {advice}: {shown:?}"
            );
        }
        let failed = trace
            .checks
            .iter()
            .filter(|it| it.verdict == Verdict::Failed);
        let failed: Vec<_> = failed.map(|check| check.name).collect();
        assert_eq!(failed, Vec::from_iter(row.check), "{code} {advice}");
        assert!(trace.reference.is_some(), "{code}");
    }
    Ok(())
}

#[tokio::test]
async fn cancelling_is_an_outcome_and_no_failure() -> Outcome {
    let world = World::start().await?;
    let trace = run(&world, &Fault::Error("access_denied")).await?;
    assert_eq!(trace.status, TraceStatus::Cancelled);
    let first = trace.advice.first().map_or("", |advice| advice.as_str());
    assert!(first.starts_with("Nothing is wrong"), "{first}");
    assert_eq!(verdict(&trace, CheckName::State), Some(Verdict::Passed));
    assert_eq!(verdict(&trace, CheckName::S256), Some(Verdict::NotReached));
    Ok(())
}

/// A provider that says nothing: the time it was waited for is there.
#[tokio::test]
async fn a_silent_provider_is_told_from_a_dead_one() -> Outcome {
    let limits = Limits {
        total: Duration::from_millis(200),
        idle: Duration::from_millis(100),
        first_pause: Duration::from_millis(1),
        ..Limits::default()
    };
    let world = Plan::new().limits(limits).start().await?;
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    browser.complete(&signing, &arrival).await?;
    let trace = newest(&mut browser).await?;
    assert!(
        matches!(trace.status, TraceStatus::Failed { number: 5, failure, .. }
        if failure.code() == "provider-timeout")
    );
    let first = trace.advice.first().map_or("", |advice| advice.as_str());
    assert!(
        first.starts_with("The provider did not answer in time"),
        "{first}"
    );
    assert!(trace.totals.provider_ms >= 100, "{:?}", trace.totals);
    Ok(())
}

/// A state that no server could have been sent is still shown to whoever brought it.
#[tokio::test]
async fn a_callback_without_a_state_fails_the_attempt_that_waits() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    browser.bring_error("", "access_denied").await?;
    let trace = newest(&mut browser).await?;
    assert!(
        matches!(trace.status, TraceStatus::Failed { number: 4, failure, .. }
        if failure.code() == "state-unmatched")
    );
    let first = trace.advice.first().map_or("", |advice| advice.as_str());
    assert!(first.starts_with("The state that came back"), "{first}");
    Ok(())
}

/// Before anybody leaves: the provider does not take the request that is pushed to it.
#[tokio::test]
async fn a_pushed_request_that_is_refused_fails_in_its_step() -> Outcome {
    let world = Plan::new().pushed_only().start().await?;
    let refusal = Reply::json(400, &json!({"error": "invalid_request"}));
    world.provider.replies("/par", refusal);
    let mut browser = Browser::at(&world);
    assert!(browser.begin().await.is_err());
    let trace = newest(&mut browser).await?;
    assert!(matches!(
        trace.status,
        TraceStatus::Failed { number: 2, .. }
    ));
    let first = trace.advice.first().map_or("", |advice| advice.as_str());
    assert!(first.starts_with("Register the redirect URI"), "{first}");
    Ok(())
}
