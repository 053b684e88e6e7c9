//! What a person may choose.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wrengate_protocol::{
    messages::SavePreferences,
    preferences::{LONGEST_NAME, Preferences, PreferencesRefused, Times},
    session_ends::Present,
};

fn name(typed: &str) -> Result<Option<String>, PreferencesRefused> {
    Preferences::of_form(typed, "utc").map(|chosen| chosen.call_me)
}

#[test]
fn a_name_is_kept_as_it_was_typed_without_the_space_around_it() {
    for (typed, kept) in [
        ("Ada", Some("Ada")),
        ("  Ada  L. \t", Some("Ada  L.")),
        ("عائشة", Some("عائشة")),
        ("👩‍🚀 <b>&amp;", Some("👩‍🚀 <b>&amp;")),
        ("", None),
        (" \u{a0}\n", None),
    ] {
        assert_eq!(name(typed), Ok(kept.map(str::to_owned)), "{typed:?}");
    }
}

#[test]
fn a_name_has_forty_characters_at_most() {
    for one in ["a", "ß", "👩"] {
        assert_eq!(
            name(&one.repeat(LONGEST_NAME)),
            Ok(Some(one.repeat(LONGEST_NAME)))
        );
        let longer = one.repeat(LONGEST_NAME + 1);
        assert_eq!(name(&longer), Err(PreferencesRefused::TooLong), "{longer}");
    }
    assert!(name(&format!("  {}  ", "a".repeat(LONGEST_NAME))).is_ok());
}

#[test]
fn what_nobody_sees_is_refused() {
    for unseen in [
        '\0', '\n', '\u{7f}', '\u{85}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}',
        '\u{2069}', '\u{feff}',
    ] {
        let typed = format!("A{unseen}a");
        let refused = Err(PreferencesRefused::UnseenCharacters);
        assert_eq!(name(&typed), refused, "{typed:?}");
    }
}

#[test]
fn times_are_one_of_two() {
    for times in [Times::Browser, Times::Utc] {
        let chosen = Preferences::of_form("", times.code());
        assert_eq!(chosen.map(|chosen| chosen.times), Ok(times));
    }
    for unknown in ["", "UTC", "utc ", "local"] {
        let refused = Err(PreferencesRefused::UnknownTimes);
        assert_eq!(Preferences::of_form("", unknown), refused, "{unknown:?}");
    }
}

#[test]
fn reasons_have_a_way_back_from_their_codes() {
    for reason in [
        PreferencesRefused::TooLong,
        PreferencesRefused::UnseenCharacters,
        PreferencesRefused::UnknownTimes,
    ] {
        assert_eq!(PreferencesRefused::from_code(reason.code()), Some(reason));
    }
    assert_eq!(PreferencesRefused::from_code("nothing"), None);
}

#[test]
fn what_is_stored_can_be_read_and_grow() {
    let chosen = Preferences::of_form("Ada", "utc").unwrap();
    let text = serde_json::to_string(&chosen).unwrap();
    assert_eq!(text, r#"{"call_me":"Ada","times":"utc"}"#);
    assert_eq!(serde_json::from_str::<Preferences>(&text).unwrap(), chosen);
    let nothing: Preferences = serde_json::from_str("{}").unwrap();
    assert_eq!(nothing, Preferences::default());
    let later: Preferences = serde_json::from_str(r#"{"call_me":"Ada","new":1}"#).unwrap();
    assert_eq!(later.call_me.as_deref(), Some("Ada"));
}

#[test]
fn no_name_is_printed() {
    let chosen = Preferences::of_form("Ada", "utc").unwrap();
    let sent = r#"{"call_me":"Ada","times":"utc","account":"x"}"#;
    let sent: SavePreferences = serde_json::from_str(sent).unwrap();
    assert!(!format!("{chosen:?} {sent:?}").contains("Ada"));
}

#[test]
fn an_answer_is_read_without_its_profile() {
    let text = r#"{"name":"Ada","email_verified":true,"account":"x","ends":
        {"now":1,"idle":2,"absolute":3,"idle_lifetime":4,"absolute_lifetime":5}}"#;
    let present: Present = serde_json::from_str(text).unwrap();
    assert_eq!((present.profile, present.account.as_str()), (None, "x"));
    assert_eq!(present.ends.absolute, 3);
}
