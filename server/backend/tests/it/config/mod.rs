//! The settings: every default, every preset, every mistake with its words.

mod client_auth;
mod documents;
mod key_file;
mod operator;
mod refusals;
mod secrets;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use wrengate_backend::config::{Config, ProviderSource};

type Pairs<'a> = &'a [(&'a str, &'a str)];

const LOCAL: (&str, &str) = ("WRENGATE_PROVIDER", "local");

fn load(pairs: Pairs<'_>, file: Option<&Path>) -> Result<Config, String> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_pairs(pairs, file).map_err(|errors| errors.to_string())
}

/// What is said about each of these settings, alone beside the local provider.
fn said_of(cases: Pairs<'_>) -> String {
    let said = cases
        .iter()
        .map(|case| load(&[LOCAL, *case], None).err().unwrap_or_default());
    said.collect::<Vec<_>>().join("\n")
}

/// The message for these settings and nothing else.
fn said(pairs: Pairs<'_>) -> String {
    load(pairs, None).err().unwrap_or_default()
}

/// A folder with a file of this text.
fn file(text: &str) -> io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("w.toml");
    fs::write(&path, text)?;
    Ok((folder, path))
}

const BY_HAND: [(&str, &str); 4] = [
    (
        "WRENGATE_AUTHORIZATION_ENDPOINT",
        "https://id.example.org/authorize?tenant=1",
    ),
    ("WRENGATE_TOKEN_ENDPOINT", "https://api.example.org/token"),
    ("WRENGATE_USERINFO_ENDPOINT", "https://api.example.org/me"),
    ("WRENGATE_CLIENT_ID", "id"),
];

#[test]
#[expect(clippy::too_many_lines, reason = "one list of every default")]
fn every_default_holds() {
    let config = load(&[LOCAL], None).unwrap();
    insta::assert_snapshot!(format!("{config:#?}"), @r#"
    Config {
        http: HttpConfig {
            addr: 127.0.0.1:3000,
            public_origin: PublicOrigin(
                "http://127.0.0.1:3000",
            ),
            site_root: "target/site",
            languages: None,
            app_name: "Wrengate",
            support_url: None,
            support_email: None,
            source_url: None,
            privacy_url: None,
            trusted_proxies: TrustedProxies(
                [],
            ),
            rates: Rates {
                begin: 30,
                complete: 60,
                api: 300,
                pages: 600,
                begin_all: 6000,
                complete_all: 12000,
            },
        },
        provider: ProviderConfig {
            name: "the development provider",
            home: None,
            status: None,
            switchboard: Some(
                "http://localhost:9400/switchboard",
            ),
            source: Discovery(
                Issuer(
                    "http://localhost:9400",
                ),
            ),
            client_id: "wrengate-dev",
            client_auth: None,
            pushed_requests: Auto,
            extra_roots: [],
            scopes: [
                "openid",
                "profile",
                "email",
            ],
            id_token: IdTokenConfig {
                algorithms: [
                    Rs256,
                ],
                clock_skew: 60s,
                jwks_cooldown: 60s,
                trusted_audiences: [],
            },
            avatar_hosts: AvatarHosts(
                [
                    "localhost:9400",
                ],
            ),
        },
        session: SessionConfig {
            lifetimes: Lifetimes {
                idle: 1800s,
                absolute: 43200s,
            },
            refresh_margin: 60s,
        },
        store: StoreConfig {
            location: File(
                "data/wrengate.db",
            ),
            keys: File(
                "data/wrengate.key",
            ),
        },
        operator: OperatorConfig {
            log_format: Text,
            metrics_addr: None,
            alerts: None,
        },
        inspector: Own,
    }
    "#);
    assert_eq!(
        config.http.public_origin.redirect_uri(),
        "http://127.0.0.1:3000/callback"
    );
    assert!(!config.http.public_origin.is_https());
}

#[test]
fn each_preset_knows_its_provider() {
    let summary = ["local", "clerk-dev", "clerk-prod"].map(|preset| {
        let config = load(
            &[("WRENGATE_PROVIDER", preset), ("WRENGATE_CLIENT_ID", "id")],
            None,
        );
        let provider = config.unwrap().provider;
        let home = provider.home.map(String::from);
        let avatars: Vec<_> = provider.avatar_hosts.sources().collect();
        let source = match provider.source {
            ProviderSource::Discovery(issuer) => format!("discovery at {issuer}"),
            ProviderSource::Endpoints(at) => format!(
                "{}\n{}\n{}\n{}\n{}",
                at.issuer.unwrap(),
                at.authorization_endpoint,
                at.token_endpoint,
                at.userinfo_endpoint,
                at.jwks_uri.unwrap()
            ),
        };
        format!("{} {home:?} {avatars:?}\n{source}", provider.name)
    });
    insta::assert_snapshot!(summary.join("\n\n"), @r#"
    the development provider None ["http://localhost:9400"]
    discovery at http://localhost:9400

    Clerk Some("https://optimal-wren-60.accounts.dev/user") ["https://img.clerk.com"]
    https://optimal-wren-60.clerk.accounts.dev
    https://optimal-wren-60.clerk.accounts.dev/oauth/authorize
    https://optimal-wren-60.clerk.accounts.dev/oauth/token
    https://optimal-wren-60.clerk.accounts.dev/oauth/userinfo
    https://optimal-wren-60.clerk.accounts.dev/.well-known/jwks.json

    Clerk Some("https://accounts.stiegleredtech.org/user") ["https://img.clerk.com"]
    https://clerk.stiegleredtech.org
    https://clerk.stiegleredtech.org/oauth/authorize
    https://clerk.stiegleredtech.org/oauth/token
    https://clerk.stiegleredtech.org/oauth/userinfo
    https://clerk.stiegleredtech.org/.well-known/jwks.json
    "#);
}

#[test]
fn an_issuer_given_with_local_wins() {
    let config = load(
        &[LOCAL, ("WRENGATE_ISSUER", "http://127.0.0.1:9555/")],
        None,
    )
    .unwrap();
    let issuer = config.provider.source.issuer().unwrap();
    assert_eq!(issuer.as_str(), "http://127.0.0.1:9555/");
    assert!(
        config
            .provider
            .avatar_hosts
            .sources()
            .eq(["http://127.0.0.1:9555"])
    );
    assert_eq!(config.provider.client_id, "wrengate-dev");
}

#[test]
fn an_issuer_or_endpoints_alone_make_a_custom_provider() {
    let issuer = ("WRENGATE_ISSUER", "https://issuer.example.org");
    let found = load(&[issuer, BY_HAND[3]], None).unwrap().provider;
    assert!(matches!(found.source, ProviderSource::Discovery(_)));
    assert_eq!(
        (found.name.as_str(), found.avatar_hosts.sources().count()),
        ("issuer.example.org", 0)
    );

    let plain = load(&BY_HAND, None).unwrap().provider;
    assert_eq!(
        (plain.name.as_str(), plain.source.issuer()),
        ("id.example.org", None)
    );

    let [authorize, token, userinfo, id] = BY_HAND;
    let both = load(&[issuer, authorize, token, userinfo, id], None)
        .unwrap()
        .provider;
    let ProviderSource::Endpoints(metadata) = both.source else {
        panic!("{both:?}")
    };
    assert_eq!(
        metadata.issuer.unwrap().as_str(),
        "https://issuer.example.org"
    );
    assert_eq!(
        metadata.token_endpoint.as_str(),
        "https://api.example.org/token"
    );
    assert_eq!(both.name, "issuer.example.org");
}

#[test]
fn the_file_is_read_and_the_environment_wins() {
    let text = "provider = \"local\"\naddr = \"127.0.0.1:4000\"\nclient_id = \"of-the-file\"\nrate_api = 7\n";
    let (_folder, path) = file(text).unwrap();
    let config = load(&[("WRENGATE_CLIENT_ID", "1e5")], Some(&path)).unwrap();
    assert_eq!(config.provider.client_id, "1e5");
    assert_eq!(config.http.addr.port(), 4000);
    assert_eq!(config.http.public_origin.as_str(), "http://127.0.0.1:4000");
    assert_eq!(config.http.rates.api, 7);
}

#[test]
fn an_origin_is_kept_as_browsers_send_it() {
    for (given, kept) in [
        ("https://app.example.org", "https://app.example.org"),
        ("https://app.example.org/", "https://app.example.org"),
        (
            "https://app.example.org:8443",
            "https://app.example.org:8443",
        ),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
    ] {
        let config = load(&[LOCAL, ("WRENGATE_PUBLIC_ORIGIN", given)], None).unwrap();
        assert_eq!(config.http.public_origin.as_str(), kept);
    }
}

#[test]
fn a_browser_learns_the_public_half_alone() {
    let config = load(
        &[
            ("WRENGATE_PROVIDER", "clerk-prod"),
            ("WRENGATE_CLIENT_ID", "id"),
            ("WRENGATE_CLIENT_SECRET", "canary-canary"),
            ("WRENGATE_PROVIDER_NAME", "Example ID"),
            ("WRENGATE_APP_NAME", " Wren "),
            ("WRENGATE_SCOPES", "openid\toffline_access"),
            (
                "WRENGATE_SUPPORT_URL",
                "https://help.example.org/wren?from=app",
            ),
            ("WRENGATE_SUPPORT_EMAIL", "help@example.org"),
            ("WRENGATE_RATE_BEGIN", "0"),
            ("WRENGATE_RATE_API", "1000000"),
        ],
        None,
    )
    .unwrap();
    insta::assert_snapshot!(format!("{:#?}", config.public_client()), @r#"
    PublicClient {
        app: "Wren",
        provider: "Example ID",
        provider_home: Some(
            "https://accounts.stiegleredtech.org/user",
        ),
        provider_status: None,
        scopes: [
            "openid",
            "offline_access",
        ],
        support_url: Some(
            "https://help.example.org/wren?from=app",
        ),
        support_email: Some(
            "help@example.org",
        ),
    }
    "#);
    assert_eq!(
        (config.http.rates.begin, config.http.rates.api),
        (0, 1_000_000)
    );
}
