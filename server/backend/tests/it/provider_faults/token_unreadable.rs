//! Answers of the token endpoint that grant, and those that only look as if they did.

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};
use wrengate_protocol::Failure;

use super::{Setup, TestResult, answer, check, json};

/// B2 to B6, B16 and B27: 200 in JSON that is not a token response.
const NOT_TOKEN_RESPONSES: &[(&str, &[u8])] = &[
    (
        "B2 mac",
        br#"{"access_token":"ACCESS-CANARY","token_type":"mac"}"#,
    ),
    (
        "B2 DPoP",
        br#"{"access_token":"ACCESS-CANARY","token_type":"DPoP"}"#,
    ),
    ("B2 no type", br#"{"access_token":"ACCESS-CANARY"}"#),
    (
        "B3 missing",
        br#"{"token_type":"bearer","refresh_token":"REFRESH-CANARY"}"#,
    ),
    ("B3 empty", br#"{"access_token":"","token_type":"bearer"}"#),
    ("B3 number", br#"{"access_token":5,"token_type":"bearer"}"#),
    ("B3 null", br#"{"access_token":null,"token_type":"bearer"}"#),
    (
        "B3 line end",
        b"{\"access_token\":\"ACCESS-CANARY\\r\\nx: y\",\"token_type\":\"bearer\"}",
    ),
    ("B4 malformed", br#"{"access_token":ACCESS-CANARY}"#),
    (
        "B4 truncated",
        br#"{"access_token":"ACCESS-CANARY","token_ty"#,
    ),
    ("B4 empty", b""),
    ("B4 array", br#"["ACCESS-CANARY"]"#),
    (
        "B5 twice",
        br#"{"access_token":"a","token_type":"bearer","access_token":"ACCESS-CANARY"}"#,
    ),
    (
        "B6 not UTF-8",
        b"{\"access_token\":\"ACCESS-CANARY\xff\",\"token_type\":\"bearer\"}",
    ),
    (
        "B6 mark",
        b"\xef\xbb\xbf{\"access_token\":\"ACCESS-CANARY\",\"token_type\":\"bearer\"}",
    ),
    (
        "B27 0",
        br#"{"access_token":"ACCESS-CANARY","token_type":"bearer","expires_in":0}"#,
    ),
    (
        "B27 -5",
        br#"{"access_token":"ACCESS-CANARY","token_type":"bearer","expires_in":-5}"#,
    ),
    (
        "B27 word",
        br#"{"access_token":"ACCESS-CANARY","token_type":"bearer","expires_in":"soon"}"#,
    ),
];

const GRANTED: &str = r#"{"access_token":"ACCESS-CANARY","token_type":"Bearer","expires_in":60}"#;

#[tokio::test]
async fn answer_that_is_no_token_response_is_unreadable() -> TestResult {
    let server = MockServer::start().await;
    for (row, body) in NOT_TOKEN_RESPONSES {
        mount(&server, json(200, *body)).await;
        check(
            row,
            Setup::new(&server.uri())?.exchange().await,
            Failure::AnswerUnreadable,
        )?;
    }
    for bytes in [17 * 1024, 200 * 1024] {
        let body = format!(
            r#"{{"access_token":"{}","token_type":"bearer"}}"#,
            "a".repeat(bytes)
        );
        mount(&server, json(200, body)).await;
        let outcome = Setup::new(&server.uri())?.exchange().await;
        check(
            &format!("B3 {bytes} bytes"),
            outcome,
            Failure::AnswerUnreadable,
        )?;
    }
    Ok(())
}

/// B7 and B8.
#[tokio::test]
async fn answer_of_another_content_type_is_unreadable() -> TestResult {
    let server = MockServer::start().await;
    for (content_type, found) in [
        ("text/html; charset=utf-8", "a page (text/html)"),
        ("text/plain", "plain text"),
        ("application/x-www-form-urlencoded", "a form"),
        ("application/CODE-CANARY", "of another content type"),
        ("application/jsonp", "of another content type"),
        ("application/json+xml", "of another content type"),
        ("+json", "of another content type"),
    ] {
        mount(&server, answer(200, content_type, GRANTED)).await;
        let outcome = Setup::new(&server.uri())?.exchange().await;
        let text = outcome
            .as_ref()
            .err()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(text.contains(found), "{content_type}: {text}");
        check(content_type, outcome, Failure::AnswerUnreadable)?;
    }
    mount(&server, ResponseTemplate::new(200).set_body_bytes(GRANTED)).await;
    let outcome = Setup::new(&server.uri())?.exchange().await;
    check("no content type", outcome, Failure::AnswerUnreadable)
}

/// B1, B9, B26 and B28.
#[tokio::test]
async fn every_form_of_json_is_read() -> TestResult {
    let server = MockServer::start().await;
    for content_type in [
        "application/json",
        "application/json; charset=UTF-8",
        "Application/JSON ;x",
        "a/b+json",
    ] {
        mount(&server, answer(200, content_type, GRANTED)).await;
        let tokens = Setup::new(&server.uri())?.exchange().await?;
        assert_eq!(
            tokens.access_token.expose(),
            "ACCESS-CANARY",
            "{content_type}"
        );
        assert_eq!(tokens.expires_in, Some(60));
        assert!(tokens.refresh_token.is_none());
    }
    for (life, expected) in [
        ("\"3600\"", Some(3600)),
        ("3600.5", Some(3600)),
        ("1e30", Some(315_360_000)),
        ("null", None),
    ] {
        let body = format!(r#"{{"access_token":"a","token_type":"bearer","expires_in":{life}}}"#);
        mount(&server, json(200, body)).await;
        let tokens = Setup::new(&server.uri())?.exchange().await?;
        assert_eq!(tokens.expires_in, expected, "B26 {life}");
    }
    Ok(())
}

/// B13.
#[tokio::test]
async fn redirect_is_not_followed() -> TestResult {
    let (server, elsewhere) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any())
        .respond_with(json(200, GRANTED))
        .expect(0)
        .mount(&elsewhere)
        .await;
    for status in [301, 302, 303, 307, 308] {
        for target in [
            format!("{}/token?code=CODE-CANARY", elsewhere.uri()),
            "http://169.254.169.254/latest".to_owned(),
            "/token?again".to_owned(),
        ] {
            let redirect = json(status, GRANTED).insert_header("location", target.as_str());
            mount(&server, redirect).await;
            let outcome = Setup::new(&server.uri())?.exchange().await;
            check(
                &format!("B13 {status} {target}"),
                outcome,
                Failure::AnswerUnreadable,
            )?;
        }
    }
    Ok(())
}

/// A success that is not the one of RFC 6749, section 5.1.
#[tokio::test]
async fn other_statuses_of_success_are_unreadable() -> TestResult {
    let server = MockServer::start().await;
    for status in [201, 202, 204, 206] {
        mount(&server, json(status, GRANTED)).await;
        let outcome = Setup::new(&server.uri())?.exchange().await;
        check(&status.to_string(), outcome, Failure::AnswerUnreadable)?;
    }
    Ok(())
}

/// Answers exactly one request with this, and forgets what came before.
async fn mount(server: &MockServer, answer: ResponseTemplate) {
    server.verify().await;
    server.reset().await;
    Mock::given(any())
        .respond_with(answer)
        .expect(1)
        .mount(server)
        .await;
}
