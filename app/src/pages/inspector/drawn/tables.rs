//! Tables of names and values, each with its reason and its source.

use wrengate_protocol::trace::{Row, Shown, TraceValue};

use crate::{
    copy::{Msg, parameters},
    element::{El, el},
};

/// Where a source would stand.
const NOWHERE: &str = "–";

/// A table with a heading; nothing where there are no rows.
pub(super) fn table(heading: Msg, rows: &[Row], differing: &[Shown]) -> Option<El> {
    if rows.is_empty() {
        return None;
    }
    let head = [
        Msg::InspectorName,
        Msg::InspectorValue,
        Msg::InspectorWhy,
        Msg::InspectorSource,
    ];
    let head = head.map(|name| el("th").attr("scope", "col").say(name));
    let body = rows
        .iter()
        .map(|row| line(row, differing.contains(&row.name)));
    Some(
        el("table")
            .class("inspector-table")
            .child(el("caption").say(heading))
            .child(el("thead").child(el("tr").children(head.into())))
            .child(el("tbody").children(body.collect())),
    )
}

fn line(row: &Row, differs: bool) -> El {
    let name = row.name.as_str();
    let (why, source) = parameters::why(name).unwrap_or((Msg::InspectorUnknownWhy, NOWHERE));
    let differs = differs.then(|| el("p").class("inspector-differs").say(Msg::InspectorDiffer));
    let value = el("td")
        .child(value(&row.value))
        .maybe(readable(name, &row.value))
        .maybe(differs)
        .children(compared(row));
    el("tr")
        .child(
            el("th")
                .attr("scope", "row")
                .child(foreign(name.to_owned())),
        )
        .child(value)
        .child(el("td").say(why))
        .child(el("td").class("inspector-source").text(source))
}

/// A value, or that it was removed.
pub(super) fn value(value: &TraceValue) -> El {
    match value {
        TraceValue::Shown(text) => foreign(text.to_string()),
        TraceValue::Redacted { fingerprint } => el("span")
            .class("inspector-removed")
            .say(Msg::InspectorRemoved)
            .text(" · ")
            .child(el("code").string(fingerprint.as_str().to_owned())),
    }
}

/// Both values side by side where they differ, else that they are equal.
fn compared(row: &Row) -> Vec<El> {
    let Some(expected) = &row.expected else {
        return Vec::new();
    };
    if *expected == row.value {
        return vec![
            el("p")
                .class("inspector-equal")
                .child(super::sign("ok"))
                .say(Msg::InspectorEqual),
        ];
    }
    vec![
        el("p")
            .class("inspector-differs")
            .child(super::sign("bad"))
            .say(Msg::InspectorUnequal),
        el("p")
            .say(Msg::InspectorExpected)
            .text(" ")
            .child(value(expected)),
    ]
}

/// A time of a claim, for people.
fn readable(name: &str, value: &TraceValue) -> Option<El> {
    let is_time = matches!(name, "exp" | "iat" | "nbf" | "auth_time" | "updated_at");
    match value {
        TraceValue::Shown(text) if is_time => {
            let seconds: i64 = text.as_str().parse().ok()?;
            Some(el("p").child(super::time(seconds)))
        }
        _ => None,
    }
}

/// Text that went over the wire.
pub(super) fn foreign(text: String) -> El {
    el("code").child(el("bdi").string(text))
}
