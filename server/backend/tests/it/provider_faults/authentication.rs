//! Who we say we are: exactly one method, and exactly what was configured.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use form_urlencoded::parse;
use jsonwebtoken::{Validation, decode, decode_header};
use serde_json::Value;
use wiremock::{
    Mock, MockServer, Request,
    matchers::{header, method, path},
};
use wrengate_backend::{
    config::provider::{AssertionAudience, ClientAuth, ClientKey},
    provider::Limits,
};
use wrengate_protocol::Secret;

use super::{ACCESS_TOKEN, BoxError, CODE, NOW, Setup, TestResult, VERIFIER, json};
use crate::credentials::{ClientKeyPair, client_keys};

const TOKENS: &str = r#"{"access_token":"a","token_type":"bearer"}"#;

/// Secrets that a careless client breaks (B31).
const SECRETS: [&str; 8] = [
    "p:a%ss+wörd",
    "%3A",
    "a b&c=d",
    "☃",
    "plain",
    "a+b c%20d",
    "::",
    "100%",
];

/// Exchanges so many times and gives the requests that arrived.
async fn exchanges_with(
    client_auth: ClientAuth,
    times: u64,
    change: impl FnOnce(&mut Setup),
) -> Result<Vec<Request>, BoxError> {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/token"))
        .and(header("accept", "application/json"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .respond_with(json(200, TOKENS))
        .expect(times)
        .mount(&server)
        .await;
    let mut setup = Setup::with_auth(&server.uri(), Limits::default(), client_auth)?;
    change(&mut setup);
    for _ in 0..times {
        setup.exchange().await?;
    }
    Ok(server.received_requests().await.unwrap_or_default())
}

/// Exchanges once and gives the request that arrived.
async fn exchange_with(client_auth: ClientAuth) -> Result<Request, BoxError> {
    let requests = exchanges_with(client_auth, 1, |_| {}).await?;
    requests
        .into_iter()
        .next()
        .ok_or_else(|| "no request".into())
}

/// The form has the same five fields in any case, then these, and the address has nothing. Gives the
/// values of these.
fn check_form(request: &Request, proof: &[&str]) -> Vec<String> {
    let mut form: Vec<_> = parse(&request.body).into_owned().collect();
    let added = form.split_off(5);
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
    let (names, values): (Vec<_>, Vec<_>) = added.into_iter().unzip();
    assert_eq!(names, proof);
    values
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
    check_form(&request, &[]);
    assert!(!request.headers.contains_key("authorization"));
    Ok(())
}

/// B31 and B32.
#[tokio::test]
async fn secret_with_any_character_arrives_as_it_is_and_in_the_header_alone() -> TestResult {
    for secret in SECRETS {
        let request = exchange_with(ClientAuth::Basic(Secret::new(secret.to_owned()))).await?;
        check_form(&request, &[]);
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

/// B31 and B32.
#[tokio::test]
async fn posted_secret_with_any_character_arrives_as_it_is_and_in_the_form_alone() -> TestResult {
    for secret in SECRETS {
        let request = exchange_with(ClientAuth::Post(Secret::new(secret.to_owned()))).await?;
        assert_eq!(check_form(&request, &["client_secret"]), [secret]);
        assert!(!request.headers.contains_key("authorization"), "{secret}");
    }
    Ok(())
}

fn signs_with(
    pair: &ClientKeyPair,
    id: Option<&str>,
    audience: AssertionAudience,
) -> Result<ClientAuth, BoxError> {
    let pem = Secret::new(pair.pem.clone());
    let key = ClientKey::from_pem(&pem, id.map(str::to_owned), audience)
        .map_err(|error| format!("{}: {error}", pair.row))?;
    Ok(ClientAuth::PrivateKeyJwt(key))
}

/// The claims of the assertion in a request, after the provider's checks.
fn claims(pair: &ClientKeyPair, request: &Request, kid: Option<&str>) -> Result<Value, BoxError> {
    let values = check_form(request, &["client_assertion_type", "client_assertion"]);
    let [named, assertion] = values.as_slice() else {
        return Err("not two values".into());
    };
    assert_eq!(
        named,
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert!(!request.headers.contains_key("authorization"));
    let header = decode_header(assertion)?;
    assert_eq!((header.alg, header.kid.as_deref()), (pair.algorithm, kid));
    let mut validation = Validation::new(pair.algorithm);
    // Judged by the tests themselves, by their clock.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    Ok(decode(assertion, &pair.public, &validation)?.claims)
}

/// B32; RFC 7523, section 3; OpenID Connect Core, section 9.
#[tokio::test]
async fn each_kind_of_key_signs_what_its_public_half_verifies() -> TestResult {
    for pair in client_keys()? {
        let client_auth = signs_with(&pair, Some("key-1"), AssertionAudience::Issuer)?;
        let mut issuer = None;
        let requests = exchanges_with(client_auth, 2, |setup| {
            issuer = setup.metadata.issuer.clone();
        })
        .await?;
        let issuer = issuer.ok_or("no issuer")?;
        let mut ids = BTreeSet::new();
        for request in &requests {
            let claims = claims(&pair, request, Some("key-1"))?;
            let id = claims.get("jti").and_then(Value::as_str).ok_or("no jti")?;
            let expected = serde_json::json!({
                "iss": "client:id", "sub": "client:id", "aud": issuer.as_str(), "jti": id,
                "iat": NOW, "exp": NOW + 60,
            });
            assert_eq!(claims, expected, "{}", pair.row);
            assert_eq!(id.len(), 43, "{}", pair.row);
            ids.insert(id.to_owned());
        }
        assert_eq!(ids.len(), 2, "{}: each assertion is a new one", pair.row);
    }
    Ok(())
}

#[tokio::test]
async fn an_assertion_is_for_whom_it_was_asked_to_be() -> TestResult {
    let keys = client_keys()?;
    let pair = keys.last().ok_or("no key")?;
    for (audience, issuer_known, expected) in [
        (AssertionAudience::Issuer, true, ""),
        (AssertionAudience::Issuer, false, "/token"),
        (AssertionAudience::TokenEndpoint, true, "/token"),
    ] {
        let mut issuer = None;
        let requests = exchanges_with(signs_with(pair, None, audience)?, 1, |setup| {
            issuer = setup.metadata.issuer.clone();
            if !issuer_known {
                setup.metadata.issuer = None;
            }
        })
        .await?;
        let claims = claims(pair, requests.first().ok_or("no request")?, None)?;
        let expected = format!("{}{expected}", issuer.ok_or("no issuer")?);
        assert_eq!(
            claims.get("aud"),
            Some(&Value::from(expected)),
            "{audience:?}, issuer known: {issuer_known}"
        );
    }
    Ok(())
}

/// What shows that the checks above check.
#[tokio::test]
async fn an_assertion_that_was_changed_is_not_one() -> TestResult {
    for pair in client_keys()? {
        let client_auth = signs_with(&pair, None, AssertionAudience::Issuer)?;
        let mut request = exchange_with(client_auth).await?;
        claims(&pair, &request, None)?;
        let [byte, ..] = request.body.last_chunk_mut::<8>().ok_or("too short")?;
        *byte = if *byte == b'A' { b'B' } else { b'A' };
        assert!(claims(&pair, &request, None).is_err(), "{}", pair.row);
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
