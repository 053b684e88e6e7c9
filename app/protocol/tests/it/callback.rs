//! The query of `/callback`: what is read, in which order, and what is refused.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use wrengate_protocol::{
    Failure,
    callback::{Answer, CallbackError, UnmatchedCallback, is_code},
    provider_error::ErrorCode,
};

const STATE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// What a query with a matching state comes to: `code <code>`, or `error <code> <words>`.
fn outcome(query: &str) -> Result<String, CallbackError> {
    Ok(match UnmatchedCallback::parse(query)?.judge()?.answer {
        Answer::Code(code) => format!("code {}", code.expose()),
        Answer::Refused { error, description } => {
            format!("error {error} {}", description.unwrap_or_default())
        }
    })
}

/// The failure a refused query leads to; `None` when it was not refused.
fn failure(query: &str) -> Option<Failure> {
    outcome(query).err().map(CallbackError::failure)
}

/// The failure of a provider's `error`, as the server names it after the crossing.
fn failure_of(error: &str, description: &str) -> Result<Failure, CallbackError> {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("error", error)
        .append_pair("error_description", description)
        .append_pair("state", STATE)
        .finish();
    Ok(match UnmatchedCallback::parse(&query)?.judge()?.answer {
        Answer::Code(_) => Failure::Unexpected,
        Answer::Refused { error, description } => {
            ErrorCode::parse(&error).in_authorization_response(description.as_deref())
        }
    })
}

#[test]
fn a_code_with_its_state_is_read_with_and_without_the_question_mark() {
    for query in [
        format!("code=abc&state={STATE}"),
        format!("?code=abc&state={STATE}"),
        format!("?state={STATE}&code=abc"),
        format!("?code=%61bc&state={STATE}"),
        format!("?%63ode=abc&%73tate={STATE}"),
        format!("?&&code=abc&&state={STATE}&"),
        format!("?code=abc&state={STATE}&iss=https%3A%2F%2Fhonest.example"),
        format!("?code=abc&state={STATE}&error_description=stray&error_uri=javascript:alert(1)"),
    ] {
        assert_eq!(outcome(&query).unwrap(), "code abc", "{query}");
    }
}

#[test]
fn unknown_parameters_are_ignored_however_often_they_stand_there() {
    let query = format!(
        "x=1&x=2&session_state=a&scope=openid&code[]=evil&Code=evil&code%00=evil&\
         code%20=evil&CODE=evil&response=x&error_uri=a&error_uri=b&code=abc&state={STATE}"
    );
    assert_eq!(outcome(&query).unwrap(), "code abc");
}

#[test]
fn a_missing_state_is_no_state() {
    for query in [
        "",
        "?",
        "??",
        "&",
        "=",
        "code=abc",
        "code=abc&State=x",
        "code=abc&state[]=x",
        "error=access_denied",
        "error=access_denied&error_description=Call+us",
        "iss=https%3A%2F%2Fhonest.example",
        "?utm_source=mail",
    ] {
        assert_eq!(failure(query), Some(Failure::NoState), "{query:?}");
    }
    assert_eq!(outcome("").unwrap_err(), CallbackError::Empty);
    assert_eq!(outcome("?").unwrap_err(), CallbackError::Empty);
    assert_eq!(
        outcome("code=abc").unwrap_err(),
        CallbackError::StateMissing
    );
}

#[test]
fn a_state_that_cannot_be_ours_is_unmatched_whatever_else_is_said() {
    let foreign = [
        String::new(),
        "xyz".to_owned(),
        "a".repeat(21),
        "a".repeat(129),
        "a".repeat(100_000),
        format!("{STATE}%20"),
        format!("{STATE}%00"),
        format!("{STATE}%0d%0a"),
        format!("{STATE}+"),
        format!("{STATE}="),
        format!("{STATE}%ff"),
        format!("{STATE}%E2%80%AE"),
        format!("%22{STATE}%22"),
        format!("../{STATE}"),
        "__proto__%20____________________".to_owned(),
    ];
    for state in foreign {
        for rest in [
            "code=abc",
            "error=access_denied&error_description=Call+us",
            "code=a&error=b",
        ] {
            let query = format!("{rest}&state={state}");
            assert_eq!(
                failure(&query),
                Some(Failure::StateUnmatched),
                "{query:.200}"
            );
        }
    }
}

#[test]
fn a_repeated_parameter_is_refused_before_anything_else_is_looked_at() {
    for query in [
        format!("code=abc&code=def&state={STATE}"),
        format!("code=abc&code=abc&state={STATE}"),
        format!("code=abc&%63ode=abc&state={STATE}"),
        format!("code=abc&code&state={STATE}"),
        format!("code=abc&state={STATE}&state={STATE}"),
        format!("code=abc&state={STATE}&state="),
        format!("code=abc&state={STATE}&iss=a&iss=a"),
        format!("error=a&error=b&state={STATE}"),
        format!("error=a&error_description=b&error_description=c&state={STATE}"),
        "code=abc&code=def".to_owned(),
        "state=short&state=short".to_owned(),
    ] {
        assert_eq!(
            outcome(&query).unwrap_err(),
            CallbackError::Repeated,
            "{query}"
        );
        assert_eq!(failure(&query), Some(Failure::AnswerIncomplete), "{query}");
    }
}

#[test]
fn code_and_error_exclude_each_other_and_one_is_needed() {
    for query in [
        format!("state={STATE}"),
        format!("state={STATE}&error_description=only+words"),
        format!("state={STATE}&iss=https%3A%2F%2Fhonest.example"),
        format!("code=abc&error=access_denied&state={STATE}"),
        format!("code=&error=access_denied&state={STATE}"),
        format!("code=abc&error=&state={STATE}"),
    ] {
        assert_eq!(
            outcome(&query).unwrap_err(),
            CallbackError::CodeOrError,
            "{query}"
        );
        assert_eq!(failure(&query), Some(Failure::AnswerIncomplete), "{query}");
    }
}

#[test]
fn a_code_of_wrong_form_is_refused() {
    for code in [
        String::new(),
        "%00".to_owned(),
        "abc%00".to_owned(),
        "abc%0d%0aSet-Cookie:x".to_owned(),
        "abc%0a".to_owned(),
        "abc%09".to_owned(),
        "abc%7f".to_owned(),
        "abc%C2%A0".to_owned(),
        "caf%C3%A9".to_owned(),
        "%ff%fe".to_owned(),
        "%E2%80%AEabc".to_owned(),
        "a".repeat(4097),
    ] {
        let query = format!("code={code}&state={STATE}");
        assert_eq!(
            outcome(&query).unwrap_err(),
            CallbackError::CodeMalformed,
            "{query:.200}"
        );
        assert_eq!(
            failure(&query),
            Some(Failure::AnswerIncomplete),
            "{query:.200}"
        );
    }
    assert!(outcome(&format!("code={}&state={STATE}", "a".repeat(4096))).is_ok());
}

#[test]
fn a_code_is_one_to_4096_printable_characters() {
    for code in [
        "a",
        " ",
        "~",
        "4/0AX4XfWh-_.~+/=%&?#\"'<>",
        &"a".repeat(4096),
    ] {
        assert!(is_code(code), "{code}");
    }
    for code in [
        "",
        "\u{1f}",
        "\u{7f}",
        "\u{80}",
        "é",
        "a\n",
        &"a".repeat(4097),
    ] {
        assert!(!is_code(code), "{code:?}");
    }
}

#[test]
fn every_error_of_the_authorization_endpoint_has_its_failure() {
    for (error, expected) in [
        ("access_denied", Failure::Cancelled),
        ("invalid_request", Failure::RequestUnreadable),
        ("unauthorized_client", Failure::ClientNotAllowed),
        ("unsupported_response_type", Failure::AnswerType),
        ("invalid_scope", Failure::ScopeRefused),
        ("server_error", Failure::ProviderFault),
        ("temporarily_unavailable", Failure::ProviderBusy),
        ("login_required", Failure::SignInNeeded),
        ("interaction_required", Failure::SignInNeeded),
        ("consent_required", Failure::ConsentNeeded),
        ("account_selection_required", Failure::PickAccount),
        ("invalid_request_uri", Failure::OptionUnknown),
        ("invalid_request_object", Failure::OptionUnknown),
        ("request_not_supported", Failure::OptionUnknown),
        ("request_uri_not_supported", Failure::OptionUnknown),
        ("registration_not_supported", Failure::OptionUnknown),
        ("unmet_authentication_requirements", Failure::StepUp),
        ("insufficient_user_authentication", Failure::StepUp),
        ("invalid_target", Failure::TargetUnknown),
        ("foo", Failure::Unrecognised),
        ("", Failure::Unrecognised),
        ("ACCESS_DENIED", Failure::Unrecognised),
        ("access_denied ", Failure::Unrecognised),
        (" access_denied", Failure::Unrecognised),
        ("access_denied\0", Failure::Unrecognised),
        ("access\u{202e}_denied", Failure::Unrecognised),
    ] {
        assert_eq!(failure_of(error, "").unwrap(), expected, "{error:?}");
    }
}

#[test]
fn a_refusal_for_lack_of_assignment_is_told_from_a_change_of_mind() {
    for words in [
        "User is not assigned to the client application.",
        "NOT ASSIGNED",
    ] {
        assert_eq!(
            failure_of("access_denied", words).unwrap(),
            Failure::NotAllowed,
            "{words}"
        );
    }
    for words in ["", "The resource owner denied the request", "assigned"] {
        assert_eq!(
            failure_of("access_denied", words).unwrap(),
            Failure::Cancelled,
            "{words}"
        );
    }
    assert_eq!(
        failure_of("server_error", "not assigned").unwrap(),
        Failure::ProviderFault
    );
}

#[test]
fn what_a_refusal_says_is_harmless_and_short_before_it_is_sent_on() {
    let markup = "<img src=x onerror=alert(1)>";
    let query = format!(
        "error={}&error_description={}&error_uri=javascript:alert(1)&state={STATE}",
        "x".repeat(2048),
        form_urlencoded::byte_serialize(
            format!("\u{202e}{markup}\r\n\0{}", "é".repeat(20_000)).as_bytes()
        )
        .collect::<String>(),
    );
    match UnmatchedCallback::parse(&query)
        .unwrap()
        .judge()
        .unwrap()
        .answer
    {
        Answer::Code(_) => panic!("an error was sent"),
        Answer::Refused { error, description } => {
            assert_eq!(error, "unknown");
            let description = description.unwrap();
            assert_eq!(description.chars().count(), 300);
            assert!(description.starts_with(markup), "{description}");
            assert!(
                !description.contains(['\u{202e}', '\r', '\n', '\0']),
                "{description:?}"
            );
        }
    }
    let empty = format!("error=foo&error_description=%00%20%E2%80%AE&state={STATE}");
    assert_eq!(
        outcome(&empty).unwrap(),
        "error foo ",
        "nothing is left to quote"
    );
}

#[test]
fn an_issuer_too_long_to_be_anybody_is_refused_before_it_is_sent() {
    let at = |length: usize| {
        let iss = format!("https://{}", "a".repeat(length - "https://".len()));
        failure(&format!("code=abc&state={STATE}&iss={iss}"))
    };
    assert_eq!(at(512), None);
    assert_eq!(at(513), Some(Failure::WrongIssuer));
    assert_eq!(at(100_000), Some(Failure::WrongIssuer));
}

#[test]
fn an_issuer_is_passed_on_exactly_as_it_came() {
    for (sent, read) in [
        ("", ""),
        ("https%3A%2F%2Fhonest.example", "https://honest.example"),
        ("https://honest.example/", "https://honest.example/"),
        ("HTTPS%3A%2F%2Fhonest.example%20", "HTTPS://honest.example "),
        ("%ff", "\u{fffd}"),
    ] {
        let query = format!("code=abc&state={STATE}&iss={sent}");
        let callback = UnmatchedCallback::parse(&query).unwrap().judge().unwrap();
        assert_eq!(callback.iss.as_deref(), Some(read), "{sent}");
    }
}
