//! What holds for every logout token, tried with generated ones.

use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};
use wrengate_protocol::logout_token::{EVENT, Leaving, OLDEST};

use super::logout_token::{NOW, TOLERANCE, claims, judge, with};

fn thorough() -> Config {
    Config {
        cases: 1024,
        failure_persistence: None,
        ..Config::default()
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!(EVENT)),
        Just(json!("the-client")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #![proptest_config(thorough())]

    /// Whatever a claim holds, nothing panics; and who is believed keeps every rule.
    #[test]
    fn token_that_is_believed_keeps_the_rules(
        name in prop::sample::select(vec![
            "iss", "aud", "sub", "sid", "iat", "exp", "nbf", "jti", "events", "nonce",
        ]),
        value in prop::option::of(any_value()),
    ) {
        let claims = with(claims(), name, value);
        let header = json!({"alg": "RS256"});
        if let Ok(token) = judge(&header, &claims) {
            prop_assert!(claims.get("nonce").is_none());
            prop_assert!(claims.pointer("/events").and_then(|it| it.get(EVENT)).is_some_and(Value::is_object));
            prop_assert_eq!(claims.get("jti"), Some(&json!(token.id)));
            let named = match &token.leaving {
                Leaving::Subject(subject) => (Some(subject), None),
                Leaving::Session(sid) => (None, Some(sid)),
                Leaving::SubjectsSession { subject, sid } => (Some(subject), Some(sid)),
            };
            prop_assert_eq!(claims.get("sub").and_then(Value::as_str), named.0.map(String::as_str));
            prop_assert_eq!(claims.get("sid").and_then(Value::as_str), named.1.map(String::as_str));
            prop_assert!(token.refused_from > NOW, "it is refused from later than now on");
        }
    }

    /// A token is taken within its window and nowhere else, and says truly when that ends.
    #[test]
    fn age_is_bounded_on_both_sides(offset in -1000_i64..1000) {
        let claims = with(with(claims(), "exp", None), "iat", Some(json!(NOW + offset)));
        let oldest = i64::try_from(OLDEST.as_secs()).unwrap_or_default();
        let fits = (-oldest - TOLERANCE..=TOLERANCE).contains(&offset);
        let found = judge(&json!({"alg": "RS256"}), &claims);
        prop_assert_eq!(found.is_ok(), fits);
        if let Ok(token) = found {
            prop_assert_eq!(token.refused_from, NOW + offset + oldest + TOLERANCE + 1);
        }
    }
}
