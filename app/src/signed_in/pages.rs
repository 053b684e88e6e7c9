//! What is behind the ways in.

use leptos::prelude::{provide_context, use_context};

use super::person::person;
use crate::{
    element::{El, el},
    pages::{account_page, sessions_page},
    routes::Place,
    session_watch::{SessionWatch, session_watch, watch_over_session},
};

pub(super) fn watch() -> Vec<El> {
    let Some(person) = person() else {
        return Vec::new();
    };
    // Kept: the element is emptied when the page is put away, and the page comes back.
    provide_context(person.clone());
    watch_over_session(person)
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
        Place::Account => use_context().map(account_page),
        Place::Sessions => Some(sessions_page()),
        _ => None,
    }
}
