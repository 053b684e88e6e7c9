//! The wait of calls for a new sign-in.

use std::{
    future::{Future, poll_fn},
    task::{Poll, Waker},
};

use leptos::prelude::*;

/// What calls wait for.
#[derive(Default)]
pub(super) struct Renewal {
    waiting: Vec<Waker>,
    /// How often it was settled, and how the last time.
    settled: (u32, bool),
}

impl Renewal {
    /// Waits until it is settled: whether the same account is signed in again.
    pub(super) fn of(renewal: StoredValue<Self>) -> impl Future<Output = bool> {
        let before = renewal.with_value(|it| it.settled.0);
        poll_fn(move |context| {
            let settled = renewal.try_update_value(|it| {
                let (times, renewed) = it.settled;
                if times == before {
                    it.waiting.push(context.waker().clone());
                    return None;
                }
                Some(renewed)
            });
            match settled {
                Some(None) => Poll::Pending,
                // The page is gone, and with it everything that waits.
                None => Poll::Ready(false),
                Some(Some(renewed)) => Poll::Ready(renewed),
            }
        })
    }

    /// Settles it, and answers whether anybody waited.
    pub(super) fn settle(renewal: StoredValue<Self>, renewed: bool) -> bool {
        let waiting = renewal.try_update_value(|it| {
            it.settled = (it.settled.0 + 1, renewed);
            std::mem::take(&mut it.waiting)
        });
        let waiting = waiting.unwrap_or_default();
        let anybody = !waiting.is_empty();
        waiting.into_iter().for_each(Waker::wake);
        anybody
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Context};

    use super::*;

    #[test]
    fn everybody_who_waits_is_told_once() {
        let owner = Owner::new();
        owner.with(|| {
            let renewal = StoredValue::new(Renewal::default());
            assert!(!Renewal::settle(renewal, true), "nobody waits yet");
            for renewed in [true, false] {
                let (mut one, mut other) = (pin!(Renewal::of(renewal)), pin!(Renewal::of(renewal)));
                let mut context = Context::from_waker(Waker::noop());
                assert!(one.as_mut().poll(&mut context).is_pending());
                assert!(other.as_mut().poll(&mut context).is_pending());
                assert!(Renewal::settle(renewal, renewed));
                assert_eq!(one.poll(&mut context), Poll::Ready(renewed));
                assert_eq!(other.poll(&mut context), Poll::Ready(renewed));
                assert!(!Renewal::settle(renewal, true));
            }
        });
    }
}
