//! What it costs to ask who is signed in (`POST /api/session`), with a thousand sessions and with a
//! million, in each store that is at hand.
//!
//! `make bench` runs it. The server is the release binary as a process of its own, asked over kept
//! connections on loopback by this one; both share the machine, so the numbers are for comparing with
//! each other and not with those of other machines.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program of its own: it is told where the store is, and says what it measured"
)]

mod fill;
mod load;
mod served;

use std::{env, error::Error, time::Duration};

use self::{fill::Filling, served::Served};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// How many sessions there are.
const COUNTS: [u32; 2] = [1_000, 1_000_000];

/// How long each measurement takes, after as long a warm-up.
const WINDOW: Duration = Duration::from_secs(10);

/// The least that the throughput at a million may be of that at a thousand.
const LEAST_SHARE: f64 = 0.8;

#[tokio::main]
async fn main() -> Outcome {
    // Cargo's way to ask a bench whether it can list itself.
    if env::args().any(|argument| argument == "--list") {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut stores = vec![("SQLite", Filling::sqlite(folder.path()))];
    match env::var("WRENGATE_TEST_POSTGRES") {
        Ok(address) => stores.push(("PostgreSQL", Filling::postgres(&address))),
        Err(_) => println!("PostgreSQL is left out: scripts/with-stores.sh starts one"),
    }
    let mut enough = true;
    for (name, filling) in stores {
        let mut rates = Vec::new();
        for count in COUNTS {
            let store = filling.with(count).await?;
            let server = Served::start(&store, folder.path()).await?;
            load::run(server.addr, count, WINDOW).await?;
            let before = server.cpu_seconds()?;
            let answered = load::run(server.addr, count, WINDOW).await?;
            let cpu = server.cpu_seconds()? - before;
            server.end().await?;
            let rate = f64::from(answered) / WINDOW.as_secs_f64();
            println!(
                "{name:<10} {count:>9} sessions: {rate:>7.0} checks/s, {:>5.0} us CPU of the server each",
                cpu * 1e6 / f64::from(answered)
            );
            rates.push(rate);
        }
        if let [few, many] = rates.as_slice() {
            let share = many / few;
            println!("{name:<10} at a million it is {share:.2} of that at a thousand");
            enough &= share >= LEAST_SHARE;
        }
    }
    if enough {
        Ok(())
    } else {
        Err(format!("less than {LEAST_SHARE} of the throughput is left at a million").into())
    }
}
