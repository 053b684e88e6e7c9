//! A circuit breaker for each endpoint: who fails again and again is left alone for a while.
//!
//! Our own, because it is one small state machine and must obey the runtime's clock, which tests stop;
//! the crates there are go by the machine's and let more than one probe through.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{error::Leg, observer::Observer};

/// When a breaker opens, and for how long. The default is what production uses.
#[derive(Clone, Copy, Debug)]
pub struct BreakerLimits {
    /// How many failures in a row open it. 5.
    pub failures: usize,
    /// How close together these must be, first to last. 30 s.
    pub within: Duration,
    /// How long it stays open before one request may try. 15 s.
    pub open: Duration,
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self {
            failures: 5,
            within: Duration::from_secs(30),
            open: Duration::from_secs(15),
        }
    }
}

/// What a call is told to wait while another one probes: 1 s, since nobody knows how that will end.
const PROBE_WAIT: Duration = Duration::from_secs(1);

/// The breakers of all endpoints.
#[derive(Debug)]
pub(super) struct Breakers {
    limits: BreakerLimits,
    states: Mutex<HashMap<Leg, State>>,
}

/// One breaker.
#[derive(Debug)]
enum State {
    /// Requests go out. The times of the last failures in a row, oldest first.
    Closed(VecDeque<Instant>),
    /// None go out until then; the first one after it is the probe.
    Open(Instant),
    /// One is out, and its outcome decides.
    Probing,
}

/// What changed, to be told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Opened,
    Reopened,
    Closed,
}

/// The right to send one request. Dropped without [`settle`](Self::settle), it says nothing of the
/// endpoint, and another request may probe.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    breakers: &'a Breakers,
    leg: Leg,
    is_probe: bool,
    settled: bool,
}

impl Breakers {
    pub(super) fn new(limits: BreakerLimits) -> Self {
        Self {
            limits,
            states: Mutex::default(),
        }
    }

    /// Lets a request through.
    ///
    /// # Errors
    /// The time after which another try makes sense, while the breaker is open.
    pub(super) fn admit(&self, leg: Leg, now: Instant) -> Result<Permit<'_>, Duration> {
        let mut states = self.states();
        let state = states.entry(leg).or_insert_with(State::new);
        let is_probe = match state {
            State::Closed(_) => false,
            State::Open(until) if now < *until => return Err(until.duration_since(now)),
            State::Open(_) => {
                *state = State::Probing;
                true
            }
            State::Probing => return Err(PROBE_WAIT),
        };
        Ok(Permit {
            breakers: self,
            leg,
            is_probe,
            settled: false,
        })
    }

    /// Whether requests are refused for the sake of time alone.
    ///
    /// After that time it counts as closed, though nobody has tried yet: an instance that calls
    /// itself unready until somebody signs in would be sent nobody who could.
    pub(super) fn is_open(&self, leg: Leg, now: Instant) -> bool {
        matches!(self.states().get(&leg), Some(State::Open(until)) if now < *until)
    }

    fn settle(&self, leg: Leg, is_probe: bool, works: bool, now: Instant) -> Option<Change> {
        let mut states = self.states();
        let state = states.entry(leg).or_insert_with(State::new);
        match state {
            State::Closed(failures) if works => {
                failures.clear();
                None
            }
            State::Closed(failures) => {
                failures.push_back(now);
                if failures.len() > self.limits.failures {
                    failures.pop_front();
                }
                let close = failures
                    .front()
                    .is_some_and(|first| now.duration_since(*first) <= self.limits.within);
                if failures.len() < self.limits.failures || !close {
                    return None;
                }
                *state = State::Open(now + self.limits.open);
                Some(Change::Opened)
            }
            State::Probing if is_probe && works => {
                *state = State::new();
                Some(Change::Closed)
            }
            State::Probing if is_probe => {
                *state = State::Open(now + self.limits.open);
                Some(Change::Reopened)
            }
            // What was sent before it opened says nothing new.
            State::Open(_) | State::Probing => None,
        }
    }

    fn states(&self) -> MutexGuard<'_, HashMap<Leg, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new() -> Self {
        Self::Closed(VecDeque::new())
    }
}

impl Permit<'_> {
    /// Says whether the endpoint works, and tells everybody what that changes.
    pub(super) fn settle(mut self, works: bool, now: Instant, observer: &dyn Observer) {
        self.settled = true;
        let leg = self.leg;
        match self.breakers.settle(leg, self.is_probe, works, now) {
            Some(Change::Opened) => {
                tracing::warn!(
                    leg = leg.code(),
                    pause_ms =
                        u64::try_from(self.breakers.limits.open.as_millis()).unwrap_or(u64::MAX),
                    "the endpoint fails again and again and is left alone for a while"
                );
                observer.on_breaker(leg, true);
            }
            Some(Change::Reopened) => {
                tracing::warn!(leg = leg.code(), "the endpoint still fails");
            }
            Some(Change::Closed) => {
                tracing::info!(leg = leg.code(), "the endpoint works again");
                observer.on_breaker(leg, false);
            }
            None => {}
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.settled || !self.is_probe {
            return;
        }
        let mut states = self.breakers.states();
        if let Some(state @ State::Probing) = states.get_mut(&self.leg) {
            *state = State::Open(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default)]
    struct Told(Mutex<Vec<bool>>);

    impl Observer for Told {
        fn on_breaker(&self, leg: Leg, open: bool) {
            assert_eq!(leg, Leg::Token);
            self.0.lock().unwrap().push(open);
        }
    }

    /// What happens, second by second, and whether it opened or closed.
    ///
    /// `4f` is a request at second 4 that fails, `w` one that works, `d` one that nobody ever says the
    /// outcome of, `r15` one that is refused with 15 seconds to wait.
    const STORIES: &[(&str, &str, &[bool])] = &[
        ("four", "0f 1f 2f 3f 4w", &[]),
        ("five", "0f 1f 2f 3f 4f 4r15 18r1", &[true]),
        ("a success between", "0f 1f 2f 3f 4w 5f 6w", &[]),
        ("probe works", "0f 1f 2f 3f 4f 19w 19w", &[true, false]),
        (
            "probe fails",
            "0f 1f 2f 3f 4f 19f 19r15 33r1 34w",
            &[true, false],
        ),
        (
            "probe is lost",
            "0f 1f 2f 3f 4f 19d 19w 20w",
            &[true, false],
        ),
        (
            "anew",
            "0f 1f 2f 3f 4f 19w 20f 21f 22f 23f 24w",
            &[true, false],
        ),
        ("just close enough", "0f 8f 16f 24f 30f 31r14", &[true]),
        ("too far apart", "0f 8f 16f 24f 31f 32w", &[]),
        ("the last five", "0f 8f 16f 24f 31f 38f 39r14", &[true]),
        ("nobody says", "0f 1f 2f 3f 4d 5w", &[]),
    ];

    #[tokio::test(start_paused = true)]
    async fn five_failures_in_a_row_within_thirty_seconds_open_it_for_fifteen() {
        for (row, story, expected) in STORIES {
            let breakers = Breakers::new(BreakerLimits::default());
            let told = Told::default();
            let start = Instant::now();
            for event in story.split(' ') {
                let row = format!("{row} at {event}");
                let (at, what) = event.split_at(event.find(char::is_alphabetic).unwrap());
                let now = start + Duration::from_secs(at.parse().unwrap());
                let admitted = breakers.admit(Leg::Token, now);
                if let Some(rest) = what.strip_prefix('r') {
                    let rest = Duration::from_secs(rest.parse().unwrap());
                    assert_eq!(admitted.err(), Some(rest), "{row}");
                    assert!(breakers.is_open(Leg::Token, now), "{row}");
                } else {
                    let permit = admitted.unwrap_or_else(|rest| panic!("{row}: {rest:?}"));
                    match what {
                        "d" => drop(permit),
                        _ => permit.settle(what == "w", now, &told),
                    }
                }
                let other = breakers.admit(Leg::Userinfo, now);
                assert!(other.is_ok(), "{row}: endpoints have breakers of their own");
            }
            assert_eq!(*told.0.lock().unwrap(), *expected, "{row}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_probes_and_earlier_ones_say_nothing() {
        let breakers = Breakers::new(BreakerLimits::default());
        let told = Told::default();
        let start = Instant::now();
        let admit = |at| breakers.admit(Leg::Token, start + Duration::from_secs(at));
        let early = [admit(0).unwrap(), admit(0).unwrap()];
        for _ in 0..5 {
            admit(0).unwrap().settle(false, start, &told);
        }
        let probe = admit(15).unwrap();
        assert_eq!(admit(15).unwrap_err(), PROBE_WAIT);
        let later = start + Duration::from_secs(16);
        for permit in early {
            permit.settle(true, later, &told);
        }
        assert_eq!(admit(16).unwrap_err(), PROBE_WAIT);
        probe.settle(true, later, &told);
        assert!(admit(16).is_ok());
        assert_eq!(*told.0.lock().unwrap(), [true, false]);
    }
}
