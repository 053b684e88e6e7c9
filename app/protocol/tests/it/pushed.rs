//! The answers to a pushed authorization request, good and bad.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    Failure,
    json::JsonError,
    provider_error::ErrorCode,
    pushed::{PushedRequest, PushedRequestError},
};

/// Reads a good answer with one member set; `None` takes it away.
fn with(member: &str, value: Option<Value>) -> Result<PushedRequest, PushedRequestError> {
    let mut answer = json!({
        "request_uri": "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c",
        "expires_in": 60,
    });
    if let Some(object) = answer.as_object_mut() {
        match value {
            Some(value) => object.insert(member.to_owned(), value),
            None => object.remove(member),
        };
    }
    PushedRequest::parse(answer.to_string().as_bytes())
}

#[test]
fn an_answer_is_read_and_what_is_unknown_is_passed_over() {
    let pushed = with("x_unknown", Some(json!([{}]))).unwrap();
    assert_eq!(
        pushed.request_uri.expose(),
        "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"
    );
    assert_eq!(pushed.expires_in, 60);
    assert!(!format!("{pushed:?}").contains("6esc"));
    let long = with("request_uri", Some(json!("u".repeat(512)))).unwrap();
    assert_eq!(long.request_uri.expose().len(), 512);
    assert_eq!(
        with("expires_in", Some(json!(1))).map(|pushed| pushed.expires_in),
        Ok(1)
    );
}

#[test]
fn a_request_uri_that_is_none_is_refused() {
    for value in [
        None,
        Some(Value::Null),
        Some(json!("")),
        Some(json!("u".repeat(513))),
        Some(json!("urn:a b")),
        Some(json!("urn:a\nb")),
        Some(json!("urn:\u{e4}")),
        Some(json!(["urn:a"])),
        Some(json!(1)),
    ] {
        assert_eq!(
            with("request_uri", value.clone()).err(),
            Some(PushedRequestError::Member("request_uri")),
            "{value:?}"
        );
    }
}

#[test]
fn a_life_that_is_no_positive_whole_number_is_refused() {
    for value in [
        None,
        Some(Value::Null),
        Some(json!(0)),
        Some(json!(-1)),
        Some(json!(0.5)),
        Some(json!("60")),
        Some(json!(1e300)),
        Some(json!([60])),
    ] {
        assert_eq!(
            with("expires_in", value.clone()).err(),
            Some(PushedRequestError::Member("expires_in")),
            "{value:?}"
        );
    }
}

#[test]
fn a_body_that_is_not_one_object_is_refused() {
    for body in [
        "",
        "null",
        "[]",
        "\"urn:a\"",
        "<html>",
        r#"{"request_uri":"urn:a","expires_in":60"#,
        r#"{"request_uri":"urn:a","expires_in":60} {}"#,
        r#"{"request_uri":"urn:a","request_uri":"urn:b","expires_in":60}"#,
    ] {
        assert_eq!(
            PushedRequest::parse(body.as_bytes()).err(),
            Some(PushedRequestError::Json(JsonError)),
            "{body}"
        );
    }
}

#[test]
fn an_error_decides_whatever_else_is_there() {
    for (error, code) in [
        (json!("invalid_scope"), "invalid_scope"),
        (json!(5), "unknown"),
        (json!("<b>"), "unknown"),
    ] {
        assert_eq!(
            with("error", Some(error)).err(),
            Some(PushedRequestError::Refused(ErrorCode::parse(code)))
        );
    }
    assert!(with("error", Some(Value::Null)).is_ok());
}

#[test]
fn an_error_means_what_it_means_before_anybody_was_asked() {
    for (code, expected) in [
        ("invalid_client", Failure::ClientRejected),
        ("invalid_request", Failure::RequestUnreadable),
        ("unauthorized_client", Failure::ClientNotAllowed),
        ("invalid_scope", Failure::ScopeRefused),
        ("unsupported_response_type", Failure::AnswerType),
        ("invalid_request_object", Failure::OptionUnknown),
        ("invalid_target", Failure::TargetUnknown),
        ("server_error", Failure::ProviderFault),
        ("temporarily_unavailable", Failure::ProviderBusy),
        ("access_denied", Failure::Unrecognised),
        ("login_required", Failure::Unrecognised),
        ("interaction_required", Failure::Unrecognised),
        ("consent_required", Failure::Unrecognised),
        ("account_selection_required", Failure::Unrecognised),
        ("invalid_grant", Failure::Unrecognised),
        ("anything", Failure::Unrecognised),
    ] {
        assert_eq!(
            ErrorCode::parse(code).in_pushed_response(),
            expected,
            "{code}"
        );
    }
}
