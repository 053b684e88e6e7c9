//! The documents and example files say what the code does.

use std::{collections::BTreeSet, fs, path::Path};

use wrengate_backend::config::{SETTINGS, Setting};

use super::{LOCAL, load};

#[test]
fn documents_and_example_files_list_every_setting_and_its_true_default() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/settings.md")).unwrap();
    let rows: Vec<_> = document
        .lines()
        .filter(|line| line.starts_with("| `WRENGATE_"))
        .collect();
    let listed: Vec<_> = SETTINGS
        .iter()
        .map(|setting| {
            format!(
                "| `{}` | {} | {} |",
                setting.name, setting.default, setting.meaning
            )
        })
        .collect();
    assert_eq!(rows.get(..listed.len()).unwrap(), listed);

    let variables = entries(&fs::read_to_string(root.join(".env.example")).unwrap());
    let keys = entries(&fs::read_to_string(root.join("wrengate.example.toml")).unwrap());
    assert!(
        variables
            .iter()
            .map(|(name, ..)| name.as_str())
            .eq(SETTINGS.iter().map(|s| s.name))
    );
    assert!(
        keys.iter()
            .map(|(key, ..)| key.clone())
            .eq(SETTINGS.iter().map(Setting::key))
    );

    let mut stated = vec![LOCAL];
    for (setting, ((_, variable, _), (_, key, _))) in
        SETTINGS.iter().zip(variables.iter().zip(&keys))
    {
        assert_eq!(variable, key, "{}", setting.name);
        let literal = setting
            .default
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'));
        if let Some(default) = literal.filter(|default| !default.contains('`')) {
            assert_eq!(variable, default, "{}", setting.name);
            stated.push((setting.name, default));
        }
    }
    let in_force = |all: &[(String, String, bool)]| {
        all.iter()
            .filter(|entry| entry.2)
            .map(|entry| entry.1.clone())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        (in_force(&variables), in_force(&keys)),
        (["local".to_owned()].into(), ["local".to_owned()].into())
    );
    let defaults = format!("{:?}", load(&[LOCAL], None).unwrap());
    assert_eq!(format!("{:?}", load(&stated, None).unwrap()), defaults);
    let file = root.join("wrengate.example.toml");
    assert_eq!(format!("{:?}", load(&[], Some(&file)).unwrap()), defaults);
}
#[test]
fn every_listed_setting_is_in_force() {
    let defaults = format!("{:?}", load(&[LOCAL], None).unwrap());
    for setting in SETTINGS {
        match load(&[LOCAL, (setting.name, "\u{7}")], None) {
            Ok(config) => assert_ne!(format!("{config:?}"), defaults, "{}", setting.name),
            Err(said) => assert!(said.contains(setting.name), "{said}"),
        }
    }
}

/// Of `# NAME=value`, `NAME = "value"` and the like: name, value, whether it is in force.
fn entries(text: &str) -> Vec<(String, String, bool)> {
    let entry = |line: &str| {
        let (name, value) = line.trim_start_matches("# ").split_once('=')?;
        let name = name.trim();
        let is_name = name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        let value = value.trim().trim_matches('"').to_owned();
        is_name.then(|| (name.to_owned(), value, !line.starts_with('#')))
    };
    text.lines().filter_map(entry).collect()
}
