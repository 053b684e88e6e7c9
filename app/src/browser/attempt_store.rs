//! What this tab keeps in `sessionStorage`: attempts, the call in flight, the last problem.

use gloo_storage::{SessionStorage, Storage as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wrengate_protocol::{
    attempt::{LIFETIME, SavedAttempt},
    messages::Problem,
    secret::Carried,
    state::State,
};

use super::environment::{now_ms, window};
use crate::json;

const ATTEMPT: &str = "wrengate:attempt:";
const IN_FLIGHT: &str = "wrengate:in-flight";
const PROBLEM: &str = "wrengate:problem";

/// What was found under a state.
#[derive(Debug)]
pub enum Taken {
    /// The attempt; it is no longer in the storage.
    Attempt(SavedAttempt),
    /// The mark of an attempt that was taken before.
    Before,
    /// Something that cannot be read.
    Unreadable,
    /// Nothing.
    Nothing,
}

/// An entry: an attempt, or the mark that it was taken.
#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt: Option<SavedAttempt>,
    created_ms: i64,
}

/// The last problem, for the page that tells of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProblemNote {
    /// What the server said.
    pub problem: Problem,
    /// When, in milliseconds since 1970 by the browser's clock.
    pub at_ms: i64,
}

/// Whether the storage can be written and read.
///
/// gloo's accessors panic where access to the storage itself is refused, so that is asked first.
#[must_use]
pub fn works() -> bool {
    const PROBE: &str = "wrengate:probe";
    let wrote = is_there() && write(PROBE, &true);
    if wrote {
        SessionStorage::delete(PROBE);
    }
    wrote
}

fn is_there() -> bool {
    matches!(window().session_storage(), Ok(Some(_)))
}

/// Step 3 of 10: saves an attempt under its state and clears out old ones.
///
/// Answers whether it was saved.
#[must_use]
pub fn save(state: &State, attempt: SavedAttempt) -> bool {
    if !is_there() {
        return false;
    }
    clear_out();
    let created_ms = attempt.created_ms;
    let entry = Entry {
        attempt: Some(attempt),
        created_ms,
    };
    write(&key(state), &entry)
}

/// Forgets an attempt that never left.
pub fn forget(state: &State) {
    if is_there() {
        SessionStorage::delete(key(state));
    }
}

/// Takes an attempt out, once; a mark without secrets stays.
///
/// # Security
/// Taken before it is used (RFC 9700, section 4.2.4): a second call finds the mark.
#[must_use]
pub fn take(state: &State) -> Taken {
    if !is_there() {
        return Taken::Nothing;
    }
    let key = key(state);
    let raw = SessionStorage::raw().get_item(&key).ok().flatten();
    let Some(raw) = raw else {
        return Taken::Nothing;
    };
    let mark = Entry {
        attempt: None,
        created_ms: now_ms(),
    };
    if !write(&key, &mark) {
        SessionStorage::delete(&key);
    }
    match json::read::<Entry>(raw.as_bytes()) {
        Ok(Entry {
            attempt: Some(attempt),
            ..
        }) => Taken::Attempt(attempt),
        Ok(Entry { attempt: None, .. }) => Taken::Before,
        Err(_) => Taken::Unreadable,
    }
}

/// A completion under way: what it was made of, so that a reload can make the same call again.
///
/// # Security
/// Code and verifier, worthless without the attempt cookie that no script can read; gone on any
/// final outcome.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flight {
    /// The query of the callback.
    pub query: Carried,
    /// The attempt it answers.
    pub attempt: SavedAttempt,
}

/// Keeps what a completion was made of.
pub fn set_in_flight(flight: &Flight) {
    if is_there() {
        // Without the note a reload ends in "already used", which is a page of its own.
        write(IN_FLIGHT, flight);
    }
}

/// The completion that was under way when the page was left.
#[must_use]
pub fn in_flight() -> Option<Flight> {
    read(IN_FLIGHT)
}

/// Forgets the completion, on any final outcome.
pub fn clear_in_flight() {
    if is_there() {
        SessionStorage::delete(IN_FLIGHT);
    }
}

/// Leaves a note for the page of a problem.
pub fn note_problem(problem: Problem) {
    if is_there() {
        // Without the note the page still tells what happened, only not the reference.
        let at_ms = now_ms();
        write(PROBLEM, &ProblemNote { problem, at_ms });
    }
}

/// The note for the page of a problem.
#[must_use]
pub fn problem_note() -> Option<ProblemNote> {
    read(PROBLEM)
}

pub(super) fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let raw = is_there()
        .then(|| SessionStorage::raw().get_item(key).ok())
        .flatten()?;
    json::read(raw?.as_bytes()).ok()
}

/// Answers whether it was written.
pub(super) fn write(key: &str, value: &impl Serialize) -> bool {
    let text = json::write(value);
    text.is_ok_and(|text| SessionStorage::raw().set_item(key, &text).is_ok())
}

fn key(state: &State) -> String {
    format!("{ATTEMPT}{}", state.expose())
}

fn clear_out() {
    let storage = SessionStorage::raw();
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    let lifetime_ms = i64::try_from(LIFETIME.as_millis()).unwrap_or_default();
    let oldest = now_ms() - lifetime_ms;
    for key in keys
        .filter(|key| key.starts_with(ATTEMPT))
        .collect::<Vec<_>>()
    {
        let entry = read::<Entry>(&key);
        if entry.is_none_or(|entry| entry.created_ms <= oldest) {
            SessionStorage::delete(&key);
        }
    }
}
