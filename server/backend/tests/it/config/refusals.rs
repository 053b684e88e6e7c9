//! Every mistake, with the exact words an operator reads.

use std::path::Path;

use super::{BY_HAND, LOCAL, file, load, said, said_of};

#[test]
fn what_is_missing_is_named_with_the_choices() {
    insta::assert_snapshot!(said(&[]), @r"
    WRENGATE_PROVIDER: is missing; choose local, clerk-dev, clerk-prod or custom, or give WRENGATE_ISSUER
    WRENGATE_CLIENT_ID: is missing; every provider but local gives one out
    ");
    insta::assert_snapshot!(said(&[("WRENGATE_PROVIDER", "custom"), ("WRENGATE_CLIENT_ID", " ")]), @r"
    WRENGATE_ISSUER: is missing; custom needs it, or all of WRENGATE_AUTHORIZATION_ENDPOINT, WRENGATE_TOKEN_ENDPOINT, WRENGATE_USERINFO_ENDPOINT
    WRENGATE_CLIENT_ID: is empty; every provider but local gives one out
    ");
    insta::assert_snapshot!(said(&[BY_HAND[1], BY_HAND[3]]), @r"
    WRENGATE_AUTHORIZATION_ENDPOINT: is missing; it goes with WRENGATE_TOKEN_ENDPOINT
    WRENGATE_USERINFO_ENDPOINT: is missing; it goes with WRENGATE_TOKEN_ENDPOINT
    ");
    insta::assert_snapshot!(said(&[
        ("WRENGATE_PROVIDER", "clerk-dev"),
        ("WRENGATE_KEYS", ""),
        ("WRENGATE_CLIENT_SECRET", " "),
        ("WRENGATE_CLIENT_SECRET_FILE", ""),
    ]), @r"
    WRENGATE_CLIENT_ID: is missing; every provider but local gives one out
    WRENGATE_CLIENT_SECRET: is empty; leave it out for a public client
    WRENGATE_CLIENT_SECRET_FILE: is empty; leave it out for a public client
    WRENGATE_KEYS: is empty; leave it out for a key file beside the store
    ");
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_ADDR", "0.0.0.0:3000"),
        ("WRENGATE_ADDR", "127.0.0.1:0"),
        ("WRENGATE_ADDR", "192.0.2.1:80"),
    ]), @r"
    WRENGATE_PUBLIC_ORIGIN: is missing; give one such as https://app.example.org, because none can be made of WRENGATE_ADDR 0.0.0.0:3000
    WRENGATE_PUBLIC_ORIGIN: is missing; give one such as https://app.example.org, because none can be made of WRENGATE_ADDR 127.0.0.1:0
    WRENGATE_PUBLIC_ORIGIN: is missing; give one such as https://app.example.org, because none can be made of WRENGATE_ADDR 192.0.2.1:80
    ");
}

#[test]
fn a_wrong_address_is_quoted_with_what_is_allowed() {
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_ADDR", "localhost:3000"),
        ("WRENGATE_PUBLIC_ORIGIN", "http://app.example.org"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org/app"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org?"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://App.example.org"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://app.example.org:443"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://someone:hunter2@app.example.org"),
        ("WRENGATE_PUBLIC_ORIGIN", "https://app;script-src.example.org"),
        ("WRENGATE_ISSUER", "http://id.example.org"),
        ("WRENGATE_ISSUER", "https://id.example.org?tenant=1"),
        ("WRENGATE_ISSUER", "https://id.exa\nmple.org"),
        ("WRENGATE_AVATAR_HOSTS", "https://img.example.org"),
        ("WRENGATE_AVATAR_HOSTS", "img.example.org, *.example.org"),
        ("WRENGATE_AVATAR_HOSTS", "img.example.org; script-src *"),
        ("WRENGATE_AVATAR_HOSTS", "img.example.org:443"),
        ("WRENGATE_SUPPORT_URL", "ftp://help.example.org"),
        ("WRENGATE_SOURCE_URL", "javascript:alert(1)"),
        ("WRENGATE_PRIVACY_URL", "http://example.org/privacy"),
        ("WRENGATE_ADDR", &"9".repeat(200)),
    ]), @r#"
    WRENGATE_ADDR: "localhost:3000" is not an IP address with a port; give one such as 127.0.0.1:3000 or [::1]:3000
    WRENGATE_PUBLIC_ORIGIN: "http://app.example.org" cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: "https://app.example.org/app" is more than an origin; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: "https://app.example.org?" is more than an origin; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: "https://App.example.org" is not how browsers write it, which is https://app.example.org; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: "https://app.example.org:443" is not how browsers write it, which is https://app.example.org; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: the value (not shown: it may hold a password) cannot be used: a user name or password is not allowed; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_PUBLIC_ORIGIN: "https://app;script-src.example.org" cannot be used: it has a character that does not belong there; allowed are scheme, host and port, such as https://app.example.org
    WRENGATE_ISSUER: "http://id.example.org" cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    WRENGATE_ISSUER: "https://id.example.org?tenant=1" cannot be used: a query or fragment is not allowed; allowed is an absolute https address without user name, password and fragment
    WRENGATE_ISSUER: "https://id.exa\nmple.org" cannot be used: it has a character that does not belong there; allowed is an absolute https address without user name, password and fragment
    WRENGATE_AVATAR_HOSTS: "https://img.example.org" has something that is not a host; allowed are host or host:port in lower case, such as img.example.org
    WRENGATE_AVATAR_HOSTS: "img.example.org, *.example.org" has something that is not a host; allowed are host or host:port in lower case, such as img.example.org
    WRENGATE_AVATAR_HOSTS: "img.example.org; script-src *" has something that is not a host; allowed are host or host:port in lower case, such as img.example.org
    WRENGATE_AVATAR_HOSTS: "img.example.org:443" has something that is not a host; allowed are host or host:port in lower case, such as img.example.org
    WRENGATE_SUPPORT_URL: "ftp://help.example.org" cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    WRENGATE_SOURCE_URL: "javascript:alert(1)" cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    WRENGATE_PRIVACY_URL: "http://example.org/privacy" cannot be used: https is needed (http only for localhost, 127.0.0.1 and [::1]); allowed is an absolute https address without user name, password and fragment
    WRENGATE_ADDR: "99999999999999999999999999999999999999999999999999999999999999999999999999999999"… is not an IP address with a port; give one such as 127.0.0.1:3000 or [::1]:3000
    "#);
}

#[test]
fn a_wrong_value_is_quoted_with_what_is_allowed() {
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_PROVIDER", "clerk"),
        ("WRENGATE_PROVIDER_NAME", "01234567890123456789012345678901234567890"),
        ("WRENGATE_CLIENT_ID", "wren\u{7}gate"),
        ("WRENGATE_SCOPES", "openid pro\"file"),
        ("WRENGATE_SCOPES", "openid email openid"),
        ("WRENGATE_STORE", "data/wrengate.db"),
        ("WRENGATE_STORE", "sqlite:"),
        ("WRENGATE_STORE", "sqlite:data/"),
        ("WRENGATE_STORE", "sqlite:data.db?mode=ro"),
        ("WRENGATE_APP_NAME", "Wren\u{202e}gate"),
        ("WRENGATE_SUPPORT_EMAIL", "help"),
        ("WRENGATE_SUPPORT_EMAIL", "a@b@c"),
        ("WRENGATE_SUPPORT_EMAIL", "Help <help@example.org>"),
        ("WRENGATE_RATE_BEGIN", "-1"),
        ("WRENGATE_RATE_API", "1000001"),
        ("WRENGATE_RATE_PAGES", "many"),
        ("WRENGATE_RATE_BEGIN_ALL", "1.5"),
        ("WRENGATE_RATE_COMPLETE_ALL", "1000001"),
        ("WRENGATE_TRUSTED_PROXIES", "proxy.example.org"),
        ("WRENGATE_TRUSTED_PROXIES", "10.0.0.0/8, 0.0.0.0/0"),
        ("WRENGATE_TRUSTED_PROXIES", "::ffff:10.0.0.1"),
    ]), @r#"
    WRENGATE_PROVIDER: "clerk" is not one of the choices; allowed are local, clerk-dev, clerk-prod and custom
    WRENGATE_CLIENT_ID: is missing; every provider but local gives one out
    WRENGATE_PROVIDER_NAME: "01234567890123456789012345678901234567890" is too long; allowed are 1 to 40 characters
    WRENGATE_CLIENT_ID: "wren\u{7}gate" is not a client id; allowed is printable ASCII, at most 255 characters
    WRENGATE_SCOPES: "openid pro\"file" has a character that no scope has; allowed are scopes of printable ASCII without " and \, separated by spaces
    WRENGATE_SCOPES: "openid email openid" names a scope twice; allowed are scopes of printable ASCII without " and \, separated by spaces
    WRENGATE_STORE: "data/wrengate.db" is not a store; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: "sqlite:" names no file; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: "sqlite:data/" names a folder; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: "sqlite:data.db?mode=ro" has options, which are not taken; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_APP_NAME: "Wren\u{202e}gate" has invisible characters; allowed are 1 to 40 characters
    WRENGATE_SUPPORT_EMAIL: "help" is not one address; give one such as help@example.org
    WRENGATE_SUPPORT_EMAIL: "a@b@c" is not one address; give one such as help@example.org
    WRENGATE_SUPPORT_EMAIL: "Help <help@example.org>" has a character that no link to it can hold; give one such as help@example.org
    WRENGATE_RATE_BEGIN: "-1" is not a rate; allowed is 0 (no limit) to 1000000 per minute
    WRENGATE_RATE_API: "1000001" is not a rate; allowed is 0 (no limit) to 1000000 per minute
    WRENGATE_RATE_PAGES: "many" is not a rate; allowed is 0 (no limit) to 1000000 per minute
    WRENGATE_RATE_BEGIN_ALL: "1.5" is not a rate; allowed is 0 (no limit) to 1000000 per minute
    WRENGATE_RATE_COMPLETE_ALL: "1000001" is not a rate; allowed is 0 (no limit) to 1000000 per minute
    WRENGATE_TRUSTED_PROXIES: "proxy.example.org" has an entry that is neither an IP address nor a network in CIDR notation; allowed are IP addresses and networks such as 10.0.0.0/8, separated by commas
    WRENGATE_TRUSTED_PROXIES: "10.0.0.0/8, 0.0.0.0/0" trusts every address there is; allowed are IP addresses and networks such as 10.0.0.0/8, separated by commas
    WRENGATE_TRUSTED_PROXIES: "::ffff:10.0.0.1" has an IPv4 address written as IPv6; allowed are IP addresses and networks such as 10.0.0.0/8, separated by commas
    "#);
}

#[test]
fn a_contradiction_is_an_error() {
    insta::assert_snapshot!(said(&[
        ("WRENGATE_PROVIDER", "clerk-prod"),
        ("WRENGATE_CLIENT_ID", "id"),
        ("WRENGATE_ISSUER", "http://localhost:9400"),
        ("WRENGATE_TOKEN_ENDPOINT", "https://clerk.stiegleredtech.org/oauth/token"),
        ("WRENGATE_USERINFO_ENDPOINT", "https://elsewhere.example.org/"),
        ("WRENGATE_CLIENT_SECRET", "long enough"),
        ("WRENGATE_CLIENT_SECRET_FILE", "also-given"),
    ]), @r"
    WRENGATE_USERINFO_ENDPOINT: contradicts WRENGATE_PROVIDER=clerk-prod; leave it out, or use WRENGATE_PROVIDER=custom
    WRENGATE_ISSUER: contradicts WRENGATE_PROVIDER=clerk-prod; leave it out, or use WRENGATE_PROVIDER=custom
    WRENGATE_CLIENT_SECRET: contradicts WRENGATE_CLIENT_SECRET_FILE; give one of the two
    ");
}

#[test]
fn an_address_of_a_server_is_never_quoted() {
    let keys = (
        "WRENGATE_KEYS",
        "d3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGUtd3JlbmdhdGU=",
    );
    let said = [
        "postgres://wren:hunter2@db",
        "postgres:///hunter2",
        "postgres://db/wrengate?pasword=hunter2",
        "postgres://wren:hunter2@db:port/wrengate",
        "postgres://db/wrengate#hunter2",
        "postgress://db/wrengate?password=hunter2",
        "redis://",
        "redis://:hunter2@cache/hunter2",
        "redis://cache/0?password=hunter2",
        "rediss://:hunter2@cache/#insecure",
        "mysql://db?hunter2",
    ]
    .map(|address| said(&[LOCAL, keys, ("WRENGATE_STORE", address)]));
    let said = said.join("\n");
    insta::assert_snapshot!(said, @r"
    WRENGATE_STORE: the value (not shown: it may hold a password) names no database; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) names no host; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) has an option that is not taken; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) is not a URL; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) has a fragment, which is not taken; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) is not a store; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) names no host; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) names a database that is no number; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) has options, which are not taken; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) has options, which are not taken; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    WRENGATE_STORE: the value (not shown: it may hold a password) is not a store; allowed are sqlite:path, sqlite::memory:, postgres://…, redis://… and rediss://…
    ");
    assert!(!said.contains("hunter2"));
}

#[test]
fn a_shared_store_needs_shared_keys() {
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_STORE", "postgres://wren:hunter2@db/wrengate"),
        ("WRENGATE_STORE", "rediss://:hunter2@cache:6380/3"),
    ]), @r"
    WRENGATE_KEYS: is missing; a store that several servers may share needs the keys they share; make one with: openssl rand -base64 32
    WRENGATE_KEYS: is missing; a store that several servers may share needs the keys they share; make one with: openssl rand -base64 32
    ");
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    insta::assert_snapshot!(said(&[
        LOCAL,
        ("WRENGATE_CLEINT_ID", "x"),
        ("wrengate_addr", "x"),
        ("WRENGATE_SECRET", "canary"),
        ("WRENGATE_PORT", "80"),
        ("WRENGATE_BROWSER", "passed over"),
        ("WRENGATE_TEST_REDIS", "passed over"),
        ("HOME", "passed over"),
    ]), @r"
    WRENGATE_CLEINT_ID: is not a setting; did you mean WRENGATE_CLIENT_ID?
    wrengate_addr: is not a setting; did you mean WRENGATE_ADDR?
    WRENGATE_SECRET: is not a setting; did you mean WRENGATE_CLIENT_SECRET?
    WRENGATE_PORT: is not a setting; docs/settings.md lists the settings
    ");
}

#[test]
fn lifetimes_are_whole_seconds_within_limits() {
    insta::assert_snapshot!(said_of(&[
        ("WRENGATE_SESSION_IDLE_SECONDS", "9"),
        ("WRENGATE_SESSION_IDLE_SECONDS", "30m"),
        ("WRENGATE_SESSION_ABSOLUTE_SECONDS", "31536001"),
        ("WRENGATE_REFRESH_MARGIN_SECONDS", "-1"),
    ]), @r#"
    WRENGATE_SESSION_IDLE_SECONDS: "9" is not a number of seconds; allowed are 10 to 31536000 seconds
    WRENGATE_SESSION_IDLE_SECONDS: "30m" is not a number of seconds; allowed are 10 to 31536000 seconds
    WRENGATE_SESSION_ABSOLUTE_SECONDS: "31536001" is not a number of seconds; allowed are 10 to 31536000 seconds
    WRENGATE_REFRESH_MARGIN_SECONDS: "-1" is not a number of seconds; allowed are 0 to 3600 seconds
    "#);
}

#[test]
fn mistakes_in_the_file_are_named_with_the_file() {
    let wrong = |text: &str| {
        let (folder, path) = file(text).unwrap();
        let said = load(&[LOCAL], Some(&path)).unwrap_err();
        said.replace(folder.path().to_str().unwrap(), "")
    };
    let text = "addr = \"x\"\nclient_id = 5\nscopes = [\"openid\"]\nWRENGATE_KEYS = \"\"\n[http]\naddr = 1\n";
    insta::assert_snapshot!(wrong(text), @r#"
    WRENGATE_KEYS (in "/w.toml"): is not a setting; did you mean keys?
    http (in "/w.toml"): is not a setting; docs/settings.md lists the settings
    WRENGATE_CLIENT_ID (client_id in "/w.toml"): is not a text; put the value in quotes
    WRENGATE_SCOPES (scopes in "/w.toml"): is not a text; put the value in quotes
    WRENGATE_ADDR (addr in "/w.toml"): "x" is not an IP address with a port; give one such as 127.0.0.1:3000 or [::1]:3000
    "#);
    insta::assert_snapshot!(wrong("app_name = \"Wren\"\nclient_secret = \"canary-of-the-file\n"), @r#"
    --config: "/w.toml" is not TOML at line 2, column 36; write key = "value", a line each
    "#);
    insta::assert_snapshot!(load(&[LOCAL], Some(Path::new("/nowhere.toml"))).unwrap_err(), @r#"
    --config: "/nowhere.toml" cannot be read: entity not found; name a TOML file
    "#);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let said = said(&[
        ("WRENGATE_TYPO", "x"),
        ("WRENGATE_ADDR", "x"),
        ("WRENGATE_ISSUER", "x"),
        ("WRENGATE_SCOPES", "\\"),
        ("WRENGATE_STORE", "x"),
        ("WRENGATE_KEYS", "x"),
    ]);
    let named: Vec<_> = said
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(
        named,
        [
            "WRENGATE_TYPO",
            "WRENGATE_ADDR",
            "WRENGATE_ISSUER",
            "WRENGATE_CLIENT_ID",
            "WRENGATE_SCOPES",
            "WRENGATE_STORE",
            "WRENGATE_KEYS",
        ]
    );
}
