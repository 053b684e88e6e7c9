//! The binary itself, as far as it speaks before it serves.

use std::process::{Command, Output};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::rig::{Outcome, world::site};

/// Starts the binary with these settings and nothing else; it ends by itself, because the site has
/// no list of its files or because its address is taken.
fn run(settings: &[(&str, &str)]) -> Outcome<Output> {
    let folder = tempfile::tempdir()?;
    let binary = Command::new(env!("CARGO_BIN_EXE_wrengate"))
        .arg("serve")
        .env_clear()
        .envs(settings.iter().copied())
        .current_dir(folder.path())
        .output();
    Ok(binary?)
}

#[tokio::test]
async fn a_start_that_fails_is_a_line_of_json_where_json_is_asked_for() -> Outcome {
    let taken = TcpListener::bind("127.0.0.1:0").await?;
    let addr = taken.local_addr()?.to_string();
    let site = site()?;
    let settings = [
        ("WRENGATE_PROVIDER", "local"),
        ("WRENGATE_STORE", "sqlite::memory:"),
        ("WRENGATE_ADDR", &addr),
        ("WRENGATE_SITE_ROOT", site.path().to_str().ok_or("no path")?),
        ("WRENGATE_LOG_FORMAT", "json"),
        ("RUST_LOG", "not=a=filter"),
    ];
    let output = run(&settings)?;
    assert_eq!(output.status.code(), Some(2));
    let lines: Result<Vec<Value>, _> = std::str::from_utf8(&output.stderr)?
        .lines()
        .map(serde_json::from_str)
        .collect();
    let messages: Vec<_> = lines?
        .into_iter()
        .filter_map(|line| Some((line.get("level")?.clone(), line.get("message")?.clone())))
        .collect();
    let misread = "RUST_LOG cannot be read, so the default is logged";
    let expected = [("WARN", misread), ("ERROR", "cannot start")];
    assert_eq!(
        messages,
        expected.map(|(level, it)| (json!(level), json!(it)))
    );
    Ok(())
}

/// Wrong settings are told as text: what they say of the format may be what is wrong.
#[test]
fn wrong_settings_are_told_as_text() -> Outcome {
    let output = run(&[("WRENGATE_LOG_FORMAT", "yaml")])?;
    assert_eq!(output.status.code(), Some(2));
    let said = std::str::from_utf8(&output.stderr)?;
    assert!(
        said.starts_with("wrengate: the settings are wrong\n"),
        "{said}"
    );
    assert!(
        said.contains("WRENGATE_LOG_FORMAT: \"yaml\" is not a format"),
        "{said}"
    );
    Ok(())
}
