//! Rules about browser tests: none is skipped or asleep, and every failure has one.

use std::collections::BTreeSet;

use wrengate_protocol::Failure;

use super::{
    Outcome, complaint, hold,
    tree::{self, complaints},
};

/// Where each failure has its test.
const FAILURES: &str = "end2end/tests/failures";

/// What a browser test may not call, and what to do in its place.
const NOT_CALLED: [(&str, &str); 5] = [
    (
        ".skip(",
        "repair the test or take it out; a test that does not run proves nothing",
    ),
    (
        ".only(",
        "run the whole suite; name the file on the command line while you work",
    ),
    (".fixme(", "repair the test or take it out"),
    (
        "waitForTimeout",
        "wait for an event or a state; a fixed time is too short on a slow machine",
    ),
    (
        "networkidle",
        "wait for an event or a state; silence on the wire says nothing",
    ),
];

fn cheats(path: &str, text: &str) -> Vec<String> {
    let found = NOT_CALLED.iter().flat_map(|(call, advice)| {
        text.match_indices(call)
            .map(move |(place, _)| complaint(path, text, place, advice))
    });
    found.collect()
}

/// Codes without a test, and tests without a code.
fn unmatched(codes: &BTreeSet<&str>, files: &BTreeSet<&str>) -> Vec<String> {
    let untested = codes.difference(files).map(|code| {
        format!("{FAILURES}/{code}.spec.ts is missing: cause the failure and look at its page")
    });
    let orphans = files
        .difference(codes)
        .map(|file| format!("{FAILURES}/{file}.spec.ts: no failure has this code; see failure.rs"));
    untested.chain(orphans).collect()
}

#[test]
fn no_browser_test_is_skipped_or_sleeps() -> Outcome {
    hold(complaints(&["end2end"], &["js", "mjs", "ts"], cheats)?)
}

#[test]
fn every_failure_has_a_browser_test() -> Outcome {
    let codes = Failure::ALL.iter().map(|failure| failure.code()).collect();
    let files = if tree::root().join(FAILURES).exists() {
        tree::files(FAILURES)?
    } else {
        Vec::new()
    };
    let names = files.iter().filter(|file| file.extension() == "ts");
    let names = names
        .map(|file| file.name().strip_suffix(".spec.ts").unwrap_or(file.name()))
        .collect();
    hold(unmatched(&codes, &names))
}

#[test]
fn a_cheating_test_is_found() {
    for text in [
        "test.skip('a', () => {})",
        "test.describe.only('a')",
        "test.fixme()",
        "await page.waitForTimeout(500)",
        "await page.goto('/', { waitUntil: 'networkidle' })",
    ] {
        assert_eq!(cheats("a.ts", text).len(), 1, "{text}");
    }
    assert_eq!(cheats("a.ts", "await expect(page).toHaveURL('/')"), [""; 0]);
}

#[test]
fn a_failure_without_test_and_a_test_without_failure_are_found() {
    let codes = BTreeSet::from(["cancelled", "offline"]);
    assert_eq!(unmatched(&codes, &codes), [""; 0]);
    assert_eq!(unmatched(&codes, &BTreeSet::from(["offline"])).len(), 1);
    assert_eq!(
        unmatched(&codes, &BTreeSet::from(["cancelled", "ofline"])).len(),
        2
    );
}
