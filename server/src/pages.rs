//! Where the app is rendered, and what it is given to know.

use any_spawner::Executor;
use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderValue, Request, StatusCode, Uri, header::CONTENT_SECURITY_POLICY, request::Parts,
    },
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::{
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{ResponseOptions, handle_server_fns_with_context, render_app_async_with_context};
use wrengate_app::{
    copy::languages::Language,
    display::Display,
    inspection::{Inspection, Utc},
    page_data::PageData,
    shell,
};

use crate::{inspector, layers::security_headers, router::AppState};

/// The server functions. The gate stands before them.
pub(crate) async fn server_functions(
    State(state): State<AppState>,
    request: Request<Body>,
) -> Response {
    let services = state.services;
    handle_server_fns_with_context(move || provide_context(services.clone()), request)
        .await
        .into_response()
}

/// A page of the app, whole before its first byte leaves.
pub(crate) async fn render(State(state): State<AppState>, request: Request<Body>) -> Response {
    let assets = state.assets.clone();
    let path = request.uri().path().to_owned();
    let document = move || shell(assets.clone(), &path);
    let render = render_app_async_with_context(context(&state), document);
    render(request).await
}

/// The address of a page with a slash at its end, which the app's own router would take for the page.
/// The query stays behind: at `/callback/` it can hold a code.
pub(crate) async fn without_slash(uri: Uri) -> Redirect {
    Redirect::permanent(uri.path().trim_end_matches('/'))
}

/// Everything that is no page and no file.
///
/// The app is asked for an address that it surely has no page for. Its router is laxer than ours, and
/// breaks at a target that is no path at all, such as that of `CONNECT`.
pub(crate) async fn not_found(state: State<AppState>, mut request: Request<Body>) -> Response {
    *request.uri_mut() = Uri::from_static("/not-found");
    let mut response = render(state, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Lets the framework spawn its work on the runtime that serves. To be called before the first page.
pub(crate) fn prepare_rendering() {
    // Refuses the second time, and the runtime is the same one.
    let _ = Executor::init_tokio();
}

/// What each rendering is given: the page's data, and the policy that names its nonce.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = state.services.clone();
    move || {
        if let Some(parts) = use_context::<Parts>() {
            if let Some((data, language)) = parts.extensions.get::<(PageData, Language)>() {
                provide_context(language.words(&data.client));
                provide_context(language.clone());
                provide_context(data.clone());
            }
            if let Some(display) = parts.extensions.get::<Display>() {
                provide_context(display.clone());
            }
            if let Some(inspection) = parts.extensions.get::<Inspection>() {
                provide_context(inspection.clone());
                provide_context(Utc(inspector::utc));
            }
        }
        let policy = use_nonce().map(|nonce| security_headers::policy(&services, Some(&nonce)));
        if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&policy)
        {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
