//! The picture of a person, over their initials.

use wrengate_protocol::profile::Profile;

use crate::element::{El, el};

/// Picture over initials: where the picture does not load, the initials show.
pub(crate) fn avatar(profile: &Profile) -> El {
    let badge = el("span").class("avatar").child(
        el("span")
            .class("avatar-initials")
            .attr("aria-hidden", "true")
            .string(initials(profile)),
    );
    match profile.picture.clone() {
        Some(address) => badge.child(
            el("img")
                .attr_text("src", address)
                .attr("alt", "")
                .attr("width", "72")
                .attr("height", "72")
                .attr("referrerpolicy", "no-referrer"),
        ),
        None => badge,
    }
}

/// One or two letters.
pub(crate) fn initials(profile: &Profile) -> String {
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
