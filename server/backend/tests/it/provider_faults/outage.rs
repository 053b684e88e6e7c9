//! H8 and H9: endpoints that keep failing are left alone, tried again, and used again.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::path};
use wrengate_backend::provider::{BreakerLimits, Leg, Limits, Observer, ProviderError, Readiness};
use wrengate_protocol::Failure;

use super::{
    SLACK, Setup, TestResult, check,
    discovery::{OPENID, metadata},
    json, quick,
};

const TOKENS: &str = r#"{"access_token":"a","token_type":"bearer"}"#;

/// How long breakers stay open here.
const OPEN: Duration = Duration::from_secs(1);

fn limits() -> Limits {
    Limits {
        breaker: BreakerLimits {
            open: OPEN,
            ..BreakerLimits::default()
        },
        ..quick()
    }
}

/// What breakers did.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<(Leg, bool)>>);

impl Told {
    fn breakers(&self) -> Vec<(Leg, bool)> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Observer for Told {
    fn on_breaker(&self, leg: Leg, open: bool) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((leg, open));
    }
}

/// Answers well or with 500, as it is told.
#[derive(Debug, Clone)]
struct Moody {
    well: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Moody {
    fn new() -> Self {
        Self {
            well: Arc::new(AtomicBool::new(false)),
            asked: Arc::default(),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn recovers(&self) {
        self.well.store(true, Ordering::SeqCst);
    }
}

impl Respond for Moody {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.well.load(Ordering::SeqCst) {
            json(200, TOKENS)
        } else {
            ResponseTemplate::new(500)
        }
    }
}

#[tokio::test]
async fn endpoint_that_keeps_failing_is_left_alone_and_comes_back() -> TestResult {
    let server = MockServer::start().await;
    let provider = Moody::new();
    Mock::given(path("/token"))
        .respond_with(provider.clone())
        .mount(&server)
        .await;
    Mock::given(path("/userinfo"))
        .respond_with(json(200, r#"{"sub":"u"}"#))
        .mount(&server)
        .await;
    Mock::given(path(OPENID))
        .respond_with(json(200, metadata(&server, "")))
        .mount(&server)
        .await;
    let told = Arc::new(Told::default());
    let setup = Setup::with_limits(&server.uri(), limits())?.observed_by(told.clone());
    setup.provider.metadata().await?;
    assert_eq!(setup.provider.readiness(), Readiness::Ready);

    for row in ["first", "second", "third, not repeated"] {
        check(row, setup.exchange().await, Failure::ProviderFault)?;
    }
    assert_eq!(provider.asked(), 5);
    assert_eq!(told.breakers(), [(Leg::Token, true)]);
    assert_eq!(setup.provider.readiness(), Readiness::Troubled);
    for _ in 0..20 {
        let outcome = setup.exchange().await;
        let error = outcome.as_ref().err();
        assert_eq!(error.and_then(ProviderError::retry_after), Some(1));
        check("open", outcome, Failure::ProviderBusy)?;
    }
    assert_eq!(provider.asked(), 5, "nothing is sent while it is open");
    setup.userinfo().await?;
    setup.provider.metadata().await?;

    closes(&setup).await;
    check("probe", setup.exchange().await, Failure::ProviderFault)?;
    assert_eq!(provider.asked(), 6, "one probe, and no repeat of it");
    check("open again", setup.exchange().await, Failure::ProviderBusy)?;
    provider.recovers();
    closes(&setup).await;
    for _ in 0..3 {
        setup.exchange().await?;
    }
    assert_eq!(provider.asked(), 9);
    assert_eq!(setup.provider.readiness(), Readiness::Ready);
    assert_eq!(
        told.breakers(),
        [(Leg::Token, true), (Leg::Token, false)],
        "one alert, however often a probe fails"
    );
    Ok(())
}

/// Waits until a breaker that is open lets a probe through.
async fn closes(setup: &Setup) {
    while setup.provider.readiness() == Readiness::Troubled {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Wrong codes shut out nobody, even where the provider answers them with 500.
#[tokio::test]
async fn refusals_open_no_breaker() -> TestResult {
    for (status, body, expected) in [
        (400, r#"{"error":"invalid_grant"}"#, Failure::CodeExpired),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            Failure::ClientRejected,
        ),
        (403, "", Failure::Unrecognised),
        (429, "", Failure::ProviderLimit),
        (500, r#"{"error":"invalid_grant"}"#, Failure::CodeExpired),
        (301, "", Failure::AnswerUnreadable),
        (200, "<h1>", Failure::AnswerUnreadable),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/token"))
            .respond_with(json(status, body))
            .expect(10)
            .mount(&server)
            .await;
        let setup = Setup::with_limits(&server.uri(), limits())?;
        for number in 0..10 {
            let row = format!("{status} {number}");
            check(&row, setup.exchange().await, expected)?;
        }
        server.verify().await;
    }
    Ok(())
}

/// G11: a discovery that is left alone still tells why.
#[tokio::test]
async fn discovery_that_keeps_failing_is_left_alone() -> TestResult {
    let server = MockServer::start().await;
    Mock::given(path(OPENID))
        .respond_with(ResponseTemplate::new(500))
        .expect(5)
        .mount(&server)
        .await;
    let told = Arc::new(Told::default());
    let setup = Setup::with_limits(&server.uri(), limits())?.observed_by(told.clone());
    for row in ["first", "second"] {
        check(row, setup.provider.metadata().await, Failure::ProviderFault)?;
        setup.clock.advance(3);
    }
    for _ in 0..20 {
        check(
            "open",
            setup.provider.metadata().await,
            Failure::ProviderFault,
        )?;
    }
    assert_eq!(
        setup.provider.readiness(),
        Readiness::Failing(Failure::ProviderFault)
    );
    assert_eq!(told.breakers(), [(Leg::Discovery, true)]);
    server.verify().await;

    server.reset().await;
    Mock::given(path(OPENID))
        .respond_with(json(200, metadata(&server, "")))
        .mount(&server)
        .await;
    let began = Instant::now();
    while setup.provider.metadata().await.is_err() {
        assert!(began.elapsed() < OPEN + SLACK, "it never comes back");
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(setup.provider.readiness(), Readiness::Ready);
    Ok(())
}

/// H8: half of all requests fail, in no order. The seed makes it the same half each time.
#[tokio::test]
async fn repeats_raise_the_rate_of_success() -> TestResult {
    let server = MockServer::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let flaky = Flaky(Arc::clone(&asked));
    Mock::given(path("/token"))
        .respond_with(flaky)
        .mount(&server)
        .await;
    let told = Arc::new(Told::default());
    let setup = Setup::with_limits(&server.uri(), limits())?.observed_by(told.clone());
    let (mut well, mut tried) = (0, 0);
    while tried < 200 {
        match setup.exchange().await {
            Ok(_) => well += 1,
            Err(ProviderError::BreakerOpen { .. }) => {
                closes(&setup).await;
                continue;
            }
            Err(_) => {}
        }
        tried += 1;
    }
    assert!(well > 130, "{well} of {tried} with {asked:?} requests");
    let breakers = told.breakers();
    assert!(!breakers.is_empty(), "five in a row do happen");
    for (number, told) in breakers.iter().enumerate() {
        assert_eq!(*told, (Leg::Token, number % 2 == 0), "{breakers:?}");
    }
    Ok(())
}

/// Fails half of the time, by the bits of a hash of the number of the request.
#[derive(Debug)]
struct Flaky(Arc<AtomicUsize>);

impl Respond for Flaky {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let number = self.0.fetch_add(1, Ordering::SeqCst) as u64;
        let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if (bits >> 40) & 1 == 0 {
            json(200, TOKENS)
        } else {
            ResponseTemplate::new(500)
        }
    }
}

/// H9: a name that nobody has, for as long as a name may be looked for.
#[tokio::test]
async fn name_that_does_not_exist_is_unreachable_in_time() -> TestResult {
    let setup = Setup::with_limits("https://nobody.invalid", limits())?;
    let began = Instant::now();
    let outcome = setup.exchange().await;
    let failure = outcome.as_ref().err().map(ProviderError::failure);
    assert!(
        matches!(
            failure,
            Some(Failure::ProviderUnreachable | Failure::ProviderTimeout)
        ),
        "{outcome:?}"
    );
    assert!(began.elapsed() < limits().total + SLACK);
    Ok(())
}
