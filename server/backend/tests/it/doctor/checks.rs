//! Every check, once as it should be and in each way it may not be.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::{
    CheckId::{self, *},
    NOW, Scene, Status,
    Status::{Failed, Ok as Good, Skipped, Warning},
    TestResult, check_harmless, keys, line,
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

/// What is changed, and which line then says what.
type Row = (fn(&mut Scene), CheckId, Status, &'static str);

const ROWS: &[Row] = &[
    (
        |it| write_store(it, b"this is no database at all, and never was"),
        Store,
        Failed,
        "database",
    ),
    (
        |it| it.set("WRENGATE_STORE", "sqlite::memory:"),
        Store,
        Good,
        "in memory",
    ),
    (
        |it| write_store(it, b""),
        Keys,
        Warning,
        "its key file is not",
    ),
    (write_open_key_file, Keys, Failed, "chmod 600"),
    (write_short_key, Keys, Failed, "too short"),
    (
        |it| it.set("WRENGATE_ISSUER", "http://127.0.0.1:1"),
        Connection,
        Failed,
        "http://127.0.0.1:1: no connection: ",
    ),
    (
        |it| it.says("jwks_uri", json!("http://127.0.0.1:1/jwks")),
        Connection,
        Failed,
        "refused",
    ),
    (
        |it| it.says("revocation_endpoint", json!("http://127.0.0.1:1/r")),
        Connection,
        Failed,
        "http://127.0.0.1:1: ",
    ),
    (
        |it| it.answers(WELL_KNOWN, 404, json!({})),
        Discovery,
        Failed,
        "no metadata at its well-known addresses",
    ),
    (
        |it| it.answers(WELL_KNOWN, 404, json!({})),
        Issuer,
        Skipped,
        "skipped, because no metadata",
    ),
    (
        |it| it.answers(WELL_KNOWN, 404, json!({})),
        Jwks,
        Skipped,
        "skipped, because the metadata",
    ),
    (
        |it| it.answers(WELL_KNOWN, 500, json!({})),
        Discovery,
        Failed,
        "status 500",
    ),
    (
        |it| it.answers(WELL_KNOWN, 200, json!(["no", "object"])),
        Discovery,
        Failed,
        "not a JSON object",
    ),
    (
        |it| {
            let _ = it.replies.insert(WELL_KNOWN, page());
        },
        Discovery,
        Failed,
        "a page (text/html)",
    ),
    (
        |it| {
            let _ = it.replies.insert(WELL_KNOWN, ResponseTemplate::new(302));
        },
        Discovery,
        Failed,
        "status 302",
    ),
    (
        by_older_address,
        Discovery,
        Good,
        "/.well-known/oauth-authorization-server",
    ),
    (
        |it| it.by_hand(),
        Discovery,
        Skipped,
        "come from the settings",
    ),
    (
        |it| it.says("issuer", json!("https://other.example.org/")),
        Issuer,
        Failed,
        "the metadata name \"https://other.example.org/\", the settings \"http://127.0.0.1:",
    ),
    (
        |it| it.says("issuer", json!("https://other.example.org/")),
        ClientAccepted,
        Skipped,
        "not this issuer's",
    ),
    (
        |it| it.says("issuer", json!("\u{1b}[2J\u{202e}x")),
        Issuer,
        Failed,
        "name \"[2Jx\"",
    ),
    (without_issuer, Issuer, Warning, "none is set"),
    (
        |it| it.says_nothing_of("token_endpoint"),
        Endpoints,
        Failed,
        "token_endpoint is missing",
    ),
    (
        |it| it.says_nothing_of("token_endpoint"),
        Pkce,
        Good,
        "S256",
    ),
    (
        |it| it.says_nothing_of("token_endpoint"),
        Userinfo,
        Skipped,
        "the metadata cannot be used",
    ),
    (
        |it| it.says("userinfo_endpoint", json!("http://id.example.org/u")),
        Endpoints,
        Failed,
        "https is needed",
    ),
    (
        |it| it.says("revocation_endpoint", json!("ftp://x/")),
        Endpoints,
        Failed,
        "revocation_endpoint",
    ),
    (
        |it| it.says("code_challenge_methods_supported", json!(["plain"])),
        Pkce,
        Failed,
        "S256",
    ),
    (
        |it| it.says("code_challenge_methods_supported", json!(["plain"])),
        Userinfo,
        Good,
        "401",
    ),
    (
        |it| it.says_nothing_of("code_challenge_methods_supported"),
        Pkce,
        Warning,
        "do not say",
    ),
    (|it| it.by_hand(), Pkce, Skipped, "come from the settings"),
    (
        |it| {
            it.says(
                "authorization_response_iss_parameter_supported",
                json!(false),
            )
        },
        IssParameter,
        Good,
        "not promised",
    ),
    (
        |it| {
            it.says(
                "token_endpoint_auth_methods_supported",
                json!(["private_key_jwt", "\u{1b}[31mred"]),
            )
        },
        ClientAuth,
        Warning,
        "offered: private_key_jwt, [31mred",
    ),
    (
        |it| it.says_nothing_of("token_endpoint_auth_methods_supported"),
        ClientAuth,
        Good,
        "does not say",
    ),
    (
        |it| {
            require_pushed(it, true);
            it.set("WRENGATE_PAR", "never");
        },
        PushedRequests,
        Failed,
        "WRENGATE_PAR=never",
    ),
    (
        |it| it.set("WRENGATE_PAR", "always"),
        PushedRequests,
        Failed,
        "WRENGATE_PAR=always",
    ),
    (
        |it| require_pushed(it, false),
        PushedRequests,
        Failed,
        "no endpoint",
    ),
    (
        |it| require_pushed(it, true),
        PushedRequests,
        Good,
        "requests are pushed",
    ),
    (
        |it| it.says("scopes_supported", json!(["openid"])),
        Scopes,
        Warning,
        "do not list profile, email",
    ),
    (
        |it| it.says_nothing_of("scopes_supported"),
        Scopes,
        Good,
        "does not say",
    ),
    (
        |it| it.set("WRENGATE_SCOPES", "profile"),
        Scopes,
        Warning,
        "without openid",
    ),
    (
        |it| it.set("WRENGATE_SCOPES", "profile"),
        Jwks,
        Skipped,
        "openid is not asked for",
    ),
    (
        |it| it.says_nothing_of("jwks_uri"),
        Jwks,
        Failed,
        "no jwks_uri",
    ),
    (
        |it| it.answers("/jwks", 404, json!({})),
        Jwks,
        Failed,
        "status 404",
    ),
    (
        |it| it.answers("/jwks", 200, json!({"keys": []})),
        Jwks,
        Failed,
        "none of the keys",
    ),
    (
        |it| {
            it.by_hand();
            it.settings.remove("WRENGATE_JWKS_URI");
        },
        Jwks,
        Warning,
        "WRENGATE_JWKS_URI is not set",
    ),
    (
        |it| it.set("WRENGATE_ID_TOKEN_ALGS", "RS256 ES256"),
        Jwks,
        Good,
        "2 usable, for RS256, ES256",
    ),
    (
        |it| {
            it.set("WRENGATE_ID_TOKEN_ALGS", "RS256 EdDSA");
            it.says_nothing_of(ALGORITHMS);
        },
        Jwks,
        Warning,
        "none for EdDSA, one for RS256",
    ),
    (
        |it| {
            it.set("WRENGATE_ID_TOKEN_ALGS", "EdDSA");
            it.says_nothing_of(ALGORITHMS);
        },
        Jwks,
        Failed,
        "none for EdDSA",
    ),
    (
        |it| it.says(ALGORITHMS, json!(["ES256", "EdDSA", "HS256"])),
        IdTokenAlgorithms,
        Failed,
        "allowed here RS256, offered ES256, EdDSA, HS256",
    ),
    (
        |it| it.says(ALGORITHMS, json!(["HS256"])),
        IdTokenAlgorithms,
        Failed,
        "none in common",
    ),
    (
        |it| it.says_nothing_of(ALGORITHMS),
        IdTokenAlgorithms,
        Good,
        "does not say",
    ),
    (|it| it.ahead = 20, Clock, Good, "20 s ahead of"),
    (|it| it.ahead = 45, Clock, Warning, "45 s ahead of"),
    (|it| it.ahead = -45, Clock, Warning, "45 s behind"),
    (|it| it.ahead = -61, Clock, Failed, "61 s behind"),
    (
        |it| {
            it.ahead = 500;
            it.set("WRENGATE_CLOCK_SKEW_SECONDS", "600");
        },
        Clock,
        Warning,
        "500 s ahead of",
    ),
    (
        |it| it.answers("/userinfo", 404, json!({})),
        Userinfo,
        Warning,
        "404",
    ),
    (
        |it| it.answers("/userinfo", 405, json!({})),
        Userinfo,
        Warning,
        "405",
    ),
    (
        |it| it.answers("/userinfo", 500, json!({})),
        Userinfo,
        Warning,
        "500",
    ),
    (
        |it| it.answers("/userinfo", 200, json!({"sub": "somebody"})),
        Userinfo,
        Warning,
        "200",
    ),
    (
        |it| it.answers("/token", 401, json!({"error": "invalid_grant"})),
        ClientAccepted,
        Good,
        "invalid_grant, status 401",
    ),
    (
        |it| it.answers("/token", 401, json!({"error": "invalid_client"})),
        ClientAccepted,
        Failed,
        "by client_secret_basic (invalid_client, status 401)",
    ),
    (
        |it| it.answers("/token", 400, json!({"error": "unauthorized_client"})),
        ClientAccepted,
        Failed,
        "unauthorized_client",
    ),
    (
        |it| it.answers("/token", 403, json!({})),
        ClientAccepted,
        Warning,
        "no code, status 403",
    ),
    (
        |it| it.answers("/token", 200, json!({"access_token": "a"})),
        ClientAccepted,
        Warning,
        "status 200",
    ),
    (
        |it| it.answers("/token", 400, json!({"error": "\u{1b}[2J"})),
        ClientAccepted,
        Warning,
        "unknown",
    ),
    (
        |it| it.plan.token_request = false,
        ClientAccepted,
        Skipped,
        "--no-token-request",
    ),
    (
        |it| it.says_nothing_of("revocation_endpoint"),
        Revocation,
        Warning,
        "not offered",
    ),
    (
        |it| it.says_nothing_of("end_session_endpoint"),
        EndSession,
        Warning,
        "still signed in at the provider",
    ),
    (
        |it| it.says("backchannel_logout_supported", json!(false)),
        BackChannelLogout,
        Warning,
        "not offered",
    ),
    (
        |it| it.set("WRENGATE_PUBLIC_ORIGIN", "http://127.0.0.1:3000"),
        PublicOrigin,
        Warning,
        "is http",
    ),
    (
        |it| it.set("WRENGATE_METRICS_ADDR", "127.0.0.1:9099"),
        Metrics,
        Good,
        "on, http://127.0.0.1:9099/metrics",
    ),
    (
        |it| {
            it.settings.remove("WRENGATE_ALERT_WEBHOOK");
            it.settings.remove("WRENGATE_ALERT_SECRET");
        },
        Alerts,
        Good,
        "off",
    ),
];

const WELL_KNOWN: &str = "/.well-known/openid-configuration";
const ALGORITHMS: &str = "id_token_signing_alg_values_supported";

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
    let rows: [(fn(&mut Scene), CheckId, &str); 4] = [
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

fn write_store(scene: &mut Scene, content: &[u8]) {
    std::fs::write(scene.folder.path().join("wrengate.db"), content).unwrap();
}

fn write_key(scene: &Scene, mode: u32, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = scene.folder.path().join("wrengate.key");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn write_open_key_file(scene: &mut Scene) {
    write_key(scene, 0o644, &"A".repeat(43));
}

fn write_short_key(scene: &mut Scene) {
    write_key(scene, 0o600, "AAAA");
}

fn page() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw("<html>", "text/html")
}

fn by_older_address(scene: &mut Scene) {
    let metadata = scene.metadata.clone();
    scene.answers(WELL_KNOWN, 404, json!({}));
    scene.answers("/.well-known/oauth-authorization-server", 200, metadata);
}

fn without_issuer(scene: &mut Scene) {
    scene.by_hand();
    scene.settings.remove("WRENGATE_JWKS_URI");
    scene.settings.remove("WRENGATE_ISSUER");
}

fn require_pushed(scene: &mut Scene, with_endpoint: bool) {
    let endpoint = format!("{}/par", scene.server.uri());
    scene.says("require_pushed_authorization_requests", json!(true));
    if with_endpoint {
        scene.says("pushed_authorization_request_endpoint", json!(endpoint));
    }
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
