//! The sign-in page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wrengate_protocol::authorize::Prompt;

use crate::{
    browser::{
        environment, location,
        tabs::{self, News},
    },
    components::{ThreadState, boot, page_link, thread},
    copy::{self, Msg},
    element::{El, el},
    page_data::{ProviderState, page_data},
    routes,
    sign_in::{ReturnTo, sign_in_button},
};

/// `/`
pub(crate) fn home_page() -> El {
    let data = page_data();
    let query = use_query_map();
    let return_to = move || -> ReturnTo {
        Box::new(move || {
            query.with_untracked(|query| match query.get("renew") {
                Some(_) => Some(routes::RENEWED.to_owned()),
                None => query.get("return_to"),
            })
        })
    };
    let renews = move || query.with(|query| query.get("renew").is_some());
    let inspect = data
        .inspector
        .then(|| el("p").child(page_link("", routes::INSPECTOR, Msg::InspectThisFlow)));
    if !data.signed_in {
        // Whoever is signed in hears of other tabs by the watch over the session.
        environment::once_drawn(follow_other_tabs);
    }
    let trouble = match data.provider {
        ProviderState::Ready => None,
        ProviderState::Unreachable => Some(Msg::ProviderDown),
        ProviderState::Troubled => Some(Msg::ProviderTroubled),
    };
    let trouble = trouble.map(|sentence| el("p").class("message message-warn").say(sentence));

    el("section")
        .class("page home")
        .child(el("h1").attr("tabindex", "-1").text_of(move || {
            let title = if renews() {
                Msg::SignInAgain
            } else {
                Msg::HomeTitle
            };
            title.text()
        }))
        .child(el("div").class("notice").part(move || {
            let sentence = query.with(|query| query.get("return_to")).map(|path| {
                let to_account = path.split(['?', '#']).next() == Some(routes::ACCOUNT);
                if to_account {
                    Msg::SignInToSeeAccount
                } else {
                    Msg::SignInToContinue
                }
            });
            let notice = |sentence| el("p").class("message message-info").say(sentence);
            sentence.map(notice).into_iter().collect()
        }))
        .maybe(trouble)
        .child(el("p").class("lead").text_of(move || {
            let lead = if renews() {
                Msg::RenewLead
            } else {
                Msg::HomeLead
            };
            lead.text()
        }))
        .child(thread(ThreadState::Still))
        .child(needs_wasm(sign_in_button(
            Msg::Continue,
            None,
            return_to(),
            false,
        )))
        .children(
            boot(
                Msg::CannotStartTitle,
                Msg::CannotStart,
                page_link("way", routes::HELP, Msg::GetHelp),
            )
            .into(),
        )
        .child(el("noscript").child(el("p").class("message").say(Msg::HomeNoscript)))
        .child(el("p").say(copy::asked_for(&data.client.scopes)))
        .child(what_is_requested(&data.client.scopes))
        .child(needs_wasm(sign_in_button(
            Msg::DifferentAccount,
            Some(Prompt::SelectAccount),
            return_to(),
            true,
        )))
        .maybe(inspect)
}

/// Somebody who signs in in another tab is signed in here too: the page is loaded anew, and the server leads
/// on to where this one wanted to go.
fn follow_other_tabs() {
    tabs::on_news(|news| {
        if news == News::SignedIn && environment::path() == routes::HOME {
            location::reload();
        }
    });
}

fn what_is_requested(scopes: &[String]) -> El {
    let rows = scopes.iter().map(|scope| {
        el("tr")
            .child(
                el("th")
                    .attr("scope", "row")
                    .child(el("code").string(scope.clone())),
            )
            .child(el("td").string(copy::scope_meaning(scope)))
    });
    let column = |name: Msg| el("th").attr("scope", "col").say(name);
    let table = el("table")
        .child(
            el("thead").child(
                el("tr")
                    .child(column(Msg::Scope))
                    .child(column(Msg::Meaning)),
            ),
        )
        .child(el("tbody").children(rows.collect()));
    el("details")
        .class("details")
        .child(el("summary").say(Msg::WhatIsRequested))
        .child(table)
}

/// Hidden where no script runs.
pub(super) fn needs_wasm(part: El) -> El {
    el("div").class("needs-wasm").child(part)
}
