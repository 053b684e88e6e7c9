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
        parts: hash_of("split")
            .map(|hash| parts(&pkg, &hash))
            .transpose()?,
    })
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
