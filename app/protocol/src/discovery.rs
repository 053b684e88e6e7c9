//! Provider metadata (RFC 8414; OpenID Connect Discovery, sections 3 and 4).

use serde_json::{Map, Value};
use thiserror::Error;
use url::{Host, Url};

use crate::{
    issuer::{EndpointError, Issuer, is_loopback, parse_endpoint},
    json,
    pkce::CodeChallenge,
};

/// Where a provider answers, fixed for an attempt when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer; `None` for a provider that is described by endpoints alone.
    pub issuer: Option<Issuer>,
    /// The authorization endpoint.
    pub authorization_endpoint: Url,
    /// The token endpoint.
    pub token_endpoint: Url,
    /// The userinfo endpoint.
    pub userinfo_endpoint: Url,
    /// Whether every authorization response carries `iss` (RFC 9207, section 3).
    pub iss_advertised: bool,
    /// Prompts the provider says it offers; empty when it does not say.
    pub prompts: Vec<String>,
}

/// Why metadata cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MetadataError {
    /// Not a JSON object.
    #[error("the metadata is {0}")]
    Json(#[from] json::JsonError),
    /// The document speaks for another issuer (OpenID Connect Discovery, section 4.3).
    #[error("the metadata names the issuer {found:?}, configured is {configured:?}")]
    Issuer {
        /// What the document says, cut at 200 characters.
        found: String,
        /// What the configuration says.
        configured: String,
    },
    /// An endpoint is missing or cannot be used.
    #[error("{name} is missing or not allowed: {reason}")]
    Endpoint {
        /// The member.
        name: &'static str,
        /// The broken rule.
        reason: EndpointError,
    },
    /// Plain challenges only.
    #[error("code_challenge_methods_supported does not list S256")]
    NoS256,
}

/// The addresses at which the metadata of an issuer may be found, in the order they are tried.
///
/// OpenID Connect Discovery appends to the issuer (section 4); RFC 8414 (section 3.1) inserts before its path.
#[must_use]
pub fn well_known(issuer: &Issuer) -> Vec<Url> {
    let Ok(base) = Url::parse(issuer.as_str()) else {
        return Vec::new();
    };
    let path = base.path().trim_end_matches('/').to_owned();
    [
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ]
    .into_iter()
    .map(|path| {
        let mut url = base.clone();
        url.set_path(&path);
        url
    })
    .collect()
}

impl Metadata {
    /// Reads a document and checks it against the configured issuer.
    ///
    /// An absent `code_challenge_methods_supported` is accepted, because small providers leave it
    /// out; a present one must list S256.
    ///
    /// # Errors
    /// [`MetadataError`] naming the member.
    pub fn parse(body: &[u8], issuer: &Issuer) -> Result<Self, MetadataError> {
        let object = json::parse_object(body)?;
        let found = object
            .get("issuer")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if found != issuer.as_str() {
            return Err(MetadataError::Issuer {
                found: crate::text::plain(found, 200),
                configured: issuer.as_str().to_owned(),
            });
        }
        if let Some(methods) = object.get("code_challenge_methods_supported")
            && !strings(Some(methods)).any(|method| method == CodeChallenge::METHOD)
        {
            return Err(MetadataError::NoS256);
        }
        Ok(Self {
            issuer: Some(issuer.clone()),
            authorization_endpoint: endpoint(&object, "authorization_endpoint", issuer)?,
            token_endpoint: endpoint(&object, "token_endpoint", issuer)?,
            userinfo_endpoint: endpoint(&object, "userinfo_endpoint", issuer)?,
            iss_advertised: object.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            prompts: strings(object.get("prompt_values_supported"))
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// A document from the network may send us to this machine only if its issuer lives there too.
fn endpoint(
    object: &Map<String, Value>,
    name: &'static str,
    issuer: &Issuer,
) -> Result<Url, MetadataError> {
    let text = object.get(name).and_then(Value::as_str).unwrap_or_default();
    let issuer_is_local = Url::parse(issuer.as_str()).is_ok_and(|url| is_loopback(&url));
    parse_endpoint(text)
        .and_then(|url| {
            if leads_here(&url) && !issuer_is_local {
                Err(EndpointError::NotHttps)
            } else {
                Ok(url)
            }
        })
        .map_err(|reason| MetadataError::Endpoint { name, reason })
}

/// Whether a connection would end at this machine: by loopback, or by the address that stands for
/// "any" and that systems connect to themselves.
fn leads_here(url: &Url) -> bool {
    let unspecified = match url.host() {
        Some(Host::Ipv4(address)) => address.is_unspecified(),
        Some(Host::Ipv6(address)) => address
            .to_ipv4_mapped()
            .map_or(address.is_unspecified(), |mapped| mapped.is_unspecified()),
        Some(Host::Domain(_)) | None => false,
    };
    unspecified || is_loopback(url)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
