//! After signing out: what ended, and what did not.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{external, page_link},
    copy::{self, Words},
    element::{El, el},
    page_data::page_data,
    routes,
};

/// `/signed-out`
pub(crate) fn signed_out_page() -> El {
    let client = page_data().client;
    let words = Words::of(&client);
    let everywhere =
        use_query_map().with_untracked(|query| query.get("where").as_deref() == Some("everywhere"));
    let ended = if everywhere {
        copy::SIGNED_OUT_EVERYWHERE
    } else {
        copy::SIGNED_OUT
    };
    let provider = client
        .provider_home
        .map(|address| external(address, words.fill(copy::OPEN_PROVIDER)));
    el("section")
        .class("page signed-out")
        .child(el("h1").attr("tabindex", "-1").text(copy::SIGNED_OUT_TITLE))
        .child(el("p").class("lead").string(words.fill(ended)))
        .child(el("p").class("actions").child(page_link(
            "button",
            routes::HOME,
            copy::SIGN_IN_AGAIN,
        )))
        .child(
            el("p")
                .class("message message-info")
                .string(format!("{} ", words.fill(copy::STILL_AT_PROVIDER)))
                .maybe(provider),
        )
}
