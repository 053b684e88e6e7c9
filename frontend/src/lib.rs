//! What runs in the browser: the callback query is taken, then the page is hydrated.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wrengate_app::{App, browser::location};

/// Called by `boot.js` once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let query = location::take_callback_query();
    leptos::mount::hydrate_body(move || {
        if let Some(query) = query {
            provide_context(query);
        }
        App()
    });
}
