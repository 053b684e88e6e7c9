//! When each step began and how long it took.

use wrengate_protocol::trace::{StepName, TraceStep, TraceView};

use super::duration;
use crate::{
    components::icon,
    copy::{Msg, inspector as words},
    element::{El, el},
};

/// How wide a bar can be, in units of its drawing.
const WIDTH: u64 = 1000;

/// How wide the time at the provider is drawn: it is a person's, and would leave no room for ours.
const AWAY: u64 = 240;

/// The narrowest bar.
const NARROWEST: u64 = 6;

/// Where milliseconds are drawn.
#[derive(Clone, Copy, Debug)]
struct Scale {
    left: u64,
    back: u64,
    end: u64,
}

impl Scale {
    fn of(trace: &TraceView) -> Self {
        let end = trace
            .steps
            .iter()
            .filter_map(span)
            .map(|(_, end)| end)
            .max();
        let end = end.unwrap_or_default();
        let away = trace
            .steps
            .iter()
            .find(|it| it.name == StepName::AtProvider);
        match away.and_then(span) {
            Some((left, back)) => Self { left, back, end },
            None => Self {
                left: end,
                back: end,
                end,
            },
        }
    }

    fn place(self, ms: u64) -> u64 {
        let away = if self.back > self.left { AWAY } else { 0 };
        let ours = (self.end + self.left).saturating_sub(self.back).max(1);
        let room = WIDTH - away;
        if ms <= self.left {
            ms * room / ours
        } else if ms < self.back {
            self.left * room / ours + (ms - self.left) * away / (self.back - self.left)
        } else {
            (ms + self.left - self.back) * room / ours + away
        }
    }
}

fn span(step: &TraceStep) -> Option<(u64, u64)> {
    let (start, duration) = (u64::from(step.start_ms?), u64::from(step.duration_ms?));
    Some((start, start + duration))
}

pub(super) fn waterfall(trace: &TraceView) -> El {
    let scale = Scale::of(trace);
    let head = [
        Msg::InspectorStep,
        Msg::InspectorStart,
        Msg::InspectorDuration,
        Msg::InspectorWho,
        Msg::InspectorBar,
    ];
    let head = head.map(|name| el("th").attr("scope", "col").say(name));
    let rows = trace.steps.iter().map(|step| row(step, scale));
    el("section")
        .class("inspector-waterfall")
        .attr("aria-labelledby", "waterfall")
        .child(
            el("h2")
                .attr("id", "waterfall")
                .say(Msg::InspectorWaterfall),
        )
        .child(
            el("table")
                .child(el("thead").child(el("tr").children(head.into())))
                .child(el("tbody").children(rows.collect())),
        )
        .child(
            el("p")
                .class("inspector-note")
                .say(Msg::InspectorWaterfallNote),
        )
}

fn row(step: &TraceStep, scale: Scale) -> El {
    let link = el("a")
        .attr_text("href", format!("#step-{}", step.name.number()))
        .attr("rel", "external")
        .say(words::step(step.name));
    let text = |ms: Option<u32>| ms.map_or_else(|| "–".to_owned(), duration);
    let who = words::lane(step.from).text();
    el("tr")
        .attr(
            "data-away",
            if step.name == StepName::AtProvider {
                "yes"
            } else {
                "no"
            },
        )
        .child(el("th").attr("scope", "row").child(link))
        .child(el("td").string(text(step.start_ms)))
        .child(el("td").string(text(step.duration_ms)))
        .child(el("td").child(el("bdi").string(who)))
        .child(el("td").child(bar(step, scale)))
}

fn bar(step: &TraceStep, scale: Scale) -> El {
    let drawing = icon("bar", "200", "0 0 1000 14").attr("preserveAspectRatio", "none");
    let Some((start, end)) = span(step) else {
        return drawing;
    };
    let (from, to) = (scale.place(start), scale.place(end));
    let from = from.min(WIDTH - NARROWEST);
    let width = to.saturating_sub(from).max(NARROWEST);
    if step.name != StepName::AtProvider {
        return drawing.child(rect(from, width, "bar-ours"));
    }
    let hatches = (from..from + width).step_by(16);
    let hatches = hatches.map(|x| rect(x, 6, "bar-away"));
    drawing.children(hatches.collect())
}

fn rect(x: u64, width: u64, class: &'static str) -> El {
    el("rect")
        .class(class)
        .attr_text("x", x.to_string())
        .attr_text("width", width.to_string())
        .attr("y", "0")
        .attr("height", "14")
        .attr("fill", "currentColor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_time_is_seen_however_long_a_person_takes() {
        let scale = Scale {
            left: 100,
            back: 600_100,
            end: 600_200,
        };
        assert_eq!(scale.place(0), 0);
        assert_eq!(scale.place(100), (WIDTH - AWAY) / 2);
        assert_eq!(scale.place(600_100), (WIDTH - AWAY) / 2 + AWAY);
        assert_eq!(scale.place(600_200), WIDTH);
        for scale in [
            Scale {
                left: 0,
                back: 0,
                end: 0,
            },
            Scale {
                left: 5,
                back: 5,
                end: 9,
            },
            Scale {
                left: 0,
                back: 9,
                end: 9,
            },
            Scale {
                left: u32::MAX.into(),
                back: u32::MAX.into(),
                end: u32::MAX.into(),
            },
        ] {
            assert!(scale.place(scale.end) <= WIDTH, "{scale:?}");
        }
    }
}
