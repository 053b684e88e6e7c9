//! The catalogue of failures: which exist, and that one code names each of them everywhere.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use std::collections::BTreeSet;

use wrengate_protocol::{
    Failure, Step,
    failure::{Actor, Severity},
};

/// Every code that has a page, in the order of the catalogue.
const CATALOGUE: [&str; 54] = [
    "cancelled",
    "not-allowed",
    "request-unreadable",
    "client-not-allowed",
    "answer-type",
    "scope-refused",
    "provider-fault",
    "provider-busy",
    "sign-in-needed",
    "consent-needed",
    "pick-account",
    "option-unknown",
    "step-up",
    "target-unknown",
    "unrecognised",
    "no-state",
    "state-unmatched",
    "verifier-lost",
    "too-long",
    "already-used",
    "answer-incomplete",
    "wrong-issuer",
    "code-expired",
    "proof-mismatch",
    "client-rejected",
    "exchange-refused",
    "answer-unreadable",
    "answer-lost",
    "id-untrusted",
    "clock-skew",
    "subject-mismatch",
    "access-ended",
    "profile-refused",
    "provider-timeout",
    "provider-unreachable",
    "metadata-wrong",
    "offline",
    "app-unreachable",
    "too-many",
    "provider-limit",
    "session-expired",
    "session-over",
    "session-revoked",
    "storage-blocked",
    "cookies-blocked",
    "insecure-page",
    "no-random",
    "page-outdated",
    "not-from-here",
    "app-busy",
    "store-down",
    "not-configured",
    "not-found",
    "unexpected",
];

/// Every step, in the order of the flow.
pub(crate) const STEPS: [Step; 18] = [
    Step::Start,
    Step::MakeProof,
    Step::SaveAttempt,
    Step::Register,
    Step::Leave,
    Step::AtProvider,
    Step::Callback,
    Step::Submit,
    Step::OriginGate,
    Step::FindAttempt,
    Step::CheckIssuer,
    Step::CheckProof,
    Step::Consume,
    Step::Exchange,
    Step::CheckIdToken,
    Step::Userinfo,
    Step::OpenSession,
    Step::Arrive,
];

fn is_kebab_case(code: &str) -> bool {
    code.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[test]
fn the_catalogue_is_complete_and_in_order() {
    let codes: Vec<_> = Failure::ALL.iter().map(|failure| failure.code()).collect();
    assert_eq!(codes, CATALOGUE);
}

#[test]
fn codes_are_unique_and_kebab_case() {
    let codes: BTreeSet<_> = Failure::ALL.iter().map(|failure| failure.code()).collect();
    assert_eq!(codes.len(), Failure::ALL.len());
    for code in codes {
        assert!(is_kebab_case(code), "{code}");
    }
}

#[test]
fn a_code_leads_back_to_its_failure() {
    for &failure in Failure::ALL {
        let code = failure.code();
        assert_eq!(Failure::from_code(code), Some(failure));
        assert_eq!(failure.to_string(), code);
        let json = serde_json::to_string(&failure).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<Failure>(&json).unwrap(), failure);
    }
    for code in [
        "",
        "Cancelled",
        "CANCELLED",
        "cancelled ",
        "no_state",
        "../cancelled",
        "x",
    ] {
        assert_eq!(Failure::from_code(code), None, "{code:?}");
    }
    for json in [
        "\"x\"",
        "\"Cancelled\"",
        "1",
        "null",
        "{\"code\":\"cancelled\"}",
    ] {
        assert!(serde_json::from_str::<Failure>(json).is_err(), "{json}");
    }
}

#[test]
fn an_unknown_code_is_not_repeated() {
    let error = serde_json::from_str::<Failure>("\"canary-1f7a\"")
        .unwrap_err()
        .to_string();
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn a_status_fits_what_the_failure_means() {
    for &failure in Failure::ALL {
        match failure.status() {
            // An outcome, not an error.
            Some(200) => assert_eq!(failure, Failure::Cancelled),
            Some(status) => assert!((400..=599).contains(&status), "{failure}: {status}"),
            // What happens in the browser alone.
            None => assert!(
                matches!(
                    failure,
                    Failure::Offline | Failure::AppUnreachable | Failure::NoRandom
                ),
                "{failure}"
            ),
        }
    }
}

#[test]
fn what_an_operator_must_mend_is_loud_and_what_a_person_can_is_not() {
    for &failure in Failure::ALL {
        match failure.actor() {
            Actor::Person => assert_ne!(failure.severity(), Severity::Error, "{failure}"),
            Actor::Operator if failure != Failure::NotAllowed => {
                assert_eq!(failure.severity(), Severity::Error, "{failure}");
            }
            Actor::Operator | Actor::Provider => {}
        }
    }
}

#[test]
fn the_same_body_may_be_sent_again_only_where_nothing_was_consumed() {
    let again: Vec<_> = Failure::ALL
        .iter()
        .filter(|failure| failure.allows_same_body_again())
        .collect();
    assert_eq!(
        again,
        [&Failure::TooMany, &Failure::AppBusy, &Failure::StoreDown]
    );
}

#[test]
fn steps_go_from_one_to_ten_in_order_with_codes_of_their_own() {
    assert!(
        STEPS.is_sorted(),
        "the order of the variants is the order of the flow"
    );
    assert!(STEPS.iter().map(|step| step.number()).is_sorted());
    let numbers: BTreeSet<_> = STEPS.iter().map(|step| step.number()).collect();
    assert!(numbers.iter().copied().eq(1..=10), "{numbers:?}");

    let codes: BTreeSet<_> = STEPS.iter().map(|step| step.code()).collect();
    assert_eq!(codes.len(), STEPS.len());
    for step in STEPS {
        assert!(is_kebab_case(step.code()), "{step}");
        assert_eq!(step.to_string(), step.code());
    }
}
