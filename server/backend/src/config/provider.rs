//! Who signs people in, and who we are there.

use std::collections::BTreeSet;

use rustls::pki_types::CertificateDer;
use url::Url;
use wrengate_protocol::{
    discovery::Metadata,
    issuer::{Issuer, is_loopback},
    profile::AvatarHosts,
};

use super::{
    address::{ADDRESS, AddressError, is_plain_host, parse_address},
    ca_file::read_ca_file,
    client::{read_client_auth, read_client_id},
    given::Given,
    http::read_name,
    id_token::IdTokenConfig,
    preset::{CLERK_AVATAR_HOST, ENDPOINTS, LOCAL_ISSUER, Preset},
};

pub use super::{
    client::ClientAuth,
    client_key::{AssertionAudience, ClientKey, ClientKeyError, SigningError},
};

/// Who signs people in, and who we are there.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// `WRENGATE_PROVIDER_NAME`: what pages call the provider, 1 to 40 characters. Default `Clerk`,
    /// `the development provider`, else the host of the issuer or of the authorization endpoint.
    pub name: String,
    /// `WRENGATE_PROVIDER_ACCOUNT_URL`: where people manage their account at the provider. Default the
    /// page of Clerk with its preset, else none.
    pub home: Option<Url>,
    /// `WRENGATE_PROVIDER_STATUS_URL`: where the provider says how it is doing. Default none.
    pub status: Option<Url>,
    /// Where the development provider is made to fail, if it is the one and on this machine. Not a
    /// setting.
    pub switchboard: Option<String>,
    /// `WRENGATE_PROVIDER`, `WRENGATE_ISSUER` and the three `…_ENDPOINT`: where the provider answers.
    pub source: ProviderSource,
    /// `WRENGATE_CLIENT_ID`: printable ASCII, at most 255 characters. Default `wrengate-dev` for
    /// `local`, else required.
    pub client_id: String,
    /// `WRENGATE_CLIENT_AUTH` with `WRENGATE_CLIENT_SECRET`, `WRENGATE_CLIENT_SECRET_FILE` or
    /// `WRENGATE_CLIENT_KEY_FILE`. Default none: a public client.
    pub client_auth: ClientAuth,
    /// `WRENGATE_PAR`: when authorization requests are pushed. Default `auto`.
    pub pushed_requests: PushedRequests,
    /// `WRENGATE_CA_FILE`: authorities that are trusted besides the system's. Default none.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// `WRENGATE_SCOPES`: what to ask for, each once, at least one. Default `openid profile email`.
    pub scopes: Vec<String>,
    /// What is believed of an ID token.
    pub id_token: IdTokenConfig,
    /// `WRENGATE_AVATAR_HOSTS`: where profile pictures may come from. Default `img.clerk.com` for
    /// Clerk, the issuer's host and port for `local`, else none.
    pub avatar_hosts: AvatarHosts,
}

/// When authorization requests are pushed (RFC 9126).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushedRequests {
    /// When the provider requires it.
    #[default]
    Auto,
    /// Always; a provider that does not offer it cannot be used.
    Always,
    /// Never; a provider that requires it cannot be used.
    Never,
}

/// How the provider's endpoints are known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one, made at start; a box would stand in every reader's way"
)]
pub enum ProviderSource {
    /// From the metadata of this issuer, fetched at run time.
    Discovery(Issuer),
    /// From the settings or a preset, with no request.
    ///
    /// `iss_advertised` is false here: the settings cannot promise what the provider sends, and an
    /// `iss` that is sent is compared in any case.
    Endpoints(Metadata),
}

const ISSUER: &str = "WRENGATE_ISSUER";
const JWKS_URI: &str = "WRENGATE_JWKS_URI";

impl ProviderConfig {
    /// Reads the area; `None` when something required is, noted, missing or wrong.
    pub(super) fn read(given: &mut Given) -> Option<Self> {
        let preset = Preset::read(given);
        let source = preset.and_then(|preset| read_source(given, preset));
        let client_id = read_client_id(given, preset);
        let client_auth = read_client_auth(given);
        let pushed_requests = read_pushed_requests(given, source.as_ref());
        let extra_roots = read_ca_file(given);
        let scopes = read_scopes(given);
        let name = read_name(given, "WRENGATE_PROVIDER_NAME");
        let home = given.parsed("WRENGATE_PROVIDER_ACCOUNT_URL", ADDRESS, parse_address);
        let status = given.parsed("WRENGATE_PROVIDER_STATUS_URL", ADDRESS, parse_address);
        let id_token = IdTokenConfig::read(given);
        let avatar_hosts = read_avatar_hosts(given);
        refuse_keys_without_openid(given, &scopes);

        let (preset, source) = (preset?, source?);
        let avatar_hosts = avatar_hosts.unwrap_or_else(|| default_avatar_hosts(preset, &source));
        let home = home.or_else(|| match preset {
            Preset::Clerk(clerk) => Url::parse(clerk.home).ok(),
            Preset::Local | Preset::Custom => None,
        });
        let switchboard = match preset {
            Preset::Local => switchboard_of(&source),
            Preset::Clerk(_) | Preset::Custom => None,
        };
        Some(Self {
            name: name.unwrap_or_else(|| default_name(preset, &source)),
            home,
            status,
            switchboard,
            source,
            client_id: client_id?,
            client_auth,
            pushed_requests,
            extra_roots,
            scopes,
            id_token,
            avatar_hosts: AvatarHosts::new(avatar_hosts),
        })
    }
}

impl ProviderConfig {
    /// Whether `openid` is asked for, so that the token endpoint gives an ID token (OpenID Connect
    /// Core, section 3.1.2.1).
    #[must_use]
    pub fn wants_id_token(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
    }
}

/// # Security
/// Only where the issuer is on this machine: whoever breaks it breaks nobody else's sign-in.
fn switchboard_of(source: &ProviderSource) -> Option<String> {
    let ProviderSource::Discovery(issuer) = source else {
        return None;
    };
    let issuer = Url::parse(issuer.as_str()).ok()?;
    if !is_loopback(&issuer) {
        return None;
    }
    Some(issuer.join("/switchboard").ok()?.into())
}

fn read_source(given: &mut Given, preset: Preset) -> Option<ProviderSource> {
    preset.refuse_contradictions(given);
    let is_clerk = matches!(preset, Preset::Clerk(_));
    let issuer_given = given.has(ISSUER) && !is_clerk;
    let issuer = match preset.default(ISSUER) {
        Some(default) if !issuer_given => Issuer::parse(default).ok(),
        _ => given.parsed(ISSUER, ADDRESS, parse_issuer),
    };
    let given_endpoints: Vec<&str> = ENDPOINTS
        .into_iter()
        .filter(|name| given.has(name))
        .collect();
    let by_hand = is_clerk || !given_endpoints.is_empty();
    if !by_hand {
        if given.has(JWKS_URI) {
            let problem = "contradicts discovery, which finds the keys";
            given.refuse(
                JWKS_URI,
                problem,
                "give the three endpoints too, or leave it out",
            );
        }
        if issuer.is_none() {
            let allowed = format!("custom needs it, or all of {}", ENDPOINTS.join(", "));
            given.require(ISSUER, allowed);
        }
        return issuer.map(ProviderSource::Discovery);
    }
    let [authorization_endpoint, token_endpoint, userinfo_endpoint] = ENDPOINTS.map(|name| {
        if let Some(default) = preset.default(name) {
            return Url::parse(default).ok();
        }
        given.require(
            name,
            format!("it goes with {}", given_endpoints.join(" and ")),
        );
        given.parsed(name, ADDRESS, parse_address)
    });
    let jwks_uri = match preset.default(JWKS_URI) {
        Some(default) => Url::parse(default).ok(),
        None => given.parsed(JWKS_URI, ADDRESS, parse_address),
    };
    if given.has(JWKS_URI) && !is_clerk {
        given.require(ISSUER, "an ID token that is checked names its issuer");
    }
    if issuer_given && issuer.is_none() {
        return None;
    }
    Some(ProviderSource::Endpoints(Metadata {
        jwks_uri,
        ..Metadata::by_hand(
            issuer,
            authorization_endpoint?,
            token_endpoint?,
            userinfo_endpoint?,
        )
    }))
}

/// The exact text as an issuer, of which also the host must be plain.
fn parse_issuer(text: &str) -> Result<Issuer, AddressError> {
    let issuer = Issuer::parse(text)?;
    parse_address(text).map(|_| issuer)
}

fn read_pushed_requests(given: &mut Given, source: Option<&ProviderSource>) -> PushedRequests {
    let name = "WRENGATE_PAR";
    let allowed = "allowed are auto, always and never";
    let chosen = given
        .parsed(name, allowed, |text| match text {
            "auto" => Ok(PushedRequests::Auto),
            "always" => Ok(PushedRequests::Always),
            "never" => Ok(PushedRequests::Never),
            _ => Err("is not one of the choices"),
        })
        .unwrap_or_default();
    // What could push is named by metadata alone, and these are never asked for.
    if chosen == PushedRequests::Always && matches!(source, Some(ProviderSource::Endpoints(_))) {
        given.refuse(
            name,
            "always contradicts endpoints that are not found by discovery",
            "leave it out, or let WRENGATE_ISSUER alone find the endpoints",
        );
    }
    chosen
}

fn read_scopes(given: &mut Given) -> Vec<String> {
    let allowed = "allowed are scopes of printable ASCII without \" and \\, separated by spaces";
    let scopes = given.parsed("WRENGATE_SCOPES", allowed, |text| {
        let scopes: Vec<String> = text.split_ascii_whitespace().map(str::to_owned).collect();
        if !scopes.iter().all(|scope| is_scope(scope)) {
            return Err("has a character that no scope has");
        }
        let distinct: BTreeSet<_> = scopes.iter().collect();
        if distinct.len() < scopes.len() {
            return Err("names a scope twice");
        }
        Ok(scopes)
    });
    scopes.unwrap_or_else(|| ["openid", "profile", "email"].map(str::to_owned).to_vec())
}

/// A `scope-token` (RFC 6749, section 3.3).
fn is_scope(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

/// Keys are of use for ID tokens alone, and those come for the scope `openid` alone.
fn refuse_keys_without_openid(given: &mut Given, scopes: &[String]) {
    if given.has(JWKS_URI) && !scopes.iter().any(|scope| scope == "openid") {
        let problem = "is of no use without the scope openid";
        given.refuse(
            JWKS_URI,
            problem,
            "add openid to WRENGATE_SCOPES, or leave it out",
        );
    }
}

fn read_avatar_hosts(given: &mut Given) -> Option<Vec<String>> {
    let allowed = "allowed are host or host:port in lower case, such as img.example.org";
    given.parsed("WRENGATE_AVATAR_HOSTS", allowed, |text| {
        let separator = |c: char| c == ',' || c.is_whitespace();
        let hosts: Vec<String> = text
            .split(separator)
            .filter(|host| !host.is_empty())
            .map(str::to_owned)
            .collect();
        if hosts.iter().all(|host| is_avatar_host(host)) {
            Ok(hosts)
        } else {
            Err("has something that is not a host")
        }
    })
}

/// Whether a text is a host as browsers write it, so that it means the same in the
/// Content-Security-Policy and where a picture's address is checked.
fn is_avatar_host(text: &str) -> bool {
    let hosts = AvatarHosts::new(vec![text.to_owned()]);
    let as_written = hosts.sources().all(|source| {
        Url::parse(&source).is_ok_and(|url| url.origin().ascii_serialization() == source)
    });
    is_plain_host(text) && as_written
}

fn default_avatar_hosts(preset: Preset, source: &ProviderSource) -> Vec<String> {
    match preset {
        Preset::Clerk(_) => vec![CLERK_AVATAR_HOST.to_owned()],
        Preset::Local => {
            let issuer = source.issuer().map_or(LOCAL_ISSUER, Issuer::as_str);
            let origin = Url::parse(issuer).map(|url| url.origin().ascii_serialization());
            let host = origin
                .ok()
                .and_then(|origin| Some(origin.split_once("://")?.1.to_owned()));
            host.into_iter().collect()
        }
        Preset::Custom => Vec::new(),
    }
}

fn default_name(preset: Preset, source: &ProviderSource) -> String {
    match preset {
        Preset::Clerk(_) => "Clerk".to_owned(),
        Preset::Local => "the development provider".to_owned(),
        Preset::Custom => source.host(),
    }
}

impl ProviderSource {
    /// The issuer, where one is known.
    #[must_use]
    pub const fn issuer(&self) -> Option<&Issuer> {
        match self {
            Self::Discovery(issuer) => Some(issuer),
            Self::Endpoints(metadata) => metadata.issuer.as_ref(),
        }
    }

    /// The host of the issuer, else of the authorization endpoint.
    fn host(&self) -> String {
        let url = match self {
            Self::Discovery(issuer) => Url::parse(issuer.as_str()).ok(),
            Self::Endpoints(metadata) => match &metadata.issuer {
                Some(issuer) => Url::parse(issuer.as_str()).ok(),
                None => Some(metadata.authorization_endpoint.clone()),
            },
        };
        url.as_ref()
            .and_then(Url::host_str)
            .unwrap_or_default()
            .to_owned()
    }
}
