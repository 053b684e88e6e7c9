//! A provider that misbehaves: every case of its token endpoint, userinfo and metadata ends in the
//! failure it should, in time, and tells no secret.

mod authentication;
mod concurrency;
mod discovery;
mod events;
mod freshness;
mod id_token;
mod keys;
mod network;
mod outage;
mod pushed_requests;
mod repeats;
mod rotation;
mod tls;
mod token_refused;
mod token_unreadable;
mod userinfo;

use std::{error::Error, fmt::Debug, sync::Arc, time::Duration};

use url::Url;
use wiremock::ResponseTemplate;
use wrengate_backend::{
    clock::ManualClock,
    config::{
        IdTokenConfig,
        provider::{ClientAuth, ProviderConfig, ProviderSource, PushedRequests},
    },
    provider::{Limits, Observer, Provider, ProviderError, TokenKind},
    random::SystemRandom,
};
use wrengate_protocol::{
    Failure, Secret,
    authorize::AuthorizationRequest,
    discovery::Metadata,
    issuer::{Issuer, parse_endpoint},
    nonce::Nonce,
    pkce::CodeVerifier,
    profile::AvatarHosts,
    state::State,
    token::{CodeExchange, TokenResponse},
    userinfo::Userinfo,
};

type BoxError = Box<dyn Error + Send + Sync>;
type TestResult = Result<(), BoxError>;

/// The planted values; each may appear in a request and nowhere else.
const CODE: &str = "CODE-CANARY";
const VERIFIER: &str = "VERIFIER-CANARY-0123456789-0123456789-0123456789";
const CLIENT_SECRET: &str = "SECRET-CANARY";
const ACCESS_TOKEN: &str = "ACCESS-CANARY";
const REFRESH_TOKEN: &str = "REFRESH-CANARY";
const CANARIES: &[&str] = &[
    CODE,
    VERIFIER,
    CLIENT_SECRET,
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    "EMAIL-CANARY",
];

/// When the tests take place: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

/// How much longer than its limit a call may take on a machine with other things to do; less than
/// the limits of production, which would otherwise pass for those of the test.
const SLACK: Duration = Duration::from_secs(3);

/// The limits of production, but for the pause before a repeat, which nobody waits for here.
fn quick() -> Limits {
    Limits {
        first_pause: Duration::from_millis(1),
        ..Limits::default()
    }
}

/// A provider at an address, with its endpoints known.
struct Setup {
    provider: Provider,
    clock: Arc<ManualClock>,
    metadata: Metadata,
    verifier: CodeVerifier,
}

impl Setup {
    fn new(origin: &str) -> Result<Self, BoxError> {
        Self::with_limits(origin, quick())
    }

    fn with_limits(origin: &str, limits: Limits) -> Result<Self, BoxError> {
        Self::with_auth(
            origin,
            limits,
            ClientAuth::Basic(Secret::new(CLIENT_SECRET.to_owned())),
        )
    }

    fn with_auth(origin: &str, limits: Limits, client_auth: ClientAuth) -> Result<Self, BoxError> {
        Self::configured(origin, limits, |config| config.client_auth = client_auth)
    }

    /// A provider whose settings differ.
    fn configured(
        origin: &str,
        limits: Limits,
        change: impl FnOnce(&mut ProviderConfig),
    ) -> Result<Self, BoxError> {
        let issuer = Issuer::parse(origin)?;
        let mut config = ProviderConfig {
            name: "Test".to_owned(),
            home: None,
            status: None,
            switchboard: None,
            source: ProviderSource::Discovery(issuer.clone()),
            client_id: "client:id".to_owned(),
            client_auth: ClientAuth::None,
            pushed_requests: PushedRequests::default(),
            extra_roots: Vec::new(),
            scopes: vec!["openid".to_owned()],
            id_token: IdTokenConfig::default(),
            avatar_hosts: AvatarHosts::default(),
        };
        change(&mut config);
        let clock = Arc::new(ManualClock::new(NOW));
        let random = Arc::new(SystemRandom);
        let endpoint =
            |path: &str| -> Result<Url, _> { parse_endpoint(&format!("{origin}{path}")) };
        let mut metadata = Metadata::by_hand(
            Some(issuer),
            endpoint("/authorize")?,
            endpoint("/token")?,
            endpoint("/userinfo")?,
        );
        metadata.pushed_request_endpoint = Some(endpoint("/par")?);
        metadata.pushed_requests_required = true;
        Ok(Self {
            provider: Provider::with_limits(config, clock.clone(), random, limits)?,
            clock,
            metadata,
            verifier: CodeVerifier::parse(VERIFIER)?,
        })
    }

    /// Tells somebody of repeats and breakers.
    fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.provider = self.provider.observed_by(observer);
        self
    }

    async fn exchange(&self) -> Result<TokenResponse, ProviderError> {
        let code = Secret::new(CODE.to_owned());
        let exchange = CodeExchange {
            code: &code,
            redirect_uri: "http://127.0.0.1:3000/callback",
            client_id: &self.provider.config().client_id,
            code_verifier: &self.verifier,
        };
        self.provider.exchange_code(&self.metadata, exchange).await
    }

    async fn refresh(&self) -> Result<TokenResponse, ProviderError> {
        let token = Secret::new(REFRESH_TOKEN.to_owned());
        let refreshed = self.provider.refresh(&self.metadata, &token).await;
        refreshed.map_err(|refused| refused.error)
    }

    async fn keys(&self) -> Result<(), ProviderError> {
        let uri = self.metadata.token_endpoint.join("/jwks");
        // A path can be joined to every endpoint.
        let Ok(uri) = uri else { return Ok(()) };
        self.provider.keys(&uri).await.map(drop)
    }

    async fn revoke(&self) -> Result<(), ProviderError> {
        let metadata = Metadata {
            revocation_endpoint: Some(self.metadata.token_endpoint.clone()),
            ..self.metadata.clone()
        };
        let token = Secret::new(ACCESS_TOKEN.to_owned());
        let revoked = self.provider.revoke(&metadata, &token, TokenKind::Access);
        revoked.await.map(drop)
    }

    /// Pushes an authorization request, unless settings or metadata say otherwise.
    async fn authorization_url(&self) -> Result<Url, ProviderError> {
        let request = AuthorizationRequest {
            endpoint: &self.metadata.authorization_endpoint,
            client_id: &self.provider.config().client_id,
            redirect_uri: "http://127.0.0.1:3000/callback",
            scope: "openid",
            state: &State::from_random(&[1; 32]),
            nonce: Some(&Nonce::from_random(&[2; 32])),
            code_challenge: &self.verifier.challenge(),
            prompt: None,
        };
        self.provider
            .authorization_url(&self.metadata, &request)
            .await
    }

    async fn userinfo(&self) -> Result<Userinfo, ProviderError> {
        let token = Secret::new(ACCESS_TOKEN.to_owned());
        self.provider.userinfo(&self.metadata, &token).await
    }
}

/// An answer with a body and its content type.
fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, content_type)
}

/// An answer in JSON.
fn json(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    answer(status, "application/json", body)
}

/// The outcome is this failure, and its error tells none of the planted values.
fn check<T: Debug>(row: &str, outcome: Result<T, ProviderError>, expected: Failure) -> TestResult {
    let Err(error) = outcome else {
        return Err(format!("{row}: {outcome:?}").into());
    };
    assert_eq!(error.failure(), expected, "{row}: {error:?}");
    let mut told = format!("{error:?} {error:#?}");
    let mut next: Option<&dyn Error> = Some(&error);
    while let Some(cause) = next {
        told = format!("{told} {cause}");
        next = cause.source();
    }
    for canary in CANARIES {
        assert!(!told.contains(canary), "{row} tells {canary}: {told}");
    }
    for path in ["/token", "/userinfo", "/par", "/.well-known"] {
        assert!(!told.contains(path), "{row} tells an address: {told}");
    }
    Ok(())
}
