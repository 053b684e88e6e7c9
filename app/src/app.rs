//! The app: metadata, router, route table.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    components::{BootBar, Footer, Header, RouteFocus},
    page_data::provide_page_data,
    pages::{AccountPage, HomePage, NotFoundPage, ProblemPage, SignedOutPage},
    sign_in::CallbackPage,
};

/// Everything inside `<body>`.
///
/// Every route is rendered whole before the first byte leaves (`SsrMode::Async`): the status is
/// right, the page is complete without WebAssembly, and no script has to place fragments.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let data = provide_page_data();
    let (is_routing, set_is_routing) = signal(false);
    let title = move |page: String| {
        if page.is_empty() {
            data.client.app.clone()
        } else {
            format!("{page} — {}", data.client.app)
        }
    };

    view! {
        <Title formatter=title/>
        <Router set_is_routing>
            <Header/>
            <main id="content" class="main" aria-busy=move || is_routing.get().then_some("true")>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/callback") view=CallbackPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/signed-out") view=SignedOutPage ssr=SsrMode::Async/>
                    <Route path=path!("/problem/:id") view=ProblemPage ssr=SsrMode::Async/>
                </FlatRoutes>
            </main>
            <Footer/>
            <BootBar/>
            <RouteFocus is_routing/>
        </Router>
    }
}
