//! The app: what stands on every page, and the page of the current path in its middle.

use leptos::prelude::*;
use leptos_router::{components::Router, hooks::use_location};

use crate::{
    components::{boot_bar, follow_routes, footer, header},
    element::{Body, El, el},
    page_data::page_data,
    pages::{
        account_page, home_page, inspector_page, not_found_page, problem_page, sessions_page,
        signed_out_page,
    },
    routes::{self, Place},
    session_watch::{SessionWatch, session_watch, watch_over_session},
    sign_in::callback_page,
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
    let watch = path.with_untracked(|path| watch_over_session(routes::place(path)));
    let main = el("main")
        .attr("id", "content")
        .class("main")
        .part(move || {
            let bar = session_watch().map(SessionWatch::bar);
            let page = path.with(|path| page(path));
            bar.into_iter().chain([page]).collect()
        });
    let body = header()
        .into_iter()
        .chain([main, footer()])
        .chain(boot_bar())
        .chain(watch)
        .collect();
    follow_routes();
    Body(body)
}

/// The page of a path.
fn page(path: &str) -> El {
    if session_watch().is_some_and(SessionWatch::is_over) {
        // Nothing is shown behind the overlay, wherever somebody goes.
        return el("section").class("page");
    }
    match routes::place(path) {
        Place::Home => home_page(),
        Place::Callback => callback_page(),
        Place::Account => account_page(),
        Place::Sessions => sessions_page(),
        Place::SignedOut => signed_out_page(),
        Place::Inspector if page_data().inspector => inspector_page(),
        Place::Problem(id) => problem_page(id),
        Place::Inspector | Place::Nowhere => not_found_page(),
    }
}
