//! Many at once: one discovery, and no more calls than allowed.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::Instant};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};
use wrengate_backend::provider::{BreakerLimits, Limits};
use wrengate_protocol::Failure;

use super::{
    SLACK, Setup, TestResult, check,
    discovery::{OPENID, metadata},
    json, quick,
};
use crate::faulty::{Fault, Faulty};

/// Asks a hundred times at once; gives how many of them succeeded.
async fn ask_a_hundred_times(setup: &Arc<Setup>) -> usize {
    let mut asking = JoinSet::new();
    for _ in 0..100 {
        let setup = Arc::clone(setup);
        asking.spawn(async move { setup.provider.metadata().await.is_ok() });
    }
    asking
        .join_all()
        .await
        .into_iter()
        .filter(|found| *found)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundred_callers_share_one_discovery() -> TestResult {
    let server = MockServer::start().await;
    let slow = json(200, metadata(&server, "")).set_delay(Duration::from_millis(50));
    Mock::given(path(OPENID))
        .respond_with(slow)
        .expect(1)
        .mount(&server)
        .await;
    let setup = Arc::new(Setup::new(&server.uri())?);
    assert_eq!(ask_a_hundred_times(&setup).await, 100);
    assert_eq!(ask_a_hundred_times(&setup).await, 100);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundred_callers_share_one_failure_for_two_seconds() -> TestResult {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(500).set_delay(Duration::from_millis(50));
    // Two discoveries, each of one request and two repeats.
    Mock::given(path(OPENID))
        .respond_with(slow)
        .expect(6)
        .mount(&server)
        .await;
    let never_opens = BreakerLimits {
        failures: 7,
        ..BreakerLimits::default()
    };
    let limits = Limits {
        breaker: never_opens,
        ..quick()
    };
    let setup = Arc::new(Setup::with_limits(&server.uri(), limits)?);
    assert_eq!(ask_a_hundred_times(&setup).await, 0);
    setup.clock.advance(2);
    assert_eq!(ask_a_hundred_times(&setup).await, 0);
    setup.clock.advance(1);
    assert_eq!(ask_a_hundred_times(&setup).await, 0);
    Ok(())
}

/// Without any turn to be had, the wait ends with the deadline and nothing is sent.
#[tokio::test]
async fn waiting_for_a_turn_counts_to_the_deadline() -> TestResult {
    let server = Faulty::start(Fault::Hold(b"")).await?;
    let total = Duration::from_millis(100);
    let limits = Limits {
        calls: 0,
        total,
        ..quick()
    };
    let setup = Setup::with_limits(&server.http(), limits)?;
    let began = Instant::now();
    check("no turn", setup.exchange().await, Failure::ProviderTimeout)?;
    assert!(began.elapsed() < total + SLACK, "{:?}", began.elapsed());
    assert!(server.requests().is_empty());
    Ok(())
}
