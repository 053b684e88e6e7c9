//! The flow inspector: what a sign-in of this very browser did, step by step, without its secrets.
//!
//! [`Inspector`] keeps the traces, [`Recorder`] writes one of them while its sign-in runs. What they hold
//! is `wrengate_protocol::trace`, in which no live secret can stand. A trace lives in the memory of the
//! process that saw the attempt, and nowhere else.

mod book;
mod ending;
mod id_token;
mod recorder;
mod report;
mod watchers;

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, atomic::AtomicU64},
};

use tokio::{sync::watch, time::Instant};
use wrengate_protocol::{
    Failure, Secret,
    encoding::{base64url, sha256},
    messages::{CheckedBegin, CheckedCompletion},
    state::State,
    step::Step,
    trace::{
        Fingerprint, FingerprintKey, Lens, Row, Shown, StepName, TraceList, TraceStatus, TraceView,
    },
};

pub use self::{
    book::{BYTES, LIFETIME, OF_EVERYBODY, OF_ONE_BROWSER, Size},
    id_token::Wanted,
    recorder::{Heard, Recorder, Request},
    report::text as report,
};
use self::{
    book::{Book, Browser, Visitor, blank},
    recorder::Recording,
    watchers::Watcher,
};
use crate::{
    advice,
    clock::Clock,
    config::{
        Config, InspectorAccess,
        provider::{ClientAuth, ProviderSource},
    },
    random::{Random, bytes32},
    session::Sessions,
    sign_in::Presented,
};

/// How long a browser keeps the cookie by which it sees its own sign-ins: as long as one is kept after
/// an attempt that took as long as it may.
pub const COOKIE: std::time::Duration = std::time::Duration::from_mins(30);

/// How long a browser is watched that has no attempts: 15 s.
const IDLE: std::time::Duration = std::time::Duration::from_secs(15);

/// How often a watcher looks for what grew too old, of which nobody tells it: 1 s.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

/// The traces of everybody; cheap to clone. Off, it records nothing and knows nothing.
#[derive(Clone, Debug, Default)]
pub struct Inspector(Option<Arc<Desk>>);

#[derive(Debug)]
struct Desk {
    book: Book,
    key: FingerprintKey,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    sessions: Sessions,
    settings: Settings,
    watchers: std::sync::Mutex<Vec<Watcher>>,
    /// How many there were so far.
    watched: AtomicU64,
}

/// What of the settings a trace names.
#[derive(Debug)]
struct Settings {
    client_auth: &'static str,
    client_secret: Option<Secret<String>>,
    redirect_uri: String,
    client_id: String,
    issuer: Option<String>,
    session: Vec<Row>,
}

impl Inspector {
    /// One that is as the settings say.
    #[must_use]
    pub fn new(
        config: &Config,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
        sessions: &Sessions,
    ) -> Self {
        if config.inspector == InspectorAccess::Off {
            return Self::default();
        }
        let Ok(key) = bytes32(&**random) else {
            tracing::warn!("no random bytes for the inspector, so it records nothing");
            return Self::default();
        };
        Self(Some(Arc::new(Desk {
            book: Book::default(),
            key: FingerprintKey::new(key),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            sessions: sessions.clone(),
            settings: Settings::of(config),
            watchers: std::sync::Mutex::default(),
            watched: AtomicU64::new(0),
        })))
    }

    /// Whether it records.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The cookie by which a browser sees its own: the one it has, else a new one; `None` when off.
    #[must_use]
    pub fn cookie(&self, presented: Option<&Secret<String>>) -> Option<Secret<String>> {
        let desk = self.0.as_ref()?;
        presented.cloned().or_else(|| {
            let bytes = bytes32(&*desk.random).ok()?;
            Some(Secret::new(base64url(&bytes)))
        })
    }

    /// Step 4 of the walkthrough begins, with a cookie that is that of [`cookie`](Self::cookie).
    #[must_use]
    pub fn begin(&self, presented: &Presented, request: &CheckedBegin) -> Recorder {
        let (Some(desk), Some(who)) = (&self.0, visitor(presented)) else {
            return Recorder::default();
        };
        let browser = who.browser;
        let now = desk.clock.now();
        let mut pages = desk.book.open();
        pages.expire(now);
        let key = desk.key.of_browser(&pages.first_name(&browser));
        let id = Fingerprint::of_exposed(&key, request.state.expose());
        let mut view = blank(id, now);
        view.fault = pages.meets(&browser).map(Shown::ours);
        let number = pages.add(who, request.state.hash(), view);
        drop(pages);
        let recorder = desk.recorder(number);
        recorder.proof(request);
        recorder
    }

    /// Step 9 of the walkthrough begins: the attempt's recorder, or one of a new trace where the state
    /// is of no attempt of this browser.
    ///
    /// # Security
    /// What a browser sends is recorded for that browser alone, whoever began the attempt it names.
    #[must_use]
    pub fn resume(&self, presented: &Presented, request: &CheckedCompletion) -> Recorder {
        let (Some(desk), Some(who)) = (&self.0, visitor(presented)) else {
            return Recorder::default();
        };
        let Some(number) = desk.attempt_of(who, &request.state) else {
            return Recorder::default();
        };
        let recorder = desk.recorder(number);
        recorder.arrived(request);
        recorder
    }

    /// The next attempt of a browser meets a fault of the development provider, so that what it came to
    /// can be told beside what was expected.
    pub fn breaks(&self, cookie: Option<&Secret<String>>, fault: &'static str) {
        if let (Some(desk), Some(browser)) = (&self.0, cookie.map(owner)) {
            let now = desk.clock.now();
            desk.book.open().arm(browser, fault, now);
        }
    }

    /// A completion was refused before its attempt was looked up: that of its state, else the newest that
    /// waits.
    pub fn refused(
        &self,
        presented: &Presented,
        state: Option<&State>,
        failure: Failure,
        reference: &str,
    ) {
        let (Some(desk), Some(who)) = (&self.0, visitor(presented)) else {
            return;
        };
        let number = match state {
            Some(state) => desk.attempt_of(who, state),
            None => desk.waiting(&who.browser),
        };
        let Some(number) = number else {
            return;
        };
        desk.book.change(number, |entry| {
            entry.reopen();
            let (at, name) = (Step::Submit, StepName::of(Step::Submit));
            entry.view.status = TraceStatus::Failed {
                at,
                number: name.number(),
                failure,
            };
            entry.view.reference = Some(Shown::ours(reference));
            let advice = advice::plain_causes(failure);
            entry.view.advice = advice.into_iter().map(Shown::ours).collect();
            book::close_steps(entry, Some(name));
        });
    }

    /// The attempts of a browser, the newest first.
    pub async fn traces(&self, cookie: Option<&Secret<String>>) -> TraceList {
        let Some(desk) = &self.0 else {
            return TraceList::default();
        };
        let now = desk.clock.now();
        let Some(browser) = cookie.map(owner) else {
            let traces = Vec::new();
            return TraceList { now, traces };
        };
        desk.forget_ended(&browser).await;
        let mut pages = desk.book.open();
        pages.expire(now);
        let newest_first = pages.of(&browser).rev();
        let traces = newest_first.map(|entry| entry.view.clone()).collect();
        TraceList { now, traces }
    }

    /// Forgets the attempts of a browser, and what the next one was to meet.
    pub fn clear(&self, cookie: Option<&Secret<String>>) {
        if let (Some(desk), Some(browser)) = (&self.0, cookie.map(owner)) {
            desk.book.open().clear(&browser);
            desk.book.tell();
        }
    }

    /// A new cookie for a browser that began a sign-in; what it has moves along. `None` when off.
    ///
    /// # Security
    /// Whoever knew the value before, for they had this browser once or put it there, sees nothing of how
    /// the sign-in goes on.
    #[must_use]
    pub fn renew(&self, presented: Option<&Secret<String>>) -> Option<Secret<String>> {
        let desk = self.0.as_ref()?;
        let fresh = self.cookie(None)?;
        if let Some(before) = presented.map(owner) {
            desk.book.open().rename(&before, owner(&fresh));
            // Who watches under that name comes back under the new one.
            desk.watchers().retain(|it| it.browser != before);
            desk.book.tell();
        }
        Some(fresh)
    }

    /// How much is kept.
    #[must_use]
    pub fn size(&self) -> Size {
        let nothing = Size {
            attempts: 0,
            bytes: 0,
        };
        self.0.as_ref().map_or(nothing, |desk| {
            let mut pages = desk.book.open();
            pages.expire(desk.clock.now());
            pages.size()
        })
    }
}

impl Desk {
    fn recorder(self: &Arc<Self>, number: u64) -> Recorder {
        Recorder::of(Recording::new(Arc::clone(self), number))
    }

    /// Forgets what a browser did until a sign-in whose session is over, however it ended.
    async fn forget_ended(&self, browser: &Browser) {
        let last = self.book.open().last_session(browser);
        let Some((number, session)) = last else {
            return;
        };
        // A store that fails says nothing of a session.
        if !matches!(self.sessions.by_key(&session.key).await, Ok(None)) {
            return;
        }
        let mut pages = self.book.open();
        // Unless another sign-in replaced it meanwhile.
        let is_last = pages
            .last_session(browser)
            .is_some_and(|(it, _)| it == number);
        let forgotten =
            is_last && pages.forget(|entry| entry.browser == *browser && entry.number <= number);
        drop(pages);
        if forgotten {
            self.book.tell();
        }
    }

    /// The newest attempt of a browser, if it is not back.
    fn waiting(&self, browser: &Browser) -> Option<u64> {
        let mut pages = self.book.open();
        pages.expire(self.clock.now());
        let latest = pages.of(browser).next_back()?;
        let waits = latest.view.status == TraceStatus::Running && !latest.closed;
        waits.then_some(latest.number)
    }

    /// The attempt of a state; a new trace where the browser is known and the state is not.
    fn attempt_of(&self, who: Visitor, state: &State) -> Option<u64> {
        let browser = &who.browser;
        let now = self.clock.now();
        let mut pages = self.book.open();
        pages.expire(now);
        if let Some(entry) = pages.of_state(browser, &state.hash()) {
            return (!entry.closed).then_some(entry.number);
        }
        let expected = pages.of(browser).next_back()?;
        let expected = expected.view.id.clone();
        let key = self.key.of_browser(&pages.first_name(browser));
        let id = Fingerprint::of_exposed(&key, state.expose());
        let mut view = blank(id, now);
        if let Some(step) = view.steps.get_mut(usize::from(StepName::Callback.number())) {
            let redacted = Lens::new(&key, &[]).redacted(state.expose());
            let row = Row::new(Shown::name("state"), redacted);
            let expected = wrengate_protocol::trace::TraceValue::Redacted {
                fingerprint: expected,
            };
            step.rows.push(row.expecting(expected));
        }
        Some(pages.add_stray(who, state.hash(), view))
    }
}

/// From where a request comes, as it is counted: an extension of every request.
#[derive(Clone, Copy, Debug)]
pub struct Network(pub IpAddr);

/// Watches the attempts of one browser.
#[derive(Debug)]
pub struct Watch {
    desk: Arc<Desk>,
    id: u64,
    browser: Browser,
    changes: watch::Receiver<u64>,
    /// The versions that were told, by number.
    seen: BTreeMap<u64, u64>,
    /// When it last looked for a session that is over, of which nobody tells it either.
    looked: Option<Instant>,
    /// When there was something to tell last.
    idle_since: Instant,
}

/// What a watcher is told.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// An attempt as it is now, in place of what was told of it before.
    Trace(Box<TraceView>),
    /// Attempts are gone; what is still there was told before.
    Gone {
        /// The attempts that are left.
        left: Vec<Fingerprint>,
    },
}

impl Watch {
    /// Waits until something changed. `None` at the end: the browser has another cookie by now, or had
    /// nothing to see for so long that it may have.
    pub async fn next(&mut self) -> Option<Vec<News>> {
        loop {
            tokio::select! {
                changed = self.changes.changed() => {
                    // The inspector is gone; then nothing changes any more.
                    if changed.is_err() {
                        std::future::pending::<()>().await;
                    }
                }
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
            if self
                .looked
                .is_none_or(|looked| looked.elapsed() >= LOOK_AGAIN)
            {
                self.desk.forget_ended(&self.browser).await;
                self.looked = Some(Instant::now());
            }
            if !self.desk.watchers().iter().any(|it| it.id == self.id) {
                return None;
            }
            let news = self.news();
            if !news.is_empty() {
                self.idle_since = Instant::now();
                return Some(news);
            }
            if self.seen.is_empty() && self.idle_since.elapsed() >= IDLE {
                return None;
            }
        }
    }

    fn news(&mut self) -> Vec<News> {
        let mut pages = self.desk.book.open();
        pages.expire(self.desk.clock.now());
        let versions: BTreeMap<u64, u64> = pages.versions(&self.browser).into_iter().collect();
        let mut news = Vec::new();
        if self
            .seen
            .keys()
            .any(|number| !versions.contains_key(number))
        {
            let left = pages.of(&self.browser).map(|entry| entry.view.id.clone());
            news.push(News::Gone {
                left: left.collect(),
            });
        }
        for (number, version) in &versions {
            if self.seen.get(number) != Some(version)
                && let Some(entry) = pages.find(*number)
            {
                news.push(News::Trace(Box::new(entry.view.clone())));
            }
        }
        drop(pages);
        self.seen = versions;
        news
    }
}

impl Settings {
    fn of(config: &Config) -> Self {
        let provider = &config.provider;
        let client_secret = match &provider.client_auth {
            ClientAuth::Basic(secret) | ClientAuth::Post(secret) => Some(secret.clone()),
            ClientAuth::None | ClientAuth::PrivateKeyJwt(_) => None,
        };
        Self {
            client_auth: provider.client_auth.method(),
            client_secret,
            redirect_uri: config.http.public_origin.redirect_uri(),
            client_id: provider.client_id.clone(),
            issuer: match &provider.source {
                ProviderSource::Discovery(issuer) => Some(issuer),
                ProviderSource::Endpoints(metadata) => metadata.issuer.as_ref(),
            }
            .map(|issuer| issuer.as_str().to_owned()),
            session: ending::session_rows(config),
        }
    }
}

fn visitor(presented: &Presented) -> Option<Visitor> {
    let browser = presented.inspector.as_ref().map(owner)?;
    let network = presented.network;
    Some(Visitor { browser, network })
}

/// Which browser a cookie is of.
fn owner(cookie: &Secret<String>) -> Browser {
    sha256(cookie.expose())
}
