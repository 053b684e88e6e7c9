//! After signing out: what ended, and what did not.

use crate::{
    browser::{
        environment,
        tabs::{self, News},
    },
    components::{external, page_link},
    copy::{self, Words},
    element::{El, el},
    page_data::page_data,
    routes,
};

/// `/signed-out`
///
/// Who comes without a sign-out, or a second time, reads only what is true of everybody.
pub(crate) fn signed_out_page() -> El {
    let data = page_data();
    if data.person.is_none() {
        environment::once_drawn(|| tabs::tell(News::SignedOut));
    }
    let client = data.client;
    let words = Words::of(&client);
    let (mut lead, mut warning, mut still) = (copy::SIGNED_OUT, None, true);
    let mut next = None;
    if let Some(farewell) = data.farewell {
        if farewell.everywhere {
            lead = copy::SIGNED_OUT_EVERYWHERE;
        }
        still = !farewell.at_provider;
        warning = farewell.access_until.map(|until| {
            let mut text = words.fill(copy::NOT_REVOKED);
            if !until.is_empty() {
                text += &copy::STOPS_WORKING.replace("{time}", &until);
            }
            el("p").class("message message-warn").string(text)
        });
        next = farewell.next.map(|ticket| {
            let address = format!("{}?t={ticket}", routes::SIGN_OUT_NEXT);
            let label = words.fill(copy::SIGN_OUT_AT_PROVIDER);
            el("p").child(external(address, label))
        });
    }
    let provider = if still {
        let home = client
            .provider_home
            .map(|address| external(address, words.fill(copy::OPEN_PROVIDER)));
        el("p")
            .class("message message-info")
            .string(format!("{} ", words.fill(copy::STILL_AT_PROVIDER)))
            .maybe(home)
    } else {
        el("p").string(words.fill(copy::SIGNED_OUT_AT_BOTH))
    };
    el("section")
        .class("page signed-out")
        .child(el("h1").attr("tabindex", "-1").text(copy::SIGNED_OUT_TITLE))
        .child(el("p").class("lead").string(words.fill(lead)))
        .child(el("p").class("actions").child(page_link(
            "button",
            routes::HOME,
            copy::SIGN_IN_AGAIN,
        )))
        .maybe(warning)
        .child(provider)
        .maybe(next)
}
