//! The authorization URL: exactly its parameters, the endpoint's own query, no verifier.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use url::Url;
use wrengate_protocol::{
    Secret,
    authorize::{AuthorizationRequest, Prompt},
    nonce::Nonce,
    pkce::CodeVerifier,
    state::State,
};

const REDIRECT: &str = "https://app.example/callback";

/// The parameters of a URL built for an endpoint, in order.
fn parameters(endpoint: &str, nonce: bool, prompt: Option<Prompt>) -> Vec<(String, String)> {
    with_request(endpoint, nonce, prompt, |request| pairs(&request.to_url())).unwrap_or_default()
}

/// What is made of a request to an endpoint; `None` for one that is no address.
fn with_request<T>(
    endpoint: &str,
    nonce: bool,
    prompt: Option<Prompt>,
    make: impl FnOnce(AuthorizationRequest<'_>) -> T,
) -> Option<T> {
    let endpoint = Url::parse(endpoint).ok()?;
    let nonce = nonce.then(|| Nonce::from_random(&[2; 32]));
    Some(make(AuthorizationRequest {
        endpoint: &endpoint,
        client_id: "client-1",
        redirect_uri: REDIRECT,
        scope: "openid profile email",
        state: &State::from_random(&[1; 32]),
        nonce: nonce.as_ref(),
        code_challenge: &CodeVerifier::from_random(&[3; 32]).challenge(),
        prompt,
    }))
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

fn names(parameters: &[(String, String)]) -> Vec<&str> {
    parameters.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn the_url_has_exactly_the_parameters_of_the_design() {
    let mut expected = vec![
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ];
    let endpoint = "https://honest.example/authorize";
    assert_eq!(names(&parameters(endpoint, true, None)), expected);
    let with_prompt = parameters(endpoint, true, Some(Prompt::Consent));
    expected.push("prompt");
    assert_eq!(names(&with_prompt), expected);
    expected.retain(|name| *name != "nonce");
    assert_eq!(
        names(&parameters(endpoint, false, Some(Prompt::Login))),
        expected
    );
}

#[test]
fn each_parameter_has_its_value() {
    let parameters = parameters(
        "https://honest.example/authorize",
        true,
        Some(Prompt::Login),
    );
    let value = |name: &str| {
        parameters
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(value("response_type"), Some("code"));
    assert_eq!(value("client_id"), Some("client-1"));
    assert_eq!(value("redirect_uri"), Some(REDIRECT));
    assert_eq!(value("scope"), Some("openid profile email"));
    assert_eq!(value("state"), Some(State::from_random(&[1; 32]).expose()));
    assert_eq!(value("nonce"), Some(Nonce::from_random(&[2; 32]).expose()));
    let verifier = CodeVerifier::from_random(&[3; 32]);
    assert_eq!(value("code_challenge"), Some(verifier.challenge().as_str()));
    assert_eq!(value("code_challenge_method"), Some("S256"));
    assert_eq!(value("prompt"), Some("login"));
}

#[test]
fn the_endpoints_own_query_is_kept_and_stands_first() {
    let own = parameters(
        "https://honest.example/authorize?tenant=a%20b&x&y=1&y=2",
        true,
        None,
    );
    let kept: Vec<_> = own
        .iter()
        .take(4)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(kept, [("tenant", "a b"), ("x", ""), ("y", "1"), ("y", "2")]);
    assert_eq!(own.len(), 12);
    assert_eq!(
        parameters("https://honest.example/authorize?", true, None).len(),
        8
    );
}

#[test]
fn what_is_pushed_is_what_the_address_would_have_carried() {
    for (nonce, prompt) in [(true, None), (false, Some(Prompt::Consent))] {
        let endpoint = "https://honest.example/authorize?tenant=a";
        let pushed: Option<Vec<_>> = with_request(endpoint, nonce, prompt, |request| {
            let parameters = request.parameters().into_iter();
            parameters
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        });
        let in_address = parameters(endpoint, nonce, prompt);
        assert_eq!(pushed.as_deref(), in_address.get(1..));
    }
}

#[test]
fn the_address_after_pushing_names_client_and_request_alone() {
    for (own, expected) in [
        ("", "?client_id=client-1&request_uri=urn%3Aex%3A%26x%3D1"),
        (
            "?tenant=a",
            "?tenant=a&client_id=client-1&request_uri=urn%3Aex%3A%26x%3D1",
        ),
    ] {
        let endpoint = format!("https://honest.example/authorize{own}");
        let url = with_request(&endpoint, true, Some(Prompt::Login), |request| {
            request.to_pushed_url(&Secret::new("urn:ex:&x=1".to_owned()))
        });
        assert_eq!(
            url.map(String::from),
            Some(format!("https://honest.example/authorize{expected}"))
        );
    }
}

#[test]
fn a_prompt_is_named_as_the_standard_names_it() {
    for (prompt, name) in [
        (Prompt::Login, "login"),
        (Prompt::SelectAccount, "select_account"),
        (Prompt::Consent, "consent"),
    ] {
        assert_eq!(prompt.as_str(), name);
        assert_eq!(
            serde_json::to_string(&prompt).unwrap(),
            format!("\"{name}\"")
        );
    }
}
