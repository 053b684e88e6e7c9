//! The traces of everybody, in memory and bounded.

use std::{
    collections::{BTreeMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::watch, time::Instant};
use wrengate_protocol::{
    attempt,
    trace::{
        Check, CheckName, Fingerprint, Progress, StepName, Totals, TraceStatus, TraceStep,
        TraceView, Verdict,
    },
};

use super::id_token::Claim;
use crate::{clock::UnixSeconds, store::Hash};

/// How long a trace is kept, in seconds: 15 minutes.
pub const LIFETIME: i64 = 15 * 60;

/// The most attempts of one browser.
pub const OF_ONE_BROWSER: usize = 5;

/// The most attempts of everybody.
pub const OF_EVERYBODY: usize = 512;

/// The most memory, in bytes of the traces written as JSON.
pub const BYTES: usize = 8 * 1024 * 1024;

/// The most browsers for which a fault is armed.
const MOST_ARMED: usize = 16;

/// Which browser: the hash of its cookie.
pub(super) type Browser = [u8; 32];

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor {
    pub(super) browser: Browser,
    pub(super) network: Option<IpAddr>,
}

/// One attempt and what the server needs to go on with it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) browser: Browser,
    /// By whose key its fingerprints are: the browser as it was called when the oldest of its attempts
    /// that were there began, so that all of them can be compared.
    pub(super) first_name: Browser,
    /// From where the browser asked.
    network: Option<IpAddr>,
    /// Whether it began with an answer that is of no attempt.
    stray: bool,
    /// The hash of the state.
    pub(super) state: [u8; 32],
    pub(super) began: Instant,
    /// The reference to a pushed request, which the call that comes back does not know.
    pub(super) request_uri: Option<Fingerprint>,
    /// When the browser was told where to go.
    pub(super) left: Option<Instant>,
    /// Whether the attempt was consumed or closed, after which no other call can change how it ends.
    pub(super) closed: bool,
    /// The session that it opened.
    pub(super) session: Option<Opened>,
    /// The claims of the ID token, until userinfo is compared with them.
    pub(super) claims: Vec<Claim>,
    /// From when until when the provider was waited for, in milliseconds, by step: pauses before a repeat
    /// are its time too.
    calls: [Option<(u32, u32)>; StepName::ALL.len()],
    pub(super) view: TraceView,
    version: u64,
    bytes: usize,
}

/// A session that an attempt opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    /// The key of its record.
    pub(super) key: String,
    /// The account.
    pub(super) owner: Hash,
}

/// A fault of the development provider that waits for the next attempt of a browser.
#[derive(Debug)]
struct Armed {
    browser: Browser,
    fault: &'static str,
    since: UnixSeconds,
}

/// What a browser has and what changed.
#[derive(Debug, Default)]
pub(super) struct Pages {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// What the next attempt of a browser meets, the newest last.
    armed: VecDeque<Armed>,
    /// The number of the last entry and the last change, counted together.
    last: u64,
}

/// The traces.
#[derive(Debug)]
pub(super) struct Book {
    pages: Mutex<Pages>,
    changes: watch::Sender<u64>,
}

/// How much there is; for tests and whoever watches memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Attempts.
    pub attempts: usize,
    /// Bytes of the traces, written as JSON.
    pub bytes: usize,
}

impl Entry {
    /// Milliseconds since the attempt began.
    pub(super) fn at(&self, instant: Instant) -> u32 {
        millis(instant.saturating_duration_since(self.began))
    }

    /// A step of the trace.
    pub(super) fn step(&mut self, name: StepName) -> &mut TraceStep {
        let place = usize::from(name.number());
        let steps = &mut self.view.steps;
        // There are always all of them.
        while steps.len() <= place {
            steps.push(TraceStep::waiting(name));
        }
        #[expect(clippy::indexing_slicing, reason = "filled up to it above")]
        &mut steps[place]
    }

    /// The provider was waited for in a step.
    pub(super) fn waited(&mut self, name: StepName, began: Instant, ended: Instant) {
        let (began, ended) = (self.at(began), self.at(ended));
        if let Some(calls) = self.calls.get_mut(usize::from(name.number())) {
            let first = calls.map_or(began, |(first, _)| first);
            *calls = Some((first, ended));
        }
        let step = self.step(name);
        let start = *step.start_ms.get_or_insert(began);
        step.duration_ms = Some(ended.saturating_sub(start));
    }

    /// Forgets how an earlier call of the same attempt ended: it left the attempt open.
    pub(super) fn reopen(&mut self) {
        let view = &mut self.view;
        view.status = TraceStatus::Running;
        view.reference = None;
        view.advice.clear();
        for check in &mut view.checks {
            check.verdict = Verdict::NotReached;
        }
        for step in &mut view.steps {
            if step.name.number() >= StepName::Callback.number() {
                step.progress = Progress::Waiting;
                step.duration_ms = None;
            }
        }
    }

    /// Says what came of a check.
    pub(super) fn judge(&mut self, name: CheckName, verdict: Verdict) {
        let check = self.view.checks.iter_mut().find(|check| check.name == name);
        if let Some(check) = check {
            check.verdict = verdict;
        }
    }

    /// Adds up where the time went, until now.
    pub(super) fn add_up(&mut self, now: Instant) {
        let calls = self.calls.iter().flatten();
        let provider_ms = calls
            .map(|(began, ended)| ended.saturating_sub(*began))
            .sum::<u32>();
        let away = self
            .view
            .steps
            .get(usize::from(StepName::AtProvider.number()));
        let away_ms = away.and_then(|step| step.duration_ms).unwrap_or(0);
        self.view.totals = Totals {
            away_ms,
            provider_ms,
            ours_ms: self
                .at(now)
                .saturating_sub(away_ms)
                .saturating_sub(provider_ms),
        };
    }
}

impl Pages {
    pub(super) fn find(&mut self, number: u64) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.number == number)
    }

    pub(super) fn of(&self, browser: &Browser) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.browser == *browser)
    }

    /// By whose key the fingerprints of a browser's next attempt are.
    pub(super) fn first_name(&self, browser: &Browser) -> Browser {
        let latest = self.of(browser).next_back();
        latest.map_or(*browser, |entry| entry.first_name)
    }

    /// The attempt of a state; rather one that began than a second try to begin with the same state.
    pub(super) fn of_state(&self, browser: &Browser, state: &[u8; 32]) -> Option<&Entry> {
        let of_state = || self.of(browser).filter(|entry| entry.state == *state);
        let began = of_state().rfind(|entry| entry.left.is_some());
        began.or_else(|| of_state().next_back())
    }

    /// The newest attempt of a browser that opened a session, and that session. None while another one is
    /// about to open the next, which ends this one.
    pub(super) fn last_session(&self, browser: &Browser) -> Option<(u64, Opened)> {
        let opens = |entry: &Entry| entry.closed && entry.view.status == TraceStatus::Running;
        if self.of(browser).any(opens) {
            return None;
        }
        let with_session = |entry: &Entry| Some((entry.number, entry.session.clone()?));
        self.of(browser).rev().find_map(with_session)
    }

    /// An attempt opened a session. What another account did in this browser is not for whoever has it now.
    pub(super) fn opened(&mut self, number: u64, session: Opened) {
        let Some(entry) = self.find(number) else {
            return;
        };
        let (browser, owner) = (entry.browser, session.owner);
        entry.session = Some(session);
        let of_another = |entry: &Entry| entry.session.as_ref().is_some_and(|it| it.owner != owner);
        if self.of(&browser).any(of_another) {
            self.forget(|entry| entry.browser == browser && entry.number != number);
        }
    }

    /// Remembers what the next attempt of a browser meets, in place of what was remembered before.
    pub(super) fn arm(&mut self, browser: Browser, fault: &'static str, since: UnixSeconds) {
        self.disarm(&browser);
        self.armed.push_back(Armed {
            browser,
            fault,
            since,
        });
        if self.armed.len() > MOST_ARMED {
            self.armed.pop_front();
        }
    }

    /// What this attempt of a browser meets; the one after it meets nothing.
    pub(super) fn meets(&mut self, browser: &Browser) -> Option<&'static str> {
        let place = self.armed.iter().position(|it| it.browser == *browser)?;
        self.armed.remove(place).map(|it| it.fault)
    }

    fn disarm(&mut self, browser: &Browser) {
        self.armed.retain(|it| it.browser != *browser);
    }

    /// Forgets everything of a browser.
    pub(super) fn clear(&mut self, browser: &Browser) {
        self.disarm(browser);
        self.forget(|entry| entry.browser == *browser);
    }

    /// A browser is called by another name from now on.
    pub(super) fn rename(&mut self, from: &Browser, to: Browser) {
        let entries = self.entries.iter_mut().map(|it| &mut it.browser);
        let armed = self.armed.iter_mut().map(|it| &mut it.browser);
        for browser in entries.chain(armed).filter(|it| *it == from) {
            *browser = to;
        }
    }

    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Adds an attempt to which a browser came with an answer that is of none. One is enough to see why:
    /// whoever makes them up fills nothing.
    pub(super) fn add_stray(&mut self, who: Visitor, state: [u8; 32], view: TraceView) -> u64 {
        // As it was while the one before was there, by which the view was made.
        let first_name = self.first_name(&who.browser);
        self.forget(|entry| entry.browser == who.browser && entry.stray);
        let number = self.add(who, state, view);
        if let Some(entry) = self.find(number) {
            entry.first_name = first_name;
            entry.stray = true;
        }
        number
    }

    /// Adds an attempt; the oldest make room.
    pub(super) fn add(&mut self, who: Visitor, state: [u8; 32], view: TraceView) -> u64 {
        let Visitor { browser, network } = who;
        let first_name = self.first_name(&browser);
        while self.of(&browser).count() >= OF_ONE_BROWSER {
            let oldest = self
                .entries
                .iter()
                .position(|entry| entry.browser == browser);
            let Some(removed) = oldest.and_then(|place| self.entries.remove(place)) else {
                break;
            };
            self.bytes -= removed.bytes;
        }
        let number = self.next();
        let bytes = weight(&view);
        self.bytes += bytes;
        self.entries.push_back(Entry {
            number,
            browser,
            first_name,
            network,
            stray: false,
            state,
            began: Instant::now(),
            request_uri: None,
            left: None,
            closed: false,
            session: None,
            claims: Vec::new(),
            calls: [None; StepName::ALL.len()],
            view,
            version: number,
            bytes,
        });
        self.make_room();
        number
    }

    /// Weighs an attempt that was changed.
    fn changed(&mut self, number: u64) {
        let version = self.next();
        if let Some(entry) = self.find(number) {
            let before = entry.bytes;
            entry.version = version;
            entry.bytes = weight(&entry.view);
            let after = entry.bytes;
            self.bytes = self.bytes - before + after;
        }
        self.make_room();
    }

    fn make_room(&mut self) {
        while self.entries.len() > OF_EVERYBODY || self.bytes > BYTES {
            let Some(removed) = self.least_missed().and_then(|it| self.entries.remove(it)) else {
                break;
            };
            self.bytes -= removed.bytes;
        }
    }

    /// The oldest attempt of the network that has the most, so that no one else pays for it.
    fn least_missed(&self) -> Option<usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.network).or_insert(0_usize) += 1;
        }
        let (most, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        self.entries.iter().position(|entry| entry.network == most)
    }

    /// Forgets what `unwanted` says.
    pub(super) fn forget(&mut self, unwanted: impl Fn(&Entry) -> bool) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| !unwanted(entry));
        self.bytes = self.entries.iter().map(|entry| entry.bytes).sum();
        self.entries.len() != before
    }

    /// Forgets what is too old, and closes what nobody came back to.
    pub(super) fn expire(&mut self, now: UnixSeconds) {
        self.forget(|entry| now - entry.view.begun_at >= LIFETIME);
        self.armed.retain(|it| now - it.since < LIFETIME);
        let lapsed = i64::try_from(attempt::LIFETIME.as_secs()).unwrap_or(LIFETIME);
        for entry in &mut self.entries {
            let waits = entry.view.status == TraceStatus::Running && !entry.closed;
            if waits && now - entry.view.begun_at >= lapsed {
                entry.view.status = TraceStatus::Expired;
                self.last += 1;
                entry.version = self.last;
            }
        }
    }

    pub(super) fn size(&self) -> Size {
        Size {
            attempts: self.entries.len(),
            bytes: self.bytes,
        }
    }

    /// The attempts of a browser with the number and the version of each, the oldest first.
    pub(super) fn versions(&self, browser: &Browser) -> Vec<(u64, u64)> {
        self.of(browser)
            .map(|entry| (entry.number, entry.version))
            .collect()
    }
}

impl Default for Book {
    fn default() -> Self {
        Self {
            pages: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Book {
    pub(super) fn open(&self) -> MutexGuard<'_, Pages> {
        // What a panic left is at worst a trace that is not complete.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes an attempt that is still there, and tells who watches.
    pub(super) fn change(&self, number: u64, change: impl FnOnce(&mut Entry)) {
        let mut pages = self.open();
        let Some(entry) = pages.find(number) else {
            return;
        };
        change(entry);
        pages.changed(number);
        drop(pages);
        self.tell();
    }

    pub(super) fn tell(&self) {
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// A trace in which nothing happened yet.
pub(super) fn blank(id: Fingerprint, begun_at: UnixSeconds) -> TraceView {
    TraceView {
        id,
        begun_at,
        status: TraceStatus::Running,
        fault: None,
        reference: None,
        totals: Totals::default(),
        checks: CheckName::ALL
            .map(|name| Check {
                name,
                verdict: Verdict::NotReached,
            })
            .to_vec(),
        steps: StepName::ALL.map(TraceStep::waiting).to_vec(),
        advice: Vec::new(),
    }
}

/// Closes what was not reached once an attempt ended.
pub(super) fn close_steps(entry: &mut Entry, failed: Option<StepName>) {
    let seen = entry.left.is_some();
    for step in &mut entry.view.steps {
        match (failed, step.progress) {
            (Some(failed), _) if step.name == failed => step.progress = Progress::Failed,
            (Some(failed), Progress::Waiting) if step.name.number() > failed.number() => {
                step.progress = Progress::NotReached;
            }
            // Of an attempt that began elsewhere, what came before is not known.
            (_, Progress::Waiting) if !seen && step.start_ms.is_none() => {
                step.progress = Progress::NotReached;
            }
            (_, Progress::Waiting) => step.progress = Progress::Done,
            _ => {}
        }
    }
}

pub(super) fn millis(duration: std::time::Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// The bytes of a trace as JSON, which is near enough to those it takes in memory.
fn weight(view: &TraceView) -> usize {
    // Every key is a text and nothing fails to be written, so there always is a length.
    serde_json::to_vec(view).map_or(0, |json| json.len())
}
