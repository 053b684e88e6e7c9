//! The page as the server draws it: verdict, checks, sequence, where the time went.

mod exchange;
mod faults;
mod sequence;
mod tables;
mod waterfall;

use leptos::prelude::use_context;
use wrengate_protocol::trace::{Check, Progress, Shown, Totals, TraceStatus, TraceView, Verdict};

use crate::{
    components::{icon, page_link, stroke},
    copy::{self, Msg, inspector as words},
    element::{El, el},
    inspection::{Inspection, Utc},
    pages::account::{form, submit},
    routes,
};

/// What keeps the page up to date, copies and marks the open step.
pub(crate) const LIVE: &str = include_str!("../live.js");

/// `/inspector`
pub(crate) fn inspector_page() -> El {
    let inspection: Inspection = use_context().unwrap_or_default();
    let trouble = el("p")
        .class("message message-warn")
        .attr("id", "inspector-trouble")
        .attr("role", "alert")
        .attr("hidden", "")
        .say(Msg::InspectorNotLoaded)
        .text(" ")
        .child(page_link("", routes::INSPECTOR, Msg::TryAgain));
    let status = el("p")
        .class("spoken")
        .attr("id", "inspector-status")
        .attr("role", "status")
        .attr_text("data-updated", Msg::InspectorUpdated.text())
        .attr_text("data-copied", Msg::InspectorCopied.text())
        .attr_text("data-not-copied", Msg::InspectorNotCopied.text());
    el("section")
        .class("page inspector")
        .child(
            el("header")
                .child(el("h1").attr("tabindex", "-1").say(Msg::InspectorTitle))
                .child(tools(!inspection.list.traces.is_empty()))
                .child(el("p").class("inspector-banner").say(Msg::InspectorBanner)),
        )
        .child(trouble)
        .child(status)
        .child(
            el("div")
                .class("inspector-live")
                .attr("id", "inspector-live")
                .children(live(&inspection)),
        )
}

/// What can be done with all of them.
fn tools(any: bool) -> El {
    let run = page_link("button", routes::RUN_AGAIN, Msg::InspectorRun);
    let tools = el("div").class("actions inspector-tools").child(run);
    if !any {
        return tools;
    }
    let report = el("button")
        .class("button button-quiet needs-script")
        .attr("type", "button")
        .attr("data-copy", "/inspector/report?format=text")
        .say(Msg::InspectorCopyReport);
    let download = page_link(
        "button button-quiet",
        routes::INSPECTOR_REPORT,
        Msg::InspectorDownload,
    )
    .attr("download", "");
    let clear =
        form(routes::INSPECTOR_CLEAR).child(submit("button button-quiet", Msg::InspectorClear));
    tools.child(report).child(download).child(clear)
}

/// What changes while a sign-in runs.
fn live(inspection: &Inspection) -> Vec<El> {
    let traces = &inspection.list.traces;
    let wanted = inspection.wanted.as_ref();
    let asked_for = wanted.map(|id| traces.iter().find(|trace| trace.id == *id));
    let gone = (asked_for == Some(None)).then(|| {
        el("p")
            .class("message message-info")
            .say(Msg::InspectorCleared)
    });
    let Some(shown) = asked_for.flatten().or_else(|| traces.first()) else {
        let empty = el("p").class("lead").say(Msg::InspectorEmpty);
        let faults = faults::faults(inspection);
        return gone.into_iter().chain([empty]).chain(faults).collect();
    };
    let others = (traces.len() > 1).then(|| attempts(traces, shown));
    gone.into_iter()
        .chain(others)
        .chain([
            verdict(shown),
            checks(&shown.checks),
            sequence::sequence(shown),
            waterfall::waterfall(shown),
        ])
        .chain(faults::faults(inspection))
        .collect()
}

/// The attempts, to choose one.
fn attempts(traces: &[TraceView], shown: &TraceView) -> El {
    let row = |trace: &TraceView| {
        let address = format!("{}?sign-in={}", routes::INSPECTOR, trace.id.as_str());
        let here = trace.id == shown.id;
        let link = el("a")
            .attr_text("href", address)
            .attr("rel", "external")
            .attr_when("aria-current", move || here.then(|| "true".to_owned()))
            .child(sign(mark_of(trace.status)))
            .string(title(trace));
        el("li").child(link).child(time(trace.begun_at))
    };
    el("nav")
        .class("inspector-attempts")
        .attr_text("aria-label", Msg::InspectorAttempts.text())
        .child(el("ol").children(traces.iter().map(row).collect()))
}

/// The verdict in one line.
fn title(trace: &TraceView) -> String {
    match trace.status {
        TraceStatus::Failed { failure, .. } => {
            let failed = words::status(trace.status).text();
            format!("{failed}: {}", failure.code())
        }
        status => words::status(status).text(),
    }
}

fn verdict(trace: &TraceView) -> El {
    let mark = mark_of(trace.status);
    let (heading, means) = match trace.status {
        TraceStatus::Failed {
            number, failure, ..
        } => {
            let name = sequence::name_of(number);
            let heading = Msg::InspectorFailedAt
                .with("{n}", &number.to_string())
                .replace("{step}", &words::step(name).text());
            let code = el("code").text(failure.code());
            let heading = el("h2")
                .child(sign(mark))
                .string(format!("{heading}: "))
                .child(code);
            (heading, Some(copy::failure(failure).title.text()))
        }
        status => {
            let heading = el("h2").child(sign(mark)).say(words::status(status));
            (heading, words::status_means(status).map(Msg::text))
        }
    };
    let reference = trace.reference.as_ref().map(|reference| {
        el("p")
            .class("inspector-reference")
            .say(Msg::Reference)
            .text(" ")
            .child(el("code").string(reference.to_string()))
    });
    let advice = (!trace.advice.is_empty()).then(|| advice(&trace.advice));
    el("section")
        .class("inspector-verdict")
        .attr("data-verdict", mark)
        .attr_text("data-trace", trace.id.as_str().to_owned())
        .attr_text("data-begun", trace.begun_at.to_string())
        .attr_text("aria-label", Msg::InspectorVerdict.text())
        .child(heading)
        .maybe(on_purpose(trace))
        .maybe(means.map(|means| el("p").string(means)))
        .child(totals(trace))
        .maybe(advice)
        .maybe(reference)
}

/// That it was broken on purpose, and how.
fn on_purpose(trace: &TraceView) -> Option<El> {
    let fault = trace.fault.as_ref()?;
    let what = faults::what(fault.as_str())?.text();
    let words = Msg::InspectorOnPurpose.with("{what}", &what);
    Some(el("p").class("inspector-note").string(words))
}

/// In English, as the log and the doctor say it: it is for whoever runs this.
fn advice(causes: &[Shown]) -> El {
    let items = causes
        .iter()
        .map(|cause| el("li").child(el("bdi").string(cause.to_string())));
    el("div")
        .class("inspector-advice")
        .child(el("h3").say(Msg::InspectorHowToFix))
        .child(
            el("ol")
                .attr("lang", "en")
                .attr("dir", "ltr")
                .children(items.collect()),
        )
}

/// Where the time went, in numbers: ours and the person's apart.
fn totals(trace: &TraceView) -> El {
    let Totals {
        away_ms,
        provider_ms,
        ours_ms,
    } = trace.totals;
    let done = trace.steps.iter();
    let done = done.filter(|step| step.progress == Progress::Done).count();
    let fact = |name: Msg, value: El| {
        el("div")
            .child(el("dt").say(name))
            .child(el("dd").child(value))
    };
    el("dl")
        .class("inspector-totals")
        .child(fact(
            Msg::InspectorStepsDone,
            el("span").string(Msg::InspectorStepsOf.with("{n}", &done.to_string())),
        ))
        .child(fact(Msg::InspectorAway, took(away_ms)))
        .child(fact(Msg::InspectorCalls, took(provider_ms)))
        .child(fact(Msg::InspectorOurs, took(ours_ms)))
}

/// What was checked, each with its verdict and the way to its step.
fn checks(checks: &[Check]) -> El {
    let reached = checks.iter();
    let reached = reached.filter(|check| check.verdict != Verdict::NotReached);
    let open = checks.len() - reached.clone().count();
    let open = (open > 0).then(|| {
        let words = Msg::InspectorNotReachedYet.with("{n}", &open.to_string());
        el("li")
            .attr("data-verdict", "open")
            .child(sign("open"))
            .child(el("span").string(words))
    });
    let item = |check: &Check| {
        let step = words::checked_in(check.name).number();
        let mark = match check.verdict {
            Verdict::Passed => "ok",
            Verdict::Failed => "bad",
            Verdict::Absent => "absent",
            Verdict::NotReached => "open",
        };
        let name = el("a")
            .attr_text("href", format!("#step-{step}"))
            .attr("rel", "external")
            .say(words::check(check.name));
        el("li")
            .attr("data-verdict", mark)
            .child(sign(mark))
            .child(name)
            .child(el("span").say(words::verdict(check.verdict)))
    };
    el("section")
        .class("inspector-checks")
        .attr("aria-labelledby", "checks")
        .child(el("h2").attr("id", "checks").say(Msg::InspectorChecks))
        .child(el("ul").children(reached.map(item).chain(open).collect()))
}

const fn mark_of(status: TraceStatus) -> &'static str {
    match status {
        TraceStatus::SignedIn => "ok",
        TraceStatus::Failed { .. } => "bad",
        TraceStatus::Running => "open",
        TraceStatus::Cancelled | TraceStatus::Expired => "absent",
    }
}

/// A sign beside a word: never the colour alone.
fn sign(mark: &'static str) -> El {
    let drawing = match mark {
        "ok" => "M4 10.5l4 4 8-9",
        "bad" => "M5 5l10 10M15 5L5 15",
        "absent" => "M5 10h10",
        _ => "M10 4a6 6 0 1 1-.1 0M10 7v3l2 2",
    };
    icon("mark", "16", "0 0 20 20").child(stroke(drawing))
}

/// A length of time, number before unit whichever way the page is written.
fn took(ms: u32) -> El {
    el("bdi").attr("dir", "ltr").string(duration(ms))
}

/// A length of time, as short as it can be said.
fn duration(ms: u32) -> String {
    if ms < 1000 {
        return format!("{ms} ms");
    }
    format!("{}.{:02} s", ms / 1000, ms % 1000 / 10)
}

/// A moment in UTC, which the page's script writes as the browser does.
fn time(unix_seconds: i64) -> El {
    let moment = use_context().map_or_else(String::new, |Utc(write)| write(unix_seconds));
    let text = moment.replace('T', " ").replace('Z', " UTC");
    el("time").attr_text("datetime", moment).string(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (ms, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1840, "1.84 s"),
            (1005, "1.00 s"),
            (61_000, "61.00 s"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }
}
