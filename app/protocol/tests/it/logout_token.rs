//! Logout tokens (E25): base valid, then one thing changed.

use std::time::Duration;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    Secret,
    encoding::base64url,
    id_token::{Distrust, IdTokenError, UnverifiedIdToken},
    issuer::Issuer,
    logout_token::{EVENT, Expected, Leaving, LogoutToken, LogoutTokenError, OLDEST},
    signing::SigningAlgorithm::Rs256,
};

pub(crate) const NOW: i64 = 1_767_225_600;
pub(crate) const TOLERANCE: i64 = 60;

fn header() -> Value {
    json!({"alg": "RS256", "kid": "one", "typ": "logout+jwt"})
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://provider.example", "aud": "the-client", "sub": "user_1", "sid": "s1",
        "iat": NOW, "exp": NOW + 120, "jti": "one", "events": {EVENT: {}},
    })
}

pub(crate) fn with(mut object: Value, name: &str, value: Option<Value>) -> Value {
    if let Some(members) = object.as_object_mut() {
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
    }
    object
}

pub(crate) fn judge(header: &Value, claims: &Value) -> Result<LogoutToken, LogoutTokenError> {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let token = format!("{}.{}.{}", part(header), part(claims), base64url(b"signed"));
    let token = Secret::new(token);
    let claims = UnverifiedIdToken::parse_logout_token(&token, &[Rs256])?
        .verify(|_, _| true)
        .map_err(|(_, distrust)| LogoutTokenError::from(distrust))?;
    let issuer = Issuer::parse("https://provider.example").map_err(|_| IdTokenError::Form)?;
    let expected = Expected {
        issuer: &issuer,
        client_id: "the-client",
        trusted_audiences: &["a-friend".to_owned()],
        now: NOW,
        tolerance: Duration::from_secs(TOLERANCE.unsigned_abs()),
    };
    LogoutToken::judge(&claims, &expected)
}

fn check(name: &str, value: Option<Value>, expected: Result<(), LogoutTokenError>) {
    let claims = with(claims(), name, value);
    let found = judge(&header(), &claims).map(drop);
    assert_eq!(found, expected, "{name} in {claims}");
}

fn untrue(distrust: Distrust) -> Result<(), LogoutTokenError> {
    Err(distrust.into())
}

fn off(claim: &'static str, seconds: i64) -> Result<(), LogoutTokenError> {
    Err(IdTokenError::Clock { claim, seconds }.into())
}

#[test]
fn good_token_is_believed() {
    let token = judge(&header(), &claims());
    let leaving = Leaving::SubjectsSession {
        subject: "user_1".to_owned(),
        sid: "s1".to_owned(),
    };
    let oldest = i64::try_from(OLDEST.as_secs()).unwrap_or_default();
    let expected = LogoutToken {
        id: "one".to_owned(),
        leaving,
        refused_from: NOW + oldest + TOLERANCE + 1,
    };
    assert_eq!(token, Ok(expected));
}

#[test]
fn either_name_is_enough_and_one_is_needed() {
    let of = |claims: &Value| judge(&header(), claims).map(|token| token.leaving);
    let no_sid = with(claims(), "sid", None);
    assert_eq!(of(&no_sid), Ok(Leaving::Subject("user_1".to_owned())));
    let no_subject = with(claims(), "sub", None);
    assert_eq!(of(&no_subject), Ok(Leaving::Session("s1".to_owned())));
    let nobody = with(no_sid, "sub", None);
    assert_eq!(of(&nobody), Err(LogoutTokenError::Nobody));
    for name in ["sub", "sid"] {
        for value in [json!(""), json!(7), json!(["s1"]), Value::Null, json!("é")] {
            check(name, Some(value), Err(LogoutTokenError::Nobody));
        }
    }
}

#[test]
fn type_is_absent_or_one_of_two() {
    for (kind, good) in [
        (None, true),
        (Some(json!("JWT")), true),
        (Some(json!("jwt")), true),
        (Some(json!("Logout+JWT")), true),
        (Some(json!("at+jwt")), false),
        (Some(json!("secevent+jwt")), false),
        (Some(json!("")), false),
        (Some(Value::Null), false),
        (Some(json!(["JWT"])), false),
    ] {
        let header = with(header(), "typ", kind);
        let found = judge(&header, &claims()).map(drop);
        let expected = if good { Ok(()) } else { untrue(Distrust::Type) };
        assert_eq!(found, expected, "{header}");
    }
}

/// A logout token is no ID token, whatever else it says.
#[test]
fn id_token_is_never_of_this_type() {
    let token = format!("{}.e30.e30", base64url(header().to_string().as_bytes()));
    let found = UnverifiedIdToken::parse(&Secret::new(token), &[Rs256]).map(drop);
    assert_eq!(found, Err(Distrust::Type.into()));
}

#[test]
fn unsigned_token_and_other_algorithms_are_refused() {
    for algorithm in ["none", "None", "HS256", "ES256", ""] {
        let header = with(header(), "alg", Some(json!(algorithm)));
        let found = judge(&header, &claims()).map(drop);
        assert_eq!(found, untrue(Distrust::Algorithm), "{algorithm}");
    }
    let critical = with(header(), "crit", Some(json!(["b64"])));
    let found = judge(&critical, &claims()).map(drop);
    assert_eq!(found, untrue(Distrust::Critical));
}

#[test]
fn issuer_and_audience_are_ours() {
    for value in [
        None,
        Some(json!("https://provider.example/")),
        Some(json!("https://evil.example")),
        Some(json!(["https://provider.example"])),
    ] {
        check("iss", value, untrue(Distrust::Issuer));
    }
    check("aud", Some(json!(["the-client"])), Ok(()));
    check("aud", Some(json!(["the-client", "a-friend"])), Ok(()));
    for value in [
        None,
        Some(json!([])),
        Some(json!("a-friend")),
        Some(json!(["the-client", "a-stranger"])),
        Some(json!(["the-client", 7])),
        Some(json!({"the-client": true})),
    ] {
        check("aud", value, untrue(Distrust::Audience));
    }
}

#[test]
fn times_are_near_ours() {
    let oldest = i64::try_from(OLDEST.as_secs()).unwrap_or_default();
    let at = |seconds: i64| Some(json!(NOW + seconds));
    check("iat", at(TOLERANCE), Ok(()));
    check("iat", at(TOLERANCE + 1), off("iat", TOLERANCE + 1));
    check("iat", at(-oldest - TOLERANCE), Ok(()));
    let old = -oldest - TOLERANCE - 1;
    check("iat", at(old), off("iat", old));
    check("iat", None, Err(IdTokenError::NoTime("iat").into()));
    let text = Some(json!(NOW.to_string()));
    check("iat", text, Err(IdTokenError::NoTime("iat").into()));
    check("exp", None, Ok(()));
    check("exp", at(-TOLERANCE), Ok(()));
    check("exp", at(-TOLERANCE - 1), off("exp", -TOLERANCE - 1));
    let text = Some(json!("tomorrow"));
    check("exp", text, Err(IdTokenError::NoTime("exp").into()));
    check("nbf", at(TOLERANCE), Ok(()));
    check("nbf", at(TOLERANCE + 1), off("nbf", TOLERANCE + 1));
    let far = json!({"iat": 1e300});
    check("iat", far.get("iat").cloned(), off("iat", i64::MAX - NOW));
}

#[test]
fn event_is_the_one_of_sign_out() {
    for value in [
        None,
        Some(json!({})),
        Some(json!(EVENT)),
        Some(json!([EVENT])),
        Some(json!({EVENT: null})),
        Some(json!({EVENT: true})),
        Some(json!({EVENT: []})),
        Some(json!({"http://schemas.openid.net/event/other": {}})),
    ] {
        check("events", value, Err(LogoutTokenError::NoEvent));
    }
    let several = json!({EVENT: {"more": 1}, "http://schemas.openid.net/event/other": {}});
    check("events", Some(several), Ok(()));
}

#[test]
fn nonce_is_refused_whatever_it_is() {
    for value in [json!("a-nonce"), json!(""), Value::Null, json!(7)] {
        check("nonce", Some(value), Err(LogoutTokenError::Nonce));
    }
}

#[test]
fn token_has_a_name_of_its_own() {
    check("jti", Some(json!("j".repeat(255))), Ok(()));
    for value in [
        None,
        Some(json!("")),
        Some(json!(7)),
        Some(json!("j".repeat(256))),
    ] {
        check("jti", value, Err(LogoutTokenError::NoId));
    }
}
