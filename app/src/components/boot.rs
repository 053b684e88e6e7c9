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

/// A link without an address of its own loads the page again, also where no script of ours runs.
pub(super) fn reload_link() -> El {
    let link = el("a")
        .attr("href", "")
        .attr("rel", "external")
        .attr("data-reload", "");
    el("p").child(link.say(Msg::Reload))
}
