//! What runs in the browser: the callback query is taken, then the page is hydrated.

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use wrengate_app::{
    App,
    browser::{
        environment,
        location::{self, CallbackQuery},
    },
    copy,
    page_data::{self, PageData},
    signed_in,
};

/// Called by `boot.js` once the module is loaded, with the `list` of what is said. It is `told` when the page
/// is hydrated, and `false` where it cannot be because a part of the app, or the list, does not come.
///
/// A document about a person waits for the part that is theirs. Any other, the callback among them, is
/// hydrated before this returns.
#[wasm_bindgen]
pub fn hydrate(list: &str, told: Function) {
    console_error_panic_hook::set_once();
    if !copy::is_list(list) {
        // Before the query is taken, so that a reload can still finish a sign-in.
        return tell(&told, false);
    }
    let query = location::take_callback_query();
    let data = environment::text_of(page_data::ELEMENT).and_then(|it| PageData::from_json(&it));
    let data = data.unwrap_or_default();
    copy::begin(list, &data.client);
    if data.signed_in {
        spawn_local(async move {
            let whole = signed_in::fetch().await;
            if whole {
                start(query, data);
            }
            tell(&told, whole);
        });
    } else {
        start(query, data);
        tell(&told, true);
    }
}

fn start(query: Option<CallbackQuery>, data: PageData) {
    hydrate_body(move || {
        if let Some(query) = query {
            provide_context(query);
        }
        provide_context(data);
        App()
    });
}

fn tell(told: &Function, whole: bool) {
    // Fails for no function that settles a promise.
    drop(told.call1(&JsValue::UNDEFINED, &JsValue::from_bool(whole)));
}
