//! The other tabs of this browser, and this one's coming and going.

use std::cell::OnceCell;

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{BroadcastChannel, Event, EventTarget, MessageEvent};

use super::environment::{document, window};

/// Something that other tabs want to know. Whoever hears it asks the server before believing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Somebody signed in.
    SignedIn,
    /// Nobody is signed in any more.
    SignedOut,
    /// The session was used, so it lasts longer.
    Extended,
}

impl News {
    const ALL: [Self; 3] = [Self::SignedIn, Self::SignedOut, Self::Extended];

    const fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::Extended => "extended",
        }
    }
}

/// The channel, where this browser has any.
fn with_channel(act: impl FnOnce(&BroadcastChannel)) {
    thread_local! {
        static CHANNEL: OnceCell<Option<BroadcastChannel>> = const { OnceCell::new() };
    }
    CHANNEL.with(|channel| {
        let channel = channel.get_or_init(|| {
            let channel = BroadcastChannel::new("wrengate").ok()?;
            // An open channel keeps a page out of the back/forward cache; one that comes out of it asks
            // the server in any case.
            let left = channel.clone();
            on(&window(), "pagehide", Box::new(move |_| left.close()));
            Some(channel)
        });
        channel.as_ref().map(act);
    });
}

/// Tells the other tabs. Without a channel they notice when they become visible.
pub fn tell(news: News) {
    with_channel(|channel| drop(channel.post_message(&news.code().into())));
}

/// Does something on all news of other tabs, as long as the page lives.
pub fn on_news(mut act: impl FnMut(News) + 'static) {
    with_channel(|channel| {
        on(
            channel,
            "message",
            Box::new(move |event| {
                let said = event.unchecked_into::<MessageEvent>().data().as_string();
                let news = News::ALL
                    .into_iter()
                    .find(|news| said.as_deref() == Some(news.code()));
                news.map(&mut act);
            }),
        );
    });
}

/// Does something whenever this tab is looked at again.
pub fn on_shown(mut act: impl FnMut() + 'static) {
    on(
        &document(),
        "visibilitychange",
        Box::new(move |_| {
            if !document().hidden() {
                act();
            }
        }),
    );
}

/// Does something whenever the network is back.
pub fn on_online(mut act: impl FnMut() + 'static) {
    on(&window(), "online", Box::new(move |_| act()));
}

/// Does something when a form for this address is sent and the page is about to be left.
pub fn on_form_sent(action: &'static str, mut act: impl FnMut() + 'static) {
    on(
        &document(),
        "submit",
        Box::new(move |event| {
            let form = event
                .target()
                .map(wasm_bindgen::JsCast::unchecked_into::<web_sys::Element>);
            let to = form.and_then(|form| form.get_attribute("action"));
            if to.as_deref() == Some(action) {
                act();
            }
        }),
    );
}

/// Does something when anything on the page breaks that nobody expected.
pub fn on_broken(mut act: impl FnMut() + 'static) {
    on(&window(), "error", Box::new(move |_| act()));
}

/// Listens as long as the page lives.
pub(super) fn on(target: &EventTarget, name: &str, act: Box<dyn FnMut(Event)>) {
    let listener = Closure::wrap(act).into_js_value();
    // Fails for no listener that is a function.
    drop(target.add_event_listener_with_callback(name, listener.unchecked_ref()));
}
