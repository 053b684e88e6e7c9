//! The built files of the site, found once at start.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use wrengate_app::{Assets, Parts};

/// Where cargo-leptos writes the names of hashed files: beside the executable.
const HASHES: &str = "hash.txt";

/// Finds script, module and style sheet in `<site root>/pkg`.
///
/// # Errors
/// When one of them is missing, with the command that builds them.
pub fn find(site_root: &Path) -> io::Result<Assets> {
    let hashes = executable_folder()
        .map(|folder| folder.join(HASHES))
        .and_then(|path| fs::read_to_string(path).ok())
        .unwrap_or_default();
    named(&hashes, site_root)
}

/// The files that have these hashes, or none.
fn named(hashes: &str, site_root: &Path) -> io::Result<Assets> {
    let pkg = site_root.join("pkg");
    let hash_of = |kind: &str| {
        hashes.lines().find_map(|line| {
            let (name, hash) = line.split_once(':')?;
            (name.trim() == kind).then(|| hash.trim().to_owned())
        })
    };
    let address = |kind: &str| {
        let built = hash_of(kind).map(|hash| format!("wrengate.{hash}.{kind}"));
        let plain = [format!("wrengate.{kind}"), format!("wrengate_bg.{kind}")];
        built
            .into_iter()
            .chain(plain)
            .find(|file| pkg.join(file).is_file())
            .map(|file| format!("/pkg/{file}"))
            .ok_or_else(|| missing(&format!("wrengate.{kind}"), &pkg))
    };
    Ok(Assets {
        script: address("js")?,
        module: address("wasm")?,
        style: address("css")?,
        inspector_style: sheet(&pkg, hash_of("inspector"))?,
        parts: hash_of("split")
            .map(|hash| parts(&pkg, &hash))
            .transpose()?,
    })
}

/// The sheet of the inspector's page. A build that made none has nothing of it, and the page is plain.
fn sheet(pkg: &Path, hash: Option<String>) -> io::Result<Option<String>> {
    let Some(hash) = hash else {
        return Ok(None);
    };
    let file = format!("inspector.{hash}.css");
    if pkg.join(&file).is_file() {
        Ok(Some(format!("/pkg/{file}")))
    } else {
        Err(missing(&file, pkg))
    }
}

/// What a module in parts has besides. A build in one piece has nothing of it.
fn parts(pkg: &Path, hash: &str) -> io::Result<Parts> {
    let address = |file: String| {
        if pkg.join(&file).is_file() {
            Ok(format!("/pkg/{file}"))
        } else {
            Err(missing(&file, pkg))
        }
    };
    Ok(Parts {
        loader: address(format!("__wasm_split.{hash}.js"))?,
        signed_in: address(format!("split_signed_in.{hash}.wasm"))?,
    })
}

fn executable_folder() -> Option<PathBuf> {
    std::env::current_exe().ok()?.parent().map(Path::to_owned)
}

fn missing(file: &str, pkg: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!("no {file} in {}; `make build` makes it", pkg.display()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    const HASHES: &str = "js: h1\nwasm: h1\ncss: h2\nmanifest: h3\nsplit: h1\ninspector: h4\n";
    const FILES: [&str; 6] = [
        "inspector.h4.css",
        "wrengate.h1.js",
        "wrengate.h1.wasm",
        "wrengate.h2.css",
        "__wasm_split.h1.js",
        "split_signed_in.h1.wasm",
    ];

    fn site(files: &[&str]) -> io::Result<tempfile::TempDir> {
        let site = tempfile::tempdir()?;
        let pkg = site.path().join("pkg");
        fs::create_dir(&pkg)?;
        for file in files {
            fs::write(pkg.join(file), "")?;
        }
        Ok(site)
    }

    #[test]
    fn a_module_in_parts_is_found_with_its_loader_and_part() -> Outcome {
        let site = site(&FILES)?;
        let assets = named(HASHES, site.path())?;
        let parts = assets.parts.ok_or("no parts")?;
        assert_eq!(parts.loader, "/pkg/__wasm_split.h1.js");
        assert_eq!(parts.signed_in, "/pkg/split_signed_in.h1.wasm");
        assert_eq!(assets.module, "/pkg/wrengate.h1.wasm");
        let sheet = assets.inspector_style.as_deref();
        assert_eq!(sheet, Some("/pkg/inspector.h4.css"));
        Ok(())
    }

    #[test]
    fn a_part_that_is_missing_stops_the_start_and_is_named() -> Outcome {
        for missing in [
            "__wasm_split.h1.js",
            "split_signed_in.h1.wasm",
            "inspector.h4.css",
        ] {
            let files = FILES.into_iter().filter(|file| *file != missing);
            let site = site(&files.collect::<Vec<_>>())?;
            let refused = named(HASHES, site.path()).err().ok_or("it was found")?;
            assert!(refused.to_string().contains(missing), "{refused}");
        }
        Ok(())
    }

    #[test]
    fn a_module_in_one_piece_has_no_parts() -> Outcome {
        let site = site(&["wrengate.js", "wrengate_bg.wasm", "wrengate.css"])?;
        let assets = named("", site.path())?;
        assert_eq!(assets.parts, None);
        assert_eq!(assets.module, "/pkg/wrengate_bg.wasm");
        Ok(())
    }
}
