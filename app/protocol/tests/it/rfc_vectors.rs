//! The examples that the standards print, read and written by this crate.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use url::Url;
use wrengate_protocol::{
    Secret,
    authorize::AuthorizationRequest,
    callback::{Answer, UnmatchedCallback},
    discovery::{Metadata, well_known},
    encoding::{base64url, sha256},
    issuer::Issuer,
    pkce::{CodeChallenge, CodeVerifier},
    profile::AvatarHosts,
    provider_error::ErrorCode,
    state::State,
    token::{CodeExchange, TokenResponse, TokenResponseError},
    userinfo::Userinfo,
};

/// RFC 7636, appendix B: the octets the verifier is made of.
const OCTETS: [u8; 32] = [
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77,
    105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
];

/// RFC 7636, appendix B: the octets of the verifier's hash.
const HASH: [u8; 32] = [
    19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109,
    241, 68, 86, 110, 225, 137, 74, 203, 112, 249, 195,
];

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A state of our own length; the examples of RFC 6749 use `xyz`, which is too short for us.
const STATE: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[test]
fn rfc_7636_appendix_b_fits() {
    let verifier = CodeVerifier::from_random(&OCTETS);
    assert_eq!(verifier.expose(), VERIFIER);
    assert_eq!(sha256(VERIFIER), HASH);
    assert_eq!(verifier.challenge().as_str(), CHALLENGE);

    let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
    assert!(challenge.fits(&CodeVerifier::parse(VERIFIER).unwrap()));
    assert_eq!(CodeChallenge::METHOD, "S256");
}

#[test]
fn rfc_7636_appendix_a_encodes_without_padding() {
    assert_eq!(base64url(&[3, 236, 255, 224, 193]), "A-z_4ME");
    assert_eq!(base64url(&[]), "");
}

#[test]
fn rfc_6749_section_4_1_1_request_has_the_printed_parameters() {
    let endpoint = Url::parse("https://server.example.com/authorize").unwrap();
    let url = AuthorizationRequest {
        endpoint: &endpoint,
        client_id: "s6BhdRkqt3",
        redirect_uri: "https://client.example.com/cb",
        scope: "profile",
        state: &State::parse(STATE).unwrap(),
        nonce: None,
        code_challenge: &CodeChallenge::parse(CHALLENGE).unwrap(),
        prompt: None,
    }
    .to_url();

    let query = url.query().unwrap();
    for printed in [
        "response_type=code",
        "client_id=s6BhdRkqt3",
        "redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb",
    ] {
        assert!(
            query.split('&').any(|parameter| parameter == printed),
            "{printed} in {query}"
        );
    }
    assert_eq!(
        url.as_str().split('?').next(),
        Some("https://server.example.com/authorize")
    );
}

#[test]
fn rfc_6749_section_4_1_2_response_is_read() {
    let query = format!("code=SplxlOBeZQQYbYS6WxSbIA&state={STATE}");
    let callback = UnmatchedCallback::parse(&query).unwrap();
    assert_eq!(callback.state().expose(), STATE);
    match callback.judge().unwrap().answer {
        Answer::Code(code) => assert_eq!(code.expose(), "SplxlOBeZQQYbYS6WxSbIA"),
        Answer::Refused { .. } => panic!("a code was sent"),
    }
}

#[test]
fn rfc_6749_section_4_1_2_1_error_is_read() {
    let query = format!("error=access_denied&state={STATE}");
    match UnmatchedCallback::parse(&query)
        .unwrap()
        .judge()
        .unwrap()
        .answer
    {
        Answer::Refused { error, description } => {
            assert_eq!(error, "access_denied");
            assert_eq!(description, None);
        }
        Answer::Code(_) => panic!("an error was sent"),
    }
}

#[test]
fn rfc_6749_section_4_1_3_exchange_has_the_printed_fields() {
    let code = Secret::new("SplxlOBeZQQYbYS6WxSbIA".to_owned());
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    let exchange = CodeExchange {
        code: &code,
        redirect_uri: "https://client.example.com/cb",
        client_id: "s6BhdRkqt3",
        code_verifier: &verifier,
    };
    assert_eq!(
        exchange.form(),
        [
            ("grant_type", "authorization_code"),
            ("code", "SplxlOBeZQQYbYS6WxSbIA"),
            ("redirect_uri", "https://client.example.com/cb"),
            ("client_id", "s6BhdRkqt3"),
            ("code_verifier", VERIFIER),
        ]
    );
}

#[test]
fn rfc_6749_section_5_1_answer_is_refused_for_its_token_type_alone() {
    let printed = r#"{
        "access_token":"2YotnFZFEjr1zCsicMWpAA",
        "token_type":"example",
        "expires_in":3600,
        "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
        "example_parameter":"example_value"
    }"#;
    assert_eq!(
        TokenResponse::parse(printed.as_bytes()).unwrap_err(),
        TokenResponseError::Member("token_type")
    );

    let bearer = printed.replace("\"example\"", "\"bearer\"");
    let tokens = TokenResponse::parse(bearer.as_bytes()).unwrap();
    assert_eq!(tokens.access_token.expose(), "2YotnFZFEjr1zCsicMWpAA");
    assert_eq!(tokens.expires_in, Some(3600));
    assert_eq!(
        tokens.refresh_token.unwrap().expose(),
        "tGzv3JOkF0XG5Qx2TlKWIA"
    );
}

#[test]
fn rfc_6749_section_5_2_error_is_read() {
    assert_eq!(
        TokenResponse::parse(br#"{"error":"invalid_request"}"#).unwrap_err(),
        TokenResponseError::Refused(ErrorCode::parse("invalid_request"))
    );
}

#[test]
fn rfc_6749_appendix_b_form_encoding_is_read_and_written() {
    let encoded = "+%25%26%2B%C2%A3%E2%82%AC";
    let query = format!("error=x&error_description=a{encoded}&state={STATE}");
    match UnmatchedCallback::parse(&query)
        .unwrap()
        .judge()
        .unwrap()
        .answer
    {
        Answer::Refused { description, .. } => assert_eq!(description.unwrap(), "a %&+£€"),
        Answer::Code(_) => panic!("an error was sent"),
    }

    let endpoint = Url::parse("https://server.example.com/authorize").unwrap();
    let url = AuthorizationRequest {
        endpoint: &endpoint,
        client_id: " %&+£€",
        redirect_uri: "https://client.example.com/cb",
        scope: "openid",
        state: &State::parse(STATE).unwrap(),
        nonce: None,
        code_challenge: &CodeChallenge::parse(CHALLENGE).unwrap(),
        prompt: None,
    }
    .to_url();
    assert!(
        url.as_str().contains(&format!("client_id={encoded}&")),
        "{url}"
    );
}

#[test]
fn rfc_6750_section_4_token_response_is_read() {
    let tokens = TokenResponse::parse(
        br#"{
            "access_token":"mF_9.B5f-4.1JqM",
            "token_type":"Bearer",
            "expires_in":3600,
            "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA"
        }"#,
    )
    .unwrap();
    assert_eq!(tokens.access_token.expose(), "mF_9.B5f-4.1JqM");
}

#[test]
fn rfc_9207_section_2_1_response_names_its_issuer() {
    let callback = UnmatchedCallback::parse(
        "?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58\
         &state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI\
         &iss=https%3A%2F%2Fhonest.as.example",
    )
    .unwrap()
    .judge()
    .unwrap();
    let honest = Issuer::parse("https://honest.as.example").unwrap();
    let attacker = Issuer::parse("https://attacker.example").unwrap();
    assert!(honest.accepts(callback.iss.as_deref(), true));
    assert!(
        !attacker.accepts(callback.iss.as_deref(), true),
        "the mix-up of section 4"
    );
}

#[test]
fn rfc_9207_section_2_2_error_response_names_its_issuer_too() {
    let callback = UnmatchedCallback::parse(
        "error=access_denied\
         &state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA\
         &iss=https%3A%2F%2Fhonest.as.example",
    )
    .unwrap()
    .judge()
    .unwrap();
    assert_eq!(callback.iss.as_deref(), Some("https://honest.as.example"));
    assert!(matches!(callback.answer, Answer::Refused { .. }));
}

#[test]
fn rfc_9207_section_3_metadata_advertises_the_parameter() {
    let issuer = Issuer::parse("https://honest.as.example").unwrap();
    let document = r#"{
        "issuer": "https://honest.as.example",
        "authorization_endpoint": "https://honest.as.example/authorize",
        "token_endpoint": "https://honest.as.example/token",
        "userinfo_endpoint": "https://honest.as.example/userinfo",
        "authorization_response_iss_parameter_supported": true
    }"#;
    assert!(
        Metadata::parse(document.as_bytes(), &issuer)
            .unwrap()
            .iss_advertised
    );
}

#[test]
fn rfc_8414_section_3_1_and_discovery_section_4_paths_are_built() {
    for (issuer, openid, oauth) in [
        (
            "https://example.com",
            "https://example.com/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server",
        ),
        (
            "https://example.com/issuer1",
            "https://example.com/issuer1/.well-known/openid-configuration",
            "https://example.com/.well-known/oauth-authorization-server/issuer1",
        ),
        (
            "https://example.com:8443/a/b/",
            "https://example.com:8443/a/b/.well-known/openid-configuration",
            "https://example.com:8443/.well-known/oauth-authorization-server/a/b",
        ),
    ] {
        let found = well_known(&Issuer::parse(issuer).unwrap());
        let found: Vec<_> = found.iter().map(Url::as_str).collect();
        assert_eq!(found, [openid, oauth], "{issuer}");
    }
}

#[test]
fn openid_connect_core_section_5_3_2_answer_is_read() {
    let userinfo = Userinfo::parse(
        br#"{
            "sub": "248289761001",
            "name": "Jane Doe",
            "given_name": "Jane",
            "family_name": "Doe",
            "preferred_username": "j.doe",
            "email": "janedoe@example.com",
            "picture": "http://example.com/janedoe/me.jpg"
        }"#,
        &AvatarHosts::new(vec!["example.com".to_owned()]),
    )
    .unwrap();
    assert_eq!(userinfo.subject, "248289761001");
    assert_eq!(userinfo.profile.name.as_deref(), Some("Jane Doe"));
    assert_eq!(userinfo.profile.given_name.as_deref(), Some("Jane"));
    assert_eq!(userinfo.profile.family_name.as_deref(), Some("Doe"));
    assert_eq!(userinfo.profile.username.as_deref(), Some("j.doe"));
    assert_eq!(
        userinfo.profile.email.as_deref(),
        Some("janedoe@example.com")
    );
    assert!(!userinfo.profile.email_verified);
    assert_eq!(
        userinfo.profile.picture, None,
        "http is no place for a picture"
    );
}
