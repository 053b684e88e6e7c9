//! The client secret and the keys: used, and never told.

use std::fs;

use wrengate_backend::config::ClientAuth;

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
