//! The profile a browser may know, and where its picture may come from.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use wrengate_protocol::profile::{AvatarHosts, Profile};

fn hosts() -> AvatarHosts {
    AvatarHosts::new(
        ["img.example", "img.example:8443", "localhost:4000"]
            .map(str::to_owned)
            .to_vec(),
    )
}

#[test]
fn a_picture_on_an_allowed_host_is_shown() {
    for picture in [
        "https://img.example/a.png",
        "https://img.example/",
        "https://img.example/a.png?x=1#y",
        "https://IMG.example:443/a.png",
        "https://img.example:8443/a.png",
        "http://localhost:4000/a.png",
    ] {
        assert!(hosts().allow(picture).is_some(), "{picture}");
    }
}

#[test]
fn a_picture_from_anywhere_else_is_not_asked_for() {
    for picture in [
        "",
        "a.png",
        "/a.png",
        "//img.example/a.png",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "blob:https://img.example/0b1c",
        "filesystem:https://img.example/x",
        "view-source:https://img.example/a.png",
        "http://img.example/a.png",
        "ftp://img.example/a.png",
        "wss://img.example/a.png",
        "https://img.example:444/a.png",
        "https://img.example./a.png",
        "https://img.example.evil.example/a.png",
        "https://evil.example/img.example/a.png",
        "https://evil.example?img.example",
        "https://evil.example#https://img.example/",
        "https://img.example@evil.example/a.png",
        "https://me@img.example/a.png",
        "https://me:pass@img.example/a.png",
        "https://sub.img.example/a.png",
        "https://localhost:4000/a.png",
        "http://localhost:4001/a.png",
        "http://127.0.0.1:4000/a.png",
        "null",
    ] {
        assert_eq!(hosts().allow(picture), None, "{picture}");
    }
    assert_eq!(
        AvatarHosts::default().allow("https://img.example/a.png"),
        None
    );
}

#[test]
fn a_picture_with_a_long_address_is_not_asked_for() {
    let of = |length: usize, filler: &str| {
        let start = "https://img.example/";
        hosts().allow(&format!(
            "{start}{}",
            filler.repeat((length - start.len()) / filler.len())
        ))
    };
    assert!(of(2048, "a").is_some());
    assert_eq!(of(2049, "a"), None);
    assert_eq!(of(10_240, "a"), None);
    assert_eq!(
        of(2000, "é"),
        None,
        "the address that is sent is three times as long"
    );
}

#[test]
fn an_allowed_picture_is_the_normal_form_of_its_address() {
    assert_eq!(
        hosts()
            .allow(" https://IMG.example:443/a b\n/../\"c\".png ")
            .as_deref(),
        Some("https://img.example/%22c%22.png")
    );
}

#[test]
fn sources_are_https_origins_and_http_on_loopback_alone() {
    let sources: Vec<_> = hosts().sources().collect();
    assert_eq!(
        sources,
        [
            "https://img.example",
            "https://img.example:8443",
            "http://localhost:4000"
        ]
    );
}

#[test]
fn a_host_that_is_not_written_as_browsers_write_it_allows_nothing() {
    for host in [
        "",
        "*",
        "*.example",
        "IMG.example",
        "img.example:443",
        "img.example; script-src *",
        "img.example/path",
        "img.example?x",
        "img.example#x",
        "me@img.example",
        "https://img.example",
    ] {
        let hosts = AvatarHosts::new(vec![host.to_owned()]);
        assert_eq!(hosts.allow("https://img.example/a.png"), None, "{host}");
    }
}

#[test]
fn the_best_name_is_name_then_user_name_then_address() {
    let mut profile = Profile {
        email: Some("ada@example.org".to_owned()),
        ..Profile::default()
    };
    assert_eq!(profile.display_name(), Some("ada@example.org"));
    profile.username = Some("ada".to_owned());
    assert_eq!(profile.display_name(), Some("ada"));
    profile.name = Some("Ada Lovelace".to_owned());
    assert_eq!(profile.display_name(), Some("Ada Lovelace"));
    assert!(!profile.is_empty());
    assert!(Profile::default().is_empty());
    assert_eq!(Profile::default().display_name(), None);
}

#[test]
fn an_absent_member_is_absent_on_the_wire() {
    let json = serde_json::to_string(&Profile::default()).unwrap();
    assert_eq!(json, r#"{"email_verified":false}"#);
    assert_eq!(
        serde_json::from_str::<Profile>("{}").unwrap(),
        Profile::default()
    );
}
