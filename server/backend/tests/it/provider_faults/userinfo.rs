//! What the userinfo endpoint answers, and who that is.

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};
use wrengate_backend::provider::ProviderError;
use wrengate_protocol::{Failure, userinfo::Userinfo};

use super::{BoxError, Setup, TestResult, answer, check, json};

/// D2, D4, D5 and D11: 200 in JSON that names nobody.
const NAMES_NOBODY: &[(&str, &[u8], Failure)] = &[
    (
        "D2 missing",
        br#"{"email":"EMAIL-CANARY"}"#,
        Failure::SubjectMismatch,
    ),
    (
        "D2 empty",
        br#"{"sub":"","user_id":"u"}"#,
        Failure::SubjectMismatch,
    ),
    ("D4 neither", b"{}", Failure::SubjectMismatch),
    ("D4 empty", br#"{"user_id":""}"#, Failure::SubjectMismatch),
    (
        "D4 number",
        br#"{"user_id":5,"name":"EMAIL-CANARY"}"#,
        Failure::SubjectMismatch,
    ),
    (
        "D4 error under 200",
        br#"{"error":"invalid_token"}"#,
        Failure::SubjectMismatch,
    ),
    ("D5 empty", b"", Failure::AnswerUnreadable),
    ("D5 null", b"null", Failure::AnswerUnreadable),
    (
        "D5 invalid",
        br#"{"sub":"u","email":EMAIL-CANARY,}"#,
        Failure::AnswerUnreadable,
    ),
    (
        "D5 final comma",
        br#"{"sub":"u",}"#,
        Failure::AnswerUnreadable,
    ),
    (
        "D5 twice",
        br#"{"sub":"u","sub":"EMAIL-CANARY"}"#,
        Failure::AnswerUnreadable,
    ),
    (
        "D11",
        br#"{"sub":"u","name":"\ud800"}"#,
        Failure::AnswerUnreadable,
    ),
];

#[tokio::test]
async fn answer_that_names_nobody_is_refused() -> TestResult {
    for (row, body, expected) in NAMES_NOBODY {
        check(row, ask(json(200, *body)).await?, *expected)?;
    }
    check(
        "D5 page",
        ask(answer(200, "text/html", "<p>")).await?,
        Failure::AnswerUnreadable,
    )
}

/// D6.
#[tokio::test]
async fn signed_userinfo_is_unsupported_and_the_error_says_so() -> TestResult {
    for jwt in ["eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "eyJhbGciOiJub25lIn0.e30."] {
        let outcome = ask(answer(200, "application/jwt", jwt)).await?;
        let text = outcome
            .as_ref()
            .err()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(text.contains("unsupported"), "{text}");
        check("D6", outcome, Failure::AnswerUnreadable)?;
    }
    Ok(())
}

/// D1, D3, D10 and D12 to D14: what is kept of a person.
#[tokio::test]
async fn profile_holds_the_allowed_claims_and_nothing_else() -> TestResult {
    let person = ask(json(
        200,
        r#"{"sub":"a","user_id":"b","email":"e@x","email_verified":"true"}"#,
    ));
    let person = person.await??;
    assert_eq!(person.subject, "a");
    assert_eq!(person.profile.email.as_deref(), Some("e@x"));
    assert!(!person.profile.email_verified);

    let clerk = r#"{"object":"oauth_user_info","user_id":"user_1","name":"<b>\u0000\u202eW{{}}",
                   "picture":"javascript:alert(1)","private_metadata":{"x":"EMAIL-CANARY"}}"#;
    let person = ask(json(200, clerk)).await??;
    assert_eq!(person.subject, "user_1");
    assert_eq!(person.profile.name.as_deref(), Some("<b>W{{}}"));
    assert_eq!(person.profile.picture, None);
    assert!(!format!("{person:?}").contains("EMAIL-CANARY"));

    let long = format!(r#"{{"sub":"u","name":"{}"}}"#, "n".repeat(100_000));
    let name = ask(json(200, long))
        .await??
        .profile
        .name
        .unwrap_or_default();
    assert_eq!(name.len(), 200);
    Ok(())
}

/// D15.
#[tokio::test]
async fn distributed_claims_are_not_fetched() -> TestResult {
    let elsewhere = MockServer::start().await;
    Mock::given(any())
        .respond_with(json(200, "{}"))
        .expect(0)
        .mount(&elsewhere)
        .await;
    let body = format!(
        r#"{{"sub":"u","_claim_names":{{"email":"s"}},"_claim_sources":{{"s":{{"endpoint":"{}"}}}}}}"#,
        elsewhere.uri(),
    );
    assert_eq!(ask(json(200, body)).await??.profile.email, None);
    Ok(())
}

/// D7 to D9: status, `WWW-Authenticate`, body, failure.
const REFUSALS: &[(u16, &str, &str, Failure)] = &[
    (401, "", "", Failure::AccessEnded),
    (401, "Bearer", "", Failure::AccessEnded),
    (
        401,
        r#"Bearer error="invalid_token""#,
        "",
        Failure::AccessEnded,
    ),
    (401, "", r#"{"error":"whatever"}"#, Failure::AccessEnded),
    (
        400,
        r#"Bearer realm="x", error="invalid_token""#,
        "",
        Failure::AccessEnded,
    ),
    (
        400,
        "",
        r#"{"error":"invalid_token"}"#,
        Failure::AccessEnded,
    ),
    (
        403,
        r#"Bearer error="insufficient_scope", scope="a b""#,
        "",
        Failure::ProfileRefused,
    ),
    (
        403,
        "",
        r#"{"error":"insufficient_scope"}"#,
        Failure::ProfileRefused,
    ),
    (403, "", "", Failure::Unrecognised),
    (
        403,
        r#"Bearer error_description="not insufficient_scope""#,
        "",
        Failure::Unrecognised,
    ),
    (
        403,
        "",
        r#"{"errors":[{"message":"EMAIL-CANARY"}]}"#,
        Failure::Unrecognised,
    ),
    (
        400,
        r#"Bearer error="invalid_request""#,
        "",
        Failure::Unrecognised,
    ),
    (404, "", "<html>EMAIL-CANARY</html>", Failure::Unrecognised),
    (429, "", "", Failure::ProviderLimit),
    (500, "", "", Failure::ProviderFault),
    (
        502,
        "",
        r#"{"error":"bad_gateway"}"#,
        Failure::ProviderFault,
    ),
    (503, "", "", Failure::ProviderBusy),
    (504, "", "", Failure::ProviderFault),
    (302, "", "", Failure::AnswerUnreadable),
    (204, "", "", Failure::AnswerUnreadable),
];

#[tokio::test]
async fn refusal_is_sorted_by_its_code_and_then_its_status() -> TestResult {
    for (status, challenge, body, expected) in REFUSALS {
        let mut refusal = json(*status, *body).insert_header("retry-after", "7");
        if !challenge.is_empty() {
            refusal = refusal.insert_header("www-authenticate", *challenge);
        }
        let outcome = ask(refusal).await?;
        if *status >= 400 {
            assert_eq!(
                outcome.as_ref().err().and_then(ProviderError::retry_after),
                Some(7)
            );
        }
        check(&format!("{status} {challenge} {body}"), outcome, *expected)?;
    }
    Ok(())
}

/// Asks once a server that gives this answer to exactly one request.
async fn ask(answer: ResponseTemplate) -> Result<Result<Userinfo, ProviderError>, BoxError> {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;
    let outcome = Setup::new(&server.uri())?.userinfo().await;
    server.verify().await;
    Ok(outcome)
}
