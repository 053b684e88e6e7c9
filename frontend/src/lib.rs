//! What runs in the browser: the callback query is taken, then the page is hydrated.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wrengate_app::{
    App,
    browser::{environment, location},
    page_data::{self, PageData},
};

/// Called by `boot.js` once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let query = location::take_callback_query();
    let data = environment::text_of(page_data::ELEMENT);
    hydrate_body(move || {
        if let Some(query) = query {
            provide_context(query);
        }
        if let Some(data) = data.and_then(|text| PageData::from_json(&text)) {
            provide_context(data);
        }
        App()
    });
}
