//! What a trace may hold, decided by name and by what is known to be secret.

use serde_json::json;
use wrengate_protocol::{
    Secret,
    step::Step,
    trace::{
        CheckName, Fingerprint, FingerprintKey, Lens, Origin, RequestView, Shown, StepName,
        TraceStep, TraceValue, lens,
    },
};

const SECRET: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn key(byte: u8) -> FingerprintKey {
    FingerprintKey::new([byte; 32])
}

#[test]
fn what_is_in_no_table_is_redacted() {
    let key = key(1);
    let lens = Lens::new(&key, &[]);
    for origin in [
        Origin::Request,
        Origin::Callback,
        Origin::Answer,
        Origin::Metadata,
        Origin::TokenHeader,
        Origin::Claims,
        Origin::Headers,
    ] {
        for name in [
            "code",
            "state",
            "nonce",
            "code_verifier",
            "access_token",
            "refresh_token",
            "id_token",
            "client_secret",
            "client_assertion",
            "request_uri",
            "authorization",
            "cookie",
            "set-cookie",
            "location",
            "www-authenticate",
            "jti",
            "sid",
            "session_state",
            "x",
            "",
        ] {
            let row = lens.row(origin, name, "short");
            assert_eq!(row.value.shown(), None, "{origin:?} {name}");
        }
    }
}

#[test]
fn what_is_in_a_table_is_shown_as_it_says() {
    let key = key(1);
    let lens = Lens::new(&key, &[]);
    for (origin, name, value, shown) in [
        (
            Origin::Request,
            "client_id",
            "the-client",
            Some("the-client"),
        ),
        (
            Origin::Callback,
            "error",
            "access_denied",
            Some("access_denied"),
        ),
        (Origin::Callback, "error", "Not A Code", Some("unknown")),
        (
            Origin::Callback,
            "iss",
            "https://id.example/a/",
            Some("https://id.example/a/"),
        ),
        (Origin::Callback, "iss", "https://id.example/?a=b", None),
        (Origin::Callback, "iss", "https://u:p@id.example/", None),
        (Origin::Callback, "iss", "words", None),
        (
            Origin::Callback,
            "error_description",
            "No\u{202e}pe",
            Some("Nope"),
        ),
        (Origin::Answer, "error_description", "Nope", None),
        (
            Origin::Metadata,
            "issuer",
            "https://id.example/a/",
            Some("https://id.example/a/"),
        ),
        (
            Origin::Metadata,
            "token_endpoint",
            "https://id.example/token?policy=a",
            Some("https://id.example/token"),
        ),
        (Origin::Metadata, "token_endpoint", "words", None),
        (
            Origin::Answer,
            "token_endpoint",
            "https://id.example/",
            None,
        ),
        (Origin::Answer, "expires_in", "3600", Some("3600")),
        (Origin::Answer, "expires_in", "3600 s", None),
    ] {
        let row = lens.row(origin, name, value);
        assert_eq!(row.value.shown(), shown, "{origin:?} {name} {value}");
    }
}

#[test]
fn claims_are_shown_as_the_table_says() {
    let key = key(1);
    let lens = Lens::new(&key, &[]);
    for (origin, name, value, shown) in [
        (Origin::Claims, "name", "Alice", Some("Alice")),
        (Origin::Claims, "name", SECRET, None),
        (
            Origin::Claims,
            "sub",
            "user_2abcdefghijklmnopqrstuvwxyzA",
            Some("user_2abcdefghijklmnopqrstuvwxyzA"),
        ),
        (
            Origin::Claims,
            "picture",
            "https://img.example/a?b=c",
            Some("https://img.example/…"),
        ),
        (Origin::Claims, "email_verified", "true", Some("true")),
        (
            Origin::Headers,
            "date",
            "Thu, 01 Jan 2026 00:00:00 GMT",
            Some("Thu, 01 Jan 2026 00:00:00 GMT"),
        ),
    ] {
        let row = lens.row(origin, name, value);
        assert_eq!(row.value.shown(), shown, "{origin:?} {name} {value}");
    }
    let tenant = "https://id.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    let row = lens.row(Origin::Callback, "iss", tenant);
    assert_eq!(row.value.shown(), Some(tenant));
    let row = lens.row(Origin::Callback, "iss", &format!("{tenant}/{SECRET}"));
    assert_eq!(row.value.shown(), None);
    let long = "word ".repeat(1000);
    let row = lens.row(Origin::Claims, "name", &long);
    assert_eq!(
        row.value.shown().map(|text| text.chars().count()),
        Some(199)
    );
}

/// A known secret is shown under no name, whole, in the middle, or with invisible characters in it.
#[test]
fn a_known_secret_is_shown_nowhere() {
    let key = key(1);
    // Short enough that its length alone gives nothing away.
    let known = "s3cret-of-22-chars-long";
    let secrets = [Secret::new(known.to_owned())];
    let lens = Lens::new(&key, &secrets);
    let hidden = format!("{}\u{200b}{}", &known[..9], &known[9..]);
    for (origin, name) in [
        (Origin::Request, "client_id"),
        (Origin::Request, "scope"),
        (Origin::Callback, "error"),
        (Origin::Callback, "error_description"),
        (Origin::Callback, "iss"),
        (Origin::Answer, "scope"),
        (Origin::TokenHeader, "kid"),
        (Origin::Claims, "sub"),
        (Origin::Claims, "name"),
        (Origin::Claims, "picture"),
        (Origin::Headers, "content-type"),
    ] {
        for value in [
            known.to_owned(),
            hidden.clone(),
            format!("https://{known}.example/"),
            format!("https://id.example/{known}"),
            format!("before {known} after"),
        ] {
            let row = lens.row(origin, name, &value);
            let shown = row.value.shown().unwrap_or_default();
            assert!(!shown.contains(known), "{origin:?} {name}: {shown}");
        }
        let named = lens.row(origin, known, "x");
        assert!(!format!("{named:?}").contains(known), "{origin:?}");
        let list = json!({ name: [known, "another"], known: "a name", (format!("is_{known}")): 1 });
        let rows = lens.members(origin, list.as_object().unwrap());
        assert!(!format!("{rows:?}").contains(known), "{origin:?} {name}");
    }
    let url = url::Url::parse(&format!("https://id.example/{known}?{known}#{known}")).unwrap();
    assert_eq!(lens.address(&url).shown(), None);
}

/// Encoded, a secret is as readable as before; a number can be one too.
#[test]
fn a_known_secret_is_shown_in_no_other_form() {
    let key = key(1);
    let (code, client_secret, number) =
        ("a94f3c0d27b15e86ff01", "s3cret&of=20 letters", "8274610953");
    let mut secrets = Vec::new();
    for known in [code, client_secret, number] {
        lens::remember(&mut secrets, known);
    }
    lens::remember_credential(&mut secrets, "Basic dGhlLWNsaWVudDpzM2NyZXQ");
    let lens = Lens::new(&key, &secrets);
    for form in [
        "YTk0ZjNjMGQyN2IxNWU4NmZmMDE",
        "YTk0ZjNjMGQyN2IxNWU4NmZmMDE=",
        "s3cret%26of%3D20%20letters",
        "s3cret%26of%3d20+letters",
        "%61%394f3c0d27b15e86ff01",
        "dGhlLWNsaWVudDpzM2NyZXQ",
        "8274610953",
    ] {
        for (origin, name) in [
            (Origin::Answer, "scope"),
            (Origin::Callback, "error_description"),
            (Origin::Callback, "iss"),
            (Origin::Claims, "name"),
            (Origin::Claims, "sub"),
            (Origin::Claims, "exp"),
        ] {
            for value in [form.to_owned(), format!("before {form} after")] {
                let row = lens.row(origin, name, &value);
                assert_eq!(row.value.shown(), None, "{name} {value}");
            }
        }
    }
    let members =
        json!({"exp": 8_274_610_953_u64, "iat": 1_767_225_600, "auth_time": "1767225600"});
    let rows = lens.members(Origin::Claims, members.as_object().unwrap());
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.value.shown()))
        .collect();
    assert_eq!(
        shown,
        [
            ("auth_time", Some("1767225600")),
            ("exp", None),
            ("iat", Some("1767225600"))
        ]
    );
}

/// What a provider made up is no place for a part of a secret: half a code, the signature of a token.
#[test]
fn a_part_of_a_secret_is_no_identifier_and_no_name() {
    let key = key(1);
    let token = format!("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.{SECRET}");
    let words = "urn:example:grant:authorization_code_of_a_device";
    let secrets =
        [SECRET, "0123456789abcdef0123", &token, words].map(|it| Secret::new(it.to_owned()));
    let lens = Lens::new(&key, &secrets);
    for part in [
        SECRET,
        &SECRET[3..20],
        "23456789abcdef01",
        "eyJhbGciOiJSUzI1NiJ9",
        "user_23456789abcdef01",
    ] {
        for name in ["sub", "user_id", "name", "kid"] {
            let origin = if name == "kid" {
                Origin::TokenHeader
            } else {
                Origin::Claims
            };
            let row = lens.row(origin, name, part);
            assert_eq!(row.value.shown(), None, "{name} {part}");
        }
        let row = lens.row(Origin::Claims, part, "x");
        assert_eq!(row.name.as_str(), "(another name)", "{part}");
    }
    for other in [
        "user_2abcdefghijklmnopqrstuvwxyzA",
        "23456789abcdef0",
        "authorization_code_of_a_device",
    ] {
        let row = lens.row(Origin::Claims, "sub", other);
        assert_eq!(row.value.shown(), Some(other));
    }
}

#[test]
fn a_name_that_is_none_is_not_shown() {
    for name in [SECRET, "", "two words", "a\nb", "<b>", &"a".repeat(65)] {
        assert_eq!(Shown::name(name).as_str(), "(another name)", "{name}");
    }
    let long = "authorization_response_iss_parameter_supported";
    assert_eq!(Shown::name(long).as_str(), long);
}

#[test]
fn fingerprints_are_equal_for_equal_values_under_one_key() {
    let (one, other) = (key(1), key(2));
    let secret = |text: &str| Secret::new(text.to_owned());
    let of = |key, text| Fingerprint::of(key, &secret(text));
    assert_eq!(of(&one, "a"), of(&one, "a"));
    assert_ne!(of(&one, "a"), of(&one, "b"));
    // Without the key nobody finds what few possibilities there are.
    assert_ne!(of(&one, "a"), of(&other, "a"));
    let [alice, alice_again, bob] = [3, 3, 4].map(|browser| one.of_browser(&[browser; 32]));
    assert_eq!(of(&alice, "a"), of(&alice_again, "a"));
    assert_ne!(of(&alice, "a"), of(&bob, "a"));
    assert_ne!(of(&alice, "a"), of(&one, "a"));
    let text = of(&one, "a").as_str().to_owned();
    assert_eq!(text.len(), "sha256:".len() + 16);
    let value = TraceValue::Redacted {
        fingerprint: of(&one, SECRET),
    };
    let written = serde_json::to_string(&value).unwrap();
    assert!(!written.contains(SECRET));
    assert_eq!(serde_json::from_str::<TraceValue>(&written).unwrap(), value);
    for wrong in [
        "sha256:",
        "sha256:zzzzzzzzzzzzzzzz",
        "md5:0011223344556677",
        SECRET,
    ] {
        let json = json!({"redacted": {"fingerprint": wrong}});
        assert!(
            serde_json::from_value::<TraceValue>(json).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn curl_has_variables_for_secrets_and_quotes_for_the_rest() {
    let key = key(1);
    let lens = Lens::new(&key, &[]);
    let url = url::Url::parse("https://id.example/token?tenant=a").unwrap();
    let parameters = lens.rows(
        Origin::Request,
        [
            ("grant_type", "authorization_code"),
            ("code", SECRET),
            ("code_verifier", SECRET),
            ("scope", "it's $(id) `id`"),
            ("$(id)", "x"),
        ],
    );
    let headers = vec![lens.row(Origin::Headers, "authorization", SECRET)];
    let view = RequestView::new("POST", lens.address(&url), headers, parameters);
    let expected = r#"curl --request POST --header "authorization: $AUTHORIZATION" --data-urlencode 'grant_type=authorization_code' --data-urlencode "code=$CODE" --data-urlencode "code_verifier=$VERIFIER" --data-urlencode 'scope=it'\''s $(id) `id`' --data-urlencode "(another name)=$_ANOTHER_NAME_" 'https://id.example/token'"#;
    assert_eq!(view.curl.as_str(), expected);
    // A query of the address stays there, and nothing of it leaves its quotes.
    let query = [
        ("scope", "a b\"$(id)'"),
        ("p", "b2c_1_signin"),
        ("$(id)", "x"),
    ];
    let view = RequestView::new("POST", lens.address(&url), Vec::new(), Vec::new())
        .to_query(lens.rows(Origin::Request, query));
    let expected = r#"curl --request POST 'https://id.example/token'"?scope=a+b%22%24%28id%29%27&p=$P&%28another+name%29=$_ANOTHER_NAME_""#;
    assert_eq!(view.curl.as_str(), expected);
}

/// A request that was cut is not the one that was sent.
#[test]
fn what_we_send_is_whole_or_says_that_it_was_cut() {
    let key = key(1);
    let lens = Lens::new(&key, &[]);
    let sent = |value: &str| lens.row(Origin::Request, "scope", value).value;
    let long = "read:everything ".repeat(200);
    let long = long.trim_end();
    assert_eq!(sent(long).shown(), Some(long));
    let longer = "read:everything ".repeat(1000);
    let shown = sent(&longer);
    let shown = shown.shown().unwrap();
    assert!(shown.ends_with('…'), "{shown}");
    assert!(longer.starts_with(shown.trim_end_matches('…')));
}

#[test]
fn secrets_are_remembered_once_and_only_as_many() {
    let mut secrets = Vec::new();
    lens::remember(&mut secrets, "short");
    assert_eq!(secrets.len(), 0);
    for number in 0..1000 {
        lens::remember(&mut secrets, SECRET);
        lens::remember(&mut secrets, &format!("a-secret-{number}"));
    }
    assert_eq!(secrets.len(), 256);
    let mut secrets = Vec::new();
    let answer =
        json!({"access_token": SECRET, "token_type": "a-long-type", "x": "another-secret"});
    lens::remember_members(&mut secrets, Origin::Answer, answer.as_object().unwrap());
    let known: Vec<_> = secrets
        .iter()
        .map(|secret| secret.expose().as_str())
        .collect();
    assert!(known.contains(&SECRET) && known.contains(&"another-secret"));
    assert!(!known.contains(&"a-long-type"), "{known:?}");
}

#[test]
fn every_step_has_its_place_and_its_code() {
    for (place, name) in StepName::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(name.number()), place);
        let step = TraceStep::waiting(name);
        let written = serde_json::to_string(&step).unwrap();
        assert_eq!(serde_json::from_str::<TraceStep>(&written).unwrap(), step);
    }
    let mut last = 0;
    for step in Step::ALL {
        let written = serde_json::to_value(step).unwrap();
        assert_eq!(written, json!(step.code()));
        assert_eq!(serde_json::from_value::<Step>(written).unwrap(), step);
        let number = StepName::of(step).number();
        assert!(number >= last, "{step}");
        last = number;
    }
    assert_eq!(last, 7);
    let checks: std::collections::HashSet<String> = CheckName::ALL
        .iter()
        .map(|name| serde_json::to_string(name).unwrap())
        .collect();
    assert_eq!(checks.len(), CheckName::ALL.len());
}
