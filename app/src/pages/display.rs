//! How pages look in this browser.
//!
//! A plain form: the server keeps the choice in a cookie and draws every page with it, so nothing
//! flashes, and it works without WebAssembly.

use super::account::{form, submit};
use crate::{
    copy::{self, shell as words},
    display::{Theme, display},
    element::{El, el},
    routes,
};

/// `/display`
pub(crate) fn display_page() -> El {
    let display = display();
    let back = el("input")
        .attr("type", "hidden")
        .attr("name", "return_to")
        .attr_text("value", display.back.clone());
    let leave = el("a")
        .attr_text("href", display.back)
        .attr("rel", "external")
        .text(words::GO_BACK);
    let form = form(routes::SAVE_DISPLAY)
        .class("choices")
        .child(back)
        .child(themes(display.theme))
        .child(
            el("div")
                .class("actions")
                .child(submit("button", copy::SAVE))
                .child(leave),
        );
    el("section")
        .class("page display")
        .child(el("h1").attr("tabindex", "-1").text(copy::DISPLAY_TITLE))
        .child(el("p").class("lead").text(words::DISPLAY_LEAD))
        .child(form)
}

fn themes(chosen: Theme) -> El {
    let choices = Theme::ALL.into_iter().map(|theme| {
        let (label, hint) = match theme {
            Theme::System => (words::SYSTEM, Some(words::SYSTEM_HINT)),
            Theme::Light => (words::LIGHT, None),
            Theme::Dark => (words::DARK, None),
        };
        choice("theme", theme.code(), theme == chosen)
            .child(el("span").text(label))
            .maybe(hint.map(|hint| el("span").class("choice-hint").text(hint)))
    });
    el("fieldset")
        .child(el("legend").text(words::THEME))
        .children(choices.collect())
}

/// One of several, without its words.
fn choice(name: &'static str, code: &'static str, is_chosen: bool) -> El {
    let radio = el("input")
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", code);
    let radio = match is_chosen {
        true => radio.attr("checked", ""),
        false => radio,
    };
    el("label").class("choice").child(radio)
}
