//! Rules about server functions: where they stand, how they are reached, what they answer.

use super::{
    Outcome, complaint, hold,
    source::{code_alone, in_brackets, is_word, without_comments},
    tree::complaints,
};

/// The one file with server functions.
const API: &str = "app/src/api/mod.rs";

/// What every attribute has to say, and why.
const SAID: [(&str, &str); 3] = [
    (
        "prefix=\"/api\"",
        "`prefix = \"/api\"`: the same-origin gate stands before that path",
    ),
    (
        "endpoint=",
        "`endpoint = \"..\"`: an address made from a hash changes with every build",
    ),
    (
        "input=Json",
        "`input = Json`: a form can be posted by any other site",
    ),
];

/// Every `#[server(..)]`: where it stands, what is in it and what follows it.
fn server_functions(text: &str) -> Vec<(usize, String, String)> {
    let code = without_comments(text);
    let bare = code_alone(text);
    let attributes = bare.match_indices("#[").filter_map(|(place, _)| {
        let inside = in_brackets(code.get(place + 1..)?)?;
        let name_end = inside
            .find(|c: char| !is_word(c) && c != ':')
            .unwrap_or(inside.len());
        let name = inside.get(..name_end)?.rsplit(':').next()?;
        let behind = code.get(place + inside.len() + 3..)?;
        (name == "server").then(|| {
            let signature = behind.split('{').next().unwrap_or_default();
            (place, without_spaces(inside), without_spaces(signature))
        })
    });
    attributes.collect()
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

fn breaks_the_contract(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, attribute, signature) in server_functions(text) {
        let mut complain = |advice: &str| found.push(complaint(path, text, place, advice));
        if path != API {
            complain("every server function stands in app/src/api/mod.rs");
        }
        for (said, why) in SAID {
            if !attribute.contains(said) {
                complain(&format!("a server function says {why}"));
            }
        }
        if !signature.ends_with(",ApiError>") {
            complain(
                "a server function returns `Result<_, ApiError>`: other errors tell internals",
            );
        }
    }
    found
}

/// Who may name a server function: their own module, the flow that signs in, and the watch over the
/// session, which every other call goes through.
const CALLERS: [&str; 3] = ["app/src/api/", "app/src/session_watch/", "app/src/sign_in/"];

fn calls_past_the_watch(path: &str, text: &str) -> Vec<String> {
    if CALLERS.iter().any(|caller| path.starts_with(caller)) {
        return Vec::new();
    }
    let code = code_alone(text);
    let names = code.match_indices("api::").filter(|(place, _)| {
        let before = code.get(..*place).unwrap_or_default();
        !before.ends_with(is_word)
    });
    let advice = "a page calls the server through `session_watch`, so that nothing is lost when the \
                  session ends";
    names
        .map(|(place, _)| complaint(path, text, place, advice))
        .collect()
}

#[test]
fn pages_call_the_server_through_the_watch() -> Outcome {
    hold(complaints(
        &["app/src", "frontend/src"],
        &["rs"],
        calls_past_the_watch,
    )?)
}

#[test]
fn a_call_past_the_watch_is_found() {
    let text = "use crate::{\n    api::{save_preferences, session},\n};";
    assert_eq!(
        calls_past_the_watch("app/src/pages/account.rs", text).len(),
        1
    );
    let direct = "fn f() { crate::api::session(); }";
    assert_eq!(
        calls_past_the_watch("app/src/components/frame.rs", direct).len(),
        1
    );
    for caller in CALLERS {
        assert_eq!(
            calls_past_the_watch(&format!("{caller}a.rs"), text),
            [""; 0]
        );
    }
    for other in ["// api::session", "my_api::session()", "\"api::x\""] {
        assert_eq!(
            calls_past_the_watch("app/src/pages/home.rs", other),
            [""; 0],
            "{other}"
        );
    }
}

#[test]
fn server_functions_keep_the_contract() -> Outcome {
    let functions = server_functions(&super::tree::read(API)?);
    assert!(
        functions.len() >= 3,
        "begin, complete, session: {}",
        functions.len()
    );
    hold(complaints(
        &["app/src", "frontend/src", "server/src"],
        &["rs"],
        breaks_the_contract,
    )?)
}

#[test]
fn a_broken_contract_is_found() {
    let good = "/// Tells.\n#[server(prefix = \"/api\", endpoint = \"a\", input = Json, output = Json)]\n\
                pub async fn a(/** x */ b: Vec<u8>) -> Result<A, ApiError> { c() }";
    assert_eq!(breaks_the_contract(API, good), [""; 0]);
    assert_eq!(breaks_the_contract("app/src/app.rs", good).len(), 1);
    for (taken, put) in [
        ("prefix = \"/api\", ", ""),
        ("\"/api\"", "\"/rpc\""),
        ("endpoint = \"a\", ", ""),
        ("input = Json, ", ""),
        ("input = Json", "input = PostUrl"),
        ("#[server(", "#[leptos::prelude::server(output = A, "),
        ("Result<A, ApiError>", "Result<A, ServerFnError>"),
        ("Result<A, ApiError>", "A"),
    ] {
        let bad = good.replacen(taken, put, 1);
        let expected = usize::from(!put.starts_with("#[leptos"));
        assert_eq!(breaks_the_contract(API, &bad).len(), expected, "{bad}");
    }
    assert_eq!(
        breaks_the_contract(API, "#[server]\nasync fn a() -> A {}").len(),
        4
    );
    assert_eq!(
        breaks_the_contract(API, "// #[server]\n#[serverless]\nfn a() {}"),
        [""; 0]
    );
}
