//! Rust read just far enough for rules about it: comments, texts, words, brackets.

/// The source with comments blanked; line numbers and offsets stay.
pub(super) fn without_comments(source: &str) -> String {
    blank(source, false)
}

/// The source with comments, texts and characters blanked.
pub(super) fn code_alone(source: &str) -> String {
    blank(source, true)
}

/// Where a word stands: not as part of a longer one.
pub(super) fn places_of<'a>(word: &'a str, source: &'a str) -> impl Iterator<Item = usize> + 'a {
    source
        .match_indices(word)
        .map(|(place, _)| place)
        .filter(move |&place| {
            let before = source
                .get(..place)
                .and_then(|text| text.chars().next_back());
            let after = source
                .get(place + word.len()..)
                .and_then(|text| text.chars().next());
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

/// What stands between an opening bracket at the start of the text and the one that closes it.
pub(super) fn in_brackets(text: &str) -> Option<&str> {
    let mut depth = 0_u32;
    for (place, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return text.get(1..place);
        }
    }
    None
}

/// Whether a character can be part of a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn blank(source: &str, texts_too: bool) -> String {
    let mut shown = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (length, hide) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), true)
        } else if rest.starts_with("/*") {
            (comment_length(rest), true)
        } else if let Some(length) = text_length(rest) {
            (length, texts_too)
        } else {
            (first.len_utf8(), false)
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if hide {
            shown.extend(
                token
                    .bytes()
                    .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
            );
        } else {
            shown.push_str(token);
        }
        rest = after;
    }
    shown
}

/// The length of a block comment; they nest.
fn comment_length(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut place = 0;
    while let Some(left) = rest.get(place..).filter(|left| !left.is_empty()) {
        if left.starts_with("/*") {
            depth += 1;
            place += 2;
        } else if left.starts_with("*/") {
            depth -= 1;
            place += 2;
            if depth == 0 {
                return place;
            }
        } else {
            place += left.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a text or character literal at the start; `None` where there is none.
fn text_length(rest: &str) -> Option<usize> {
    if let Some(character) = rest.strip_prefix('\'') {
        return character_length(character).map(|length| length + 1);
    }
    let raw = rest
        .trim_start_matches(['b', 'c'])
        .strip_prefix('r')
        .and_then(|raw| {
            let hashes = raw.len() - raw.trim_start_matches('#').len();
            raw.get(hashes..)?
                .strip_prefix('"')
                .map(|text| (text, "#".repeat(hashes)))
        });
    if let Some((text, hashes)) = raw {
        let end = format!("\"{hashes}");
        let length = text
            .find(&end)
            .map_or(text.len(), |place| place + end.len());
        return Some(rest.len() - text.len() + length);
    }
    let mut escaped = false;
    for (place, c) in rest.strip_prefix('"')?.char_indices() {
        match c {
            '"' if !escaped => return Some(place + 2),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    Some(rest.len())
}

/// The length of a character literal after its first quote; `None` for a lifetime.
fn character_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices();
    let (_, first) = characters.next()?;
    let (second_place, second) = characters.next()?;
    if first == '\\' {
        let after = second_place + second.len_utf8();
        return rest.get(after..)?.find('\'').map(|place| after + place + 1);
    }
    (second == '\'').then_some(second_place + 1)
}

#[test]
fn comments_are_blanked_and_nothing_moves() {
    let source = "a // b \"c\nd /* e /* f */\n g */ h\n\"// no comment\" i '\"' j // k";
    let shown = without_comments(source);
    assert_eq!(shown.len(), source.len());
    assert_eq!(shown.lines().count(), source.lines().count());
    let words: Vec<_> = shown.split_whitespace().collect();
    assert_eq!(
        words,
        ["a", "d", "h", "\"//", "no", "comment\"", "i", "'\"'", "j"]
    );
}

#[test]
fn texts_and_characters_are_blanked_and_lifetimes_are_not() {
    for (source, left) in [
        ("a(\"b\\\"c\") d", "a( ) d"),
        ("r#\"a\"b\"# c", "c"),
        ("br\"a\" c", "c"),
        ("'a' b '\\'' c '\\u{41}' d", "b c d"),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
        ("r#as=\"fetch\"", "r#as="),
        ("'\"' a \"b\" c", "a c"),
        ("\"never closed", ""),
        ("\"é\" a", "a"),
    ] {
        let shown = code_alone(source);
        assert_eq!(shown.len(), source.len(), "{source}");
        let words: Vec<_> = shown.split_whitespace().collect();
        let left: Vec<_> = left.split_whitespace().collect();
        assert_eq!(words.join(" "), left.join(" "), "{source}");
    }
}

#[test]
fn a_word_is_found_whole() {
    let found: Vec<_> = places_of("mod", "mod model amod mod; _mod").collect();
    assert_eq!(found, [0, 15]);
}

#[test]
fn brackets_close_where_they_should() {
    assert_eq!(in_brackets("(a(b)[c])d"), Some("a(b)[c]"));
    assert_eq!(in_brackets("[a]"), Some("a"));
    assert_eq!(in_brackets("(a"), None);
    assert_eq!(in_brackets(""), None);
}
