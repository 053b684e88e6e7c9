//! The files of the repository, as far as people write them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Folders that hold what is built, installed or left behind by a run.
const NOT_WRITTEN_BY_US: [&str; 7] = [
    ".git",
    "data",
    "node_modules",
    "playwright-report",
    "target",
    "test-results",
    ".cache",
];

/// One file: its path from the root, with `/`, and its text.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// What stands after the last dot of the name.
    pub(super) fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }

    /// The name without folders.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// The root of the repository: two folders above this crate.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// The text of one file.
///
/// # Errors
/// When it cannot be read, with its path.
pub(super) fn read(path: &str) -> io::Result<String> {
    fs::read_to_string(root().join(path))
        .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
}

/// Every text file under a folder, in the order of their paths; the root is `""`. A file that is
/// gone when its turn comes was removed meanwhile, and one that is not UTF-8 is no text.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn files(folder: &str) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            let private = name.starts_with(".env") && name != ".env.example";
            if path.is_dir() {
                if !NOT_WRITTEN_BY_US.contains(&name) {
                    folders.push(path);
                }
            } else if !private && let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root()).unwrap_or(&path);
                files.push(File {
                    path: path.to_string_lossy().replace('\\', "/"),
                    text,
                });
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// Applies a rule to every file with one of the extensions under the folders.
///
/// # Errors
/// When a folder cannot be read, or holds no such file: then the rule would check nothing.
pub(super) fn complaints(
    folders: &[&str],
    extensions: &[&str],
    rule: impl Fn(&str, &str) -> Vec<String>,
) -> io::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for folder in folders {
        let files = files(folder)?;
        let mut files = files
            .iter()
            .filter(|file| extensions.contains(&file.extension()))
            .peekable();
        if files.peek().is_none() {
            return Err(io::Error::other(format!("{folder} has no file to check")));
        }
        complaints.extend(files.flat_map(|file| rule(&file.path, &file.text)));
    }
    Ok(complaints)
}

#[test]
fn the_tree_is_found_without_what_is_built() -> super::Outcome {
    let files = files("")?;
    for path in [
        "Cargo.toml",
        "app/protocol/src/lib.rs",
        "server/backend/tests/it/tidy/tree.rs",
    ] {
        assert!(files.iter().any(|file| file.path == path), "{path}");
    }
    assert!(!files.iter().any(|file| file.path.starts_with("target/")));
    assert!(!files.iter().any(|file| file.path.contains("node_modules/")));
    Ok(())
}

#[test]
fn a_rule_that_would_check_nothing_fails() {
    assert!(complaints(&["app/protocol/src"], &["cobol"], |_, _| Vec::new()).is_err());
    assert!(complaints(&["no/such/folder"], &["rs"], |_, _| Vec::new()).is_err());
}
