//! What was set, before it is understood, and what is wrong with it so far.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment, Profile, Provider as _,
    providers::{Format as _, Serialized, Toml},
    value::{Dict, Value},
};
use wrengate_protocol::Secret;

use super::{
    error::{ConfigError, ConfigErrors, quoted},
    settings::{PREFIX, READ_BY_SCRIPTS, SETTINGS, Setting},
};

/// The texts of all settings, merged, with the mistakes found on the way.
///
/// No `Debug`: the texts include secrets.
#[derive(Default)]
pub(super) struct Given {
    texts: BTreeMap<&'static str, Secret<String>>,
    /// Set, but not as text; the mistake is already noted.
    unusable: BTreeSet<&'static str>,
    from_file: BTreeSet<&'static str>,
    file: Option<PathBuf>,
    errors: Vec<ConfigError>,
}

impl Given {
    /// Merges variables (`None`: not UTF-8) over a file, and notes every name that is no setting.
    pub(super) fn gather(
        pairs: impl IntoIterator<Item = (String, Option<String>)>,
        file: Option<&Path>,
    ) -> Self {
        let mut given = Self {
            file: file.map(Path::to_owned),
            ..Self::default()
        };
        let environment = given.take_pairs(pairs);
        let in_file = file.map(|path| given.take_file(path)).unwrap_or_default();
        let merged =
            Figment::from(Serialized::defaults(&in_file)).merge(Serialized::defaults(&environment));
        for setting in SETTINGS {
            if given.unusable.contains(setting.name) {
                continue;
            }
            let key = setting.key();
            if !environment.contains_key(&key) && in_file.contains_key(&key) {
                given.from_file.insert(setting.name);
            }
            if let Ok(value) = merged.find_value(&key) {
                given.take_value(setting, value);
            }
        }
        given
    }

    /// The trimmed text of a setting that is no secret; a blank one counts as not set.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts
            .get(name)
            .map(|text| text.expose().trim())
            .filter(|text| !text.is_empty())
    }

    /// Whether something was set and not blank, usable or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.unusable.contains(name) || self.text(name).is_some()
    }

    /// Whether something was set, blank or not, usable or not.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.unusable.contains(name) || self.texts.contains_key(name)
    }

    /// The text as a value; `None` when it is not set or, noted, wrong.
    ///
    /// `allowed` ends the message; the parser's error follows the quoted value in it.
    pub(super) fn parsed<T, E: Display>(
        &mut self,
        name: &'static str,
        allowed: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(name)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = format!("{} {error}", quoted(text));
                self.refuse(name, problem, allowed);
                None
            }
        }
    }

    /// A number of seconds within limits.
    pub(super) fn seconds(
        &mut self,
        name: &'static str,
        allowed: RangeInclusive<u64>,
    ) -> Option<Duration> {
        let words = format!(
            "allowed are {} to {} seconds",
            allowed.start(),
            allowed.end()
        );
        self.parsed(name, &words, |text| match text.parse() {
            Ok(seconds) if allowed.contains(&seconds) => Ok(Duration::from_secs(seconds)),
            _ => Err("is not a number of seconds"),
        })
    }

    /// The untrimmed text of a secret. Set but blank is a mistake, because it is what a deployment
    /// leaves behind that failed to fill it in.
    pub(super) fn secret(
        &mut self,
        name: &'static str,
        when_empty: &str,
    ) -> Option<Secret<String>> {
        let secret = self.texts.get(name)?.clone();
        if secret.expose().trim().is_empty() {
            self.refuse(name, "is empty", when_empty);
            return None;
        }
        Some(secret)
    }

    /// Notes a mistake.
    pub(super) fn refuse(
        &mut self,
        name: &'static str,
        problem: impl Into<String>,
        allowed: impl Into<String>,
    ) {
        let place = self.place(name);
        self.errors
            .push(ConfigError::new(name, place, problem, allowed));
    }

    /// Notes that a required setting is missing or empty, unless it is already known to be wrong.
    pub(super) fn require(&mut self, name: &'static str, allowed: impl Into<String>) {
        if !self.has(name) {
            let problem = if self.texts.contains_key(name) {
                "is empty"
            } else {
                "is missing"
            };
            self.refuse(name, problem, allowed);
        }
    }

    /// Every mistake.
    pub(super) fn into_errors(self) -> ConfigErrors {
        ConfigErrors::new(self.errors)
    }

    fn take_pairs(&mut self, pairs: impl IntoIterator<Item = (String, Option<String>)>) -> Dict {
        let mut environment = Dict::new();
        for (name, value) in pairs {
            let ours = name
                .get(..PREFIX.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
            if !ours || READ_BY_SCRIPTS.contains(&name.as_str()) {
                continue;
            }
            match (Setting::named(&name), value) {
                (Some(setting), Some(value)) => {
                    environment.insert(setting.key(), value.into());
                }
                (Some(setting), None) => {
                    self.unusable.insert(setting.name);
                    self.refuse(setting.name, "is not UTF-8 text", "write it in UTF-8");
                }
                (None, _) => self
                    .errors
                    .push(unknown(&name, "", |setting| setting.name.to_owned())),
            }
        }
        environment
    }

    fn take_file(&mut self, path: &Path) -> Dict {
        let shown = quoted(&path.to_string_lossy());
        let mut refuse = |problem: String, allowed: &str| {
            self.errors
                .push(ConfigError::new("--config", "", problem, allowed));
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => Secret::new(text),
            Err(error) => {
                refuse(
                    format!("{shown} cannot be read: {}", error.kind()),
                    "name a TOML file",
                );
                return Dict::new();
            }
        };
        let dict = match Figment::from(Toml::string(text.expose())).data() {
            Ok(mut profiles) => profiles.remove(&Profile::Default).unwrap_or_default(),
            Err(error) => {
                let message = error.to_string();
                let problem = format!("{shown} is not TOML{}", toml_position(&message));
                refuse(problem, "write key = \"value\", a line each");
                return Dict::new();
            }
        };
        for key in dict.keys() {
            if !SETTINGS.iter().any(|setting| setting.key() == *key) {
                let place = format!(" (in {shown})");
                self.errors.push(unknown(key, &place, Setting::key));
            }
        }
        dict
    }

    fn take_value(&mut self, setting: &'static Setting, value: Value) {
        let takes_number =
            setting.name.starts_with("WRENGATE_RATE_") || setting.name.ends_with("_SECONDS");
        match (value.to_i128(), value) {
            (_, Value::String(_, text)) => {
                self.texts.insert(setting.name, Secret::new(text));
            }
            (Some(number), _) if takes_number => {
                self.texts
                    .insert(setting.name, Secret::new(number.to_string()));
            }
            _ => {
                self.unusable.insert(setting.name);
                self.refuse(setting.name, "is not a text", "put the value in quotes");
            }
        }
    }

    fn place(&self, name: &str) -> String {
        match (&self.file, Setting::named(name)) {
            (Some(file), Some(setting)) if self.from_file.contains(name) => {
                format!(
                    " ({} in {})",
                    setting.key(),
                    quoted(&file.to_string_lossy())
                )
            }
            _ => String::new(),
        }
    }
}

fn unknown(name: &str, place: &str, write: impl FnOnce(&Setting) -> String) -> ConfigError {
    let allowed = match Setting::nearest(name) {
        Some(setting) => format!("did you mean {}?", write(setting)),
        None => "docs/settings.md lists the settings".to_owned(),
    };
    let shown = quoted(name);
    ConfigError::new(shown.trim_matches('"'), place, "is not a setting", allowed)
}

/// Where a TOML file is broken, ` at line 3, column 7`.
///
/// # Security
/// Only that is taken from the parser's message, whose other lines quote the file, secrets included.
fn toml_position(message: &str) -> &str {
    let first = message.lines().next().unwrap_or_default();
    first
        .strip_prefix("TOML parse error")
        .filter(|rest| rest.starts_with(" at line "))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_not_utf8_is_refused_once() {
        let pairs = [
            ("WRENGATE_ADDR".to_owned(), None),
            ("PATH".to_owned(), None),
        ];
        let mut given = Given::gather(pairs, None);
        given.require("WRENGATE_ADDR", "never said");
        assert_eq!(
            given.into_errors().to_string(),
            "WRENGATE_ADDR: is not UTF-8 text; write it in UTF-8"
        );
    }
}
