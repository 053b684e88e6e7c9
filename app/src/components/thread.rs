//! The thread between browser, app and provider: the one motif.

use leptos::prelude::*;

use crate::{
    copy::{self, Break},
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
#[component]
pub(crate) fn Thread(
    /// How it is drawn.
    state: ThreadState,
) -> impl IntoView {
    let client = page_data().client;
    view! {
        <div class="thread" data-state=state.name() aria-hidden="true">
            <span class="thread-node thread-browser">{copy::BROWSER}</span>
            <span class="thread-line thread-first"></span>
            <span class="thread-node thread-app">{client.app}</span>
            <span class="thread-line thread-second"></span>
            <span class="thread-node thread-provider">{client.provider}</span>
        </div>
    }
}
