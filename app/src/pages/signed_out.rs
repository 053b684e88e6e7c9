//! After signing out: what ended, and what did not.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    copy::{self, Words},
    page_data::page_data,
    routes,
};

/// `/signed-out`
#[component]
pub(crate) fn SignedOutPage() -> impl IntoView {
    let client = page_data().client;
    let words = Words::of(&client);
    let query = use_query_map();
    let everywhere =
        query.with_untracked(|query| query.get("where").as_deref() == Some("everywhere"));
    let ended = if everywhere {
        copy::SIGNED_OUT_EVERYWHERE
    } else {
        copy::SIGNED_OUT
    };
    let provider = client.provider_home.clone().map(|address| {
        view! { <a href=address rel="external noreferrer">{words.fill(copy::OPEN_PROVIDER)}</a> }
    });
    view! {
        <Title text=copy::SIGNED_OUT_TITLE/>
        <section class="page signed-out">
            <h1 tabindex="-1">{copy::SIGNED_OUT_TITLE}</h1>
            <p class="lead">{words.fill(ended)}</p>
            <p class="actions">
                <a class="button" href=routes::HOME rel="external">{copy::SIGN_IN_AGAIN}</a>
            </p>
            <p class="message message-info">{words.fill(copy::STILL_AT_PROVIDER)} " " {provider}</p>
        </section>
    }
}
