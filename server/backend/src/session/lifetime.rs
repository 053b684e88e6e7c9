//! How long a session lasts.

use std::time::Duration;

use crate::{clock::UnixSeconds, store::seconds};

/// How long a new id may wait to be presented: five minutes. One that was not has been lost on its
/// way, and is worth nothing afterwards.
pub const PRESENT_WITHIN: Duration = Duration::from_mins(5);

/// The least time between two notes of a session's use, where the idle limit allows it.
const NOTE_INTERVAL: Duration = Duration::from_mins(1);

/// The limits of a session, independent of the life of its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long it may go unused.
    pub idle: Duration,
    /// How long it lasts however much it is used.
    pub absolute: Duration,
}

impl Default for Lifetimes {
    /// 30 minutes and 12 hours.
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(30),
            absolute: Duration::from_hours(12),
        }
    }
}

impl Lifetimes {
    /// When a session ends that is not used after `now`.
    pub(super) fn idle_end(self, now: UnixSeconds) -> UnixSeconds {
        now.saturating_add(seconds(self.idle))
    }

    /// When a session that begins now ends in any case.
    pub(super) fn absolute_end(self, now: UnixSeconds) -> UnixSeconds {
        now.saturating_add(seconds(self.absolute))
    }

    /// How long a noted use stands before the next is noted: a minute, or a thirtieth of a shorter
    /// idle limit. A session may end this much early, never late.
    pub(super) fn note_interval(self) -> UnixSeconds {
        seconds(NOTE_INTERVAL.min(self.idle / 30))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_noted_once_a_minute_and_more_often_under_short_limits() {
        assert_eq!(Lifetimes::default().note_interval(), 60);
        let short = Lifetimes {
            idle: Duration::from_mins(1),
            ..Lifetimes::default()
        };
        assert_eq!(short.note_interval(), 2);
    }
}
