//! What whoever runs this can do about a failure: the same words in the doctor's report and, in
//! development, on the page of the failure.

use wrengate_protocol::Failure;

/// The settings of the client and what the provider has registered are two descriptions of one thing.
pub const SAME_CLIENT: &str = "Compare WRENGATE_CLIENT_ID and the client secret or key with what the provider shows: they must belong to the same environment, development or production.";
/// Secrets are exchanged for new ones.
pub const ROTATED: &str =
    "If the secret or key was rotated at the provider, give the new one and start the app again.";
/// A method that the provider has not registered for this client.
pub const METHOD: &str = "Set WRENGATE_CLIENT_AUTH to the method that the provider has for this client: client_secret_basic, client_secret_post, private_key_jwt, or none for a public client.";
/// A grant that the client may not use.
pub const CODE_GRANT: &str =
    "At the provider, allow this client the authorization code grant, with PKCE (S256).";
/// Public or confidential.
pub const CLIENT_KIND: &str = "The client must be public or confidential at the provider just as the settings say: a public one has no WRENGATE_CLIENT_SECRET.";
/// Compared character by character.
pub const REDIRECT_URI: &str = "Register the redirect URI at the provider exactly as wrengate doctor shows it, with its scheme, host, port and path.";
/// Scopes on both sides.
pub const SCOPES: &str =
    "Compare WRENGATE_SCOPES with the scopes that the provider offers and allows this client.";
/// Compared character by character, too.
pub const ISSUER: &str = "Set WRENGATE_ISSUER to the issuer exactly as the provider's metadata spell it: a slash at the end counts.";
/// Names of settings that are missing are in the log.
pub const SETTINGS: &str =
    "The output of wrengate serve names every setting that is missing or wrong.";
/// What looks at all of it.
pub const DOCTOR: &str =
    "Run wrengate doctor with the same settings: it looks at settings and provider.";

/// What to do about a failure that settings or registration cause, the likeliest first; empty for every
/// other.
///
/// # Security
/// Fixed sentences: nothing of a request, a setting or an answer is in them.
#[must_use]
pub const fn how_to_fix(failure: Failure) -> &'static [&'static str] {
    match failure {
        Failure::RequestUnreadable => &[REDIRECT_URI, CODE_GRANT, DOCTOR],
        Failure::ClientNotAllowed | Failure::ExchangeRefused => {
            &[CODE_GRANT, CLIENT_KIND, REDIRECT_URI, DOCTOR]
        }
        Failure::ScopeRefused => &[SCOPES, DOCTOR],
        Failure::ClientRejected => &[SAME_CLIENT, ROTATED, METHOD, DOCTOR],
        Failure::MetadataWrong => &[ISSUER, DOCTOR],
        Failure::NotConfigured => &[SETTINGS, DOCTOR],
        _ => &[],
    }
}
