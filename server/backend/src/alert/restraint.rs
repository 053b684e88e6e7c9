//! What is held back, so that one trouble is one alert and not a thousand.

use std::collections::{HashMap, VecDeque};

use super::Kind;
use crate::clock::UnixSeconds;

/// For how long an alert stands for all others of its kind, in seconds: five minutes.
///
/// Long enough that an outage does not fill a mailbox, short enough that its end can be told by
/// silence.
pub const WINDOW_SECONDS: UnixSeconds = 300;

/// The most alerts in one window, of whatever kind: whoever reads them reads no more.
pub const MOST_IN_A_WINDOW: usize = 20;

/// What happened, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Tell of all that was held back, and of this.
    Tell(Spell),
    /// One of this kind was told of not long ago.
    Held,
    /// Too many were told of, of whatever kind.
    Limited,
}

/// What happened since the last alert of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spell {
    /// How often.
    pub(super) count: u32,
    /// When first.
    pub(super) first_at: UnixSeconds,
    /// When last.
    pub(super) last_at: UnixSeconds,
}

/// What was told of and what was held back.
#[derive(Debug, Default)]
pub(super) struct Restraint {
    kinds: HashMap<Kind, Memory>,
    told: VecDeque<UnixSeconds>,
}

#[derive(Debug, Default)]
struct Memory {
    told: Option<UnixSeconds>,
    spell: Spell,
}

impl Restraint {
    /// Counts something that happened, and judges whether to tell.
    pub(super) fn judge(&mut self, kind: Kind, now: UnixSeconds) -> Verdict {
        // A clock that was set back ends every window: better one alert too many.
        let recent = |then: UnixSeconds| (0..WINDOW_SECONDS).contains(&now.saturating_sub(then));
        self.told.retain(|then| recent(*then));
        let memory = self.kinds.entry(kind).or_default();
        if memory.spell.count == 0 {
            memory.spell.first_at = now;
        }
        memory.spell.count = memory.spell.count.saturating_add(1);
        memory.spell.last_at = now;
        if memory.told.is_some_and(recent) {
            return Verdict::Held;
        }
        if self.told.len() >= MOST_IN_A_WINDOW {
            return Verdict::Limited;
        }
        memory.told = Some(now);
        self.told.push_back(now);
        Verdict::Tell(std::mem::take(&mut memory.spell))
    }

    /// Takes back what could not be told: the next alert of the kind counts it.
    pub(super) fn take_back(&mut self, kind: Kind, spell: Spell) {
        let memory = self.kinds.entry(kind).or_default();
        memory.spell.count = memory.spell.count.saturating_add(spell.count);
        memory.spell.first_at = spell.first_at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_767_225_600;

    fn tell(count: u32, first_at: UnixSeconds, last_at: UnixSeconds) -> Verdict {
        Verdict::Tell(Spell {
            count,
            first_at,
            last_at,
        })
    }

    #[test]
    fn the_next_alert_after_the_window_counts_what_was_held_back() {
        let mut restraint = Restraint::default();
        let kind = Kind::ProviderFault;
        assert_eq!(restraint.judge(kind, NOW), tell(1, NOW, NOW));
        for second in 1..200 {
            assert_eq!(restraint.judge(kind, NOW + second), Verdict::Held);
        }
        assert_eq!(restraint.judge(kind, NOW + 299), Verdict::Held);
        assert_eq!(
            restraint.judge(kind, NOW + 300),
            tell(201, NOW + 1, NOW + 300)
        );
        assert_eq!(
            restraint.judge(kind, NOW + 600),
            tell(1, NOW + 600, NOW + 600)
        );
    }

    #[test]
    fn kinds_do_not_hold_each_other_back_until_there_are_too_many() {
        let mut restraint = Restraint::default();
        for kind in Kind::ALL.iter().take(MOST_IN_A_WINDOW) {
            assert_eq!(restraint.judge(*kind, NOW), tell(1, NOW, NOW));
        }
        // The window of each is over a second before the last alerts are forgotten.
        restraint.told = VecDeque::from([NOW + 1; MOST_IN_A_WINDOW]);
        let kind = Kind::StoreDown;
        assert_eq!(restraint.judge(kind, NOW + 300), Verdict::Limited);
        assert_eq!(
            restraint.judge(kind, NOW + 301),
            tell(2, NOW + 300, NOW + 301)
        );
    }

    #[test]
    fn a_clock_that_is_set_back_silences_nobody() {
        let mut restraint = Restraint::default();
        let kind = Kind::StoreDown;
        assert_eq!(restraint.judge(kind, NOW), tell(1, NOW, NOW));
        let back = NOW - 86_400;
        assert_eq!(restraint.judge(kind, back), tell(1, back, back));
    }

    #[test]
    fn what_could_not_be_told_is_counted_by_the_next() {
        let mut restraint = Restraint::default();
        let kind = Kind::StoreDown;
        let Verdict::Tell(spell) = restraint.judge(kind, NOW) else {
            panic!("not told");
        };
        restraint.take_back(kind, spell);
        assert_eq!(restraint.judge(kind, NOW + 10), Verdict::Held);
        assert_eq!(restraint.judge(kind, NOW + 310), tell(3, NOW, NOW + 310));
    }
}
