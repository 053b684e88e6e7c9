//! The app: router, route table, titles.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};

use crate::{
    components::{boot_bar, follow_routes, footer, header},
    element::{El, several},
    pages::{account_page, home_page, not_found_page, problem_page, signed_out_page},
    routes::{self, Place},
    sign_in::callback_page,
};

/// Everything inside `<body>`.
///
/// Every route is rendered whole before the first byte leaves (`SsrMode::Async`): the status is
/// right, the page is complete without WebAssembly, and no script has to place fragments. All routes
/// have the one view [`page`], because the router is compiled anew for each kind of view.
#[component]
pub fn App() -> impl IntoView {
    let (is_routing, set_is_routing) = signal(false);
    view! {
        <Router set_is_routing>
            {several(header().map(El::done).into())}
            <main id="content" class="main" aria-busy=move || is_routing.get().then_some("true")>
                <FlatRoutes fallback=page>
                    <Route path=path!("/") view=page ssr=SsrMode::Async/>
                    <Route path=path!("/callback") view=page ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=page ssr=SsrMode::Async/>
                    <Route path=path!("/signed-out") view=page ssr=SsrMode::Async/>
                    <Route path=path!("/problem/:id") view=page ssr=SsrMode::Async/>
                </FlatRoutes>
            </main>
            {footer().done()}
            {several(boot_bar().map(El::done).into())}
            {follow_routes(is_routing)}
        </Router>
    }
}

/// The page of the current path.
fn page() -> AnyView {
    let path = use_location().pathname.get_untracked();
    match routes::place(&path) {
        Place::Home => home_page(),
        Place::Callback => callback_page(),
        Place::Account => account_page(),
        Place::SignedOut => signed_out_page(),
        Place::Problem(id) => problem_page(id),
        Place::Nowhere => not_found_page(),
    }
    .done()
}
