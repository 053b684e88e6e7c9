//! Title, focus and announcement on client-side navigation, which the router leaves to us.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    browser::environment,
    copy::{self, Words},
    page_data::page_data,
};

/// Sets the title and moves the focus to the new heading when the path changed and the page is there.
///
/// Never on the first load, where the server wrote the title and the browser reads by itself.
pub(crate) fn follow_routes(is_routing: ReadSignal<bool>) {
    let path = use_location().pathname;
    let words = Words::of(&page_data().client);
    Effect::new(move |before: Option<Option<String>>| {
        let now = path.get();
        let before = before.flatten();
        if is_routing.get() {
            // Not there yet: keep what was seen last, so that the arrival still counts as a change.
            return before;
        }
        if before.is_some_and(|before| before != now) {
            environment::set_title(&copy::title(&now, &words));
            request_animation_frame(environment::focus_heading);
        }
        Some(now)
    });
}
