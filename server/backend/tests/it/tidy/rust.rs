//! Rules about Rust code: where features may be asked for, who may name whom, what tests may not do.

use super::{
    Outcome, complaint, hold,
    source::{code_alone, in_brackets, places_of, without_comments},
    tree::complaints,
};

/// Every folder with Rust in it.
const RUST: [&str; 3] = ["app", "frontend", "server"];

/// Where a ban of clippy.toml may be lifted in code that ships, and why there.
const ONE_PLACE: [(&str, &str); 4] = [
    ("app/src/browser/", "browser APIs"),
    ("server/backend/src/clock.rs", "the one clock"),
    (
        "server/backend/src/config/env.rs",
        "the one reader of the environment",
    ),
    (
        "server/backend/src/provider/http_client.rs",
        "the one HTTP client",
    ),
];

/// The protocol has no world, and so nothing to wait for.
fn waits(path: &str, text: &str) -> Vec<String> {
    let code = code_alone(text);
    let words = ["async", "await"];
    words
        .iter()
        .flat_map(|word| places_of(word, &code))
        .map(|place| {
            complaint(
                path,
                text,
                place,
                "nothing waits in the protocol; pass bytes and text in",
            )
        })
        .collect()
}

/// `cfg(feature = ..)` decides over modules and imports, never inside them.
fn asks_for_a_feature(path: &str, text: &str) -> Vec<String> {
    let code = without_comments(text);
    let bare = code_alone(text);
    let mut found = Vec::new();
    let mut complain = |place, advice| found.push(complaint(path, text, place, advice));
    for (place, _) in bare.match_indices("cfg_if!") {
        complain(
            place,
            "`cfg_if!` hides two programs in one; gate a `mod` line instead",
        );
    }
    for word in ["cfg", "cfg_attr"] {
        for place in places_of(word, &bare) {
            let after = code.get(place + word.len()..).unwrap_or_default();
            let question = after.strip_prefix('!').unwrap_or(after);
            let asked = question
                .starts_with('(')
                .then(|| in_brackets(question))
                .flatten();
            let Some(asked) = asked.filter(|asked| places_of("feature", asked).next().is_some())
            else {
                continue;
            };
            let before = bare.get(..place).unwrap_or_default();
            let behind = question.get(asked.len() + 2..).unwrap_or_default();
            if after.starts_with('!') || word == "cfg_attr" {
                complain(
                    place,
                    "ask for a feature above a `mod` or `use` line, and nowhere else",
                );
            } else if before.ends_with("#![") {
                complain(
                    place,
                    "gate the `mod` line of this file, not the file from within",
                );
            } else if !gates_a_module(behind.strip_prefix(']').unwrap_or(behind)) {
                complain(
                    place,
                    "a feature gates a `mod` or `use` line; move what it gates to a module",
                );
            }
        }
    }
    found
}

/// Whether the next item, after further attributes, is a module or an import.
fn gates_a_module(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(attribute) = rest.strip_prefix('#') {
        let Some(inside) = in_brackets(attribute) else {
            return false;
        };
        rest = attribute
            .get(inside.len() + 2..)
            .unwrap_or_default()
            .trim_start();
    }
    if let Some(public) = rest.strip_prefix("pub") {
        rest = public.trim_start();
        if let Some(scope) = rest.starts_with('(').then(|| in_brackets(rest)).flatten() {
            rest = rest.get(scope.len() + 2..).unwrap_or_default().trim_start();
        }
    }
    rest.starts_with("mod ") || rest.starts_with("use ")
}

/// Pages know the backend through `app/src/api` alone.
fn names_the_backend(path: &str, text: &str) -> Vec<String> {
    if path.starts_with("app/src/api/") {
        return Vec::new();
    }
    places_of("wrengate_backend", &code_alone(text))
        .map(|place| {
            complaint(
                path,
                text,
                place,
                "only app/src/api names the backend; call a server function",
            )
        })
        .collect()
}

/// A test that does not run proves nothing.
fn ignores_a_test(path: &str, text: &str) -> Vec<String> {
    let code = code_alone(text);
    code.match_indices("#[ignore")
        .map(|(place, _)| complaint(path, text, place, "repair the test or take it out"))
        .collect()
}

/// A ban is lifted in the one place that it protects.
fn lifts_a_ban(path: &str, text: &str) -> Vec<String> {
    let ships = path.contains("/src/");
    if !ships || ONE_PLACE.iter().any(|(place, _)| path.starts_with(place)) {
        return Vec::new();
    }
    let code = code_alone(text);
    ["disallowed_methods", "disallowed_types"]
        .iter()
        .flat_map(|word| places_of(word, &code))
        .map(|place| {
            let advice =
                "use what the ban names; a new exception is listed in tidy with its reason";
            complaint(path, text, place, advice)
        })
        .collect()
}

#[test]
fn the_protocol_waits_for_nothing() -> Outcome {
    hold(complaints(&["app/protocol/src"], &["rs"], waits)?)
}

#[test]
fn features_gate_modules_alone() -> Outcome {
    hold(complaints(&RUST, &["rs"], asks_for_a_feature)?)
}

#[test]
fn only_the_api_names_the_backend() -> Outcome {
    hold(complaints(
        &["app/src", "frontend/src"],
        &["rs"],
        names_the_backend,
    )?)
}

#[test]
fn no_test_is_ignored() -> Outcome {
    hold(complaints(&RUST, &["rs"], ignores_a_test)?)
}

#[test]
fn bans_are_lifted_in_one_place_each() -> Outcome {
    for (place, what) in ONE_PLACE {
        assert!(
            super::tree::root().join(place).exists(),
            "{what}: {place} is gone; mend the list"
        );
    }
    hold(complaints(&RUST, &["rs"], lifts_a_ban)?)
}

#[test]
fn waiting_is_found() {
    for text in [
        "async fn f() {}",
        "let x = async move {};",
        "f().await;",
        "pub async\nfn f() {}",
    ] {
        assert_eq!(waits("a.rs", text).len(), 1, "{text}");
    }
    for text in ["// async", "\"async\"", "fn asynchronous() {}"] {
        assert_eq!(waits("a.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn a_feature_in_the_wrong_place_is_found() {
    for text in [
        "#[cfg(feature = \"ssr\")]\nfn f() {}",
        "#[cfg(feature = \"ssr\")] impl A {}",
        "#[cfg(feature = \"ssr\")]\npub struct A;",
        "#[cfg(all(test, feature = \"ssr\"))]\nconst A: u8 = 1;",
        "#[cfg(not(feature=\"ssr\"))]\n#[inline]\nfn f() {}",
        "fn f() { #[cfg(feature = \"ssr\")] { g() } }",
        "#![cfg(feature = \"ssr\")]\nuse a::b;",
        "#[cfg_attr(feature = \"ssr\", derive(Clone))]\nstruct A;",
        "if cfg!(feature = \"ssr\") {}",
        "cfg_if::cfg_if! { if #[cfg(unix)] {} }",
    ] {
        assert_eq!(asks_for_a_feature("a.rs", text).len(), 1, "{text}");
    }
    for text in [
        "#[cfg(feature = \"ssr\")]\nmod a;",
        "#[cfg(feature = \"ssr\")]\npub(crate) mod a;",
        "#[cfg(feature = \"ssr\")]\n#[path = \"x.rs\"]\npub mod a { fn f() {} }",
        "#[cfg(any(feature = \"ssr\", test))]\nuse a::b;",
        "#[cfg(feature = \"ssr\")]\n/// Tells.\nmod a;",
        "#[cfg(test)]\nfn f() {}",
        "#[cfg(target_arch = \"wasm32\")]\nfn f() {}",
        "// #[cfg(feature = \"ssr\")] fn f() {}",
        "let text = \"cfg!(feature)\";",
    ] {
        assert_eq!(asks_for_a_feature("a.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn naming_the_backend_is_found() {
    let text = "use wrengate_backend::Services;";
    assert_eq!(names_the_backend("app/src/pages/home.rs", text).len(), 1);
    assert_eq!(names_the_backend("frontend/src/lib.rs", text).len(), 1);
    assert_eq!(names_the_backend("app/src/api/mod.rs", text).len(), 0);
    assert_eq!(
        names_the_backend("app/src/app.rs", "// wrengate_backend").len(),
        0
    );
}

#[test]
fn an_ignored_test_is_found() {
    let word = "ignore";
    assert_eq!(
        ignores_a_test("a.rs", &format!("#[{word}]\nfn f() {{}}")).len(),
        1
    );
    assert_eq!(
        ignores_a_test("a.rs", &format!("#[{word} = \"slow\"]")).len(),
        1
    );
    assert_eq!(ignores_a_test("a.rs", &format!("// #[{word}]")).len(), 0);
}

#[test]
fn a_lifted_ban_is_found() {
    let text = "#[expect(clippy::disallowed_methods, reason = \"x\")]";
    assert_eq!(
        lifts_a_ban("server/backend/src/session/mod.rs", text).len(),
        1
    );
    assert_eq!(lifts_a_ban("app/src/pages/home.rs", text).len(), 1);
    assert_eq!(lifts_a_ban("server/backend/src/clock.rs", text).len(), 0);
    assert_eq!(lifts_a_ban("app/src/browser/random.rs", text).len(), 0);
    assert_eq!(lifts_a_ban("server/tests/it/main.rs", text).len(), 0);
}
