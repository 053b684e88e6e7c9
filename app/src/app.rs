//! The app: what stands on every page, and the page of the current path in its middle.

use leptos::prelude::*;
use leptos_router::{components::Router, hooks::use_location};

use crate::{
    components::{follow_routes, footer, header},
    element::{Body, El, el},
    page_data::{PageData, page_data},
    pages::{
        display_page, help_page, home_page, inspector_page, loaded_anew, not_found_page,
        problem_page, signed_out_page,
    },
    routes::{self, Place},
    sign_in::{callback_page, number_presses},
    signed_in::{SignedIn, signed_in},
};

/// Everything inside `<body>`.
///
/// The router gives the path, and moves inside the app; which page a path has is told by
/// [`routes::place`], on the server as in the browser. A page is drawn at once from what the document
/// brought, so the status is right, the page is complete without WebAssembly, and no navigation waits.
#[component]
pub fn App() -> impl IntoView {
    view! { <Router>{body()}</Router> }
}

fn body() -> Body {
    let path = use_location().pathname;
    let signed_in = signed_in();
    number_presses();
    let watch = signed_in.map(|it| (it.watch)()).unwrap_or_default();
    let drawn = StoredValue::new(false);
    let main = el("main")
        .attr("id", "content")
        .class("main")
        .part(move || {
            if drawn.try_update_value(|drawn| std::mem::replace(drawn, true)) == Some(true) {
                // What came of a form is told on the page to which it led, and on no later one.
                provide_context(PageData {
                    notice: None,
                    ..page_data()
                });
            }
            let above = signed_in.and_then(|it| (it.above)());
            let page = path.with(|path| page(path, signed_in));
            above.into_iter().chain([page]).collect()
        });
    let body = header()
        .into_iter()
        .chain([main, footer()])
        .chain(watch)
        .collect();
    follow_routes();
    Body(body)
}

/// The page of a path.
fn page(path: &str, signed_in: Option<SignedIn>) -> El {
    let place = routes::place(path);
    if let Some(page) = signed_in.and_then(|it| (it.page)(place)) {
        return page;
    }
    match place {
        Place::Home => home_page(),
        Place::Callback => callback_page(),
        Place::Account | Place::Sessions => loaded_anew(),
        Place::SignedOut => signed_out_page(),
        Place::Help => help_page(),
        Place::Display => display_page(),
        Place::Inspector if page_data().inspector => inspector_page(),
        Place::Problem(id) => problem_page(id),
        Place::Inspector | Place::Nowhere => not_found_page(),
    }
}
