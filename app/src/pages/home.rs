//! The sign-in page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wrengate_protocol::authorize::Prompt;

use crate::{
    components::{ThreadState, boot, thread},
    copy::{self, Words},
    element::{El, el},
    page_data::{ProviderState, page_data},
    routes,
    sign_in::{ReturnTo, sign_in_button},
};

/// `/`
pub(crate) fn home_page() -> El {
    let data = page_data();
    let words = Words::of(&data.client);
    let query = use_query_map();
    let return_to = move || -> ReturnTo {
        Box::new(move || {
            query.with_untracked(|query| match query.get("renew") {
                Some(_) => Some(routes::RENEWED.to_owned()),
                None => query.get("return_to"),
            })
        })
    };
    let trouble = match data.provider {
        ProviderState::Ready => None,
        ProviderState::Unreachable => Some(copy::PROVIDER_DOWN),
        ProviderState::Troubled => Some(copy::PROVIDER_TROUBLED),
    };
    let trouble = trouble.map(|sentence| {
        el("p")
            .class("message message-warn")
            .string(words.fill(sentence))
    });

    el("section")
        .class("page home")
        .child(
            el("h1")
                .attr("tabindex", "-1")
                .string(words.fill(copy::HOME_TITLE)),
        )
        .child(el("div").class("notice").part(move || {
            let sentence = query.with(|query| query.get("return_to")).map(|path| {
                let to_account = path.split(['?', '#']).next() == Some(routes::ACCOUNT);
                if to_account {
                    copy::SIGN_IN_TO_SEE_ACCOUNT
                } else {
                    copy::SIGN_IN_TO_CONTINUE
                }
            });
            let notice = |sentence| el("p").class("message message-info").text(sentence);
            sentence.map(notice).into_iter().collect()
        }))
        .maybe(trouble)
        .child(el("p").class("lead").string(words.fill(copy::HOME_LEAD)))
        .child(thread(ThreadState::Still))
        .child(needs_wasm(sign_in_button(
            copy::CONTINUE,
            None,
            return_to(),
            false,
        )))
        .children(boot(copy::CANNOT_START_TITLE, copy::CANNOT_START).into())
        .child(el("noscript").child(el("p").class("message").text(copy::HOME_NOSCRIPT)))
        .child(el("p").string(words.fill(copy::asked_for(&data.client.scopes))))
        .child(what_is_requested(&data.client.scopes))
        .child(needs_wasm(sign_in_button(
            copy::DIFFERENT_ACCOUNT,
            Some(Prompt::SelectAccount),
            return_to(),
            true,
        )))
}

fn what_is_requested(scopes: &[String]) -> El {
    let rows = scopes.iter().map(|scope| {
        el("tr")
            .child(
                el("th")
                    .attr("scope", "row")
                    .child(el("code").string(scope.clone())),
            )
            .child(el("td").string(copy::scope_meaning(scope).to_owned()))
    });
    let column = |name: &'static str| el("th").attr("scope", "col").text(name);
    let table = el("table")
        .child(
            el("thead").child(
                el("tr")
                    .child(column(copy::SCOPE))
                    .child(column(copy::MEANING)),
            ),
        )
        .child(el("tbody").children(rows.collect()));
    el("details")
        .class("details")
        .child(el("summary").text(copy::WHAT_IS_REQUESTED))
        .child(table)
}

/// Hidden where no script runs.
pub(super) fn needs_wasm(part: El) -> El {
    el("div").class("needs-wasm").child(part)
}
