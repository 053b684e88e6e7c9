//! Writes the trace of one attempt while its sign-in runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use wrengate_protocol::{
    Failure, Secret,
    authorize::AuthorizationRequest,
    discovery::Metadata,
    messages::{CheckedAnswer, CheckedBegin, CheckedCompletion},
    nonce::Nonce,
    pkce::CodeChallenge,
    trace::{
        Exchange, Lens, Origin, Progress, RequestView, ResponseView, Row, Shown, StepName,
        TraceValue, lens,
    },
};

use super::{
    Desk,
    book::{Entry, Opened, millis},
    id_token::against,
};
use crate::{
    provider::Leg,
    session::{Session, SessionId},
    sign_in::Presented,
};

tokio::task_local! {
    /// Who records what this task does. In the task, so that no call of the provider has to be given it
    /// and whoever is not recorded pays for nothing.
    static CURRENT: Recorder;
}

/// Writes one trace; the default writes none. Cheap to clone.
///
/// Nothing here fails: an attempt that was forgotten meanwhile is passed over.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Option<Arc<Recording>>);

#[derive(Debug)]
pub(super) struct Recording {
    pub(super) desk: Arc<Desk>,
    number: u64,
    /// The secrets of this attempt, as long as its call lasts.
    secrets: Mutex<Vec<Secret<String>>>,
}

/// A request that is about to be sent.
#[derive(Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The address.
    pub url: &'a url::Url,
    /// The headers.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The form.
    pub form: &'a [u8],
}

/// What came of a request.
#[derive(Debug, Default)]
pub struct Heard<'a> {
    /// The status, where one was read.
    pub status: Option<u16>,
    /// The headers.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The error code of a challenge (RFC 6750, section 3).
    pub challenge: Option<&'a str>,
    /// The body, where there is an answer.
    pub body: Option<&'a [u8]>,
    /// What stood in the way.
    pub trouble: Option<Failure>,
}

impl Recording {
    pub(super) fn new(desk: Arc<Desk>, number: u64) -> Self {
        let client_secret = desk.settings.client_secret.iter();
        let mut secrets: Vec<_> = client_secret.clone().cloned().collect();
        for secret in client_secret {
            lens::remember(&mut secrets, secret.expose());
        }
        Self {
            desk,
            number,
            secrets: Mutex::new(secrets),
        }
    }

    /// What a request must not show its answer must not either.
    fn learn(&self, request: &Request<'_>) {
        let mut secrets = self.secrets();
        for (name, value) in &request.headers {
            if *name == "authorization" {
                lens::remember_credential(&mut secrets, value);
            }
        }
        let form = form_urlencoded::parse(request.form);
        let parameters = request.url.query_pairs().chain(form);
        lens::remember_rows(&mut secrets, Origin::Request, parameters);
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<Secret<String>>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder {
    pub(super) fn of(recording: Recording) -> Self {
        Self(Some(Arc::new(recording)))
    }

    /// Who records this task.
    #[must_use]
    pub fn current() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_default()
    }

    /// Whether anything is written.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Records what a future does.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Changes the trace, with a lens that knows the secrets so far.
    pub(super) fn write(&self, change: impl FnOnce(&mut Entry, &Lens<'_>, &Desk)) {
        if let Some(recording) = &self.0 {
            let secrets = recording.secrets();
            let desk = &recording.desk;
            desk.book.change(recording.number, |entry| {
                let key = desk.key.of_browser(&entry.first_name);
                let removed = entry.request_uri.clone();
                let lens = Lens::new(&key, &secrets).and_removed(removed.as_slice());
                change(entry, &lens, desk);
            });
        }
    }

    fn knows(&self, values: impl IntoIterator<Item = impl AsRef<str>>) {
        if let Some(recording) = &self.0 {
            let mut secrets = recording.secrets();
            for value in values {
                lens::remember(&mut secrets, value.as_ref());
            }
        }
    }

    /// The cookies of the browser are secrets like the others.
    pub fn presented(&self, presented: &Presented) {
        let session = presented.session.as_ref().map(SessionId::secret);
        let cookies = [
            presented.attempt.as_ref(),
            presented.inspector.as_ref(),
            session,
        ];
        self.knows(cookies.into_iter().flatten().map(Secret::expose));
    }

    /// Step 1: what the browser made of its random bytes.
    pub(super) fn proof(&self, request: &CheckedBegin) {
        self.knows([request.state.expose()]);
        self.write(|entry, lens, _| {
            let challenge = TraceValue::ours(request.code_challenge.as_str());
            let step = entry.step(StepName::Proof);
            step.progress = Progress::Done;
            step.rows = vec![
                Row::new(Shown::name("code_challenge"), challenge),
                Row::new(
                    Shown::name("code_challenge_method"),
                    TraceValue::ours(CodeChallenge::METHOD),
                ),
                lens.row(Origin::Request, "state", request.state.expose()),
            ];
        });
    }

    /// A nonce, which is made and kept where no browser sends it.
    pub fn nonce(&self, nonce: Option<&Nonce>) {
        self.knows(nonce.map(Nonce::expose));
    }

    /// Step 0: the metadata are known.
    pub fn discovered(&self, metadata: &Metadata) {
        self.write(|entry, lens, desk| {
            let took = entry.at(Instant::now());
            let mut rows = Vec::new();
            let issuer = metadata.issuer.as_ref();
            let issuer = issuer.map(|issuer| TraceValue::ours(issuer.as_str()));
            rows.extend(issuer.map(|issuer| Row::new(Shown::name("issuer"), issuer)));
            for (name, url) in [
                (
                    "authorization_endpoint",
                    Some(&metadata.authorization_endpoint),
                ),
                ("token_endpoint", Some(&metadata.token_endpoint)),
                ("userinfo_endpoint", Some(&metadata.userinfo_endpoint)),
                ("jwks_uri", metadata.jwks_uri.as_ref()),
                (
                    "pushed_authorization_request_endpoint",
                    metadata.pushed_request_endpoint.as_ref(),
                ),
            ] {
                rows.extend(url.map(|url| Row::new(Shown::name(name), lens.address(url))));
            }
            let advertised = TraceValue::ours(metadata.iss_advertised);
            rows.push(Row::new(
                Shown::name("authorization_response_iss_parameter_supported"),
                advertised,
            ));
            let client_auth = TraceValue::ours(desk.settings.client_auth);
            rows.push(Row::new(
                Shown::name("token_endpoint_auth_method"),
                client_auth,
            ));
            let step = entry.step(StepName::Discovery);
            step.progress = Progress::Done;
            step.start_ms = Some(0);
            step.duration_ms = Some(took);
            step.rows = rows;
        });
    }

    /// Step 2: the authorization request, and where the browser goes with it.
    pub fn requested(&self, request: &AuthorizationRequest<'_>, url: &url::Url) {
        let handed_out = url
            .query_pairs()
            .filter(|(name, _)| matches!(&**name, "state" | "nonce" | "request_uri"));
        self.knows(handed_out.map(|(_, value)| value));
        self.nonce(request.nonce);
        self.write(|entry, lens, _| {
            let parameters = lens.rows(Origin::Request, url.query_pairs());
            let rows = lens.rows(Origin::Request, request.parameters());
            let pushed = url.query_pairs().find(|(name, _)| name == "request_uri");
            entry.request_uri = pushed.map(|(_, value)| lens.fingerprint(&value));
            let now = entry.at(Instant::now());
            let step = entry.step(StepName::Authorization);
            let begun = step.exchanges.first().map_or(now, |first| first.start_ms);
            step.start_ms = Some(begun);
            step.duration_ms = Some(now.saturating_sub(begun));
            step.rows = rows;
            step.exchanges.push(Exchange {
                request: RequestView::new("GET", lens.address(url), Vec::new(), parameters),
                response: None,
                trouble: None,
                start_ms: now,
                duration_ms: 0,
            });
        });
    }

    /// The attempt is registered and the browser leaves.
    pub fn left(&self) {
        self.write(|entry, _, _| {
            let now = Instant::now();
            let at = entry.at(now);
            entry.left = Some(now);
            entry.step(StepName::Authorization).progress = Progress::Done;
            entry.step(StepName::AtProvider).start_ms = Some(at);
            entry.add_up(now);
        });
    }

    /// Steps 3 and 4: the browser is back, with this.
    pub(super) fn arrived(&self, request: &CheckedCompletion) {
        self.knows([request.state.expose()]);
        if let CheckedAnswer::Code { code, verifier } = &request.answer {
            self.knows([code.expose().as_str(), verifier.expose()]);
        }
        self.write(|entry, lens, desk| {
            let now = Instant::now();
            let at = entry.at(now);
            entry.reopen();
            let away = entry
                .left
                .map(|left| millis(now.saturating_duration_since(left)));
            let provider = entry.step(StepName::AtProvider);
            if away.is_some() {
                provider.progress = Progress::Done;
                provider.duration_ms = away;
            }
            let step = entry.step(StepName::Callback);
            step.start_ms = Some(at);
            let state = lens.row(Origin::Callback, "state", request.state.expose());
            // Beside the one that was expected, where that is another.
            let known = step.rows.iter().position(|row| row.expected.is_some());
            let state = known.map_or(state, |place| step.rows.swap_remove(place));
            step.rows = vec![state];
            step.rows.extend(answer_rows(lens, &request.answer));
            if let Some(iss) = &request.iss {
                step.rows.push(lens.row(Origin::Callback, "iss", iss));
            }
            let redirect_uri = TraceValue::ours(&desk.settings.redirect_uri);
            step.rows
                .push(Row::new(Shown::name("redirect_uri"), redirect_uri));
        });
    }

    /// Step 9.5: from here on no other call changes how it ends.
    pub fn consumed(&self) {
        self.write(|entry, _, _| {
            entry.closed = true;
            let at = entry.at(Instant::now());
            let step = entry.step(StepName::Callback);
            step.progress = Progress::Done;
            step.duration_ms = step.start_ms.map(|start| at.saturating_sub(start));
        });
    }

    /// Step 9.9: whose session it is from here on.
    pub fn opened(&self, session: &Session) {
        if let Some(recording) = &self.0 {
            let opened = Opened {
                key: session.key.clone(),
                owner: session.owner(),
            };
            recording.desk.book.open().opened(recording.number, opened);
            recording.desk.book.tell();
        }
    }

    /// Somebody else was asking the provider since `began`, and this sign-in waited for the answer.
    pub fn waited(&self, leg: Leg, began: Instant) {
        if let Some(name) = step_of(leg) {
            self.write(|entry, _, _| entry.waited(name, began, Instant::now()));
        }
    }

    /// A request to the provider and what came of it; it was sent at `began`.
    pub fn called(&self, leg: Leg, request: &Request<'_>, began: Instant, heard: &Heard<'_>) {
        let Some(recording) = &self.0 else {
            return;
        };
        let Some(name) = step_of(leg) else {
            return;
        };
        let body = heard.body.and_then(|body| {
            let value: Result<serde_json::Map<String, serde_json::Value>, _> =
                serde_json::from_slice(body);
            value.ok()
        });
        recording.learn(request);
        // A refusal has no claims, whichever endpoint it is of.
        let granted = heard.status.is_some_and(|status| status < 300);
        let is_claims = leg == Leg::Userinfo && granted;
        // Metadata and keys are no secrets, or no address of the provider could be shown.
        let is_public = matches!(leg, Leg::Discovery | Leg::Jwks);
        let origin = match leg {
            Leg::Discovery if granted => Origin::Metadata,
            _ => Origin::Answer,
        };
        if let Some(body) = &body
            && !is_claims
            && !is_public
        {
            lens::remember_members(&mut recording.secrets(), Origin::Answer, body);
        }
        self.write(|entry, lens, _| {
            let start_ms = entry.at(began);
            let exchange = Exchange {
                request: request_view(lens, request),
                response: heard.status.map(|status| ResponseView {
                    status,
                    headers: header_rows(lens, &heard.headers),
                    parameters: match &body {
                        Some(body) if !is_claims && leg != Leg::Jwks => lens.members(origin, body),
                        _ => Vec::new(),
                    }
                    .into_iter()
                    .chain(
                        heard
                            .challenge
                            .map(|code| lens.row(Origin::Answer, "error", code)),
                    )
                    .collect(),
                }),
                trouble: heard.trouble,
                start_ms,
                duration_ms: millis(began.elapsed()),
            };
            entry.waited(name, began, Instant::now());
            let step = entry.step(name);
            if step.exchanges.len() < MOST_EXCHANGES {
                step.exchanges.push(exchange);
            }
            if let Some(body) = body.as_ref().filter(|_| is_claims) {
                let (claims, differing) = against(&entry.claims, body, lens);
                let step = entry.step(name);
                step.claims = claims;
                step.differing = differing;
            }
        });
    }
}

/// The most requests that one step shows.
const MOST_EXCHANGES: usize = 8;

/// Headers that say something; the others are of the client or nobody's business.
const HEADERS: [&str; 6] = [
    "authorization",
    "content-type",
    "accept",
    "cache-control",
    "date",
    "retry-after",
];

const fn step_of(leg: Leg) -> Option<StepName> {
    match leg {
        Leg::Discovery => Some(StepName::Discovery),
        Leg::PushedRequest => Some(StepName::Authorization),
        Leg::Token | Leg::Jwks => Some(StepName::Token),
        Leg::Userinfo => Some(StepName::Userinfo),
        Leg::Refresh | Leg::Revocation => None,
    }
}

fn header_rows(lens: &Lens<'_>, headers: &[(&str, &str)]) -> Vec<Row> {
    let shown = headers.iter().filter(|(name, _)| HEADERS.contains(name));
    lens.rows(Origin::Headers, shown.copied())
}

fn request_view(lens: &Lens<'_>, request: &Request<'_>) -> RequestView {
    let query = lens.rows(Origin::Request, request.url.query_pairs());
    let form = lens.rows(Origin::Request, form_urlencoded::parse(request.form));
    let url = lens.address(request.url);
    let headers = header_rows(lens, &request.headers);
    match request.method {
        "GET" => RequestView::new(request.method, url, headers, query),
        _ => RequestView::new(request.method, url, headers, form).to_query(query),
    }
}

fn answer_rows(lens: &Lens<'_>, answer: &CheckedAnswer) -> Vec<Row> {
    match answer {
        CheckedAnswer::Code { code, verifier } => {
            let challenge = verifier.challenge();
            let challenge = TraceValue::ours(challenge.as_str());
            vec![
                lens.row(Origin::Callback, "code", code.expose()),
                lens.row(Origin::Callback, "code_verifier", verifier.expose()),
                Row::new(Shown::name("code_challenge"), challenge),
            ]
        }
        CheckedAnswer::Refused { error, description } => {
            let mut rows = vec![lens.row(Origin::Callback, "error", error)];
            let description = description.as_deref();
            rows.extend(
                description.map(|words| lens.row(Origin::Callback, "error_description", words)),
            );
            rows
        }
    }
}
