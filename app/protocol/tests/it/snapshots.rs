//! What must not drift unseen: the authorization URL, the tables of failures and steps, the wire.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde::Serialize;
use url::Url;
use wrengate_protocol::{
    Failure,
    attempt::SavedAttempt,
    authorize::{AuthorizationRequest, Prompt},
    client::PublicClient,
    messages::{BeginSignIn, Begun, CompleteSignIn, Completion, Problem},
    nonce::Nonce,
    pkce::CodeVerifier,
    profile::{Access, Profile},
    secret::Carried,
    state::State,
    token::CodeExchange,
};

use crate::failures::STEPS;

/// A value as it crosses the wire.
fn wire(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| error.to_string())
}

fn ada() -> Profile {
    Profile {
        name: Some("Ada Lovelace".to_owned()),
        given_name: Some("Ada".to_owned()),
        family_name: Some("Lovelace".to_owned()),
        username: Some("ada".to_owned()),
        email: Some("ada@example.org".to_owned()),
        email_verified: true,
        picture: Some("https://img.example/ada.png".to_owned()),
    }
}

#[test]
fn the_authorization_url() {
    let endpoint = Url::parse("https://honest.example/oauth/authorize?tenant=a").unwrap();
    let url = AuthorizationRequest {
        endpoint: &endpoint,
        client_id: "client-1",
        redirect_uri: "https://app.example/callback",
        scope: "openid profile email",
        state: &State::from_random(&[1; 32]),
        nonce: Some(&Nonce::from_random(&[2; 32])),
        code_challenge: &CodeVerifier::from_random(&[3; 32]).challenge(),
        prompt: Some(Prompt::SelectAccount),
    }
    .to_url();
    assert_snapshot!(url.as_str().replace(['?', '&'], "\n"), @"
    https://honest.example/oauth/authorize
    tenant=a
    response_type=code
    client_id=client-1
    redirect_uri=https%3A%2F%2Fapp.example%2Fcallback
    scope=openid+profile+email
    state=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
    nonce=AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI
    code_challenge=g77gcvvTQj90gfwWOCFjatjPtz-u8N0FgfOXnqDHMbk
    code_challenge_method=S256
    prompt=select_account
    ");
}

#[test]
fn the_token_request() {
    let code = wrengate_protocol::Secret::new("abc".to_owned());
    let verifier = CodeVerifier::from_random(&[3; 32]);
    let exchange = CodeExchange {
        code: &code,
        redirect_uri: "https://app.example/callback",
        client_id: "client-1",
        code_verifier: &verifier,
    };
    let form = exchange.form();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    assert_snapshot!(body.replace('&', "\n"), @"
    grant_type=authorization_code
    code=abc
    redirect_uri=https%3A%2F%2Fapp.example%2Fcallback
    client_id=client-1
    code_verifier=AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "the table is the test")]
fn the_table_of_failures() {
    let mut table = String::new();
    for failure in Failure::ALL {
        let status = failure
            .status()
            .map_or_else(|| "-".to_owned(), |status| status.to_string());
        let actor = format!("{:?}", failure.actor());
        let severity = format!("{:?}", failure.severity());
        writeln!(
            table,
            "{:<21} {status:<4} {actor:<9} {severity}",
            failure.code()
        )
        .unwrap();
    }
    assert_snapshot!(table, @"
    cancelled             200  Person    Info
    not-allowed           403  Operator  Info
    request-unreadable    502  Operator  Error
    client-not-allowed    502  Operator  Error
    answer-type           502  Operator  Error
    scope-refused         502  Operator  Error
    provider-fault        502  Provider  Error
    provider-busy         503  Provider  Error
    sign-in-needed        401  Person    Info
    consent-needed        403  Person    Info
    pick-account          401  Person    Info
    option-unknown        502  Operator  Error
    step-up               403  Person    Info
    target-unknown        502  Operator  Error
    unrecognised          502  Provider  Error
    no-state              400  Person    Warn
    state-unmatched       400  Person    Warn
    verifier-lost         400  Person    Warn
    too-long              400  Person    Info
    already-used          400  Person    Info
    answer-incomplete     400  Provider  Info
    wrong-issuer          400  Provider  Error
    code-expired          400  Person    Warn
    proof-mismatch        400  Person    Warn
    client-rejected       502  Operator  Error
    exchange-refused      502  Operator  Error
    answer-unreadable     502  Provider  Error
    answer-lost           502  Provider  Warn
    id-untrusted          502  Provider  Error
    clock-skew            502  Operator  Error
    subject-mismatch      502  Provider  Error
    access-ended          401  Person    Info
    profile-refused       403  Person    Warn
    provider-timeout      504  Provider  Error
    provider-unreachable  502  Provider  Error
    metadata-wrong        502  Operator  Error
    offline               -    Person    Info
    app-unreachable       -    Person    Info
    too-many              429  Person    Warn
    provider-limit        503  Provider  Error
    session-expired       401  Person    Info
    session-over          401  Person    Info
    session-revoked       401  Person    Info
    storage-blocked       400  Person    Warn
    cookies-blocked       400  Person    Warn
    insecure-page         400  Person    Warn
    no-random             -    Person    Warn
    page-outdated         409  Person    Info
    not-from-here         403  Person    Warn
    app-busy              503  Operator  Error
    store-down            503  Operator  Error
    not-configured        503  Operator  Error
    not-found             404  Person    Info
    unexpected            500  Operator  Error
    ");
}

#[test]
fn the_steps() {
    let mut table = String::new();
    for step in STEPS {
        writeln!(table, "{:>2} {}", step.number(), step.code()).unwrap();
    }
    assert_snapshot!(table, @"
     1 start
     2 make-proof
     3 save-attempt
     4 register
     5 leave
     6 at-provider
     7 callback
     8 submit
     9 origin-gate
     9 find-attempt
     9 check-issuer
     9 check-proof
     9 consume
     9 exchange
     9 check-id-token
     9 userinfo
     9 open-session
    10 arrive
    ");
}

#[test]
fn the_messages_of_a_beginning() {
    let request = BeginSignIn {
        code_challenge: CodeVerifier::from_random(&[3; 32])
            .challenge()
            .as_str()
            .to_owned(),
        state: Carried::new("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
        return_to: Some("/account?x=1".to_owned()),
        prompt: Some(Prompt::SelectAccount),
    };
    let answer = Begun {
        authorization_url: "https://honest.example/oauth/authorize?x".to_owned(),
    };
    let saved = SavedAttempt::new(&CodeVerifier::from_random(&[3; 32]), 1_795_000_000_000);
    assert_snapshot!([wire(&request), wire(&answer), wire(&saved)].join("\n"), @r#"
    {"code_challenge":"g77gcvvTQj90gfwWOCFjatjPtz-u8N0FgfOXnqDHMbk","state":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","return_to":"/account?x=1","prompt":"select_account"}
    {"authorization_url":"https://honest.example/oauth/authorize?x"}
    {"code_verifier":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","created_ms":1795000000000}
    "#);
}

#[test]
fn the_messages_of_a_completion() {
    let code = CompleteSignIn {
        state: Carried::new("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
        iss: Some("https://honest.example".to_owned()),
        code: Some(Carried::new("abc".to_owned())),
        code_verifier: Some(Carried::new(
            "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM".to_owned(),
        )),
        error: None,
        error_description: None,
    };
    let refused = CompleteSignIn {
        code: None,
        code_verifier: None,
        error: Some("access_denied".to_owned()),
        error_description: Some("The person said no.".to_owned()),
        ..code.clone()
    };
    let signed_in = Completion {
        return_to: "/account".to_owned(),
        profile: Some(ada()),
        ..Completion::default()
    };
    let cancelled = Completion {
        return_to: "/account".to_owned(),
        failure: Some(Failure::Cancelled),
        reference: Some("7F3K-Q2".to_owned()),
        provider_says: Some("The person said no.".to_owned()),
        ..Completion::default()
    };
    assert_snapshot!(
        [wire(&code), wire(&refused), wire(&signed_in), wire(&cancelled)].join("\n"),
        @r#"
    {"state":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","iss":"https://honest.example","code":"abc","code_verifier":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"}
    {"state":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","iss":"https://honest.example","error":"access_denied","error_description":"The person said no."}
    {"return_to":"/account","profile":{"name":"Ada Lovelace","given_name":"Ada","family_name":"Lovelace","username":"ada","email":"ada@example.org","email_verified":true,"picture":"https://img.example/ada.png"}}
    {"return_to":"/account","failure":"cancelled","reference":"7F3K-Q2","provider_says":"The person said no."}
    "#
    );
}

#[test]
fn a_problem_and_what_a_browser_may_know() {
    let problem = Problem {
        failure: Some(Failure::TooMany),
        reference: "7F3K-Q2".to_owned(),
        retry_after: Some(30),
        provider_says: Some("Slow down.".to_owned()),
        return_to: Some("/account".to_owned()),
    };
    let client = PublicClient {
        app: "Wrengate".to_owned(),
        provider: "Honest".to_owned(),
        provider_home: Some("https://honest.example".to_owned()),
        provider_status: None,
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        support_url: None,
        support_email: Some("help@app.example".to_owned()),
    };
    let access = Access {
        granted: vec!["openid".to_owned()],
        refused: vec!["phone".to_owned()],
        expires_at: Some(1_795_003_600),
        profile_refused: false,
    };
    let bare = Problem::new(Failure::Unexpected, "7F3K-Q2");
    assert_snapshot!(
        [wire(&problem), wire(&bare), wire(&client), wire(&access)].join("\n"),
        @r#"
    {"failure":"too-many","reference":"7F3K-Q2","retry_after":30,"provider_says":"Slow down.","return_to":"/account"}
    {"failure":"unexpected","reference":"7F3K-Q2"}
    {"app":"Wrengate","provider":"Honest","provider_home":"https://honest.example","scopes":["openid","profile"],"support_url":null,"support_email":"help@app.example"}
    {"granted":["openid"],"refused":["phone"],"expires_at":1795003600}
    "#
    );
}
