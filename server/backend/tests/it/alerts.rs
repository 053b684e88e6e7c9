//! Alerts: what the receiver gets, what it does not get, and what becomes of it when it fails.

use std::{error::Error, sync::Arc, time::Duration};

use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};
use wrengate_backend::{
    Services,
    alert::{Alerts, Kind, MOST_IN_A_WINDOW, Pace, Parts, QUEUE, WINDOW_SECONDS},
    clock::ManualClock,
    config::Config,
    metrics::Metrics,
    outcome::Operator,
    provider::{Leg, Observer as _, ProviderError},
    random::SeededRandom,
};
use wrengate_protocol::{Failure, step::Step};

type TestResult = Result<(), Box<dyn Error + Send + Sync>>;

const NOW: i64 = 1_767_225_600;
const SECRET: &str = "a-secret-of-the-alerts";

/// Short enough to be waited for, long enough for a machine with other things to do.
const PACE: Pace = Pace {
    longest_try: Duration::from_millis(500),
    first_pause: Duration::from_millis(1),
};

struct Setup {
    alerts: Alerts,
    metrics: Metrics,
    clock: Arc<ManualClock>,
}

impl Setup {
    async fn new(webhook: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let pairs = [
            ("WRENGATE_PROVIDER", "local"),
            ("WRENGATE_STORE", "sqlite::memory:"),
            ("WRENGATE_APP_NAME", "Wren \"Town\""),
            ("WRENGATE_ALERT_WEBHOOK", webhook),
            ("WRENGATE_ALERT_SECRET", SECRET),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let services = Services::start(Config::from_pairs(pairs, None)?).await?;
        let clock = Arc::new(ManualClock::new(NOW));
        let metrics = Metrics::default();
        let config = services.config.operator.alerts.as_ref();
        let alerts = Alerts::new(Parts {
            config: config.ok_or("no receiver")?,
            provider: &services.provider,
            app: &services.config.http.app_name,
            clock: Arc::clone(&clock) as _,
            random: Arc::new(SeededRandom::default()),
            metrics: metrics.clone(),
            pace: PACE,
        });
        Ok(Self {
            alerts,
            metrics,
            clock,
        })
    }

    fn raise(&self, kind: Kind) {
        let step = Some(Step::Exchange);
        self.alerts
            .raise(kind, Failure::ProviderFault, step, Some("7F3K-Q2MZ"));
    }

    /// How many alerts of a kind came to this end.
    fn count(&self, kind: Kind, outcome: &str) -> usize {
        let kind = kind.code();
        let line = format!("wrengate_alerts_total{{kind=\"{kind}\",outcome=\"{outcome}\"}} ");
        let exposition = self.metrics.exposition();
        let count = exposition.lines().find_map(|it| it.strip_prefix(&line));
        count.map_or(0, |count| count.parse().unwrap_or(usize::MAX))
    }
}

/// A receiver that answers everything the same.
async fn receiver(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap_or_default()
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}

/// HMAC-SHA-256 step by step as RFC 2104 describes it, for a key that is no longer than a block.
fn hmac_sha256_hex(key: &str, text: &str) -> String {
    let pad = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key.bytes()) {
            *byte ^= key;
        }
        block
    };
    let inner = Sha256::digest([&pad(0x36), text.as_bytes()].concat());
    let outer = Sha256::digest([&pad(0x5c)[..], &inner].concat());
    let digits = outer.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digit = |value| char::from_digit(u32::from(value), 16);
    digits.filter_map(digit).collect()
}

#[tokio::test]
async fn an_alert_is_one_signed_object() -> TestResult {
    let server = receiver(ResponseTemplate::new(204)).await;
    let setup = Setup::new(&format!("{}/hook?for=wren", server.uri())).await?;
    setup.raise(Kind::ProviderFault);
    setup.clock.advance(2);
    setup.alerts.deliver_next().await;
    let requests = received(&server).await;
    let [request] = requests.as_slice() else {
        return Err(format!("{requests:?}").into());
    };
    assert_eq!(request.method.as_str(), "POST");
    assert_eq!(request.url.path(), "/hook");
    assert_eq!(request.url.query(), Some("for=wren"));
    assert_eq!(header(request, "content-type"), Some("application/json"));
    let body = std::str::from_utf8(&request.body)?;
    insta::assert_snapshot!(body, @r#"
    {"version":1,"id":"AAAAAAAAAACvzR17Oagg4g","kind":"provider-fault","failure":"provider-fault","step":"exchange","reference":"7F3K-Q2MZ","provider":"the development provider","app":"Wren \"Town\"","count":1,"first_at":"2026-01-01T00:00:00Z","last_at":"2026-01-01T00:00:00Z","message":"The provider reports an error of its own. Look at its status page."}
    "#);
    // Of the time it was sent, not of the time it was raised.
    let timestamp = header(request, "x-wrengate-timestamp");
    assert_eq!(timestamp, Some("1767225602"));
    let expected = hmac_sha256_hex(SECRET, &format!("1767225602.{body}"));
    assert_eq!(
        header(request, "x-wrengate-signature"),
        Some(format!("sha256={expected}").as_str())
    );
    assert_eq!(setup.count(Kind::ProviderFault, "delivered"), 1);
    Ok(())
}

#[tokio::test]
async fn what_is_unknown_is_null() -> TestResult {
    let server = receiver(ResponseTemplate::new(200)).await;
    let setup = Setup::new(&server.uri()).await?;
    let kind = Kind::StoreDown;
    setup.alerts.raise(kind, Failure::StoreDown, None, None);
    setup.alerts.deliver_next().await;
    let requests = received(&server).await;
    let body: serde_json::Value = requests.first().ok_or("nothing arrived")?.body_json()?;
    for member in ["step", "reference"] {
        assert!(body.get(member).is_some_and(serde_json::Value::is_null));
    }
    Ok(())
}

#[tokio::test]
async fn two_hundred_failures_are_one_alert_and_the_next_one_counts_them() -> TestResult {
    let server = receiver(ResponseTemplate::new(200)).await;
    let setup = Setup::new(&server.uri()).await?;
    let kind = Kind::ProviderFault;
    for _ in 0..200 {
        setup.raise(kind);
    }
    setup.alerts.deliver_next().await;
    setup.clock.advance(WINDOW_SECONDS);
    setup.raise(kind);
    setup.alerts.deliver_next().await;
    let counts: Vec<_> = received(&server)
        .await
        .iter()
        .filter_map(|request| request.body_json().ok())
        .map(|body: serde_json::Value| {
            ["count", "first_at", "last_at"].map(|name| body.get(name).cloned().unwrap_or_default())
        })
        .map(|values| serde_json::Value::from(values.to_vec()).to_string())
        .collect();
    assert_eq!(
        counts,
        [
            r#"[1,"2026-01-01T00:00:00Z","2026-01-01T00:00:00Z"]"#,
            r#"[200,"2026-01-01T00:00:00Z","2026-01-01T00:05:00Z"]"#,
        ]
    );
    assert_eq!(setup.count(kind, "held"), 199);
    assert_eq!(setup.count(kind, "delivered"), 2);
    Ok(())
}

/// Three tries at most, and one alone where the answer will not change.
#[tokio::test]
async fn a_receiver_that_fails_is_tried_again_a_few_times() -> TestResult {
    let elsewhere = receiver(ResponseTemplate::new(200)).await;
    let to = |status| ResponseTemplate::new(status).insert_header("location", elsewhere.uri());
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_mins(10));
    let status = ResponseTemplate::new;
    for (row, answer, tries) in [
        ("500", status(500), 3),
        ("503", status(503), 3),
        ("429", status(429), 3),
        ("silence", slow, 3),
        ("302", to(302), 1),
        ("307", to(307), 1),
        ("400", status(400), 1),
        ("401", status(401), 1),
        ("404", status(404), 1),
    ] {
        let server = receiver(answer).await;
        let setup = Setup::new(&server.uri()).await?;
        setup.raise(Kind::ProviderFault);
        setup.alerts.deliver_next().await;
        assert_eq!(received(&server).await.len(), tries, "{row}");
        assert_eq!(setup.count(Kind::ProviderFault, "failed"), 1, "{row}");
    }
    assert_eq!(received(&elsewhere).await.len(), 0);
    Ok(())
}

/// The id tells a receiver that it had the alert before; the signature is of each try.
#[tokio::test]
async fn a_receiver_that_recovers_gets_the_same_alert() -> TestResult {
    let server = MockServer::start().await;
    let once = Mock::given(any()).respond_with(ResponseTemplate::new(500));
    once.up_to_n_times(2).mount(&server).await;
    let then = Mock::given(any()).respond_with(ResponseTemplate::new(200));
    then.mount(&server).await;
    let setup = Setup::new(&server.uri()).await?;
    setup.raise(Kind::ClientRejected);
    setup.alerts.deliver_next().await;
    let bodies: Vec<_> = received(&server)
        .await
        .into_iter()
        .map(|it| it.body)
        .collect();
    assert_eq!(bodies.len(), 3);
    assert!(bodies.iter().all(|body| Some(body) == bodies.first()));
    assert_eq!(setup.count(Kind::ClientRejected, "delivered"), 1);
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_is_gone_stops_nothing() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let gone = format!("http://{}", listener.local_addr()?);
    drop(listener);
    let setup = Setup::new(&gone).await?;
    for kind in [Kind::StoreDown, Kind::ProviderFault] {
        setup.raise(kind);
        setup.alerts.deliver_next().await;
        assert_eq!(setup.count(kind, "failed"), 1);
    }
    Ok(())
}

/// What cannot wait any more is dropped and counted, and the next alert of its kind says so.
#[tokio::test]
async fn the_queue_is_short() -> TestResult {
    let server = receiver(ResponseTemplate::new(200)).await;
    let setup = Setup::new(&server.uri()).await?;
    let first = Kind::ALL.iter().take(MOST_IN_A_WINDOW);
    first.for_each(|kind| setup.raise(*kind));
    setup.clock.advance(WINDOW_SECONDS);
    for kind in Kind::ALL {
        setup.raise(*kind);
    }
    let dropped = |kind: &Kind| setup.count(*kind, "dropped") == 1;
    let dropped: Vec<_> = Kind::ALL.iter().copied().filter(dropped).collect();
    assert_eq!(dropped.len(), MOST_IN_A_WINDOW + Kind::ALL.len() - QUEUE);
    for _ in 0..QUEUE {
        setup.alerts.deliver_next().await;
    }
    assert_eq!(received(&server).await.len(), QUEUE);
    setup.clock.advance(WINDOW_SECONDS);
    setup.raise(*dropped.first().ok_or("none was dropped")?);
    setup.alerts.deliver_next().await;
    let last = received(&server).await.pop().ok_or("nothing arrived")?;
    let body: serde_json::Value = last.body_json()?;
    assert_eq!(body.get("count"), Some(&2.into()), "{body}");
    Ok(())
}

/// What happens without a person is counted and alerted in one call each.
#[tokio::test]
async fn the_breaker_and_the_keys_are_told_of() -> TestResult {
    let server = receiver(ResponseTemplate::new(200)).await;
    let setup = Setup::new(&server.uri()).await?;
    let operator = Operator {
        metrics: setup.metrics.clone(),
        alerts: setup.alerts.clone(),
    };
    operator.on_breaker(Leg::Token, true);
    operator.on_breaker(Leg::Token, false);
    assert!(operator.jwks_refreshed(Ok(1)).is_ok());
    let failed = ProviderError::Deadline {
        leg: Leg::Discovery,
    };
    assert!(operator.jwks_refreshed::<()>(Err(failed)).is_err());
    let mut told = Vec::new();
    for _ in 0..2 {
        setup.alerts.deliver_next().await;
    }
    for request in received(&server).await {
        let body: serde_json::Value = request.body_json()?;
        let members = ["kind", "failure", "step"].map(|name| body.get(name).cloned());
        told.push(members.map(|it| it.and_then(|it| it.as_str().map(str::to_owned))));
    }
    let expected = [
        ["breaker-open", "provider-busy", "exchange"],
        ["jwks-failed", "provider-timeout", "check-id-token"],
    ];
    assert_eq!(told, expected.map(|it| it.map(|it| Some(it.to_owned()))));
    let exposition = setup.metrics.exposition();
    for line in [
        "wrengate_provider_breaker_open{endpoint=\"token\"} 0",
        "wrengate_jwks_refreshes_total{outcome=\"failed\"} 1",
    ] {
        assert!(exposition.contains(line), "{line} in {exposition}");
    }
    Ok(())
}

#[test]
fn every_kind_has_a_code_and_words_of_its_own() {
    let mut codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    let mut words: Vec<_> = Kind::ALL.iter().map(|kind| kind.message()).collect();
    codes.sort_unstable();
    codes.dedup();
    words.sort_unstable();
    words.dedup();
    assert_eq!((codes.len(), words.len()), (Kind::ALL.len(), codes.len()));
}

/// What nobody is alerted of, in the order of the catalogue; everything else somebody must act on.
#[test]
fn the_failures_that_alert_are_as_agreed() {
    let alerting = Failure::ALL
        .iter()
        .filter_map(|failure| Some(format!("{failure}: {}", Kind::of(*failure)?.code())));
    insta::assert_snapshot!(alerting.collect::<Vec<_>>().join("\n"), @r"
    request-unreadable: request-rejected
    client-not-allowed: request-rejected
    answer-type: request-rejected
    scope-refused: request-rejected
    provider-fault: provider-fault
    provider-busy: provider-busy
    option-unknown: request-rejected
    target-unknown: request-rejected
    wrong-issuer: issuer-mismatch
    client-rejected: client-rejected
    exchange-refused: exchange-rejected
    answer-unreadable: answer-unreadable
    id-untrusted: id-untrusted
    clock-skew: clock-skew
    subject-mismatch: subject-mismatch
    provider-timeout: provider-timeout
    provider-unreachable: provider-unreachable
    metadata-wrong: metadata-wrong
    provider-limit: provider-limit
    app-busy: app-busy
    store-down: store-down
    unexpected: unexpected
    ");
}
