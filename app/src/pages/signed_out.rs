//! After signing out: what ended, and what did not.

use crate::{
    browser::{
        environment,
        tabs::{self, News},
    },
    components::{external, page_link},
    copy::Msg,
    element::{El, el},
    page_data::page_data,
    routes,
};

/// `/signed-out`
///
/// Who comes without a sign-out, or a second time, reads only what is true of everybody.
pub(crate) fn signed_out_page() -> El {
    let data = page_data();
    if !data.signed_in {
        environment::once_drawn(|| tabs::tell(News::SignedOut));
    }
    let client = data.client;
    let (mut lead, mut warning, mut still) = (Msg::SignedOut, None, true);
    let mut next = None;
    if let Some(farewell) = data.farewell {
        if farewell.everywhere {
            lead = Msg::SignedOutEverywhere;
        }
        still = !farewell.at_provider;
        warning = farewell.access_until.map(|until| {
            let mut text = Msg::NotRevoked.text();
            if !until.is_empty() {
                text.push(' ');
                text += &Msg::StopsWorking.with("{time}", &until);
            }
            el("p").class("message message-warn").string(text)
        });
        next = farewell.next.map(|ticket| {
            let address = format!("{}?t={ticket}", routes::SIGN_OUT_NEXT);
            el("p").child(external(address, Msg::SignOutAtProvider))
        });
    }
    let provider = if still {
        let home = client
            .provider_home
            .map(|address| external(address, Msg::OpenProvider));
        el("p")
            .class("message message-info")
            .say(Msg::StillAtProvider)
            .text(" ")
            .maybe(home)
    } else {
        el("p").say(Msg::SignedOutAtBoth)
    };
    el("section")
        .class("page signed-out")
        .child(el("h1").attr("tabindex", "-1").say(Msg::SignedOutTitle))
        .child(el("p").class("lead").say(lead))
        .child(
            el("p")
                .class("actions")
                .child(page_link("button", routes::HOME, Msg::SignInAgain)),
        )
        .maybe(warning)
        .child(provider)
        .maybe(next)
}
