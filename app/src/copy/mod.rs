//! Every sentence on screen, in one place.
//!
//! `{app}` and `{provider}` stand for the configured names; [`Words::fill`] puts them in.

mod failures;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod inspector;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod parameters;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod sessions;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod shell;

use wrengate_protocol::{Failure, client::PublicClient, preferences::PreferencesRefused};

use crate::routes::{self, Place};

pub(crate) use self::failures::{Advice, Break, failure, wait};

/// The names that stand in the sentences.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    app: String,
    provider: String,
}

impl Words {
    /// Takes the names from the public configuration.
    pub(crate) fn of(client: &PublicClient) -> Self {
        Self {
            app: client.app.clone(),
            provider: client.provider.clone(),
        }
    }

    /// Puts the names in. A sentence that begins with a name begins with a capital letter.
    pub(crate) fn fill(&self, sentence: &str) -> String {
        let starts_with_name = sentence.starts_with('{');
        let filled = sentence
            .replace("{app}", &self.app)
            .replace("{provider}", &self.provider);
        if starts_with_name {
            capitalised(&filled)
        } else {
            filled
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

/// The title of the page at a path.
///
/// Cancelling is not a problem, and is not called one.
pub(crate) fn title(path: &str, words: &Words) -> String {
    let failure = match routes::place(path) {
        Place::Home => return format!("{} — {}", words.fill(HOME_TITLE), words.app),
        Place::Callback => return format!("{CALLBACK_TITLE} — {}", words.app),
        Place::Account => return format!("{ACCOUNT_TITLE} — {}", words.app),
        Place::Sessions => return format!("{SESSIONS_TITLE} — {}", words.app),
        Place::Inspector => return format!("{INSPECTOR_TITLE} — {}", words.app),
        Place::Help => return format!("{HELP_TITLE} — {}", words.app),
        Place::Display => return format!("{DISPLAY_TITLE} — {}", words.app),
        Place::SignedOut => return format!("{SIGNED_OUT_TITLE} — {}", words.app),
        Place::Problem(id) => Failure::from_code(id).unwrap_or(Failure::NotFound),
        Place::Nowhere => Failure::NotFound,
    };
    let prefix = match failure {
        Failure::Cancelled | Failure::NotFound => "",
        _ => PROBLEM_PREFIX,
    };
    let page = words.fill(self::failure(failure).title);
    format!("{prefix}{page} — {}", words.app)
}

/// What a scope means to the person who grants it; the scope itself where we do not know.
pub(crate) fn scope_meaning(scope: &str) -> &str {
    match scope {
        "openid" => "Who you are: an account identifier",
        "profile" => "Your name, user name and picture",
        "email" => "Your email address",
        "phone" => "Your phone number",
        "address" => "Your postal address",
        "offline_access" => "Access while you're away",
        other => other,
    }
}

/// What is asked for, in one sentence.
pub(crate) fn asked_for(scopes: &[String]) -> &'static str {
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    match (has("profile"), has("email")) {
        (true, true) => "We'll ask {provider} for your name, email address and profile picture.",
        (true, false) => "We'll ask {provider} for your name and profile picture.",
        (false, true) => "We'll ask {provider} for your email address.",
        (false, false) => "We'll ask {provider} only who you are.",
    }
}

pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const SESSIONS: &str = "Sessions";
pub(crate) const INSPECTOR: &str = "Inspector";
pub(crate) const INSPECTOR_TITLE: &str = "Flow inspector";
pub(crate) const HELP_TITLE: &str = "Help with signing in";
pub(crate) const DISPLAY_TITLE: &str = "Display";
pub(crate) const OPEN_IN_INSPECTOR: &str = "Open in inspector";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const GET_HELP: &str = "Get help";
pub(crate) const RELOAD: &str = "Reload";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const START_AGAIN: &str = "Start again";
pub(crate) const BACK_TO_START: &str = "Back to start";
pub(crate) const GETTING_READY: &str = "Getting ready…";
pub(crate) const BROWSER: &str = "Browser";

pub(crate) const BOOT_SLOW: &str = "The interactive part of this page is still loading.";
pub(crate) const BOOT_FAILED: &str =
    "Live updates are off. Everything else on this page still works.";
pub(crate) const PANICKED: &str =
    "Part of this page stopped working. Reload to go on; what you typed is kept.";

pub(crate) const HOME_TITLE: &str = "Sign in to {app}";
pub(crate) const HOME_LEAD: &str =
    "You'll go to {provider} to confirm it's you, then come straight back.";
pub(crate) const CONTINUE: &str = "Continue with {provider}";
pub(crate) const LEAVING: &str = "Taking you to {provider}…";
pub(crate) const PREPARING: &str = "Still preparing your sign-in…";
pub(crate) const WHAT_IS_REQUESTED: &str = "What exactly is requested?";
pub(crate) const SCOPE: &str = "Scope";
pub(crate) const MEANING: &str = "What it means";
pub(crate) const DIFFERENT_ACCOUNT: &str = "Use a different account";
pub(crate) const PROVIDER_DOWN: &str = "{provider} can't be reached right now, so sign-in is temporarily unavailable. You can try anyway.";
pub(crate) const PROVIDER_TROUBLED: &str =
    "{provider} is having trouble right now, so signing in may fail. Wait a minute, or try anyway.";
pub(crate) const COULD_NOT_START: &str = "We couldn't reach {provider}, so sign-in hasn't started.";
pub(crate) const OFFLINE_AT_START: &str = "You're offline. Reconnect, then try again.";
pub(crate) const SIGN_IN_TO_CONTINUE: &str = "Sign in to continue.";
pub(crate) const SIGN_IN_TO_SEE_ACCOUNT: &str = "Sign in to continue to your account.";
pub(crate) const CANNOT_START_TITLE: &str = "Sign-in can't start in this browser";
pub(crate) const CANNOT_START: &str = "The part of this site that keeps sign-in safe didn't load. \
     Check your connection, allow WebAssembly for this site, then reload.";

pub(crate) const HOME_NOSCRIPT: &str = "Signing in needs JavaScript and WebAssembly. Turn on \
     JavaScript for this site, then reload this page. If you're already signed in, your account pages \
     work without it.";

pub(crate) const CALLBACK_NOSCRIPT: &str = "This page needs JavaScript and WebAssembly to finish your \
     sign-in. Turn on JavaScript, then start again. You're not signed in yet.";
pub(crate) const CALLBACK_TITLE: &str = "Signing you in";
pub(crate) const CALLBACK_STEPS: [&str; 3] = [
    "Answer from {provider} received",
    "Checking the answer",
    "Loading your profile",
];
pub(crate) const STEP_DONE: &str = "Done";
pub(crate) const STEP_NOW: &str = "In progress";
pub(crate) const STEP_WAITING: &str = "Waiting";
pub(crate) const CALLBACK_SLOW: &str = "Still waiting for {provider}. This can take a few seconds.";
pub(crate) const CALLBACK_VERY_SLOW: &str = "This is taking longer than it should.";
pub(crate) const NOTHING_WAITING_TITLE: &str = "No sign-in is waiting here";
pub(crate) const NOTHING_WAITING: &str = "If you were signing in, start again.";
pub(crate) const CALLBACK_FAILED_TITLE: &str = "We couldn't finish your sign-in";
pub(crate) const CALLBACK_FAILED: &str =
    "The part of this site that finishes it didn't load. You're not signed in yet.";
pub(crate) const KEEP_WAITING: &str = "Keep waiting";
pub(crate) const CALLBACK_PAUSED: &str = "Your sign-in is still waiting; nothing is lost.";

pub(crate) const ACCOUNT_TITLE: &str = "Your account";
pub(crate) const REFRESH_PROFILE: &str = "Refresh profile";
pub(crate) const PROFILE_UPDATED: &str = "Profile updated.";
pub(crate) const PROFILE: &str = "Profile";
pub(crate) const NAME: &str = "Name";
pub(crate) const GIVEN_NAME: &str = "Given name";
pub(crate) const FAMILY_NAME: &str = "Family name";
pub(crate) const USERNAME: &str = "Username";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const NOT_PROVIDED: &str = "Not provided";
pub(crate) const VERIFIED: &str = "Verified";
pub(crate) const NOT_VERIFIED: &str = "Not verified";
pub(crate) const ONLY_IDENTIFIER: &str = "{provider} shared only an account identifier.";
pub(crate) const PROFILE_KEPT_BACK: &str =
    "You're signed in, but {provider} won't share your profile without extra permission.";
pub(crate) const ALLOW_ACCESS: &str = "Allow access";
pub(crate) const ACCESS: &str = "Access";
pub(crate) const GRANTED: &str = "Granted";
pub(crate) const NOT_GRANTED: &str = "Not granted";
pub(crate) const ASK_AGAIN: &str = "Ask again";
pub(crate) const TOKEN: &str = "Access token";
pub(crate) const EXPIRES_AT: &str = "Expires at";
pub(crate) const EXPIRES_IN: &str = "in {time}";
pub(crate) const EXPIRED: &str = "Expired. Sign in again to refresh your profile.";
pub(crate) const EXPIRED_AND_RENEWS: &str =
    "Expired. Your {app} session still works; the token renews when it's needed.";
pub(crate) const EXPIRY_UNKNOWN: &str = "{provider} didn't say when this expires.";
pub(crate) const LEAVE: &str = "Leave";
pub(crate) const SIGN_OUT_EVERYWHERE: &str = "Sign out everywhere";
pub(crate) const SIGN_OUT_EVERYWHERE_ASK: &str = "Sign out every browser, this one too?";
pub(crate) const MANAGE_ACCOUNT: &str = "Manage your account at {provider}";

pub(crate) const SESSIONS_TITLE: &str = "Where you're signed in";
pub(crate) const SEE_SESSIONS: &str = "See where you're signed in";
pub(crate) const PREFERENCES: &str = "Preferences";
pub(crate) const CALL_ME: &str = "What we call you";
pub(crate) const CALL_ME_HINT: &str = "Shown in place of your name. At most 40 characters.";
pub(crate) const TIMES: &str = "Times";
pub(crate) const TIMES_BROWSER: &str = "In this browser's time zone";
pub(crate) const TIMES_UTC: &str = "In UTC";
pub(crate) const SAVE: &str = "Save";
pub(crate) const SAVING: &str = "Saving…";
pub(crate) const SAVED: &str = "Saved.";
pub(crate) const NOT_SAVED_OFFLINE: &str =
    "You're offline, so this isn't saved yet. It will be sent when you're back online.";
pub(crate) const NOT_SAVED_RENEWED: &str =
    "You're signed in, but that didn't go through. Your work is still here.";
pub(crate) const NOT_SAVED: &str = "This isn't saved yet. Your work is still here.";

/// Why a choice was not kept, in words for the place at its field.
pub(crate) const fn refused_choice(reason: PreferencesRefused) -> &'static str {
    match reason {
        PreferencesRefused::TooLong => "Use at most 40 characters.",
        PreferencesRefused::UnseenCharacters => {
            "Leave out characters that can't be seen, such as line breaks or direction marks."
        }
        PreferencesRefused::UnknownTimes => "Choose how times are written.",
    }
}

pub(crate) const IDLE_SOON: &str =
    "You'll be signed out in {time} because nothing has happened here for a while.";
pub(crate) const ABSOLUTE_SOON: &str = "This session ends at {time} and can't be extended.";
pub(crate) const STAY_SIGNED_IN: &str = "Stay signed in";
pub(crate) const SIGN_OUT_NOW: &str = "Sign out now";
pub(crate) const SIGN_IN_AGAIN_IN_NEW_TAB: &str = "Sign in again in a new tab";
pub(crate) const SIGNED_IN_UNTIL: &str = "You're signed in until {time}.";
pub(crate) const NOT_EXTENDED: &str = "We couldn't extend your session.";

pub(crate) const OVER_IDLE_TITLE: &str = "You've been signed out";
pub(crate) const OVER_IDLE: &str =
    "You were away for a while, so we ended your session to keep your account safe.";
pub(crate) const OVER_ABSOLUTE_TITLE: &str = "Time to sign in again";
pub(crate) const OVER_ABSOLUTE: &str = "A session lasts {hours} at most, and this one is over.";
pub(crate) const OVER_REVOKED_TITLE: &str = "This browser was signed out";
pub(crate) const OVER_REVOKED: &str = "Someone using your account signed this browser out. If that \
     wasn't you, change your password at {provider}.";
pub(crate) const OVER_OTHER_TAB_TITLE: &str = "You signed out in another tab";
pub(crate) const OVER_OTHER_TAB: &str = "This tab is signed out too.";
pub(crate) const OVER_PROVIDER_TITLE: &str = "{provider} ended this sign-in";
pub(crate) const OVER_PROVIDER: &str = "{provider} no longer accepts the access {app} had.";
pub(crate) const OTHER_ACCOUNT_TITLE: &str = "You signed in with a different account";
pub(crate) const OTHER_ACCOUNT: &str =
    "The work on this page belongs to another account, so it wasn't sent.";
pub(crate) const PAGE_OF_OTHER_ACCOUNT: &str = "This page showed another account.";
pub(crate) const WORK_IS_KEPT: &str = "Your work on this page is kept in this tab.";
pub(crate) const CANNOT_KEEP: &str =
    "This browser can't keep your work through a sign-in here. Use a new tab.";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGN_IN_IN_NEW_TAB: &str = "Sign in in a new tab";
pub(crate) const SIGN_IN_HERE: &str = "Sign in here";
pub(crate) const SIGN_IN_AS_FIRST: &str = "Sign in as the first account";
pub(crate) const DISCARD_AND_LEAVE: &str = "Discard my work and leave";
pub(crate) const DISCARD_AND_CONTINUE: &str = "Discard it and continue";
pub(crate) const CONTINUE_HERE: &str = "Continue";
pub(crate) const SENDING_AGAIN: &str = "Signed in again. Sending what you asked for…";
pub(crate) const DONE: &str = "Done.";
pub(crate) const DRAFT_RESTORED: &str = "We kept what you typed. Check it and send it.";
pub(crate) const DRAFT_TOO_OLD: &str = "Your work was removed after 30 minutes.";

/// So many hours, in words.
pub(crate) fn hours(hours: i64) -> String {
    match hours {
        ..=1 => "an hour".to_owned(),
        hours => format!("{hours} hours"),
    }
}

pub(crate) const RENEWED_TITLE: &str = "You're signed in again";
pub(crate) const RENEWED: &str =
    "Go back to the other tab; your work is waiting there. You can close this one.";
pub(crate) const OPEN_ACCOUNT_HERE: &str = "Open your account here";

pub(crate) const SIGNED_OUT_TITLE: &str = "You're signed out";
pub(crate) const SIGNED_OUT: &str = "This browser can no longer open your {app} account.";
pub(crate) const SIGNED_OUT_EVERYWHERE: &str = "Every browser is signed out of {app}.";
pub(crate) const STILL_AT_PROVIDER: &str =
    "You may still be signed in to {provider} in this browser.";
pub(crate) const SIGNED_OUT_AT_BOTH: &str = "You're signed out of {app} and {provider}.";
pub(crate) const NOT_REVOKED: &str =
    "You're signed out here, but {provider} didn't confirm that it cancelled the access token.";
pub(crate) const STOPS_WORKING: &str = " It stops working by {time}.";
pub(crate) const SIGN_OUT_AT_PROVIDER: &str = "Sign out of {provider} too";
pub(crate) const ALSO_AT_PROVIDER: &str = "Also sign out of {provider}";
pub(crate) const OPEN_PROVIDER: &str = "Open your {provider} account";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again";

pub(crate) const PROBLEM_PREFIX: &str = "Sign-in problem: ";
pub(crate) const REPORT: &str = "Report this";
pub(crate) const REPORT_SECURITY: &str = "Report a security concern";
pub(crate) const COPY_REFERENCE: &str = "Copy reference";
pub(crate) const COPIED: &str = "Copied reference.";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const DETAILS: &str = "Details for developers";
pub(crate) const HOW_TO_FIX: &str = "How to fix";
pub(crate) const DETAIL_CODE: &str = "Code";
pub(crate) const DETAIL_STATUS: &str = "HTTP status";
pub(crate) const DETAIL_BROWSER_ONLY: &str = "none; it happens in the browser";
pub(crate) const DETAIL_WHO: &str = "Who can fix it";
pub(crate) const PROVIDER_SAID: &str = "{provider} said";
pub(crate) const PERSON: &str = "You, at this browser";
pub(crate) const OPERATOR: &str = "Whoever runs {app}";
pub(crate) const PROVIDER: &str = "{provider}; waiting usually helps";
pub(crate) const SIGNED_IN_NOW: &str = "You're signed in now.";
pub(crate) const OPEN_ACCOUNT: &str = "Open your account";
