//! Foreign text made harmless before it is kept or shown.

/// The longest text of a profile member that is kept, in characters.
pub const PROFILE_TEXT: usize = 200;

/// The longest text of a provider that is quoted, in characters.
pub const QUOTED_TEXT: usize = 300;

/// Removes control and direction-changing characters and cuts at `longest` characters; no space is
/// left at either end.
///
/// # Security
/// Bidirectional controls (Unicode, UAX 9) can make a text read as another; NUL and line ends can
/// split a log line. Markup stays as it is, because it is only ever drawn as text.
#[must_use]
pub fn plain(text: &str, longest: usize) -> String {
    let kept: String = text.chars().filter(|c| !is_unwanted(*c)).collect();
    let kept = kept.trim();
    match kept.char_indices().nth(longest) {
        Some((end, _)) => kept.get(..end).unwrap_or_default().trim_end().to_owned(),
        None => kept.to_owned(),
    }
}

/// Controls, bidirectional controls, and the invisible marks that hide in names.
pub(crate) const fn is_unwanted(c: char) -> bool {
    c.is_ascii_control()
        || matches!(c,
            '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}')
}
