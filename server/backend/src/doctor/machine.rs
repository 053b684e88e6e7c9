//! What can be looked at without the provider: settings, store, keys, who is told.

use std::{error::Error, fmt::Write as _};

use url::Url;

use super::report::{Check, CheckId};
use crate::{
    config::{Config, ConfigErrors, KeySource, StoreLocation, load_keys},
    random::Random,
    session::KeyRing,
    store::{self, Inspection},
};

/// One line for each mistake.
pub(super) fn wrong_settings(errors: &ConfigErrors) -> Vec<Check> {
    let failed = |error: &crate::config::ConfigError| {
        Check::failed(CheckId::Settings, error.found(), &[error.advice()])
    };
    errors.iter().map(failed).collect()
}

pub(super) async fn look(config: &Config, random: &dyn Random) -> Vec<Check> {
    let store = store::inspect(config.store.location.address().expose()).await;
    let mut checks = vec![
        Check::ok(CheckId::Settings, "complete and free of contradictions"),
        keys(
            config,
            random,
            matches!(store, Ok(Inspection::Present { .. })),
        ),
    ];
    checks.push(match store {
        Ok(inspection) => of_store(inspection),
        Err(error) => Check::failed(CheckId::Store, chain(&error), &[advice_for(config)]),
    });
    checks.extend([public_origin(config), metrics(config), alerts(config)]);
    checks
}

fn advice_for(config: &Config) -> &'static str {
    match config.store.location {
        StoreLocation::File(_) | StoreLocation::Memory => {
            "Look at WRENGATE_STORE: the file must be a database of Wrengate, and the user who runs it must be able to write it and its folder."
        }
        StoreLocation::Postgres(_) => {
            "Look at WRENGATE_STORE: the server must run and be reachable, the database must exist, and the user in the address must be able to make tables in it."
        }
        StoreLocation::Redis(_) => {
            "Look at WRENGATE_STORE: the server must run and be reachable, and take writes and scripts from the user in the address."
        }
    }
}

fn of_store(found: Inspection) -> Check {
    let id = CheckId::Store;
    match found {
        Inspection::Memory => Check::ok(id, "in memory: sessions end with the process"),
        Inspection::Absent => Check::ok(id, "no file yet; the first start makes it"),
        Inspection::Present { schema, ours } if schema > ours => Check::failed(
            id,
            format!("of a newer version of Wrengate (schema {schema}, this one knows {ours})"),
            &["Run the newer version, or name another store in WRENGATE_STORE."],
        ),
        Inspection::Present { schema: 0, .. } => Check::ok(
            id,
            "can be written, and is empty; the first start makes its tables",
        ),
        Inspection::Present { schema, ours } if schema < ours => {
            let found = format!("can be written (schema {schema}); the next start makes it {ours}");
            Check::ok(id, found)
        }
        Inspection::Present { schema, .. } => {
            Check::ok(id, format!("can be read and written (schema {schema})"))
        }
    }
}

fn keys(config: &Config, random: &dyn Random, has_store: bool) -> Check {
    let id = CheckId::Keys;
    let source = &config.store.keys;
    if let KeySource::File(path) = source
        && matches!(path.try_exists(), Ok(false))
    {
        if has_store {
            let advice = "Restore wrengate.key from its backup. Without it, people stay signed in and the tokens in their sessions are lost.";
            return Check::warning(id, "the store is there and its key file is not", &[advice]);
        }
        return Check::ok(id, "no key file yet; the first start makes it");
    }
    let loaded = load_keys(source, random).map_err(|error| chain(&error));
    let count = loaded.as_ref().map_or(0, Vec::len);
    match loaded.and_then(|keys| KeyRing::new(keys).map_err(|error| chain(&error))) {
        Ok(_) => Check::ok(id, format!("{count} can be used")),
        Err(why) => Check::failed(
            id,
            why,
            &["Look at WRENGATE_KEYS, or at the key file beside the store."],
        ),
    }
}

fn public_origin(config: &Config) -> Check {
    let origin = &config.http.public_origin;
    if origin.is_https() {
        return Check::ok(CheckId::PublicOrigin, origin.as_str());
    }
    Check::warning(
        CheckId::PublicOrigin,
        format!("{} is http, for this machine alone", origin.as_str()),
        &["Before others use it, set WRENGATE_PUBLIC_ORIGIN to an https address."],
    )
}

fn metrics(config: &Config) -> Check {
    let found = match config.operator.metrics_addr {
        Some(addr) => format!("on, http://{addr}/metrics"),
        None => "off (WRENGATE_METRICS_ADDR)".to_owned(),
    };
    Check::ok(CheckId::Metrics, found)
}

/// The paths of many receivers are passwords, so only the host is told.
fn alerts(config: &Config) -> Check {
    let found = match &config.operator.alerts {
        Some(alerts) => {
            let webhook = Url::parse(alerts.webhook.expose());
            let host = webhook.ok().map(|url| url.origin().ascii_serialization());
            format!("on, sent to {}", host.unwrap_or_default())
        }
        None => "off (WRENGATE_ALERT_WEBHOOK)".to_owned(),
    };
    Check::ok(CheckId::Alerts, found)
}

/// An error and its causes. Those of store and keys name files and no value.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            // Writing to a String cannot fail.
            let _ = write!(text, ": {cause_text}");
        }
        source = cause.source();
    }
    text
}
