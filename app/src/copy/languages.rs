//! The languages a server speaks, which of them a browser gets, and the lists it is sent.
//!
//! A language is one file. English is built in; more come from the folder of `WRENGATE_LANGUAGES`, as does
//! an English with other words.

use std::{
    collections::BTreeMap,
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use serde::Deserialize;
use wrengate_protocol::client::PublicClient;

use super::{Msg, Words};

/// English, by which the others are measured.
const ENGLISH: &str = include_str!("../../languages/en.toml");

/// Where the lists are.
const FOLDER: &str = "/words/";

/// A file of words that cannot be used: every reason, so that one look mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageError {
    /// The name of the file.
    pub file: String,
    /// What is wrong with it.
    pub reasons: Vec<String>,
}

impl fmt::Display for LanguageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is no complete language: {}",
            self.file,
            self.reasons.join("; ")
        )
    }
}

impl std::error::Error for LanguageError {}

/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From left to right.
    Ltr,
    /// From right to left.
    Rtl,
}

impl Direction {
    /// As the attribute `dir` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// A language.
#[derive(Clone, Debug)]
pub struct Language(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    tag: String,
    name: String,
    direction: Direction,
    lines: Arc<[String]>,
    for_everybody: List,
    for_signed_in: List,
}

/// The sentences that a browser is sent, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Where it is: the address has a hash of the text in it, and so never changes its meaning.
    pub address: String,
    /// The text.
    pub text: String,
}

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tag: String,
    name: String,
    direction: Direction,
    words: BTreeMap<String, String>,
}

impl Language {
    /// Reads a file; `file` is its name.
    fn parse(file: &str, text: &str, english: Option<&Self>) -> Result<Self, LanguageError> {
        let refused = |reasons| LanguageError {
            file: file.to_owned(),
            reasons,
        };
        let read: File = toml::from_str(text).map_err(|error| refused(vec![error.to_string()]))?;
        let reasons = problems(&read, english);
        if !reasons.is_empty() {
            return Err(refused(reasons));
        }
        let File {
            tag,
            name,
            direction,
            mut words,
        } = read;
        let lines: Vec<_> = keys()
            .map(|key| words.remove(&key).unwrap_or_default())
            .collect();
        let list = |kind: &str, upto: usize| {
            let text = lines.get(..upto).unwrap_or_default().join("\n");
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            let address = format!("{FOLDER}{tag}-{kind}.{:016x}.txt", hasher.finish());
            List { address, text }
        };
        Ok(Self(Arc::new(Inner {
            for_everybody: list("everybody", Msg::FOR_EVERYBODY),
            for_signed_in: list("signed-in", Msg::FOR_SIGNED_IN),
            tag,
            name,
            direction,
            lines: lines.into(),
        })))
    }

    /// Its tag (BCP 47), as the attribute `lang` has it.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// What its speakers call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Which way it is written.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.0.direction
    }

    /// The list for a document that is about a person, or about nobody.
    #[must_use]
    pub fn list(&self, signed_in: bool) -> &List {
        if signed_in {
            &self.0.for_signed_in
        } else {
            &self.0.for_everybody
        }
    }

    /// What a document in this language is drawn with.
    #[must_use]
    pub fn words(&self, client: &PublicClient) -> Words {
        Words::new(self.0.lines.clone(), client)
    }
}

/// Everything that is wrong with a file.
fn problems(read: &File, english: Option<&Language>) -> Vec<String> {
    let mut problems = Vec::new();
    if !is_tag(&read.tag) {
        problems.push(format!(
            "{:?} is no language tag that browsers know (a language, then a script, a region and variants)",
            read.tag
        ));
    }
    if read.name.trim().is_empty() {
        problems.push("the name is empty".to_owned());
    }
    for (index, key) in keys().enumerate() {
        let Some(said) = read.words.get(&key) else {
            problems.push(format!("{key} is missing"));
            continue;
        };
        if said.trim().is_empty() || said.chars().any(char::is_control) {
            problems.push(format!("{key} is empty, or has a line break in it"));
        }
        let original = english.and_then(|it| it.0.lines.get(index));
        for place in places(said) {
            if original.is_some_and(|original| !places(original).any(|it| it == place)) {
                problems.push(format!("{key} fills in {place}, which nobody gives"));
            }
        }
    }
    let known: Vec<_> = keys().collect();
    let unknown = read.words.keys().filter(|key| !known.contains(key));
    problems.extend(unknown.map(|key| format!("{key} is nothing that is said")));
    problems
}

/// Whether browsers write dates for this tag: a language, and maybe a script, a region and variants.
/// Source: ECMA-402, section 6.2.1, without extensions.
fn is_tag(tag: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|it| it.is_ascii_alphabetic());
    let digits = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
    let is_script = |part: &str| part.len() == 4 && letters(part);
    let is_region =
        |part: &str| part.len() == 2 && letters(part) || part.len() == 3 && digits(part);
    let is_variant = |part: &str| {
        part.bytes().all(|it| it.is_ascii_alphanumeric())
            && ((5..=8).contains(&part.len())
                || part.len() == 4 && part.starts_with(|it: char| it.is_ascii_digit()))
    };
    let mut parts = tag.split('-').peekable();
    let is_language = parts
        .next()
        .is_some_and(|part| matches!(part.len(), 2 | 3 | 5..=8) && letters(part));
    let _script = parts.next_if(|part| is_script(part));
    let _region = parts.next_if(|part| is_region(part));
    let variants: Vec<_> = parts.map(str::to_ascii_lowercase).collect();
    let are_variants = variants.iter().enumerate().all(|(index, variant)| {
        let before = variants.get(..index).unwrap_or_default();
        is_variant(variant) && !before.contains(variant)
    });
    is_language && are_variants
}

/// The places in a sentence that are filled in, braces included.
fn places(sentence: &str) -> impl Iterator<Item = &str> {
    let places = sentence.match_indices('{');
    places.map(|(at, _)| {
        let rest = sentence.get(at..).unwrap_or_default();
        rest.find('}')
            .and_then(|end| rest.get(..=end))
            .unwrap_or(rest)
    })
}

/// The names of all messages as files write them, in order.
fn keys() -> impl Iterator<Item = String> {
    Msg::NAMES.iter().map(|name| {
        let mut key = String::with_capacity(name.len() + 8);
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !key.is_empty() {
                key.push('-');
            }
            key.push(letter.to_ascii_lowercase());
        }
        key
    })
}

/// All languages of a server. English is among them.
#[derive(Clone, Debug)]
pub struct Languages(Arc<[Language]>);

impl Languages {
    /// English, and these files: name and text. One of the tag `en` stands in for the one that is built in.
    ///
    /// # Errors
    /// When a file is not complete, or two have the same tag.
    pub fn new(files: &[(String, String)]) -> Result<Self, LanguageError> {
        let english = Language::parse("en.toml", ENGLISH, None)?;
        let mut all = vec![english.clone()];
        for (file, text) in files {
            let language = Language::parse(file, text, Some(&english))?;
            let same = |it: &Language| it.tag().eq_ignore_ascii_case(language.tag());
            let is_english = same(&english);
            if is_english
                && all
                    .first()
                    .is_some_and(|first| Arc::ptr_eq(&first.0, &english.0))
            {
                all.remove(0);
                all.insert(0, language);
            } else if all.iter().any(same) {
                return Err(LanguageError {
                    file: file.clone(),
                    reasons: vec![format!("another file has the tag {} too", language.tag())],
                });
            } else {
                all.push(language);
            }
        }
        Ok(Self(all.into()))
    }

    /// All of them, English first.
    #[must_use]
    pub fn all(&self) -> &[Language] {
        &self.0
    }

    /// The one with exactly this tag, in whatever case.
    #[must_use]
    pub fn of_tag(&self, tag: &str) -> Option<&Language> {
        self.0.iter().find(|it| it.tag().eq_ignore_ascii_case(tag))
    }

    /// The list at an address.
    #[must_use]
    pub fn list_at(&self, address: &str) -> Option<&List> {
        let lists = self.0.iter().flat_map(|it| [it.list(false), it.list(true)]);
        lists.into_iter().find(|list| list.address == address)
    }

    /// What a browser gets: what somebody has `chosen`, else the first that it `accepts` and the server speaks,
    /// else English. Source: RFC 9110, section 12.5.4; RFC 4647, section 3.4.
    #[must_use]
    pub fn choose<'a>(&'a self, chosen: Option<&'a Language>, accepts: &str) -> &'a Language {
        let wanted = || {
            let ranges = preferred(accepts);
            ranges.into_iter().find_map(|range| self.lookup(range))
        };
        // English is always there.
        #[expect(clippy::indexing_slicing, reason = "`new` puts English first")]
        chosen.or_else(wanted).unwrap_or(&self.0[0])
    }

    /// The language of a range, or of the same range cut short from its end.
    fn lookup(&self, mut range: &str) -> Option<&Language> {
        loop {
            if let Some(found) = self.of_tag(range) {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
        }
    }
}

/// The ranges of `Accept-Language`, the most wanted first; at most twenty are looked at.
fn preferred(accepts: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, f32)> = accepts
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (range, rest) = part.split_once(';').unwrap_or((part, ""));
            let quality = match rest.trim().strip_prefix("q=") {
                Some(quality) => quality.trim().parse().ok()?,
                None => 1.0,
            };
            (quality > 0.0).then_some((range.trim(), quality))
        })
        .collect();
    ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranges.into_iter().map(|(range, _)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    /// English with another tag and with one thing changed.
    fn file(tag: &str, from: &str, to: &str) -> (String, String) {
        let text = ENGLISH.replace("tag = \"en\"", &format!("tag = \"{tag}\""));
        (format!("{tag}.toml"), text.replacen(from, to, 1))
    }

    fn reasons(file: (String, String)) -> Vec<String> {
        let refused = Languages::new(&[file]).err();
        refused.map(|error| error.reasons).unwrap_or_default()
    }

    #[test]
    fn english_is_complete_and_its_lists_are_prefixes() -> Outcome {
        let languages = Languages::new(&[])?;
        let [english] = languages.all() else {
            return Err("not one language".into());
        };
        let [some, all] = [false, true].map(|signed_in| &english.list(signed_in).text);
        assert_eq!(some.lines().count(), Msg::FOR_EVERYBODY);
        assert_eq!(all.lines().count(), Msg::FOR_SIGNED_IN);
        assert!(all.starts_with(some.as_str()));
        let words = english.words(&crate::page_data::PageData::default().client);
        assert_eq!(words.text(Msg::HomeTitle), "Sign in to Wrengate");
        assert_eq!(
            words.text(Msg::ProviderBusyTitle),
            "The provider is busy right now"
        );
        Ok(())
    }

    #[test]
    fn what_is_missing_unknown_or_wrong_is_told_all_at_once() {
        let (name, text) = file("de", "skip = ", "skipp = ");
        let text = text
            .replace("{provider} had a problem", "{nobody} had a problem")
            .replace("account = \"Account\"", "account = \"A\\nB\"");
        assert_eq!(
            reasons((name, text)),
            [
                "skip is missing",
                "account is empty, or has a line break in it",
                "provider-fault-title fills in {nobody}, which nobody gives",
                "skipp is nothing that is said",
            ]
        );
        assert_eq!(reasons(file("de", "[words]", "[word]")).len(), 1);
        for tag in [
            "no tag",
            "",
            "-",
            "de-",
            "zh-yue-HK",
            "x-pirate",
            "i-klingon",
            "de-sie",
            "d",
            "abcd",
            "de-1996-1996",
            "de-DE-AT",
            "de-u-nu-latn",
        ] {
            assert!(
                reasons(file(tag, "", ""))[0].contains("no language tag"),
                "{tag}"
            );
        }
        for tag in [
            "de",
            "fil",
            "pt-BR",
            "es-419",
            "zh-Hant-TW",
            "sl-rozaj-biske",
            "de-1996",
            "en-XA",
        ] {
            assert_eq!(reasons(file(tag, "", "")), [""; 0], "{tag}");
        }
        assert_eq!(
            reasons(file("de", "Sign in to {app}", "Sign in {app")).len(),
            1
        );
    }

    #[test]
    fn one_file_a_tag_and_one_in_place_of_english() -> Outcome {
        let own = file("en", "Skip to content", "To the content");
        let languages = Languages::new(&[own.clone(), file("de", "", "")])?;
        let words = languages.all()[0].words(&crate::page_data::PageData::default().client);
        assert_eq!(words.text(Msg::Skip), "To the content");
        assert_eq!(languages.all().len(), 2);
        for twice in [[own.clone(), own], [file("de", "", ""), file("DE", "", "")]] {
            assert!(Languages::new(&twice).is_err());
        }
        Ok(())
    }

    #[test]
    fn a_choice_goes_before_what_a_browser_accepts_and_both_before_english() -> Outcome {
        let languages = Languages::new(&[file("de", "", ""), file("pt-BR", "", "")])?;
        for (chose, accepts, tag) in [
            (None, "", "en"),
            (None, "de", "de"),
            (None, "de-AT-1996, en;q=0.5", "de"),
            (None, "fr, en;q=0.8, de;q=0.9", "de"),
            (None, "fr;q=1, *;q=0.1", "en"),
            (None, "pt", "en"),
            (None, "PT-br", "pt-BR"),
            (None, "de;q=0, en", "en"),
            (None, "de;q=x", "en"),
            (None, "de;q=NaN", "en"),
            (None, ",;,-,--;q=,\u{e9}", "en"),
            (Some("de"), "en", "de"),
            (Some("fr"), "de", "de"),
            (Some(""), "de", "de"),
        ] {
            let chosen = languages.choose(chose.and_then(|tag| languages.of_tag(tag)), accepts);
            assert_eq!(chosen.tag(), tag, "{chose:?} {accepts:?}");
        }
        Ok(())
    }

    #[test]
    fn a_list_is_found_at_its_address_alone() -> Outcome {
        let languages = Languages::new(&[file("de", "Skip", "Weiter")])?;
        for language in languages.all() {
            let list = language.list(true);
            assert_eq!(languages.list_at(&list.address), Some(list));
            assert!(list.address.starts_with(FOLDER), "{}", list.address);
        }
        assert_eq!(languages.list_at("/words/en-everybody.0.txt"), None);
        Ok(())
    }
}
