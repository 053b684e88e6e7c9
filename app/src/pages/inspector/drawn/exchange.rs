//! A request and its answer.

use wrengate_protocol::trace::Exchange;

use super::{
    sign,
    tables::{foreign, table, value},
    took,
};
use crate::{
    copy::Msg,
    element::{El, el},
};

/// One request; its parameters too, unless the table above it is the same or it is sent `again`.
pub(super) fn exchange(exchange: &Exchange, with_parameters: bool, again: bool) -> El {
    let request = &exchange.request;
    let line = el("p")
        .class("exchange-line")
        .child(el("code").string(request.method.to_string()))
        .text(" ")
        .child(value(&request.url));
    let repeated = again.then(|| {
        el("p")
            .class("inspector-note")
            .say(Msg::InspectorSameRequest)
    });
    let mut rows = request.query.clone();
    if with_parameters {
        rows.extend_from_slice(&request.parameters);
    }
    let rows = if again {
        None
    } else {
        table(Msg::InspectorRequest, &rows, &[])
    };
    let answered = exchange.response.as_ref().map(|response| {
        let mark = if response.status < 400 { "ok" } else { "bad" };
        el("p")
            .class("exchange-answer")
            .attr("data-verdict", mark)
            .child(sign(mark))
            .child(el("code").string(response.status.to_string()))
            .text(" · ")
            .child(took(exchange.duration_ms))
    });
    let trouble = exchange.trouble.map(|failure| {
        let unread = exchange
            .response
            .is_none()
            .then_some(Msg::InspectorNoAnswer);
        el("p")
            .class("exchange-answer")
            .attr("data-verdict", "bad")
            .child(sign("bad"))
            .child(el("code").text(failure.code()))
            .text(" ")
            .string(unread.map(Msg::text).unwrap_or_default())
    });
    let response = exchange.response.as_ref();
    let answer = response.and_then(|it| table(Msg::InspectorAnswer, &it.parameters, &[]));
    let headers = [
        table(Msg::InspectorRequest, &request.headers, &[]),
        response.and_then(|it| table(Msg::InspectorAnswer, &it.headers, &[])),
    ];
    let headers: Vec<El> = headers.into_iter().flatten().collect();
    let headers = (!headers.is_empty()).then(|| {
        el("details")
            .class("details")
            .child(el("summary").say(Msg::InspectorHeaders))
            .children(headers)
    });
    el("div")
        .class("exchange")
        .child(line)
        .maybe(answered)
        .maybe(trouble)
        .maybe(repeated)
        .maybe(rows)
        .maybe(answer)
        .maybe(headers)
        .maybe((!again).then(|| curl(request.curl.to_string())))
}

/// The request for a shell.
fn curl(line: String) -> El {
    let copy = el("button")
        .class("button button-quiet needs-script")
        .attr("type", "button")
        .attr("data-copy-text", "")
        .say(Msg::InspectorCopy);
    el("details")
        .class("details")
        .child(el("summary").say(Msg::InspectorRaw))
        .child(
            el("pre")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr_text("aria-label", Msg::InspectorRaw.text())
                .child(foreign(line)),
        )
        .child(copy)
}
