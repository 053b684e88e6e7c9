//! `wrengate doctor`, the binary itself, and its advice on the page of a failure.

use std::process::{Command, Output};

use serde_json::Value;

use crate::rig::{
    Outcome, Provider, Reply, Request,
    world::{CLIENT_SECRET, Plan, settings},
};

const WEBHOOK_PATH: &str = "planted-webhook-path";
const ALERT_SECRET: &str = "planted-alert-secret-0123456789";

/// Runs the doctor at a provider, without stopping it meanwhile.
async fn examine(
    provider: &Provider,
    arguments: &'static [&'static str],
    changes: &[(&'static str, &str)],
) -> Outcome<Output> {
    let folder = tempfile::tempdir()?;
    let store = format!("sqlite:{}", folder.path().join("wrengate.db").display());
    let mut given = settings("http://127.0.0.1:3000", provider, folder.path(), &store);
    // By discovery.
    given.retain(|(name, _)| !name.ends_with("_ENDPOINT"));
    let webhook = format!("https://alerts.example.org/{WEBHOOK_PATH}");
    given.push(("WRENGATE_ALERT_WEBHOOK", webhook));
    given.push(("WRENGATE_ALERT_SECRET", ALERT_SECRET.to_owned()));
    given.push(("WRENGATE_ID_TOKEN_ALGS", "EdDSA".to_owned()));
    for (name, value) in changes {
        given.retain(|(given, _)| given != name);
        given.push((*name, (*value).to_owned()));
    }
    let output = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_wrengate"))
            .arg("doctor")
            .args(arguments)
            .env_clear()
            .envs(given)
            .current_dir(folder.path())
            .output()
    });
    let output = output.await??;
    for told in [&output.stdout, &output.stderr] {
        let told = String::from_utf8_lossy(told);
        for planted in [CLIENT_SECRET, ALERT_SECRET, WEBHOOK_PATH] {
            assert!(!told.contains(planted), "{planted} in {told}");
        }
        assert!(
            !told.contains('\u{1b}'),
            "colour without a terminal: {told}"
        );
    }
    Ok(output)
}

#[tokio::test]
async fn a_healthy_provider_is_told_line_by_line() -> Outcome {
    let provider = Provider::start().await?;
    let output = examine(&provider, &[], &[]).await?;
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
    let told = String::from_utf8(output.stdout)?;
    insta::assert_snapshot!(told.replace(&provider.origin, "http://provider"));
    assert_eq!(provider.asked("/token").len(), 1);
    Ok(())
}

#[tokio::test]
async fn json_is_one_object_and_the_exit_code_tells_of_failures() -> Outcome {
    let provider = Provider::start().await?;
    let said = Reply::text(401, "application/json", "{\"error\":\"invalid_client\"}");
    for (reply, arguments, code) in [
        (None, &["--json"][..], 0),
        (Some(said.clone()), &["--json"], 1),
        (Some(said), &["--json", "--no-token-request"], 0),
    ] {
        provider.behaves();
        if let Some(reply) = reply {
            provider.replies("/token", reply);
        }
        let output = examine(&provider, arguments, &[]).await?;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        let report: Value = serde_json::from_slice(&output.stdout)?;
        assert_eq!(report["version"], 1);
        assert_eq!(report["ok"], code == 0);
        let checks = report["checks"].as_array().ok_or("no checks")?;
        assert_eq!(checks.len(), 24);
        for check in checks {
            let members: Vec<&String> = check.as_object().ok_or("no object")?.keys().collect();
            assert_eq!(members, ["advice", "found", "id", "status"]);
        }
        let failed: Vec<&Value> = checks
            .iter()
            .filter(|check| check["status"] == "failed")
            .map(|check| &check["id"])
            .collect();
        let expected: &[&str] = if code == 1 { &["client-accepted"] } else { &[] };
        assert_eq!(failed, expected);
    }
    assert_eq!(provider.asked("/token").len(), 2, "none without leave");
    Ok(())
}

#[tokio::test]
async fn wrong_settings_are_failed_lines() -> Outcome {
    let provider = Provider::start().await?;
    let wrong = [("WRENGATE_CLIENT_SECRET", "short"), ("WRENGATE_PAR", "yes")];
    let output = examine(&provider, &[], &wrong).await?;
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout)?;
    let expected = "\
failed   settings  WRENGATE_CLIENT_SECRET: is too short
                   -> at least 8 characters are needed
failed   settings  WRENGATE_PAR: \"yes\" is not one of the choices
                   -> allowed are auto, always and never

0 ok, 0 warning, 2 failed, 0 skipped. The settings are wrong, so nothing else was looked at.
";
    assert_eq!(told, expected);
    assert_eq!(provider.calls(), 0);
    Ok(())
}

#[tokio::test]
async fn a_file_of_settings_is_read_as_by_serve() -> Outcome {
    let provider = Provider::start().await?;
    let output = examine(&provider, &["--config", "missing.toml"], &[]).await?;
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout)?;
    assert!(told.starts_with("failed   settings  --config"), "{told}");
    Ok(())
}

#[test]
fn serve_names_the_doctor_where_settings_are_wrong() -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_wrengate"))
        .arg("serve")
        .env_clear()
        .output()?;
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr)?;
    let last = told.lines().next_back();
    assert_eq!(last, Some("wrengate doctor looks at settings and provider"));
    Ok(())
}

/// The list stands in the page that the server draws and in the data the browser draws from, for the
/// failures that settings cause, and at http alone.
#[tokio::test]
async fn pages_of_failures_advise_in_development_alone() -> Outcome {
    let advised = [
        "client-rejected",
        "metadata-wrong",
        "exchange-refused",
        "scope-refused",
        "client-not-allowed",
        "request-unreadable",
        "not-configured",
    ];
    let development = Plan::new().start().await?;
    let production = Plan::new().https().start().await?;
    for id in advised {
        let page = |world: &crate::rig::World| {
            let addr = world.addr;
            async move { Request::get(&format!("/problem/{id}")).send(addr).await }
        };
        let told = page(&development).await?.text();
        assert!(
            told.contains("<h2>How to fix</h2><ul lang=\"en\" dir=\"ltr\"><li>"),
            "{id}: {told}"
        );
        let twice = told
            .matches("Run wrengate doctor with the same settings")
            .count();
        assert_eq!(twice, 2, "{id}: drawn, and in the data: {told}");
        assert!(!told.contains(CLIENT_SECRET), "{id}");
        let told = page(&production).await?.text();
        assert!(
            !told.contains("How to fix") && !told.contains("doctor"),
            "{id}: {told}"
        );
        assert!(!told.contains("\"advice\""), "{id}: {told}");
    }
    for path in ["/problem/code-expired", "/problem/unheard-of", "/"] {
        let told = Request::get(path).send(development.addr).await?.text();
        assert!(
            !told.contains("How to fix") && !told.contains("\"advice\""),
            "{path}: {told}"
        );
    }
    Ok(())
}
