//! What must not drift unseen: the authorization URL, the tables of failures and steps, the wire.

use std::fmt::Write as _;

use insta::assert_snapshot;
use serde::Serialize;
use url::Url;
use wrengate_protocol::{
    Failure, Step,
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

/// A value as it crosses the wire.
fn wire(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| error.to_string())
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn ada() -> Profile {
    Profile {
        name: text("Ada Lovelace"),
        given_name: text("Ada"),
        family_name: text("Lovelace"),
        username: text("ada"),
        email: text("ada@example.org"),
        email_verified: true,
        picture: text("https://img.example/ada.png"),
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
    assert_snapshot!(url.as_str().replace(['?', '&'], "\n"), @"");
}

#[test]
fn the_token_request() {
    let code = wrengate_protocol::Secret::new("abc".to_owned());
    let verifier = CodeVerifier::from_random(&[3; 32]);
    let form = CodeExchange {
        code: &code,
        redirect_uri: "https://app.example/callback",
        client_id: "client-1",
        code_verifier: &verifier,
    }
    .form();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    assert_snapshot!(body.replace('&', "\n"), @"");
}

#[test]
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
    assert_snapshot!(table, @"");
}

#[test]
fn the_steps() {
    let steps = [
        Step::Start,
        Step::MakeProof,
        Step::SaveAttempt,
        Step::Register,
        Step::Leave,
        Step::AtProvider,
        Step::Callback,
        Step::Submit,
        Step::OriginGate,
        Step::FindAttempt,
        Step::CheckIssuer,
        Step::CheckProof,
        Step::Consume,
        Step::Exchange,
        Step::CheckIdToken,
        Step::Userinfo,
        Step::OpenSession,
        Step::Arrive,
    ];
    let table: String = steps
        .iter()
        .map(|step| format!("{:>2} {}\n", step.number(), step.code()))
        .collect();
    assert_snapshot!(table, @"");
}

#[test]
fn the_messages_of_a_beginning() {
    let begin = BeginSignIn {
        code_challenge: CodeVerifier::from_random(&[3; 32])
            .challenge()
            .as_str()
            .to_owned(),
        state: Carried::new("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
        return_to: text("/account?x=1"),
        prompt: Some(Prompt::SelectAccount),
    };
    let begun = Begun {
        authorization_url: "https://honest.example/oauth/authorize?x".to_owned(),
    };
    let saved = SavedAttempt::new(&CodeVerifier::from_random(&[3; 32]), 1_795_000_000_000.0);
    assert_snapshot!([wire(&begin), wire(&begun), wire(&saved)].join("\n"), @"");
}

#[test]
fn the_messages_of_a_completion() {
    let code = CompleteSignIn {
        state: Carried::new("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
        iss: text("https://honest.example"),
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
        error: text("access_denied"),
        error_description: text("The person said no."),
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
        reference: text("7F3K-Q2"),
        provider_says: text("The person said no."),
        ..Completion::default()
    };
    assert_snapshot!(
        [wire(&code), wire(&refused), wire(&signed_in), wire(&cancelled)].join("\n"),
        @""
    );
}

#[test]
fn a_problem_and_what_a_browser_may_know() {
    let problem = Problem {
        failure: Some(Failure::TooMany),
        reference: "7F3K-Q2".to_owned(),
        retry_after: Some(30),
        provider_says: text("Slow down."),
        return_to: text("/account"),
    };
    let client = PublicClient {
        app: "Wrengate".to_owned(),
        provider: "Honest".to_owned(),
        provider_home: text("https://honest.example"),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        support_url: None,
        support_email: text("help@app.example"),
    };
    let access = Access {
        granted: vec!["openid".to_owned()],
        refused: vec!["phone".to_owned()],
        expires_at: Some(1_795_003_600),
    };
    let bare = Problem::new(Failure::Unexpected, "7F3K-Q2");
    assert_snapshot!(
        [wire(&problem), wire(&bare), wire(&client), wire(&access)].join("\n"),
        @""
    );
}
