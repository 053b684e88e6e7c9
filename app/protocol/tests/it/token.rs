//! The token endpoint's answers, good and bad.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    Failure,
    json::JsonError,
    provider_error::ErrorCode,
    token::{TokenResponse, TokenResponseError},
};

/// Reads a good answer with one member set; `None` takes it away.
fn with(member: &str, value: Option<Value>) -> Result<TokenResponse, TokenResponseError> {
    let mut answer = json!({
        "access_token": "at-1",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "rt-1",
        "id_token": "a.b.c",
        "scope": "openid profile",
    });
    if let Some(object) = answer.as_object_mut() {
        match value {
            Some(value) => object.insert(member.to_owned(), value),
            None => object.remove(member),
        };
    }
    TokenResponse::parse(answer.to_string().as_bytes())
}

/// Why an answer with this member is refused.
fn refusal(member: &str, value: Option<Value>) -> Option<TokenResponseError> {
    with(member, value).err()
}

#[test]
fn a_full_answer_is_read() {
    let tokens = with("x_unknown", Some(json!({"deep": [1, 2]}))).unwrap();
    assert_eq!(tokens.access_token.expose(), "at-1");
    assert_eq!(tokens.expires_in, Some(3600));
    assert_eq!(tokens.refresh_token.unwrap().expose(), "rt-1");
    assert_eq!(tokens.id_token.unwrap().expose(), "a.b.c");
    assert_eq!(tokens.scope.unwrap(), ["openid", "profile"]);
}

#[test]
fn the_least_answer_is_read() {
    let tokens = TokenResponse::parse(br#"{"access_token":"at-1","token_type":"bearer"}"#).unwrap();
    assert!(tokens.expires_in.is_none());
    assert!(tokens.refresh_token.is_none());
    assert!(tokens.id_token.is_none());
    assert!(tokens.scope.is_none());
}

#[test]
fn a_token_type_other_than_bearer_is_refused() {
    let refused = Some(TokenResponseError::Member("token_type"));
    for kind in [
        None,
        Some(json!("mac")),
        Some(json!("DPoP")),
        Some(json!("")),
        Some(json!("bearer ")),
        Some(json!("bear\u{130}r")),
        Some(json!(null)),
        Some(json!(["bearer"])),
    ] {
        assert_eq!(refusal("token_type", kind.clone()), refused, "{kind:?}");
    }
    for kind in ["bearer", "Bearer", "BEARER", "bEaReR"] {
        assert!(with("token_type", Some(json!(kind))).is_ok(), "{kind}");
    }
}

#[test]
fn an_access_token_that_is_none_is_refused() {
    let refused = Some(TokenResponseError::Member("access_token"));
    for token in [
        None,
        Some(json!("")),
        Some(json!(null)),
        Some(json!(1)),
        Some(json!(["at-1"])),
        Some(json!({"value": "at-1"})),
        Some(json!("with space")),
        Some(json!("line\r\nInjected: x")),
        Some(json!("nul\0")),
        Some(json!("é")),
        Some(json!("a".repeat(16 * 1024 + 1))),
        Some(json!("a".repeat(200 * 1024))),
    ] {
        assert_eq!(refusal("access_token", token), refused);
    }
    assert!(with("access_token", Some(json!("a".repeat(16 * 1024)))).is_ok());
}

#[test]
fn another_token_that_is_there_must_be_one() {
    for name in ["refresh_token", "id_token"] {
        for token in [
            json!(""),
            json!(1),
            json!("a b"),
            json!("a".repeat(16 * 1024 + 1)),
        ] {
            assert_eq!(
                refusal(name, Some(token)),
                Some(TokenResponseError::Member(name))
            );
        }
        assert!(with(name, Some(json!(null))).is_ok(), "null is absent");
    }
}

#[test]
fn what_is_not_one_object_is_refused() {
    let good = r#"{"access_token":"at-1","token_type":"bearer"}"#;
    let cut: Vec<String> = (0..good.len())
        .map(|end| good.chars().take(end).collect())
        .collect();
    let bad = [
        "null",
        "[]",
        "\"at-1\"",
        "1",
        "true",
        "<html><body>502</body></html>",
        "access_token=at-1&token_type=bearer",
        "{'access_token':'at-1','token_type':'bearer'}",
        r#"{"access_token":"at-1","token_type":"bearer",}"#,
        r#"{"access_token":"at-1","token_type":"bearer"} {}"#,
        r#"{"access_token":"at-1","token_type":"bearer"}]"#,
        "\u{feff}{\"access_token\":\"at-1\",\"token_type\":\"bearer\"}",
        r#"{"access_token":"at-1","access_token":"at-2","token_type":"bearer"}"#,
        r#"{"access_token":"at-1","access\u005ftoken":"at-1","token_type":"bearer"}"#,
        r#"{"access_token":"at-1","token_type":"bearer","x":1,"x":1}"#,
        r#"{"access_token":"at-1","token_type":"bearer","x":"\ud800"}"#,
        r#"{"access_token":"at-1","token_type":"bearer","expires_in":1e999}"#,
        r#"{"access_token":"at-1","token_type":"bearer","expires_in":NaN}"#,
    ];
    for body in cut.iter().map(String::as_str).chain(bad) {
        let error = TokenResponse::parse(body.as_bytes()).unwrap_err();
        assert_eq!(error, TokenResponseError::Json(JsonError), "{body}");
    }
    for body in [
        &b"{\"access_token\":\"\xff\",\"token_type\":\"bearer\"}"[..],
        b"\xff\xfe{\0}\0",
    ] {
        let error = TokenResponse::parse(body).unwrap_err();
        assert_eq!(error, TokenResponseError::Json(JsonError), "{body:?}");
    }
    assert!(TokenResponse::parse(format!("\r\n {good}\n").as_bytes()).is_ok());
}

#[test]
fn deep_nesting_is_refused_without_a_stack_overflow() {
    let nested = |depth: usize| {
        let body = format!(
            r#"{{"access_token":"at-1","token_type":"bearer","x":{}1{}}}"#,
            "[".repeat(depth - 1),
            "]".repeat(depth - 1),
        );
        TokenResponse::parse(body.as_bytes()).map(drop)
    };
    assert_eq!(nested(32), Ok(()));
    for depth in [33, 64, 127, 128, 129, 30_000] {
        assert_eq!(
            nested(depth),
            Err(TokenResponseError::Json(JsonError)),
            "{depth}"
        );
    }
    let objects = format!("{}1{}", r#"{"x":"#.repeat(33), "}".repeat(33));
    assert!(TokenResponse::parse(objects.as_bytes()).is_err());
}

#[test]
fn an_error_member_decides_whatever_stands_beside_it() {
    for error in [json!("invalid_grant"), json!("x")] {
        let refused = TokenResponseError::Refused(ErrorCode::parse(error.as_str().unwrap()));
        assert_eq!(refusal("error", Some(error)), Some(refused));
    }
    for error in [
        json!(1),
        json!({"code": 1}),
        json!(["invalid_grant"]),
        json!(""),
        json!(true),
    ] {
        let refused = TokenResponseError::Refused(ErrorCode::parse("unknown"));
        assert_eq!(refusal("error", Some(error)), Some(refused));
    }
    assert!(
        with("error", Some(json!(null))).is_ok(),
        "null is absent, as in every other member"
    );
}

#[test]
fn every_error_of_the_token_endpoint_has_its_failure() {
    for (error, expected) in [
        ("invalid_grant", Failure::CodeExpired),
        ("invalid_client", Failure::ClientRejected),
        ("invalid_request", Failure::ExchangeRefused),
        ("unauthorized_client", Failure::ExchangeRefused),
        ("unsupported_grant_type", Failure::ExchangeRefused),
        ("invalid_scope", Failure::ExchangeRefused),
        ("invalid_target", Failure::TargetUnknown),
        ("server_error", Failure::ProviderFault),
        ("temporarily_unavailable", Failure::ProviderBusy),
        ("access_denied", Failure::Unrecognised),
        ("INVALID_GRANT", Failure::Unrecognised),
        ("", Failure::Unrecognised),
    ] {
        assert_eq!(
            ErrorCode::parse(error).in_token_response(),
            expected,
            "{error}"
        );
    }
}

#[test]
fn a_lifetime_is_read_as_number_or_numeric_text_and_clamped() {
    const TEN_YEARS: u32 = 315_360_000;
    for (value, expected) in [
        (json!(3600), Some(3600)),
        (json!("3600"), Some(3600)),
        (json!(3600.5), Some(3600)),
        (json!("3600.5"), Some(3600)),
        (json!(1), Some(1)),
        (json!(TEN_YEARS - 1), Some(TEN_YEARS - 1)),
        (json!(TEN_YEARS), Some(TEN_YEARS)),
        (json!(u64::MAX), Some(TEN_YEARS)),
        (json!(1e30), Some(TEN_YEARS)),
        (json!("1e30"), Some(TEN_YEARS)),
        (json!(null), None),
    ] {
        assert_eq!(
            with("expires_in", Some(value.clone())).unwrap().expires_in,
            expected,
            "{value}"
        );
    }
    assert_eq!(with("expires_in", None).unwrap().expires_in, None);
}

#[test]
fn a_lifetime_that_is_none_is_refused() {
    for value in [
        json!(0),
        json!(-1),
        json!(-0.0),
        json!(-1e30),
        json!("0"),
        json!("-3600"),
        json!(""),
        json!(" 3600"),
        json!("3600 "),
        json!("an hour"),
        json!("3600s"),
        json!("0x10"),
        json!("NaN"),
        json!("inf"),
        json!("Infinity"),
        json!("+infinity"),
        json!("1e999"),
        json!(true),
        json!([3600]),
        json!({}),
    ] {
        assert_eq!(
            refusal("expires_in", Some(value.clone())),
            Some(TokenResponseError::Member("expires_in")),
            "{value}"
        );
    }
}

#[test]
fn granted_scopes_are_few_short_and_plain() {
    let scopes = |scope: &str| with("scope", Some(json!(scope))).unwrap().scope.unwrap();
    assert_eq!(
        scopes("openid  email\tprofile "),
        ["openid", "email", "profile"]
    );
    assert_eq!(scopes("a\u{202e}b\0c"), ["abc"]);
    assert!(scopes("").is_empty());
    assert!(scopes("\u{202e} \0").is_empty(), "nothing is left of them");
    assert_eq!(scopes(&"x ".repeat(1000)).len(), 64);
    assert_eq!(scopes(&"x".repeat(1000)), ["x".repeat(128)]);
    for scope in [json!(1), json!(["openid"]), json!({})] {
        assert_eq!(
            refusal("scope", Some(scope)),
            Some(TokenResponseError::Member("scope"))
        );
    }
}

#[test]
fn no_refusal_repeats_what_the_provider_sent() {
    let canary = "canary-1f7a";
    for body in [
        format!(r#"{{"access_token":"{canary}","token_type":"mac"}}"#),
        format!(r#"{{"access_token":"{canary} {canary}","token_type":"bearer"}}"#),
        format!(r#"{{"access_token":"a","token_type":"bearer","expires_in":"{canary}"}}"#),
        format!(r#"{{"access_token":"a","token_type":"bearer","refresh_token":["{canary}"]}}"#),
        format!(r#"{{"{canary}":"#),
        format!(r#"{{"{canary}":1,"{canary}":2}}"#),
        format!(r#"{{"error":"{canary} is not a code"}}"#),
        canary.to_owned(),
    ] {
        let error = TokenResponse::parse(body.as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(canary), "{error}");
    }
}
