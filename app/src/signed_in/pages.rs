//! What is behind the ways in.

use crate::{
    element::{El, el},
    page_data::page_data,
    pages::{account_page, sessions_page},
    routes::Place,
    session_watch::{SessionWatch, session_watch, watch_over_session},
};

pub(super) fn watch() -> Vec<El> {
    let data = page_data();
    data.person.map(watch_over_session).unwrap_or_default()
}

pub(super) fn above() -> Option<El> {
    session_watch().map(SessionWatch::bar)
}

pub(super) fn page(place: Place<'_>) -> Option<El> {
    if session_watch().is_some_and(SessionWatch::is_over) {
        // Nothing is shown behind the overlay, wherever somebody goes.
        return Some(el("section").class("page"));
    }
    match place {
        Place::Account => page_data().person.map(account_page),
        Place::Sessions => Some(sessions_page()),
        _ => None,
    }
}
