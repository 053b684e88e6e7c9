//! What stands around every page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    copy,
    element::{El, el},
    page_data::page_data,
    routes,
};

/// Skip link, wordmark and, for somebody who is signed in, the way to the account and out.
pub(crate) fn header() -> [El; 2] {
    let data = page_data();
    let skip = el("a")
        .class("skip")
        .attr("href", "#content")
        .attr("rel", "external");
    let wordmark = el("a")
        .class("wordmark")
        .attr("href", routes::HOME)
        .view(sign())
        .child(el("bdi").string(data.client.app));
    let path = use_location().pathname;
    let signed_in = data.person.map(|_| {
        let account = el("a")
            .attr("href", routes::ACCOUNT)
            .attr_when("aria-current", move || {
                (path.get() == routes::ACCOUNT).then(|| "page".to_owned())
            });
        let sign_out = el("button")
            .class("link")
            .attr("type", "submit")
            .text(copy::SIGN_OUT);
        el("nav")
            .class("header-nav")
            .attr("aria-label", copy::ACCOUNT)
            .child(account.text(copy::ACCOUNT))
            .child(
                el("form")
                    .attr("method", "post")
                    .attr("action", routes::SIGN_OUT)
                    .child(sign_out),
            )
    });
    [
        skip.text(copy::SKIP),
        el("header")
            .class("header")
            .child(wordmark)
            .maybe(signed_in),
    ]
}

/// A gate with a latch.
fn sign() -> AnyView {
    view! {
        <svg class="wordmark-sign" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path
                d="M4 21V10a8 8 0 0 1 16 0v11M4 15h10"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
            ></path>
            <circle cx="16.5" cy="15" r="2" fill="currentColor"></circle>
        </svg>
    }
    .into_any()
}

/// Help and version.
pub(crate) fn footer() -> El {
    let client = page_data().client;
    let help = client.support_url.or_else(|| {
        client
            .support_email
            .map(|address| format!("mailto:{address}"))
    });
    let help = help.map(|address| external(address, copy::GET_HELP.to_owned()));
    el("footer").class("footer").maybe(help).child(
        el("span")
            .class("footer-version")
            .text(concat!("Wrengate ", env!("CARGO_PKG_VERSION"))),
    )
}

/// A link that leaves the site.
pub(crate) fn external(address: String, label: String) -> El {
    el("a")
        .attr_text("href", address)
        .attr("rel", "external noreferrer")
        .string(label)
}

/// A link to another page of the site that loads it anew, because it depends on who asks.
pub(crate) fn page_link(class: &'static str, path: &'static str, label: &'static str) -> El {
    el("a")
        .class(class)
        .attr("href", path)
        .attr("rel", "external")
        .text(label)
}
