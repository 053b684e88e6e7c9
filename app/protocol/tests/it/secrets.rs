//! What holds a secret neither prints nor serializes it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::{
    fmt::{Debug, Display},
    marker::PhantomData,
};

use serde::Serialize;
use url::Url;
use wrengate_protocol::{
    Secret,
    attempt::SavedAttempt,
    authorize::AuthorizationRequest,
    callback::UnmatchedCallback,
    messages::{BeginSignIn, Begun, CompleteSignIn, Completion},
    nonce::Nonce,
    pkce::CodeVerifier,
    profile::{AvatarHosts, Profile},
    secret::Carried,
    state::State,
    token::{CodeExchange, TokenResponse},
    userinfo::Userinfo,
};

/// In every planted secret. Of the alphabets of a verifier, a state, a code and a token.
const CANARY: &str = "canary-1f7a";

/// A secret of 43 characters that can be told from the others.
fn planted(name: &str) -> String {
    format!("{CANARY}-{name:A<31}")
}

/// The ways in which a value could be printed by accident.
fn printed(value: &impl Debug) -> String {
    format!("{value:?} {value:#?} {:?} {:?}", Some(value), [value])
}

/// Fails where a planted secret, or its length, can be read.
fn check(name: &str, value: &impl Debug) {
    let printed = printed(value);
    assert!(
        !printed.to_lowercase().contains("canary"),
        "{name}: {printed}"
    );
    assert!(!printed.contains("43"), "{name} tells a length: {printed}");
}

/// Asks at compile time what a type can do: the inherent constant exists only under its bound and
/// then hides that of the trait.
struct Can<T>(PhantomData<T>);

trait Cannot {
    const DISPLAY: bool = false;
    const SERIALIZE: bool = false;
    const CLONE: bool = false;
    const COMPARE: bool = false;
}

impl<T> Cannot for Can<T> {}

impl<T: Display> Can<T> {
    const DISPLAY: bool = true;
}

impl<T: Serialize> Can<T> {
    const SERIALIZE: bool = true;
}

impl<T: Clone> Can<T> {
    const CLONE: bool = true;
}

impl<T: PartialEq> Can<T> {
    const COMPARE: bool = true;
}

// The question can be answered with yes.
const _: () = assert!(Can::<String>::DISPLAY && Can::<String>::SERIALIZE);
const _: () = assert!(Can::<String>::CLONE && Can::<String>::COMPARE);
const _: () = assert!(Can::<Carried>::SERIALIZE, "it exists to cross the wire");

const _: () = assert!(!Can::<Secret<String>>::DISPLAY && !Can::<Secret<String>>::SERIALIZE);
const _: () = assert!(!Can::<Secret<Vec<u8>>>::DISPLAY && !Can::<Secret<Vec<u8>>>::SERIALIZE);
const _: () = assert!(!Can::<Secret<String>>::COMPARE, "only in constant time");
const _: () = assert!(!Can::<Carried>::DISPLAY && !Can::<Carried>::COMPARE);
const _: () = assert!(!Can::<CodeVerifier>::DISPLAY && !Can::<CodeVerifier>::SERIALIZE);
const _: () = assert!(!Can::<CodeVerifier>::CLONE && !Can::<CodeVerifier>::COMPARE);
const _: () = assert!(!Can::<State>::DISPLAY && !Can::<State>::SERIALIZE);
const _: () = assert!(!Can::<State>::COMPARE);
const _: () = assert!(!Can::<Nonce>::DISPLAY && !Can::<Nonce>::SERIALIZE);
const _: () = assert!(!Can::<Nonce>::COMPARE);
const _: () = assert!(!Can::<TokenResponse>::DISPLAY && !Can::<TokenResponse>::SERIALIZE);
const _: () = assert!(!Can::<UnmatchedCallback>::SERIALIZE && !Can::<Userinfo>::SERIALIZE);

#[test]
fn the_check_finds_a_secret_that_is_printed() {
    assert!(printed(&planted("x")).contains(CANARY));
    assert_eq!(planted("x").len(), 43);
}

#[test]
fn a_secret_value_does_not_print() {
    check("Secret", &Secret::new(planted("secret")));
    check(
        "Secret of bytes",
        &Secret::new(planted("bytes").into_bytes()),
    );
    check("Carried", &Carried::new(planted("carried")));
    check(
        "CodeVerifier",
        &CodeVerifier::parse(&planted("verifier")).unwrap(),
    );
    check("CodeVerifier", &CodeVerifier::from_random(&[7; 32]));
    check("State", &State::parse(&planted("state")).unwrap());
    check("Nonce", &Nonce::restore(planted("nonce")));
    assert_eq!(format!("{:?}", Secret::new(String::new())), "[redacted]");
}

#[test]
fn what_the_browser_keeps_does_not_print_and_does_serialize() {
    let saved = SavedAttempt::new(&CodeVerifier::parse(&planted("verifier")).unwrap(), 1);
    check("SavedAttempt", &saved);
    let json = serde_json::to_string(&saved).unwrap();
    let read: SavedAttempt = serde_json::from_str(&json).unwrap();
    assert_eq!(read.code_verifier.expose(), planted("verifier"));
    check("SavedAttempt that was read", &read);
}

#[test]
fn a_garbled_entry_of_the_browser_is_an_error_that_tells_nothing() {
    for entry in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        CANARY.to_owned(),
        format!("{{\"code_verifier\":\"{CANARY}\"}}"),
        format!("{{\"code_verifier\":{{\"{CANARY}\":1}},\"created_ms\":1}}"),
        format!("{{\"code_verifier\":\"{CANARY}\",\"created_ms\":null}}"),
        format!("{{\"code_verifier\":\"{CANARY}\",\"created_ms\":1"),
    ] {
        let error = serde_json::from_str::<SavedAttempt>(&entry).unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains(CANARY),
            "{entry}: {error}"
        );
    }
}

#[test]
fn messages_do_not_print() {
    let begin: BeginSignIn = serde_json::from_value(serde_json::json!({
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "state": planted("state"),
    }))
    .unwrap();
    check("BeginSignIn", &begin);
    check("CheckedBegin", &begin.check().unwrap());

    let complete: CompleteSignIn = serde_json::from_value(serde_json::json!({
        "state": planted("state"),
        "code": planted("code"),
        "code_verifier": planted("verifier"),
    }))
    .unwrap();
    check("CompleteSignIn", &complete);
    check("CheckedCompletion", &complete.check().unwrap());

    check(
        "Begun",
        &Begun {
            authorization_url: format!("https://h.example/?state={CANARY}"),
        },
    );
}

#[test]
fn a_callback_does_not_print() {
    let query = format!("code={}&state={}", planted("code"), planted("state"));
    let unmatched = UnmatchedCallback::parse(&query).unwrap();
    check("UnmatchedCallback", &unmatched);
    check("ValidatedCallback", &unmatched.judge().unwrap());
}

#[test]
fn requests_to_the_provider_do_not_print() {
    let endpoint = Url::parse("https://honest.example/authorize").unwrap();
    let state = State::parse(&planted("state")).unwrap();
    let nonce = Nonce::restore(planted("nonce"));
    let verifier = CodeVerifier::parse(&planted("verifier")).unwrap();
    let request = AuthorizationRequest {
        endpoint: &endpoint,
        client_id: "client-1",
        redirect_uri: "https://app.example/callback",
        scope: "openid",
        state: &state,
        nonce: Some(&nonce),
        code_challenge: &verifier.challenge(),
        prompt: None,
    };
    check("AuthorizationRequest", &request);
    assert!(
        !request.to_url().as_str().contains(verifier.expose()),
        "no verifier in the address"
    );

    let code = Secret::new(planted("code"));
    let exchange = CodeExchange {
        code: &code,
        redirect_uri: "https://app.example/callback",
        client_id: "client-1",
        code_verifier: &verifier,
    };
    check("CodeExchange", &exchange);
}

#[test]
fn answers_of_the_provider_do_not_print() {
    let body = serde_json::json!({
        "access_token": planted("access"),
        "refresh_token": planted("refresh"),
        "id_token": planted("id"),
        "token_type": "bearer",
    });
    check(
        "TokenResponse",
        &TokenResponse::parse(body.to_string().as_bytes()).unwrap(),
    );
}

#[test]
fn a_person_does_not_print() {
    let body = serde_json::json!({
        "sub": "user_1",
        "name": planted("name"),
        "given_name": planted("given"),
        "family_name": planted("family"),
        "preferred_username": planted("user"),
        "email": format!("{CANARY}@example.org"),
        "picture": format!("https://img.example/{CANARY}.png"),
    });
    let avatars = AvatarHosts::new(vec!["img.example".to_owned()]);
    let userinfo = Userinfo::parse(body.to_string().as_bytes(), &avatars).unwrap();
    check("Userinfo", &userinfo);
    check("Profile", &userinfo.profile);
    let profile: Option<Profile> = Some(userinfo.profile);
    check(
        "Completion",
        &Completion {
            profile,
            ..Completion::default()
        },
    );
}
