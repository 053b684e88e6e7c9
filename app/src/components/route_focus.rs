//! Title, focus and announcement on client-side navigation, which the router leaves to us.

use leptos::prelude::*;
use leptos_router::{
    hooks::use_location,
    location::{BrowserUrl, LocationProvider as _},
};

use crate::{browser::environment, copy};

/// When the path changed and the page is there: writes the address, sets the title and moves the
/// focus to the new heading.
///
/// Never on the first load, where the server wrote the title and the browser reads by itself. Runs
/// after the page was drawn, because the page began to follow the path earlier.
pub(crate) fn follow_routes() {
    let path = use_location().pathname;
    let browser = use_context::<BrowserUrl>();
    Effect::new(move |before: Option<()>| {
        let now = path.get();
        if before.is_none() {
            return;
        }
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
        environment::set_title(&copy::title(&now));
        request_animation_frame(environment::focus_heading);
    });
}
