//! Rules of this repository that no compiler knows, read off the source tree.
//!
//! Each rule is a function from a path and a text to complaints, a test that applies it to the tree,
//! and a test that shows it can complain. A complaint names the file, the line and what to do.

mod api;
mod clippy;
mod contrast;
mod end2end;
mod files;
mod manifests;
mod markup;
mod rust;
mod source;
mod tree;

use std::{error::Error, fmt};

use figment::providers::{Format as _, Toml};
use serde_json::Value;

/// What a rule test returns: reading the tree can fail.
type Outcome = Result<(), Box<dyn Error>>;

/// What is broken, line by line; the test runner prints it by `Debug`.
struct Broken(Vec<String>);

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to mend:\n  {}", self.0.len(), self.0.join("\n  "))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for Broken {}

/// Passes where nothing is complained about.
///
/// # Errors
/// All complaints at once, so that nobody mends them one by one.
fn hold(complaints: Vec<String>) -> Outcome {
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(Broken(complaints).into())
    }
}

/// A complaint about a place in a text; `offset` is where in it, in bytes.
fn complaint(path: &str, text: &str, offset: usize, advice: &str) -> String {
    let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
    format!("{path}:{line}: {advice}")
}

/// Reads a manifest or another TOML file.
///
/// # Errors
/// Where the parser says so.
fn parse_toml(text: &str) -> Result<Value, String> {
    Toml::from_str(text).map_err(|error| error.to_string())
}

#[test]
fn a_complaint_names_file_and_line() {
    assert_eq!(
        complaint("a.rs", "x\ny\nz", 4, "mend it"),
        "a.rs:3: mend it"
    );
    assert_eq!(complaint("a.rs", "x", 0, "mend it"), "a.rs:1: mend it");
    assert!(hold(Vec::new()).is_ok());
    let broken = hold(vec!["a".to_owned(), "b".to_owned()]).unwrap_err();
    assert_eq!(format!("{broken:?}"), "2 to mend:\n  a\n  b");
}
