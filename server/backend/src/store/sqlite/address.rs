//! Where the database lies, and creating it for its owner alone.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Where the database lies.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere: it ends with the process.
    Memory,
    /// In a file.
    File(PathBuf),
}

impl Place {
    /// Reads `sqlite::memory:`, `sqlite:relative/path`, `sqlite:/path` or `sqlite:///path`.
    pub(super) fn parse(address: &str) -> Option<Self> {
        let rest = address.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        match rest {
            ":memory:" => Some(Self::Memory),
            // Parameters would be a second way to configure what this code decides.
            rest if rest.is_empty() || rest.contains('?') => None,
            path => Some(Self::File(PathBuf::from(path))),
        }
    }
}

/// Creates file and folder where they are missing. What exists keeps its mode: it was chosen by
/// somebody.
///
/// # Security
/// The file holds who is signed in. SQLite gives its side files the mode of the file itself.
pub(super) fn create(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    let mut file = OpenOptions::new();
    file.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        folder.create(parent)?;
    }
    file.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_memory_or_a_path() {
        let file = |path: &str| Some(Place::File(PathBuf::from(path)));
        assert_eq!(Place::parse("sqlite::memory:"), Some(Place::Memory));
        assert_eq!(
            Place::parse("sqlite:data/wrengate.db"),
            file("data/wrengate.db")
        );
        assert_eq!(
            Place::parse("sqlite:///var/lib/wrengate.db"),
            file("/var/lib/wrengate.db")
        );
    }

    #[test]
    fn other_addresses_are_refused() {
        for address in [
            "",
            "sqlite:",
            "postgres://host/db",
            "data.db",
            "sqlite:a.db?mode=ro",
        ] {
            assert_eq!(Place::parse(address), None, "{address}");
        }
    }
}
