//! What the operator hears: the form of the log, the metrics, the alerts.

use std::net::SocketAddr;

use url::Url;
use wrengate_protocol::Secret;

use super::{address::parse_address, client::read_secret_file, given::Given, http::DEFAULT_ADDR};

/// What the operator hears.
#[derive(Clone, Debug)]
pub struct OperatorConfig {
    /// `WRENGATE_LOG_FORMAT`: how a line of the log is written. Default `text`.
    pub log_format: LogFormat,
    /// `WRENGATE_METRICS_ADDR`: where `GET /metrics` is answered. Default nowhere.
    pub metrics_addr: Option<SocketAddr>,
    /// `WRENGATE_ALERT_WEBHOOK` with its secret: who is alerted. Default nobody.
    pub alerts: Option<AlertConfig>,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object on each line.
    Json,
}

/// Who is alerted, and how they know that it is us.
#[derive(Clone, Debug)]
pub struct AlertConfig {
    /// `WRENGATE_ALERT_WEBHOOK`: https, or http on loopback.
    ///
    /// # Security
    /// The paths of many receivers are passwords, so it is shown nowhere.
    pub webhook: Secret<String>,
    /// `WRENGATE_ALERT_SECRET` or `WRENGATE_ALERT_SECRET_FILE`: the key of the signature, at least
    /// 16 characters.
    pub secret: Secret<String>,
}

/// The shortest secret of the alerts, in characters: 64 bits even where it is only hexadecimal.
const SHORTEST_SECRET: usize = 16;

const METRICS_ADDR: &str = "WRENGATE_METRICS_ADDR";
const WEBHOOK: &str = "WRENGATE_ALERT_WEBHOOK";
const SECRET: &str = "WRENGATE_ALERT_SECRET";
const SECRET_FILE: &str = "WRENGATE_ALERT_SECRET_FILE";
const WHEN_EMPTY: &str = "leave it out where nobody is alerted";

impl OperatorConfig {
    /// Reads the area.
    pub(super) fn read(given: &mut Given) -> Self {
        let allowed = "choose text or json";
        let log_format = given.parsed("WRENGATE_LOG_FORMAT", allowed, |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("is not a format"),
        });
        Self {
            log_format: log_format.unwrap_or_default(),
            metrics_addr: read_metrics_addr(given),
            alerts: read_alerts(given),
        }
    }
}

/// An address of its own: whoever may open the app must not find the metrics there.
fn read_metrics_addr(given: &mut Given) -> Option<SocketAddr> {
    // A wrong one is noted where it is read for the app.
    let app = given.text("WRENGATE_ADDR").map(str::parse);
    let app = app.and_then(Result::ok).unwrap_or(DEFAULT_ADDR);
    let allowed = "give one such as 127.0.0.1:9090 that the app does not listen on";
    given.parsed(METRICS_ADDR, allowed, |text| match text.parse() {
        Ok(metrics) if collide(app, metrics) => Err("is where the app listens (WRENGATE_ADDR)"),
        Ok(metrics) => Ok(metrics),
        Err(_) => Err("is not an IP address with a port"),
    })
}

/// Whether the two cannot both be listened on. Port 0 is any free one.
fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (everywhere || one.ip() == other.ip())
}

/// Webhook and secret; `None` when nobody is to be alerted or, noted, something is wrong.
fn read_alerts(given: &mut Given) -> Option<AlertConfig> {
    let webhook = read_webhook(given);
    let secret = read_secret(given);
    match (given.has(WEBHOOK), secret) {
        (true, Ok(Some(secret))) => Some(AlertConfig {
            webhook: webhook?,
            secret,
        }),
        (true, Ok(None)) => {
            given.require(
                SECRET,
                format!("{WEBHOOK} goes with it; give at least 16 characters, or {SECRET_FILE}"),
            );
            None
        }
        (false, Ok(Some(_))) => {
            let name = if given.has(SECRET) {
                SECRET
            } else {
                SECRET_FILE
            };
            given.refuse(
                name,
                format!("goes with {WEBHOOK}, which is not set"),
                "give both or neither",
            );
            None
        }
        (_, Err(Noted) | Ok(None)) => None,
    }
}

/// A mistake that is already noted.
struct Noted;

fn read_webhook(given: &mut Given) -> Option<Secret<String>> {
    let webhook = given.secret(WEBHOOK, WHEN_EMPTY)?;
    match parse_address(webhook.expose().trim()) {
        Ok(url) => Some(Secret::new(Url::into(url))),
        Err(error) => {
            given.refuse(
                WEBHOOK,
                format!("the value (not shown) {error}"),
                super::address::ADDRESS,
            );
            None
        }
    }
}

fn read_secret(given: &mut Given) -> Result<Option<Secret<String>>, Noted> {
    if given.has(SECRET) && given.has(SECRET_FILE) {
        given.refuse(
            SECRET,
            format!("contradicts {SECRET_FILE}"),
            "give one of the two",
        );
        return Err(Noted);
    }
    let set = |given: &Given| given.is_set(SECRET) || given.is_set(SECRET_FILE);
    let (name, secret) = match given.secret(SECRET, WHEN_EMPTY) {
        Some(secret) => (SECRET, Some(secret)),
        None => (
            SECRET_FILE,
            read_secret_file(given, SECRET_FILE, WHEN_EMPTY),
        ),
    };
    match secret {
        Some(secret) if secret.expose().chars().count() < SHORTEST_SECRET => {
            given.refuse(name, "is too short", "at least 16 characters are needed");
            Err(Noted)
        }
        Some(secret) => Ok(Some(secret)),
        None if set(given) => Err(Noted),
        None => Ok(None),
    }
}
