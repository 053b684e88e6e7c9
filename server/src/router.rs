//! The whole HTTP surface and the order of the layers.

use std::sync::Arc;

use axum::{
    Router,
    handler::Handler as _,
    middleware::from_fn_with_state,
    routing::{any, get, post},
};
use tokio::sync::watch;
use tower_http::services::ServeDir;
use wrengate_app::{Assets, routes};
use wrengate_backend::{Services, guard::Guard};

use crate::{
    back_channel, display, forms,
    guard::{self, Required},
    health, inspector,
    layers::{
        api_gate,
        client_address::ClientAddresses,
        form_gate, page,
        rate_limit::{self, RateLimits},
        request, security_headers,
    },
    pages,
    words::{self, Spoken},
};

/// What handlers and layers share.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) services: Services,
    pub(crate) limits: Arc<RateLimits>,
    pub(crate) clients: ClientAddresses,
    pub(crate) assets: Assets,
    pub(crate) spoken: Spoken,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Builds the router. Layers are listed from the inside out: the last one sees a request first.
pub fn router(
    services: &Services,
    assets: Assets,
    spoken: Spoken,
    stopping: watch::Receiver<bool>,
) -> Router {
    pages::prepare_rendering();
    let limits = Arc::new(RateLimits::new(services.config.http.rates));
    limits.clone().keep_tidy(stopping.clone());
    let state = AppState {
        services: services.clone(),
        limits,
        clients: ClientAddresses::new(services.config.http.trusted_proxies.clone()),
        assets,
        spoken,
        stopping,
    };

    let counted = from_fn_with_state(state.clone(), rate_limit::check_page);
    let api =
        any(pages::server_functions).layer(from_fn_with_state(state.clone(), api_gate::check));
    let forms = form_routes(services)
        .layer(from_fn_with_state(state.clone(), form_gate::check))
        .layer(counted.clone());
    let next = get(forms::sign_out_next).layer(counted.clone());
    // One by one: `leptos_routes` would also register every server function, past the gate.
    let has_inspector = services.inspector.is_on();
    let pages = routes::PAGES
        .into_iter()
        .filter(|page| *page != routes::INSPECTOR || has_inspector)
        .fold(Router::new(), |router, page| {
            let router = router.route(page, get(pages::render));
            match page {
                routes::HOME => router,
                path => router.route(&format!("{path}/"), get(pages::without_slash)),
            }
        })
        .layer(from_fn_with_state(state.clone(), page::prepare))
        .layer(counted.clone())
        .route("/words/{list}", get(words::list));
    let files = ServeDir::new(&services.config.http.site_root)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .call_fallback_on_method_not_allowed(true)
        .fallback(
            pages::not_found
                .layer(from_fn_with_state(state.clone(), page::prepare))
                .layer(counted.clone())
                .with_state(state.clone()),
        );

    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz).layer(counted))
        .route("/api", api.clone())
        .route("/api/{*path}", api)
        .merge(forms)
        .route(routes::SIGN_OUT_NEXT, next)
        // Past the gate: the provider's server calls it, and brings no origin.
        .route(
            routes::BACK_CHANNEL_LOGOUT,
            post(back_channel::log_out),
        )
        .merge(pages)
        .merge(inspector_routes(&state))
        .fallback_service(files)
        .layer(from_fn_with_state(state.clone(), request::watch_over))
        .layer(from_fn_with_state(state.clone(), security_headers::add))
        .with_state(state)
}

/// Plain form posts. All but the first two are for people who are signed in.
fn form_routes(services: &Services) -> Router<AppState> {
    let signed_in = |page| {
        let required = Required::of_form(services, Guard::signed_in(), page);
        from_fn_with_state(required, guard::check)
    };
    let refresh_profile = post(forms::refresh_profile).route_layer(signed_in(routes::ACCOUNT));
    let preferences = post(forms::preferences).route_layer(signed_in(routes::ACCOUNT));
    let end_session = post(forms::end_session).route_layer(signed_in(routes::SESSIONS));
    let end_others = post(forms::end_other_sessions).route_layer(signed_in(routes::SESSIONS));
    Router::new()
        .route(routes::SIGN_OUT, post(forms::sign_out))
        .route(routes::SAVE_DISPLAY, post(display::save))
        .route(routes::REFRESH_PROFILE, refresh_profile)
        .route(routes::PREFERENCES, preferences)
        .route(routes::END_SESSION, end_session)
        .route(routes::END_OTHER_SESSIONS, end_others)
}

/// The inspector's addresses; none where it is off, so that they are as unknown as any other.
fn inspector_routes(state: &AppState) -> Router<AppState> {
    if !state.services.inspector.is_on() {
        return Router::new();
    }
    let counted = from_fn_with_state(state.clone(), rate_limit::check_page);
    let clear = Router::new()
        .route(routes::INSPECTOR_CLEAR, post(inspector::clear))
        .layer(from_fn_with_state(state.clone(), form_gate::check));
    Router::new()
        .route(routes::INSPECTOR_TRACE, get(inspector::trace))
        .route(routes::INSPECTOR_EVENTS, get(inspector::events))
        .route(routes::INSPECTOR_REPORT, get(inspector::report))
        .layer(from_fn_with_state(state.clone(), inspector::check))
        .merge(clear)
        .layer(counted)
}
