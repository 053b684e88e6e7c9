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
    /// Where the provider's signing keys are. Without it no ID token can be checked.
    pub jwks_uri: Option<Url>,
    /// Algorithms that ID tokens may be signed with; empty when the provider does not say.
    pub id_token_algorithms: Vec<String>,
    /// How clients may authenticate at the token endpoint; empty when the provider does not say.
    pub client_auth_methods: Vec<String>,
    /// Where authorization requests are pushed (RFC 9126, section 5).
    pub pushed_request_endpoint: Option<Url>,
    /// Whether the provider accepts pushed authorization requests alone (RFC 9126, section 5).
    pub pushed_requests_required: bool,
    /// Scopes the provider says it knows; empty when it does not say.
    pub scopes: Vec<String>,
    /// Where tokens are revoked (RFC 7009; RFC 8414, section 2).
    pub revocation_endpoint: Option<Url>,
    /// Where the provider's own session ends (OpenID Connect RP-Initiated Logout, section 2.1).
    pub end_session_endpoint: Option<Url>,
    /// Whether the provider tells us when its session ends (Back-Channel Logout, section 2.1).
    pub back_channel_logout: bool,
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
    /// No keys, so that no ID token can be checked (OpenID Connect Discovery, section 3).
    #[error("jwks_uri is missing, and openid is asked for")]
    NoKeys,
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
    /// By which name accounts of this provider are kept: its issuer, or where none is known the origin
    /// of its token endpoint.
    #[must_use]
    pub fn issuer_name(&self) -> String {
        match &self.issuer {
            Some(issuer) => issuer.as_str().to_owned(),
            None => self.token_endpoint.origin().ascii_serialization(),
        }
    }

    /// What is known of a provider that is described by its endpoints alone.
    #[must_use]
    pub const fn by_hand(
        issuer: Option<Issuer>,
        authorization_endpoint: Url,
        token_endpoint: Url,
        userinfo_endpoint: Url,
    ) -> Self {
        Self {
            issuer,
            authorization_endpoint,
            token_endpoint,
            userinfo_endpoint,
            iss_advertised: false,
            prompts: Vec::new(),
            jwks_uri: None,
            id_token_algorithms: Vec::new(),
            client_auth_methods: Vec::new(),
            pushed_request_endpoint: None,
            pushed_requests_required: false,
            scopes: Vec::new(),
            revocation_endpoint: None,
            end_session_endpoint: None,
            back_channel_logout: false,
        }
    }

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
        let list = |name| strings(object.get(name)).map(str::to_owned).collect();
        let says = |name| object.get(name) == Some(&Value::Bool(true));
        Ok(Self {
            issuer: Some(issuer.clone()),
            authorization_endpoint: endpoint(&object, "authorization_endpoint", issuer)?,
            token_endpoint: endpoint(&object, "token_endpoint", issuer)?,
            userinfo_endpoint: endpoint(&object, "userinfo_endpoint", issuer)?,
            iss_advertised: says("authorization_response_iss_parameter_supported"),
            prompts: list("prompt_values_supported"),
            jwks_uri: optional_endpoint(&object, "jwks_uri", issuer)?,
            id_token_algorithms: list("id_token_signing_alg_values_supported"),
            client_auth_methods: list("token_endpoint_auth_methods_supported"),
            pushed_request_endpoint: optional_endpoint(
                &object,
                "pushed_authorization_request_endpoint",
                issuer,
            )?,
            pushed_requests_required: says("require_pushed_authorization_requests"),
            scopes: list("scopes_supported"),
            revocation_endpoint: optional_endpoint(&object, "revocation_endpoint", issuer)?,
            end_session_endpoint: optional_endpoint(&object, "end_session_endpoint", issuer)?,
            back_channel_logout: says("backchannel_logout_supported"),
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

/// An endpoint that a provider may lack; one that is there has to be as good as the others.
fn optional_endpoint(
    object: &Map<String, Value>,
    name: &'static str,
    issuer: &Issuer,
) -> Result<Option<Url>, MetadataError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(_) => endpoint(object, name, issuer).map(Some),
    }
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
