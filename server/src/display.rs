//! How pages look in a browser: kept in a cookie, and drawn by the server.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{
        HeaderMap, HeaderValue,
        header::{REFERER, SET_COOKIE},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use wrengate_app::{
    copy::languages::Language,
    display::{Display, Theme},
    routes,
};
use wrengate_backend::{Services, cookies::ChoiceCookie};
use wrengate_protocol::return_to::ReturnTo;

use crate::{
    notice::{self, Told},
    one_time,
    router::AppState,
};

/// What stands around a page for the browser that brings these headers.
pub(crate) fn of(state: &AppState, headers: &HeaderMap, saved: bool) -> Display {
    let services = &state.services;
    let languages = state.spoken.languages();
    let language = state.spoken.chosen(headers);
    let http = &services.config.http;
    Display {
        theme: theme(headers),
        language: language.map(|it| it.tag().to_owned()),
        languages: languages.all().to_vec(),
        saved,
        back: place(services, came_from(services, headers)),
        source_url: http.source_url.as_ref().map(ToString::to_string),
        privacy_url: http.privacy_url.as_ref().map(ToString::to_string),
    }
}

/// The theme that was chosen in a browser.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    one_time::cookies(headers, ChoiceCookie::Theme.name())
        .find_map(Theme::from_code)
        .unwrap_or_default()
}

/// The fields of the form.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    theme: String,
    /// Absent where there is no choice.
    lang: Option<String>,
    #[serde(default)]
    return_to: String,
}

/// `POST /display/save`: keeps how pages shall look in this browser, and leads back.
///
/// # Security
/// No field is believed: a theme that is unknown is the device's own, a language that is not spoken is none,
/// and the way back is a path of this origin or the sign-in page.
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
    let languages = state.spoken.languages();
    let language = choice.lang.map(|tag| {
        let tag = languages.of_tag(&tag).map_or("", Language::tag);
        ChoiceCookie::Language.set(secure, tag)
    });
    let theme = ChoiceCookie::Theme.set(secure, theme.code());
    for cookie in std::iter::once(theme).chain(language) {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
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
        .filter(|path| path.split(['?', '#']).next() != Some(routes::DISPLAY))
}
