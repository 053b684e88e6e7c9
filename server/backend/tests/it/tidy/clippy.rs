//! Rules about the three clippy.toml files: clippy merges nothing, so they repeat each other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Outcome, hold, parse_toml, tree};

/// What may differ from the root: how long things may be.
const MAY_DIFFER: [&str; 2] = ["too-many-arguments-threshold", "too-many-lines-threshold"];

/// Bans that the architecture relies on.
const BANS: [&str; 11] = [
    "std::time::SystemTime::now",
    "rand::rng",
    "rand::random",
    "getrandom::fill",
    "reqwest::Client::new",
    "reqwest::Client::builder",
    "reqwest::get",
    "std::env::var",
    "std::env::var_os",
    "std::env::vars",
    "std::env::vars_os",
];

/// Bans of one file more.
const BANS_BESIDE: [(&str, &[&str]); 2] = [
    (
        "app/clippy.toml",
        &[
            "web_sys::window",
            "leptos_dom::helpers::window",
            "leptos_dom::helpers::document",
        ],
    ),
    ("app/protocol/clippy.toml", &["std::time::Instant::now"]),
];

/// The paths that a file bans, as far as each has a reason.
fn bans(file: &Value) -> BTreeSet<&str> {
    let entries = file.get("disallowed-methods").and_then(Value::as_array);
    let entries = entries.into_iter().flatten();
    entries
        .filter(|entry| entry.get("reason").is_some())
        .filter_map(|entry| entry.get("path")?.as_str())
        .collect()
}

/// What a file says otherwise than the root does.
fn differs(path: &str, file: &Value, root: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for (key, said) in root.as_object().into_iter().flatten() {
        let here = file.get(key);
        if key == "disallowed-methods" {
            let entries = here.and_then(Value::as_array);
            let missing = said.as_array().into_iter().flatten();
            let missing = missing.filter(|entry| !entries.is_some_and(|here| here.contains(entry)));
            complaints
                .extend(missing.map(|entry| format!("{path}: repeat from clippy.toml: {entry}")));
        } else if here.is_none() || (here != Some(said) && !MAY_DIFFER.contains(&key.as_str())) {
            complaints.push(format!(
                "{path}: {key} is {said} in clippy.toml; say the same"
            ));
        }
    }
    complaints
}

fn lacks_bans(path: &str, file: &Value, wanted: &[&str]) -> Vec<String> {
    let found = bans(file);
    let missing = wanted.iter().filter(|ban| !found.contains(*ban));
    missing
        .map(|ban| format!("{path}: {ban} is banned, with a reason; put the ban back"))
        .collect()
}

#[test]
fn the_three_files_agree() -> Outcome {
    let root = parse_toml(&tree::read("clippy.toml")?)?;
    let mut complaints = Vec::new();
    for path in ["app/clippy.toml", "app/protocol/clippy.toml"] {
        complaints.extend(differs(path, &parse_toml(&tree::read(path)?)?, &root));
    }
    hold(complaints)
}

#[test]
fn the_bans_of_the_architecture_stand() -> Outcome {
    let mut complaints = lacks_bans(
        "clippy.toml",
        &parse_toml(&tree::read("clippy.toml")?)?,
        &BANS,
    );
    for (path, wanted) in BANS_BESIDE {
        complaints.extend(lacks_bans(path, &parse_toml(&tree::read(path)?)?, wanted));
    }
    hold(complaints)
}

#[test]
fn no_other_file_takes_the_place_of_these() -> Outcome {
    let names = ["clippy.toml", ".clippy.toml"];
    let found = tree::files("")?;
    let found = found.iter().filter(|file| names.contains(&file.name()));
    let found: Vec<_> = found.map(|file| file.path.as_str()).collect();
    assert_eq!(
        found,
        ["app/clippy.toml", "app/protocol/clippy.toml", "clippy.toml"]
    );
    Ok(())
}

#[test]
fn a_difference_is_found() -> Outcome {
    let root = parse_toml(
        "allow-x = true\ntoo-many-lines-threshold = 60\n\
         disallowed-methods = [{ path = \"a::b\", reason = \"c\" }]",
    )?;
    for (said, count) in [
        (
            "allow-x = true\ntoo-many-lines-threshold = 100\ndisallowed-methods = [{ path = \"a::b\", reason = \"c\" }, { path = \"d\", reason = \"e\" }]",
            0,
        ),
        (
            "allow-x = false\ntoo-many-lines-threshold = 60\ndisallowed-methods = [{ path = \"a::b\", reason = \"c\" }]",
            1,
        ),
        (
            "too-many-lines-threshold = 60\ndisallowed-methods = [{ path = \"a::b\", reason = \"c\" }]",
            1,
        ),
        (
            "allow-x = true\ndisallowed-methods = [{ path = \"a::b\", reason = \"c\" }]",
            1,
        ),
        (
            "allow-x = true\ntoo-many-lines-threshold = 60\ndisallowed-methods = [{ path = \"a::b\", reason = \"d\" }]",
            1,
        ),
        ("", 3),
    ] {
        assert_eq!(
            differs("a", &parse_toml(said)?, &root).len(),
            count,
            "{said}"
        );
    }
    Ok(())
}

#[test]
fn a_missing_ban_is_found() -> Outcome {
    let file = parse_toml(
        "disallowed-methods = [{ path = \"a\", reason = \"b\" }, { path = \"c\" }, \"d\"]",
    )?;
    assert_eq!(lacks_bans("x", &file, &["a"]), [""; 0]);
    assert_eq!(
        lacks_bans("x", &file, &["c", "d", "e"]).len(),
        3,
        "a ban without reason is none"
    );
    Ok(())
}
