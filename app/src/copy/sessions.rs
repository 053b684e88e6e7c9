//! The sentences of the page of sessions, which the server alone draws.

pub(crate) const LEAD: &str = "These are the browsers signed in to {app} with your account. Sign out any you don't recognise.";
pub(crate) const UNKNOWN_BROWSER: &str = "Unknown browser";
pub(crate) const THIS_BROWSER: &str = "This browser";
pub(crate) const ACTIVE_NOW: &str = "Active now";
pub(crate) const LAST_ACTIVE: &str = "Last active ";
pub(crate) const SIGNED_IN_AT: &str = "Signed in ";
pub(crate) const SIGN_OUT_NAMED: &str = "Sign out {browser}, last active {time}";
pub(crate) const SIGN_OUT_ONE_ASK: &str =
    "Sign out this browser? It takes effect on its next request.";
pub(crate) const SIGN_OUT_OTHERS: &str = "Sign out all other browsers";
pub(crate) const SIGN_OUT_OTHER_ASK: &str = "Sign out the other browser? This one stays signed in.";
pub(crate) const SIGN_OUT_OTHERS_ASK: &str =
    "Sign out {n} other browsers? This one stays signed in.";
pub(crate) const SHOW_MORE: &str = "Show more";
pub(crate) const ONLY_BROWSER: &str = "This is the only browser signed in.";
pub(crate) const CHANGE_PASSWORD: &str =
    "See one you don't recognise? Change your password at {provider}.";
pub(crate) const FAILED: &str = "We couldn't load your sessions.";
pub(crate) const ENDED: &str = "Signed out {browser}.";
pub(crate) const ENDED_UNKNOWN: &str = "Signed out that browser.";
pub(crate) const ENDED_ONE_OTHER: &str = "Signed out 1 browser.";
pub(crate) const ENDED_OTHERS: &str = "Signed out {n} browsers.";
pub(crate) const ENDED_BEFORE: &str = "That session had already ended.";
pub(crate) const NOT_ENDED: &str =
    "Couldn't sign that browser out. It may still have access. Try again.";
pub(crate) const OTHERS_NOT_ENDED: &str =
    "Couldn't sign the other browsers out. They may still have access. Try again.";
pub(crate) const NOT_THIS_BROWSER: &str = "This browser is still signed in. To leave, use \u{201c}Sign out\u{201d} at the top of the page.";
