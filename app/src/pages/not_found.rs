//! 404.

use leptos::prelude::*;
use leptos_meta::Title;
use wrengate_protocol::Failure;

use crate::{
    copy::{self, Words},
    page_data::page_data,
    routes,
};

/// Every address that is not ours.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    let data = page_data();
    let words = Words::of(&data.client);
    let row = copy::failure(Failure::NotFound);
    let account = data.person.map(|_| {
        view! { <a class="way" href=routes::ACCOUNT rel="external">{copy::ACCOUNT}</a> }
    });
    view! {
        <Title text=row.title/>
        <section class="page not-found">
            <h1 tabindex="-1">{row.title}</h1>
            <p class="lead">{words.fill(row.body)}</p>
            <p class="actions">
                <a class="button" href=routes::HOME rel="external">{copy::BACK_TO_START}</a>
                {account}
            </p>
        </section>
    }
}
