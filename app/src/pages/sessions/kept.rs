//! The page as a browser keeps it.

use leptos::prelude::*;
use wrengate_protocol::preferences::Times;

use crate::{
    browser::{environment, location},
    element::{El, el},
    session_watch::session_watch,
};

/// `/sessions`: what the server drew stays as it is, with the times as the person wants them. Where
/// nothing was drawn, because the way here led through the history of another page, it is loaded.
pub(crate) fn sessions_page() -> El {
    environment::once_drawn(|| {
        let in_utc = session_watch()
            .is_some_and(|watch| watch.preferences.with(|it| it.times == Times::Utc));
        if !environment::has_heading() {
            location::reload();
        } else if !in_utc {
            environment::localise_times();
        }
    });
    el("section").class("page sessions")
}
