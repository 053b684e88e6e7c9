//! What a browser may know of the configuration.

use serde::{Deserialize, Serialize};

/// The public half of the configuration. Nothing in it helps to impersonate the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicClient {
    /// The name of this installation, `{app}` in the copy.
    pub app: String,
    /// The name of the provider, `{provider}` in the copy.
    pub provider: String,
    /// The address of the provider that people may visit, for its own account pages.
    pub provider_home: Option<String>,
    /// Where the provider says how it is doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_status: Option<String>,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// Where help is found.
    pub support_url: Option<String>,
    /// Who can be written to.
    pub support_email: Option<String>,
}
