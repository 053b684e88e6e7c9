//! What the operator hears: the form of the log, the metrics, the alerts.

use wrengate_backend::config::{InspectorAccess, LogFormat};

use super::{LOCAL, Pairs, file, load, said, said_of};

const WEBHOOK: (&str, &str) = (
    "WRENGATE_ALERT_WEBHOOK",
    "https://alerts.example.org/canary-path",
);
const SECRET: (&str, &str) = ("WRENGATE_ALERT_SECRET", "canary-0123456789");

#[test]
fn nothing_is_told_anybody_unless_it_is_asked_for() {
    let operator = load(&[LOCAL], None).unwrap().operator;
    assert_eq!(operator.log_format, LogFormat::Text);
    assert_eq!(operator.metrics_addr, None);
    assert!(operator.alerts.is_none());
}

#[test]
fn what_is_asked_for_is_used_and_no_secret_is_told() {
    let (_folder, path) = file("canary-0123456789\n").unwrap();
    let in_file = ("WRENGATE_ALERT_SECRET_FILE", path.to_str().unwrap());
    for secret in [SECRET, in_file] {
        let pairs = [
            LOCAL,
            WEBHOOK,
            secret,
            ("WRENGATE_LOG_FORMAT", "json"),
            ("WRENGATE_METRICS_ADDR", "127.0.0.1:9090"),
        ];
        let operator = load(&pairs, None).unwrap().operator;
        assert_eq!(operator.log_format, LogFormat::Json);
        assert_eq!(operator.metrics_addr, "127.0.0.1:9090".parse().ok());
        // The path of a webhook is a password as often as not.
        assert!(!format!("{operator:?} {operator:#?}").contains("canary"));
        let alerts = operator.alerts.unwrap();
        assert_eq!(alerts.webhook.expose(), WEBHOOK.1);
        assert_eq!(alerts.secret.expose(), "canary-0123456789");
    }
}

#[test]
fn what_cannot_be_used_is_refused_without_telling_a_secret() {
    let short = ("WRENGATE_ALERT_SECRET", "canary-01234567");
    let nowhere = ("WRENGATE_ALERT_SECRET_FILE", "/nowhere");
    let (_folder, path) = file("canary\n").unwrap();
    let short_file = ("WRENGATE_ALERT_SECRET_FILE", path.to_str().unwrap());
    let cases: &[&[(&str, &str)]] = &[
        &[WEBHOOK],
        &[SECRET],
        &[
            ("WRENGATE_ALERT_SECRET_FILE", path.to_str().unwrap()),
            ("WRENGATE_ALERT_SECRET", ""),
        ],
        &[WEBHOOK, short],
        &[WEBHOOK, short_file],
        &[WEBHOOK, nowhere],
        &[WEBHOOK, SECRET, nowhere],
        &[WEBHOOK, ("WRENGATE_ALERT_SECRET", " ")],
        &[("WRENGATE_ALERT_WEBHOOK", "")],
        &[
            ("WRENGATE_ALERT_WEBHOOK", "http://canary.example.org"),
            SECRET,
        ],
        &[
            ("WRENGATE_ALERT_WEBHOOK", "https://me:canary@example.org"),
            SECRET,
        ],
        &[("WRENGATE_ALERT_WEBHOOK", "file:///canary"), SECRET],
    ];
    let said: Vec<_> = cases
        .iter()
        .map(|case| said(&[&[LOCAL], *case].concat()))
        .collect();
    insta::assert_snapshot!(said.join("\n--\n"), @r#"
    WRENGATE_ALERT_SECRET: is missing; WRENGATE_ALERT_WEBHOOK goes with it; give at least 16 characters, or WRENGATE_ALERT_SECRET_FILE
    --
    WRENGATE_ALERT_SECRET: goes with WRENGATE_ALERT_WEBHOOK, which is not set; give both or neither
    --
    WRENGATE_ALERT_SECRET: is empty; leave it out where nobody is alerted
    WRENGATE_ALERT_SECRET_FILE: is too short; at least 16 characters are needed
    --
    WRENGATE_ALERT_SECRET: is too short; at least 16 characters are needed
    --
    WRENGATE_ALERT_SECRET_FILE: is too short; at least 16 characters are needed
    --
    WRENGATE_ALERT_SECRET_FILE: "/nowhere" cannot be read: entity not found; name a file with the secret alone
    --
    WRENGATE_ALERT_SECRET: contradicts WRENGATE_ALERT_SECRET_FILE; give one of the two
    --
    WRENGATE_ALERT_SECRET: is empty; leave it out where nobody is alerted
    --
    WRENGATE_ALERT_WEBHOOK: is empty; leave it out where nobody is alerted
    --
    WRENGATE_ALERT_WEBHOOK: the value (not shown) cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    --
    WRENGATE_ALERT_WEBHOOK: the value (not shown) cannot be used: a user name or password is not allowed; allowed is an absolute https address without user name, password and fragment
    --
    WRENGATE_ALERT_WEBHOOK: the value (not shown) cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    "#);
    assert!(!said.concat().contains("canary"));
}

#[test]
fn what_is_no_format_and_no_address_is_quoted() {
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_LOG_FORMAT", "JSON"),
        ("WRENGATE_METRICS_ADDR", "9090"),
        ("WRENGATE_METRICS_ADDR", "localhost:9090"),
        ("WRENGATE_METRICS_ADDR", "127.0.0.1:3000"),
    ]), @r#"
    WRENGATE_LOG_FORMAT: "JSON" is not a format; choose text or json
    WRENGATE_METRICS_ADDR: "9090" is not an IP address with a port; give one such as 127.0.0.1:9090 that the app does not listen on
    WRENGATE_METRICS_ADDR: "localhost:9090" is not an IP address with a port; give one such as 127.0.0.1:9090 that the app does not listen on
    WRENGATE_METRICS_ADDR: "127.0.0.1:3000" is where the app listens (WRENGATE_ADDR); give one such as 127.0.0.1:9090 that the app does not listen on
    "#);
}

#[test]
fn the_metrics_have_an_address_of_their_own() {
    let origin = ("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org");
    for (app, metrics, ok) in [
        ("127.0.0.1:3000", "127.0.0.1:3001", true),
        ("127.0.0.1:3000", "127.0.0.2:3000", true),
        ("127.0.0.1:0", "127.0.0.1:0", true),
        ("127.0.0.1:3000", "127.0.0.1:3000", false),
        ("0.0.0.0:3000", "127.0.0.1:3000", false),
        ("127.0.0.1:3000", "0.0.0.0:3000", false),
        ("[::1]:3000", "[::]:3000", false),
    ] {
        let pairs = [
            LOCAL,
            origin,
            ("WRENGATE_ADDR", app),
            ("WRENGATE_METRICS_ADDR", metrics),
        ];
        assert_eq!(load(&pairs, None).is_ok(), ok, "{app} {metrics}");
    }
}

#[test]
fn the_inspector_is_off_where_anybody_could_open_it() {
    let https = ("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org");
    let http = ("WRENGATE_PUBLIC_ORIGIN", "http://localhost:3000");
    let access = |pairs: &[(&'static str, &'static str)]| load(pairs, None).unwrap().inspector;
    assert_eq!(access(&[LOCAL]), InspectorAccess::Own);
    assert_eq!(access(&[LOCAL, http]), InspectorAccess::Own);
    assert_eq!(access(&[LOCAL, https]), InspectorAccess::Off);
    for origin in [http, https] {
        for (text, expected) in [("own", InspectorAccess::Own), ("off", InspectorAccess::Off)] {
            assert_eq!(
                access(&[LOCAL, origin, ("WRENGATE_INSPECTOR", text)]),
                expected
            );
        }
    }
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_INSPECTOR", "all"),
        ("WRENGATE_INSPECTOR", "OWN"),
    ]), @r#"
    WRENGATE_INSPECTOR: "all" is not one of the two; choose off or own
    WRENGATE_INSPECTOR: "OWN" is not one of the two; choose off or own
    "#);
}

#[test]
fn the_switchboard_is_that_of_the_local_provider_on_this_machine() {
    let at = |pairs: Pairs<'_>| load(pairs, None).unwrap().provider.switchboard;
    let issuer = |issuer| [LOCAL, ("WRENGATE_ISSUER", issuer)];
    assert_eq!(
        at(&issuer("http://127.0.0.1:9400/tenant/a")).as_deref(),
        Some("http://127.0.0.1:9400/switchboard")
    );
    assert_eq!(at(&issuer("https://id.example.org")), None);
    for provider in ["custom", "clerk-dev", "clerk-prod"] {
        let mut pairs = vec![
            ("WRENGATE_PROVIDER", provider),
            ("WRENGATE_CLIENT_ID", "id"),
        ];
        if provider == "custom" {
            pairs.push(("WRENGATE_ISSUER", "http://127.0.0.1:9400"));
        }
        assert_eq!(at(&pairs), None, "{provider}");
    }
}
