//! Keys that change while the provider is slow or down (G12 to G15): one fetch for all who wait, and a
//! change is noticed as soon as it can be.

use std::{slice::from_ref, sync::Arc, time::Duration};

use jsonwebtoken::Algorithm;
use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use wiremock::ResponseTemplate;
use wrengate_backend::provider::{BreakerLimits, Limits, ProviderError};
use wrengate_protocol::{Failure, id_token::IdToken, signing::SigningAlgorithm};

use super::{BoxError, TestResult, check, id_token::Signed, json, keys::Key, quick};

/// Asks about one token twenty times at once.
async fn check_twenty_times(
    signed: &Arc<Signed>,
    token: &str,
) -> Vec<Result<IdToken, ProviderError>> {
    let mut checks = JoinSet::new();
    for _ in 0..20 {
        let (signed, token) = (Arc::clone(signed), token.to_owned());
        checks.spawn(async move { signed.check(&token).await });
    }
    checks.join_all().await
}

async fn start(limits: Limits) -> Result<(Arc<Signed>, Key, Key), BoxError> {
    let signed = Signed::with_limits(SigningAlgorithm::ALL.to_vec(), limits).await?;
    let old = Key::rsa(0, "old", Algorithm::RS256)?;
    let new = Key::rsa(1, "new", Algorithm::RS256)?;
    signed.publish(from_ref(&old.public)).await;
    Ok((Arc::new(signed), old, new))
}

/// From now on keys cannot be had, and ten seconds pass until that is known.
async fn takes_long_to_fail(signed: &Signed) {
    let clock = Arc::clone(&signed.setup.clock);
    let answer = move |_: &wiremock::Request| {
        clock.advance(10);
        ResponseTemplate::new(500).set_delay(Duration::from_millis(50))
    };
    signed.answer_jwks(answer).await;
}

/// However long the fetch takes, its failure is that of all who waited for it, known keys or none.
#[tokio::test]
async fn a_slow_failure_is_everybodys() -> TestResult {
    for is_known in [false, true] {
        let (signed, old, new) = start(quick()).await?;
        if is_known {
            let token = old.sign(json!({"kid": "old"}), &signed.claims())?;
            signed.check(&token).await?;
        }
        takes_long_to_fail(&signed).await;
        let token = new.sign(json!({"kid": "new"}), &signed.claims())?;
        for outcome in check_twenty_times(&signed, &token).await {
            check("waited", outcome, Failure::ProviderFault)?;
        }
        // One request and its two repeats.
        assert_eq!(signed.asked().await, 3, "known: {is_known}");
    }
    Ok(())
}

/// G12: a fetch that no token asked for, such as the one at the start, delays nothing.
#[tokio::test]
async fn a_change_right_after_the_keys_were_fetched_is_noticed_at_once() -> TestResult {
    let (signed, old, new) = start(quick()).await?;
    let before = old.sign(json!({"kid": "old"}), &signed.claims())?;
    signed.check(&before).await?;
    signed.publish(from_ref(&new.public)).await;
    let after = new.sign(json!({"kid": "new"}), &signed.claims())?;
    signed.check(&after).await?;
    assert_eq!(signed.asked().await, 1);

    // The next change within the cool-down has to wait for its end, and not longer.
    signed.publish(from_ref(&old.public)).await;
    signed.setup.clock.advance(59);
    check("59 s", signed.check(&before).await, Failure::IdUntrusted)?;
    assert_eq!(signed.asked().await, 0);
    signed.setup.clock.advance(1);
    signed.check(&before).await?;
    assert_eq!(signed.asked().await, 1);
    Ok(())
}

/// Nobody can say of a token that it is forged while the key it names may be new: the person is told
/// that the provider has trouble, and nobody is alerted of an attack.
#[tokio::test]
async fn a_key_that_cannot_be_looked_up_is_the_providers_trouble() -> TestResult {
    let (signed, old, new) = start(quick()).await?;
    let before = old.sign(json!({"kid": "old"}), &signed.claims())?;
    let after = new.sign(json!({"kid": "new"}), &signed.claims())?;
    signed.check(&before).await?;
    signed.answer_jwks(json(500, "{}")).await;
    for second in 0..3 {
        let row = format!("{second} s");
        check(&row, signed.check(&after).await, Failure::ProviderFault)?;
        signed.check(&before).await?;
        signed.setup.clock.advance(1);
    }
    assert_eq!(signed.asked().await, 3, "one request and its two repeats");
    Ok(())
}

/// What the breaker held back was not asked, so it starts no cool-down.
#[tokio::test]
async fn an_open_breaker_delays_no_change() -> TestResult {
    let limits = Limits {
        breaker: BreakerLimits {
            failures: 3,
            open: Duration::from_millis(50),
            ..BreakerLimits::default()
        },
        ..quick()
    };
    let (signed, old, new) = start(limits).await?;
    let before = old.sign(json!({"kid": "old"}), &signed.claims())?;
    let after = new.sign(json!({"kid": "new"}), &signed.claims())?;
    signed.check(&before).await?;
    signed.answer_jwks(json(500, "{}")).await;
    check("500", signed.check(&after).await, Failure::ProviderFault)?;
    signed.setup.clock.advance(60);
    check("open", signed.check(&after).await, Failure::ProviderBusy)?;
    signed.publish(from_ref(&new.public)).await;
    timeout(Duration::from_secs(20), async {
        loop {
            match signed.check(&after).await {
                Err(error) if error.failure() == Failure::ProviderBusy => {
                    sleep(Duration::from_millis(1)).await;
                }
                outcome => return outcome.map(drop),
            }
        }
    })
    .await??;
    Ok(())
}
