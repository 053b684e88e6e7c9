//! 404.

use wrengate_protocol::Failure;

use crate::{
    components::page_link,
    copy::{self, Msg},
    element::{El, el},
    routes,
};

/// Every address that is not ours.
pub(crate) fn not_found_page() -> El {
    let row = copy::failure(Failure::NotFound);
    el("section")
        .class("page not-found")
        .child(el("h1").attr("tabindex", "-1").say(row.title))
        .child(el("p").class("lead").say(row.body))
        .child(
            el("p")
                .class("actions")
                .child(page_link("button", routes::HOME, Msg::BackToStart))
                .child(page_link("way", routes::ACCOUNT, Msg::Account)),
        )
}
