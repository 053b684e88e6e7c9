//! What may be wrong with a provider or with settings, and the line that tells of it.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::{
    CheckId::{self, *},
    Scene, Status,
    Status::{Failed, Ok as Good, Skipped, Warning},
};

/// What is done to a provider or to settings.
pub(super) type Change = fn(&mut Scene);

/// What is changed, and which line then says what.
pub(super) type Row = (Change, CheckId, Status, &'static str);

pub(super) const ROWS: &[Row] = &[
    (
        |it| write_store(it, "this is no database at all, and never was"),
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
        |it| write_store(it, ""),
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
            );
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
            );
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
pub(super) const ALGORITHMS: &str = "id_token_signing_alg_values_supported";

fn write_store(scene: &mut Scene, content: &'static str) {
    scene.files.push(("wrengate.db", 0o600, content));
}

fn write_open_key_file(scene: &mut Scene) {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    scene.files.push(("wrengate.key", 0o644, key));
}

fn write_short_key(scene: &mut Scene) {
    scene.files.push(("wrengate.key", 0o600, "AAAA"));
}

fn page() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw("<html>", "text/html")
}

fn by_older_address(scene: &mut Scene) {
    let metadata = scene.metadata.clone().into();
    scene.answers(WELL_KNOWN, 404, json!({}));
    scene.answers("/.well-known/oauth-authorization-server", 200, metadata);
}

fn without_issuer(scene: &mut Scene) {
    scene.by_hand();
    scene.settings.remove("WRENGATE_JWKS_URI");
    scene.settings.remove("WRENGATE_ISSUER");
}

pub(super) fn require_pushed(scene: &mut Scene, with_endpoint: bool) {
    let endpoint = format!("{}/par", scene.server.uri());
    scene.says("require_pushed_authorization_requests", json!(true));
    if with_endpoint {
        scene.says("pushed_authorization_request_endpoint", json!(endpoint));
    }
}
