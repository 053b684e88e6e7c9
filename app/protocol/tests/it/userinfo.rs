//! Userinfo answers: who it is, what of it is shown, and what is left out.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    json::JsonError,
    profile::AvatarHosts,
    userinfo::{Userinfo, UserinfoError},
};

fn read(body: &str) -> Result<Userinfo, UserinfoError> {
    Userinfo::parse(
        body.as_bytes(),
        &AvatarHosts::new(vec!["img.example".to_owned()]),
    )
}

/// Reads an answer with a subject and one more member.
fn with(member: &str, value: Value) -> Result<Userinfo, UserinfoError> {
    let mut answer = json!({"sub": "user_1"});
    if let Some(object) = answer.as_object_mut() {
        object.insert(member.to_owned(), value);
    }
    read(&answer.to_string())
}

#[test]
fn an_answer_with_everything_is_read() {
    let userinfo = read(
        r#"{
            "object": "oauth_user_info", "instance_id": "ins_1",
            "user_id": "user_1", "sub": "user_2",
            "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace",
            "username": "ada_old", "preferred_username": "ada",
            "email": "ada@example.org", "email_verified": true,
            "picture": "https://img.example/ada.png"
        }"#,
    )
    .unwrap();
    assert_eq!(userinfo.subject, "user_2");
    let profile = userinfo.profile;
    assert_eq!(profile.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(profile.given_name.as_deref(), Some("Ada"));
    assert_eq!(profile.family_name.as_deref(), Some("Lovelace"));
    assert_eq!(profile.username.as_deref(), Some("ada"));
    assert_eq!(profile.email.as_deref(), Some("ada@example.org"));
    assert!(profile.email_verified);
    assert_eq!(
        profile.picture.as_deref(),
        Some("https://img.example/ada.png")
    );
}

#[test]
fn without_sub_the_subject_is_user_id() {
    assert_eq!(read(r#"{"user_id": "user_1"}"#).unwrap().subject, "user_1");
    assert_eq!(
        read(r#"{"user_id": "user_1", "sub": "user_2"}"#)
            .unwrap()
            .subject,
        "user_2"
    );
}

#[test]
fn an_answer_without_a_usable_subject_names_nobody() {
    for body in [
        json!({}),
        json!({"id": "user_1", "email": "ada@example.org"}),
        json!({"sub": ""}),
        json!({"sub": null}),
        json!({"sub": 1}),
        json!({"sub": true}),
        json!({"sub": ["user_1"]}),
        json!({"sub": "a".repeat(256)}),
        json!({"sub": "é"}),
        json!({"sub": "a\nb"}),
        json!({"sub": "a\u{0}b"}),
        json!({"sub": "a\u{202e}b"}),
        json!({"user_id": ""}),
        json!({"user_id": 1}),
        json!({"user_id": null}),
        // A `sub` that is there is never replaced by another member.
        json!({"sub": "", "user_id": "user_1"}),
        json!({"sub": null, "user_id": "user_1"}),
        json!({"sub": 1, "user_id": "user_1"}),
    ] {
        assert_eq!(
            read(&body.to_string()).unwrap_err(),
            UserinfoError::Subject,
            "{body}"
        );
    }
}

#[test]
fn a_subject_is_kept_to_the_last_character() {
    for subject in [
        "a",
        "auth0|5f7c",
        "A.b-c_d~e",
        "with space",
        " x ",
        &"a".repeat(255),
    ] {
        let body = json!({ "sub": subject }).to_string();
        assert_eq!(read(&body).unwrap().subject, subject);
    }
}

#[test]
fn what_is_not_one_object_is_refused() {
    for body in [
        "",
        " ",
        "null",
        "[]",
        "\"user_1\"",
        "<!doctype html><title>x</title>",
        r#"{"sub": "user_1""#,
        r#"{"sub": "user_1",}"#,
        r#"{"sub": "user_1", "sub": "user_2"}"#,
        r#"{"sub": "user_1", "s\u0075b": "user_1"}"#,
        r#"{"sub": "user_1", "name": "\ud83d"}"#,
        r#"{"sub": "user_1", "name": "\udc00x"}"#,
        // A signed answer, and one that pretends to be.
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2ln",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyXzEifQ.",
    ] {
        assert_eq!(
            read(body).unwrap_err(),
            UserinfoError::Json(JsonError),
            "{body}"
        );
    }
}

#[test]
fn an_address_is_verified_by_the_value_true_alone() {
    assert!(
        with("email_verified", json!(true))
            .unwrap()
            .profile
            .email_verified
    );
    for value in [
        json!(false),
        json!("true"),
        json!(1),
        json!(null),
        json!([true]),
    ] {
        let userinfo = with("email_verified", value.clone()).unwrap();
        assert!(!userinfo.profile.email_verified, "{value}");
    }
}

#[test]
fn every_shown_text_is_plain_and_short() {
    let hostile = format!(
        "\u{202e}<b>\"{{{{x}}}}\"\u{200b}\0👋{}",
        "é".repeat(100_000)
    );
    for member in [
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "username",
        "email",
    ] {
        let profile = with(member, json!(hostile)).unwrap().profile;
        let shown = [
            profile.name,
            profile.given_name,
            profile.family_name,
            profile.username,
            profile.email,
        ];
        let shown: Vec<String> = shown.into_iter().flatten().collect();
        assert_eq!(shown.len(), 1, "{member}");
        assert_eq!(shown[0].chars().count(), 200, "{member}");
        assert!(shown[0].starts_with("<b>\"{{x}}\"👋é"), "{member}");
    }
}

#[test]
fn a_text_that_is_none_is_absent() {
    for value in [
        json!(""),
        json!(" "),
        json!("\u{202e}"),
        json!(null),
        json!(1),
        json!(["Ada"]),
    ] {
        for member in [
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "email",
        ] {
            let userinfo = with(member, value.clone()).unwrap();
            assert!(userinfo.profile.is_empty(), "{member} {value}");
        }
    }
}

#[test]
fn an_unusable_user_name_gives_way_to_the_other_one() {
    let both = r#"{"sub": "user_1", "preferred_username": " ", "username": "ada"}"#;
    assert_eq!(read(both).unwrap().profile.username.as_deref(), Some("ada"));
}

#[test]
fn a_picture_that_may_not_be_shown_is_absent() {
    for picture in [
        json!("javascript:alert(1)"),
        json!("data:image/svg+xml,<svg onload=alert(1)>"),
        json!("http://img.example/a.png"),
        json!("//img.example/a.png"),
        json!("file:///etc/passwd"),
        json!("blob:https://img.example/1"),
        json!("https://evil.example/a.png"),
        json!(format!("https://img.example/{}", "a".repeat(10_240))),
        json!(null),
        json!({"url": "https://img.example/a.png"}),
    ] {
        assert_eq!(
            with("picture", picture.clone()).unwrap().profile.picture,
            None,
            "{picture}"
        );
    }
}

#[test]
fn only_the_listed_claims_leave_the_answer() {
    let userinfo = read(
        r#"{
            "sub": "user_1", "name": "Ada",
            "private_metadata": {"k": "canary-private"}, "unsafe_metadata": {"k": "canary-unsafe"},
            "public_metadata": {"k": "canary-public"}, "phone_number": "canary-phone",
            "_claim_names": {"address": "src1"},
            "_claim_sources": {"src1": {"endpoint": "https://canary.example/"}},
            "nickname": "canary-nick", "org_id": "canary-org"
        }"#,
    )
    .unwrap();
    let profile = serde_json::to_string(&userinfo.profile).unwrap();
    assert_eq!(profile, r#"{"name":"Ada","email_verified":false}"#);
}
