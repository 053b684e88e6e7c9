//! The authorization request (RFC 6749, section 4.1.1).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{nonce::Nonce, pkce::CodeChallenge, secret::Secret, state::State};

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
    /// Every parameter, in the order in which it is sent.
    ///
    /// # Security
    /// Exactly these and no others; never the verifier.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", self.state.expose()),
        ];
        parameters.extend(self.nonce.map(|nonce| ("nonce", nonce.expose())));
        parameters.extend([
            ("code_challenge", self.code_challenge.as_str()),
            ("code_challenge_method", CodeChallenge::METHOD),
        ]);
        parameters.extend(self.prompt.map(|prompt| ("prompt", prompt.as_str())));
        parameters
    }

    /// Builds the address to which the browser goes.
    #[must_use]
    pub fn to_url(&self) -> Url {
        self.to_endpoint(&self.parameters())
    }

    /// Builds the address to which the browser goes after the parameters were pushed: it names the
    /// client and what was pushed, nothing else (RFC 9126, section 4).
    #[must_use]
    pub fn to_pushed_url(&self, request_uri: &Secret<String>) -> Url {
        self.to_endpoint(&[
            ("client_id", self.client_id),
            ("request_uri", request_uri.expose()),
        ])
    }

    fn to_endpoint(&self, parameters: &[(&str, &str)]) -> Url {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url
    }
}
