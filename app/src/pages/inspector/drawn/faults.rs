//! Where the development provider is used: sign-ins that go wrong on purpose, each with what it came to.

use wrengate_protocol::{
    Failure,
    trace::{TraceStatus, TraceView},
};

use super::{mark_of, sign, title};
use crate::{
    components::external,
    copy::{self, Msg, inspector as words},
    element::{El, el},
    inspection::Inspection,
    pages::account::form,
    routes,
};

/// What can be broken, and what came of it; nothing at any other provider.
pub(super) fn faults(inspection: &Inspection) -> Option<El> {
    let switchboard = inspection.switchboard.clone()?;
    let traces = &inspection.list.traces;
    let item = |(fault, what, expected): (&'static str, Msg, Option<Failure>)| {
        let button = el("button")
            .class("link")
            .attr("type", "submit")
            .attr("name", "fault")
            .attr("value", fault)
            .say(what);
        el("li")
            .child(form(routes::INSPECTOR_BREAK).child(button))
            .child(el("p").string(expectation(fault, expected)))
            .child(result(traces, fault, expected))
    };
    let items = words::FAULTS.into_iter().map(item);
    let silent = inspection.unbroken.then(|| {
        el("p")
            .class("message message-warn")
            .attr("role", "alert")
            .say(Msg::InspectorNotArmed)
    });
    Some(
        el("section")
            .class("inspector-faults")
            .attr("aria-labelledby", "faults")
            .child(el("h2").attr("id", "faults").say(Msg::InspectorBreakIt))
            .maybe(silent)
            .child(el("p").say(Msg::InspectorBreakLead))
            .child(el("ul").children(items.collect()))
            .child(
                el("p")
                    .class("inspector-note")
                    .say(Msg::InspectorBreakEverybody)
                    .text(" ")
                    .child(el("span").say(Msg::InspectorBreakNote))
                    .text(" ")
                    .child(external(switchboard, Msg::InspectorArm)),
            ),
    )
}

/// The rest of "a sign-in that…", for a fault of this page.
pub(super) fn what(fault: &str) -> Option<Msg> {
    let mut faults = words::FAULTS.into_iter();
    faults.find_map(|(name, what, expected)| (name == fault && expected.is_some()).then_some(what))
}

fn expectation(fault: &str, expected: Option<Failure>) -> String {
    let Some(failure) = expected else {
        return Msg::InspectorExpectSignedIn.text();
    };
    let page = format!("\u{201c}{}\u{201d}", copy::failure(failure).title.text());
    let sentence = if fault == "wrong-state" {
        Msg::InspectorExpectInBrowser
    } else {
        Msg::InspectorExpect
    };
    sentence.with("{page}", &page)
}

/// What the newest sign-in under a fault came to, beside what was expected.
fn result(traces: &[TraceView], fault: &str, expected: Option<Failure>) -> El {
    let place = el("p").class("inspector-result");
    let found = traces.iter().find(|trace| {
        let of = trace.fault.as_ref();
        of.is_some_and(|name| name.as_str() == fault)
    });
    let Some(trace) = found else {
        return place.say(Msg::InspectorNotRun);
    };
    let as_expected = match trace.status {
        TraceStatus::Running => None,
        TraceStatus::SignedIn => Some(expected.is_none()),
        TraceStatus::Failed { failure, .. } => Some(expected == Some(failure)),
        TraceStatus::Cancelled => Some(expected == Some(Failure::Cancelled)),
        TraceStatus::Expired => Some(false),
    };
    let (mark, words) = match as_expected {
        None => (mark_of(trace.status), None),
        Some(true) => ("ok", Some(Msg::InspectorAsExpected)),
        Some(false) => ("bad", Some(Msg::InspectorNotAsExpected)),
    };
    let came_to = title(trace);
    let came_to = words.map_or_else(|| came_to.clone(), |it| it.with("{result}", &came_to));
    let address = format!("{}?sign-in={}", routes::INSPECTOR, trace.id.as_str());
    place.attr("data-verdict", mark).child(sign(mark)).child(
        el("a")
            .attr_text("href", address)
            .attr("rel", "external")
            .string(came_to),
    )
}
