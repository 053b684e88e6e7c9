//! The page as a browser keeps it.

use crate::{
    browser::{environment, location},
    element::{El, el},
};

/// `/sessions`: what the server drew stays as it is, with the times in the browser's own time. Where
/// nothing was drawn, because the way here led through the history of another page, it is loaded.
pub(crate) fn sessions_page() -> El {
    environment::once_drawn(|| {
        if environment::has_heading() {
            environment::localise_times();
        } else {
            location::reload();
        }
    });
    el("section").class("page sessions")
}
