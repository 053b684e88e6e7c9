//! What stands on a page while its interactive part loads, or fails to. `boot.js` sets `data-boot`
//! on the root element and the style sheet shows the fitting part, so hydration changes nothing here.

use leptos::prelude::*;

use crate::copy;

/// For pages that cannot do their work without WebAssembly: what to do when it does not load.
#[component]
pub(crate) fn Boot(
    /// The heading.
    title: &'static str,
    /// What happened.
    body: &'static str,
) -> impl IntoView {
    view! {
        <div class="boot boot-slow">
            <p role="status">{copy::BOOT_SLOW}</p>
            <ReloadLink/>
        </div>
        <div class="boot boot-failed">
            <h2>{title}</h2>
            <p>{body}</p>
            <ReloadLink/>
        </div>
    }
}

/// For pages that work without it, and for a panic afterwards.
#[component]
pub(crate) fn BootBar() -> impl IntoView {
    view! {
        <div class="boot boot-bar boot-failed-quietly">
            <p>{copy::BOOT_FAILED}</p>
            <ReloadLink/>
        </div>
        <div class="boot boot-bar boot-panicked" role="alert">
            <p>{copy::PANICKED}</p>
            <ReloadLink/>
        </div>
    }
}

/// A link without an address of its own loads the page again, also where no script of ours runs.
#[component]
fn ReloadLink() -> impl IntoView {
    view! { <p><a href="" rel="external" data-reload="">{copy::RELOAD}</a></p> }
}
