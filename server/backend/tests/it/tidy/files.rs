//! Rules about every file: its length, its name, what may not be left or committed in it.

use super::{
    Outcome, complaint, hold,
    tree::{self, File},
};

/// The longest file, in lines.
const LONGEST: usize = 500;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 1] = [(
    "app/languages/en.toml",
    "a language is one file, so that adding one is adding one file",
)];

/// Endings of what people write and others read. Lock files and snapshots are neither.
const WRITTEN: [&str; 11] = [
    "css", "html", "js", "json", "md", "mjs", "rs", "sh", "sql", "toml", "ts",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "common",
    "helper",
    "helpers",
    "misc",
    "types",
    "util",
    "utilities",
    "utils",
];

/// Endings of what a tool leaves behind.
const LEFT_BEHIND: [&str; 5] = [".bak", ".orig", ".pending-snap", ".rej", ".snap.new"];

fn is_lock(file: &File) -> bool {
    ["Cargo.lock", "package-lock.json"].contains(&file.name())
}

fn is_too_long(path: &str, text: &str, longer: &[(&str, &str)]) -> Vec<String> {
    let lines = text.lines().count();
    let listed = longer.iter().any(|(listed, _)| *listed == path);
    let advice = match (lines > LONGEST, listed) {
        (true, false) => {
            format!("{lines} lines; a file over {LONGEST} is split, or listed with a reason")
        }
        (false, true) => format!("{lines} lines; take it off the list of longer files"),
        _ => return Vec::new(),
    };
    vec![format!("{path}: {advice}")]
}

/// A thing to do belongs to an issue, or it is forgotten.
fn leaves_to_do(path: &str, text: &str) -> Vec<String> {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut complaints = Vec::new();
    for word in words {
        for place in super::source::places_of(word, text) {
            let line = text
                .get(place..)
                .unwrap_or_default()
                .lines()
                .next()
                .unwrap_or_default();
            let issue = line
                .split('#')
                .skip(1)
                .any(|after| after.starts_with(|c: char| c.is_ascii_digit()));
            if !issue {
                let advice = format!("{word} names an issue, such as {word} (#12), or is done now");
                complaints.push(complaint(path, text, place, &advice));
            }
        }
    }
    complaints
}

/// Keys and passwords that were copied in: nobody can take them back.
fn holds_a_key(path: &str, text: &str) -> Vec<String> {
    let heads = [
        concat!("-----BEGIN ", "PRIVATE KEY"),
        concat!(" PRIVATE", " KEY-----"),
    ];
    let tokens = [
        "sk_live_",
        "sk_test_",
        "ghp_",
        "github_pat_",
        "AKIA",
        "xoxb-",
    ];
    let heads = heads
        .iter()
        .flat_map(|head| text.match_indices(head))
        .map(|(place, _)| place);
    let tokens = tokens.iter().flat_map(|token| {
        text.match_indices(token)
            .map(|(place, _)| place)
            .filter(|&place| {
                let rest = text.get(place + token.len()..).unwrap_or_default();
                rest.chars().take_while(char::is_ascii_alphanumeric).count() >= 16
            })
    });
    heads
        .chain(tokens)
        .map(|place| {
            complaint(
                path,
                text,
                place,
                "a key; make keys at start-up, and revoke this one",
            )
        })
        .collect()
}

fn has_an_empty_name(path: &str) -> Vec<String> {
    let mut names = path
        .split('/')
        .map(|name| name.split('.').next().unwrap_or_default());
    let empty = names.find(|name| EMPTY_NAMES.contains(name));
    let complaint = |name| format!("{path}: name it after the noun it owns, not \"{name}\"");
    empty.map(complaint).into_iter().collect()
}

fn was_left_behind(path: &str) -> Vec<String> {
    let left = LEFT_BEHIND.iter().any(|ending| path.ends_with(ending));
    left.then(|| format!("{path}: accept it or delete it"))
        .into_iter()
        .collect()
}

/// Applies a rule to every file that people write.
fn written(rule: impl Fn(&File) -> Vec<String>) -> std::io::Result<Vec<String>> {
    let files = tree::files("")?;
    let files = files
        .iter()
        .filter(|file| WRITTEN.contains(&file.extension()) && !is_lock(file));
    Ok(files.flat_map(rule).collect())
}

#[test]
fn no_file_is_too_long() -> Outcome {
    for (path, reason) in LONGER {
        assert!(
            tree::root().join(path).exists() && !reason.is_empty(),
            "{path} is gone"
        );
    }
    hold(written(|file| {
        is_too_long(&file.path, &file.text, &LONGER)
    })?)
}

#[test]
fn nothing_is_left_to_do_without_an_issue() -> Outcome {
    hold(written(|file| leaves_to_do(&file.path, &file.text))?)
}

#[test]
fn no_key_is_committed() -> Outcome {
    let files = tree::files("")?;
    let files = files.iter().filter(|file| !is_lock(file));
    hold(
        files
            .flat_map(|file| holds_a_key(&file.path, &file.text))
            .collect(),
    )
}

#[test]
fn every_name_says_what_is_inside() -> Outcome {
    hold(written(|file| has_an_empty_name(&file.path))?)
}

#[test]
fn no_tool_leaves_anything_behind() -> Outcome {
    let files = tree::files("")?;
    hold(
        files
            .iter()
            .flat_map(|file| was_left_behind(&file.path))
            .collect(),
    )
}

#[test]
fn a_long_file_is_found() {
    let long = "x\n".repeat(501);
    assert_eq!(is_too_long("a.rs", &long, &[]).len(), 1);
    assert_eq!(is_too_long("a.rs", &long, &[("a.rs", "why")]), [""; 0]);
    assert_eq!(
        is_too_long("a.rs", "x\n", &[("a.rs", "why")]).len(),
        1,
        "a stale exception"
    );
    assert_eq!(is_too_long("a.rs", &"x\n".repeat(500), &[]), [""; 0]);
}

#[test]
fn a_thing_to_do_is_found() {
    let word = concat!("TO", "DO");
    for text in [
        word.to_owned(),
        format!("// {word}: later"),
        format!("{word} (#x)\n#12"),
    ] {
        assert_eq!(leaves_to_do("a.rs", &text).len(), 1, "{text}");
    }
    for text in [
        format!("// {word} (#12): later"),
        format!("{word}S"),
        "to do".to_owned(),
    ] {
        assert_eq!(leaves_to_do("a.rs", &text), [""; 0], "{text}");
    }
    assert_eq!(leaves_to_do("a.rs", concat!("FIX", "ME")).len(), 1);
}

#[test]
fn a_key_is_found() {
    let letters = "abcdEFGH12345678";
    for text in [
        concat!("-----BEGIN ", "PRIVATE", " KEY-----").to_owned(),
        concat!("-----BEGIN RSA PRIVATE", " KEY-----").to_owned(),
        concat!("-----BEGIN EC PRIVATE", " KEY-----").to_owned(),
        format!("secret = \"sk_live_{letters}\""),
        format!("ghp_{letters}"),
        format!("AKIA{letters}"),
    ] {
        assert!(!holds_a_key("a.rs", &text).is_empty(), "{text}");
    }
    for text in [
        "-----BEGIN CERTIFICATE-----",
        "sk_test_...",
        "a private key",
        "AKIA",
    ] {
        assert_eq!(holds_a_key("a.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn an_empty_name_and_a_leftover_are_found() {
    for path in [
        "app/src/utils.rs",
        "server/src/common/mod.rs",
        "end2end/helpers.ts",
    ] {
        assert_eq!(has_an_empty_name(path).len(), 1, "{path}");
    }
    assert_eq!(has_an_empty_name("app/src/routes.rs"), [""; 0]);
    assert_eq!(
        was_left_behind("tests/it/.snapshots.rs.pending-snap").len(),
        1
    );
    assert_eq!(was_left_behind("a.snap.new").len(), 1);
    assert_eq!(was_left_behind("a.snap"), [""; 0]);
}
