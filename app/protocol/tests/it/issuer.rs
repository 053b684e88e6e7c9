//! Issuers and endpoints: which addresses are allowed, and when `iss` lets an answer pass.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use url::Url;
use wrengate_protocol::issuer::{EndpointError, Issuer, is_loopback, parse_endpoint};

#[test]
fn an_issuer_is_compared_as_the_exact_text() {
    let issuer = Issuer::parse("https://honest.example").unwrap();
    for advertised in [true, false] {
        assert!(issuer.accepts(Some("https://honest.example"), advertised));
        for other in [
            "https://honest.example/",
            "https://honest.example:443",
            "https://HONEST.example",
            "HTTPS://honest.example",
            "http://honest.example",
            "https://honest.example.evil.example",
            "https://honest.example@evil.example",
            "https://honest.exampl",
            "https://honest.example ",
            " https://honest.example",
            "https://honest.example\0",
            "https%3A%2F%2Fhonest.example",
            "",
        ] {
            assert!(!issuer.accepts(Some(other), advertised), "{other:?}");
        }
    }
    let with_slash = Issuer::parse("https://honest.example/").unwrap();
    assert!(with_slash.accepts(Some("https://honest.example/"), true));
    assert!(!with_slash.accepts(Some("https://honest.example"), true));
}

#[test]
fn a_missing_iss_passes_only_where_none_was_promised() {
    let issuer = Issuer::parse("https://honest.example").unwrap();
    assert!(issuer.accepts(None, false));
    assert!(!issuer.accepts(None, true));
}

#[test]
fn an_issuer_keeps_its_text() {
    for text in [
        "https://h.example",
        "https://h.example/",
        "https://H.example:443/a",
        "http://[::1]:4000",
    ] {
        let issuer = Issuer::parse(text).unwrap();
        assert_eq!(issuer.as_str(), text);
        assert_eq!(issuer.to_string(), text);
    }
}

#[test]
fn an_issuer_that_cannot_be_one_names_the_broken_rule() {
    for (text, error) in [
        ("", EndpointError::NotUrl),
        ("h.example", EndpointError::NotUrl),
        ("//h.example", EndpointError::NotUrl),
        ("https://", EndpointError::NotUrl),
        (" https://h.example", EndpointError::Character),
        ("https://h.example\n", EndpointError::Character),
        ("https://h.\texample", EndpointError::Character),
        ("https:h.example", EndpointError::NotUrl),
        ("https:/h.example", EndpointError::NotUrl),
        ("https:\\\\h.example", EndpointError::NotUrl),
        ("https:///h.example", EndpointError::NotUrl),
        ("https://h\u{e9}.example", EndpointError::Character),
        ("http://h.example", EndpointError::NotHttps),
        ("http://10.0.0.1", EndpointError::NotHttps),
        ("http://localhost.h.example", EndpointError::NotHttps),
        ("http://0.0.0.0", EndpointError::NotHttps),
        ("ftp://h.example", EndpointError::NotHttps),
        ("file:///etc/passwd", EndpointError::NotHttps),
        ("javascript:alert(1)", EndpointError::NotHttps),
        ("data:text/html,x", EndpointError::NotHttps),
        ("blob:https://h.example/x", EndpointError::NotHttps),
        ("https://me@h.example", EndpointError::Credentials),
        ("https://me:pass@h.example", EndpointError::Credentials),
        ("https://:pass@h.example", EndpointError::Credentials),
        ("https://h.example?", EndpointError::QueryOrFragment),
        ("https://h.example?tenant=1", EndpointError::QueryOrFragment),
        ("https://h.example#", EndpointError::QueryOrFragment),
        ("https://h.example/#x", EndpointError::QueryOrFragment),
    ] {
        assert_eq!(Issuer::parse(text).unwrap_err(), error, "{text:?}");
    }
}

#[test]
fn an_endpoint_may_have_a_query_and_no_fragment() {
    assert_eq!(
        parse_endpoint("https://h.example/a?tenant=1")
            .unwrap()
            .as_str(),
        "https://h.example/a?tenant=1"
    );
    assert_eq!(
        parse_endpoint("https://h.example/a#x").unwrap_err(),
        EndpointError::QueryOrFragment
    );
}

#[test]
fn loopback_is_this_machine_by_whatever_name() {
    for text in [
        "http://localhost",
        "http://LOCALHOST:3000/a",
        "http://localhost.:3000",
        "http://app.localhost",
        "http://127.0.0.1",
        "http://127.1.2.3",
        "http://2130706433",
        "http://0x7f.1",
        "http://[::1]:4000",
        "http://[::ffff:127.0.0.1]",
    ] {
        assert!(is_loopback(&Url::parse(text).unwrap()), "{text}");
        assert!(parse_endpoint(text).is_ok(), "{text}");
    }
    for text in [
        "http://localhost.example",
        "http://notlocalhost",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::2]",
        "http://127.0.0.1.example",
        "http://[::ffff:10.0.0.1]",
    ] {
        assert!(!is_loopback(&Url::parse(text).unwrap()), "{text}");
        assert_eq!(
            parse_endpoint(text).unwrap_err(),
            EndpointError::NotHttps,
            "{text}"
        );
    }
}
