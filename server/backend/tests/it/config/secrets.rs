//! The client secret and the keys: used, and never told.

use std::fs;

use wrengate_backend::config::{ClientAuth, StoreLocation};

use super::{LOCAL, file, load, said, said_of};

#[test]
fn a_secret_is_in_no_message_and_no_debug_output() {
    const CANARY: &str = "canary-7f3a9c-canary-7f3a9c-canary-7f3a9c-canary";
    let secret = ("WRENGATE_CLIENT_SECRET", CANARY);
    let keys = ("WRENGATE_KEYS", CANARY);
    let accepted = load(&[LOCAL, secret, keys], None).unwrap();
    let ClientAuth::Basic(used) = &accepted.provider.client_auth else {
        panic!("no secret")
    };
    assert_eq!(used.expose(), CANARY);
    assert!(!format!("{accepted:?} {accepted:#?}").contains("canary"));

    let file = ("WRENGATE_CLIENT_SECRET_FILE", "/nowhere");
    let short = ("WRENGATE_CLIENT_SECRET", "canary");
    let few = (
        "WRENGATE_KEYS",
        "Y2FuYXJ5, canary!,,Y2FuYXJ5LTdmM2E5Yy1jYW5hcnktN2YzYTljLWNhbmFyeQ==",
    );
    let refused = [said(&[LOCAL, secret, file]), said_of(&[short, file, few])].join("\n");
    insta::assert_snapshot!(refused, @r#"
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_SECRET_FILE; give one of the two
    WRENGATE_CLIENT_SECRET: is too short; at least 8 characters are needed
    WRENGATE_CLIENT_SECRET_FILE: "/nowhere" cannot be read: entity not found; name a file with the secret alone
    WRENGATE_KEYS: key 1 is too short; allowed are base64 keys of at least 32 bytes, separated by commas
    WRENGATE_KEYS: key 2 is not base64; allowed are base64 keys of at least 32 bytes, separated by commas
    WRENGATE_KEYS: key 3 is empty; allowed are base64 keys of at least 32 bytes, separated by commas
    "#);
    assert!(!refused.contains("canary") && !refused.contains("Y2Fu"));
}

#[test]
fn a_secret_file_loses_its_final_line_end_only() {
    let (folder, path) = file(" two words \r\n").unwrap();
    let file = ("WRENGATE_CLIENT_SECRET_FILE", path.to_str().unwrap());
    let config = load(&[LOCAL, file], None).unwrap();
    let ClientAuth::Basic(secret) = config.provider.client_auth else {
        panic!("no secret")
    };
    assert_eq!(secret.expose(), " two words ");
    fs::write(&path, "\n").unwrap();
    let said = said(&[LOCAL, file]);
    assert_eq!(
        said,
        "WRENGATE_CLIENT_SECRET_FILE: names an empty file; name a file with the secret alone"
    );
    drop(folder);
}

#[test]
fn the_address_of_a_store_may_stand_in_a_file_and_is_told_nowhere() {
    const KEYS: (&str, &str) = (
        "WRENGATE_KEYS",
        "d3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGU=",
    );
    let address = "postgresql://wren:hunter2@db/wrengate?sslmode=verify-full";
    let (_folder, path) = file(&format!("{address}\n")).unwrap();
    let named = ("WRENGATE_STORE_FILE", path.to_str().unwrap());
    let config = load(&[LOCAL, KEYS, named], None).unwrap();
    let StoreLocation::Postgres(used) = &config.store.location else {
        panic!("not PostgreSQL")
    };
    assert_eq!(used.expose(), address);
    assert!(!format!("{config:?} {config:#?}").contains("hunter2"));

    let both = said(&[LOCAL, KEYS, named, ("WRENGATE_STORE", "redis://cache")]);
    fs::write(&path, "hunter2").unwrap();
    let wrong = said(&[LOCAL, KEYS, named]);
    fs::write(&path, "\n").unwrap();
    let empty = said(&[LOCAL, KEYS, named]);
    let blank = said(&[LOCAL, ("WRENGATE_STORE_FILE", " ")]);
    insta::assert_snapshot!([both, wrong, empty, blank].join("\n"), @r"
    WRENGATE_STORE: contradicts WRENGATE_STORE_FILE; give one of the two
    WRENGATE_STORE_FILE: the value (not shown: it may hold a password) is not a store; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE_FILE: names an empty file; name a file with the secret alone
    WRENGATE_STORE_FILE: is empty; leave it out, or name a file with the address alone
    ");
}
