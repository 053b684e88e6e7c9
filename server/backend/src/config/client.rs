//! Who we are at the provider, and how the server proves it.

use std::{fs, io::Read as _};

use wrengate_protocol::Secret;

use super::{
    error::quoted,
    given::Given,
    preset::{LOCAL_CLIENT_ID, Preset},
};

/// How the server proves at the token endpoint which client it is.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// Not at all, a public client: PKCE alone ties the code to the attempt.
    None,
    /// `client_secret_basic` (RFC 6749, section 2.3.1).
    Basic(Secret<String>),
}

/// The shortest client secret, in characters. Providers give out 20 and more; what is shorter than
/// this is a placeholder.
const SHORTEST_SECRET: usize = 8;

/// The longest client id, in characters; the identifiers of known providers are below 100.
const LONGEST_CLIENT_ID: usize = 255;

/// The most that is read of the secret's file, in bytes.
const LONGEST_SECRET_FILE: u64 = 64 * 1024;

const SECRET: &str = "WRENGATE_CLIENT_SECRET";
const SECRET_FILE: &str = "WRENGATE_CLIENT_SECRET_FILE";

/// Reads the client id; `None` when it is, noted, missing or wrong.
pub(super) fn read_client_id(given: &mut Given, preset: Option<Preset>) -> Option<String> {
    let name = "WRENGATE_CLIENT_ID";
    if preset == Some(Preset::Local) && !given.has(name) {
        return Some(LOCAL_CLIENT_ID.to_owned());
    }
    given.require(name, "every provider but local gives one out");
    given.parsed(
        name,
        "allowed is printable ASCII, at most 255 characters",
        |text| {
            let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            if printable && text.len() <= LONGEST_CLIENT_ID {
                Ok(text.to_owned())
            } else {
                Err("is not a client id")
            }
        },
    )
}

/// Reads the client secret from the one place or the other.
pub(super) fn read_client_auth(given: &mut Given) -> ClientAuth {
    let secret = given.secret(SECRET, "leave it out for a public client");
    if given.has(SECRET) && given.has(SECRET_FILE) {
        given.refuse(
            SECRET,
            format!("contradicts {SECRET_FILE}"),
            "give one of the two",
        );
        return ClientAuth::None;
    }
    let (name, secret) = match secret {
        Some(secret) => (SECRET, Some(secret)),
        None => (
            SECRET_FILE,
            read_secret_file(given, SECRET_FILE, "leave it out for a public client"),
        ),
    };
    match secret {
        Some(secret) if secret.expose().chars().count() < SHORTEST_SECRET => {
            given.refuse(name, "is too short", "at least 8 characters are needed");
            ClientAuth::None
        }
        Some(secret) => ClientAuth::Basic(secret),
        None => ClientAuth::None,
    }
}

/// Reads a file that holds a secret alone; `None` when it is not set or, noted, wrong.
pub(super) fn read_secret_file(
    given: &mut Given,
    setting: &'static str,
    when_empty: &str,
) -> Option<Secret<String>> {
    let path = given.secret(setting, when_empty)?;
    let path = path.expose().trim();
    let mut content = String::new();
    let read = fs::File::open(path)
        .and_then(|file| file.take(LONGEST_SECRET_FILE).read_to_string(&mut content));
    let content = Secret::new(content);
    if let Err(error) = read {
        let problem = format!("{} cannot be read: {}", quoted(path), error.kind());
        given.refuse(setting, problem, "name a file with the secret alone");
        return None;
    }
    let line = content.expose();
    if line.trim().is_empty() {
        given.refuse(
            setting,
            "names an empty file",
            "name a file with the secret alone",
        );
        return None;
    }
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Some(Secret::new(line.to_owned()))
}
