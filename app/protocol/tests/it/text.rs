//! Foreign text: what is taken out of it and where it is cut.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use wrengate_protocol::{
    provider_error::{ErrorCode, quotable},
    text::plain,
};

#[test]
fn controls_and_direction_changes_are_taken_out() {
    for (raw, expected) in [
        ("Ada", "Ada"),
        ("  Ada \n", "Ada"),
        ("A\0d\u{7}a\u{7f}\u{85}\u{9b}", "Ada"),
        ("A\r\nd\ta", "Ada"),
        ("\u{202e}adA", "adA"),
        (
            "\u{202a}\u{202b}\u{202c}\u{202d}A\u{2066}\u{2067}\u{2068}\u{2069}",
            "A",
        ),
        ("A\u{200e}d\u{200f}a\u{61c}", "Ada"),
        ("A\u{200b}d\u{2060}a\u{feff}", "Ada"),
        ("A\u{2028}d\u{2029}a", "Ada"),
        ("\u{fff9}A\u{fffa}d\u{fffb}a", "Ada"),
        ("\u{202e}\0 \u{2066}", ""),
        ("", ""),
    ] {
        assert_eq!(plain(raw, 200), expected, "{raw:?}");
    }
}

#[test]
fn markup_templates_and_emoji_stay_as_they_are() {
    for text in [
        "<img src=x onerror=alert(1)>",
        "{{constructor.constructor('x')()}}",
        "'; drop table users; --",
        "\"quoted\" & 'single'",
        "👩\u{200d}👧 Zoë Ångström مريم 李",
        "می\u{200c}خواهم",
    ] {
        assert_eq!(plain(text, 200), text);
    }
}

#[test]
fn text_is_cut_by_characters_and_never_within_one() {
    assert_eq!(plain(&"a".repeat(100_000), 200), "a".repeat(200));
    assert_eq!(plain(&"é".repeat(201), 200), "é".repeat(200));
    assert_eq!(plain(&"😀".repeat(300), 200).chars().count(), 200);
    assert_eq!(plain("abc", 0), "");
    assert_eq!(plain("abc", 3), "abc");
    assert_eq!(
        plain("ab cd", 3),
        "ab",
        "no space is left hanging at the cut"
    );
}

#[test]
fn a_text_that_is_plain_stays_so() {
    for raw in ["ab cd", " a\u{202e} b ", "\u{85}x", "a\u{2003}b"] {
        for longest in 0..6 {
            let once = plain(raw, longest);
            assert_eq!(plain(&once, longest), once, "{raw:?} {longest}");
        }
    }
}

#[test]
fn words_of_a_provider_are_quoted_or_absent() {
    assert_eq!(
        quotable("The person said no.").as_deref(),
        Some("The person said no.")
    );
    assert_eq!(
        quotable(&"x".repeat(301)).map(|words| words.len()),
        Some(300)
    );
    for empty in ["", " ", "\u{202e}", "\0\r\n"] {
        assert_eq!(quotable(empty), None, "{empty:?}");
    }
}

#[test]
fn an_error_code_is_shown_in_its_alphabet_or_as_unknown() {
    for code in ["a", "invalid_grant", "x-1.2_3", &"a".repeat(64)] {
        assert_eq!(ErrorCode::parse(code).as_str(), code);
        assert_eq!(ErrorCode::parse(code).to_string(), code);
    }
    for code in [
        "",
        " ",
        "A",
        "invalid grant",
        "invalid_grant\n",
        "é",
        "<script>",
        "a\u{202e}",
        "a/b",
        "a:b",
        &"a".repeat(65),
        &"a".repeat(100_000),
    ] {
        assert_eq!(ErrorCode::parse(code).as_str(), "unknown", "{code:.80}");
    }
}
