//! Every check, once as it should be and in each way it may not be.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::{
    CheckId::{self, *},
    NOW, Scene,
    Status::{Failed, Ok as Good, Skipped},
    TestResult, check_harmless, keys, line,
    rows::{ALGORITHMS, Change, ROWS, require_pushed},
};

#[tokio::test]
async fn a_provider_as_it_should_be_is_ok_throughout() -> TestResult {
    let scene = Scene::new().await?;
    let report = scene.examined().await?;
    let ids: Vec<CheckId> = report.checks().iter().map(|check| check.id).collect();
    assert_eq!(ids, CheckId::ALL, "each once, in this order");
    assert_eq!(report.count(Good), CheckId::ALL.len(), "{report:#?}");
    assert!(report.is_ok());
    check_harmless("all is well", &report)?;
    assert_eq!(scene.posts().await, ["/token"]);
    assert_eq!(
        std::fs::read_dir(scene.folder.path())?.count(),
        0,
        "nothing was made"
    );
    let uri = &line(&report, RedirectUri)?.found;
    assert!(uri.contains(" https://app.example.org/callback "), "{uri}");
    Ok(())
}

/// The ids are an interface, and docs/doctor.md is where it is described.
#[test]
fn the_document_lists_every_check_in_order() -> TestResult {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/doctor.md");
    let document = std::fs::read_to_string(path)?;
    let (_, table) = document.split_once("## Checks").ok_or("no table")?;
    let (table, _) = table.split_once("## JSON").ok_or("no end of the table")?;
    let listed: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let ids: Vec<&str> = CheckId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(listed, ids);
    Ok(())
}

#[tokio::test]
async fn each_fault_is_found_and_says_what_to_do() -> TestResult {
    for (number, (change, id, status, found)) in ROWS.iter().enumerate() {
        let row = format!("row {number}, {} {status} {found:?}", id.as_str());
        let mut scene = Scene::new().await?;
        change(&mut scene);
        let report = scene
            .examined()
            .await
            .map_err(|error| format!("{row}: {error}"))?;
        let line = line(&report, *id).map_err(|error| format!("{row}: {error}"))?;
        assert_eq!(line.status, *status, "{row}: {line:?}");
        assert!(line.found.contains(found), "{row}: {line:?}");
        assert_eq!(report.is_ok(), report.count(Failed) == 0, "{row}");
        assert_eq!(report.checks().len(), CheckId::ALL.len(), "{row}");
        check_harmless(&row, &report)?;
        // Where the client proved itself, it did so once, and nothing else was posted.
        let asked = usize::from(!matches!(
            super::line(&report, ClientAccepted)?.status,
            Skipped
        ));
        assert_eq!(scene.posts().await.len(), asked, "{row}");
    }
    Ok(())
}

#[tokio::test]
async fn advice_names_what_to_change() -> TestResult {
    let rows: [(Change, CheckId, &str); 4] = [
        (
            |it| it.says(ALGORITHMS, json!(["ES256", "EdDSA"])),
            IdTokenAlgorithms,
            "WRENGATE_ID_TOKEN_ALGS=ES256,EdDSA.",
        ),
        (
            |it| it.answers("/token", 401, json!({"error": "invalid_client"})),
            ClientAccepted,
            "same environment",
        ),
        (
            |it| it.says("issuer", json!("https://x.example")),
            Issuer,
            "WRENGATE_ISSUER",
        ),
        (
            |it| {
                require_pushed(it, true);
                it.set("WRENGATE_PAR", "never");
            },
            PushedRequests,
            "WRENGATE_PAR=auto",
        ),
    ];
    for (change, id, advice) in rows {
        let mut scene = Scene::new().await?;
        change(&mut scene);
        let report = scene.examined().await?;
        let given = line(&report, id)?.advice.join(" ");
        assert!(given.contains(advice), "{advice}: {given}");
        assert!(
            !given.contains("wrengate doctor "),
            "it is already running: {given}"
        );
    }
    Ok(())
}

/// One of the answers is an hour old, as out of a cache: the middle one counts.
#[tokio::test]
async fn a_cached_date_does_not_move_the_clock() -> TestResult {
    let scene = Scene::new().await?;
    assert_eq!(line(&scene.examined().await?, Clock)?.status, Good);
    let hour_ago =
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(NOW - 3600)?);
    let old = ResponseTemplate::new(200)
        .set_body_json(keys())
        .insert_header("date", httpdate::fmt_http_date(hour_ago).as_str());
    scene.server.reset().await;
    let mut others = scene;
    others.replies.remove("/jwks");
    wiremock::Mock::given(wiremock::matchers::path("/jwks"))
        .respond_with(old)
        .mount(&others.server)
        .await;
    let report = others.examined().await?;
    assert_eq!(line(&report, Clock)?.found, "the same as this machine's");
    Ok(())
}
