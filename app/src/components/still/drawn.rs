//! As the server draws it.

use crate::{
    components::{boot::reload_link, external, initials, page_link},
    copy::Msg,
    display::display,
    element::{El, el},
    page_data::{PageData, Person},
    routes,
};

/// The id of the popover.
const MENU: &str = "account-menu";

/// Who is signed in, where they can go, and the way out.
///
/// The popover is the browser's own: it opens and closes without a script. Where a browser has none, the
/// style sheet shows the plain way out in its place.
///
/// # Security
/// The button bears initials and not the picture, so that whoever serves pictures learns of the visits to
/// the account page alone.
pub(crate) fn account_menu(data: &PageData) -> Option<El> {
    let person = data.person.as_ref()?;
    let initials = el("span")
        .class("avatar")
        .attr("aria-hidden", "true")
        .string(initials(&person.profile));
    let button = el("button")
        .class("menu-button")
        .attr("type", "button")
        .attr("popovertarget", MENU)
        .attr_text("aria-label", Msg::MenuOpen.text())
        .child(initials);
    // They load the page anew, which closes the menu.
    let ways = [
        (routes::ACCOUNT, Msg::Account),
        (routes::SESSIONS, Msg::Sessions),
        (routes::DISPLAY, display().label()),
    ];
    let ways = ways.map(|(to, label)| el("li").child(page_link("", to, label)));
    let popover = el("div")
        .class("menu-list")
        .attr("id", MENU)
        .attr("popover", "auto")
        .child(who(person))
        .child(el("ul").children(ways.into()))
        .child(sign_out());
    Some(
        el("div")
            .class("menu")
            .child(button)
            .child(popover)
            .child(sign_out().class("menu-without")),
    )
}

fn who(person: &Person) -> El {
    let profile = &person.profile;
    let name = person.preferences.call_me.as_deref();
    let name = name.or_else(|| profile.display_name());
    let name = name.map_or_else(|| Msg::AccountTitle.text(), str::to_owned);
    let email = profile.email.clone().filter(|email| *email != name);
    let foreign = |text: String| el("bdi").attr("dir", "auto").string(text);
    el("p")
        .class("menu-who")
        .child(el("span").say(Msg::MenuSignedInAs))
        .child(el("strong").child(foreign(name)))
        .maybe(email.map(foreign))
}

fn sign_out() -> El {
    let button = el("button")
        .class("link")
        .attr("type", "submit")
        .say(Msg::SignOut);
    el("form")
        .attr("method", "post")
        .attr("action", routes::SIGN_OUT)
        .child(button)
}

/// Help, what is told about this installation, and how its pages look.
pub(crate) fn footer() -> El {
    let display = display();
    let elsewhere =
        |address: Option<String>, label: Msg| address.map(|address| external(address, label));
    let label = display.label();
    el("footer")
        .class("footer")
        .child(page_link("", routes::HELP, Msg::FooterHelp))
        .maybe(elsewhere(display.source_url, Msg::FooterSource))
        .maybe(elsewhere(display.privacy_url, Msg::FooterPrivacy))
        .child(
            el("span")
                .class("footer-version")
                .text(concat!("Wrengate ", env!("CARGO_PKG_VERSION"))),
        )
        .child(page_link("", routes::DISPLAY, label))
}

/// What stands at the foot of a page that works without WebAssembly, after a panic, and where a form was not
/// sent: shown by the style sheet.
pub(crate) fn boot_bars() -> [El; 3] {
    [
        el("div")
            .class("boot boot-bar boot-failed-quietly")
            .child(el("p").say(Msg::BootFailed))
            .child(reload_link()),
        el("div")
            .class("boot boot-bar boot-panicked")
            .attr("role", "alert")
            .child(el("p").say(Msg::Panicked))
            .child(reload_link()),
        el("div")
            .class("boot boot-bar boot-unsent")
            .attr("role", "alert")
            .child(el("p").say(Msg::Unsent)),
    ]
}
