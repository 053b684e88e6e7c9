//! The thread between browser, app and provider: the one motif.

use crate::{
    copy::{Break, Msg},
    element::{El, el},
    page_data::page_data,
};

/// How the thread is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThreadState {
    /// Nothing is going on.
    Still,
    /// A sign-in is under way.
    Moving,
    /// It broke here.
    Broken(Break),
}

impl ThreadState {
    const fn name(self) -> &'static str {
        match self {
            Self::Still | Self::Broken(Break::None) => "still",
            Self::Moving => "moving",
            Self::Broken(Break::Browser) => "browser",
            Self::Broken(Break::App) => "app",
            Self::Broken(Break::Provider) => "provider",
            Self::Broken(Break::Between) => "between",
            Self::Broken(Break::Gap) => "gap",
        }
    }
}

/// Three names on a line. Hidden from screen readers, because words beside it say the same.
pub(crate) fn thread(state: ThreadState) -> El {
    let client = page_data().client;
    let node = |class: &'static str, name: String| el("span").class(class).string(name);
    el("div")
        .class("thread")
        .attr("data-state", state.name())
        .attr("aria-hidden", "true")
        .child(node("thread-node thread-browser", Msg::Browser.text()))
        .child(el("span").class("thread-line thread-first"))
        .child(node("thread-node thread-app", client.app))
        .child(el("span").class("thread-line thread-second"))
        .child(node("thread-node thread-provider", client.provider))
}
