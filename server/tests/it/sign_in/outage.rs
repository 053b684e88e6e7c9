//! H8: a provider that dies under load and comes back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{task::JoinSet, time::Instant};
use wrengate_backend::provider::{BreakerLimits, Leg, Limits, Observer};

use crate::rig::{Answer, Browser, Outcome, Plan, World};

/// How long one call to the provider may take here.
const CALL: Duration = Duration::from_secs(3);

/// How much longer an answer may take on a machine with other things to do.
const SLACK: Duration = Duration::from_secs(3);

fn limits() -> Limits {
    Limits {
        connect: CALL / 3,
        idle: CALL / 2,
        total: CALL,
        first_pause: Duration::from_millis(5),
        breaker: BreakerLimits {
            open: Duration::from_secs(2),
            ..BreakerLimits::default()
        },
        ..Limits::default()
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

/// One sign-in, and how long its completion took.
async fn sign_in(world: Arc<World>) -> Outcome<(Answer, Duration)> {
    let mut browser = Browser::at(&world);
    let signing = browser.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    let began = Instant::now();
    let answer = browser.complete(&signing, &arrival).await?;
    Ok((answer, began.elapsed()))
}

/// Fifty people at once.
fn fifty(world: &Arc<World>) -> JoinSet<Outcome<(Answer, Duration)>> {
    (0..50).map(|_| sign_in(Arc::clone(world))).collect()
}

/// Waits for them; gives how often each failure was told (`""` for signed in).
async fn ends(people: JoinSet<Outcome<(Answer, Duration)>>) -> Outcome<BTreeMap<String, usize>> {
    let mut counted = BTreeMap::new();
    for end in people.join_all().await {
        let (answer, took) = end?;
        assert!(took < CALL * 2 + SLACK, "{took:?}: {}", answer.whole());
        let body = answer.json()?;
        let failure = body.get("failure").and_then(|it| it.as_str());
        let failure = failure.unwrap_or_default();
        let status = match failure {
            "" => 200,
            "provider-unreachable" | "answer-lost" => 502,
            "provider-busy" => 503,
            "provider-timeout" => 504,
            _ => return Err(answer.whole().into()),
        };
        assert_eq!(answer.status, status, "{}", answer.whole());
        if failure == "provider-busy" {
            let wait: u32 = answer.header("retry-after").ok_or("no wait")?.parse()?;
            assert!((1..=2).contains(&wait), "{wait}");
        }
        *counted.entry(failure.to_owned()).or_default() += 1;
    }
    Ok(counted)
}

/// Two hundred sign-ins, half of them while the provider is away: each is answered in time, none with
/// an error of ours, and when it is back it is used again, with no restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_dies_under_load_is_left_alone_and_comes_back() -> Outcome {
    let told = Arc::new(Told::default());
    let plan = Plan::new().limits(limits()).observer(told.clone());
    let world = Arc::new(plan.start().await?);
    let mut visitor = Browser::at(&world);
    let signed_in = |ends: &BTreeMap<String, usize>| ends.get("").copied().unwrap_or_default();
    assert_eq!(signed_in(&ends(fifty(&world)).await?), 50);
    assert_eq!(told.breakers(), []);

    // It dies while their codes are with it.
    let calls = world.provider.calls();
    world.provider.holds();
    let people = fifty(&world);
    world.provider.arrived(calls + 10).await?;
    world.provider.dies().await;
    world.provider.goes_on();
    let lost = ends(people).await?;
    assert_eq!(signed_in(&lost), 0, "{lost:?}");
    let refused = ends(fifty(&world)).await?;
    assert_eq!(signed_in(&refused), 0, "{refused:?}");
    let busy = |ends: &BTreeMap<String, usize>| ends.get("provider-busy").copied();
    assert!(
        busy(&refused) > Some(30),
        "most are told at once: {refused:?}"
    );
    assert_eq!(
        told.breakers(),
        [(Leg::Token, true)],
        "{lost:?} {refused:?}"
    );

    // Whoever comes now is told, and may try.
    await_readiness(&mut visitor, 200).await?;
    let (answer, _) = sign_in(Arc::clone(&world)).await?;
    assert_eq!(answer.status, 502, "the probe: {}", answer.whole());
    let ready = visitor.open("/readyz").await?;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()?["provider"], "provider-busy");
    let page = visitor.open("/").await?;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("is having trouble"), "{}", page.text());
    assert!(page.text().contains("\"provider\":\"troubled\""));
    assert!(!page.text().contains(" disabled"), "{}", page.text());
    assert_eq!(visitor.open("/healthz").await?.status, 200);

    world.provider.comes_back().await?;
    await_readiness(&mut visitor, 200).await?;
    visitor.sign_in(&world.provider, "alice").await?;
    let back = ends(fifty(&world)).await?;
    assert_eq!(signed_in(&back), 50, "{back:?}");
    assert_eq!(
        told.breakers(),
        [(Leg::Token, true), (Leg::Token, false)],
        "one alert, and one that all is well"
    );
    let page = Browser::at(&world).open("/").await?;
    assert!(!page.text().contains("is having trouble"));
    Ok(())
}

/// Asks until the server calls itself as ready as this.
async fn await_readiness(visitor: &mut Browser, status: u16) -> Outcome {
    let began = Instant::now();
    while visitor.open("/readyz").await?.status != status {
        let waited = began.elapsed();
        assert!(waited < limits().breaker.open + SLACK, "{waited:?}");
    }
    Ok(())
}
