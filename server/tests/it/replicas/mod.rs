//! Several servers on one store, behind a proxy that knows nothing of sessions.

mod crowd;
mod proxy;
mod replica;
mod shared;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch, time::Instant};

use self::{
    crowd::{Crowd, Tally},
    proxy::Proxy,
    replica::Replicas,
};
use crate::rig::{Outcome, Provider};

/// How many people sign in, browse and sign out.
const PEOPLE: usize = 200;

/// How often a replica is killed, and how many times.
const KILL_EVERY: Duration = Duration::from_secs(5);
const KILLS: usize = 6;

/// Kills a replica every five seconds while 200 people sign in, browse and sign out.
async fn killing_replicas_loses_nothing(store: &str) -> Outcome<Tally> {
    let provider = Arc::new(Provider::start().await?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let origin = format!("http://{addr}");
    let mut replicas = Replicas::start(&provider, &origin, store).await?;
    let _proxy = Proxy::serve(listener, replicas.addresses());
    let (stop, stopping) = watch::channel(false);
    let crowd = Crowd::gather(PEOPLE, &provider, (addr, &origin), &stopping);
    let mut turn = tokio::time::interval_at(Instant::now() + KILL_EVERY, KILL_EVERY);
    for kill in 0..KILLS {
        turn.tick().await;
        replicas.kill_and_restart(kill % Replicas::COUNT).await?;
    }
    stop.send_replace(true);
    let tally = crowd.goes_home().await?;
    let mut redeemed = BTreeMap::<_, usize>::new();
    for asked in provider.asked("/token") {
        *redeemed.entry(asked.field("code")).or_default() += 1;
    }
    let twice = redeemed.values().filter(|times| **times > 1).count();
    assert_eq!(twice, 0, "codes redeemed twice");
    assert_eq!(tally.sessions_lost, 0, "{tally:?}");
    assert_eq!(tally.sign_ins_lost, 0, "{tally:?}");
    assert_eq!(tally.sign_outs_lost, 0, "{tally:?}");
    assert!(tally.sign_ins > PEOPLE, "{tally:?}");
    assert!(tally.broken > 0, "nobody noticed: {tally:?}");
    let log = replicas.end().await?;
    let panics: Vec<_> = log
        .iter()
        .filter(|line| line.contains("panicked"))
        .collect();
    assert!(panics.is_empty(), "{panics:?}");
    Ok(tally)
}

macro_rules! on {
    ($($name:ident: $kind:ident;)*) => { $(
        mod $name {
            use crate::rig::{Outcome, kinds::Kind};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn killing_replicas_loses_nothing() -> Outcome {
                let place = Kind::$kind.place().await?;
                let tally = super::killing_replicas_loses_nothing(&place.address).await?;
                println!("{} kills: {tally:?}", super::KILLS);
                Ok(())
            }
        }
    )* };
}

on! {
    postgres: Postgres;
    redis: Redis;
}
