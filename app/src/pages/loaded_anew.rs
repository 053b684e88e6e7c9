//! A page that only the server can draw.

use std::time::Duration;

use crate::{
    browser::{environment, location},
    element::{El, el},
};

/// A page about somebody, entered inside the app where nobody is known to be signed in: the server is
/// asked by loading it, and sends whoever is not signed in to the sign-in page.
pub(crate) fn loaded_anew() -> El {
    // Once the address is written.
    environment::once_drawn(|| environment::later(Duration::ZERO, location::reload));
    el("section")
}
