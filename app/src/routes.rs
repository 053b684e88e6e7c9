//! Every path, once.

use wrengate_protocol::Failure;

/// The sign-in page.
pub const HOME: &str = "/";
/// Where the provider sends the person back to.
pub const CALLBACK: &str = "/callback";
/// Who is signed in.
pub const ACCOUNT: &str = "/account";
/// Where that person is signed in.
pub const SESSIONS: &str = "/sessions";
/// The query of [`SESSIONS`] that asks for all of them.
pub const ALL: &str = "all=1";
/// The form that signs another browser out.
pub const END_SESSION: &str = "/sessions/end";
/// The form that signs every other browser out.
pub const END_OTHER_SESSIONS: &str = "/sessions/end-others";
/// After signing out.
pub const SIGNED_OUT: &str = "/signed-out";
/// The form that signs out.
pub const SIGN_OUT: &str = "/sign-out";
/// From where a ticket leads on to the provider, whose own session ends there.
pub const SIGN_OUT_NEXT: &str = "/sign-out/next";
/// Where the provider says that somebody left.
pub const BACK_CHANNEL_LOGOUT: &str = "/backchannel-logout";
/// The form that reads the profile again.
pub const REFRESH_PROFILE: &str = "/profile/refresh";
/// The form that keeps what a person chose.
pub const PREFERENCES: &str = "/preferences";
/// What each failure means, and who can fix it.
pub const HELP: &str = "/help";
/// How pages look in this browser.
pub const DISPLAY: &str = "/display";
/// The form that keeps it.
pub const SAVE_DISPLAY: &str = "/display/save";
/// Where a sign-in returns to that another tab waits for. The callback page then says so.
pub const RENEWED: &str = "/?renewed=1";

/// The flow inspector.
pub const INSPECTOR: &str = "/inspector";
/// The browser's own sign-ins, as JSON.
pub const INSPECTOR_TRACE: &str = "/inspector/trace";
/// The same as they happen, as server-sent events.
pub const INSPECTOR_EVENTS: &str = "/inspector/events";
/// The same as a file; with `?format=text` as text.
pub const INSPECTOR_REPORT: &str = "/inspector/report";
/// The form that forgets them.
pub const INSPECTOR_CLEAR: &str = "/inspector/clear";

/// The sign-in page for somebody who is signed in already, from the inspector and back to it.
pub const RUN_AGAIN: &str = "/?again=1&return_to=%2Finspector";

/// The pages, as the server's router writes them.
pub const PAGES: [&str; 9] = [
    HOME,
    CALLBACK,
    ACCOUNT,
    SESSIONS,
    SIGNED_OUT,
    HELP,
    DISPLAY,
    INSPECTOR,
    "/problem/{id}",
];

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The sign-in page.
    Home,
    /// The callback.
    Callback,
    /// The account page.
    Account,
    /// The list of sessions.
    Sessions,
    /// The signed-out page.
    SignedOut,
    /// The help page.
    Help,
    /// The page of the display choices.
    Display,
    /// The flow inspector, where it is on.
    Inspector,
    /// The page of the failure with this code.
    Problem(&'a str),
    /// No page of ours.
    Nowhere,
}

impl Place<'_> {
    /// Whether a page is about the person who reads it, and so for nobody who is not signed in.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Account | Self::Sessions)
    }
}

/// Where a path leads: exactly, so that server and browser agree.
#[must_use]
pub fn place(path: &str) -> Place<'_> {
    match path {
        HOME => Place::Home,
        CALLBACK => Place::Callback,
        ACCOUNT => Place::Account,
        SESSIONS => Place::Sessions,
        SIGNED_OUT => Place::SignedOut,
        HELP => Place::Help,
        DISPLAY => Place::Display,
        INSPECTOR => Place::Inspector,
        _ => path
            .strip_prefix("/problem/")
            .map_or(Place::Nowhere, Place::Problem),
    }
}

/// The page of a failure.
#[must_use]
pub fn problem(failure: Failure) -> String {
    format!("/problem/{}", failure.code())
}

/// What the help page says about a failure.
#[must_use]
pub fn help_on(failure: Failure) -> String {
    ["/help#", failure.code()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_server_is_a_page_of_the_app() {
        for page in PAGES {
            let path = page.replace("{id}", "cancelled");
            assert_ne!(place(&path), Place::Nowhere, "{page}");
        }
    }
}
