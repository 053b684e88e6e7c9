//! Verifier, challenge, state and nonce: form, difference, comparison.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::HashSet;

use wrengate_protocol::{
    encoding::{base64url, equal_in_constant_time, is_base64url, sha256},
    nonce::Nonce,
    pkce::{CodeChallenge, CodeChallengeError, CodeVerifier, CodeVerifierError},
    state::{State, StateError},
};

/// Bytes that differ for each number and have every value at every place sooner or later.
fn bytes(number: u32) -> [u8; 32] {
    sha256(&number.to_string())
}

#[test]
fn ten_thousand_verifiers_are_unreserved_different_and_unpadded() {
    let mut verifiers = HashSet::new();
    let mut challenges = HashSet::new();
    let mut alphabet = HashSet::new();
    for number in 0..10_000 {
        let verifier = CodeVerifier::from_random(&bytes(number));
        let text = verifier.expose();
        assert_eq!(text.len(), 43, "{text}");
        assert!(is_base64url(text), "{text}");
        assert!(CodeVerifier::parse(text).is_ok(), "{text}");
        alphabet.extend(text.bytes());
        verifiers.insert(text.to_owned());

        let challenge = verifier.challenge();
        assert!(challenge.fits(&verifier));
        assert!(CodeChallenge::parse(challenge.as_str()).is_ok());
        challenges.insert(challenge.as_str().to_owned());
    }
    assert_eq!(verifiers.len(), 10_000);
    assert_eq!(challenges.len(), 10_000);
    assert!(!alphabet.contains(&b'='));
    assert_eq!(alphabet.len(), 64, "the whole alphabet is used");
}

#[test]
fn every_random_bit_reaches_verifier_state_and_nonce() {
    for bit in 0..256 {
        let mut bytes = [0; 32];
        bytes[bit / 8] = 1 << (bit % 8);
        assert_ne!(
            CodeVerifier::from_random(&bytes).expose(),
            CodeVerifier::from_random(&[0; 32]).expose()
        );
        assert_ne!(
            State::from_random(&bytes).expose(),
            State::from_random(&[0; 32]).expose()
        );
        assert_ne!(
            Nonce::from_random(&bytes).expose(),
            Nonce::from_random(&[0; 32]).expose()
        );
    }
}

#[test]
fn a_verifier_of_another_form_is_refused() {
    for (text, error) in [
        (String::new(), CodeVerifierError::Length),
        ("a".repeat(42), CodeVerifierError::Length),
        ("a".repeat(129), CodeVerifierError::Length),
        ("é".repeat(21), CodeVerifierError::Length),
        ("é".repeat(22), CodeVerifierError::Character),
        (format!("{}=", "a".repeat(42)), CodeVerifierError::Character),
        (format!("{}+", "a".repeat(42)), CodeVerifierError::Character),
        (format!("{}/", "a".repeat(42)), CodeVerifierError::Character),
        (format!("{} ", "a".repeat(42)), CodeVerifierError::Character),
        (
            format!("{}\n", "a".repeat(43)),
            CodeVerifierError::Character,
        ),
        (
            format!("{}\0", "a".repeat(43)),
            CodeVerifierError::Character,
        ),
        (
            format!("{}%41", "a".repeat(43)),
            CodeVerifierError::Character,
        ),
    ] {
        assert_eq!(CodeVerifier::parse(&text).unwrap_err(), error, "{text:?}");
    }
    for text in [
        "a".repeat(43),
        "a".repeat(128),
        format!("-._~{}", "Z9".repeat(20)),
    ] {
        assert!(CodeVerifier::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn a_challenge_of_another_form_is_refused() {
    for text in [
        String::new(),
        "a".repeat(42),
        "a".repeat(44),
        format!("{}=", "a".repeat(42)),
        format!("{}.", "a".repeat(42)),
        format!("{}~", "a".repeat(42)),
        format!("{}\u{e9}", "a".repeat(41)),
        format!("{}\n", "a".repeat(42)),
    ] {
        assert_eq!(
            CodeChallenge::parse(&text).unwrap_err(),
            CodeChallengeError,
            "{text:?}"
        );
        let json = serde_json::to_string(&text).unwrap();
        assert!(
            serde_json::from_str::<CodeChallenge>(&json).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn a_challenge_fits_one_verifier_alone() {
    let verifier = CodeVerifier::from_random(&bytes(1));
    let challenge = verifier.challenge();
    assert!(challenge.fits(&verifier));
    assert!(!challenge.fits(&CodeVerifier::from_random(&bytes(2))));

    // The method `plain`, where the verifier is its own challenge, must not slip in.
    let plain = CodeChallenge::parse(verifier.expose()).unwrap();
    assert!(!plain.fits(&verifier));

    for place in 0..43 {
        let mut changed = verifier.expose().as_bytes().to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(
            !challenge.fits(&CodeVerifier::parse(&changed).unwrap()),
            "place {place}"
        );
    }
    let longer = format!("{}A", verifier.expose());
    assert!(!challenge.fits(&CodeVerifier::parse(&longer).unwrap()));
}

#[test]
fn a_challenge_survives_the_wire() {
    let challenge = CodeVerifier::from_random(&bytes(3)).challenge();
    let json = serde_json::to_string(&challenge).unwrap();
    assert_eq!(json, format!("\"{}\"", challenge.as_str()));
    assert_eq!(
        serde_json::from_str::<CodeChallenge>(&json).unwrap(),
        challenge
    );
}

#[test]
fn a_state_of_another_form_is_refused() {
    for text in [
        String::new(),
        "a".repeat(21),
        "a".repeat(129),
        format!("{}=", "a".repeat(22)),
        format!("{}.", "a".repeat(22)),
        format!("{} ", "a".repeat(22)),
        format!("{}\u{e9}", "a".repeat(22)),
        format!("{}\u{fffd}", "a".repeat(22)),
        format!("{}\n", "a".repeat(22)),
    ] {
        assert_eq!(State::parse(&text).unwrap_err(), StateError, "{text:?}");
    }
    assert!(State::parse(&"a".repeat(22)).is_ok());
    assert!(State::parse(&"_-".repeat(64)).is_ok());
}

#[test]
fn a_store_learns_the_hash_of_a_state_and_not_the_state() {
    let state = State::from_random(&bytes(4));
    assert_eq!(state.hash(), sha256(state.expose()));
    assert_ne!(base64url(&state.hash()), state.expose());
    assert_ne!(state.hash(), State::from_random(&bytes(5)).hash());
}

#[test]
fn a_nonce_is_restored_as_it_was() {
    let nonce = Nonce::from_random(&bytes(6));
    assert_eq!(nonce.expose().len(), 43);
    assert_eq!(
        Nonce::restore(nonce.expose().to_owned()).expose(),
        nonce.expose()
    );
}

#[test]
fn comparison_in_constant_time_still_compares() {
    assert!(equal_in_constant_time(b"", b""));
    assert!(equal_in_constant_time(b"same", b"same"));
    assert!(!equal_in_constant_time(b"same", b"sama"));
    assert!(!equal_in_constant_time(b"same", b"sam"));
    assert!(!equal_in_constant_time(b"", b"s"));
}
