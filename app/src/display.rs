//! How pages look in a browser, and what else the server alone draws around every page.
//!
//! It is part of the document and no part of [`PageData`](crate::page_data::PageData): the browser's
//! module neither reads it nor needs to.

use leptos::prelude::use_context;

use crate::copy::{Msg, languages::Language};

/// Light or dark, as a person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// In the order of the form.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What stands in the cookie, in the form and on the document.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }

    /// The colour schemes that a document may be drawn in.
    pub(crate) const fn schemes(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What the server alone draws around a page.
#[derive(Clone, Debug, Default)]
pub struct Display {
    /// Light or dark.
    pub theme: Theme,
    /// The tag of the language that was chosen; `None` where the browser's own wishes count.
    pub language: Option<String>,
    /// Those that can be chosen.
    pub languages: Vec<Language>,
    /// Whether the form that led here kept a choice.
    pub saved: bool,
    /// Where the form leads back to: a path of this origin.
    pub back: String,
    /// Where the source is.
    pub source_url: Option<String>,
    /// What is said about privacy.
    pub privacy_url: Option<String>,
}

impl Display {
    /// Whether there is a language to choose.
    pub(crate) const fn has_languages(&self) -> bool {
        self.languages.len() > 1
    }

    /// What leads to the page of these choices is called.
    pub(crate) const fn label(&self) -> Msg {
        if self.has_languages() {
            Msg::FooterThemeAndLanguage
        } else {
            Msg::FooterTheme
        }
    }
}

/// What the document is drawn with: provided by the server.
pub(crate) fn display() -> Display {
    use_context().unwrap_or_default()
}
