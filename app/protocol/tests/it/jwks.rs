//! Signing keys (G14): the fit ones are kept, the others skipped.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    encoding::base64url,
    jwks::{Jwks, JwksError, KeyMaterial, MOST_KEYS},
    signing::SigningAlgorithm::{self, EdDsa, Es256, Es384, Ps256, Rs256, Rs512},
};

fn bytes(length: usize) -> String {
    base64url(&vec![0xc1; length])
}

fn rsa() -> Value {
    json!({"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "n": bytes(256), "e": "AQAB"})
}

fn parse(keys: &[Value]) -> Result<Jwks, JwksError> {
    Jwks::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn with(name: &str, value: Option<Value>) -> Value {
    let mut key = rsa();
    if let Some(members) = key.as_object_mut() {
        match value {
            Some(value) => members.insert(name.to_owned(), value),
            None => members.remove(name),
        };
    }
    key
}

fn count(keys: &Jwks, algorithm: SigningAlgorithm, kid: Option<&str>) -> usize {
    keys.candidates(algorithm, kid).count()
}

#[test]
fn a_key_is_found_by_its_id_and_its_algorithm() {
    let keys = parse(&[
        rsa(),
        with("kid", Some(json!("two"))),
        with("alg", None),
        json!({"kty": "EC", "crv": "P-256", "kid": "ec", "x": bytes(32), "y": bytes(32)}),
        json!({"kty": "EC", "crv": "P-384", "x": bytes(48), "y": bytes(48)}),
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": bytes(32), "alg": "Ed25519"}),
    ])
    .unwrap();
    assert_eq!(count(&keys, Rs256, Some("two")), 1);
    assert_eq!(count(&keys, Rs256, Some("one")), 2, "the same id twice");
    assert_eq!(count(&keys, Rs256, None), 3);
    assert_eq!(count(&keys, Ps256, Some("one")), 1, "the one without alg");
    assert_eq!(count(&keys, Rs512, Some("two")), 0, "it is for RS256");
    assert_eq!(count(&keys, Es256, Some("ec")), 1);
    assert_eq!(count(&keys, Es256, Some("one")), 0, "of another kind");
    assert_eq!(count(&keys, Es384, None), 1);
    assert_eq!(count(&keys, Es384, Some("ec")), 0);
    assert_eq!(count(&keys, EdDsa, Some("ed")), 1);
    assert_eq!(count(&keys, Rs256, Some("three")), 0);
}

#[test]
fn unfit_keys_are_skipped() {
    for unfit in [
        json!({"kty": "oct", "k": "c2VjcmV0"}),
        with("d", Some(json!("AQ"))),
        with("k", Some(json!("AQ"))),
        with("use", Some(json!("enc"))),
        with("key_ops", Some(json!(["encrypt"]))),
        with("alg", Some(json!("none"))),
        with("alg", Some(json!("HS256"))),
        with("alg", Some(json!("ES256"))),
        with("alg", Some(json!("RSA-OAEP"))),
        with("alg", Some(json!(1))),
        with("kid", Some(json!(1))),
        with("kid", Some(json!("k".repeat(513)))),
        with("n", Some(json!(bytes(255)))),
        with("n", Some(json!(bytes(1025)))),
        with("n", Some(json!(format!("{}=", bytes(256))))),
        with("n", None),
        with("e", Some(json!("AQ"))),
        with("e", Some(json!("AA"))),
        with("e", Some(json!("Ag"))),
        with("e", Some(json!(bytes(5)))),
        with("e", None),
        with("kty", Some(json!("rsa"))),
        with("kty", None),
        json!({"kty": "EC", "crv": "secp256k1", "x": bytes(32), "y": bytes(32)}),
        json!({"kty": "EC", "crv": "P-256", "x": bytes(31), "y": bytes(32)}),
        json!({"kty": "EC", "crv": "P-256", "x": bytes(32)}),
        json!({"kty": "OKP", "crv": "X25519", "x": bytes(32)}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": bytes(33)}),
        json!("a key"),
        json!(null),
    ] {
        assert_eq!(
            parse(std::slice::from_ref(&unfit)),
            Err(JwksError::NoUsableKey),
            "{unfit}"
        );
        assert_eq!(
            parse(&[unfit.clone(), rsa()]).map(|keys| keys.len()),
            Ok(1),
            "{unfit}"
        );
    }
    let verifies = with("key_ops", Some(json!(["verify"])));
    assert!(parse(&[verifies]).is_ok());
}

#[test]
fn a_leading_zero_of_a_modulus_is_read_over() {
    let mut padded = vec![0];
    padded.extend([0xc1; 256]);
    let keys = parse(&[with("n", Some(json!(base64url(&padded))))]).unwrap();
    let found = keys.candidates(Rs256, None).next();
    assert!(matches!(found, Some(KeyMaterial::Rsa { n, .. }) if n.len() == 256));
}

#[test]
fn a_document_without_keys_is_refused() {
    for (body, error) in [
        ("", None),
        ("[]", None),
        ("<html>", None),
        (r#"{"keys":[],"keys":[]}"#, None),
        ("{}", Some(JwksError::NoList)),
        (r#"{"keys":{}}"#, Some(JwksError::NoList)),
        (r#"{"keys":[]}"#, Some(JwksError::NoUsableKey)),
    ] {
        let found = Jwks::parse(body.as_bytes());
        match error {
            Some(error) => assert_eq!(found, Err(error), "{body}"),
            None => assert!(matches!(found, Err(JwksError::Json(_))), "{body}"),
        }
    }
}

#[test]
fn no_more_than_a_hundred_keys_are_kept() {
    let many: Vec<Value> = (0..10_000).map(|_| rsa()).collect();
    assert_eq!(parse(&many).map(|keys| keys.len()), Ok(MOST_KEYS));
}
