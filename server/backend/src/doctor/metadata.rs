//! What the provider says of itself, held against the settings.

use serde_json::Value;
use url::Url;
use wrengate_protocol::{
    discovery::{Metadata, MetadataError},
    issuer::Issuer,
    signing::SigningAlgorithm,
    text,
};

use super::{
    answers::trouble,
    report::{Check, CheckId},
};
use crate::{
    advice,
    config::{
        Config,
        provider::{ClientAuth, ProviderConfig, PushedRequests},
    },
    provider::{Document, ProviderError},
};

/// Metadata with everything that is wrong with them, where a sign-in stops at the first.
#[derive(Debug)]
pub(super) struct Described {
    /// `None` when an endpoint without which there is no sign-in is missing or not allowed.
    pub(super) metadata: Option<Metadata>,
    faults: Vec<MetadataError>,
    /// The well-known address, and whether methods of PKCE are listed; `None` where the settings say all.
    found: Option<(Url, bool)>,
}

const REQUIRED: [&str; 3] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
];

const PKCE_METHODS: &str = "code_challenge_methods_supported";

/// What stands where a list is missing.
const SILENT: &str = "the provider does not say";

impl Described {
    /// Reads a document as a sign-in does, and puts each fault aside to find the next.
    pub(super) fn read(document: Document, issuer: &Issuer) -> Self {
        let Document {
            address,
            mut members,
        } = document;
        let lists_pkce = members.contains_key(PKCE_METHODS);
        let mut faults = Vec::new();
        let metadata = loop {
            let body = serde_json::to_vec(&members).unwrap_or_default();
            let fault = match Metadata::parse(&body, issuer) {
                Ok(metadata) => break Some(metadata),
                Err(fault) => fault,
            };
            let mended = match &fault {
                MetadataError::Issuer { .. } => {
                    let own = Value::String(issuer.as_str().to_owned());
                    members.insert("issuer".to_owned(), own);
                    true
                }
                MetadataError::NoS256 => members.remove(PKCE_METHODS).is_some(),
                MetadataError::Endpoint { name, .. } => {
                    !REQUIRED.contains(name) && members.remove(*name).is_some()
                }
                MetadataError::Json(_) | MetadataError::NoKeys => false,
            };
            faults.push(fault);
            if !mended {
                break None;
            }
        };
        Self {
            metadata,
            faults,
            found: Some((address, lists_pkce)),
        }
    }

    pub(super) fn by_hand(metadata: &Metadata) -> Self {
        Self {
            metadata: Some(metadata.clone()),
            faults: Vec::new(),
            found: None,
        }
    }

    /// Whether they speak for the issuer of the settings.
    pub(super) fn is_of_issuer(&self) -> bool {
        !self
            .faults
            .iter()
            .any(|fault| matches!(fault, MetadataError::Issuer { .. }))
    }
}

pub(super) fn asks_for_openid(config: &ProviderConfig) -> bool {
    config.scopes.iter().any(|scope| scope == "openid")
}

/// Discovery and issuer.
pub(super) fn found(described: &Result<Described, ProviderError>, issuer: &Issuer) -> Vec<Check> {
    let described = match described {
        Ok(described) => described,
        Err(error) => {
            let advice = match error {
                ProviderError::NoMetadata => {
                    "Look at WRENGATE_ISSUER. A provider without discovery needs WRENGATE_AUTHORIZATION_ENDPOINT, WRENGATE_TOKEN_ENDPOINT and WRENGATE_USERINFO_ENDPOINT."
                }
                _ => "Look at WRENGATE_ISSUER, and whether this machine reaches it.",
            };
            return vec![
                Check::failed(CheckId::Discovery, trouble(error), &[advice]),
                Check::skipped(CheckId::Issuer, "no metadata could be read"),
            ];
        }
    };
    let address = described
        .found
        .as_ref()
        .map(|(address, _)| address.as_str());
    let found = format!("found at {}", address.unwrap_or_default());
    let named = described.faults.iter().find_map(|fault| match fault {
        MetadataError::Issuer { found, configured } => Some(Check::failed(
            CheckId::Issuer,
            format!("the metadata name {found:?}, the settings {configured:?}"),
            &[advice::ISSUER],
        )),
        _ => None,
    });
    vec![
        Check::ok(CheckId::Discovery, found),
        named.unwrap_or_else(|| Check::ok(CheckId::Issuer, format!("{issuer}, on both sides"))),
    ]
}

/// The same where the settings say it all.
pub(super) fn by_hand(metadata: &Metadata) -> Vec<Check> {
    let issuer = match &metadata.issuer {
        Some(issuer) => Check::ok(CheckId::Issuer, format!("{issuer}, by the settings")),
        None => Check::warning(
            CheckId::Issuer,
            "none is set, so an iss that comes back is compared with nothing",
            &["Set WRENGATE_ISSUER, where the provider has an issuer."],
        ),
    };
    let because = "the endpoints come from the settings";
    vec![Check::skipped(CheckId::Discovery, because), issuer]
}

/// Who is connected to: each host once.
pub(super) fn hosts(issuer: Vec<Url>, metadata: &Metadata) -> Vec<Url> {
    let endpoints = [
        Some(&metadata.authorization_endpoint),
        Some(&metadata.token_endpoint),
        Some(&metadata.userinfo_endpoint),
        metadata.jwks_uri.as_ref(),
        metadata.pushed_request_endpoint.as_ref(),
        metadata.revocation_endpoint.as_ref(),
        metadata.end_session_endpoint.as_ref(),
    ];
    let mut hosts: Vec<Url> = Vec::new();
    for url in issuer
        .into_iter()
        .chain(endpoints.into_iter().flatten().cloned())
    {
        if hosts.iter().all(|host| host.origin() != url.origin()) {
            hosts.push(url);
        }
    }
    hosts
}

/// Everything else that is in metadata.
pub(super) fn judge(described: Option<&Described>, config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Some(described) = described {
        checks.push(endpoints(described));
        checks.push(pkce(described));
    }
    let metadata = described.and_then(|described| described.metadata.as_ref());
    if let Some(metadata) = metadata {
        let provider = &config.provider;
        checks.extend([
            iss_parameter(metadata),
            client_auth(metadata, &provider.client_auth),
            pushed_requests(metadata, provider.pushed_requests),
            scopes(metadata, provider),
            algorithms(metadata, provider),
        ]);
        checks.extend(sign_out(metadata, config));
    }
    // A fault may have kept any of them from being looked at.
    for id in OF_METADATA {
        if checks.iter().all(|check| check.id != id) {
            checks.push(Check::skipped(id, "the metadata cannot be used"));
        }
    }
    checks
}

const OF_METADATA: [CheckId; 10] = [
    CheckId::Endpoints,
    CheckId::Pkce,
    CheckId::IssParameter,
    CheckId::ClientAuth,
    CheckId::PushedRequests,
    CheckId::Scopes,
    CheckId::IdTokenAlgorithms,
    CheckId::Revocation,
    CheckId::EndSession,
    CheckId::BackChannelLogout,
];

fn endpoints(described: &Described) -> Check {
    let wrong: Vec<String> = described
        .faults
        .iter()
        .filter(|fault| matches!(fault, MetadataError::Endpoint { .. }))
        .map(ToString::to_string)
        .collect();
    if !wrong.is_empty() {
        let advice = "The provider's metadata have to be mended, or its endpoints given by WRENGATE_AUTHORIZATION_ENDPOINT, WRENGATE_TOKEN_ENDPOINT and WRENGATE_USERINFO_ENDPOINT.";
        return Check::failed(CheckId::Endpoints, wrong.join("; "), &[advice]);
    }
    let Some(metadata) = &described.metadata else {
        return Check::skipped(CheckId::Endpoints, "the metadata cannot be used");
    };
    let named = [
        ("authorization", &metadata.authorization_endpoint),
        ("token", &metadata.token_endpoint),
        ("userinfo", &metadata.userinfo_endpoint),
    ]
    .map(|(name, url)| format!("{name} {}", without_query(url)));
    Check::ok(CheckId::Endpoints, named.join(", "))
}

fn pkce(described: &Described) -> Check {
    let id = CheckId::Pkce;
    if described.faults.contains(&MetadataError::NoS256) {
        let advice =
            "Sign-ins need PKCE with S256. Turn it on at the provider, or use another one.";
        return Check::failed(id, MetadataError::NoS256.to_string(), &[advice]);
    }
    match &described.found {
        Some((_, true)) => Check::ok(id, "S256 is offered"),
        Some((_, false)) => Check::warning(
            id,
            "the metadata do not say; S256 is sent, and nothing tells whether it is checked",
            &["Ask the provider whether it checks code_verifier by S256."],
        ),
        None => Check::skipped(id, "the endpoints come from the settings"),
    }
}

fn iss_parameter(metadata: &Metadata) -> Check {
    Check::ok(
        CheckId::IssParameter,
        if metadata.iss_advertised {
            "promised, so it is required and compared"
        } else {
            "not promised; where it comes, it is compared"
        },
    )
}

fn client_auth(metadata: &Metadata, client_auth: &ClientAuth) -> Check {
    let (id, ours) = (CheckId::ClientAuth, client_auth.method());
    let offered = &metadata.client_auth_methods;
    if offered.is_empty() {
        return Check::ok(id, format!("{ours}; {SILENT} what it takes"));
    }
    if offered.iter().any(|method| method == ours) {
        return Check::ok(id, format!("{ours}, which is offered"));
    }
    Check::warning(
        id,
        format!("{ours} is not among what is offered: {}", listed(offered)),
        &[advice::METHOD],
    )
}

fn pushed_requests(metadata: &Metadata, ours: PushedRequests) -> Check {
    let id = CheckId::PushedRequests;
    let required = metadata.pushed_requests_required;
    let offered = metadata.pushed_request_endpoint.is_some();
    match (ours, required, offered) {
        (PushedRequests::Never, true, _) => Check::failed(
            id,
            "required by the provider, and WRENGATE_PAR=never",
            &["Set WRENGATE_PAR=auto, or leave it out."],
        ),
        (PushedRequests::Always, _, false) => Check::failed(
            id,
            "not offered by the provider, and WRENGATE_PAR=always",
            &["Set WRENGATE_PAR=auto, or leave it out."],
        ),
        (PushedRequests::Auto, true, false) => Check::failed(
            id,
            "required by the provider, whose metadata have no endpoint for them",
            &[
                "The provider's metadata have to be mended: pushed_authorization_request_endpoint is missing.",
            ],
        ),
        (PushedRequests::Auto, true, true) => Check::ok(id, "required, so requests are pushed"),
        (PushedRequests::Always, _, true) => Check::ok(id, "requests are pushed"),
        (PushedRequests::Auto | PushedRequests::Never, false, true) => {
            Check::ok(id, "offered and not required; requests are not pushed")
        }
        (PushedRequests::Auto | PushedRequests::Never, false, false) => {
            Check::ok(id, "not required")
        }
    }
}

fn scopes(metadata: &Metadata, config: &ProviderConfig) -> Check {
    let id = CheckId::Scopes;
    let unknown: Vec<&String> = config
        .scopes
        .iter()
        .filter(|scope| !metadata.scopes.is_empty() && !metadata.scopes.contains(scope))
        .collect();
    if !unknown.is_empty() {
        let found = format!("the metadata do not list {}", listed(unknown));
        return Check::warning(id, found, &[advice::SCOPES]);
    }
    if !asks_for_openid(config) {
        return Check::warning(
            id,
            format!(
                "{} without openid: there is no ID token, and userinfo alone says who signed in",
                listed(&config.scopes)
            ),
            &["Add openid to WRENGATE_SCOPES, unless the provider is one of plain OAuth 2.0."],
        );
    }
    let known = if metadata.scopes.is_empty() {
        format!("; {SILENT} which it knows")
    } else {
        ", all of them offered".to_owned()
    };
    Check::ok(id, format!("{}{known}", listed(&config.scopes)))
}

/// The algorithms that settings and metadata both allow; those of the settings where the metadata are
/// silent.
pub(super) fn common(metadata: &Metadata, config: &ProviderConfig) -> Vec<SigningAlgorithm> {
    let offered = &metadata.id_token_algorithms;
    let is_offered = |ours: &SigningAlgorithm| {
        offered.is_empty()
            || offered
                .iter()
                .any(|name| SigningAlgorithm::named(name) == Some(*ours))
    };
    let ours = config.id_token.algorithms.iter().copied();
    ours.filter(is_offered).collect()
}

fn algorithms(metadata: &Metadata, config: &ProviderConfig) -> Check {
    let id = CheckId::IdTokenAlgorithms;
    if !asks_for_openid(config) {
        return Check::skipped(id, "openid is not asked for");
    }
    let ours = names(&config.id_token.algorithms);
    let offered = &metadata.id_token_algorithms;
    if offered.is_empty() {
        return Check::ok(id, format!("{ours}; {SILENT} what it uses"));
    }
    let both = common(metadata, config);
    if !both.is_empty() {
        return Check::ok(id, format!("{} on both sides", names(&both)));
    }
    let usable: Vec<SigningAlgorithm> = offered
        .iter()
        .filter_map(|name| SigningAlgorithm::named(name))
        .collect();
    let advice = if usable.is_empty() {
        "Have ID tokens signed at the provider with an algorithm that WRENGATE_ID_TOKEN_ALGS may name."
            .to_owned()
    } else {
        format!(
            "Set WRENGATE_ID_TOKEN_ALGS={}.",
            names(&usable).replace(' ', "")
        )
    };
    let found = format!(
        "none in common: allowed here {ours}, offered {}",
        listed(offered)
    );
    Check::failed(id, found, &[&advice])
}

fn sign_out(metadata: &Metadata, config: &Config) -> [Check; 3] {
    let origin = &config.http.public_origin;
    let there = |id, is_there, what: &str, advice: &str| {
        if is_there {
            let register = match id {
                CheckId::EndSession => format!(
                    "; register {} at the provider, to be led back to",
                    origin.post_logout_redirect_uri()
                ),
                CheckId::BackChannelLogout if asks_for_openid(&config.provider) => format!(
                    "; register {} at the provider, to be told",
                    origin.back_channel_logout_uri()
                ),
                CheckId::BackChannelLogout => {
                    "; not used, because openid is not asked for".to_owned()
                }
                _ => String::new(),
            };
            Check::ok(id, format!("offered{register}"))
        } else {
            Check::warning(id, format!("not offered: {what}"), &[advice])
        }
    };
    [
        there(
            CheckId::Revocation,
            metadata.revocation_endpoint.is_some(),
            "access tokens of sessions that end live on until they expire",
            "Keep access tokens short-lived at the provider.",
        ),
        there(
            CheckId::EndSession,
            metadata.end_session_endpoint.is_some(),
            "who signed out here is still signed in at the provider, and the next sign-in may ask nothing",
            "Tell people on shared machines to sign out at the provider too.",
        ),
        there(
            CheckId::BackChannelLogout,
            metadata.back_channel_logout,
            "who signs out at the provider stays signed in here until the session ends",
            "Nothing needs to be done, if the lifetimes of sessions are short enough for you.",
        ),
    ]
}

/// Algorithms by name.
pub(super) fn names(algorithms: &[SigningAlgorithm]) -> String {
    let names: Vec<&str> = algorithms.iter().map(|it| it.name()).collect();
    names.join(", ")
}

/// At most twelve names, each without controls and at most 40 characters: they may be the provider's.
fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> = names
        .by_ref()
        .take(12)
        .map(|name| text::plain(name, 40))
        .collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}
