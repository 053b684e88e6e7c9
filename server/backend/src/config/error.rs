//! What is wrong with the settings, in words an operator can act on.

use std::fmt;

use thiserror::Error;

/// The longest wrong value that is quoted, in characters.
const LONGEST_QUOTE: usize = 80;

/// How PEM begins, and how base64 of it does.
const PEM_HEADS: [&str; 2] = ["-----BEGIN", "LS0tLS1CRUdJTi"];

/// One mistake: `WRENGATE_X: what is wrong; what is allowed`.
///
/// # Security
/// Holds no secret. Of the client secret and the keys it says only that they are missing, too short,
/// unreadable or contradictory; a value with what may be a password in it is not quoted either.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{setting}{place}: {problem}; {allowed}")]
pub struct ConfigError {
    /// The variable, the unknown name as it was written, or `--config`.
    setting: String,
    /// Where it was set, when that was not the environment: ` (addr in wrengate.toml)`.
    place: String,
    problem: String,
    allowed: String,
}

impl ConfigError {
    pub(super) fn new(
        setting: impl Into<String>,
        place: impl Into<String>,
        problem: impl Into<String>,
        allowed: impl Into<String>,
    ) -> Self {
        Self {
            setting: setting.into(),
            place: place.into(),
            problem: problem.into(),
            allowed: allowed.into(),
        }
    }

    /// The variable it is about, the unknown name as it was written, or `--config`.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// The setting, where it stands, and what is wrong with it.
    #[must_use]
    pub fn found(&self) -> String {
        format!("{}{}: {}", self.setting, self.place, self.problem)
    }

    /// What is allowed, or what to do.
    #[must_use]
    pub fn advice(&self) -> &str {
        &self.allowed
    }
}

/// Everything that is wrong with the settings. `Display` gives one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    pub(super) const fn new(errors: Vec<ConfigError>) -> Self {
        Self(errors)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mistakes, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// A wrong value as a message may show it: on one line, invisible characters escaped, cut at 80
/// characters.
///
/// # Security
/// An address such as `postgres://user:password@host` carries a password, so a text with both `:`
/// and `@` in it is not shown. Neither is a key in PEM, plain or once more in base64, that was given
/// where the name of its file belongs: 80 characters are all of a short one.
pub(super) fn quoted(value: &str) -> String {
    if PEM_HEADS.iter().any(|head| value.contains(head)) {
        return "the value (not shown: it holds a key or certificate)".to_owned();
    }
    if value.contains('@') && value.contains(':') {
        return "the value (not shown: it may hold a password)".to_owned();
    }
    let shown: String = value.chars().take(LONGEST_QUOTE).collect();
    let dots = if value.chars().count() > LONGEST_QUOTE {
        "…"
    } else {
        ""
    };
    format!("{shown:?}{dots}")
}
