//! What this browser offers, and the few things of it that pages touch.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

use leptos::leptos_dom::helpers;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Document, HtmlElement, Window};
use wrengate_protocol::Failure;

use crate::{copy::Msg, session_watch::Moment};

/// The window.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks for the window"
)]
pub fn window() -> Window {
    helpers::window()
}

/// The document.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks for the document"
)]
pub fn document() -> Document {
    helpers::document()
}

/// Says in the console that something is not as it should be.
pub fn complain(what: &str, detail: &str) {
    web_sys::console::error_2(&what.into(), &detail.into());
}

/// The text of an element.
#[must_use]
pub fn text_of(id: &str) -> Option<String> {
    document().get_element_by_id(id)?.text_content()
}

/// Writes a text into the first element that fits, if there is one.
pub(crate) fn set_text(selector: &str, text: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        element.set_text_content(Some(text));
    }
}

/// Does something once the page is drawn, in the browser alone.
pub fn once_drawn(act: impl FnOnce() + 'static) {
    let mut act: Option<Box<dyn FnOnce()>> = Some(Box::new(act));
    leptos::prelude::Effect::new(move |_| {
        if let Some(act) = act.take() {
            act();
        }
    });
}

/// Does something that takes a while.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    leptos::task::spawn_local(work);
}

/// Whether a sign-in can work here, found out before leaving for the provider.
///
/// # Errors
/// The failure that would otherwise be met on the way back.
pub fn check() -> Result<(), Failure> {
    let window = window();
    if !window.is_secure_context() {
        return Err(Failure::InsecurePage);
    }
    if !super::attempt_store::works() {
        return Err(Failure::StorageBlocked);
    }
    if !cookies_enabled() {
        return Err(Failure::CookiesBlocked);
    }
    if !window.navigator().on_line() {
        return Err(Failure::Offline);
    }
    Ok(())
}

fn cookies_enabled() -> bool {
    js_sys::Reflect::get(&window().navigator(), &"cookieEnabled".into())
        .is_ok_and(|enabled| enabled.as_bool() != Some(false))
}

/// Whether the browser says that it has a network.
#[must_use]
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether a button was pressed whose work is not done yet.
#[must_use]
pub(crate) fn is_busy() -> bool {
    let busy = document().query_selector("main [aria-disabled=true]");
    matches!(busy, Ok(Some(_)))
}

/// Whether the page went into the back/forward cache, and is about to be loaded anew if it came back.
#[must_use]
pub(crate) fn is_left() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute("hidden"))
}

/// The browser's clock, in whole milliseconds since 1970.
#[must_use]
pub fn now_ms() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the browser's clock"
    )]
    let now = js_sys::Date::now();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction of a millisecond is meant to go"
    )]
    let now = now as i64;
    now
}

/// This moment, by both clocks of the browser.
#[must_use]
pub(crate) fn moment() -> Moment {
    let running = window().performance().map_or(0.0, |it| it.now());
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction of a millisecond is meant to go"
    )]
    let running_ms = running as i64;
    Moment {
        date_ms: now_ms(),
        running_ms,
    }
}

/// In whose manner times are written: this browser's, where it speaks the language of the page.
fn locale() -> String {
    let language = |tag: &str| tag.split('-').next().map(str::to_owned);
    let page = document().document_element();
    let page = page
        .and_then(|it| it.get_attribute("lang"))
        .unwrap_or_default();
    let own = window().navigator().language().unwrap_or_default();
    if language(&own) == language(&page) {
        own
    } else {
        page
    }
}

/// A moment as this browser's language and time zone write it.
#[must_use]
pub fn local_time(unix_seconds: i64) -> String {
    date(unix_seconds * 1000)
        .to_locale_time_string(&locale())
        .into()
}

/// The same in UTC.
#[must_use]
pub fn utc_time(unix_seconds: i64) -> String {
    let date: String = date(unix_seconds * 1000).to_iso_string().into();
    format!(
        "\u{2066}{} UTC\u{2069}",
        date.get(11..16).unwrap_or_default()
    )
}

/// The same with its date.
#[must_use]
pub fn local_date_time(unix_ms: i64) -> String {
    date(unix_ms)
        .to_locale_string(&locale(), &JsValue::UNDEFINED)
        .into()
}

fn date(unix_ms: i64) -> js_sys::Date {
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact for some hundred thousand years"
    )]
    let unix_ms = unix_ms as f64;
    js_sys::Date::new(&unix_ms.into())
}

/// Runs something after a while.
pub fn later(after: std::time::Duration, act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    leptos::prelude::set_timeout(act, after);
}

/// What comes of some work, unless it takes longer.
pub async fn within<T>(
    limit: std::time::Duration,
    mut work: Pin<Box<dyn Future<Output = T>>>,
) -> Option<T> {
    let expiry = Rc::new(RefCell::new((false, Waker::noop().clone())));
    let expires = Rc::clone(&expiry);
    later(limit, move || {
        let mut expiry = expires.borrow_mut();
        expiry.0 = true;
        expiry.1.wake_by_ref();
    });
    poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if expiry.borrow().0 => Poll::Ready(None),
        Poll::Pending => {
            expiry.borrow_mut().1.clone_from(context.waker());
            Poll::Pending
        }
    })
    .await
}

/// Runs something once the page is really shown: at once, unless it was prerendered.
///
/// # Security
/// A page that nobody looks at must not finish a sign-in.
pub fn when_shown(act: impl FnOnce() + 'static) {
    let document = document();
    let prerendering = js_sys::Reflect::get(&document, &"prerendering".into());
    if prerendering.is_ok_and(|prerendering| prerendering.as_bool() == Some(true)) {
        let shown = Closure::once_into_js(act);
        // Without the listener the page waits for a reload, and acts on nothing by itself.
        drop(
            document.add_event_listener_with_callback("prerenderingchange", shown.unchecked_ref()),
        );
    } else {
        act();
    }
}

/// The path of this page.
#[must_use]
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Sets the title of the document.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Moves the focus to the page's heading, so that it is spoken, without scrolling.
pub fn focus_heading() {
    focus("main h1");
}

/// Does the same with a heading that came without another address, and names the document after it.
pub fn tell_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    let text = heading.and_then(|heading| heading.text_content());
    set_title(&Msg::PageTitle.with("{page}", &text.unwrap_or_default()));
    focus_heading();
}

/// Moves the focus to an element, without scrolling.
pub fn focus(selector: &str) {
    let heading = document().query_selector(selector).ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // A heading that cannot take focus leaves it where it was, which is no worse than before.
        drop(heading.focus_with_options(&options));
    }
}

/// Whether the page has a heading.
#[must_use]
pub fn has_heading() -> bool {
    matches!(document().query_selector("main h1"), Ok(Some(_)))
}

/// Writes the moments that the server wrote in UTC as this browser's language and time zone do.
pub fn localise_times() {
    while let Ok(Some(time)) = document().query_selector("main time:not([data-local])") {
        // Neither can fail: the name is a name, and what the server writes is a moment.
        drop(time.set_attribute("data-local", ""));
        let moment = time.get_attribute("datetime").unwrap_or_default();
        let moment = js_sys::Date::new(&moment.into());
        let local = moment.to_locale_string(&locale(), &JsValue::UNDEFINED);
        time.set_text_content(Some(&String::from(local)));
    }
}

/// Puts a text on the clipboard, and tells afterwards whether it is there.
pub fn copy(text: &str, told: impl Fn(bool) + Copy + 'static) {
    let clipboard = window().navigator().clipboard();
    // The type does not say so, but a page that is not secure has none.
    if clipboard.is_undefined() {
        return told(false);
    }
    let [done, refused] =
        [true, false].map(|is_there| Closure::once(move |_: JsValue| told(is_there)));
    drop(clipboard.write_text(text).then2(&done, &refused));
    done.forget();
    refused.forget();
}
