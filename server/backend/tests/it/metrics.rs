//! The metrics: every name, type, help and label, because dashboards and alert rules depend on them.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use wrengate_backend::{
    alert::{Fate, Kind},
    metrics::{CallOutcome, Metrics, Refused, RenewalOutcome},
    provider::Leg,
};
use wrengate_protocol::{Failure, step::Step};

/// One of everything, and two of what was counted by a clone as well.
fn one_of_each() -> Metrics {
    let metrics = Metrics::default();
    let same = metrics.clone();
    metrics.sign_in_started();
    same.sign_in_started();
    metrics.sign_in_completed();
    metrics.sign_in_failed(Step::Exchange, Failure::ProviderFault);
    metrics.session_opened();
    metrics.renewed(RenewalOutcome::Ok);
    metrics.request_refused(Refused::Failure(Failure::TooMany));
    metrics.provider_called(Leg::Token, CallOutcome::Ok, Duration::from_millis(300));
    metrics.retried(Leg::Userinfo);
    metrics.breaker(Leg::Token, true);
    metrics.jwks_refreshed(true);
    metrics.alerted(Kind::BreakerOpen, Fate::Delivered);
    metrics
}

#[test]
fn the_exposition_is_as_agreed() {
    let metrics = one_of_each();
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    let exposition = metrics.exposition().replace(&version, "version=\"…\"");
    insta::assert_snapshot!(exposition, @r#"
    # HELP wrengate_build_info The version that runs.
    # TYPE wrengate_build_info gauge
    wrengate_build_info{version="…"} 1
    # HELP wrengate_sign_ins_started_total Sign-ins that were begun.
    # TYPE wrengate_sign_ins_started_total counter
    wrengate_sign_ins_started_total 2
    # HELP wrengate_sign_ins_completed_total Sign-ins that signed somebody in.
    # TYPE wrengate_sign_ins_completed_total counter
    wrengate_sign_ins_completed_total 1
    # HELP wrengate_sign_ins_failed_total Sign-ins that ended otherwise, by step and failure.
    # TYPE wrengate_sign_ins_failed_total counter
    wrengate_sign_ins_failed_total{step="exchange",failure="provider-fault"} 1
    # HELP wrengate_sessions_opened_total Sessions that were opened.
    # TYPE wrengate_sessions_opened_total counter
    wrengate_sessions_opened_total 1
    # HELP wrengate_renewals_total Renewals of access tokens, by outcome.
    # TYPE wrengate_renewals_total counter
    wrengate_renewals_total{outcome="ok"} 1
    # HELP wrengate_requests_refused_total Requests that were not let in, by gate, limit or form.
    # TYPE wrengate_requests_refused_total counter
    wrengate_requests_refused_total{reason="too-many"} 1
    # HELP wrengate_provider_call_duration_seconds How long calls to the provider took, by endpoint and outcome.
    # TYPE wrengate_provider_call_duration_seconds histogram
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="0.05"} 0
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="0.1"} 0
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="0.25"} 0
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="0.5"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="1"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="2.5"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="5"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="7.5"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="10"} 1
    wrengate_provider_call_duration_seconds_bucket{endpoint="token",outcome="ok",le="+Inf"} 1
    wrengate_provider_call_duration_seconds_sum{endpoint="token",outcome="ok"} 0.3
    wrengate_provider_call_duration_seconds_count{endpoint="token",outcome="ok"} 1
    # HELP wrengate_provider_retries_total Calls to the provider that were made once more.
    # TYPE wrengate_provider_retries_total counter
    wrengate_provider_retries_total{endpoint="userinfo"} 1
    # HELP wrengate_provider_breaker_open Whether the circuit breaker of an endpoint is open: 0 or 1.
    # TYPE wrengate_provider_breaker_open gauge
    wrengate_provider_breaker_open{endpoint="token"} 1
    # HELP wrengate_provider_breaker_transitions_total How often the circuit breaker of an endpoint opened and closed.
    # TYPE wrengate_provider_breaker_transitions_total counter
    wrengate_provider_breaker_transitions_total{endpoint="token",to="open"} 1
    # HELP wrengate_jwks_refreshes_total Fetches of the provider's signing keys, by outcome.
    # TYPE wrengate_jwks_refreshes_total counter
    wrengate_jwks_refreshes_total{outcome="ok"} 1
    # HELP wrengate_alerts_total Alerts, by kind and what became of them.
    # TYPE wrengate_alerts_total counter
    wrengate_alerts_total{kind="breaker-open",outcome="delivered"} 1
    "#);
}

#[test]
fn a_breaker_that_closes_is_closed() {
    let metrics = Metrics::default();
    metrics.breaker(Leg::Token, true);
    metrics.breaker(Leg::Token, false);
    let exposition = metrics.exposition();
    for line in [
        "wrengate_provider_breaker_open{endpoint=\"token\"} 0",
        "wrengate_provider_breaker_transitions_total{endpoint=\"token\",to=\"open\"} 1",
        "wrengate_provider_breaker_transitions_total{endpoint=\"token\",to=\"closed\"} 1",
    ] {
        assert!(exposition.contains(line), "{line} in {exposition}");
    }
}

/// Labels are of a fixed set: whatever is refused, and however.
#[test]
fn every_label_is_a_code() {
    let metrics = Metrics::default();
    for status in [400, 404, 405, 408, 413, 415, 999] {
        metrics.request_refused(Refused::Form(status));
    }
    for failure in Failure::ALL {
        metrics.sign_in_failed(Step::Submit, *failure);
        let outcome = CallOutcome::Failed(*failure);
        metrics.provider_called(Leg::Discovery, outcome, Duration::ZERO);
    }
    metrics.provider_called(Leg::Token, CallOutcome::Refused, Duration::ZERO);
    let exposition = metrics.exposition();
    let values = exposition.lines().filter(|line| !line.starts_with('#'));
    let labels = values.filter_map(|line| line.split_once('{')?.1.split_once('}'));
    let mut seen = 0;
    for (labels, _) in labels {
        for label in labels.split(',') {
            let value = label.split('"').nth(1).unwrap_or_default();
            let is_code = |c: char| c.is_ascii_alphanumeric() || "-.+".contains(c);
            assert!(!value.is_empty() && value.chars().all(is_code), "{label}");
            seen += 1;
        }
    }
    assert!(seen > 2 * Failure::ALL.len());
}

/// The metrics of a document: words that begin like one, without what a histogram adds.
fn named(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    text.match_indices("wrengate_")
        .map(|(place, _)| text.get(place..).unwrap_or_default())
        .map(|text| text.split(|c| !is_name(c)).next().unwrap_or_default())
        .map(|name| name.strip_suffix("_bucket").unwrap_or(name).to_owned())
        .collect()
}

#[test]
fn the_document_and_the_alert_rules_know_the_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let exposition = one_of_each().exposition();
    let types = exposition.lines().filter(|line| line.starts_with("# TYPE"));
    let names = named(&types.collect::<Vec<_>>().join("\n"));
    let document = fs::read_to_string(root.join("docs/operations.md")).unwrap();
    let rows = document
        .lines()
        .filter(|line| line.starts_with("| `wrengate_"));
    assert_eq!(named(&rows.collect::<Vec<_>>().join("\n")), names);
    let rules = fs::read_to_string(root.join("ops/alerts.yml")).unwrap();
    let in_rules = named(&rules);
    assert!(
        !in_rules.is_empty() && in_rules.is_subset(&names),
        "{in_rules:?}"
    );
}

#[test]
fn the_document_knows_the_kinds_of_alerts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/operations.md")).unwrap();
    for kind in Kind::ALL {
        let code = format!("`{}`", kind.code());
        assert!(document.contains(&code), "{code}");
    }
}
