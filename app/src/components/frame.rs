//! What stands above every page, and pieces of it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::account_menu;
use crate::{
    copy::Msg,
    element::{El, el},
    page_data::page_data,
    routes,
};

/// Skip link, wordmark and, for somebody who is signed in, the ways to their pages and their menu.
pub(crate) fn header() -> [El; 2] {
    let data = page_data();
    let skip = el("a")
        .class("skip")
        .attr("href", "#content")
        .attr("rel", "external");
    let wordmark = el("a")
        .class("wordmark")
        .attr("href", routes::HOME)
        .child(sign())
        .child(el("bdi").string(data.client.app.clone()));
    let path = use_location().pathname;
    let (is_signed_in, inspector) = (data.signed_in, data.inspector);
    let nav = (is_signed_in || inspector).then(|| {
        let link = |to: &'static str, label: Msg| {
            let is_here = move || (path.get() == to).then(|| "page".to_owned());
            el("a")
                .attr("href", to)
                .attr_when("aria-current", is_here)
                .say(label)
        };
        // What it shows comes with the document, so it is loaded anew.
        let sessions = link(routes::SESSIONS, Msg::Sessions).attr("rel", "external");
        let inspector =
            inspector.then(|| link(routes::INSPECTOR, Msg::Inspector).attr("rel", "external"));
        let nav = el("nav")
            .class("header-nav")
            .attr_text("aria-label", Msg::Account.text());
        let nav = if is_signed_in {
            nav.child(link(routes::ACCOUNT, Msg::Account))
                .child(sessions)
        } else {
            nav
        };
        nav.maybe(inspector)
    });
    [
        skip.say(Msg::Skip),
        el("header")
            .class("header")
            .child(wordmark)
            .maybe(nav)
            .maybe(account_menu(&data)),
    ]
}

/// A gate with a latch.
fn sign() -> El {
    icon("wordmark-sign", "24", "0 0 24 24")
        .child(stroke("M4 21V10a8 8 0 0 1 16 0v11M4 15h10"))
        .child(
            el("circle")
                .attr("cx", "16.5")
                .attr("cy", "15")
                .attr("r", "2")
                .attr("fill", "currentColor"),
        )
}

/// A drawing beside words that say the same; `size` in CSS pixels.
pub(crate) fn icon(class: &'static str, size: &'static str, view_box: &'static str) -> El {
    el("svg")
        .class(class)
        .attr("viewBox", view_box)
        .attr("width", size)
        .attr("height", size)
        .attr("aria-hidden", "true")
}

/// A line of a drawing, in the colour of the words.
pub(crate) fn stroke(path: &'static str) -> El {
    el("path")
        .attr("d", path)
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "2")
        .attr("stroke-linecap", "round")
        .attr("stroke-linejoin", "round")
}

/// A link that leaves the site.
pub(crate) fn external(address: String, label: Msg) -> El {
    el("a")
        .attr_text("href", address)
        .attr("rel", "external noreferrer")
        .say(label)
}

/// A link to another page of the site that loads it anew, because it depends on who asks.
pub(crate) fn page_link(class: &'static str, path: &'static str, label: Msg) -> El {
    el("a")
        .class(class)
        .attr("href", path)
        .attr("rel", "external")
        .say(label)
}
