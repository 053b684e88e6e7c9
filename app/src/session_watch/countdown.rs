//! How much of a session is left, and what is due about it. Times are arguments.

use wrengate_protocol::session_ends::SessionEnds;

/// How long before the idle end somebody is warned, in seconds; of a short session, half of it.
const IDLE_WARNING: i64 = 120;

/// How long before the end of all somebody is told.
const ABSOLUTE_WARNING: i64 = 300;

/// When it is said once more.
const LAST_MINUTE: i64 = 60;

/// A moment by the browser's two clocks, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Of the clock that is set by people. It may be wrong, and may jump.
    pub(crate) date_ms: i64,
    /// Of the clock that only runs. It may stand while the machine sleeps.
    pub(crate) running_ms: i64,
}

impl Moment {
    /// The clock that stood while the machine slept says less than has passed.
    pub(super) fn seconds_since(self, earlier: Self) -> i64 {
        (self.running_ms - earlier.running_ms).max(self.date_ms - earlier.date_ms) / 1000
    }
}

/// What is due. Of an end that has come, it is the server that tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing.
    Nothing,
    /// The session ends for want of use, in so many seconds.
    IdleSoon(i64),
    /// The session ends for good, in so many seconds.
    AbsoluteSoon(i64),
    /// It went unused for too long.
    Idle,
    /// It lasted as long as any may.
    Absolute,
}

impl Due {
    /// How grave it is.
    const fn level(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::IdleSoon(_) | Self::AbsoluteSoon(_) => 1,
            Self::Idle | Self::Absolute => 2,
        }
    }

    /// Whether it is said aloud anew after `before`: when it begins, and in the last minute.
    pub(super) const fn is_spoken_after(self, before: Self) -> bool {
        match (before, self) {
            (Self::IdleSoon(before), Self::IdleSoon(now)) => {
                before > LAST_MINUTE && now <= LAST_MINUTE
            }
            (Self::AbsoluteSoon(_), Self::AbsoluteSoon(_)) => false,
            (_, Self::IdleSoon(_) | Self::AbsoluteSoon(_)) => true,
            _ => false,
        }
    }
}

/// The ends of a session as the server told them, and when it did.
///
/// # Security
/// Only differences of the browser's clocks count, so a clock that is wrong changes nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Countdown {
    ends: SessionEnds,
    told: Moment,
    /// How grave it was when the server last said that the session lives.
    confirmed: u8,
}

impl Countdown {
    /// Begins with what the server told just now.
    pub(super) fn new(ends: SessionEnds, told: Moment) -> Self {
        let mut new = Self {
            ends,
            told,
            confirmed: 0,
        };
        new.confirmed = new.due(told).level();
        new
    }

    /// Begins with what a document brought, which may be older than it looks.
    pub(super) fn unconfirmed(ends: SessionEnds, told: Moment) -> Self {
        Self {
            ends,
            told,
            confirmed: 0,
        }
    }

    /// Begins with what a document brought, once it is shown.
    pub(super) const fn begin(&mut self, told: Moment) {
        self.told = told;
    }

    /// What is due.
    pub(super) fn due(&self, now: Moment) -> Due {
        let server_now = self.ends.now + now.seconds_since(self.told);
        let idle = self.ends.idle - server_now;
        let absolute = self.ends.absolute - server_now;
        let idle_warning = IDLE_WARNING.min(self.ends.idle_lifetime / 2);
        let absolute_warning = ABSOLUTE_WARNING.min(self.ends.absolute_lifetime / 2);
        if absolute <= 0 {
            Due::Absolute
        } else if idle <= 0 {
            Due::Idle
        } else if idle <= idle_warning && idle < absolute {
            Due::IdleSoon(idle)
        } else if absolute <= absolute_warning {
            Due::AbsoluteSoon(absolute)
        } else {
            Due::Nothing
        }
    }

    /// Whether the server is asked before this is shown: another tab may have used the session.
    pub(super) const fn must_ask(&self, due: Due) -> bool {
        due.level() > self.confirmed
    }

    /// The server could not be asked, so what the countdown says is all there is.
    pub(super) const fn unanswered(&mut self, due: Due) {
        self.confirmed = due.level();
    }

    /// Whether the time was about up, within some seconds of two clocks.
    pub(super) fn about_over(&self, now: Moment) -> bool {
        const SECONDS: i64 = 5;
        match self.due(now) {
            Due::Idle | Due::Absolute => true,
            Due::IdleSoon(left) | Due::AbsoluteSoon(left) => left <= SECONDS,
            Due::Nothing => false,
        }
    }

    /// When the session ends unless it is used, in seconds since 1970.
    pub(super) fn end(&self) -> i64 {
        self.ends.idle.min(self.ends.absolute)
    }

    /// How long a session lasts at most, in seconds.
    pub(super) const fn lasts(&self) -> i64 {
        self.ends.absolute_lifetime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    const ENDS: SessionEnds = SessionEnds {
        now: 1_000_000,
        idle: 1_000_000 + 1800,
        absolute: 1_000_000 + 43_200,
        idle_lifetime: 1800,
        absolute_lifetime: 43_200,
    };

    const TOLD: Moment = Moment {
        date_ms: 77,
        running_ms: 5_000,
    };

    fn after(seconds: i64) -> Moment {
        Moment {
            date_ms: TOLD.date_ms + seconds * 1000,
            running_ms: TOLD.running_ms + seconds * 1000,
        }
    }

    fn due(ends: SessionEnds, seconds: i64) -> Due {
        Countdown::new(ends, TOLD).due(after(seconds))
    }

    #[test]
    fn the_warning_comes_two_minutes_before_the_idle_end() {
        assert_eq!(due(ENDS, 0), Due::Nothing);
        assert_eq!(due(ENDS, 1679), Due::Nothing);
        assert_eq!(due(ENDS, 1680), Due::IdleSoon(120));
        assert_eq!(due(ENDS, 1799), Due::IdleSoon(1));
        assert_eq!(due(ENDS, 1800), Due::Idle);
    }

    #[test]
    fn a_short_session_is_warned_of_at_half_of_it() {
        let short = SessionEnds {
            idle: ENDS.now + 10,
            idle_lifetime: 10,
            ..ENDS
        };
        assert_eq!(due(short, 4), Due::Nothing);
        assert_eq!(due(short, 5), Due::IdleSoon(5));
        assert_eq!(due(short, 10), Due::Idle);
    }

    #[test]
    fn the_end_of_all_is_told_five_minutes_before_and_cannot_be_put_off() {
        let late = SessionEnds {
            absolute: ENDS.now + 400,
            ..ENDS
        };
        assert_eq!(due(late, 99), Due::Nothing);
        assert_eq!(due(late, 100), Due::AbsoluteSoon(300));
        assert_eq!(due(late, 400), Due::Absolute);
        let both = SessionEnds {
            idle: ENDS.now + 100,
            ..late
        };
        assert_eq!(due(both, 0), Due::IdleSoon(100), "this one can be put off");
        let same = SessionEnds {
            idle: ENDS.now + 400,
            ..late
        };
        assert_eq!(due(same, 300), Due::AbsoluteSoon(100));
    }

    #[test]
    fn a_wrong_clock_changes_nothing_and_sleep_counts() {
        let countdown = Countdown::new(ENDS, TOLD);
        let back = Moment {
            date_ms: TOLD.date_ms - DAY_MS,
            ..after(1700)
        };
        assert_eq!(countdown.due(back), Due::IdleSoon(100));
        let slept = Moment {
            running_ms: TOLD.running_ms,
            ..after(1800)
        };
        assert_eq!(countdown.due(slept), Due::Idle);
    }

    #[test]
    fn the_server_is_asked_once_for_each_thing_that_is_due() {
        let mut countdown = Countdown::new(ENDS, TOLD);
        let soon = countdown.due(after(1700));
        assert!(countdown.must_ask(soon));
        countdown.unanswered(soon);
        assert!(!countdown.must_ask(countdown.due(after(1701))));
        let over = countdown.due(after(1800));
        assert!(countdown.must_ask(over));
        countdown.unanswered(over);
        assert!(!countdown.must_ask(over));
    }

    #[test]
    fn what_the_server_confirmed_is_shown_and_its_end_is_asked_for_again() {
        let ends = SessionEnds {
            now: ENDS.idle - 100,
            ..ENDS
        };
        let countdown = Countdown::new(ends, TOLD);
        assert!(!countdown.must_ask(countdown.due(after(1))));
        assert!(countdown.must_ask(countdown.due(after(100))));
        let brought = Countdown::unconfirmed(ends, TOLD);
        assert!(brought.must_ask(brought.due(after(0))));
    }

    #[test]
    fn it_is_spoken_when_it_begins_and_in_the_last_minute() {
        let spoken: Vec<i64> = (1..=121)
            .rev()
            .filter(|&left| {
                let before = match left {
                    120.. => Due::Nothing,
                    _ => Due::IdleSoon(left + 1),
                };
                left <= 120 && Due::IdleSoon(left).is_spoken_after(before)
            })
            .collect();
        assert_eq!(spoken, [120, 60]);
        assert!(Due::IdleSoon(5).is_spoken_after(Due::Nothing));
        assert!(!Due::Idle.is_spoken_after(Due::IdleSoon(1)));
        assert!(Due::AbsoluteSoon(300).is_spoken_after(Due::Nothing));
        assert!(!Due::AbsoluteSoon(60).is_spoken_after(Due::AbsoluteSoon(61)));
    }

    #[test]
    fn an_end_within_seconds_of_the_clock_is_its_end() {
        let countdown = Countdown::new(ENDS, TOLD);
        assert!(!countdown.about_over(after(60)));
        assert!(!countdown.about_over(after(1790)));
        assert!(countdown.about_over(after(1796)));
        assert!(countdown.about_over(after(1800)));
        assert_eq!((countdown.end(), countdown.lasts()), (ENDS.idle, 43_200));
    }
}
