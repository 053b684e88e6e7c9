//! What a person chose for their own pages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text;

/// The longest name that somebody may want to be called by, in characters.
pub const LONGEST_NAME: usize = 40;

/// What a person chose. It belongs to the account and outlives every session.
///
/// # Security
/// `Debug` does not tell the name, because names of people belong in no log.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// What we call them, in place of the profile's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_me: Option<String>,
    /// How times are written.
    #[serde(default)]
    pub times: Times,
}

impl fmt::Debug for Preferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preferences")
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// In the time zone of the browser that shows them.
    #[default]
    Browser,
    /// In UTC.
    Utc,
}

impl Times {
    /// The value of the form's field.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Utc => "utc",
        }
    }

    /// The choice with this value.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Browser, Self::Utc]
            .into_iter()
            .find(|times| times.code() == code)
    }
}

/// Why a choice cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreferencesRefused {
    /// The name has more than [`LONGEST_NAME`] characters.
    #[error("the name is too long")]
    TooLong,
    /// The name has characters that nobody sees.
    #[error("the name has unseen characters")]
    UnseenCharacters,
    /// There is no such way to write times.
    #[error("no such way to write times")]
    UnknownTimes,
}

impl PreferencesRefused {
    /// The stable code, kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too-long",
            Self::UnseenCharacters => "unseen-characters",
            Self::UnknownTimes => "unknown-times",
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::TooLong, Self::UnseenCharacters, Self::UnknownTimes]
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

impl Preferences {
    /// Reads the fields of the form. A name is trimmed; an empty one is none.
    ///
    /// # Errors
    /// [`PreferencesRefused`] with the first rule that is broken.
    ///
    /// # Security
    /// Controls and characters that change direction (Unicode, UAX 9) are refused and not removed:
    /// what is kept is what was typed.
    pub fn of_form(call_me: &str, times: &str) -> Result<Self, PreferencesRefused> {
        let name = call_me.trim();
        if name.chars().any(text::is_unwanted) {
            return Err(PreferencesRefused::UnseenCharacters);
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(PreferencesRefused::TooLong);
        }
        Ok(Self {
            call_me: (!name.is_empty()).then(|| name.to_owned()),
            times: Times::from_code(times).ok_or(PreferencesRefused::UnknownTimes)?,
        })
    }
}
