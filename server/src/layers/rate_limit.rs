//! Requests per client address and minute, and of everybody together.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::{Extension, Request, State},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::Response,
};
use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use tokio::sync::watch;
use wrengate_app::Plain;
use wrengate_backend::{Reference, config::Rates};
use wrengate_protocol::Failure;

use super::{addresses::Addresses, client_address::ClientAddress};
use crate::{plain::Looks, router::AppState};

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sign-ins begun.
    Begin,
    /// Sign-ins completed.
    Complete,
    /// Everything else under `/api`, and forms.
    Api,
    /// Pages, forms and `/readyz`.
    Page,
}

/// The limits of every kind.
#[derive(Debug)]
pub(crate) struct RateLimits {
    begin: Limits<DefaultClock>,
    complete: Limits<DefaultClock>,
    api: Limits<DefaultClock>,
    pages: Limits<DefaultClock>,
}

/// The limits of one kind; `None` where one is switched off.
#[derive(Debug)]
struct Limits<C: Clock> {
    each: Option<Limiter<IpAddr, Addresses, C>>,
    all: Option<Limiter<NotKeyed, InMemoryState, C>>,
    clock: C,
}

type Limiter<K, S, C> = RateLimiter<K, S, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// How often addresses are forgotten that have been quiet.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// A page, a form or `/readyz` counts before anything is done for it.
pub(crate) async fn check_page(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    Extension(client): Extension<ClientAddress>,
    request: Request,
    next: Next,
) -> Response {
    match state.limits.check(Kind::Page, client) {
        Ok(()) => next.run(request).await,
        Err(seconds) => {
            let looks = Looks::of(&state, request.headers());
            too_many(&state, &looks, &reference, seconds)
        }
    }
}

/// The page of a refusal: without the app, because drawing it is what there is too much of.
pub(crate) fn too_many(
    state: &AppState,
    looks: &Looks,
    reference: &Reference,
    seconds: u32,
) -> Response {
    let operator = &state.services.operator;
    operator.request_refused(reference.as_str(), Failure::TooMany);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = looks.page(state, status, Plain::TooMany(seconds), reference);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

impl RateLimits {
    pub(crate) fn new(rates: Rates) -> Self {
        let limits = |each, all| Limits::new(each, all, DefaultClock::default());
        Self {
            begin: limits(rates.begin, rates.begin_all),
            complete: limits(rates.complete, rates.complete_all),
            api: limits(rates.api, 0),
            pages: limits(rates.pages, 0),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The seconds after which another one is allowed, at least 1.
    pub(crate) fn check(&self, kind: Kind, client: ClientAddress) -> Result<(), u32> {
        let limits = match kind {
            Kind::Begin => &self.begin,
            Kind::Complete => &self.complete,
            Kind::Api => &self.api,
            Kind::Page => &self.pages,
        };
        limits.check(client.0)
    }

    /// Forgets quiet addresses now and then: nobody needs to know any longer who was here.
    pub(crate) fn keep_tidy(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(FORGET_EVERY);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = stopping.wait_for(|stop| *stop) => return,
                }
                for limits in [&self.begin, &self.complete, &self.api, &self.pages] {
                    limits.forget();
                }
            }
        });
    }
}

impl<C: Clock + Clone> Limits<C> {
    /// Per minute; 0 is no limit.
    fn new(each: u32, all: u32, clock: C) -> Self {
        let quota = |rate| NonZeroU32::new(rate).map(Quota::per_minute);
        Self {
            each: quota(each)
                .map(|quota| RateLimiter::new(quota, Addresses::default(), clock.clone())),
            all: quota(all)
                .map(|quota| RateLimiter::new(quota, InMemoryState::default(), clock.clone())),
            clock,
        }
    }

    /// The address first: what it is refused takes nothing away from everybody.
    fn check(&self, address: IpAddr) -> Result<(), u32> {
        let seconds = |refused: NotUntil<C::Instant>| {
            let wait = refused.wait_time_from(self.clock.now()).as_secs();
            u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1)
        };
        if let Some(each) = &self.each {
            each.check_key(&network(address)).map_err(seconds)?;
        }
        if let Some(all) = &self.all {
            all.check().map_err(seconds)?;
        }
        Ok(())
    }

    fn forget(&self) {
        if let Some(each) = &self.each {
            each.retain_recent();
            each.shrink_to_fit();
        }
    }
}

/// One household has a whole /64 of IPv6 addresses, so that is what is counted.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use governor::clock::FakeRelativeClock;

    use super::{super::addresses::MOST, *};

    fn known(limits: &Limits<FakeRelativeClock>) -> usize {
        limits.each.as_ref().unwrap().len()
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        let limits = Limits::new(1, 0, FakeRelativeClock::default());
        for (address, expected) in [
            ("2001:db8:0:1::1", Ok(())),
            ("2001:db8:0:1:ffff::2", Err(61)),
            ("2001:db8:0:2::1", Ok(())),
            ("203.0.113.1", Ok(())),
            ("::ffff:203.0.113.1", Err(61)),
            ("203.0.113.2", Ok(())),
        ] {
            assert_eq!(
                limits.check(address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
    }

    /// However many addresses there are, memory is bounded, who calls too often stays refused, and
    /// quiet addresses are forgotten.
    #[test]
    fn memory_is_bounded_whatever_the_number_of_addresses() {
        let clock = FakeRelativeClock::default();
        let limits = Limits::new(30, 0, clock.clone());
        let greedy = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));
        while limits.check(greedy).is_ok() {}
        for number in 0..150_000_u128 {
            let address = Ipv6Addr::from_bits((0x2001_0db8 << 96) | (number << 64));
            assert_eq!(limits.check(address.into()), Ok(()), "{number}");
            assert!(known(&limits) <= MOST);
        }
        assert!(known(&limits) >= MOST / 2);
        assert!(limits.check(greedy).is_err());
        clock.advance(Duration::from_secs(5));
        limits.forget();
        assert_eq!(known(&limits), 1, "only who has to wait");
        clock.advance(Duration::from_mins(1));
        limits.forget();
        assert_eq!(known(&limits), 0);
        assert_eq!(limits.check(greedy), Ok(()));
    }

    /// Many addresses together get no more than everybody may, and one that is refused for itself
    /// takes nothing from it.
    #[test]
    fn everybody_together_has_a_limit() {
        let clock = FakeRelativeClock::default();
        let limits = Limits::new(2, 100, clock.clone());
        let address = |number: u8| IpAddr::V4(Ipv4Addr::new(203, 0, 113, number));
        let allowed = |numbers: std::ops::Range<u8>| {
            numbers
                .filter(|number| limits.check(address(*number)).is_ok())
                .count()
        };
        assert_eq!(
            (0..50).filter(|_| limits.check(address(0)).is_ok()).count(),
            2
        );
        assert_eq!(allowed(1..200), 98);
        assert_eq!(allowed(200..255), 0);
        clock.advance(Duration::from_secs(6));
        assert_eq!(allowed(200..255), 10);
    }

    /// The limit on everybody keeps the attempts of an attempt's lifetime under the number that is
    /// kept, so that a flood pushes nobody's attempt out.
    #[test]
    fn flood_pushes_out_no_attempt() {
        use wrengate_backend::attempt::LIVE_OVERALL;
        let minutes = wrengate_protocol::attempt::LIFETIME.as_secs().div_ceil(60);
        let most = u64::from(Rates::default().begin_all) * (minutes + 1);
        assert!(most < LIVE_OVERALL.into(), "{most}");
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = Limits::new(0, 0, FakeRelativeClock::default());
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert!((0..10_000).all(|_| limits.check(address).is_ok()));
    }
}
