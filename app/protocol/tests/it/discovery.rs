//! Provider metadata: whose it is, where it leads, whether it can do S256.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use serde_json::{Value, json};
use wrengate_protocol::{
    discovery::{Metadata, MetadataError},
    issuer::{EndpointError, Issuer},
    json::JsonError,
};

const ISSUER: &str = "https://honest.example";
const ENDPOINTS: [&str; 3] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
];

/// A document without fault.
fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://honest.example/authorize",
        "token_endpoint": "https://honest.example/token",
        "userinfo_endpoint": "https://honest.example/userinfo",
        "code_challenge_methods_supported": ["plain", "S256"],
    })
}

/// Reads the document with one member set; `None` takes it away.
fn with(member: &str, value: Option<Value>) -> Result<Metadata, MetadataError> {
    let mut document = document();
    if let Some(object) = document.as_object_mut() {
        match value {
            Some(value) => object.insert(member.to_owned(), value),
            None => object.remove(member),
        };
    }
    read(&document.to_string(), ISSUER)
}

fn read(document: &str, issuer: &str) -> Result<Metadata, MetadataError> {
    let issuer = Issuer::parse(issuer).map_err(|reason| MetadataError::Endpoint {
        name: "the test's own issuer",
        reason,
    })?;
    Metadata::parse(document.as_bytes(), &issuer)
}

#[test]
fn a_document_without_fault_is_read() {
    let metadata = read(&document().to_string(), ISSUER).unwrap();
    assert_eq!(metadata.issuer.unwrap().as_str(), ISSUER);
    assert_eq!(
        metadata.authorization_endpoint.as_str(),
        "https://honest.example/authorize"
    );
    assert_eq!(
        metadata.token_endpoint.as_str(),
        "https://honest.example/token"
    );
    assert_eq!(
        metadata.userinfo_endpoint.as_str(),
        "https://honest.example/userinfo"
    );
    assert!(!metadata.iss_advertised);
    assert!(metadata.prompts.is_empty());
}

#[test]
fn a_document_of_another_issuer_is_refused() {
    for found in [
        json!("https://honest.example/"),
        json!("https://HONEST.example"),
        json!("https://honest.example:443"),
        json!("http://honest.example"),
        json!("https://evil.example"),
        json!(""),
        json!(null),
        json!(["https://honest.example"]),
        json!(1),
    ] {
        let error = with("issuer", Some(found.clone())).unwrap_err();
        assert!(matches!(error, MetadataError::Issuer { .. }), "{found}");
    }
    assert!(matches!(
        with("issuer", None),
        Err(MetadataError::Issuer { .. })
    ));
}

#[test]
fn a_foreign_issuer_is_quoted_cut_and_without_control_characters() {
    let found = format!("https://evil.example/\u{202e}\r\n{}", "x".repeat(10_000));
    let shown = with("issuer", Some(json!(found))).unwrap_err().to_string();
    assert!(shown.len() < 400, "{shown}");
    assert!(!shown.contains(['\u{202e}', '\r', '\n']), "{shown}");
    assert!(shown.contains(ISSUER), "{shown}");
}

#[test]
fn an_endpoint_that_is_missing_or_not_https_is_refused_by_name() {
    for name in ENDPOINTS {
        for (value, reason) in [
            (None, EndpointError::NotUrl),
            (Some(json!(null)), EndpointError::NotUrl),
            (Some(json!("")), EndpointError::NotUrl),
            (Some(json!(1)), EndpointError::NotUrl),
            (Some(json!("/token")), EndpointError::NotUrl),
            (
                Some(json!("http://honest.example/x")),
                EndpointError::NotHttps,
            ),
            (Some(json!("file:///etc/passwd")), EndpointError::NotHttps),
            (Some(json!("javascript:alert(1)")), EndpointError::NotHttps),
            (
                Some(json!("https://me:pass@honest.example/x")),
                EndpointError::Credentials,
            ),
            (
                Some(json!("https://honest.example/x#y")),
                EndpointError::QueryOrFragment,
            ),
        ] {
            let error = with(name, value.clone()).unwrap_err();
            assert_eq!(
                error,
                MetadataError::Endpoint { name, reason },
                "{name} {value:?}"
            );
        }
    }
}

#[test]
fn a_public_issuer_cannot_send_us_to_this_machine() {
    for name in ENDPOINTS {
        for inside in [
            "http://127.0.0.1/x",
            "https://127.0.0.1/x",
            "https://127.0.0.1:8443/x",
            "https://localhost/x",
            "https://localhost./x",
            "https://app.localhost/x",
            "https://[::1]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://2130706433/x",
            "https://0.0.0.0/x",
            "https://[::]/x",
            "https://[::ffff:0.0.0.0]/x",
        ] {
            let error = with(name, Some(json!(inside))).unwrap_err();
            let expected = MetadataError::Endpoint {
                name,
                reason: EndpointError::NotHttps,
            };
            assert_eq!(error, expected, "{name} {inside}");
        }
    }
}

#[test]
fn an_issuer_on_loopback_may_lead_to_loopback() {
    let local = document()
        .to_string()
        .replace("https://honest.example", "http://localhost:4000");
    let metadata = read(&local, "http://localhost:4000").unwrap();
    assert_eq!(
        metadata.token_endpoint.as_str(),
        "http://localhost:4000/token"
    );
}

#[test]
fn an_endpoint_on_another_https_host_is_accepted() {
    for name in ENDPOINTS {
        assert!(
            with(name, Some(json!("https://elsewhere.example/x?y=1"))).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn methods_that_are_listed_must_hold_s256() {
    let name = "code_challenge_methods_supported";
    for methods in [
        json!([]),
        json!(["plain"]),
        json!(["s256"]),
        json!(["S256 "]),
        json!("S256"),
        json!({"S256": true}),
        json!(null),
        json!([["S256"]]),
    ] {
        let error = with(name, Some(methods.clone())).unwrap_err();
        assert_eq!(error, MetadataError::NoS256, "{methods}");
    }
    assert!(with(name, Some(json!(["S256"]))).is_ok());
    assert!(
        with(name, None).is_ok(),
        "small providers leave the list out"
    );
}

#[test]
fn the_issuer_parameter_is_advertised_by_true_alone() {
    let name = "authorization_response_iss_parameter_supported";
    assert!(with(name, Some(json!(true))).unwrap().iss_advertised);
    for value in [
        json!(false),
        json!("true"),
        json!(1),
        json!(null),
        json!([true]),
    ] {
        assert!(
            !with(name, Some(value.clone())).unwrap().iss_advertised,
            "{value}"
        );
    }
}

#[test]
fn prompts_are_read_where_they_are_listed() {
    let name = "prompt_values_supported";
    let metadata = with(name, Some(json!(["login", 1, "select_account"]))).unwrap();
    assert_eq!(metadata.prompts, ["login", "select_account"]);
    assert!(with(name, Some(json!("login"))).unwrap().prompts.is_empty());
}

#[test]
fn unknown_members_are_ignored() {
    assert!(with("x_private", Some(json!({"a": [1, {"b": null}]}))).is_ok());
}

#[test]
fn what_is_not_one_object_is_refused() {
    for body in [
        "",
        "null",
        "[]",
        "\"x\"",
        "<html>",
        "{",
        "{} {}",
        "\u{feff}{}",
    ] {
        assert_eq!(
            read(body, ISSUER).unwrap_err(),
            MetadataError::Json(JsonError),
            "{body}"
        );
    }
    let twice = document()
        .to_string()
        .replacen('{', "{\"issuer\":\"https://evil.example\",", 1);
    assert_eq!(
        read(&twice, ISSUER).unwrap_err(),
        MetadataError::Json(JsonError)
    );
}
