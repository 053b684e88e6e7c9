//! What is counted, read as Prometheus reads it.

use serde_json::json;
use wrengate_backend::config::Config;
use wrengate_server::Listeners;

use crate::rig::{Answer, Browser, Outcome, Plan, Reply, Request, World};

/// The lines that are no comment and no bucket and begin like this.
fn lines<'a>(exposition: &'a str, name: &str) -> Vec<&'a str> {
    let mut lines: Vec<_> = exposition
        .lines()
        .filter(|line| line.starts_with(name))
        .collect();
    lines.sort_unstable();
    lines
}

#[tokio::test]
async fn a_good_and_a_failed_sign_in_are_counted() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let fault = Reply::text(500, "text/plain", "");
    world.provider.replies("/token", fault);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    // Told three times, it failed once.
    for _ in 0..3 {
        browser.complete(&signing, &arrival).await?;
    }
    let signing = browser.begin().await?;
    browser.bring_error(&signing.state, "access_denied").await?;
    let signing = browser.begin().await?;
    let message = json!({"state": signing.state});
    browser
        .send(browser.call("complete_sign_in", &message))
        .await?;

    let exposition = world.metrics().await?;
    for (name, expected) in [
        ("wrengate_sign_ins_started_total", vec![" 4"]),
        ("wrengate_sign_ins_completed_total", vec![" 1"]),
        ("wrengate_sessions_opened_total", vec![" 1"]),
        (
            "wrengate_sign_ins_failed_total",
            vec![
                "{step=\"at-provider\",failure=\"cancelled\"} 1",
                "{step=\"exchange\",failure=\"provider-fault\"} 1",
                "{step=\"submit\",failure=\"answer-incomplete\"} 1",
            ],
        ),
        (
            "wrengate_provider_call_duration_seconds_count",
            vec![
                "{endpoint=\"token\",outcome=\"ok\"} 1",
                "{endpoint=\"token\",outcome=\"refused\"} 2",
                "{endpoint=\"userinfo\",outcome=\"ok\"} 1",
            ],
        ),
        (
            "wrengate_provider_retries_total",
            vec!["{endpoint=\"token\"} 1"],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|it| format!("{name}{it}")).collect();
        assert_eq!(lines(&exposition, name), expected);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_let_in_is_counted_by_its_reason() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_API", "2")
        .start()
        .await?;
    let browser = Browser::at(&world);
    let session = || browser.call("session", &json!({}));
    let of_begin = |body| browser.call("begin_sign_in", &json!({})).body(body);
    for request in [
        session(),
        session(),
        session(),
        session().instead("Origin", "https://elsewhere.example.org"),
        Request::get("/api/session"),
        session().target("/api/nothing"),
        session().instead("Content-Type", "text/plain"),
        of_begin("{"),
        of_begin("{\"code_challenge\":\"x\",\"state\":\"x\"}"),
        browser
            .form("/sign-out", "")
            .instead("Origin", "https://elsewhere.example.org"),
    ] {
        request.send(world.addr).await?;
    }
    let exposition = world.metrics().await?;
    let refused = lines(&exposition, "wrengate_requests_refused_total");
    let refused: Vec<_> = refused
        .iter()
        .filter_map(|line| line.split_once("reason="))
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(
        refused,
        [
            "\"method-not-allowed\"} 1",
            "\"not-found\"} 1",
            "\"not-from-here\"} 2",
            "\"not-our-message\"} 2",
            "\"too-many\"} 1",
            "\"unsupported-type\"} 1",
        ]
    );
    assert_eq!(
        lines(&exposition, "wrengate_sign_ins_failed_total"),
        [""; 0]
    );
    Ok(())
}

#[tokio::test]
async fn the_listener_answers_nothing_else() -> Outcome {
    let world = World::start().await?;
    let ask =
        async |request: Request| -> Outcome<Answer> { request.send(world.metrics_addr).await };
    let answer = ask(Request::get("/metrics?name=x")).await?;
    assert_eq!(answer.status, 200);
    let content_type = answer.header("content-type");
    assert_eq!(
        content_type,
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    assert_eq!(answer.all("set-cookie"), [""; 0]);
    for request in [
        Request::post("/metrics"),
        Request::new("OPTIONS", "/metrics"),
        Request::get("/"),
        Request::get("/metrics/"),
        Request::get("/healthz"),
        Request::get("/account"),
        Request::post("/api/session"),
    ] {
        let answer = ask(request.clone()).await?;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (404, ""),
            "{request:?}"
        );
    }
    let answer = Request::get("/metrics").send(world.addr).await?;
    assert_eq!(answer.status, 404, "the app knows no such page");
    Ok(())
}

#[tokio::test]
async fn nobody_listens_for_metrics_unless_it_is_asked_for() -> Outcome {
    let config = |metrics: Option<&str>| {
        let pairs = [
            Some(("WRENGATE_PROVIDER", "local")),
            Some(("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org")),
            Some(("WRENGATE_ADDR", "127.0.0.1:0")),
            metrics.map(|addr| ("WRENGATE_METRICS_ADDR", addr)),
        ];
        let pairs = pairs.into_iter().flatten();
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Config::from_pairs(pairs.collect::<Vec<_>>(), None)
    };
    let listeners = Listeners::bind(&config(None)?).await?;
    assert!(listeners.metrics.is_none());
    let listeners = Listeners::bind(&config(Some("127.0.0.1:0"))?).await?;
    let taken = listeners.metrics.ok_or("not bound")?.local_addr()?;
    assert_ne!(taken, listeners.app.local_addr()?);

    let taken = listeners.app.local_addr()?.to_string();
    let refused = Listeners::bind(&config(Some(&taken))?).await;
    let refused = refused.err().ok_or("bound twice")?.to_string();
    let expected = format!("cannot listen on {taken} (WRENGATE_METRICS_ADDR)");
    assert_eq!(refused, expected);
    Ok(())
}
