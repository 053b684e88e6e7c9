//! It ends in time, whatever the provider does, and names a certificate that cannot be trusted.

use std::time::{Duration, Instant};

use serde_json::json;
use wiremock::ResponseTemplate;
use wrengate_backend::doctor::wrong_settings;

use super::{
    Check,
    CheckId::{Connection, Discovery, Settings, Userinfo},
    Config, Plan, Scene, Status, TestResult, check_harmless, line,
};
use crate::faulty::{Fault, Faulty};

/// With what production uses: two calls in a row, the store besides.
#[test]
fn limits_of_production_leave_twenty_seconds() {
    let limits = Plan::default().limits;
    assert!(limits.total * 2 + Duration::from_secs(5) < Duration::from_secs(20));
    assert!(wrengate_backend::store::OPERATION_LIMIT < limits.total * 2);
}

#[tokio::test]
async fn silence_ends_in_time() -> TestResult {
    for fault in [
        Fault::Hold(b""),
        Fault::Drip(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
    ] {
        let silent = Faulty::start(fault).await?;
        let mut scene = Scene::new().await?;
        scene.set("WRENGATE_ISSUER", silent.http());
        scene.plan.limits.total = Duration::from_millis(300);
        let began = Instant::now();
        let report = scene.examined().await?;
        let lasted = began.elapsed();
        assert!(lasted < Duration::from_secs(5), "{fault:?}: {lasted:?}");
        assert_eq!(
            line(&report, Discovery)?.found,
            "no answer in time",
            "{fault:?}"
        );
        assert_eq!(
            line(&report, Connection)?.status,
            Status::Failed,
            "{fault:?}"
        );
        check_harmless("silence", &report)?;
    }
    Ok(())
}

/// The endpoints are asked at once: together they take as long as one of them.
#[tokio::test]
async fn endpoints_are_asked_at_once() -> TestResult {
    let mut scene = Scene::new().await?;
    scene.plan.limits.total = Duration::from_millis(700);
    scene.plan.limits.idle = Duration::from_secs(5);
    for path in ["/jwks", "/userinfo", "/token", "/"] {
        let reply = ResponseTemplate::new(401).set_body_json(json!({}));
        scene
            .replies
            .insert(path, reply.set_delay(Duration::from_mins(1)));
    }
    let began = Instant::now();
    let report = scene.examined().await?;
    let lasted = began.elapsed();
    assert_eq!(line(&report, Userinfo)?.found, "no answer in time");
    // One after the other they would take 2.8 s.
    assert!(lasted < Duration::from_millis(2500), "{lasted:?}");
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_named() -> TestResult {
    let faulty = Faulty::start(Fault::SelfSigned).await?;
    let mut scene = Scene::new().await?;
    scene.set("WRENGATE_ISSUER", faulty.https());
    let report = scene.examined().await?;
    let Check { found, advice, .. } = line(&report, Connection)?;
    assert!(
        found.contains("no connection: its certificate is"),
        "{found}"
    );
    assert!(advice.join(" ").contains("WRENGATE_CA_FILE"), "{advice:?}");
    check_harmless("certificate", &report)
}

#[test]
fn each_wrong_setting_is_a_line() -> TestResult {
    let pairs = [
        ("WRENGATE_ISSUER", "http://id.example.org"),
        ("WRENGATE_CLIENT_ID", "the-client"),
        ("WRENGATE_CLIENT_SECRET", "short"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let errors = Config::from_pairs(pairs, None).err().ok_or("no errors")?;
    let report = wrong_settings(&errors);
    assert!(!report.is_ok());
    assert_eq!(report.checks().len(), 2, "{report:?}");
    for check in report.checks() {
        assert_eq!((check.id, check.status), (Settings, Status::Failed));
    }
    let found: Vec<_> = report
        .checks()
        .iter()
        .map(|check| check.found.as_str())
        .collect();
    assert!(
        found.contains(&"WRENGATE_CLIENT_SECRET: is too short"),
        "{found:?}"
    );
    check_harmless("settings", &report)
}
