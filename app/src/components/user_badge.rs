//! The picture of a person, over their initials.

use leptos::prelude::*;
use wrengate_protocol::profile::Profile;

/// Picture over initials: where the picture does not load, the initials show.
#[component]
pub(crate) fn Avatar(
    /// Whose.
    profile: Profile,
) -> impl IntoView {
    let initials = initials(&profile);
    let picture = profile.picture.map(|address| {
        view! { <img src=address alt="" width="72" height="72" referrerpolicy="no-referrer"/> }
    });
    view! {
        <span class="avatar">
            <span class="avatar-initials" aria-hidden="true">{initials}</span>
            {picture}
        </span>
    }
}

fn initials(profile: &Profile) -> String {
    let name = profile.display_name().unwrap_or("?");
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}
