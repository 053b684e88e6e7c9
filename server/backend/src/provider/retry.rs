//! Which calls are repeated, after what, and how soon.
//!
//! The loop is our own. Libraries for backoff repeat until a condition holds; here the answer says how
//! long to wait, the deadline whether there is time for it, the breaker whether anything is sent at
//! all, and an earlier request in doubt what a later refusal means.

use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::time::{Instant, sleep};
use wrengate_protocol::Failure;

use super::{
    Provider,
    answer::Answer,
    error::{Leg, ProviderError},
    refusal::Refusal,
};
use crate::random::Random;

/// Which calls may be repeated, how often, and after what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatPolicy {
    /// Asking twice changes nothing at the provider: metadata, JWKS, userinfo, PAR.
    Idempotent,
    /// A code works once (RFC 6749, section 4.1.2). A request in doubt may have spent it, so a
    /// following `invalid_grant` is [`ProviderError::GrantSpent`].
    CodeExchange,
    /// A refresh token may be replaced by its use, and the second use of one can end all of them
    /// (RFC 9700, section 4.14.2).
    Refresh,
    /// Not worth waiting for: revocation, the end of the provider's session.
    Never,
}

/// What stood in the way of an answer, as far as another request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// The provider surely did nothing: no connection, or 429 and 503 that name a time to come back.
    Unprocessed,
    /// Nobody knows what it did: silence, a connection that was lost, 5xx.
    InDoubt,
    /// It asks to come back and names no time: 408, 425, 429.
    Later,
}

impl RepeatPolicy {
    const fn repeats(self) -> u32 {
        match self {
            Self::Idempotent => 2,
            Self::CodeExchange | Self::Refresh => 1,
            Self::Never => 0,
        }
    }

    const fn repeats_after(self, trouble: Trouble) -> bool {
        match self {
            Self::Idempotent => true,
            Self::CodeExchange => matches!(trouble, Trouble::Unprocessed | Trouble::InDoubt),
            Self::Refresh => matches!(trouble, Trouble::Unprocessed),
            Self::Never => false,
        }
    }
}

/// What came of one request.
type Outcome = Result<Answer, ProviderError>;

impl Provider {
    /// Sends a request, and again as the policy allows, all before `deadline`.
    ///
    /// `request` makes it anew each time, so that what must be fresh, such as a signed assertion, is.
    ///
    /// # Errors
    /// The last outcome's, or [`ProviderError::BreakerOpen`] when nothing may be sent. Of a code
    /// exchange also [`ProviderError::GrantSpent`]; and there the first outcome stands if it was in
    /// doubt and the repeat surely did nothing, so that [`ProviderError::Unreachable`] means that the
    /// code was not seen.
    pub(super) async fn call(
        &self,
        leg: Leg,
        policy: RepeatPolicy,
        deadline: Instant,
        request: impl Fn() -> Result<RequestBuilder, ProviderError> + Send + Sync,
    ) -> Outcome {
        let mut before: Option<Outcome> = None;
        for repeat in 0.. {
            let permit = match self.breakers.admit(leg, Instant::now()) {
                Ok(permit) => permit,
                Err(rest) => {
                    return before.unwrap_or(Err(ProviderError::BreakerOpen { leg, rest }));
                }
            };
            if before.is_some() {
                tracing::info!(leg = leg.code(), repeat, "asking the provider again");
                self.observer.on_retry(leg);
            }
            let outcome = self.http.call(leg, request()?, deadline).await;
            if let Some(works) = self.works(&outcome) {
                permit.settle(works, Instant::now(), &*self.observer);
            }
            let outcome = match before.take() {
                Some(first) if policy == RepeatPolicy::CodeExchange => {
                    return self.of_two_exchanges(first, outcome);
                }
                _ => outcome,
            };
            let repeats = repeat < policy.repeats()
                && self
                    .trouble(&outcome)
                    .is_some_and(|trouble| policy.repeats_after(trouble));
            let Some(pause) = self
                .pause(repeat, &outcome, deadline)
                .filter(|_| repeats && !self.breakers.is_open(leg, Instant::now()))
            else {
                return outcome;
            };
            sleep(pause).await;
            before = Some(outcome);
        }
        // Never reached: the last repeat returns above.
        before.unwrap_or(Err(ProviderError::Deadline { leg }))
    }

    /// What the two requests of one code exchange come to.
    fn of_two_exchanges(&self, first: Outcome, second: Outcome) -> Outcome {
        if self.trouble(&first) != Some(Trouble::InDoubt) {
            return second;
        }
        if self.trouble(&second) == Some(Trouble::Unprocessed) {
            return first;
        }
        match second {
            // With 200 too, since an error may come with any status.
            Ok(answer) => {
                let refusal = Refusal::read(&answer, self.clock.now());
                if refusal.failure() == Failure::CodeExpired {
                    return Err(ProviderError::GrantSpent(Box::new(refusal)));
                }
                Ok(answer)
            }
            Err(error) => Err(error),
        }
    }

    fn trouble(&self, outcome: &Outcome) -> Option<Trouble> {
        let answer = match outcome {
            Ok(answer) => answer,
            Err(error) => {
                return match error {
                    // Another try would meet the same certificate.
                    ProviderError::Unreachable { .. } if error.is_tls() => None,
                    ProviderError::Unreachable { .. } => Some(Trouble::Unprocessed),
                    ProviderError::Silent { source, .. } if source.is_connect() => {
                        Some(Trouble::Unprocessed)
                    }
                    ProviderError::Silent { .. } | ProviderError::Lost { .. } => {
                        Some(Trouble::InDoubt)
                    }
                    _ => None,
                };
            }
        };
        let refusal = self.refusal(answer)?;
        if says_why(&refusal) {
            return None;
        }
        match refusal.status {
            429 | 503 if refusal.retry_after_seconds.is_some() => Some(Trouble::Unprocessed),
            408 | 425 | 429 => Some(Trouble::Later),
            500.. => Some(Trouble::InDoubt),
            _ => None,
        }
    }

    /// What an outcome says of the endpoint; `None` where the fault is ours.
    ///
    /// # Security
    /// A refusal with a code of its own is an answer, whatever its status: otherwise whoever brings
    /// wrong codes to a provider that answers them with 500 would shut out everybody.
    fn works(&self, outcome: &Outcome) -> Option<bool> {
        match outcome {
            Ok(answer) if answer.status().is_server_error() => {
                self.refusal(answer).map(|refusal| says_why(&refusal))
            }
            Err(
                ProviderError::Unreachable { .. }
                | ProviderError::Silent { .. }
                | ProviderError::Deadline { .. }
                | ProviderError::Lost { .. }
                | ProviderError::NotHttp { .. },
            ) => Some(false),
            Err(ProviderError::Request { .. } | ProviderError::BreakerOpen { .. }) => None,
            Ok(_) | Err(_) => Some(true),
        }
    }

    fn refusal(&self, answer: &Answer) -> Option<Refusal> {
        (!answer.is_ok()).then(|| Refusal::read(answer, self.clock.now()))
    }

    /// How long to wait before the next request; `None` when that is too long for this call.
    fn pause(&self, repeat: u32, outcome: &Outcome, deadline: Instant) -> Option<Duration> {
        let limits = &self.http.limits;
        let asked = outcome
            .as_ref()
            .ok()
            .and_then(|answer| answer.retry_after_seconds(self.clock.now()));
        let pause = match asked.map(|seconds| Duration::from_secs(seconds.into())) {
            Some(wait) if wait > limits.longest_retry_after => return None,
            Some(wait) => wait,
            None => backoff(repeat, limits.first_pause, &*self.random),
        };
        (Instant::now() + pause < deadline).then_some(pause)
    }
}

/// Whether a refusal names its reason, so that asking again would only hear it again.
fn says_why(refusal: &Refusal) -> bool {
    !matches!(
        refusal.failure(),
        Failure::Unrecognised
            | Failure::ProviderFault
            | Failure::ProviderBusy
            | Failure::ProviderLimit
    )
}

/// Any part of a pause that doubles with each repeat, so that those who failed together do not come
/// back together.
fn backoff(repeat: u32, first_pause: Duration, random: &dyn Random) -> Duration {
    let longest = first_pause.saturating_mul(1 << repeat.min(16));
    longest.mul_f64(share(random))
}

/// A random share, 0 to 1. Without random bytes it is the whole: the pause is no secret, so a missing
/// source is no reason to stop.
pub(super) fn share(random: &dyn Random) -> f64 {
    let mut bytes = [0; 4];
    match random.fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_ne_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RandomError, SeededRandom};

    /// Always the same byte, or none.
    #[derive(Debug)]
    struct Fixed(Option<u8>);

    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            bytes.fill(self.0.ok_or(RandomError)?);
            Ok(())
        }
    }

    #[test]
    fn pause_doubles_and_any_part_of_it_may_be_waited() {
        let first = Duration::from_millis(200);
        for (repeat, random, expected) in [
            (0, Some(0), 0),
            (1, Some(0), 0),
            (0, Some(0xff), 200),
            (1, Some(0xff), 400),
            (2, Some(0xff), 800),
            (0, None, 200),
            (1, None, 400),
        ] {
            let pause = backoff(repeat, first, &Fixed(random));
            let expected = Duration::from_millis(expected);
            assert_eq!(pause, expected, "{repeat} {random:?}");
        }
        let random = SeededRandom::default();
        let pauses: Vec<_> = (0..100).map(|_| backoff(1, first, &random)).collect();
        let quarter = |number: u32| {
            let (from, to) = (first * number / 2, first * (number + 1) / 2);
            pauses.iter().filter(|it| (from..to).contains(*it)).count()
        };
        for number in 0..4 {
            assert!(quarter(number) > 10, "{number}: {pauses:?}");
        }
    }

    #[test]
    fn each_policy_repeats_what_its_row_of_the_table_says() {
        use RepeatPolicy::{CodeExchange, Idempotent, Never, Refresh};
        use Trouble::{InDoubt, Later, Unprocessed};
        for (policy, repeats, after) in [
            (Idempotent, 2, &[Unprocessed, InDoubt, Later][..]),
            (CodeExchange, 1, &[Unprocessed, InDoubt]),
            (Refresh, 1, &[Unprocessed]),
            (Never, 0, &[]),
        ] {
            assert_eq!(policy.repeats(), repeats, "{policy:?}");
            for trouble in [Unprocessed, InDoubt, Later] {
                let allowed = policy.repeats_after(trouble);
                assert_eq!(allowed, after.contains(&trouble), "{policy:?} {trouble:?}");
            }
        }
    }
}
