//! What stands around every page.

use leptos::prelude::*;

use crate::{copy, page_data::page_data, routes};

/// Skip link, wordmark and, for somebody who is signed in, the way to the account and out.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let data = page_data();
    let signed_in = data.person.map(|_| {
        view! {
            <nav class="header-nav" aria-label=copy::ACCOUNT>
                <a href=routes::ACCOUNT>{copy::ACCOUNT}</a>
                <form method="post" action=routes::SIGN_OUT>
                    <button class="link" type="submit">{copy::SIGN_OUT}</button>
                </form>
            </nav>
        }
    });
    view! {
        <a class="skip" href="#content" rel="external">{copy::SKIP}</a>
        <header class="header">
            <a class="wordmark" href=routes::HOME rel="external">
                <svg class="wordmark-sign" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
                    <path d="M4 21V10a8 8 0 0 1 16 0v11" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path>
                    <path d="M4 15h10" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path>
                    <circle cx="16.5" cy="15" r="2" fill="currentColor"></circle>
                </svg>
                <bdi>{data.client.app}</bdi>
            </a>
            {signed_in}
        </header>
    }
}

/// Help and version.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let client = page_data().client;
    let help = client
        .support_url
        .or_else(|| {
            client
                .support_email
                .map(|address| format!("mailto:{address}"))
        })
        .map(|address| view! { <a href=address rel="external noreferrer">{copy::GET_HELP}</a> });
    view! {
        <footer class="footer">
            {help}
            <span class="footer-version">{concat!("Wrengate ", env!("CARGO_PKG_VERSION"))}</span>
        </footer>
    }
}
