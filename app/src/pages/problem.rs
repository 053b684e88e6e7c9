//! A failure as a page of its own, so that a reload never replays a code.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use wrengate_protocol::Failure;

use super::NotFoundPage;
use crate::{
    components::ErrorPanel,
    copy::{self, Words},
    page_data::page_data,
};

/// `/problem/{id}`
#[component]
pub(crate) fn ProblemPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id"));
    let Some(failure) = id.as_deref().and_then(Failure::from_code) else {
        return view! { <NotFoundPage/> }.into_any();
    };
    let words = Words::of(&page_data().client);
    let title = words.fill(copy::failure(failure).title);
    // Cancelling is not a problem, and is not called one.
    let prefix = if failure == Failure::Cancelled {
        ""
    } else {
        copy::PROBLEM_PREFIX
    };
    view! {
        <Title text=format!("{prefix}{title}")/>
        <section class="page problem">
            <ErrorPanel failure/>
        </section>
    }
    .into_any()
}
