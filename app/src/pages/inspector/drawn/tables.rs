//! Tables of names and values, each with its reason and its source.

use wrengate_protocol::trace::{Row, Shown, TraceValue};

use crate::{
    copy::{inspector as words, parameters},
    element::{El, el},
};

/// A table with a heading; nothing where there are no rows.
pub(super) fn table(heading: &'static str, rows: &[Row], differing: &[Shown]) -> Option<El> {
    if rows.is_empty() {
        return None;
    }
    let head = [words::NAME, words::VALUE, words::WHY, words::SOURCE];
    let head = head.map(|name| el("th").attr("scope", "col").text(name));
    let body = rows
        .iter()
        .map(|row| line(row, differing.contains(&row.name)));
    Some(
        el("table")
            .class("inspector-table")
            .child(el("caption").text(heading))
            .child(el("thead").child(el("tr").children(head.into())))
            .child(el("tbody").children(body.collect())),
    )
}

fn line(row: &Row, differs: bool) -> El {
    let name = row.name.as_str();
    let (why, source) = parameters::why(name).unwrap_or((words::UNKNOWN_WHY, words::NOT_MEASURED));
    let differs = differs.then(|| el("p").class("inspector-differs").text(words::DIFFER));
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
        .child(el("td").text(why))
        .child(el("td").class("inspector-source").text(source))
}

/// A value, or that it was removed.
pub(super) fn value(value: &TraceValue) -> El {
    match value {
        TraceValue::Shown(text) => foreign(text.to_string()),
        TraceValue::Redacted { fingerprint } => el("span")
            .class("inspector-removed")
            .text(words::REMOVED)
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
                .text(words::EQUAL),
        ];
    }
    vec![
        el("p")
            .class("inspector-differs")
            .child(super::sign("bad"))
            .text(words::UNEQUAL),
        el("p").text(words::EXPECTED).child(value(expected)),
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
