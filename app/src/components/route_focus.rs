//! Focus and announcement on client-side navigation, which the router leaves to us.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::browser::environment;

/// Moves the focus to the new heading when the path changed and the new page is there.
///
/// Never on the first load, where the browser reads the page by itself.
#[component]
pub(crate) fn RouteFocus(
    /// Whether the router is still working on a navigation.
    is_routing: ReadSignal<bool>,
) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<Option<String>>| {
        let now = path.get();
        let before = before.flatten();
        if is_routing.get() {
            // Not there yet: keep what was seen last, so that the arrival still counts as a change.
            return before;
        }
        if before.is_some_and(|before| before != now) {
            request_animation_frame(environment::focus_heading);
        }
        Some(now)
    });
}
