//! The doctor at a provider that is as it should be, but for one thing.

mod bounds;
mod checks;
mod rows;

use std::{
    collections::BTreeMap, error::Error, fs::Permissions, os::unix::fs::PermissionsExt as _,
    sync::Arc, time::Duration,
};

use serde_json::{Map, Value, json};
use tempfile::TempDir;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};
use wrengate_backend::{
    clock::ManualClock,
    config::Config,
    doctor::{Check, CheckId, Plan, Report, Status, examine},
    provider::Limits,
    random::SystemRandom,
};

type BoxError = Box<dyn Error + Send + Sync>;
type TestResult = Result<(), BoxError>;

/// 2026-11-24 12:00:00 UTC.
const NOW: i64 = 1_795_521_600;

/// Values that may stand in no report.
const CLIENT_SECRET: &str = "planted-client-secret-0123456789";
const ALERT_SECRET: &str = "planted-alert-secret-0123456789";
const WEBHOOK_PATH: &str = "planted-webhook-path";
const SAID: &str = "planted-words-of-the-provider";

/// A provider, settings that fit it, and a folder for the store.
struct Scene {
    server: MockServer,
    folder: TempDir,
    settings: BTreeMap<&'static str, String>,
    metadata: Map<String, Value>,
    /// Files beside the store: name, mode, content.
    files: Vec<(&'static str, u32, &'static str)>,
    replies: BTreeMap<&'static str, ResponseTemplate>,
    plan: Plan,
    /// What the `Date` of every answer is ahead of our clock, in seconds.
    ahead: i64,
}

impl Scene {
    async fn new() -> Result<Self, BoxError> {
        let server = MockServer::start().await;
        let folder = tempfile::tempdir()?;
        let origin = server.uri();
        let store = folder.path().join("wrengate.db");
        let settings = BTreeMap::from([
            ("WRENGATE_ISSUER", origin.clone()),
            ("WRENGATE_CLIENT_ID", "the-client".to_owned()),
            ("WRENGATE_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            (
                "WRENGATE_PUBLIC_ORIGIN",
                "https://app.example.org".to_owned(),
            ),
            ("WRENGATE_STORE", format!("sqlite:{}", store.display())),
            (
                "WRENGATE_ALERT_WEBHOOK",
                format!("https://alerts.example.org/{WEBHOOK_PATH}"),
            ),
            ("WRENGATE_ALERT_SECRET", ALERT_SECRET.to_owned()),
        ]);
        let refusal = |status, error: &str| {
            ResponseTemplate::new(status)
                .set_body_json(json!({"error": error, "error_description": SAID}))
        };
        let replies = BTreeMap::from([
            ("/jwks", ResponseTemplate::new(200).set_body_json(keys())),
            ("/userinfo", refusal(401, "invalid_token")),
            ("/token", refusal(400, "invalid_grant")),
        ]);
        let plan = Plan {
            limits: Limits {
                connect: Duration::from_secs(1),
                idle: Duration::from_secs(1),
                total: Duration::from_secs(2),
                first_pause: Duration::from_millis(1),
                ..Limits::default()
            },
            ..Plan::default()
        };
        Ok(Self {
            server,
            folder,
            settings,
            metadata: metadata(&origin),
            files: Vec::new(),
            replies,
            plan,
            ahead: 0,
        })
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.settings.insert(name, value.into());
    }

    fn says(&mut self, member: &str, value: Value) {
        self.metadata.insert(member.to_owned(), value);
    }

    fn says_nothing_of(&mut self, member: &str) {
        self.metadata.remove(member);
    }

    fn answers(&mut self, path: &'static str, status: u16, body: Value) {
        let reply = ResponseTemplate::new(status).set_body_json(body);
        self.replies.insert(path, reply);
    }

    /// The three endpoints come from the settings.
    fn by_hand(&mut self) {
        let origin = self.server.uri();
        self.set(
            "WRENGATE_AUTHORIZATION_ENDPOINT",
            format!("{origin}/authorize"),
        );
        self.set("WRENGATE_TOKEN_ENDPOINT", format!("{origin}/token"));
        self.set("WRENGATE_USERINFO_ENDPOINT", format!("{origin}/userinfo"));
        self.set("WRENGATE_JWKS_URI", format!("{origin}/jwks"));
    }

    async fn examined(&self) -> Result<Report, BoxError> {
        let date = u64::try_from(NOW + self.ahead)?;
        let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(date));
        let metadata = ResponseTemplate::new(200).set_body_json(&self.metadata);
        let well_known = "/.well-known/openid-configuration";
        if !self.replies.contains_key(well_known) {
            let reply = metadata.insert_header("date", date.as_str());
            let mock = Mock::given(method("GET")).and(path(well_known));
            mock.respond_with(reply).mount(&self.server).await;
        }
        for (at, reply) in &self.replies {
            let reply = reply.clone().insert_header("date", date.as_str());
            let mock = Mock::given(path(*at)).respond_with(reply);
            mock.mount(&self.server).await;
        }
        for (name, mode, content) in &self.files {
            let path = self.folder.path().join(name);
            std::fs::write(&path, content)?;
            std::fs::set_permissions(&path, Permissions::from_mode(*mode))?;
        }
        let settings = self.settings.iter();
        let settings = settings.map(|(name, value)| ((*name).to_owned(), value.clone()));
        let config = Config::from_pairs(settings, None)?;
        let clock = Arc::new(ManualClock::new(NOW));
        Ok(examine(&config, clock, Arc::new(SystemRandom), self.plan.clone()).await?)
    }

    /// The requests that were not GET.
    async fn posts(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let posts = requests.iter().filter(|it| it.method.as_str() != "GET");
        posts.map(|it| it.url.path().to_owned()).collect()
    }
}

fn metadata(origin: &str) -> Map<String, Value> {
    let metadata = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "userinfo_endpoint": format!("{origin}/userinfo"),
        "jwks_uri": format!("{origin}/jwks"),
        "revocation_endpoint": format!("{origin}/revoke"),
        "end_session_endpoint": format!("{origin}/end"),
        "backchannel_logout_supported": true,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "scopes_supported": ["openid", "profile", "email"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    });
    metadata.as_object().cloned().unwrap_or_default()
}

/// A key for RS256, and one for ES256.
fn keys() -> Value {
    json!({"keys": [
        {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "e": "AQAB", "n": format!("{}w", "v".repeat(341))},
        {"kty": "EC", "crv": "P-256", "kid": "ec", "x": "A".repeat(43), "y": "A".repeat(43)},
    ]})
}

fn line(report: &Report, id: CheckId) -> Result<&Check, BoxError> {
    let mut lines = report.checks().iter().filter(|check| check.id == id);
    let line = lines.next().ok_or_else(|| format!("no {}", id.as_str()))?;
    if lines.next().is_some() {
        return Err(format!("{} stands twice", id.as_str()).into());
    }
    Ok(line)
}

/// Everything that the report tells of anybody, in every form it has.
fn told(report: &Report) -> Result<String, BoxError> {
    Ok(format!("{report:?} {}", serde_json::to_string(report)?))
}

/// No planted value is in it, and no control.
fn check_harmless(row: &str, report: &Report) -> TestResult {
    let told = told(report)?;
    for planted in [
        CLIENT_SECRET,
        ALERT_SECRET,
        WEBHOOK_PATH,
        SAID,
        "made-this-code-up",
    ] {
        assert!(!told.contains(planted), "{row} tells {planted}: {told}");
    }
    for check in report.checks() {
        let lines = std::iter::once(&check.found).chain(&check.advice);
        for line in lines {
            assert!(
                !line.is_empty() && !line.contains(char::is_control),
                "{row}: {line:?}"
            );
        }
        let needs_advice = matches!(check.status, Status::Warning | Status::Failed);
        assert_eq!(needs_advice, !check.advice.is_empty(), "{row}: {check:?}");
    }
    Ok(())
}
