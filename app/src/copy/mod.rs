//! Every sentence on screen, in one place.
//!
//! A sentence is named by a [`Msg`], and what it says stands in `app/languages/`, one file a language. The
//! server holds them all, and draws a document with those of its language. A browser is sent the list of
//! that language beside the module, so that the module holds no sentence and grows with no language.
//!
//! `{app}` and `{provider}` stand for the configured names and are filled in here; what else stands in
//! braces, whoever says the sentence fills in.

#[cfg(feature = "hydrate")]
mod browser;
mod failures;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod inspector;
#[cfg(not(feature = "hydrate"))]
pub mod languages;
mod messages;
#[cfg(not(feature = "hydrate"))]
mod native;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod parameters;

use std::sync::Arc;

use wrengate_protocol::{Failure, client::PublicClient, preferences::PreferencesRefused};

use crate::routes::{self, Place};

#[cfg(feature = "hydrate")]
use self::browser::words;
#[cfg(feature = "hydrate")]
pub use self::browser::{begin, is_list};
#[cfg(not(feature = "hydrate"))]
pub(crate) use self::failures::waiting;
pub(crate) use self::failures::{Advice, Break, failure, wait};
pub use self::messages::Msg;
#[cfg(not(feature = "hydrate"))]
use self::native::words;

/// The sentences of one language, and the names that stand in them.
#[derive(Clone, Debug)]
pub struct Words {
    lines: Arc<[String]>,
    app: String,
    provider: String,
}

impl Words {
    /// Takes the names from the public configuration.
    fn new(lines: Arc<[String]>, client: &PublicClient) -> Self {
        Self {
            lines,
            app: client.app.clone(),
            provider: client.provider.clone(),
        }
    }

    /// What a message says. A sentence that begins with a name begins with a capital letter.
    pub(crate) fn text(&self, msg: Msg) -> String {
        let sentence = self.lines.get(msg as usize).map_or("", String::as_str);
        let filled = sentence
            .replace("{app}", &self.app)
            .replace("{provider}", &self.provider);
        if sentence.starts_with('{') {
            capitalised(&filled)
        } else {
            filled
        }
    }
}

impl Msg {
    /// What it says, in the language of the document.
    #[inline(never)]
    pub(crate) fn text(self) -> String {
        words().map_or_else(String::new, |words| words.text(self))
    }

    /// The same with this in the place that is named so.
    pub(crate) fn with(self, place: &str, value: &str) -> String {
        self.text().replace(place, value)
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
pub(crate) fn title(path: &str) -> String {
    let (title, page) = match routes::place(path) {
        Place::Home => (Msg::PageTitle, Msg::HomeTitle),
        Place::Callback => (Msg::PageTitle, Msg::CallbackTitle),
        Place::Account => (Msg::PageTitle, Msg::AccountTitle),
        Place::Sessions => (Msg::PageTitle, Msg::SessionsTitle),
        Place::Help => (Msg::PageTitle, Msg::HelpTitle),
        Place::Display => (Msg::PageTitle, Msg::DisplayTitle),
        Place::Inspector => (Msg::PageTitle, Msg::InspectorTitle),
        Place::SignedOut => (Msg::PageTitle, Msg::SignedOutTitle),
        Place::Problem(id) => of_problem(Failure::from_code(id).unwrap_or(Failure::NotFound)),
        Place::Nowhere => of_problem(Failure::NotFound),
    };
    title.with("{page}", &page.text())
}

fn of_problem(problem: Failure) -> (Msg, Msg) {
    let title = match problem {
        Failure::Cancelled | Failure::NotFound => Msg::PageTitle,
        _ => Msg::ProblemTitle,
    };
    (title, failure(problem).title)
}

/// What a scope means to the person who grants it; the scope itself where we do not know.
pub(crate) fn scope_meaning(scope: &str) -> String {
    let known = match scope {
        "openid" => Msg::ScopeOpenid,
        "profile" => Msg::ScopeProfile,
        "email" => Msg::ScopeEmail,
        "phone" => Msg::ScopePhone,
        "address" => Msg::ScopeAddress,
        "offline_access" => Msg::ScopeOfflineAccess,
        other => return other.to_owned(),
    };
    known.text()
}

/// What is asked for, in one sentence.
pub(crate) fn asked_for(scopes: &[String]) -> Msg {
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    match (has("profile"), has("email")) {
        (true, true) => Msg::AskedProfileAndEmail,
        (true, false) => Msg::AskedProfile,
        (false, true) => Msg::AskedEmail,
        (false, false) => Msg::AskedIdentifier,
    }
}

/// What happens on the callback page, in order.
pub(crate) const CALLBACK_STEPS: [Msg; 3] = [
    Msg::CallbackStepReceived,
    Msg::CallbackStepChecking,
    Msg::CallbackStepProfile,
];

/// Why a choice was not kept, in words for the place at its field.
pub(crate) const fn refused_choice(reason: PreferencesRefused) -> Msg {
    match reason {
        PreferencesRefused::TooLong => Msg::RefusedTooLong,
        PreferencesRefused::UnseenCharacters => Msg::RefusedUnseenCharacters,
        PreferencesRefused::UnknownTimes => Msg::RefusedUnknownTimes,
    }
}

/// The fewest whole hours that so many seconds fit into, in words.
pub(crate) fn hours(seconds: i64) -> String {
    match (seconds + 3599) / 3600 {
        ..=1 => Msg::AnHour.text(),
        hours => Msg::Hours.with("{hours}", &hours.to_string()),
    }
}
