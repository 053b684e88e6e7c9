//! ID tokens (group C): base valid, then one thing changed. Signatures are the backend's to check; here
//! `verify` says what it found.

use std::time::Duration;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    Secret,
    encoding::base64url,
    id_token::{
        Distrust, Expected, IdToken, IdTokenError, Occasion, SignedClaims, UnverifiedIdToken,
        nonce_of,
    },
    issuer::Issuer,
    nonce::Nonce,
    profile::AvatarHosts,
    signing::SigningAlgorithm::{self, EdDsa, Es256, Rs256},
};

const NOW: i64 = 1_767_225_600;
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

fn header() -> Value {
    json!({"alg": "RS256", "kid": "one", "typ": "JWT"})
}

fn claims() -> Value {
    json!({
        "iss": "https://provider.example", "aud": "the-client", "sub": "user_1",
        "exp": NOW + 600, "iat": NOW, "nonce": "the-nonce",
    })
}

fn with(mut object: Value, name: &str, value: Option<Value>) -> Value {
    if let Some(members) = object.as_object_mut() {
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
    }
    object
}

fn token(header: &Value, claims: &Value) -> Secret<String> {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    Secret::new(format!(
        "{}.{}.{}",
        part(header),
        part(claims),
        base64url(b"signature")
    ))
}

fn signed(
    token: &Secret<String>,
    allowed: &[SigningAlgorithm],
) -> Result<SignedClaims, IdTokenError> {
    UnverifiedIdToken::parse(token, allowed)?
        .verify(|_, _| true)
        .map_err(|(_, distrust)| distrust.into())
}

fn judge_with(
    token: &Secret<String>,
    allowed: &[SigningAlgorithm],
    trusted: &[String],
) -> Result<IdToken, IdTokenError> {
    signed(token, allowed)?.judge(&Expected {
        issuer: &Issuer::parse("https://provider.example").map_err(|_| IdTokenError::Form)?,
        client_id: "the-client",
        trusted_audiences: trusted,
        occasion: Occasion::SignIn(&Nonce::restore("the-nonce".to_owned())),
        access_token: &Secret::new(ACCESS_TOKEN.to_owned()),
        now: NOW,
        tolerance: Duration::from_mins(1),
    })
}

fn judge(header: &Value, claims: &Value) -> Result<IdToken, IdTokenError> {
    judge_with(&token(header, claims), &[Rs256], &[])
}

fn check_claim(name: &str, value: Option<Value>, expected: Result<(), IdTokenError>) {
    let claims = with(claims(), name, value);
    let found = judge(&header(), &claims).map(drop);
    assert_eq!(found, expected, "{name} in {claims}");
}

fn check_header(name: &str, value: Option<Value>, expected: Result<(), IdTokenError>) {
    let header = with(header(), name, value);
    let found = judge(&header, &claims()).map(drop);
    assert_eq!(found, expected, "{name} in {header}");
}

fn untrusted(distrust: Distrust) -> Result<(), IdTokenError> {
    Err(IdTokenError::Untrusted(distrust))
}

#[test]
fn a_token_in_which_all_is_true_is_accepted() {
    let id_token = judge(&header(), &claims()).unwrap();
    assert_eq!(id_token.subject, "user_1");
    assert_eq!(id_token.clock_offset, 0);
    assert!(id_token.profile(&AvatarHosts::default()).is_empty());
}

/// C1, C2.
#[test]
fn the_issuer_is_compared_character_by_character() {
    for issuer in [
        json!("https://provider.example/"),
        json!("https://provider.example1"),
        json!("https://PROVIDER.example"),
        json!(["https://provider.example"]),
        json!(null),
    ] {
        check_claim("iss", Some(issuer), untrusted(Distrust::Issuer));
    }
    check_claim("iss", None, untrusted(Distrust::Issuer));
}

/// C2 to C5.
#[test]
fn the_token_is_for_this_client_alone() {
    for audience in [
        json!("another"),
        json!("the-client1"),
        json!(["another"]),
        json!(["the-client", "another"]),
        json!(["the-client", 1]),
        json!([]),
        json!({}),
        json!(null),
    ] {
        check_claim("aud", Some(audience), untrusted(Distrust::Audience));
    }
    check_claim("aud", None, untrusted(Distrust::Audience));
    check_claim("aud", Some(json!(["the-client"])), Ok(()));
    check_claim("azp", Some(json!("the-client")), Ok(()));
    for party in [json!("another"), json!(null), json!(["the-client"])] {
        check_claim("azp", Some(party), untrusted(Distrust::AuthorizedParty));
    }
}

#[test]
fn a_trusted_audience_needs_an_authorized_party() {
    let trusted = ["project".to_owned()];
    let both = with(claims(), "aud", Some(json!(["the-client", "project"])));
    let judge =
        |claims: &Value| judge_with(&token(&header(), claims), &[Rs256], &trusted).map(drop);
    assert_eq!(judge(&both), untrusted(Distrust::AuthorizedParty));
    let named = with(both, "azp", Some(json!("the-client")));
    assert_eq!(judge(&named), Ok(()));
    let foreign = with(named, "aud", Some(json!(["the-client", "project", "x"])));
    assert_eq!(judge(&foreign), untrusted(Distrust::Audience));
    let only = with(claims(), "aud", Some(json!("project")));
    assert_eq!(judge(&only), untrusted(Distrust::Audience));
}

/// C6 to C8, and where each bound lies.
#[test]
fn times_may_be_off_by_a_minute() {
    let off = |claim, seconds| Err(IdTokenError::Clock { claim, seconds });
    let at = |offset: i64| Some(json!(NOW + offset));
    check_claim("exp", at(-60), Ok(()));
    check_claim("exp", at(-61), off("exp", -61));
    check_claim("exp", at(-30), Ok(()));
    check_claim("iat", at(60), Ok(()));
    check_claim("iat", at(61), off("iat", 61));
    check_claim("iat", at(-3660), Ok(()));
    check_claim("iat", at(-3661), off("iat", -3661));
    check_claim("iat", at(7 * 86_400), off("iat", 7 * 86_400));
    check_claim("iat", at(-7 * 86_400), off("iat", -7 * 86_400));
    check_claim("nbf", at(60), Ok(()));
    check_claim("nbf", at(61), off("nbf", 61));
    check_claim("nbf", at(-999_999), Ok(()));
    for missing in ["exp", "iat"] {
        check_claim(missing, None, Err(IdTokenError::NoTime(missing)));
        for no_number in [json!("1767225600"), json!([]), json!(true)] {
            check_claim(missing, Some(no_number), Err(IdTokenError::NoTime(missing)));
        }
    }
    check_claim("nbf", Some(json!("soon")), Err(IdTokenError::NoTime("nbf")));
    check_claim("exp", Some(json!(1_767_225_600.5)), Ok(()));
    check_claim("exp", Some(json!(1e300)), Ok(()));
    check_claim("exp", Some(json!(i64::MIN)), off("exp", i64::MIN));
    check_claim("iat", Some(json!(u64::MAX)), off("iat", i64::MAX - NOW));
}

/// C9.
#[test]
fn the_nonce_is_that_of_the_attempt() {
    for nonce in [
        json!("the-nonc"),
        json!("the-nonce1"),
        json!(""),
        json!(null),
        json!(1),
    ] {
        check_claim("nonce", Some(nonce), untrusted(Distrust::Nonce));
    }
    check_claim("nonce", None, untrusted(Distrust::Nonce));
}

#[test]
fn a_subject_is_1_to_255_printable_ascii_characters() {
    check_claim("sub", Some(json!("a".repeat(255))), Ok(()));
    for subject in [
        json!(""),
        json!("a".repeat(256)),
        json!("ä"),
        json!("a\nb"),
        json!(1),
        json!(null),
    ] {
        check_claim("sub", Some(subject), untrusted(Distrust::Subject));
    }
    check_claim("sub", None, untrusted(Distrust::Subject));
}

/// C17. The pair is the example of OpenID Connect Core, appendix A.3 and A.6.
#[test]
fn the_access_token_is_the_one_the_token_speaks_of() {
    check_claim("at_hash", Some(json!("77QmUPtjPfzWtF2AnpK9RQ")), Ok(()));
    check_claim("at_hash", Some(json!(null)), Ok(()));
    for hash in [json!("77QmUPtjPfzWtF2AnpK9Rg"), json!(""), json!(1)] {
        check_claim("at_hash", Some(hash), untrusted(Distrust::AccessTokenHash));
    }
}

/// C10, C11: what is not allowed does not even have a name here.
#[test]
fn only_an_allowed_algorithm_is_looked_at() {
    for name in [
        "none", "None", "HS256", "HS512", "RS1", "", "rs256", "ES256",
    ] {
        check_header("alg", Some(json!(name)), untrusted(Distrust::Algorithm));
    }
    check_header("alg", None, untrusted(Distrust::Algorithm));
    check_header(
        "alg",
        Some(json!(["RS256"])),
        untrusted(Distrust::Algorithm),
    );
    for (name, algorithm) in [("ES256", Es256), ("EdDSA", EdDsa), ("Ed25519", EdDsa)] {
        let header = with(header(), "alg", Some(json!(name)));
        let token = token(&header, &claims());
        assert!(judge_with(&token, &[algorithm], &[]).is_ok(), "{name}");
    }
}

/// C16.
#[test]
fn the_header_can_bring_no_key_and_no_extension() {
    for name in ["jku", "jwk", "x5u", "x5c"] {
        check_header(name, Some(json!("https://evil.example/keys")), Ok(()));
    }
    check_header("crit", Some(json!([])), untrusted(Distrust::Critical));
    check_header("crit", Some(json!(["b64"])), untrusted(Distrust::Critical));
    for kind in [
        json!("at+jwt"),
        json!("logout+jwt"),
        json!("JOSE"),
        json!(1),
    ] {
        check_header("typ", Some(kind), untrusted(Distrust::Type));
    }
    check_header("typ", Some(json!("jwt")), Ok(()));
    check_header("typ", None, Ok(()));
    check_header("kid", None, Ok(()));
    check_header("kid", Some(json!(1)), Err(IdTokenError::Form));
}

/// C12: what is not verified is not judged.
#[test]
fn a_wrong_signature_ends_it() {
    let token = token(&header(), &claims());
    let unverified = UnverifiedIdToken::parse(&token, &[Rs256]).unwrap();
    assert_eq!(unverified.kid(), Some("one"));
    let (unverified, distrust) = unverified.verify(|_, _| false).unwrap_err();
    assert_eq!(distrust, Distrust::Signature);
    let (text, parts) = (token.expose(), token.expose().rsplit_once('.').unwrap());
    let seen = unverified.verify(|signed, signature| {
        signed == parts.0.as_bytes() && signature == parts.1 && text.len() > signed.len()
    });
    assert!(seen.is_ok());
}

/// C18.
#[test]
fn anything_but_a_signed_jwt_is_unreadable() {
    let whole = token(&header(), &claims()).expose().clone();
    let [head, body, signature] =
        <[&str; 3]>::try_from(whole.split('.').collect::<Vec<_>>()).unwrap();
    let twice = base64url(br#"{"iss":"https://provider.example","iss":"x"}"#);
    let rows = [
        String::new(),
        head.to_owned(),
        format!("{head}.{body}"),
        format!("{head}.{body}.{signature}."),
        format!("{head}.{body}.{signature}.{signature}.{signature}"),
        format!("{head}=.{body}.{signature}"),
        format!("{head}.{body}+.{signature}"),
        format!("{head}.{body}.ä"),
        format!(" {whole}"),
        format!("{}.{body}.{signature}", base64url(b"[]")),
        format!("{head}.{}.{signature}", base64url(b"null")),
        format!("{head}.{twice}.{signature}"),
        format!("{head}.{body}.{}", "A".repeat(16 * 1024)),
    ];
    for row in rows {
        let error = judge_with(&Secret::new(row.clone()), &[Rs256], &[]).map(drop);
        assert_eq!(error, Err(IdTokenError::Form), "{row:.80}");
    }
}

#[test]
fn nothing_of_a_token_is_printed() {
    let claims = with(claims(), "nonce", Some(json!("planted-nonce")));
    let token = token(&header(), &claims);
    let unverified = UnverifiedIdToken::parse(&token, &[Rs256]);
    let error = judge(&header(), &claims).unwrap_err();
    let shown = format!("{error:?} {error} {token:?}");
    assert!(!shown.contains("planted"), "{shown}");
    drop(unverified);
}

fn judge_refreshed(claims: &Value, nonce: Option<&str>) -> Result<(), IdTokenError> {
    let nonce = nonce.map(|nonce| Nonce::restore(nonce.to_owned()));
    let judged = signed(&token(&header(), claims), &[Rs256])?.judge(&Expected {
        issuer: &Issuer::parse("https://provider.example").map_err(|_| IdTokenError::Form)?,
        client_id: "the-client",
        trusted_audiences: &[],
        occasion: Occasion::Refresh {
            subject: "user_1",
            nonce: nonce.as_ref(),
        },
        access_token: &Secret::new(ACCESS_TOKEN.to_owned()),
        now: NOW,
        tolerance: Duration::from_mins(1),
    });
    judged.map(drop)
}

/// OpenID Connect Core, section 12.2.
#[test]
fn after_a_refresh_it_is_the_same_person_with_no_nonce_or_the_same() {
    let with_nonce = |value| with(claims(), "nonce", value);
    for (value, before, expected) in [
        (None, Some("the-nonce"), Ok(())),
        (None, None, Ok(())),
        (Some(json!(null)), Some("the-nonce"), Ok(())),
        (Some(json!("the-nonce")), Some("the-nonce"), Ok(())),
        (Some(json!("any")), None, Ok(())),
        (
            Some(json!("another")),
            Some("the-nonce"),
            untrusted(Distrust::Nonce),
        ),
        (
            Some(json!("")),
            Some("the-nonce"),
            untrusted(Distrust::Nonce),
        ),
        (
            Some(json!(1)),
            Some("the-nonce"),
            untrusted(Distrust::Nonce),
        ),
    ] {
        let judged = judge_refreshed(&with_nonce(value.clone()), before);
        assert_eq!(judged, expected, "{value:?} after {before:?}");
    }
    for (name, value, distrust) in [
        ("sub", json!("user_2"), Distrust::OtherSubject),
        ("sub", json!("user_1 "), Distrust::OtherSubject),
        ("sub", json!(""), Distrust::Subject),
        ("iss", json!("https://provider.example/"), Distrust::Issuer),
        ("aud", json!("another"), Distrust::Audience),
    ] {
        let claims = with(claims(), name, Some(value));
        let judged = judge_refreshed(&claims, Some("the-nonce"));
        assert_eq!(judged, untrusted(distrust), "{claims}");
    }
}

#[test]
fn the_nonce_of_an_id_token_is_read_where_there_is_one() {
    let nonce = |claims: &Value| nonce_of(&token(&header(), claims));
    assert!(nonce(&claims()).is_some_and(|nonce| nonce.equals("the-nonce")));
    assert!(nonce(&with(claims(), "nonce", None)).is_none());
    for text in ["", ".", "a.b.c", "opaque"] {
        assert!(nonce_of(&Secret::new(text.to_owned())).is_none(), "{text}");
    }
}
