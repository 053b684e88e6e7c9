//! Calls per client address and minute.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use tokio::sync::watch;
use wrengate_backend::config::Rates;

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sign-ins begun.
    Begin,
    /// Sign-ins completed.
    Complete,
    /// Everything else under `/api`.
    Api,
}

/// The limits; `None` where a limit is switched off.
#[derive(Debug)]
pub(crate) struct RateLimits {
    begin: Option<DefaultKeyedRateLimiter<IpAddr>>,
    complete: Option<DefaultKeyedRateLimiter<IpAddr>>,
    api: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

/// How often addresses are forgotten that have been quiet.
const FORGET_EVERY: Duration = Duration::from_mins(1);

impl RateLimits {
    pub(crate) fn new(rates: Rates) -> Self {
        let limiter = |per_minute: u32| {
            NonZeroU32::new(per_minute).map(|rate| RateLimiter::keyed(Quota::per_minute(rate)))
        };
        Self {
            begin: limiter(rates.begin),
            complete: limiter(rates.complete),
            api: limiter(rates.api),
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// The seconds after which another call is allowed, at least 1.
    pub(crate) fn check(&self, kind: Kind, address: IpAddr) -> Result<(), u32> {
        let limiter = match kind {
            Kind::Begin => &self.begin,
            Kind::Complete => &self.complete,
            Kind::Api => &self.api,
        };
        let Some(limiter) = limiter else {
            return Ok(());
        };
        limiter.check_key(&network(address)).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1)
        })
    }

    /// Forgets quiet addresses now and then, so that many of them do not fill the memory.
    pub(crate) fn keep_tidy(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(FORGET_EVERY);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = stopping.wait_for(|stop| *stop) => return,
                }
                for limiter in [&self.begin, &self.complete, &self.api]
                    .into_iter()
                    .flatten()
                {
                    limiter.retain_recent();
                }
            }
        });
    }
}

/// One household has a whole /64 of IPv6 addresses, so that is what is counted.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
