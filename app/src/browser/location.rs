//! The address bar: what the callback brought, and the two ways of leaving.

use wrengate_protocol::return_to::is_local_path;

use super::environment::window;

/// The query of `/callback`, taken before anything else runs.
///
/// # Security
/// It can hold a code, so it is neither printed nor kept in a signal.
#[derive(Clone)]
pub struct CallbackQuery(pub(crate) String);

/// Takes the query out of the address bar, if this is the callback page.
///
/// # Security
/// The first act in the browser: from here on no script, extension, `Referer` or history entry
/// finds the code in the address (RFC 9700, section 4.2).
#[must_use]
pub fn take_callback_query() -> Option<CallbackQuery> {
    let window = window();
    let location = window.location();
    if location.pathname().ok()? != crate::routes::CALLBACK {
        return None;
    }
    let query = location.search().ok()?;
    if !query.is_empty() || location.hash().is_ok_and(|hash| !hash.is_empty()) {
        let history = window.history().ok()?;
        history
            .replace_state_with_url(
                &wasm_bindgen::JsValue::NULL,
                "",
                Some(crate::routes::CALLBACK),
            )
            .ok()?;
    }
    Some(CallbackQuery(query))
}

/// Leaves for the provider, if the address is one to which a sign-in may go.
///
/// Step 5 of 10. Answers whether the browser is leaving.
///
/// # Security
/// https, or http on this machine for the development provider; nothing like `javascript:`.
pub fn leave_for(authorization_url: &str) -> bool {
    let Ok(url) = web_sys::Url::new(authorization_url) else {
        return false;
    };
    let host = url.hostname();
    let is_loopback = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    let allowed = url.protocol() == "https:" || (url.protocol() == "http:" && is_loopback);
    allowed && window().location().assign(authorization_url).is_ok()
}

/// Goes to a path of our own without leaving this page in the history.
pub fn replace(path: &str) {
    let path = if is_local_path(path) {
        path
    } else {
        crate::routes::ACCOUNT
    };
    // Fails only for an address that cannot be parsed, which a local path can.
    drop(window().location().replace(path));
}

/// Loads the page again.
pub fn reload() {
    drop(window().location().reload());
}
