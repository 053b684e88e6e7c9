//! How we say who we are: every method, what it needs, and what contradicts it.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wrengate_backend::config::{AssertionAudience, ClientAuth, PushedRequests};

use super::{BY_HAND, LOCAL, Pairs, file, load, said, said_of};
use crate::credentials::{Authority, client_keys, unfit_keys};

const AUTH: &str = "WRENGATE_CLIENT_AUTH";
const SECRET: (&str, &str) = ("WRENGATE_CLIENT_SECRET", "canary-canary");
const KEY_FILE: &str = "WRENGATE_CLIENT_KEY_FILE";

/// The local provider with these settings.
fn with(pairs: Pairs<'_>) -> Vec<(&str, &str)> {
    [&[LOCAL], pairs].concat()
}

fn method(pairs: Pairs<'_>) -> Result<&'static str, String> {
    load(&with(pairs), None).map(|config| config.provider.client_auth.method())
}

#[test]
fn the_method_follows_from_what_is_given_unless_one_is_asked_for() {
    let pem = client_keys().unwrap().pop().unwrap().pem;
    let (_folder, path) = file(&pem).unwrap();
    let key = (KEY_FILE, path.to_str().unwrap());
    assert_eq!(method(&[]), Ok("none"));
    assert_eq!(method(&[SECRET]), Ok("client_secret_basic"));
    assert_eq!(method(&[key]), Ok("private_key_jwt"));
    for (asked, given) in [
        ("none", None),
        ("client_secret_basic", Some(SECRET)),
        ("client_secret_post", Some(SECRET)),
        ("private_key_jwt", Some(key)),
    ] {
        let mut pairs = vec![(AUTH, asked)];
        pairs.extend(given);
        assert_eq!(method(&pairs), Ok(asked));
    }
}

#[test]
fn what_a_method_needs_is_required_and_the_rest_contradicts_it() {
    let pem = client_keys().unwrap().pop().unwrap().pem;
    let (_folder, path) = file(&pem).unwrap();
    let key = (KEY_FILE, path.to_str().unwrap());
    let secret_file = ("WRENGATE_CLIENT_SECRET_FILE", path.to_str().unwrap());
    let cases: &[Pairs<'_>] = &[
        &[SECRET, key],
        &[(AUTH, "none"), SECRET],
        &[(AUTH, "none"), secret_file],
        &[(AUTH, "none"), key],
        &[(AUTH, "none"), SECRET, key],
        &[(AUTH, "client_secret_basic")],
        &[(AUTH, "client_secret_basic"), key],
        &[(AUTH, "client_secret_post")],
        &[(AUTH, "client_secret_post"), SECRET, key],
        &[(AUTH, "private_key_jwt")],
        &[(AUTH, "private_key_jwt"), SECRET],
        &[(AUTH, "private_key_jwt"), SECRET, key],
        &[
            (AUTH, "client_secret_basic"),
            ("WRENGATE_CLIENT_SECRET", " "),
        ],
        &[(AUTH, "private_key_jwt"), (KEY_FILE, " ")],
        &[("WRENGATE_CLIENT_KEY_ID", "key-1")],
        &[(AUTH, "client_secret_jwt"), SECRET, key],
        &[("WRENGATE_CLIENT_ASSERTION_AUDIENCE", "everybody"), key],
        &[("WRENGATE_CLIENT_KEY_ID", "key\u{7}"), key],
    ];
    let all: Vec<_> = cases.iter().map(|pairs| said(&with(pairs))).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    WRENGATE_CLIENT_KEY_FILE: contradicts WRENGATE_CLIENT_SECRET; give one of the two
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_AUTH=none; leave one of the two out
    WRENGATE_CLIENT_SECRET_FILE: contradicts WRENGATE_CLIENT_AUTH=none; leave one of the two out
    WRENGATE_CLIENT_KEY_FILE: contradicts WRENGATE_CLIENT_AUTH=none; leave one of the two out
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_AUTH=none; leave one of the two out
    WRENGATE_CLIENT_KEY_FILE: contradicts WRENGATE_CLIENT_AUTH=none; leave one of the two out
    WRENGATE_CLIENT_SECRET: is missing; WRENGATE_CLIENT_AUTH=client_secret_basic needs it, or WRENGATE_CLIENT_SECRET_FILE
    WRENGATE_CLIENT_KEY_FILE: contradicts WRENGATE_CLIENT_AUTH=client_secret_basic; leave one of the two out
    WRENGATE_CLIENT_SECRET: is missing; WRENGATE_CLIENT_AUTH=client_secret_basic needs it, or WRENGATE_CLIENT_SECRET_FILE
    WRENGATE_CLIENT_SECRET: is missing; WRENGATE_CLIENT_AUTH=client_secret_post needs it, or WRENGATE_CLIENT_SECRET_FILE
    WRENGATE_CLIENT_KEY_FILE: contradicts WRENGATE_CLIENT_AUTH=client_secret_post; leave one of the two out
    WRENGATE_CLIENT_KEY_FILE: is missing; WRENGATE_CLIENT_AUTH=private_key_jwt needs it
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_AUTH=private_key_jwt; leave one of the two out
    WRENGATE_CLIENT_KEY_FILE: is missing; WRENGATE_CLIENT_AUTH=private_key_jwt needs it
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_AUTH=private_key_jwt; leave one of the two out
    WRENGATE_CLIENT_SECRET: is empty; leave it out for a public client
    WRENGATE_CLIENT_KEY_FILE: is empty; leave it out, or name a PEM file
    WRENGATE_CLIENT_KEY_ID: goes with WRENGATE_CLIENT_KEY_FILE; give both, or neither
    WRENGATE_CLIENT_AUTH: "client_secret_jwt" is not one of the methods; allowed are none, client_secret_basic, client_secret_post, private_key_jwt
    WRENGATE_CLIENT_ASSERTION_AUDIENCE: "everybody" is not one of the choices; allowed are issuer and token_endpoint
    WRENGATE_CLIENT_KEY_ID: "key\u{7}" is not a key id; allowed is printable ASCII, at most 255 characters
    "#);
    assert!(!all.concat().contains("canary"));
}

#[test]
fn a_file_that_is_no_key_is_refused_at_start() {
    for (row, text) in unfit_keys().unwrap() {
        let (_folder, path) = file(&text).unwrap();
        let said = said(&with(&[(KEY_FILE, path.to_str().unwrap())]));
        let expected = if row == "another curve" {
            "holds a key that cannot sign"
        } else {
            "holds no private key that can be read"
        };
        assert!(said.contains(expected), "{row}: {said}");
        let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).collect();
        assert!(
            !lines.iter().any(|line| said.contains(line)),
            "{row} is quoted: {said}"
        );
    }
    insta::assert_snapshot!(said_of(&[(KEY_FILE, "/nowhere.pem"), (KEY_FILE, "/")]), @r#"
    WRENGATE_CLIENT_KEY_FILE: "/nowhere.pem" cannot be read: entity not found; name a PEM file with a private key: PKCS#8 with RSA of at least 2048 bits, P-256 or Ed25519, or PKCS#1
    WRENGATE_CLIENT_KEY_FILE: "/" cannot be read: is a directory; name a PEM file with a private key: PKCS#8 with RSA of at least 2048 bits, P-256 or Ed25519, or PKCS#1
    "#);
}

#[test]
fn a_key_in_place_of_its_file_is_not_told() {
    let pem = client_keys().unwrap().pop().unwrap().pem;
    let base64 = STANDARD.encode(&pem);
    let inside = pem.lines().nth(1).unwrap();
    for name in [KEY_FILE, "WRENGATE_CLIENT_SECRET_FILE", "WRENGATE_CA_FILE"] {
        for value in [pem.trim(), base64.as_str()] {
            let said = said(&[LOCAL, (name, value)]);
            assert!(said.contains("not shown: it holds a key"), "{name}: {said}");
            assert!(
                !said.contains(inside) && !said.contains(&base64[..40]),
                "{name}: {said}"
            );
        }
    }
}

#[test]
fn every_kind_of_key_is_taken_and_none_is_told() {
    for pair in client_keys().unwrap() {
        let (_folder, path) = file(&pair.pem).unwrap();
        let config = load(
            &with(&[
                (KEY_FILE, path.to_str().unwrap()),
                ("WRENGATE_CLIENT_KEY_ID", "key-1"),
                ("WRENGATE_CLIENT_ASSERTION_AUDIENCE", "token_endpoint"),
            ]),
            None,
        )
        .unwrap();
        let ClientAuth::PrivateKeyJwt(key) = &config.provider.client_auth else {
            panic!("{}: no key", pair.row)
        };
        assert_eq!(key.audience(), AssertionAudience::TokenEndpoint);
        // The key as bytes would be a list of numbers.
        let told = format!("{key:?}");
        let (redacted, rest) = (told.contains("[redacted]"), told.len());
        assert!(redacted && rest < 250, "{}: {told}", pair.row);
    }
}

#[test]
fn pushing_always_needs_metadata_that_say_where() {
    let chosen = |value| load(&[LOCAL, ("WRENGATE_PAR", value)], None).unwrap();
    for (value, expected) in [
        ("auto", PushedRequests::Auto),
        ("always", PushedRequests::Always),
        ("never", PushedRequests::Never),
    ] {
        assert_eq!(chosen(value).provider.pushed_requests, expected);
    }
    let by_hand = [&BY_HAND[..], &[("WRENGATE_PAR", "always")]].concat();
    let addr = ("WRENGATE_PAR", "sometimes");
    insta::assert_snapshot!([said(&by_hand), said_of(&[addr])].join("\n"), @r#"
    WRENGATE_PAR: always contradicts endpoints that are not found by discovery; leave it out, or let WRENGATE_ISSUER alone find the endpoints
    WRENGATE_PAR: "sometimes" is not one of the choices; allowed are auto, always and never
    "#);
}

#[test]
fn authorities_are_read_from_the_file_or_the_start_fails() {
    let (one, two) = (Authority::new().unwrap(), Authority::new().unwrap());
    let (folder, path) = file(&format!("# ours\n{}\n{}", one.pem(), two.pem())).unwrap();
    let ca_file = ("WRENGATE_CA_FILE", path.to_str().unwrap());
    let config = load(&[LOCAL, ca_file], None).unwrap();
    assert_eq!(config.provider.extra_roots, [one.der(), two.der()]);

    let key = client_keys().unwrap().pop().unwrap().pem;
    let said_of_file = |text: &str| {
        fs::write(&path, text).unwrap();
        let said = said(&[LOCAL, ca_file]);
        said.replace(folder.path().to_str().unwrap(), "")
    };
    let no_certificate = one.pem().replace("MII", "AAA");
    let cut: String = one.pem().lines().take(4).collect();
    let all = [
        "",
        "words",
        &key,
        &no_certificate,
        &cut,
        &two.pem().replace('\n', "!\n"),
    ]
    .map(said_of_file);
    insta::assert_snapshot!(all.join("\n"), @r#"
    WRENGATE_CA_FILE: "/w.toml" holds no certificate; name a PEM file with certificates of authorities
    WRENGATE_CA_FILE: "/w.toml" holds no certificate; name a PEM file with certificates of authorities
    WRENGATE_CA_FILE: "/w.toml" holds no certificate; name a PEM file with certificates of authorities
    WRENGATE_CA_FILE: "/w.toml" holds a certificate that cannot be used; name a PEM file with certificates of authorities
    WRENGATE_CA_FILE: "/w.toml" is not PEM; name a PEM file with certificates of authorities
    WRENGATE_CA_FILE: "/w.toml" is not PEM; name a PEM file with certificates of authorities
    "#);
    insta::assert_snapshot!(said_of(&[("WRENGATE_CA_FILE", "/nowhere.pem")]), @r#"
    WRENGATE_CA_FILE: "/nowhere.pem" cannot be read: entity not found; name a PEM file with certificates of authorities
    "#);
}
