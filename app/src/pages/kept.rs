//! A page that the server alone draws, as a browser keeps it.

use crate::{
    browser::{environment, location},
    element::{El, el},
};

/// What the server drew stays as it is; where nothing was drawn, because the way here led through the
/// history of another page, it is loaded.
pub(crate) fn kept() -> El {
    environment::once_drawn(|| {
        if !environment::has_heading() {
            location::reload();
        }
    });
    el("section")
}
