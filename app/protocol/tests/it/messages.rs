//! What crosses the wire between page and server: known fields, once each, in their form.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    Failure,
    authorize::Prompt,
    messages::{
        BeginSignIn, CheckedAnswer, CompleteSignIn, Completion, CompletionRefused, NotOurMessage,
        Problem,
    },
};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const STATE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A begin message with one field set.
fn begin(field: &str, value: Value) -> Value {
    set(
        json!({"code_challenge": CHALLENGE, "state": STATE}),
        field,
        value,
    )
}

/// A completion with one field set.
fn complete(field: &str, value: Value) -> Value {
    set(
        json!({"state": STATE, "code": "abc", "code_verifier": VERIFIER}),
        field,
        value,
    )
}

fn set(mut message: Value, field: &str, value: Value) -> Value {
    if let Some(object) = message.as_object_mut() {
        object.insert(field.to_owned(), value);
    }
    message
}

/// What checking a completion comes to: "code", "refused", a failure's code or a field's name.
fn checked(message: Value) -> String {
    let Ok(message) = serde_json::from_value::<CompleteSignIn>(message) else {
        return "unreadable".to_owned();
    };
    match message.check().map(|checked| checked.answer) {
        Ok(CheckedAnswer::Code { .. }) => "code".to_owned(),
        Ok(CheckedAnswer::Refused { .. }) => "refused".to_owned(),
        Err(CompletionRefused::Failure(failure)) => failure.code().to_owned(),
        Err(CompletionRefused::NotOurMessage(NotOurMessage(field))) => field.to_owned(),
    }
}

#[test]
fn a_begin_message_is_read() {
    let message = begin("return_to", json!("//h"));
    let message = set(message, "prompt", json!("select_account"));
    let checked = serde_json::from_value::<BeginSignIn>(message)
        .unwrap()
        .check()
        .unwrap();
    assert_eq!(checked.code_challenge.as_str(), CHALLENGE);
    assert_eq!(checked.state.expose(), STATE);
    assert_eq!(checked.prompt, Some(Prompt::SelectAccount));
    assert_eq!(
        checked.return_to.as_deref(),
        Some("//h"),
        "judged by ReturnTo, not here"
    );
}

#[test]
fn a_begin_message_of_wrong_shape_is_not_read() {
    for message in [
        json!({}),
        json!({"state": STATE}),
        json!({"code_challenge": CHALLENGE}),
        begin("state", json!(1)),
        begin("state", json!(null)),
        begin("code_challenge", json!([CHALLENGE])),
        begin("return_to", json!(1)),
        begin("prompt", json!("none")),
        begin("prompt", json!("Login")),
        begin("prompt", json!("")),
        begin("prompt", json!(["login"])),
        begin("code_verifier", json!(VERIFIER)),
        begin("code_challenge_method", json!("plain")),
        begin("redirect_uri", json!("https://evil.example/callback")),
        begin("scope", json!("admin")),
        begin("nonce", json!("x")),
        begin("State", json!(STATE)),
        json!(null),
        json!("x"),
    ] {
        assert!(
            serde_json::from_value::<BeginSignIn>(message.clone()).is_err(),
            "{message}"
        );
    }
}

#[test]
fn a_begin_message_with_a_value_of_wrong_form_names_the_field() {
    for (field, value) in [
        ("code_challenge", "short"),
        ("code_challenge", ""),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
        ),
        ("state", "short"),
        ("state", ""),
        ("state", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"),
    ] {
        let message = serde_json::from_value::<BeginSignIn>(begin(field, json!(value))).unwrap();
        assert_eq!(
            message.check().unwrap_err(),
            NotOurMessage(field),
            "{value:?}"
        );
    }
}

#[test]
fn a_field_twice_is_not_read() {
    let begin = json!({"code_challenge": CHALLENGE, "state": STATE}).to_string();
    assert!(serde_json::from_str::<BeginSignIn>(&begin).is_ok());
    for twice in [
        format!("{{\"state\":\"{STATE}\",{}", &begin[1..]),
        format!("{{\"st\\u0061te\":\"{STATE}\",{}", &begin[1..]),
        format!("{{\"return_to\":null,\"return_to\":\"/a\",{}", &begin[1..]),
    ] {
        assert!(
            serde_json::from_str::<BeginSignIn>(&twice).is_err(),
            "{twice}"
        );
    }

    let complete = complete("iss", json!("https://h.example")).to_string();
    assert!(serde_json::from_str::<CompleteSignIn>(&complete).is_ok());
    for field in ["state", "iss", "code", "code_verifier"] {
        let twice = format!("{{\"{field}\":\"x\",{}", &complete[1..]);
        assert!(
            serde_json::from_str::<CompleteSignIn>(&twice).is_err(),
            "{twice}"
        );
    }
}

#[test]
fn a_completion_of_wrong_shape_is_not_read() {
    for message in [
        json!({}),
        json!({"code": "abc", "code_verifier": VERIFIER}),
        complete("state", json!(null)),
        complete("code", json!(1)),
        complete("code_verifier", json!({})),
        complete("iss", json!(["https://h.example"])),
        complete("error", json!(1)),
        complete("return_to", json!("/account")),
        complete("nonce", json!("x")),
        complete("redirect_uri", json!("https://evil.example/callback")),
        complete("token_endpoint", json!("https://evil.example/token")),
        complete("error_uri", json!("javascript:alert(1)")),
        complete("access_token", json!("x")),
        json!(null),
    ] {
        assert_eq!(checked(message.clone()), "unreadable", "{message}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<CompleteSignIn>(&deep).is_err());
    let deep = format!("{{\"state\":{}", "{\"a\":".repeat(100_000));
    assert!(serde_json::from_str::<CompleteSignIn>(&deep).is_err());
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one table, in the order of the checks"
)]
fn a_completion_is_judged_in_the_order_issuer_state_code_verifier() {
    for (message, expected) in [
        (complete("iss", json!("https://h.example")), "code"),
        (complete("iss", json!("a".repeat(512))), "code"),
        (complete("iss", json!("a".repeat(513))), "iss"),
        (complete("state", json!("")), "state-unmatched"),
        (complete("state", json!("xyz")), "state-unmatched"),
        (complete("state", json!("a".repeat(129))), "state-unmatched"),
        (
            complete("state", json!(format!("{STATE}é"))),
            "state-unmatched",
        ),
        (complete("code", json!("")), "answer-incomplete"),
        (complete("code", json!(null)), "answer-incomplete"),
        (
            complete("code", json!("a".repeat(4097))),
            "answer-incomplete",
        ),
        (complete("code", json!("a\u{0}")), "answer-incomplete"),
        (complete("code", json!("a\r\nb")), "answer-incomplete"),
        (complete("code", json!("é")), "answer-incomplete"),
        (
            complete("error", json!("access_denied")),
            "answer-incomplete",
        ),
        (complete("error", json!("")), "answer-incomplete"),
        (complete("code_verifier", json!(null)), "proof-mismatch"),
        (complete("code_verifier", json!("")), "proof-mismatch"),
        (
            complete("code_verifier", json!("a".repeat(42))),
            "proof-mismatch",
        ),
        (complete("code_verifier", json!("a".repeat(43))), "code"),
        (complete("code_verifier", json!("a".repeat(128))), "code"),
        (
            complete("code_verifier", json!("a".repeat(129))),
            "proof-mismatch",
        ),
        (
            complete("code_verifier", json!(format!("{}=", "a".repeat(43)))),
            "proof-mismatch",
        ),
        (
            complete("code_verifier", json!(format!("{}\n", "a".repeat(43)))),
            "proof-mismatch",
        ),
        (
            complete("code_verifier", json!("é".repeat(43))),
            "proof-mismatch",
        ),
        (json!({"state": STATE}), "answer-incomplete"),
        (
            json!({"state": STATE, "code_verifier": VERIFIER}),
            "answer-incomplete",
        ),
        (json!({"state": STATE, "error": "access_denied"}), "refused"),
        (json!({"state": STATE, "error": ""}), "refused"),
        (
            json!({"state": "xyz", "error": "access_denied"}),
            "state-unmatched",
        ),
        // Several faults at once: the earlier check speaks.
        (json!({"state": "xyz", "iss": "a".repeat(513)}), "iss"),
        (json!({"state": "xyz", "code": ""}), "state-unmatched"),
        (
            json!({"state": STATE, "code": "", "code_verifier": ""}),
            "answer-incomplete",
        ),
    ] {
        assert_eq!(checked(message.clone()), expected, "{message:.200}");
    }
}

#[test]
fn a_checked_completion_holds_what_was_sent() {
    let message: CompleteSignIn =
        serde_json::from_value(complete("iss", json!("https://h.example"))).unwrap();
    let checked = message.check().unwrap();
    assert_eq!(checked.state.expose(), STATE);
    assert_eq!(checked.iss.as_deref(), Some("https://h.example"));
    match checked.answer {
        CheckedAnswer::Code { code, verifier } => {
            assert_eq!(code.expose(), "abc");
            assert_eq!(verifier.expose(), VERIFIER);
            assert_eq!(verifier.challenge().as_str(), CHALLENGE);
        }
        CheckedAnswer::Refused { .. } => panic!("a code was sent"),
    }
}

#[test]
fn an_unreadable_message_never_repeats_a_secret_of_wrong_type() {
    let canary = 7_177_135_013_u64;
    for field in ["state", "code", "code_verifier"] {
        for value in [
            json!(canary),
            json!([canary]),
            json!({ canary.to_string(): 1 }),
        ] {
            let error = serde_json::from_value::<CompleteSignIn>(complete(field, value.clone()))
                .unwrap_err()
                .to_string();
            assert!(
                !error.contains(&canary.to_string()),
                "{field} {value}: {error}"
            );
        }
    }
}

#[test]
fn an_absent_field_stays_off_the_wire() {
    let message = json!({"state": STATE, "error": "access_denied"});
    let read: CompleteSignIn = serde_json::from_value(message.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), message);
}

#[test]
fn a_problem_survives_the_wire_and_may_lack_everything() {
    let full = Problem {
        failure: Some(Failure::TooMany),
        reference: "7F3K-Q2".to_owned(),
        retry_after: Some(30),
        provider_says: Some("no".to_owned()),
        return_to: Some("/account".to_owned()),
    };
    for problem in [full, Problem::new(Failure::Unexpected, "7F3K-Q2")] {
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(
            serde_json::from_str::<Problem>(&json).unwrap(),
            problem,
            "{json}"
        );
    }
    let empty: Problem = serde_json::from_str("{}").unwrap();
    assert_eq!(serde_json::to_string(&empty).unwrap(), "{}");
    assert!(serde_json::from_str::<Problem>(r#"{"failure":"no-such-code"}"#).is_err());
}

#[test]
fn a_completion_answer_survives_the_wire() {
    let cancelled = Completion {
        return_to: "/account".to_owned(),
        failure: Some(Failure::Cancelled),
        reference: Some("7F3K-Q2".to_owned()),
        ..Completion::default()
    };
    let json = serde_json::to_string(&cancelled).unwrap();
    assert_eq!(
        json,
        r#"{"return_to":"/account","failure":"cancelled","reference":"7F3K-Q2"}"#
    );
    let read: Completion = serde_json::from_str(&json).unwrap();
    assert_eq!(read.failure, Some(Failure::Cancelled));
    assert!(read.profile.is_none());
}
