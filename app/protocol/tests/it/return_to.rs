//! Where a person may be sent after signing in.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use url::Url;
use wrengate_protocol::return_to::{ReturnTo, is_local_path};

const ORIGINS: [&str; 3] = [
    "https://app.example",
    "https://app.example:8443",
    "http://localhost:3000",
];

/// What a proposal becomes, which is the same on every origin; `None` where it is not.
fn kept(proposed: &str) -> Option<String> {
    let mut results = ORIGINS
        .iter()
        .filter_map(|origin| Url::parse(origin).ok())
        .map(|origin| ReturnTo::parse(Some(proposed), &origin).as_str().to_owned());
    let first = results.next()?;
    results.all(|result| result == first).then_some(first)
}

#[test]
fn what_could_leave_the_origin_becomes_the_account_page() {
    for proposed in [
        // Not a path.
        "",
        " ",
        "account",
        "?x",
        "#x",
        ".",
        "..",
        "./account",
        "h.example",
        // An address.
        "https:h",
        "https:/h",
        "https://h",
        "https://app.example.h",
        "https://app.example@h/",
        "https://app.example/account",
        "HTTPS://h",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "blob:https://app.example/x",
        // A host in disguise.
        "//h",
        "///h",
        "////h",
        "//app.example",
        "//app.example@h",
        "/\\h",
        "\\/h",
        "\\\\h",
        "/\\/h",
        "/account\\..\\..\\h",
        "/%2f%2fh",
        "/%2F/h",
        "/%5ch",
        "/%5C%5Ch",
        // What a browser drops from an address before it reads it.
        "/\th",
        "/\t/h",
        "/\n/h",
        "/\r\n/h",
        "\t//h",
        " //h",
        "\u{0}//h",
        "/ok\tx",
        "/ok\0",
        "/ok\u{7f}",
        "/ok\u{85}",
        "\u{feff}/account",
        // A path that becomes a host once its dots are gone.
        "/.//h",
        "/..//h",
        "/./\\h",
        "/x/..//h",
        "/x/../..//h",
        "/%2e//h",
        "/%2e%2e//h",
        "/.%2E//h",
        "/x/%2e%2e//h",
    ] {
        assert_eq!(kept(proposed).as_deref(), Some("/account"), "{proposed:?}");
    }
}

#[test]
fn what_acts_or_speaks_of_one_moment_is_no_destination() {
    for proposed in [
        "/callback",
        "/callback?code=x",
        "/callback#x",
        "/callback/",
        "/callback/x",
        "/./callback",
        "/.//callback",
        "/x/../callback?code=x&state=y",
        "/%2e/callback",
        "/api",
        "/api/",
        "/api?x",
        "/api/session",
        "/x/../api/session",
        "/x/%2e%2e/api/session",
        "/sign-out",
        "/sign-out/next?t=x",
        "/signed-out",
        "/profile",
        "/problem/cancelled",
        "/pkg/wrengate.js",
    ] {
        assert_eq!(kept(proposed).as_deref(), Some("/account"), "{proposed:?}");
    }
}

#[test]
fn a_path_written_so_as_not_to_be_recognised_is_refused() {
    for proposed in [
        // Letters, digits and dots have no need to be percent-coded (RFC 3986, section 2.3).
        "/%61pi/session",
        "/%63allback?code=x",
        "/callbac%6B",
        "/account%2esvg",
        "/x/%7e",
        // A proxy that decodes these reads another path than we do.
        "/x%2f..%2fapi",
        "/x/%2f%2fh",
        "/x%5c..%5capi",
        "/.//%2fh",
        "/./%2fh",
        "/./%5ch",
        "/x/..%2f..%2fapi",
        // Line ends and NUL belong in no path.
        "/x%0d%0aSet-Cookie:%20a=b",
        "/x%00",
        "/x%7f",
        // Not percent-coding at all.
        "/x%",
        "/x%2",
        "/x%zz",
    ] {
        assert_eq!(kept(proposed).as_deref(), Some("/account"), "{proposed:?}");
    }
}

#[test]
fn a_path_of_our_own_is_kept_as_it_is() {
    for proposed in [
        "/",
        "/account",
        "/sessions",
        "/inspector",
        "/ok?x=//h#part",
        "/ok?x=https://h/#//h",
        "/ok?x=%2f%2fh&y=%61&z=%0d%0a",
        "/ok#%2f%2fh",
        "/?renew=1",
        "/#//h",
        "/a//b",
        "/a/./b",
        "/a:b@c",
        "/caf%C3%A9",
        "/café",
        "/a%20b",
        "/callbacks",
        "/apiary",
        "/profiles/1",
        "/problems",
        "/account?next=/callback?code=x",
        "/Callback",
    ] {
        assert_eq!(kept(proposed).as_deref(), Some(proposed), "{proposed:?}");
    }
}

#[test]
fn the_longest_path_has_512_bytes() {
    let longest = format!("/{}", "a".repeat(511));
    assert_eq!(kept(&longest).as_deref(), Some(longest.as_str()));
    for too_long in [
        format!("/{}", "a".repeat(512)),
        format!("/{}", "a".repeat(10 * 1024)),
        format!("/?{}", "a".repeat(511)),
        format!("/{}", "é".repeat(256)),
    ] {
        assert_eq!(
            kept(&too_long).as_deref(),
            Some("/account"),
            "{} bytes",
            too_long.len()
        );
    }
}

#[test]
fn nothing_proposed_is_the_account_page() {
    let origin = Url::parse("https://app.example").unwrap();
    assert_eq!(ReturnTo::parse(None, &origin), ReturnTo::account());
    assert_eq!(ReturnTo::account().as_str(), "/account");
}

#[test]
fn a_stored_path_that_is_none_becomes_the_account_page() {
    for (stored, restored) in [
        ("/ok?x=1", "/ok?x=1"),
        ("//h", "/account"),
        ("https://h", "/account"),
        ("", "/account"),
    ] {
        assert_eq!(
            ReturnTo::restore(stored.to_owned()).as_str(),
            restored,
            "{stored}"
        );
        let json = serde_json::to_string(stored).unwrap();
        let read: ReturnTo = serde_json::from_str(&json).unwrap();
        assert_eq!(read.as_str(), restored, "{stored}");
    }
    let json = serde_json::to_string(&ReturnTo::account()).unwrap();
    assert_eq!(json, "\"/account\"");
}

#[test]
fn the_browsers_own_look_at_a_path_keeps_it_on_the_origin() {
    for path in ["/", "/account", "/.//h", "/x/..//h", "/ok?x=//h"] {
        assert!(is_local_path(path), "{path}");
        let base = Url::parse("https://app.example/callback").unwrap();
        assert_eq!(
            base.join(path).unwrap().host_str(),
            Some("app.example"),
            "{path}"
        );
    }
    for path in [
        "",
        "account",
        "//h",
        "/\\h",
        "/\t/h",
        "/%2fh",
        "/%5Ch",
        "https://h",
    ] {
        assert!(!is_local_path(path), "{path}");
    }
}

#[test]
fn a_refused_proposal_is_told_from_the_account_page() {
    let origins = ORIGINS.iter().filter_map(|origin| Url::parse(origin).ok());
    for origin in origins {
        let read = |proposed| ReturnTo::read(proposed, &origin);
        assert_eq!(read(Some("/account")), Some(ReturnTo::account()));
        for refused in [
            None,
            Some(""),
            Some("//h"),
            Some("/callback"),
            Some("https://h/"),
        ] {
            assert_eq!(read(refused), None, "{refused:?}");
            assert_eq!(ReturnTo::parse(refused, &origin), ReturnTo::account());
        }
    }
}
