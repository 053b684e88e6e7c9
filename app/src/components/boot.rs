//! What stands on a page while its interactive part loads, or fails to. `boot.js` sets `data-boot`
//! on the root element and the style sheet shows the fitting part, so hydration changes nothing here.

use crate::{
    copy::Msg,
    element::{El, el},
};

/// For pages that cannot do their work without WebAssembly: what to do when it does not load.
pub(crate) fn boot(title: Msg, body: Msg, way: El) -> [El; 2] {
    [
        el("div")
            .class("boot boot-slow")
            .child(el("p").attr("role", "status").say(Msg::BootSlow))
            .child(reload_link()),
        el("div")
            .class("boot boot-failed")
            .child(el("h2").say(title))
            .child(el("p").say(body))
            .child(reload_link())
            .child(el("p").child(way)),
    ]
}

/// For pages that work without it, and for a panic afterwards.
pub(crate) fn boot_bar() -> [El; 2] {
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
    ]
}

/// A link without an address of its own loads the page again, also where no script of ours runs.
fn reload_link() -> El {
    let link = el("a")
        .attr("href", "")
        .attr("rel", "external")
        .attr("data-reload", "");
    el("p").child(link.say(Msg::Reload))
}
