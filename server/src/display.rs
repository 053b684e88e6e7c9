//! How pages look in a browser: kept in a cookie, and drawn by the server.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, REFERER, SET_COOKIE},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{
    display::{Display, Theme},
    routes,
};
use wrengate_backend::{Services, cookies::ChoiceCookie};
use wrengate_protocol::return_to::ReturnTo;

use crate::{
    notice::{self, Told},
    router::AppState,
};

/// What stands around a page for the browser that brings these headers.
pub(crate) fn of(services: &Services, headers: &HeaderMap, saved: bool) -> Display {
    let cookies = headers.get_all(COOKIE).into_iter();
    let theme = ChoiceCookie::Theme.read(cookies.filter_map(|header| header.to_str().ok()));
    let http = &services.config.http;
    Display {
        theme: theme
            .and_then(|code| Theme::from_code(&code))
            .unwrap_or_default(),
        saved,
        back: place(services, came_from(services, headers)),
        source_url: http.source_url.as_ref().map(ToString::to_string),
        privacy_url: http.privacy_url.as_ref().map(ToString::to_string),
    }
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /display/save`: keeps how pages shall look in this browser, and leads back.
///
/// # Security
/// Neither field is believed: a theme that is unknown is the device's own, and the way back is a path of
/// this origin or the sign-in page.
pub(crate) async fn save(
    State(state): State<AppState>,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let services = &state.services;
    let Form(choice) = form.unwrap_or_default();
    let theme = Theme::from_code(&choice.theme).unwrap_or_default();
    let back = place(services, Some(&choice.return_to));
    let mut response = Redirect::to(&back).into_response();
    let secure = services.config.http.public_origin.is_https();
    if let Ok(cookie) = HeaderValue::from_str(&ChoiceCookie::Theme.set(secure, theme.code())) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    notice::leave(services, &mut response, &Told::Display);
    response
}

/// A place to lead back to.
fn place(services: &Services, proposed: Option<&str>) -> String {
    let origin = services.config.http.public_origin.url();
    ReturnTo::read(proposed, origin).map_or_else(
        || routes::HOME.to_owned(),
        |place| place.as_str().to_owned(),
    )
}

/// The page of ours that the link to this one stood on.
fn came_from<'a>(services: &Services, headers: &'a HeaderMap) -> Option<&'a str> {
    let from = headers.get(REFERER)?.to_str().ok()?;
    // What is left of another origin is no path, and so no place.
    from.strip_prefix(services.config.http.public_origin.as_str())
}
