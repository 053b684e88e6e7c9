//! What holds for every input, tried with generated ones.

use std::collections::HashSet;

use proptest::{
    collection::vec,
    prelude::*,
    string::string_regex,
    test_runner::{Config, TestCaseError},
};
use url::Url;
use wrengate_protocol::{
    Secret,
    authorize::{AuthorizationRequest, Prompt},
    callback::{Answer, CallbackError, UnmatchedCallback, is_code},
    discovery::Metadata,
    issuer::{Issuer, parse_endpoint},
    json::parse_object,
    messages::{BeginSignIn, CheckedAnswer, CompleteSignIn},
    nonce::Nonce,
    pkce::{CodeChallenge, CodeVerifier},
    profile::AvatarHosts,
    provider_error::{ErrorCode, quotable},
    return_to::{ReturnTo, is_local_path},
    state::State,
    text::plain,
    token::TokenResponse,
    userinfo::Userinfo,
};

/// More cases than usual, because each is cheap; no file of past failures, because a repaired bug
/// leaves a test of its own behind.
fn thorough() -> Config {
    Config {
        cases: 1024,
        failure_persistence: None,
        ..Config::default()
    }
}

/// Texts made of what parsers trip over, and any characters between.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "/", "//", "\\", ".", "..", "%", "%2f", "%2F", "%5c", "%2e", "%00", "%0d%0a", "%61",
            "api", "callback", "sign-out", "account", "problem", "https:", "http:", "javascript:",
            "h.example", "app.example", "@", ":", "?", "#", "&", "=", "+", ";", " ", "\t", "\n",
            "\r", "\0", "\u{7f}", "\u{85}", "\u{a0}", "\u{202e}", "\u{200b}", "\u{2066}",
            "\u{feff}", "\u{ff0f}", "\u{2044}", "\u{3002}", "é", "😀", "[", "]", "{", "}", "\"",
            "null", "1e999", "\\ud800", "code", "state", "error", "iss", "error_description",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A path, more often than not.
fn proposal() -> impl Strategy<Value = String> {
    prop_oneof![hostile(), hostile().prop_map(|rest| format!("/{rest}"))]
}

fn state_text() -> impl Strategy<Value = String> {
    matching("[A-Za-z0-9_-]{22,128}")
}

fn code_text() -> impl Strategy<Value = String> {
    matching("[ -~]{1,200}")
}

/// Texts of a pattern; a pattern that cannot be read gives no cases, which fails the test.
fn matching(pattern: &str) -> BoxedStrategy<String> {
    match string_regex(pattern) {
        Ok(strategy) => strategy.boxed(),
        Err(_) => Just(String::new())
            .prop_filter("the pattern is wrong", |_| false)
            .boxed(),
    }
}

fn origin() -> impl Strategy<Value = Url> {
    prop::sample::select(vec![
        "https://app.example",
        "https://app.example:8443",
        "http://localhost:3000",
    ])
    .prop_filter_map("an origin", |text| Url::parse(text).ok())
}

fn query(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

fn outside<E: std::fmt::Debug>(error: E) -> TestCaseError {
    TestCaseError::fail(format!("the test's own input was refused: {error:?}"))
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn an_authorization_url_parses_back_to_exactly_its_parameters(
        own in vec((matching("[a-z]{1,8}"), hostile()), 0..4),
        client_id in hostile(),
        redirect_uri in hostile(),
        scope in hostile(),
        random in any::<[[u8; 32]; 3]>(),
        openid in any::<bool>(),
        prompt in prop::option::of(prop::sample::select(
            vec![Prompt::Login, Prompt::SelectAccount, Prompt::Consent],
        )),
    ) {
        let mut endpoint = Url::parse("https://honest.example/authorize").map_err(outside)?;
        if !own.is_empty() {
            endpoint.query_pairs_mut().extend_pairs(&own);
        }
        let verifier = CodeVerifier::from_random(&random[0]);
        let challenge = verifier.challenge();
        let state = State::from_random(&random[1]);
        let nonce = openid.then(|| Nonce::from_random(&random[2]));
        let url = AuthorizationRequest {
            endpoint: &endpoint,
            client_id: &client_id,
            redirect_uri: &redirect_uri,
            scope: &scope,
            state: &state,
            nonce: nonce.as_ref(),
            code_challenge: &challenge,
            prompt,
        }
        .to_url();

        let mut expected = own;
        let mut expect = |name: &str, value: &str| {
            expected.push((name.to_owned(), value.to_owned()));
        };
        expect("response_type", "code");
        expect("client_id", &client_id);
        expect("redirect_uri", &redirect_uri);
        expect("scope", &scope);
        expect("state", state.expose());
        if let Some(nonce) = &nonce {
            expect("nonce", nonce.expose());
        }
        expect("code_challenge", challenge.as_str());
        expect("code_challenge_method", "S256");
        if let Some(prompt) = prompt {
            expect("prompt", prompt.as_str());
        }

        let reread = Url::parse(url.as_str()).map_err(outside)?;
        let found: Vec<(String, String)> = reread.query_pairs().into_owned().collect();
        prop_assert_eq!(found, expected);
        prop_assert!(!url.as_str().contains(verifier.expose()));
        prop_assert!(url.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert!(url.as_str().starts_with(endpoint.as_str()));
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn no_query_panics_and_what_is_read_keeps_the_rules(query in hostile()) {
        if let Ok(callback) = UnmatchedCallback::parse(&query) {
            prop_assert!(State::parse(callback.state().expose()).is_ok());
            if let Ok(validated) = callback.judge() {
                match validated.answer {
                    Answer::Code(code) => prop_assert!(is_code(code.expose())),
                    Answer::Refused { error, description } => {
                        prop_assert_eq!(ErrorCode::parse(&error).to_string(), error);
                        let again = description.as_deref().and_then(quotable);
                        prop_assert_eq!(again, description);
                    }
                }
            }
        }
    }

    #[test]
    fn no_bytes_in_the_place_of_a_query_panic(
        bytes in vec(any::<u8>(), 0..200),
        state in state_text(),
    ) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = UnmatchedCallback::parse(&text);
        let coded: String = form_urlencoded::byte_serialize(&bytes).collect();
        let callback = UnmatchedCallback::parse(&format!("code={coded}&state={state}"))
            .map_err(outside)?;
        prop_assert_eq!(callback.judge().is_ok(), str::from_utf8(&bytes).is_ok_and(is_code));
    }

    #[test]
    fn an_answer_speaks_for_the_state_it_carries_and_for_no_other(
        sent in state_text(),
        other in state_text(),
        code in code_text(),
    ) {
        prop_assume!(sent != other);
        let callback = UnmatchedCallback::parse(&query(&[("code", &code), ("state", &sent)]))
            .map_err(outside)?;
        let other = State::parse(&other).map_err(outside)?;
        prop_assert_eq!(callback.state().expose(), &sent);
        prop_assert_ne!(callback.state().expose(), other.expose());
        prop_assert_ne!(callback.state().hash(), other.hash());
    }

    #[test]
    fn a_state_with_anything_added_is_never_that_state(
        state in state_text(),
        before in hostile(),
        after in hostile(),
    ) {
        let changed = format!("{before}{state}{after}");
        prop_assume!(changed != state);
        match UnmatchedCallback::parse(&query(&[("code", "abc"), ("state", &changed)])) {
            Ok(callback) => prop_assert_ne!(callback.state().expose(), &state),
            Err(error) => prop_assert_eq!(error, CallbackError::StateMalformed),
        }
    }

    #[test]
    fn a_known_parameter_twice_is_refused_wherever_it_stands(
        name in prop::sample::select(vec!["code", "state", "error", "error_description", "iss"]),
        values in any::<[String; 2]>(),
        places in any::<[prop::sample::Index; 2]>(),
        state in state_text(),
    ) {
        let mut pairs = vec![("x", "1"), ("code", "abc"), ("state", state.as_str()), ("x", "2")];
        pairs.retain(|(found, _)| *found != name);
        for (place, value) in places.iter().zip(&values) {
            pairs.insert(place.index(pairs.len() + 1), (name, value));
        }
        let error = UnmatchedCallback::parse(&query(&pairs)).map(drop);
        prop_assert_eq!(error, Err(CallbackError::Repeated));
    }

    #[test]
    fn unknown_parameters_change_nothing(
        unknown in vec((hostile(), hostile()), 0..6),
        places in vec(any::<prop::sample::Index>(), 6),
        state in state_text(),
        code in code_text(),
    ) {
        let known = HashSet::from(["code", "state", "error", "error_description", "iss"]);
        let mut pairs = vec![("code", code.as_str()), ("state", state.as_str())];
        for ((name, value), place) in unknown.iter().zip(&places) {
            if !known.contains(name.as_str()) {
                pairs.insert(place.index(pairs.len() + 1), (name, value));
            }
        }
        let callback = UnmatchedCallback::parse(&query(&pairs)).map_err(outside)?;
        prop_assert_eq!(callback.state().expose(), &state);
        match callback.judge().map_err(outside)?.answer {
            Answer::Code(found) => prop_assert_eq!(found.expose(), &code),
            Answer::Refused { .. } => prop_assert!(false, "a code was sent"),
        }
    }

    #[test]
    fn a_return_path_never_leaves_the_origin(proposed in proposal(), origin in origin()) {
        let kept = ReturnTo::parse(Some(&proposed), &origin);
        let page = origin.join("/callback").map_err(outside)?;
        let url = page.join(kept.as_str()).map_err(outside)?;
        prop_assert_eq!(url.origin(), origin.origin());
        prop_assert!(kept.as_str().len() <= 512);
        prop_assert!(!kept.as_str().contains('\\'));
        prop_assert!(!kept.as_str().chars().any(char::is_control));

        // Neither as it stands nor as a proxy or a router that decodes might read it.
        for path in [url.path().to_owned(), decoded(url.path())] {
            prop_assert!(!path.starts_with("//") && !path.starts_with("/\\"), "{}", path);
            for place in ["/api", "/callback", "/sign-out"] {
                let rest = path.strip_prefix(place);
                prop_assert!(!rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
            }
        }
        prop_assert!(kept == ReturnTo::account() || kept.as_str() == proposed);
        prop_assert_eq!(&ReturnTo::parse(Some(kept.as_str()), &origin), &kept);
        prop_assert_eq!(&ReturnTo::restore(kept.as_str().to_owned()), &kept);
    }

    #[test]
    fn a_local_path_stays_on_whatever_page_it_is_followed_from(proposed in proposal()) {
        if is_local_path(&proposed) {
            for page in ["https://app.example/callback?x#y", "http://localhost:3000/a/b/"] {
                let page = Url::parse(page).map_err(outside)?;
                let url = page.join(&proposed).map_err(outside)?;
                prop_assert_eq!(url.origin(), page.origin());
            }
        }
    }

    #[test]
    fn plain_text_has_no_controls_and_no_more_characters_than_asked(
        raw in hostile(),
        longest in 0_usize..40,
    ) {
        let text = plain(&raw, longest);
        prop_assert!(text.chars().count() <= longest);
        prop_assert!(!text.chars().any(char::is_control));
        for bidi in ['\u{61c}', '\u{200e}', '\u{200f}'] {
            prop_assert!(!text.contains(bidi));
        }
        for bidi in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            prop_assert!(!text.contains(bidi));
        }
        prop_assert_eq!(plain(&text, longest), text.as_str());
        prop_assert_eq!(text.trim(), text.as_str());
    }

    #[test]
    fn an_error_code_is_always_of_its_alphabet(raw in hostile()) {
        let code = ErrorCode::parse(&raw).to_string();
        prop_assert!((1..=64).contains(&code.len()));
        prop_assert!(code.bytes().all(|byte| b"abcdefghijklmnopqrstuvwxyz0123456789_.-".contains(&byte)));
        prop_assert!(code == raw || code == "unknown");
    }

    #[test]
    fn only_pictures_on_allowed_origins_pass(picture in prop_oneof![
        hostile(),
        hostile().prop_map(|rest| format!("https://{rest}")),
        hostile().prop_map(|rest| format!("https://img.example{rest}")),
        hostile().prop_map(|rest| format!("{rest}https://img.example/")),
        matching("[a-z]{1,12}").prop_map(|scheme| format!("{scheme}:https://img.example/x")),
        Just("blob:https://img.example/x".to_owned()),
        hostile().prop_map(|rest| format!("http://localhost:4000{rest}")),
    ]) {
        let hosts = AvatarHosts::new(vec!["img.example".to_owned(), "localhost:4000".to_owned()]);
        if let Some(allowed) = hosts.allow(&picture) {
            prop_assert!(
                allowed.starts_with("https://img.example/")
                    || allowed.starts_with("http://localhost:4000/"),
                "{}", allowed
            );
            prop_assert!(allowed.len() <= 2048);
            prop_assert_eq!(hosts.allow(&allowed), Some(allowed.clone()));
        }
    }

    #[test]
    fn no_bytes_make_a_parser_of_answers_panic(bytes in vec(any::<u8>(), 0..300)) {
        answers(&bytes)?;
    }

    #[test]
    fn no_text_makes_a_parser_of_answers_panic(text in hostile()) {
        answers(text.as_bytes())?;
        answers(format!("{{{text}}}").as_bytes())?;
        answers(format!("{{\"sub\":\"{text}\",\"access_token\":\"{text}\"}}").as_bytes())?;
    }

    #[test]
    fn no_members_make_a_parser_of_answers_panic(
        members in vec((known_member(), any_json()), 0..8),
    ) {
        let members: serde_json::Map<_, _> = members.into_iter().collect();
        answers(serde_json::Value::from(members).to_string().as_bytes())?;
    }

    #[test]
    fn no_text_makes_an_address_that_is_not_https_or_loopback(text in hostile()) {
        for text in [text.clone(), format!("https://{text}"), format!("http://{text}")] {
            if let Ok(url) = parse_endpoint(&text) {
                prop_assert!(url.scheme() == "https" || wrengate_protocol::issuer::is_loopback(&url));
                prop_assert!(url.username().is_empty() && url.password().is_none());
            }
            if let Ok(issuer) = Issuer::parse(&text) {
                prop_assert_eq!(issuer.as_str(), text.as_str());
                prop_assert!(issuer.accepts(Some(&text), true));
            }
        }
    }

    #[test]
    fn what_a_checked_message_holds_keeps_the_rules(
        state in prop_oneof![state_text(), hostile()],
        code in prop::option::of(prop_oneof![code_text(), hostile()]),
        verifier in prop::option::of(prop_oneof![matching("[A-Za-z0-9._~-]{43,128}"), hostile()]),
        error in prop::option::of(hostile()),
    ) {
        let message = serde_json::json!({
            "state": state, "code": code, "code_verifier": verifier, "error": error,
        });
        let message: CompleteSignIn = serde_json::from_value(message).map_err(outside)?;
        if let Ok(checked) = message.check() {
            prop_assert!(State::parse(checked.state.expose()).is_ok());
            match checked.answer {
                CheckedAnswer::Code { code, verifier } => {
                    prop_assert!(is_code(code.expose()));
                    prop_assert!(CodeVerifier::parse(verifier.expose()).is_ok());
                }
                CheckedAnswer::Refused { .. } => prop_assert!(code.is_none()),
            }
        }
        let begin = serde_json::json!({"code_challenge": code.unwrap_or_default(), "state": state});
        let begin: BeginSignIn = serde_json::from_value(begin).map_err(outside)?;
        if let Ok(checked) = begin.check() {
            prop_assert!(CodeChallenge::parse(checked.code_challenge.as_str()).is_ok());
        }
    }

    #[test]
    fn no_secret_prints(secret in matching("[a-z]{12,40}")) {
        let printed = format!("{:?} {:#?}", Secret::new(secret.clone()), Secret::new(secret.clone()));
        prop_assert!(!printed.contains(&secret));
    }

    #[test]
    fn a_challenge_fits_the_verifier_it_was_made_from_alone(bytes in any::<[[u8; 32]; 2]>()) {
        prop_assume!(bytes[0] != bytes[1]);
        let [verifier, other] = bytes.map(|bytes| CodeVerifier::from_random(&bytes));
        prop_assert!(verifier.challenge().fits(&verifier));
        prop_assert!(!verifier.challenge().fits(&other));
    }
}

/// Reads bytes with every parser of a provider's answer and looks at what comes out.
fn answers(bytes: &[u8]) -> Result<(), TestCaseError> {
    let issuer = Issuer::parse("https://honest.example").map_err(outside)?;
    let avatars = AvatarHosts::new(vec!["img.example".to_owned()]);
    let _ = Metadata::parse(bytes, &issuer);
    if let Ok(tokens) = TokenResponse::parse(bytes) {
        let token = tokens.access_token.expose();
        prop_assert!(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert!(
            tokens
                .expires_in
                .is_none_or(|seconds| (1..=315_360_000).contains(&seconds))
        );
    }
    if let Ok(userinfo) = Userinfo::parse(bytes, &avatars) {
        prop_assert!((1..=255).contains(&userinfo.subject.len()) && userinfo.subject.is_ascii());
        prop_assert!(!userinfo.subject.chars().any(char::is_control));
        let picture = userinfo.profile.picture;
        prop_assert!(picture.is_none_or(|picture| picture.starts_with("https://img.example/")));
        let name = userinfo.profile.name.unwrap_or_default();
        prop_assert!(name.chars().count() <= 200 && !name.chars().any(char::is_control));
    }
    prop_assert_eq!(
        parse_object(bytes).is_ok(),
        parse_object(format!(" {} ", String::from_utf8_lossy(bytes)).as_bytes()).is_ok()
            && str::from_utf8(bytes).is_ok()
    );
    Ok(())
}

fn known_member() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope",
            "error", "sub", "user_id", "name", "email", "email_verified", "picture", "issuer",
            "authorization_endpoint", "token_endpoint", "userinfo_endpoint",
            "code_challenge_methods_supported", "prompt_values_supported",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        prop::sample::select(vec![
            "bearer",
            "user_1",
            "https://honest.example",
            "S256",
            "inf"
        ])
        .prop_map(serde_json::Value::from),
        hostile().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            vec((any::<String>(), inner), 0..4).prop_map(|members| members
                .into_iter()
                .collect::<serde_json::Map<_, _>>()
                .into()),
        ]
    })
}

/// Percent-decoded once, as a careless proxy would.
fn decoded(path: &str) -> String {
    let escaped = path
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}
