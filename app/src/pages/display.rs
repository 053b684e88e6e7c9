//! How pages look in this browser.
//!
//! A plain form: the server keeps the choice in a cookie and draws every page with it, so nothing
//! flashes, and it works without WebAssembly.

use super::account::{form, submit};
use crate::{
    copy::Msg,
    display::{Display, Theme, display},
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
        .attr_text("href", display.back.clone())
        .attr("rel", "external")
        .say(Msg::DisplayBack);
    let languages = display.has_languages().then(|| languages(&display));
    let form = form(routes::SAVE_DISPLAY)
        .class("choices")
        .child(back)
        .child(themes(display.theme))
        .maybe(languages)
        .child(
            el("div")
                .class("actions")
                .child(submit("button", Msg::Save))
                .child(leave),
        );
    el("section")
        .class("page display")
        .child(el("h1").attr("tabindex", "-1").say(Msg::DisplayTitle))
        .child(el("p").class("lead").say(Msg::DisplayLead))
        .child(form)
}

fn themes(chosen: Theme) -> El {
    let choices = Theme::ALL.into_iter().map(|theme| {
        let (label, hint) = match theme {
            Theme::System => (Msg::DisplaySystem, Some(Msg::DisplaySystemHint)),
            Theme::Light => (Msg::DisplayLight, None),
            Theme::Dark => (Msg::DisplayDark, None),
        };
        choice("theme", theme.code().to_owned(), theme == chosen)
            .child(el("span").say(label))
            .maybe(hint.map(|hint| el("span").class("choice-hint").say(hint)))
    });
    el("fieldset")
        .child(el("legend").say(Msg::DisplayTheme))
        .children(choices.collect())
}

/// Each under the name that its speakers have for it.
fn languages(display: &Display) -> El {
    let is_chosen = |tag: &str| display.language.as_deref() == Some(tag);
    let asked = choice("lang", String::new(), display.language.is_none())
        .child(el("span").say(Msg::DisplayAsked));
    let spoken = display.languages.iter().map(|language| {
        let name = el("bdi")
            .attr_text("lang", language.tag().to_owned())
            .attr("dir", language.direction().as_str())
            .string(language.name().to_owned());
        choice("lang", language.tag().to_owned(), is_chosen(language.tag())).child(name)
    });
    el("fieldset")
        .child(el("legend").say(Msg::DisplayLanguage))
        .child(asked)
        .children(spoken.collect())
}

/// One of several, without its words.
fn choice(name: &'static str, code: String, is_chosen: bool) -> El {
    let radio = el("input")
        .attr("type", "radio")
        .attr("name", name)
        .attr_text("value", code);
    let radio = if is_chosen {
        radio.attr("checked", "")
    } else {
        radio
    };
    el("label").class("choice").child(radio)
}
