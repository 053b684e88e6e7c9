//! The authorization request (RFC 6749, section 4.1.1).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{nonce::Nonce, pkce::CodeChallenge, state::State};

/// What the provider is asked to do with the person (OpenID Connect Core, section 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Ask them to sign in again.
    Login,
    /// Let them choose another account.
    SelectAccount,
    /// Ask for consent again.
    Consent,
}

impl Prompt {
    /// The value of the parameter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::SelectAccount => "select_account",
            Self::Consent => "consent",
        }
    }
}

/// One authorization request. All of it but challenge, state and prompt comes from configuration.
#[derive(Debug)]
pub struct AuthorizationRequest<'a> {
    /// The authorization endpoint; a query of its own is kept (RFC 6749, section 3.1).
    pub endpoint: &'a Url,
    /// The client identifier.
    pub client_id: &'a str,
    /// The exact redirect URI that is registered.
    pub redirect_uri: &'a str,
    /// Space-separated scopes (RFC 6749, section 3.3).
    pub scope: &'a str,
    /// The state the browser made.
    pub state: &'a State,
    /// The nonce, where `openid` is among the scopes.
    pub nonce: Option<&'a Nonce>,
    /// The challenge the browser made.
    pub code_challenge: &'a CodeChallenge,
    /// What to ask of the person, where something special is.
    pub prompt: Option<Prompt>,
}

impl AuthorizationRequest<'_> {
    /// Builds the address to which the browser goes.
    ///
    /// # Security
    /// Exactly these parameters and no others; never the verifier.
    #[must_use]
    pub fn to_url(&self) -> Url {
        let mut url = self.endpoint.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", self.client_id)
                .append_pair("redirect_uri", self.redirect_uri)
                .append_pair("scope", self.scope)
                .append_pair("state", self.state.expose());
            if let Some(nonce) = self.nonce {
                query.append_pair("nonce", nonce.expose());
            }
            query
                .append_pair("code_challenge", self.code_challenge.as_str())
                .append_pair("code_challenge_method", CodeChallenge::METHOD);
            if let Some(prompt) = self.prompt {
                query.append_pair("prompt", prompt.as_str());
            }
        }
        url
    }
}
