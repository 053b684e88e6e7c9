//! G6 to G10: metadata that is somewhere else, of somebody else, or not usable.

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};
use wrengate_backend::provider::Readiness;
use wrengate_protocol::Failure;

use super::{Setup, TestResult, answer, check, json};

pub(super) const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// Good metadata of a server, with further members.
pub(super) fn metadata(server: &MockServer, further: &str) -> String {
    let origin = server.uri();
    format!(
        r#"{{"issuer":"{origin}","authorization_endpoint":"{origin}/a",
            "token_endpoint":"{origin}/t","userinfo_endpoint":"{origin}/u",
            "jwks_uri":"{origin}/k"{further}}}"#,
    )
}

async fn check_document(
    row: &str,
    server: &MockServer,
    answer: ResponseTemplate,
    expected: Failure,
    requests: u64,
) -> TestResult {
    server.reset().await;
    Mock::given(path(OPENID))
        .respond_with(answer)
        .expect(requests)
        .mount(server)
        .await;
    let setup = Setup::new(&server.uri())?;
    assert_eq!(setup.provider.readiness(), Readiness::Unknown, "{row}");
    check(row, setup.provider.metadata().await, expected)?;
    assert_eq!(
        setup.provider.readiness(),
        Readiness::Failing(expected),
        "{row}"
    );
    server.verify().await;
    Ok(())
}

/// G6.
#[tokio::test]
async fn metadata_is_looked_for_at_both_addresses() -> TestResult {
    for status in [404, 410] {
        let server = MockServer::start().await;
        Mock::given(path(OPENID))
            .respond_with(ResponseTemplate::new(status))
            .expect(2)
            .mount(&server)
            .await;
        let setup = Setup::new(&server.uri())?;
        check(
            "G6 nowhere",
            setup.provider.metadata().await,
            Failure::MetadataWrong,
        )?;

        let second = json(200, metadata(&server, ""));
        Mock::given(path(OAUTH))
            .respond_with(second)
            .expect(1)
            .mount(&server)
            .await;
        setup.clock.advance(3);
        let found = setup.provider.metadata().await?;
        assert_eq!(found.token_endpoint.path(), "/t");
        assert_eq!(setup.provider.readiness(), Readiness::Ready);
    }
    Ok(())
}

/// An address that exists and does not work is no reason to ask another.
#[tokio::test]
async fn refused_metadata_is_not_looked_for_elsewhere() -> TestResult {
    let server = MockServer::start().await;
    for (status, expected, requests) in [
        (401, Failure::Unrecognised, 1),
        (403, Failure::Unrecognised, 1),
        (408, Failure::Unrecognised, 3),
        (425, Failure::Unrecognised, 3),
        (429, Failure::ProviderLimit, 3),
        (500, Failure::ProviderFault, 3),
        (503, Failure::ProviderBusy, 3),
        (301, Failure::AnswerUnreadable, 1),
        (308, Failure::AnswerUnreadable, 1),
        (204, Failure::AnswerUnreadable, 1),
    ] {
        let target = format!("{}{OAUTH}", server.uri());
        let answer = json(status, metadata(&server, "")).insert_header("location", target.as_str());
        check_document(&status.to_string(), &server, answer, expected, requests).await?;
    }
    Ok(())
}

/// G7 to G9.
#[tokio::test]
async fn metadata_that_does_not_fit_is_wrong() -> TestResult {
    let server = MockServer::start().await;
    let good = metadata(&server, "");
    let issuer = format!(r#""issuer":"{}""#, server.uri());
    let token = format!(r#""token_endpoint":"{}/t""#, server.uri());
    let keys = format!(r#""jwks_uri":"{}/k""#, server.uri());
    for (row, from, to) in [
        (
            "G7 slash",
            &issuer,
            format!(r#""issuer":"{}/""#, server.uri()),
        ),
        (
            "G7 other",
            &issuer,
            r#""issuer":"https://other.example""#.to_owned(),
        ),
        ("G7 missing", &issuer, r#""x":1"#.to_owned()),
        (
            "G8 http",
            &token,
            r#""token_endpoint":"http://other.example/t""#.to_owned(),
        ),
        (
            "G8 file",
            &token,
            r#""token_endpoint":"file:///etc/passwd""#.to_owned(),
        ),
        ("G8 missing", &token, r#""x":1"#.to_owned()),
        ("no keys", &keys, r#""x":1"#.to_owned()),
        (
            "keys over http",
            &keys,
            r#""jwks_uri":"http://other.example/k""#.to_owned(),
        ),
        ("G8 number", &token, r#""token_endpoint":1"#.to_owned()),
        (
            "G8 userinfo",
            &token,
            r#""token_endpoint":"https://a:b@other.example/""#.to_owned(),
        ),
    ] {
        let document = good.replace(from.as_str(), &to);
        assert_ne!(document, good, "{row}");
        check_document(row, &server, json(200, document), Failure::MetadataWrong, 1).await?;
    }
    let plain = metadata(&server, r#","code_challenge_methods_supported":["plain"]"#);
    check_document("G9", &server, json(200, plain), Failure::MetadataWrong, 1).await
}

/// G10, and what else is not metadata at all.
#[tokio::test]
async fn answer_that_is_no_metadata_is_unreadable() -> TestResult {
    let server = MockServer::start().await;
    let good = metadata(&server, "");
    let padded = metadata(&server, &format!(r#","x":"{}""#, "x".repeat(20_000_000)));
    for (row, answer) in [
        ("G10 20 MB", json(200, padded)),
        ("page", answer(200, "text/html", "<p>")),
        ("wrong type", answer(200, "text/plain", good.as_str())),
        (
            "truncated",
            json(200, good.get(..good.len() / 2).unwrap_or_default()),
        ),
        ("array", json(200, "[]")),
        ("empty", json(200, "")),
    ] {
        check_document(row, &server, answer, Failure::AnswerUnreadable, 1).await?;
    }
    Ok(())
}

/// G8 to G10: what is accepted.
#[tokio::test]
async fn metadata_with_other_hosts_and_unknown_members_is_accepted() -> TestResult {
    let server = MockServer::start().await;
    let document = metadata(
        &server,
        r#","code_challenge_methods_supported":["plain","S256"],"x":{"y":[1]},
           "authorization_response_iss_parameter_supported":true"#,
    );
    let document = document.replace(&format!("{}/t", server.uri()), "https://other.example/t");
    Mock::given(path(OPENID))
        .respond_with(json(200, document))
        .expect(1)
        .mount(&server)
        .await;
    let found = Setup::new(&server.uri())?.provider.metadata().await?;
    assert_eq!(found.token_endpoint.as_str(), "https://other.example/t");
    assert!(found.iss_advertised);
    Ok(())
}
