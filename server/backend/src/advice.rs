//! What whoever runs this can do about a failure: the same words in the doctor's report and, in
//! development, on the page of the failure.

use wrengate_protocol::{
    Failure,
    id_token::{Distrust, IdTokenError},
};

use crate::{
    provider::{Leg, ProviderError},
    sign_in::SignInError,
};

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

/// What a trace knows of an attempt that failed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The redirect URI that was sent.
    pub redirect_uri: &'a str,
    /// Our client id.
    pub client_id: &'a str,
    /// How the client authenticates.
    pub client_auth: &'a str,
    /// The issuer of the attempt.
    pub issuer: Option<&'a str>,
    /// The issuer that the metadata are of, where it is another and may be shown.
    pub found_issuer: Option<&'a str>,
    /// The issuer that the callback named, where it may be shown.
    pub answered_issuer: Option<&'a str>,
    /// The issuer of the ID token.
    pub token_issuer: Option<&'a str>,
    /// The audience of the ID token.
    pub audience: Option<&'a str>,
    /// The algorithm of the ID token.
    pub algorithm: Option<&'a str>,
    /// How many requests were sent in the step of the token endpoint.
    pub tries: usize,
}

/// What to do about a failed attempt: what this very attempt shows, then what the failure alone says.
///
/// # Security
/// For the browser of the attempt alone: it names settings that are no secrets, and what of the
/// provider's answer may be shown.
#[must_use]
pub fn causes(error: &SignInError, known: &Known<'_>) -> Vec<String> {
    let mut causes = match error {
        SignInError::WrongIssuer { missing } => vec![wrong_issuer(*missing, known)],
        SignInError::Provider(error) => of_provider(error, known),
        SignInError::Refused { failure, .. } if *failure == Failure::RequestUnreadable => {
            vec![redirect_uri(known)]
        }
        _ => Vec::new(),
    };
    causes.extend(plain_causes(error.failure()));
    causes
}

/// What to do about a failure, where nothing more than the failure is known.
#[must_use]
pub fn plain_causes(failure: Failure) -> Vec<String> {
    let own = in_a_sign_in(failure).into_iter();
    own.chain(how_to_fix(failure).iter().copied())
        .map(str::to_owned)
        .collect()
}

const fn in_a_sign_in(failure: Failure) -> Option<&'static str> {
    Some(match failure {
        Failure::Cancelled => "Nothing is wrong: the person chose not to go on at the provider.",
        Failure::NotAllowed => {
            "At the provider, assign this account to the client, or sign in with another one."
        }
        Failure::NoState | Failure::StateUnmatched => {
            "The state that came back is of no attempt of this browser: start again at the sign-in page, and finish in the same browser and on the same host (localhost and 127.0.0.1 are two)."
        }
        Failure::VerifierLost => {
            "Start again, and stay in the same tab: the verifier is kept in its sessionStorage."
        }
        Failure::TooLong => "Start again: an attempt is good for ten minutes.",
        Failure::AlreadyUsed => {
            "Start again: an attempt works once, and this one was completed before."
        }
        Failure::AnswerIncomplete => {
            "The provider has to answer with exactly one code and one state, or with an error: look at what it sent back."
        }
        Failure::CodeExpired => {
            "Start again: a code works once and often for less than a minute. If it happens each time, compare the redirect URI and the clocks of the provider's servers."
        }
        Failure::ProofMismatch => {
            "Start again: the verifier of this tab is not the one that the challenge was made from."
        }
        Failure::ProviderFault => {
            "The provider failed: look at its status page or its log, then try again."
        }
        Failure::ProviderBusy => {
            "The provider is overloaded or was left alone after failing several times: wait a minute, then try again."
        }
        Failure::ProviderLimit => {
            "The provider limits how often it is asked: wait, or have the limit of this client raised."
        }
        Failure::ProviderTimeout => {
            "The provider did not answer in time: look at its status page and at the network between here and there."
        }
        Failure::ProviderUnreachable => {
            "No connection to the provider: check its host name, DNS, firewall and proxy from the machine of the app."
        }
        Failure::AnswerLost => {
            "The connection broke after the request had gone out: start again, because the code may be spent."
        }
        Failure::AnswerUnreadable => {
            "The endpoint does not answer as the standard describes: compare its address with the provider's metadata."
        }
        Failure::SubjectMismatch => {
            "ID token and userinfo are about two people, or one names nobody: look for a cache between the app and the provider's userinfo endpoint."
        }
        Failure::AccessEnded => {
            "Userinfo refused the access token that the token endpoint has just given out: both endpoints must be of the same provider."
        }
        Failure::ProfileRefused => {
            "Ask for the scopes that userinfo needs: openid, profile, email."
        }
        Failure::ClockSkew => "Set the clocks of this machine and of the provider by NTP.",
        Failure::StoreDown => {
            "The store failed: look at the log, and at the disk that WRENGATE_STORE is on."
        }
        _ => return None,
    })
}

fn redirect_uri(known: &Known<'_>) -> String {
    format!(
        "Register the redirect URI at the provider exactly as it was sent: {}",
        known.redirect_uri
    )
}

fn wrong_issuer(missing: bool, known: &Known<'_>) -> String {
    let issuer = known.issuer.unwrap_or("not set");
    match known.answered_issuer {
        _ if missing => format!(
            "The answer has no iss, although the provider's metadata promise one. The issuer here is {issuer}."
        ),
        Some(answered) => format!(
            "The answer is of {answered}, the issuer here is {issuer}: they are compared character by character, a slash at the end counts (WRENGATE_ISSUER)."
        ),
        None => format!(
            "The answer names another issuer than {issuer}: compare WRENGATE_ISSUER with the provider's metadata."
        ),
    }
}

fn of_provider(error: &ProviderError, known: &Known<'_>) -> Vec<String> {
    match error {
        ProviderError::Unreachable { .. } if error.is_tls() => vec![
            "The provider's certificate is not trusted: where it is of an authority of your own, give WRENGATE_CA_FILE.".to_owned(),
        ],
        ProviderError::Status { leg, status } => vec![format!(
            "The {leg} endpoint answered with status {status}; redirects are never followed: give the address that it leads to."
        )],
        ProviderError::ContentType { leg, found } => vec![format!(
            "The {leg} endpoint answered {found} where JSON belongs: its address is probably that of a page."
        )],
        ProviderError::GrantSpent(_) => vec![format!(
            "The first of {} requests got no answer and the next one was refused: the code was spent by the first. Start again.",
            known.tries
        )],
        ProviderError::Refused(refusal) => match error.failure() {
            Failure::ClientRejected => vec![format!(
                "The client {} authenticated with {}: the provider must have that method and this very secret or key for it.",
                known.client_id, known.client_auth
            )],
            Failure::RequestUnreadable | Failure::ExchangeRefused => vec![redirect_uri(known)],
            Failure::ProviderFault => vec![format!(
                "The {} endpoint answered with status {}: look at the provider's status page or its log, then try again.",
                refusal.leg, refusal.status
            )],
            _ => Vec::new(),
        },
        ProviderError::IdToken(error) => vec![of_id_token(*error, known)],
        ProviderError::Keys(_) => vec![
            "The provider's signing keys cannot be used: open the jwks_uri of its metadata.".to_owned(),
        ],
        _ if error.leg() == Leg::Discovery && error.failure() == Failure::MetadataWrong => {
            let issuer = known.issuer.unwrap_or("not set");
            vec![match known.found_issuer {
                Some(found) => format!(
                    "The provider's metadata are of {found}, the issuer here is {issuer}: they are compared character by character, a slash at the end counts (WRENGATE_ISSUER)."
                ),
                None => format!("The provider's metadata do not fit the issuer here, {issuer}."),
            }]
        }
        _ => Vec::new(),
    }
}

fn of_id_token(error: IdTokenError, known: &Known<'_>) -> String {
    let (issuer, client_id) = (known.issuer.unwrap_or("not set"), known.client_id);
    let shown = |value: Option<&str>| value.unwrap_or("(not shown)").to_owned();
    match error {
        IdTokenError::Missing => "The token endpoint gave no ID token although openid was asked for: allow this client the scope openid, or leave it out of WRENGATE_SCOPES.".to_owned(),
        IdTokenError::Form => "What came as ID token is no signed JWT: an encrypted one is not read.".to_owned(),
        IdTokenError::Clock { claim, seconds } => format!(
            "By our clock {claim} of the ID token is {} s {}: set the clocks of both by NTP. WRENGATE_CLOCK_SKEW_SECONDS allows for a little.",
            seconds.unsigned_abs(),
            if seconds < 0 { "in the past" } else { "ahead" }
        ),
        IdTokenError::NoTime(claim) => format!("The ID token has no {claim} that is a number."),
        IdTokenError::Untrusted(distrust) => match distrust {
            Distrust::Algorithm => format!(
                "The ID token is signed with {}: name the algorithm of this client in WRENGATE_ID_TOKEN_ALGS, or change it at the provider.",
                shown(known.algorithm)
            ),
            Distrust::Type | Distrust::Critical => {
                "The header of the ID token is of another kind of token.".to_owned()
            }
            Distrust::NoKey | Distrust::Signature => "No key at the provider's jwks_uri made this signature: compare WRENGATE_JWKS_URI with the metadata, and look for a cache of old keys.".to_owned(),
            Distrust::Issuer => format!(
                "iss of the ID token is {}, the issuer here is {issuer} (WRENGATE_ISSUER).",
                shown(known.token_issuer)
            ),
            Distrust::Audience => format!(
                "aud of the ID token is {}, the client here is {client_id}: compare WRENGATE_CLIENT_ID; further audiences are named in WRENGATE_TRUSTED_AUDIENCES.",
                known.audience.unwrap_or("of another client")
            ),
            Distrust::AuthorizedParty => format!(
                "azp of the ID token is not {client_id}: the token was issued to another client."
            ),
            Distrust::Nonce => "nonce of the ID token is not that of this attempt: the answer is of another sign-in, or was replayed.".to_owned(),
            Distrust::Subject => "The ID token has no sub of 1 to 255 printable ASCII characters.".to_owned(),
            Distrust::OtherSubject => "The ID token is about somebody else than the one it renews: users were mixed up at the provider.".to_owned(),
            Distrust::AccessTokenHash => "at_hash fits another access token than the one that came with the ID token: the two were mixed up at the provider.".to_owned(),
        },
    }
}
