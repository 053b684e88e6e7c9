//! What sign-out sends to the provider, and what it keeps to itself.

use std::{error::Error, fs, sync::Arc};

use tempfile::TempDir;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};
use wrengate_backend::{
    clock::ManualClock,
    config::{
        IdTokenConfig,
        provider::{ClientAuth, ProviderConfig, ProviderSource, PushedRequests},
    },
    provider::Provider,
    random::SystemRandom,
    session::{KeyRing, Lifetimes, NewSession, SessionId, Sessions, Tokens},
    sign_out::{AccessEnd, Parts, SignOut, SignedOut},
    store::{self, Store},
};
use wrengate_protocol::{
    Secret,
    discovery::Metadata,
    issuer::{Issuer, parse_endpoint},
    profile::{Access, AvatarHosts, Profile},
};

type BoxError = Box<dyn Error + Send + Sync>;
type TestResult<T = ()> = Result<T, BoxError>;

const NOW: i64 = 1_767_225_600;
const ENDS: i64 = NOW + 3600;
const REFRESH: &str = "REFRESH-CANARY";
const ID_TOKEN: &str = "ID-CANARY";
const BACK: &str = "https://app.example.org/signed-out";

/// A provider, a store in a file, and sessions under one key.
struct World {
    server: MockServer,
    folder: TempDir,
    store: Arc<dyn Store>,
    clock: Arc<ManualClock>,
}

impl World {
    async fn new() -> TestResult<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("wrengate.db");
        let server = MockServer::start().await;
        let revoked = ResponseTemplate::new(200);
        let mock = Mock::given(method("POST")).and(path("/revoke"));
        mock.respond_with(revoked).mount(&server).await;
        Ok(Self {
            server,
            store: store::open(&format!("sqlite:{}", file.display())).await?,
            folder,
            clock: Arc::new(ManualClock::new(NOW)),
        })
    }

    fn sessions(&self, key: u8) -> TestResult<Sessions> {
        Ok(Sessions::new(
            Arc::clone(&self.store),
            Arc::clone(&self.clock) as _,
            Arc::new(SystemRandom),
            ring(key)?,
            Lifetimes::default(),
        ))
    }

    fn sign_out(&self, key: u8) -> TestResult<SignOut> {
        let origin = self.server.uri();
        let endpoint = |path: &str| parse_endpoint(&format!("{origin}{path}"));
        let mut metadata = Metadata::by_hand(
            Some(Issuer::parse(&origin)?),
            endpoint("/authorize")?,
            endpoint("/token")?,
            endpoint("/userinfo")?,
        );
        metadata.revocation_endpoint = Some(endpoint("/revoke")?);
        metadata.end_session_endpoint = Some(endpoint("/logout")?);
        let config = ProviderConfig {
            name: "Test".to_owned(),
            home: None,
            status: None,
            switchboard: None,
            source: ProviderSource::Endpoints(metadata),
            client_id: "the-client".to_owned(),
            client_auth: ClientAuth::None,
            pushed_requests: PushedRequests::default(),
            extra_roots: Vec::new(),
            scopes: vec!["openid".to_owned()],
            id_token: IdTokenConfig::default(),
            avatar_hosts: AvatarHosts::default(),
        };
        let provider = Provider::new(config, self.clock.clone(), Arc::new(SystemRandom))?;
        Ok(SignOut::new(Parts {
            sessions: self.sessions(key)?,
            provider: Arc::new(provider),
            store: Arc::clone(&self.store),
            keys: ring(key)?,
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
            post_logout_redirect_uri: BACK.to_owned(),
        }))
    }

    /// Somebody who signed in at this issuer, under the first key.
    async fn signed_in(&self, issuer: &str, id_token: Option<&str>) -> TestResult<SessionId> {
        let secret = |text: &str| Secret::new(text.to_owned());
        let new = NewSession {
            issuer: issuer.to_owned(),
            subject: "ada".to_owned(),
            profile: Profile::default(),
            access: Access {
                granted: Vec::new(),
                refused: Vec::new(),
                expires_at: Some(ENDS),
                profile_refused: false,
            },
            tokens: Tokens {
                access_token: secret("ACCESS-CANARY"),
                refresh_token: Some(secret(REFRESH)),
                id_token: id_token.map(secret),
            },
            attempt_id: "attempt".to_owned(),
            sid: None,
            user_agent: None,
        };
        Ok(self.sessions(1)?.open(new, None).await?.0)
    }

    async fn revocations(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap_or_default()
    }
}

fn ring(key: u8) -> TestResult<KeyRing> {
    Ok(KeyRing::new(vec![Secret::new(vec![key; 32])])?)
}

async fn leave(sign_out: &SignOut, id: &SessionId) -> TestResult<SignedOut> {
    let left = sign_out.here(id, "reference").await?;
    Ok(left.ok_or("nobody was signed in")?)
}

#[tokio::test]
async fn refresh_token_goes_to_the_provider_it_came_from() -> TestResult {
    let world = World::new().await?;
    let sign_out = world.sign_out(1)?;
    let id = world.signed_in(&world.server.uri(), Some(ID_TOKEN)).await?;
    let left = leave(&sign_out, &id).await?;
    assert_eq!(left.access, AccessEnd::Over);
    assert!(sign_out.here(&id, "reference").await?.is_none(), "once");
    let sent = world.revocations().await;
    let [revocation] = sent.as_slice() else {
        return Err(format!("{} requests", sent.len()).into());
    };
    let form = String::from_utf8(revocation.body.clone())?;
    assert!(form.contains(&format!("token={REFRESH}&token_type_hint=refresh_token")));
    Ok(())
}

/// After a change of the issuer the new provider sees no token of the old one.
#[tokio::test]
async fn tokens_of_another_issuer_are_not_shown_to_this_one() -> TestResult {
    let world = World::new().await?;
    let sign_out = world.sign_out(1)?;
    let id = world
        .signed_in("https://other.example", Some(ID_TOKEN))
        .await?;
    let left = leave(&sign_out, &id).await?;
    assert_eq!(left.access, AccessEnd::Unconfirmed(Some(ENDS)));
    assert!(left.ticket.is_none());
    assert!(world.revocations().await.is_empty());
    Ok(())
}

/// Signed out all the same, and told; the way to the provider is there without the hint.
#[tokio::test]
async fn lost_key_keeps_nobody_signed_in() -> TestResult {
    let world = World::new().await?;
    let id = world.signed_in(&world.server.uri(), Some(ID_TOKEN)).await?;
    let sign_out = world.sign_out(2)?;
    let left = leave(&sign_out, &id).await?;
    assert_eq!(left.access, AccessEnd::Unconfirmed(Some(ENDS)));
    assert!(world.revocations().await.is_empty());
    let ticket = left.ticket.ok_or("no ticket")?;
    let onward = sign_out.redeem(ticket.expose()).await?.ok_or("no way")?;
    assert!(!onward.to.expose().contains("id_token_hint"));
    assert!(onward.to.expose().contains("client_id=the-client"));
    Ok(())
}

#[tokio::test]
async fn ticket_opens_the_way_once_and_the_store_reads_neither() -> TestResult {
    let world = World::new().await?;
    let sign_out = world.sign_out(1)?;
    let id = world.signed_in(&world.server.uri(), Some(ID_TOKEN)).await?;
    let left = leave(&sign_out, &id).await?;
    let ticket = left.ticket.ok_or("no ticket")?;
    for entry in fs::read_dir(world.folder.path())? {
        let bytes = fs::read(entry?.path())?;
        for secret in [ID_TOKEN, REFRESH, ticket.expose()] {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} in the store");
        }
    }
    let (one, two) = tokio::join!(
        sign_out.redeem(ticket.expose()),
        sign_out.redeem(ticket.expose())
    );
    let mut ways: Vec<_> = [one?, two?].into_iter().flatten().collect();
    let onward = ways.pop().ok_or("no way")?;
    assert!(ways.is_empty(), "two ways for one ticket");
    let to = onward.to.expose();
    let expected = format!(
        "{}/logout?id_token_hint={ID_TOKEN}&client_id=the-client&\
         post_logout_redirect_uri=https%3A%2F%2Fapp.example.org%2Fsigned-out&state={}",
        world.server.uri(),
        onward.state
    );
    assert_eq!(to, &expected);
    assert!(!format!("{onward:?} {left:?}", left = left.access).contains(ID_TOKEN));
    Ok(())
}

#[tokio::test]
async fn ticket_under_a_lost_key_leads_nowhere() -> TestResult {
    let world = World::new().await?;
    let id = world.signed_in(&world.server.uri(), None).await?;
    let left = leave(&world.sign_out(1)?, &id).await?;
    let ticket = left.ticket.ok_or("no ticket")?;
    assert!(world.sign_out(2)?.redeem(ticket.expose()).await?.is_none());
    Ok(())
}
