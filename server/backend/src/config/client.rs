//! Who we are at the provider, and how the server proves it.

use std::{fs, io::Read as _};

use wrengate_protocol::Secret;

use super::{
    client_key::{AssertionAudience, ClientKey},
    error::quoted,
    given::Given,
    preset::{LOCAL_CLIENT_ID, Preset},
};

/// `WRENGATE_CLIENT_AUTH`: how the server proves at the token endpoint which client it is, and at the
/// endpoint for pushed requests.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// Not at all, a public client: PKCE alone ties the code to the attempt.
    None,
    /// `client_secret_basic` (RFC 6749, section 2.3.1).
    Basic(Secret<String>),
    /// `client_secret_post` (RFC 6749, section 2.3.1), for providers that take nothing better.
    Post(Secret<String>),
    /// `private_key_jwt` (RFC 7523, section 2.2; OpenID Connect Core, section 9).
    PrivateKeyJwt(ClientKey),
}

impl ClientAuth {
    /// The name that metadata and standards use (RFC 7591, section 2).
    #[must_use]
    pub const fn method(&self) -> &'static str {
        match self {
            Self::None => Method::None.name(),
            Self::Basic(_) => Method::Basic.name(),
            Self::Post(_) => Method::Post.name(),
            Self::PrivateKeyJwt(_) => Method::PrivateKeyJwt.name(),
        }
    }
}

/// A method without what it is carried out with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    None,
    Basic,
    Post,
    PrivateKeyJwt,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

/// The methods, in the order of the documents.
const METHODS: [Method; 4] = [
    Method::None,
    Method::Basic,
    Method::Post,
    Method::PrivateKeyJwt,
];

/// Something is wrong, and it was noted.
struct Noted;

/// The shortest client secret, in characters. Providers give out 20 and more; what is shorter than
/// this is a placeholder.
const SHORTEST_SECRET: usize = 8;

/// The longest client id or key id, in characters; those of known providers are below 100.
const LONGEST_ID: usize = 255;

/// The most that is read of a file, in bytes. A private key has 4 KiB, the certificates of a whole
/// operating system 220 KiB.
const LONGEST_FILE: u64 = 1024 * 1024;

const AUTH: &str = "WRENGATE_CLIENT_AUTH";
const SECRET: &str = "WRENGATE_CLIENT_SECRET";
const SECRET_FILE: &str = "WRENGATE_CLIENT_SECRET_FILE";
const KEY_FILE: &str = "WRENGATE_CLIENT_KEY_FILE";
const KEY_ID: &str = "WRENGATE_CLIENT_KEY_ID";
const AUDIENCE: &str = "WRENGATE_CLIENT_ASSERTION_AUDIENCE";

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
            if is_printable(text) {
                Ok(text.to_owned())
            } else {
                Err("is not a client id")
            }
        },
    )
}

/// Reads what proves who we are: the method that was asked for, else the one that fits what is given.
///
/// Whatever a method needs has to be there, and nothing else: a secret that is given and not used is
/// a deployment that believes something else than is so.
pub(super) fn read_client_auth(given: &mut Given) -> ClientAuth {
    let allowed = format!("allowed are {}", METHODS.map(Method::name).join(", "));
    let method = given.parsed(AUTH, &allowed, parse_method);
    let (secret, key) = (read_secret(given), read_key(given));
    // What is wrong with them is noted, and what contradicts them can wait.
    let (Ok(secret), Ok(key)) = (secret, key) else {
        return ClientAuth::None;
    };
    if given.has(AUTH) && method.is_none() {
        return ClientAuth::None;
    }
    match (method, secret, key) {
        (None, Some((name, _)), Some(_)) => {
            given.refuse(
                KEY_FILE,
                format!("contradicts {name}"),
                "give one of the two",
            );
            ClientAuth::None
        }
        (None | Some(Method::None), None, None) => ClientAuth::None,
        (None | Some(Method::Basic), Some((_, secret)), None) => ClientAuth::Basic(secret),
        (Some(Method::Post), Some((_, secret)), None) => ClientAuth::Post(secret),
        (None | Some(Method::PrivateKeyJwt), None, Some(key)) => ClientAuth::PrivateKeyJwt(key),
        (Some(method), secret, key) => {
            refuse_what_does_not_fit(given, method, secret.map(|(name, _)| name), key.is_some());
            ClientAuth::None
        }
    }
}

fn refuse_what_does_not_fit(
    given: &mut Given,
    method: Method,
    secret: Option<&'static str>,
    has_key: bool,
) {
    let named = format!("{AUTH}={}", method.name());
    let takes_secret = matches!(method, Method::Basic | Method::Post);
    let unused_secret = secret.filter(|_| !takes_secret);
    let unused_key = (has_key && method != Method::PrivateKeyJwt).then_some(KEY_FILE);
    for name in unused_secret.into_iter().chain(unused_key) {
        given.refuse(
            name,
            format!("contradicts {named}"),
            "leave one of the two out",
        );
    }
    if takes_secret && secret.is_none() {
        given.require(SECRET, format!("{named} needs it, or {SECRET_FILE}"));
    }
    if method == Method::PrivateKeyJwt && !has_key {
        given.require(KEY_FILE, format!("{named} needs it"));
    }
}

fn parse_method(text: &str) -> Result<Method, &'static str> {
    let found = METHODS.into_iter().find(|method| method.name() == text);
    found.ok_or("is not one of the methods")
}

/// The client secret from the one place or the other, with the name of the place.
fn read_secret(given: &mut Given) -> Result<Option<(&'static str, Secret<String>)>, Noted> {
    let is_set = given.is_set(SECRET) || given.is_set(SECRET_FILE);
    let secret = given.secret(SECRET, "leave it out for a public client");
    if given.has(SECRET) && given.has(SECRET_FILE) {
        given.refuse(
            SECRET,
            format!("contradicts {SECRET_FILE}"),
            "give one of the two",
        );
        return Err(Noted);
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
            Err(Noted)
        }
        Some(secret) => Ok(Some((name, secret))),
        None if is_set => Err(Noted),
        None => Ok(None),
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
    let allowed = "name a file with the secret alone";
    let content = read_file(given, setting, path, allowed)?;
    let line = content.expose();
    if line.trim().is_empty() {
        given.refuse(setting, "names an empty file", allowed);
        return None;
    }
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Some(Secret::new(line.to_owned()))
}

/// The private key, with the settings that are about it.
fn read_key(given: &mut Given) -> Result<Option<ClientKey>, Noted> {
    let id = given.parsed(
        KEY_ID,
        "allowed is printable ASCII, at most 255 characters",
        |text| {
            if is_printable(text) {
                Ok(text.to_owned())
            } else {
                Err("is not a key id")
            }
        },
    );
    let audience = given
        .parsed(
            AUDIENCE,
            "allowed are issuer and token_endpoint",
            |text| match text {
                "issuer" => Ok(AssertionAudience::Issuer),
                "token_endpoint" => Ok(AssertionAudience::TokenEndpoint),
                _ => Err("is not one of the choices"),
            },
        )
        .unwrap_or_default();
    if !given.is_set(KEY_FILE) {
        if given.has(KEY_ID) {
            given.refuse(
                KEY_ID,
                format!("goes with {KEY_FILE}"),
                "give both, or neither",
            );
        }
        return Ok(None);
    }
    let allowed = "name a PEM file with a private key: PKCS#8 with RSA of at least 2048 bits, P-256 or Ed25519, or PKCS#1";
    let path = given.secret(KEY_FILE, "leave it out, or name a PEM file");
    let path = path.ok_or(Noted)?;
    let path = path.expose().trim();
    let pem = read_file(given, KEY_FILE, path, allowed).ok_or(Noted)?;
    let key = ClientKey::from_pem(&pem, id, audience).map_err(|error| {
        given.refuse(KEY_FILE, format!("{} {error}", quoted(path)), allowed);
        Noted
    })?;
    Ok(Some(key))
}

/// Reads a file whole, up to a length that no such file has; `None` is noted.
pub(super) fn read_file(
    given: &mut Given,
    name: &'static str,
    path: &str,
    allowed: &str,
) -> Option<Secret<String>> {
    let mut content = String::new();
    let read =
        fs::File::open(path).and_then(|file| file.take(LONGEST_FILE).read_to_string(&mut content));
    let content = Secret::new(content);
    match read {
        Ok(_) => Some(content),
        Err(error) => {
            let problem = format!("{} cannot be read: {}", quoted(path), error.kind());
            given.refuse(name, problem, allowed);
            None
        }
    }
}

fn is_printable(text: &str) -> bool {
    text.len() <= LONGEST_ID && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
