//! G11: metadata in the background, and how long it serves.

use std::{net::TcpListener, time::Duration};

use tokio::time::{sleep, timeout};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};
use wrengate_backend::provider::{BreakerLimits, Limits, Readiness};
use wrengate_protocol::Failure;

use super::{
    BoxError, Setup, TestResult, check,
    discovery::{OPENID, metadata},
    json, quick,
};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pauses in milliseconds, so that nobody waits for them.
fn hurried() -> Limits {
    let pause = Duration::from_millis(5);
    Limits {
        rediscover_first: pause,
        rediscover_longest: pause * 2,
        refresh: pause,
        breaker: BreakerLimits {
            open: pause,
            ..BreakerLimits::default()
        },
        ..quick()
    }
}

/// Keeps metadata fresh until the condition holds.
async fn keep_fresh_until(setup: &Setup, condition: impl Fn() -> bool + Send + Sync) -> TestResult {
    let holds = async {
        while !condition() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, setup.provider.keep_metadata_fresh(holds))
        .await
        .map_err(BoxError::from)
}

#[tokio::test]
async fn provider_that_is_down_at_the_start_is_found_when_it_is_back() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    drop(listener);
    let setup = Setup::with_limits(&format!("http://{address}"), hurried())?;
    assert_eq!(setup.provider.readiness(), Readiness::Unknown);
    keep_fresh_until(&setup, || setup.provider.readiness() != Readiness::Unknown).await?;
    assert_eq!(
        setup.provider.readiness(),
        Readiness::Failing(Failure::ProviderUnreachable)
    );
    check(
        "G11",
        setup.provider.metadata().await,
        Failure::ProviderUnreachable,
    )?;

    let server = MockServer::builder()
        .listener(TcpListener::bind(address)?)
        .start()
        .await;
    let good = json(200, metadata(&server, ""));
    Mock::given(path(OPENID))
        .respond_with(good)
        .mount(&server)
        .await;
    keep_fresh_until(&setup, || setup.provider.readiness() == Readiness::Ready).await?;
    setup.provider.metadata().await?;
    Ok(())
}

#[tokio::test]
async fn stale_metadata_serves_for_a_day_while_it_cannot_be_refreshed() -> TestResult {
    let server = MockServer::start().await;
    let good = json(200, metadata(&server, ""));
    Mock::given(path(OPENID))
        .respond_with(good)
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(path(OPENID))
        .respond_with(ResponseTemplate::new(500))
        .expect(4..)
        .mount(&server)
        .await;
    let setup = Setup::with_limits(&server.uri(), hurried())?;
    setup.provider.metadata().await?;

    // The fifth is of the second discovery, so the failure of the first one is known.
    let four_more = async {
        while server.received_requests().await.unwrap_or_default().len() < 5 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, setup.provider.keep_metadata_fresh(four_more)).await?;
    setup.clock.advance(24 * 60 * 60 - 1);
    assert_eq!(setup.provider.readiness(), Readiness::Ready);
    setup.provider.metadata().await?;

    setup.clock.advance(1);
    assert_eq!(
        setup.provider.readiness(),
        Readiness::Failing(Failure::ProviderFault)
    );
    check(
        "a day old",
        setup.provider.metadata().await,
        Failure::ProviderFault,
    )
}

#[tokio::test]
async fn refreshing_ends_at_once_with_the_shutdown() -> TestResult {
    let server = MockServer::start().await;
    let never = json(200, metadata(&server, "")).set_delay(Duration::from_secs(9));
    Mock::given(path(OPENID))
        .respond_with(never)
        .mount(&server)
        .await;
    let setup = Setup::new(&server.uri())?;
    let soon = sleep(Duration::from_millis(20));
    timeout(
        Duration::from_secs(2),
        setup.provider.keep_metadata_fresh(soon),
    )
    .await?;
    assert_eq!(setup.provider.readiness(), Readiness::Unknown);
    Ok(())
}
