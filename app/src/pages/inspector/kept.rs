//! The page as a browser keeps it.

use crate::{
    browser::{environment, location},
    element::{El, el},
};

/// `/inspector`: what the server drew stays as it is; where nothing was drawn, it is loaded.
pub(crate) fn inspector_page() -> El {
    environment::once_drawn(|| {
        if !environment::has_heading() {
            location::reload();
        }
    });
    el("section").class("page inspector")
}
