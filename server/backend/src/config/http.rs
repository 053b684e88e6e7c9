//! Where the server listens, and how browsers reach it and speak of it.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use url::Url;
use wrengate_protocol::text;

use super::{
    address::{ADDRESS, parse_address},
    given::Given,
    proxies::TrustedProxies,
};

pub use super::origin::{OriginError, PublicOrigin};

/// Where the server listens, and how browsers reach it and speak of it.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// `WRENGATE_ADDR`: the address to listen on. Default `127.0.0.1:3000`.
    pub addr: SocketAddr,
    /// `WRENGATE_PUBLIC_ORIGIN`: the origin that browsers use. Default `http://` and the address;
    /// required where that is not loopback or has port 0.
    pub public_origin: PublicOrigin,
    /// `WRENGATE_SITE_ROOT`: the folder of the built site. Default `target/site`.
    pub site_root: PathBuf,
    /// `WRENGATE_LANGUAGES`: a folder with files of words besides those that are built in. Default none.
    pub languages: Option<PathBuf>,
    /// `WRENGATE_APP_NAME`: what pages call this installation, 1 to 40 characters. Default `Wrengate`.
    pub app_name: String,
    /// `WRENGATE_SUPPORT_URL`: a help page, https or http on loopback. Default none.
    pub support_url: Option<Url>,
    /// `WRENGATE_SUPPORT_EMAIL`: who can be written to. Default none.
    pub support_email: Option<String>,
    /// `WRENGATE_SOURCE_URL`: where the source is, https or http on loopback. Default none.
    pub source_url: Option<Url>,
    /// `WRENGATE_PRIVACY_URL`: what is said about privacy, https or http on loopback. Default none.
    pub privacy_url: Option<Url>,
    /// `WRENGATE_TRUSTED_PROXIES`: who is believed about the address of a client. Default nobody.
    pub trusted_proxies: TrustedProxies,
    /// The rate limits.
    pub rates: Rates,
}

/// Requests allowed per minute, at most 1 000 000; 0 is no limit. Per client address, but for those
/// of everybody together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// `WRENGATE_RATE_BEGIN`: sign-ins begun. Default 30.
    pub begin: u32,
    /// `WRENGATE_RATE_COMPLETE`: sign-ins completed. Default 60.
    pub complete: u32,
    /// `WRENGATE_RATE_API`: other calls to `/api`, and forms. Default 300.
    pub api: u32,
    /// `WRENGATE_RATE_PAGES`: pages, forms and `/readyz`. Default 600.
    pub pages: u32,
    /// `WRENGATE_RATE_BEGIN_ALL`: sign-ins begun by everybody together. Default 6000: within their
    /// ten minutes fewer than the 100 000 attempts that are kept, so that whoever uses many addresses
    /// pushes nobody's attempt out.
    pub begin_all: u32,
    /// `WRENGATE_RATE_COMPLETE_ALL`: sign-ins completed by everybody together. Default 12000.
    pub complete_all: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            begin: 30,
            complete: 60,
            api: 300,
            pages: 600,
            begin_all: 6000,
            complete_all: 12_000,
        }
    }
}

/// Where the server listens when nothing is set.
pub(super) const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// The highest rate, in calls per minute: far above what one address can use, and far below overflow.
const HIGHEST_RATE: u32 = 1_000_000;

/// The longest name of an installation or a provider, in characters: it stands in headings and buttons.
const LONGEST_NAME: usize = 40;

impl HttpConfig {
    /// Reads the area; `None` when the public origin is, noted, missing or wrong.
    pub(super) fn read(given: &mut Given) -> Option<Self> {
        let addr = given
            .parsed(
                "WRENGATE_ADDR",
                "give one such as 127.0.0.1:3000 or [::1]:3000",
                |text| text.parse().map_err(|_| "is not an IP address with a port"),
            )
            .unwrap_or(DEFAULT_ADDR);
        let public_origin = read_origin(given, addr);
        let site_root = given
            .text("WRENGATE_SITE_ROOT")
            .unwrap_or("target/site")
            .into();
        let languages = given.text("WRENGATE_LANGUAGES").map(PathBuf::from);
        let app_name =
            read_name(given, "WRENGATE_APP_NAME").unwrap_or_else(|| "Wrengate".to_owned());
        let support_url = given.parsed("WRENGATE_SUPPORT_URL", ADDRESS, parse_address);
        let support_email = given.parsed(
            "WRENGATE_SUPPORT_EMAIL",
            "give one such as help@example.org",
            parse_email,
        );
        let source_url = given.parsed("WRENGATE_SOURCE_URL", ADDRESS, parse_address);
        let privacy_url = given.parsed("WRENGATE_PRIVACY_URL", ADDRESS, parse_address);
        let trusted_proxies = given
            .parsed(
                "WRENGATE_TRUSTED_PROXIES",
                "allowed are IP addresses and networks such as 10.0.0.0/8, separated by commas",
                TrustedProxies::parse,
            )
            .unwrap_or_default();
        let default = Rates::default();
        let rates = Rates {
            begin: read_rate(given, "WRENGATE_RATE_BEGIN", default.begin),
            complete: read_rate(given, "WRENGATE_RATE_COMPLETE", default.complete),
            api: read_rate(given, "WRENGATE_RATE_API", default.api),
            pages: read_rate(given, "WRENGATE_RATE_PAGES", default.pages),
            begin_all: read_rate(given, "WRENGATE_RATE_BEGIN_ALL", default.begin_all),
            complete_all: read_rate(given, "WRENGATE_RATE_COMPLETE_ALL", default.complete_all),
        };
        Some(Self {
            addr,
            public_origin: public_origin?,
            site_root,
            languages,
            app_name,
            support_url,
            support_email,
            source_url,
            privacy_url,
            trusted_proxies,
            rates,
        })
    }
}

/// Reads a name that pages show.
pub(super) fn read_name(given: &mut Given, setting: &'static str) -> Option<String> {
    given.parsed(setting, "allowed are 1 to 40 characters", |name| {
        if name.chars().count() > LONGEST_NAME {
            Err("is too long")
        } else if text::plain(name, LONGEST_NAME) != name {
            Err("has invisible characters")
        } else {
            Ok(name.to_owned())
        }
    })
}

fn read_origin(given: &mut Given, addr: SocketAddr) -> Option<PublicOrigin> {
    let name = "WRENGATE_PUBLIC_ORIGIN";
    if given.has(name) {
        let allowed = "allowed are scheme, host and port, such as https://app.example.org";
        return given.parsed(name, allowed, PublicOrigin::parse);
    }
    let origin = PublicOrigin::of_address(addr);
    if origin.is_none() {
        given.require(
            name,
            format!(
                "give one such as https://app.example.org, because none can be made of WRENGATE_ADDR {addr}"
            ),
        );
    }
    origin
}

fn parse_email(text: &str) -> Result<String, &'static str> {
    let unwanted =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '?' | '#' | '%');
    match text.split_once('@') {
        Some((name, host)) if name.is_empty() || host.is_empty() || host.contains('@') => {
            Err("is not one address")
        }
        None => Err("is not one address"),
        Some(_) if text.contains(unwanted) => Err("has a character that no link to it can hold"),
        Some(_) => Ok(text.to_owned()),
    }
}

fn read_rate(given: &mut Given, name: &'static str, default: u32) -> u32 {
    let allowed = "allowed is 0 (no limit) to 1000000 per minute";
    given
        .parsed(name, allowed, |text| match text.parse() {
            Ok(rate) if rate <= HIGHEST_RATE => Ok(rate),
            _ => Err("is not a rate"),
        })
        .unwrap_or(default)
}
