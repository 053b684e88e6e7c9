//! The steps as a sequence between browser, application and provider; each opens to what it was about.

use wrengate_protocol::trace::{
    Check, Lane, Progress, Row, StepName, TraceStatus, TraceStep, TraceView, Verdict,
};

use super::{exchange::exchange, sign, tables::table, took};
use crate::{
    components::{icon, stroke},
    copy::{Msg, inspector as words},
    element::{El, el},
};

/// The step of a number.
pub(super) fn name_of(number: u8) -> StepName {
    let mut names = StepName::ALL.into_iter();
    names
        .find(|name| name.number() == number)
        .unwrap_or(StepName::Session)
}

pub(super) fn sequence(trace: &TraceView) -> El {
    let open = opened(trace);
    let steps = trace.steps.iter();
    let steps = steps.map(|step| {
        el("li").child(drawn(step, trace).attr_when("open", {
            let is_open = step.name == open;
            move || is_open.then(String::new)
        }))
    });
    let lane = |lane| el("bdi").say(words::lane(lane));
    let lanes = [Lane::Browser, Lane::App, Lane::Provider].map(lane);
    el("section")
        .class("inspector-sequence")
        .attr("aria-labelledby", "sequence")
        .child(el("h2").attr("id", "sequence").say(Msg::InspectorSequence))
        .child(
            el("div")
                .class("sequence-lanes")
                .attr("aria-hidden", "true")
                .children(lanes.into()),
        )
        .child(
            el("ol")
                .class("sequence")
                .attr("start", "0")
                .children(steps.collect()),
        )
}

/// The step that is open at first: where it failed, else the newest of one that runs, else what was asked.
fn opened(trace: &TraceView) -> StepName {
    match trace.status {
        TraceStatus::Failed { number, .. } => name_of(number),
        TraceStatus::Running => {
            let done = trace.steps.iter().rev();
            let mut done = done.filter(|step| step.progress == Progress::Done);
            done.next().map_or(StepName::Discovery, |step| step.name)
        }
        TraceStatus::Cancelled | TraceStatus::Expired => StepName::AtProvider,
        TraceStatus::SignedIn => StepName::Authorization,
    }
}

fn drawn(step: &TraceStep, trace: &TraceView) -> El {
    let number = step.name.number();
    let mark = mark_of(step.progress);
    let name = words::step(step.name).text();
    let from_to = if step.from == step.to {
        words::lane(step.from).text()
    } else {
        let (from, to) = (words::lane(step.from), words::lane(step.to));
        format!("{} → {}", from.text(), to.text())
    };
    let status = step.exchanges.iter().rev();
    let status = status
        .filter_map(|it| it.response.as_ref())
        .map(|it| it.status)
        .next();
    let status = status.map(|status| el("code").string(status.to_string()));
    let took = match (step.progress, step.duration_ms) {
        _ if is_now(step, trace) => el("span").say(Msg::InspectorNow),
        (Progress::Waiting | Progress::NotReached, _) | (_, None) => {
            el("span").say(words::progress(step.progress))
        }
        (_, Some(ms)) => el("span").child(took(ms)),
    };
    let summary = el("summary")
        .child(
            el("span")
                .class("sequence-number")
                .string(number.to_string()),
        )
        .child(arrow(step))
        .child(
            el("span")
                .class("sequence-name")
                .child(sign(mark))
                .child(el("bdi").string(name))
                .child(el("span").class("sequence-way").string(from_to)),
        )
        .child(el("span").class("sequence-status").maybe(status))
        .child(took.class("sequence-took"));
    el("details")
        .attr("name", "step")
        .attr_text("id", format!("details-{number}"))
        .attr("data-progress", mark)
        .attr("data-now", if is_now(step, trace) { "yes" } else { "no" })
        .child(summary)
        .child(detail(step, trace))
}

/// Whether a sign-in that runs is in this step.
fn is_now(step: &TraceStep, trace: &TraceView) -> bool {
    let mut waiting = trace.steps.iter();
    let next = waiting.find(|it| it.progress == Progress::Waiting);
    trace.status == TraceStatus::Running && next.is_some_and(|next| next.name == step.name)
}

const fn mark_of(progress: Progress) -> &'static str {
    match progress {
        Progress::Done => "ok",
        Progress::Failed => "bad",
        Progress::Waiting => "open",
        Progress::NotReached => "absent",
    }
}

/// Who speaks to whom, on three lanes. Hidden from screen readers: words beside it say the same.
fn arrow(step: &TraceStep) -> El {
    let place = |lane| match lane {
        Lane::Browser => 20,
        Lane::App => 100,
        Lane::Provider => 180,
    };
    let (from, to) = (place(step.from), place(step.to));
    let line = |path: &'static str| stroke(path).attr("class", "sequence-lane");
    let drawn = if from == to {
        format!("M{from} 7h12v14h-8m4 -4l-4 4 4 4")
    } else {
        let back = if from < to { -6 } else { 6 };
        format!("M{from} 14H{to}m{back} -5l{} 5 {back} 5", -back)
    };
    let way = el("path")
        .class("sequence-arrow")
        .attr_text("d", drawn)
        .attr("fill", "none")
        .attr("stroke", "currentColor");
    icon("sequence-drawing", "200", "0 0 200 28")
        .attr("preserveAspectRatio", "none")
        .child(line("M20 0V28"))
        .child(line("M100 0V28"))
        .child(line("M180 0V28"))
        .child(way)
}

fn detail(step: &TraceStep, trace: &TraceView) -> El {
    let number = step.name.number();
    let heading = format!("{number} · {}", words::step(step.name).text());
    let rows_heading = match step.name {
        StepName::Discovery => Msg::InspectorKnownOfProvider,
        StepName::Session => Msg::InspectorSessionCookie,
        StepName::Callback => Msg::InspectorCameBack,
        _ => Msg::InspectorParameters,
    };
    let checks: Vec<&Check> = trace
        .checks
        .iter()
        .filter(|check| words::checked_in(check.name) == step.name)
        .collect();
    // A request that was sent again is not told again.
    let before = step.exchanges.iter().map(Some);
    let exchanges = step.exchanges.iter().zip([None].into_iter().chain(before));
    let exchanges = exchanges.map(|(it, before)| {
        let again = before.is_some_and(|before| before.request == it.request);
        exchange(it, it.request.parameters != step.rows, again)
    });
    let token = step.id_token.as_ref();
    let header: &[Row] = token.map_or(&[], |token| &token.header);
    let claims: &[Row] = token.map_or(&[], |token| &token.claims);
    el("div")
        .class("sequence-detail")
        .child(
            el("h3")
                .attr_text("id", format!("step-{number}"))
                .attr("tabindex", "-1")
                .string(heading),
        )
        .child(el("p").say(words::step_means(step.name)))
        .maybe(likeliest(step, trace))
        .maybe(verdicts(&checks))
        .child(to_check(step.name))
        .maybe(table(rows_heading, &step.rows, &[]))
        .children(exchanges.collect())
        .maybe(table(Msg::InspectorIdTokenHeader, header, &[]))
        .maybe(table(Msg::InspectorIdTokenClaims, claims, &[]))
        .maybe(table(
            Msg::InspectorUserinfoClaims,
            &step.claims,
            &step.differing,
        ))
}

/// Why it failed here, as far as that can be told.
fn likeliest(step: &TraceStep, trace: &TraceView) -> Option<El> {
    let cause = trace.advice.first()?;
    (step.progress == Progress::Failed).then(|| {
        el("p")
            .class("message message-warn")
            .child(el("strong").say(Msg::InspectorLikeliest))
            .text(" ")
            .child(
                el("bdi")
                    .attr("lang", "en")
                    .attr("dir", "ltr")
                    .string(cause.to_string()),
            )
    })
}

fn to_check(name: StepName) -> El {
    el("p")
        .class("inspector-to-check")
        .child(el("strong").say(Msg::InspectorToCheck))
        .text(" ")
        .child(el("span").say(words::to_check(name)))
}

/// What was checked in this step; nothing where it was not even begun.
fn verdicts(checks: &[&Check]) -> Option<El> {
    let is_open = |check: &&Check| check.verdict == Verdict::NotReached;
    if checks.iter().all(is_open) {
        return None;
    }
    let item = |check: &&Check| {
        let mark = match check.verdict {
            Verdict::Passed => "ok",
            Verdict::Failed => "bad",
            Verdict::Absent => "absent",
            Verdict::NotReached => "open",
        };
        el("li")
            .attr("data-verdict", mark)
            .child(sign(mark))
            .child(el("span").say(words::check(check.name)))
            .child(el("span").say(words::verdict(check.verdict)))
    };
    Some(
        el("ul")
            .class("check-list")
            .attr_text("aria-label", Msg::InspectorChecks.text())
            .children(checks.iter().map(item).collect()),
    )
}
