//! Rules about manifests: who may depend on what, and that every crate has the lints.

use std::io;

use serde_json::Value;

use super::{Outcome, hold, parse_toml, tree};

/// Every member of the workspace.
const MEMBERS: [&str; 5] = [
    "app",
    "app/protocol",
    "frontend",
    "server",
    "server/backend",
];

/// What the protocol may depend on: values and judgements, nothing with a world.
const PROTOCOL: [&str; 9] = [
    "base64",
    "form_urlencoded",
    "serde",
    "serde_json",
    "sha2",
    "subtle",
    "thiserror",
    "url",
    "zeroize",
];

const STORE_DRIVERS: [&str; 9] = [
    "deadpool-postgres",
    "diesel",
    "fred",
    "postgres",
    "redis",
    "rusqlite",
    "sea-orm",
    "sqlx",
    "tokio-postgres",
];

const CLIENTS: [&str; 3] = ["isahc", "reqwest", "ureq"];

/// Both halves of HTTP; the server listens with it.
const WIRE: [&str; 2] = ["hyper", "hyper-util"];

const SERVERS: [&str; 6] = [
    "axum",
    "axum-extra",
    "leptos_axum",
    "tokio",
    "tower",
    "tower-http",
];

const PAGES: [&str; 9] = [
    "gloo-storage",
    "js-sys",
    "leptos",
    "leptos_axum",
    "leptos_meta",
    "leptos_router",
    "wasm-bindgen",
    "web-sys",
    "wrengate-app",
];

/// What a crate may not depend on. `app` may have `axum` and the backend behind its feature `ssr`.
fn forbidden(member: &str) -> Vec<&'static str> {
    let of = |lists: &[&[&'static str]]| lists.concat();
    match member {
        "app" => of(&[
            &CLIENTS,
            &WIRE,
            &STORE_DRIVERS,
            &["wrengate-server", "wrengate-frontend"],
        ]),
        "frontend" => of(&[
            &CLIENTS,
            &WIRE,
            &STORE_DRIVERS,
            &SERVERS,
            &["wrengate-backend", "wrengate-protocol", "wrengate-server"],
        ]),
        "server" => of(&[&CLIENTS, &STORE_DRIVERS, &["wrengate-frontend"]]),
        "server/backend" => of(&[
            &PAGES,
            &["axum", "axum-extra", "wrengate-frontend", "wrengate-server"],
        ]),
        _ => Vec::new(),
    }
}

/// One dependency: its package and what the manifest says of it.
struct Dependency<'a> {
    package: &'a str,
    said: &'a Value,
}

/// The dependencies of the shipped crate, those of one target alone included.
fn shipped(manifest: &Value) -> Vec<Dependency<'_>> {
    let targets = manifest
        .get("target")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let tables = std::iter::once(manifest).chain(targets.map(|(_, target)| target));
    tables
        .flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")])
        .filter_map(|table| table?.as_object())
        .flatten()
        .map(|(name, said)| Dependency {
            package: said.get("package").and_then(Value::as_str).unwrap_or(name),
            said,
        })
        .collect()
}

fn depends_wrongly(member: &str, manifest: &Value) -> Vec<String> {
    let forbidden = forbidden(member);
    let mut complaints = Vec::new();
    for Dependency { package, said } in shipped(manifest) {
        let allowed = match member {
            "app/protocol" => PROTOCOL.contains(&package),
            _ => !forbidden.contains(&package),
        };
        let optional = said.get("optional") == Some(&Value::Bool(true));
        if !allowed {
            complaints.push(format!(
                "{member}/Cargo.toml: {package} does not belong here; see ARCHITECTURE.md"
            ));
        } else if member == "app"
            && (SERVERS.contains(&package) || package == "wrengate-backend")
            && !optional
        {
            complaints.push(format!(
                "{member}/Cargo.toml: {package} comes with `ssr` alone: optional = true"
            ));
        } else if said.get("workspace") != Some(&Value::Bool(true)) {
            complaints.push(format!(
                "{member}/Cargo.toml: the version of {package} stands in the root: workspace = true"
            ));
        }
    }
    complaints
}

fn lacks_lints(member: &str, manifest: &Value) -> Vec<String> {
    let inherits = manifest.pointer("/lints/workspace") == Some(&Value::Bool(true));
    let complaint =
        format!("{member}/Cargo.toml: say `[lints] workspace = true`, which forbids unsafe code");
    (!inherits).then_some(complaint).into_iter().collect()
}

fn each_member(rule: fn(&str, &Value) -> Vec<String>) -> io::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for member in MEMBERS {
        let text = tree::read(&format!("{member}/Cargo.toml"))?;
        complaints.extend(rule(member, &parse_toml(&text).map_err(io::Error::other)?));
    }
    Ok(complaints)
}

#[test]
fn the_rules_know_every_member() -> Outcome {
    let root = parse_toml(&tree::read("Cargo.toml")?)?;
    let members = root.pointer("/workspace/members").and_then(Value::as_array);
    let members: Vec<_> = members
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        members, MEMBERS,
        "a new crate needs a rule about what it may know"
    );
    Ok(())
}

#[test]
fn crates_depend_on_what_they_may() -> Outcome {
    hold(each_member(depends_wrongly)?)
}

#[test]
fn crates_inherit_the_lints() -> Outcome {
    hold(each_member(lacks_lints)?)
}

#[test]
fn unsafe_code_is_forbidden() -> Outcome {
    let root = parse_toml(&tree::read("Cargo.toml")?)?;
    let level = root
        .pointer("/workspace/lints/rust/unsafe_code")
        .and_then(Value::as_str);
    assert_eq!(level, Some("forbid"), "nothing here needs unsafe code");
    Ok(())
}

#[test]
fn a_wrong_dependency_is_found() -> Outcome {
    for (member, said) in [
        ("app/protocol", "rand.workspace = true"),
        (
            "app/protocol",
            "tokio = { workspace = true, optional = true }",
        ),
        (
            "app/protocol",
            "serde = { package = \"chrono\", workspace = true }",
        ),
        ("app", "reqwest = { workspace = true, optional = true }"),
        ("app", "sqlx.workspace = true"),
        ("app", "wrengate-backend.workspace = true"),
        ("app", "axum.workspace = true"),
        ("frontend", "wrengate-protocol.workspace = true"),
        ("frontend", "tokio.workspace = true"),
        ("server", "reqwest.workspace = true"),
        ("server", "redis.workspace = true"),
        ("server/backend", "leptos.workspace = true"),
        ("server/backend", "axum.workspace = true"),
        ("server/backend", "serde = \"1\""),
        ("server/backend", "serde = { version = \"1\" }"),
    ] {
        for table in ["", "build-", "target.'cfg(unix)'."] {
            let manifest = parse_toml(&format!("[{table}dependencies]\n{said}"))?;
            let complaints = depends_wrongly(member, &manifest);
            assert_eq!(complaints.len(), 1, "{member} {table}: {said}");
        }
    }
    Ok(())
}

#[test]
fn a_right_dependency_is_not_complained_about() -> Outcome {
    for (member, table, said) in [
        ("app/protocol", "", "url.workspace = true"),
        ("app/protocol", "dev-", "proptest.workspace = true"),
        (
            "app",
            "",
            "wrengate-backend = { workspace = true, optional = true }",
        ),
        ("server", "dev-", "reqwest.workspace = true"),
        ("server/backend", "", "reqwest.workspace = true"),
    ] {
        let manifest = parse_toml(&format!("[{table}dependencies]\n{said}"))?;
        assert_eq!(
            depends_wrongly(member, &manifest),
            [""; 0],
            "{member}: {said}"
        );
    }
    Ok(())
}

#[test]
fn a_crate_without_lints_is_found() -> Outcome {
    for said in [
        "",
        "[lints]\nworkspace = false",
        "[lints.rust]\nunsafe_code = \"allow\"",
    ] {
        assert_eq!(lacks_lints("app", &parse_toml(said)?).len(), 1, "{said}");
    }
    assert_eq!(
        lacks_lints("app", &parse_toml("[lints]\nworkspace = true")?),
        [""; 0]
    );
    Ok(())
}
