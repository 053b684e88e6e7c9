//! Refusals of the token endpoint: sorted by their code, and only without one by their status.

use std::time::Duration;

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};
use wrengate_backend::provider::{Limits, ProviderError};
use wrengate_protocol::{Failure, token::TokenResponse};

use super::{BoxError, NOW, Setup, TestResult, answer, check, json, quick};

/// B14 to B18, and what else RFC 6749, section 5.2, has: status, code, failure, requests.
const BY_CODE: &[(u16, &str, Failure, u64)] = &[
    (400, "invalid_grant", Failure::CodeExpired, 1),
    (401, "invalid_grant", Failure::CodeExpired, 1),
    (200, "invalid_grant", Failure::CodeExpired, 1),
    (500, "invalid_grant", Failure::CodeExpired, 1),
    (401, "invalid_client", Failure::ClientRejected, 1),
    (400, "invalid_client", Failure::ClientRejected, 1),
    (200, "invalid_client", Failure::ClientRejected, 1),
    (400, "invalid_request", Failure::ExchangeRefused, 1),
    (400, "unsupported_grant_type", Failure::ExchangeRefused, 1),
    (400, "unauthorized_client", Failure::ExchangeRefused, 1),
    (400, "invalid_scope", Failure::ExchangeRefused, 1),
    (400, "invalid_target", Failure::TargetUnknown, 1),
    (500, "server_error", Failure::ProviderFault, 2),
    (400, "server_error", Failure::ProviderFault, 1),
    (503, "temporarily_unavailable", Failure::ProviderBusy, 2),
    (200, "temporarily_unavailable", Failure::ProviderBusy, 1),
    (200, "bad_verification_code", Failure::Unrecognised, 1),
    (400, "bad_verification_code", Failure::Unrecognised, 1),
    (429, "slow_down", Failure::ProviderLimit, 1),
    (500, "internal", Failure::ProviderFault, 2),
];

#[tokio::test]
async fn code_decides_whatever_the_status() -> TestResult {
    for (status, code, expected, requests) in BY_CODE {
        let body = format!(
            r#"{{"error":"{code}","error_description":"CODE-CANARY SECRET-CANARY","x":[]}}"#
        );
        let outcome = exchange(json(*status, body), *requests).await?;
        let found = outcome
            .as_ref()
            .err()
            .and_then(ProviderError::provider_code);
        assert_eq!(found, Some(*code), "{status}");
        check(&format!("{status} {code}"), outcome, *expected)?;
    }
    Ok(())
}

#[tokio::test]
async fn code_is_read_from_a_refusal_of_any_content_type() -> TestResult {
    for content_type in ["text/plain", "text/html", "application/problem+json"] {
        let outcome =
            exchange(answer(400, content_type, r#"{"error":"invalid_grant"}"#), 1).await?;
        check(content_type, outcome, Failure::CodeExpired)?;
    }
    Ok(())
}

#[tokio::test]
async fn code_with_other_characters_is_unknown() -> TestResult {
    let long = "a".repeat(65);
    for code in ["CODE-CANARY", "<b>", "", "a b", "a\\u0000", long.as_str()] {
        let outcome = exchange(json(400, format!(r#"{{"error":"{code}"}}"#)), 1).await?;
        let found = outcome
            .as_ref()
            .err()
            .and_then(ProviderError::provider_code);
        assert_eq!(found, Some("unknown"), "{code}");
        check(code, outcome, Failure::Unrecognised)?;
    }
    Ok(())
}

/// B19 to B21: no code of RFC 6749 can be read.
#[tokio::test]
async fn status_decides_without_a_code() -> TestResult {
    let page = "<html>CODE-CANARY</html>";
    let clerk = r#"{"errors":[{"code":"form_code_incorrect","message":"CODE-CANARY"}],
                   "meta":{},"clerk_trace_id":"b1f8a8dd"}"#;
    let google = r#"{"error":{"code":400,"message":"CODE-CANARY"}}"#;
    for (status, expected) in [
        (400, Failure::Unrecognised),
        (403, Failure::Unrecognised),
        (404, Failure::Unrecognised),
        (422, Failure::Unrecognised),
        (429, Failure::ProviderLimit),
        (500, Failure::ProviderFault),
        (502, Failure::ProviderFault),
        (503, Failure::ProviderBusy),
        (504, Failure::ProviderFault),
        (599, Failure::ProviderFault),
    ] {
        let requests = if status >= 500 { 2 } else { 1 };
        let empty = exchange(ResponseTemplate::new(status), requests).await?;
        check(&format!("{status} empty"), empty, expected)?;
        check(
            &format!("{status} page"),
            exchange(answer(status, "text/html", page), requests).await?,
            expected,
        )?;
        check(
            &format!("{status} Google"),
            exchange(json(status, google), requests).await?,
            expected,
        )?;
        let outcome = exchange(json(status, clerk), requests).await?;
        let error = outcome.as_ref().err();
        assert_eq!(
            error.and_then(ProviderError::trace_id),
            Some("b1f8a8dd"),
            "{status}"
        );
        assert_eq!(
            error.and_then(ProviderError::provider_code),
            None,
            "{status}"
        );
        check(&format!("{status} Clerk"), outcome, expected)?;
        let long = exchange(answer(status, "text/html", "x".repeat(100_000)), requests).await?;
        check(&format!("{status} long"), long, expected)?;
    }
    Ok(())
}

#[tokio::test]
async fn trace_id_of_another_form_is_dropped() -> TestResult {
    let long = "a".repeat(65);
    for id in ["", "a b", "a\\n", "<b>", long.as_str()] {
        let body = format!(r#"{{"errors":[],"clerk_trace_id":"{id}"}}"#);
        let outcome = exchange(json(403, body), 1).await?;
        assert_eq!(
            outcome.as_ref().err().and_then(ProviderError::trace_id),
            None,
            "{id}"
        );
    }
    Ok(())
}

/// B24: what is not waited for is passed on within bounds.
#[tokio::test]
async fn wait_is_bounded() -> TestResult {
    for (value, expected) in [
        ("2", Some(2)),
        ("0", Some(1)),
        ("3600", Some(3600)),
        ("99999", Some(3600)),
        ("99999999999999999999999999", Some(3600)),
        ("Thu, 01 Jan 2026 00:00:07 GMT", Some(7)),
        ("Thu, 01 Jan 2026 09:00:00 GMT", Some(3600)),
        ("Wed, 31 Dec 2025 23:00:00 GMT", Some(1)),
        ("Sat, 31 Dec 9999 23:59:59 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(3600)),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ] {
        for status in [429, 503] {
            let requests = if status == 503 && expected.is_none() {
                2
            } else {
                1
            };
            let answer = ResponseTemplate::new(status).insert_header("retry-after", value);
            let outcome = exchange(answer, requests).await?;
            let found = outcome.as_ref().err().and_then(ProviderError::retry_after);
            assert_eq!(found, expected, "{status} {value} at {NOW}");
        }
    }
    Ok(())
}

/// Exchanges once with a server that gives this answer to exactly so many requests. Nothing that the
/// provider asks to be waited for is.
async fn exchange(
    answer: ResponseTemplate,
    requests: u64,
) -> Result<Result<TokenResponse, ProviderError>, BoxError> {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(answer)
        .expect(requests)
        .mount(&server)
        .await;
    let limits = Limits {
        longest_retry_after: Duration::ZERO,
        ..quick()
    };
    let outcome = Setup::with_limits(&server.uri(), limits)?.exchange().await;
    server.verify().await;
    Ok(outcome)
}
