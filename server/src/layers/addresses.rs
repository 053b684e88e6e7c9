//! What rate limits remember of addresses, and never too much of it.

use std::{
    collections::HashMap,
    hash::RandomState,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

/// How many addresses are remembered at most, about 5 MB.
pub(super) const MOST: usize = 100_000;

/// For each address the time by which its calls are paid off; the more it calls, the later.
///
/// Above [`MOST`] the half is forgotten whose time is nearest or past: they lose least by it, and whoever
/// calls too often is the last to be forgotten. So many addresses at once, which IPv6 makes cheap,
/// fill no memory, and nobody gains by them what the limits on everybody together would not stop.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<HashMap<IpAddr, Nanos, RandomState>>);

impl Addresses {
    fn map(&self) -> MutexGuard<'_, HashMap<IpAddr, Nanos, RandomState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Addresses {
    type Key = IpAddr;

    fn measure_and_replace<T, F, E>(&self, address: &IpAddr, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut map = self.map();
        let (decision, paid_off) = measure(map.get(address).copied())?;
        if map.len() >= MOST && !map.contains_key(address) {
            forget_half(&mut map);
        }
        map.insert(*address, paid_off);
        Ok(decision)
    }
}

fn forget_half(map: &mut HashMap<IpAddr, Nanos, RandomState>) {
    let mut times: Vec<Nanos> = map.values().copied().collect();
    let half = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(half);
    let median = *median;
    // Of those at the median itself as many go as it takes, since all may be at it.
    let mut earlier = map.values().filter(|time| **time < median).count();
    map.retain(|_, time| {
        if *time == median && earlier < half {
            earlier += 1;
            return false;
        }
        *time >= median
    });
}

impl ShrinkableKeyedStateStore<IpAddr> for Addresses {
    fn retain_recent(&self, drop_below: Nanos) {
        self.map().retain(|_, time| *time > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.map().shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.map().len()
    }

    fn is_empty(&self) -> bool {
        self.map().is_empty()
    }
}
