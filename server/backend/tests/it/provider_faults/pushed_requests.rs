//! Pushed authorization requests: when, with what, and what a refusal means.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use form_urlencoded::parse;
use url::Url;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};
use wrengate_backend::{
    config::provider::{ClientAuth, PushedRequests},
    provider::{Leg, Limits, ProviderError},
};
use wrengate_protocol::{Failure, Secret};

use super::{BoxError, CLIENT_SECRET, Setup, TestResult, answer, check, json, quick};

const PUSHED: &str = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:x","expires_in":60}"#;

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Begins at a provider that answers this, and gives the requests it saw.
async fn begin(
    answer: ResponseTemplate,
) -> Result<(Result<Url, ProviderError>, Vec<Request>), BoxError> {
    let server = server(answer).await;
    let setup = Setup::with_limits(&server.uri(), quick())?;
    let outcome = setup.authorization_url().await;
    Ok((
        outcome,
        server.received_requests().await.unwrap_or_default(),
    ))
}

#[tokio::test]
async fn all_parameters_are_pushed_and_the_browser_carries_a_reference() -> TestResult {
    let server = server(json(201, PUSHED)).await;
    let mut setup = Setup::new(&server.uri())?;
    setup.metadata.pushed_requests_required = false;
    let in_address = setup.authorization_url().await?;
    assert!(
        server
            .received_requests()
            .await
            .unwrap_or_default()
            .is_empty()
    );

    setup.metadata.pushed_requests_required = true;
    let url = setup.authorization_url().await?;
    assert_eq!(
        url.as_str(),
        format!(
            "{}/authorize?client_id=client%3Aid&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax",
            server.uri()
        )
    );
    let requests = server.received_requests().await.unwrap_or_default();
    let [request] = requests.as_slice() else {
        return Err(format!("not one request, but {requests:?}").into());
    };
    assert_eq!(
        (
            request.method.as_str(),
            request.url.path(),
            request.url.query()
        ),
        ("POST", "/par", None)
    );
    assert!(parse(&request.body).eq(in_address.query_pairs()));
    let header = request.headers.get("authorization").ok_or("no header")?;
    let pair = STANDARD.decode(header.to_str()?.trim_start_matches("Basic "))?;
    assert_eq!(pair, format!("client%3Aid:{CLIENT_SECRET}").into_bytes());
    Ok(())
}

#[tokio::test]
async fn the_client_authenticates_as_at_the_token_endpoint() -> TestResult {
    let secret = || Secret::new(CLIENT_SECRET.to_owned());
    for (client_auth, header, field) in [
        (ClientAuth::None, false, false),
        (ClientAuth::Basic(secret()), true, false),
        (ClientAuth::Post(secret()), false, true),
    ] {
        let server = server(json(201, PUSHED)).await;
        let row = client_auth.method();
        let setup = Setup::with_auth(&server.uri(), Limits::default(), client_auth)?;
        let url = setup.authorization_url().await?;
        assert!(!url.as_str().contains("SECRET"), "{row}: {url}");
        let requests = server.received_requests().await.unwrap_or_default();
        let request = requests.first().ok_or("no request")?;
        let found = parse(&request.body).any(|(name, _)| name == "client_secret");
        assert_eq!(
            (request.headers.contains_key("authorization"), found),
            (header, field),
            "{row}"
        );
    }
    Ok(())
}

/// Setting, required, offered; pushed, or in the address, or refused.
#[tokio::test]
async fn settings_and_metadata_decide_together() -> TestResult {
    use PushedRequests::{Always, Auto, Never};
    for (setting, required, offered, expected) in [
        (Auto, false, false, Ok(false)),
        (Auto, false, true, Ok(false)),
        (Auto, true, true, Ok(true)),
        (Auto, true, false, Err(Failure::MetadataWrong)),
        (Always, false, true, Ok(true)),
        (Always, true, true, Ok(true)),
        (Always, false, false, Err(Failure::MetadataWrong)),
        (Always, true, false, Err(Failure::MetadataWrong)),
        (Never, false, true, Ok(false)),
        (Never, false, false, Ok(false)),
        (Never, true, true, Err(Failure::MetadataWrong)),
        (Never, true, false, Err(Failure::MetadataWrong)),
    ] {
        let row = format!("{setting:?}, required {required}, offered {offered}");
        let server = server(json(201, PUSHED)).await;
        let mut setup = Setup::configured(&server.uri(), Limits::default(), |config| {
            config.pushed_requests = setting;
        })?;
        setup.metadata.pushed_requests_required = required;
        if !offered {
            setup.metadata.pushed_request_endpoint = None;
        }
        let outcome = setup.authorization_url().await;
        let calls = server.received_requests().await.unwrap_or_default().len();
        match expected {
            Ok(pushed) => {
                let url = outcome?;
                let carried = url.query_pairs().any(|(name, _)| name == "request_uri");
                assert_eq!((carried, calls), (pushed, usize::from(pushed)), "{row}");
            }
            Err(failure) => {
                check(&row, outcome, failure)?;
                assert_eq!(calls, 0, "{row}");
            }
        }
    }
    Ok(())
}

/// Status, code, failure.
const BY_CODE: &[(u16, &str, Failure)] = &[
    (401, "invalid_client", Failure::ClientRejected),
    (400, "invalid_client", Failure::ClientRejected),
    (400, "invalid_request", Failure::RequestUnreadable),
    (400, "invalid_scope", Failure::ScopeRefused),
    (400, "unauthorized_client", Failure::ClientNotAllowed),
    (400, "unsupported_response_type", Failure::AnswerType),
    (201, "invalid_scope", Failure::ScopeRefused),
    (500, "server_error", Failure::ProviderFault),
    (503, "temporarily_unavailable", Failure::ProviderBusy),
    (403, "access_denied", Failure::Unrecognised),
    (400, "anything", Failure::Unrecognised),
    (500, "anything", Failure::ProviderFault),
    (429, "slow_down", Failure::ProviderLimit),
];

#[tokio::test]
async fn a_refusal_is_sorted_by_its_code() -> TestResult {
    for (status, code, expected) in BY_CODE {
        let body = format!(r#"{{"error":"{code}","error_description":"SECRET-CANARY"}}"#);
        let (outcome, requests) = begin(json(*status, body)).await?;
        let row = format!("{status} {code}");
        let error = outcome.as_ref().err().ok_or(row.clone())?;
        assert_eq!(error.provider_code(), Some(*code), "{row}");
        assert_eq!(error.leg(), Leg::PushedRequest, "{row}");
        check(&row, outcome, *expected)?;
        let most = if [429, 500, 503].contains(status) {
            3
        } else {
            1
        };
        assert_eq!(
            requests.len(),
            most,
            "{row}: pushed again where waiting may help"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_answer_is_none() -> TestResult {
    let html = || answer(201, "text/html", "<p>SECRET-CANARY</p>");
    for (row, reply, expected) in [
        ("200", json(200, PUSHED), Failure::AnswerUnreadable),
        ("202", json(202, PUSHED), Failure::AnswerUnreadable),
        (
            "redirect",
            ResponseTemplate::new(303).insert_header("location", "/elsewhere"),
            Failure::AnswerUnreadable,
        ),
        ("a page", html(), Failure::AnswerUnreadable),
        ("empty", json(201, ""), Failure::AnswerUnreadable),
        (
            "no request_uri",
            json(201, r#"{"expires_in":60}"#),
            Failure::AnswerUnreadable,
        ),
        (
            "no life",
            json(201, r#"{"request_uri":"urn:SECRET-CANARY"}"#),
            Failure::AnswerUnreadable,
        ),
        (
            "twice",
            json(
                201,
                r#"{"request_uri":"urn:a","request_uri":"urn:b","expires_in":60}"#,
            ),
            Failure::AnswerUnreadable,
        ),
        (
            "too long",
            json(201, format!("{{\"x\":\"{}\"}}", "x".repeat(16 * 1024))),
            Failure::AnswerUnreadable,
        ),
        ("404", answer(404, "text/html", ""), Failure::Unrecognised),
        ("502", answer(502, "text/html", ""), Failure::ProviderFault),
        ("503", answer(503, "text/html", ""), Failure::ProviderBusy),
    ] {
        let (outcome, requests) = begin(reply).await?;
        check(row, outcome, expected)?;
        let most = if ["502", "503"].contains(&row) { 3 } else { 1 };
        assert_eq!(requests.len(), most, "{row}: followed nowhere");
    }
    Ok(())
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_passed_on() -> TestResult {
    let busy = json(429, "{}").insert_header("retry-after", "7");
    let (outcome, _) = begin(busy).await?;
    let error = outcome.err().ok_or("no error")?;
    assert_eq!(
        (error.failure(), error.retry_after()),
        (Failure::ProviderLimit, Some(7))
    );
    Ok(())
}
