//! Every parser of foreign bytes, tried with documents that are nearly right: valid ones of which
//! members were changed, dropped, doubled and cut.
//!
//! A thousand cases each by default; `PROPTEST_CASES=1000000` looks longer.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select, test_runner::Config};
use serde_json::{Value, json};
use wrengate_protocol::{
    Secret,
    callback::UnmatchedCallback,
    discovery::Metadata,
    encoding::base64url,
    id_token::{Expected, Occasion, UnverifiedIdToken},
    issuer::Issuer,
    jwks::{Jwks, MOST_KEYS},
    nonce::Nonce,
    profile::AvatarHosts,
    signing::SigningAlgorithm,
    token::TokenResponse,
    userinfo::Userinfo,
};

const ISSUER: &str = "https://provider.example";

fn config() -> Config {
    Config {
        failure_persistence: None,
        ..Config::default()
    }
}

/// Any JSON, with the numbers and texts that readers stumble over.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(vec![
            json!(""),
            json!("https://provider.example"),
            json!("user_1"),
            json!("RS256"),
            json!("none"),
            json!("AQAB"),
            json!("\u{0}\u{202e}\u{feff}"),
            json!(1e308),
            json!(-1e308),
            json!(i64::MIN),
            json!("a".repeat(20_000)),
        ]),
    ];
    leaf.prop_recursive(40, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            vec((any::<String>(), inner), 0..8).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// The text of an object of which some members were changed, dropped or stand twice, and which may be
/// cut or have a byte changed.
fn nearly(valid: &Value) -> impl Strategy<Value = Vec<u8>> + use<> {
    let members: Vec<(String, Value)> = valid
        .as_object()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .collect();
    let names: Vec<String> = members.iter().map(|(name, _)| name.clone()).collect();
    let change = (
        select(names),
        prop_oneof![2 => any_json().prop_map(Some), 1 => Just(None)],
    );
    let bend = prop_oneof![
        6 => Just(None),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Some((at, Some(byte)))),
        1 => any::<prop::sample::Index>().prop_map(|at| Some((at, None))),
    ];
    (vec(change, 0..4), any::<bool>(), bend).prop_map(move |(changes, twice, bend)| {
        let mut all = members.clone();
        for (name, value) in changes {
            match value {
                Some(value) if twice => all.push((name, value)),
                Some(value) => all
                    .iter_mut()
                    .filter(|(known, _)| *known == name)
                    .for_each(|(_, old)| old.clone_from(&value)),
                None => all.retain(|(known, _)| *known != name),
            }
        }
        let members: Vec<String> = all
            .iter()
            .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
            .collect();
        let mut bytes = format!("{{{}}}", members.join(",")).into_bytes();
        match bend {
            Some((at, Some(byte))) => {
                let at = at.index(bytes.len());
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Some((at, None)) => bytes.truncate(at.index(bytes.len())),
            None => {}
        }
        bytes
    })
}

fn token_response() -> Value {
    json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 3600, "scope": "openid",
        "refresh_token": "refresh", "id_token": "id", "error": null,
    })
}

fn metadata() -> Value {
    let at = |path: &str| format!("{ISSUER}{path}");
    json!({
        "issuer": ISSUER, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/jwks"),
        "code_challenge_methods_supported": ["S256"], "prompt_values_supported": ["login"],
        "id_token_signing_alg_values_supported": ["RS256"], "revocation_endpoint": at("/revoke"),
        "pushed_authorization_request_endpoint": at("/par"), "end_session_endpoint": at("/end"),
        "authorization_response_iss_parameter_supported": true,
    })
}

fn userinfo() -> Value {
    json!({
        "sub": "user_1", "user_id": "user_2", "name": "Ada", "given_name": "Ada", "email": "a@b.c",
        "email_verified": true, "picture": "https://img.example/a.png", "preferred_username": "ada",
    })
}

fn key() -> Value {
    let bytes = |length: usize| base64url(&vec![0xc1; length]);
    json!({
        "kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "key_ops": ["verify"],
        "n": bytes(256), "e": "AQAB", "crv": "P-256", "x": bytes(32), "y": bytes(32),
    })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": ["the-client"], "azp": "the-client", "sub": "user_1", "exp": 1_000_600,
        "iat": 1_000_000, "nbf": 1_000_000, "nonce": "nonce", "at_hash": "x", "sid": "sid",
        "name": "Ada",
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn token_responses(body in nearly(&token_response())) {
        if let Ok(tokens) = TokenResponse::parse(&body) {
            prop_assert!(tokens.access_token.expose().len() <= 16 * 1024);
            prop_assert!(tokens.expires_in.is_none_or(|seconds| (1..=315_360_000).contains(&seconds)));
        }
    }

    #[test]
    fn metadata_documents(body in nearly(&metadata())) {
        let Ok(issuer) = Issuer::parse(ISSUER) else { return Err(TestCaseError::fail("issuer")) };
        if let Ok(metadata) = Metadata::parse(&body, &issuer) {
            prop_assert_eq!(metadata.issuer, Some(issuer));
            for endpoint in [Some(metadata.token_endpoint), metadata.jwks_uri, metadata.revocation_endpoint].into_iter().flatten() {
                prop_assert_eq!(endpoint.scheme(), "https");
            }
        }
    }

    #[test]
    fn userinfo_responses(body in nearly(&userinfo())) {
        let avatars = AvatarHosts::new(vec!["img.example".to_owned()]);
        if let Ok(userinfo) = Userinfo::parse(&body, &avatars) {
            prop_assert!((1..=255).contains(&userinfo.subject.len()));
            let profile = userinfo.profile;
            for text in [profile.name, profile.given_name, profile.email, profile.username].into_iter().flatten() {
                prop_assert!(text.chars().count() <= 200 && !text.chars().any(char::is_control));
            }
            prop_assert!(profile.picture.is_none_or(|address| address.starts_with("https://img.example/")));
        }
    }

    #[test]
    fn key_sets(keys in vec(nearly(&key()), 0..4)) {
        let mut body = br#"{"keys":["#.to_vec();
        body.extend(keys.join(&b','));
        body.extend(b"]}");
        if let Ok(keys) = Jwks::parse(&body) {
            prop_assert!((1..=MOST_KEYS).contains(&keys.len()));
            let found: usize = SigningAlgorithm::ALL.into_iter().map(|algorithm| keys.candidates(algorithm, None).count()).sum();
            prop_assert!(found >= keys.len());
        }
    }

    #[test]
    fn id_tokens(
        header in nearly(&json!({"alg": "RS256", "kid": "one", "typ": "JWT", "crit": ["x"]})),
        claims in nearly(&claims()),
        now in any::<i64>(),
        tolerance in any::<u64>(),
    ) {
        let token = format!("{}.{}.{}", base64url(&header), base64url(&claims), base64url(b"x"));
        let token = Secret::new(token);
        let Ok(unverified) = UnverifiedIdToken::parse(&token, &SigningAlgorithm::ALL) else { return Ok(()) };
        let Ok(signed) = unverified.verify(|_, _| true) else { return Err(TestCaseError::fail("verified")) };
        let Ok(issuer) = Issuer::parse(ISSUER) else { return Err(TestCaseError::fail("issuer")) };
        for now in [now, 1_000_000] {
            let judged = signed.judge(&Expected {
                issuer: &issuer,
                client_id: "the-client",
                trusted_audiences: &[],
                occasion: Occasion::SignIn(&Nonce::restore("nonce".to_owned())),
                access_token: &Secret::new("access".to_owned()),
                now,
                tolerance: Duration::from_secs(tolerance),
            });
            if let Ok(id_token) = judged {
                prop_assert!((1..=255).contains(&id_token.subject.len()));
            }
        }
    }

    #[test]
    fn callbacks(query in "(\\?|&|=|%|code|state|error|iss|error_description|[A-Za-z0-9_-]{0,50}|%[0-9a-f]{0,2}|\\PC){0,20}") {
        if let Ok(callback) = UnmatchedCallback::parse(&query) {
            let state = callback.state().expose().to_owned();
            prop_assert!((22..=128).contains(&state.len()));
            // Whatever comes of it, it is judged.
            drop(callback.judge());
        }
    }
}

/// The documents that everything above is a change of are right.
#[test]
fn the_unchanged_documents_are_accepted() {
    let text = |value: Value| value.to_string().into_bytes();
    assert!(TokenResponse::parse(&text(token_response())).is_ok());
    assert!(Metadata::parse(&text(metadata()), &Issuer::parse(ISSUER).unwrap()).is_ok());
    assert!(Userinfo::parse(&text(userinfo()), &AvatarHosts::default()).is_ok());
    assert!(Jwks::parse(&text(json!({"keys": [key()]}))).is_ok());
}
