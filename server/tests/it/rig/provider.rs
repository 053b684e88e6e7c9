//! A provider that keeps the rules, unless it is told to break them.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::signature::Ed25519KeyPair;
use axum::{Router, http::HeaderMap, routing::any};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use wrengate_backend::random::{SystemRandom, bytes32};
use wrengate_protocol::encoding::base64url;

use super::{
    Arrival, NOW, Outcome,
    answers::{answer, signed, with},
};

/// The provider; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) origin: String,
    addr: SocketAddr,
    desk: Arc<Desk>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// An answer in place of the one the rules ask for.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// This answer.
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The beginning of an answer, then the end of the connection.
    Lost,
    /// None, ever.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::Answer {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.to_owned(),
        }
    }

    /// The same with one more header.
    pub(crate) fn and(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    /// A field of the form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        field(&self.body, name)
    }
}

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) rules: Mutex<Rules>,
    pub(super) asked: Mutex<Vec<Asked>>,
    pub(super) arrived: watch::Sender<usize>,
    pub(super) open: watch::Sender<bool>,
    pub(super) key: Ed25519KeyPair,
}

/// What the provider knows and was told.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) codes: HashMap<String, Granted>,
    pub(super) people: HashMap<String, Value>,
    pub(super) tokens: HashMap<String, String>,
    pub(super) replies: HashMap<&'static str, Reply>,
    pub(super) token_members: Value,
    pub(super) claims: Value,
    /// What was granted and can be renewed.
    pub(super) families: Vec<Family>,
    /// Which family each refresh token is of, those that were replaced too.
    pub(super) issued: HashMap<String, usize>,
    pub(super) refresh_members: Value,
    pub(super) refresh_claims: Value,
    /// What becomes of refresh tokens that are used.
    pub(super) rotation: Rotation,
    /// Whether the metadata require pushed requests.
    pub(super) pushed_only: bool,
    /// Whether the metadata name a place where the provider's own session ends.
    pub(super) ends_sessions: bool,
    pub(super) pushed: HashMap<String, String>,
}

/// What becomes of a refresh token that was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Rotation {
    /// It is replaced, and its next use is theft.
    #[default]
    Replaces,
    /// It stays.
    Keeps,
    /// It is replaced, and still taken.
    Forgives,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    pub(super) person: String,
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
}

/// The tokens that came from one code. Whoever brings a refresh token that was replaced ends them all
/// (RFC 9700, section 4.14.2).
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) granted: Granted,
    pub(super) refresh_token: String,
    pub(super) access_token: String,
    pub(super) ended: bool,
}

impl Rules {
    /// Ends all tokens of a family.
    pub(super) fn end_family(&mut self, number: usize) {
        if let Some(family) = self.families.get_mut(number) {
            family.ended = true;
            self.tokens.remove(&family.access_token);
        }
    }
}

impl Provider {
    pub(crate) async fn start() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let origin = format!("http://{addr}");
        let desk = Arc::new(Desk {
            rules: Mutex::default(),
            asked: Mutex::default(),
            arrived: watch::Sender::new(0),
            open: watch::Sender::new(true),
            key: Ed25519KeyPair::generate()?,
        });
        let provider = Self {
            origin,
            addr,
            desk,
            task: Mutex::default(),
        };
        provider.serve(listener);
        Ok(provider)
    }

    /// Ends every connection at once; from now on connecting is refused.
    pub(crate) async fn dies(&self) {
        let task = self.task().take();
        if let Some(task) = task {
            task.abort();
            // It was aborted, which is the error.
            let _ = task.await;
        }
    }

    /// Listens again where it did.
    pub(crate) async fn comes_back(&self) -> Outcome {
        self.serve(TcpListener::bind(self.addr).await?);
        Ok(())
    }

    fn serve(&self, listener: TcpListener) {
        let app = Router::new()
            .fallback(any(answer))
            .with_state((Arc::clone(&self.desk), self.origin.clone()));
        let app = TowerToHyperService::new(app);
        let task = tokio::spawn(async move {
            // They end with this task.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let app = app.clone();
                connections.spawn(async move {
                    // How a connection ends is the client's business.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), app)
                        .await;
                });
            }
        });
        *self.task() = Some(task);
    }

    fn task(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person agrees: what the browser comes back with.
    pub(crate) fn authorize(&self, url: &str, person: &str) -> Outcome<Arrival> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let pushed = field(query, "request_uri")
            .map(|uri| {
                self.desk
                    .rules()
                    .pushed
                    .remove(&uri)
                    .ok_or("pushed by nobody")
            })
            .transpose()?;
        let query = pushed.as_deref().unwrap_or(query);
        let parameter = |name: &str| field(query, name).ok_or_else(|| format!("no {name}"));
        let code = format!("code.{person}.{}", random()?);
        let granted = Granted {
            person: person.to_owned(),
            challenge: parameter("code_challenge")?,
            redirect_uri: parameter("redirect_uri")?,
            scope: parameter("scope")?,
            nonce: field(query, "nonce"),
        };
        self.desk.rules().codes.insert(code.clone(), granted);
        Ok(Arrival {
            state: parameter("state")?,
            iss: None,
            code,
        })
    }

    /// Says of a person what userinfo tells.
    pub(crate) fn knows(&self, person: &str, userinfo: Value) {
        self.desk.rules().people.insert(person.to_owned(), userinfo);
    }

    /// From now on a path (`/token`, `/userinfo`, ..) answers this, whatever is asked.
    pub(crate) fn replies(&self, path: &'static str, reply: Reply) {
        self.desk.rules().replies.insert(path, reply);
    }

    /// Back to the rules.
    pub(crate) fn behaves(&self) {
        self.desk.rules().replies.clear();
    }

    /// Members that every token response has besides, or in place of, its own; null takes one away.
    pub(crate) fn token_members(&self, members: Value) {
        self.desk.rules().token_members = members;
    }

    /// Claims that every ID token has besides, or in place of, its own; null takes one away.
    pub(crate) fn claims(&self, claims: Value) {
        self.desk.rules().claims = claims;
    }

    /// The same for the answer to a refresh, which `replies` knows as `refresh`.
    pub(crate) fn refresh_members(&self, members: Value) {
        self.desk.rules().refresh_members = members;
    }

    /// The same for ID tokens of a refresh, which have no nonce of their own.
    pub(crate) fn refresh_claims(&self, claims: Value) {
        self.desk.rules().refresh_claims = claims;
    }

    /// From now on a refresh token is good for any number of times.
    pub(crate) fn keeps_refresh_tokens(&self) {
        self.desk.rules().rotation = Rotation::Keeps;
    }

    /// Replaces refresh tokens, and takes the ones before as well.
    pub(crate) fn forgives_reuse(&self) {
        self.desk.rules().rotation = Rotation::Forgives;
    }

    /// Does not know its access tokens any more; they can be renewed.
    pub(crate) fn forgets_access_tokens(&self) {
        self.desk.rules().tokens.clear();
    }

    /// Ends everything that was granted so far.
    pub(crate) fn forgets_everybody(&self) {
        let rules = &mut *self.desk.rules();
        for number in 0..rules.families.len() {
            rules.end_family(number);
        }
    }

    /// How many of the grants can still be renewed.
    pub(crate) fn live_grants(&self) -> usize {
        let rules = self.desk.rules();
        rules.families.iter().filter(|it| !it.ended).count()
    }

    /// The refreshes that were asked for so far.
    pub(crate) fn refreshes(&self) -> Vec<Asked> {
        let mut asked = self.asked("/token");
        asked.retain(|it| it.field("grant_type").as_deref() == Some("refresh_token"));
        asked
    }

    /// Says in its metadata that it takes pushed authorization requests alone.
    pub(crate) fn requires_pushed_requests(&self) {
        self.desk.rules().pushed_only = true;
    }

    /// Says in its metadata where its own session ends.
    pub(crate) fn ends_sessions(&self) {
        self.desk.rules().ends_sessions = true;
    }

    /// A logout token with these members in place of, or besides, those of a good one; null takes one
    /// away.
    pub(crate) fn logout_token(&self, header: &Value, claims: &Value) -> Outcome<String> {
        let event = "http://schemas.openid.net/event/backchannel-logout";
        let good_claims = json!({
            "iss": self.origin, "aud": "the-client", "iat": NOW, "exp": NOW + 120,
            "jti": random()?, "events": {event: {}},
        });
        let good_header = json!({"alg": "EdDSA", "kid": "the-key", "typ": "logout+jwt"});
        let (header, claims) = (with(good_header, header), with(good_claims, claims));
        Ok(signed(&self.desk.key, &header, &claims))
    }

    /// Holds back every answer until [`goes_on`](Self::goes_on).
    pub(crate) fn holds(&self) {
        self.desk.open.send_replace(false);
    }

    /// Answers what was held back.
    pub(crate) fn goes_on(&self) {
        self.desk.open.send_replace(true);
    }

    /// Waits until so many requests have arrived in all.
    pub(crate) async fn arrived(&self, count: usize) -> Outcome {
        let mut arrived = self.desk.arrived.subscribe();
        arrived.wait_for(|arrived| *arrived >= count).await?;
        Ok(())
    }

    /// The requests to a path so far.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.desk.asked();
        asked
            .iter()
            .filter(|asked| asked.path == path)
            .cloned()
            .collect()
    }

    /// How many requests there were, of any kind.
    pub(crate) fn calls(&self) -> usize {
        self.desk.asked().len()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        if let Some(task) = self.task().take() {
            task.abort();
        }
    }
}

impl Desk {
    pub(super) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn field(form: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(form.as_bytes())
        .find_map(|(given, value)| (given == name).then(|| value.into_owned()))
}

/// 43 characters that stand nowhere else.
pub(crate) fn random() -> Outcome<String> {
    Ok(base64url(&bytes32(&SystemRandom)?))
}
