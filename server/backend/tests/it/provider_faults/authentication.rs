//! Who we say we are: exactly one method, and exactly what was configured.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use form_urlencoded::parse;
use wiremock::{
    Mock, MockServer, Request,
    matchers::{header, method, path},
};
use wrengate_backend::{config::provider::ClientAuth, provider::Limits};
use wrengate_protocol::Secret;

use super::{ACCESS_TOKEN, BoxError, CODE, Setup, TestResult, VERIFIER, json};

const TOKENS: &str = r#"{"access_token":"a","token_type":"bearer"}"#;

/// Exchanges once and gives the request that arrived.
async fn exchange_with(client_auth: ClientAuth) -> Result<Request, BoxError> {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/token"))
        .and(header("accept", "application/json"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .respond_with(json(200, TOKENS))
        .expect(1)
        .mount(&server)
        .await;
    Setup::with_auth(&server.uri(), Limits::default(), client_auth)?
        .exchange()
        .await?;
    let requests = server.received_requests().await.unwrap_or_default();
    requests
        .into_iter()
        .next()
        .ok_or_else(|| "no request".into())
}

/// The form, always the same five fields.
fn check_form(request: &Request) {
    let form: Vec<_> = parse(&request.body).into_owned().collect();
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", CODE),
        ("redirect_uri", "http://127.0.0.1:3000/callback"),
        ("client_id", "client:id"),
        ("code_verifier", VERIFIER),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form, expected);
    assert_eq!(request.url.query(), None);
}

/// What a server makes of one half of the header (RFC 6749, section 2.3.1).
fn decoded(half: &str) -> String {
    parse(half.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

#[tokio::test]
async fn public_client_is_named_in_the_form_alone() -> TestResult {
    let request = exchange_with(ClientAuth::None).await?;
    check_form(&request);
    assert!(!request.headers.contains_key("authorization"));
    Ok(())
}

/// B31 and B32.
#[tokio::test]
async fn secret_with_any_character_arrives_as_it_is_and_in_the_header_alone() -> TestResult {
    for secret in ["p:a%ss+wörd", "%3A", "a b&c=d", "☃", "plain"] {
        let request = exchange_with(ClientAuth::Basic(Secret::new(secret.to_owned()))).await?;
        check_form(&request);
        let header = request
            .headers
            .get("authorization")
            .ok_or("no authorization header")?;
        let pair = header.to_str()?.strip_prefix("Basic ").ok_or("not Basic")?;
        let pair = String::from_utf8(STANDARD.decode(pair)?)?;
        let (id, arrived) = pair.split_once(':').ok_or("no colon")?;
        assert_eq!(decoded(id), "client:id");
        assert_eq!(decoded(arrived), secret);
    }
    Ok(())
}

#[tokio::test]
async fn userinfo_is_asked_with_the_token_in_the_header_alone() -> TestResult {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/userinfo"))
        .and(header("accept", "application/json"))
        .and(header(
            "authorization",
            format!("Bearer {ACCESS_TOKEN}").as_str(),
        ))
        .and(header(
            "user-agent",
            concat!("wrengate/", env!("CARGO_PKG_VERSION")),
        ))
        .respond_with(json(200, r#"{"sub":"u"}"#))
        .expect(1)
        .mount(&server)
        .await;
    Setup::new(&server.uri())?.userinfo().await?;
    let requests = server.received_requests().await.unwrap_or_default();
    assert!(requests.iter().all(|request| request.url.query().is_none()));
    Ok(())
}
