//! The flow inspector over HTTP: a browser's own sign-ins as JSON, as events, as a file.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension, Form, Json,
    extract::{Request, State, rejection::FormRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, ORIGIN, RETRY_AFTER, SET_COOKIE},
    },
    middleware::Next,
    response::{
        IntoResponse as _, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};
use wrengate_app::{
    inspection::{self, Inspection},
    routes,
};
use wrengate_backend::{
    cookies::CookieKind,
    inspector::{self, Network, News, Watch},
};
use wrengate_protocol::{Secret, trace::Fingerprint};

use crate::{layers::origin, router::AppState};

/// How often a stream that has nothing to say says so: half of what an answer may wait for its reader.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a stream lasts; browsers then open another one.
const LONGEST_STREAM: Duration = Duration::from_mins(15);

/// When a browser opens another stream after the end of one: soon, since a sign-in that begins ends it.
const COMES_BACK: Duration = Duration::from_secs(1);

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request of our own pages through, or of somebody who typed the address.
///
/// # Security
/// The cookie is `SameSite=Strict`, so a page of another site would read an empty list; it gets none at
/// all. Another origin of the same site is another site here.
pub(crate) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_from_here(&state, request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_from_here(state: &AppState, headers: &HeaderMap) -> bool {
    let ours = state.services.config.http.public_origin.as_str();
    origin::is_or_absent(headers, &SEC_FETCH_SITE, &["same-origin", "none"])
        && origin::is_or_absent(headers, &ORIGIN, &[ours])
}

/// `GET /inspector/trace`: this browser's attempts, the newest first. Gives it the cookie by which the
/// next ones are found.
pub(crate) async fn trace(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let cookie = cookie(&state, &headers);
    let inspector = &state.services.inspector;
    let mut response = Json(inspector.traces(cookie.as_ref()).await).into_response();
    if let Some(cookie) = first(&state, cookie.as_ref()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Puts what the page shows with its request, and tells the cookie to give with the answer.
///
/// # Security
/// A link of another site comes without the cookie. It is shown nothing, and given no cookie in place of
/// the one that the browser has.
pub(crate) async fn prepare(state: &AppState, request: &mut Request) -> Option<HeaderValue> {
    let services = &state.services;
    let is_ours = request.uri().path() == routes::INSPECTOR && services.inspector.is_on();
    if !is_ours || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    if !is_from_here(state, request.headers()) {
        request.extensions_mut().insert(Inspection::default());
        return None;
    }
    let cookie = cookie(state, request.headers());
    let query = request.uri().query().unwrap_or_default();
    let wanted = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "sign-in").then(|| value.into_owned()));
    let unbroken = *request.uri() == *routes::INSPECTOR_UNBROKEN;
    request.extensions_mut().insert(Inspection {
        list: services.inspector.traces(cookie.as_ref()).await,
        wanted: wanted.and_then(|wanted| Fingerprint::try_from(wanted).ok()),
        switchboard: services.config.provider.switchboard.clone(),
        unbroken,
    });
    first(state, cookie.as_ref())
}

/// A moment, to the second (RFC 3339).
pub(crate) fn utc(unix_seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(unix_seconds).ok();
    moment
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// The cookie for a browser that has none.
///
/// # Security
/// One that has a cookie is not given it once more: the answer may come after that of a sign-in that gave it
/// another, and would take back the value that was to be of no use any more.
fn first(state: &AppState, presented: Option<&Secret<String>>) -> Option<HeaderValue> {
    presented.is_none().then(|| fresh(state)).flatten()
}

/// Another cookie by which a browser finds its own.
fn fresh(state: &AppState) -> Option<HeaderValue> {
    let secure = state.services.config.http.public_origin.is_https();
    let cookie = state.services.inspector.cookie(None)?;
    HeaderValue::from_str(&CookieKind::Inspector.set(secure, &cookie, inspector::COOKIE)).ok()
}

/// `GET /inspector/events`: the same as they happen. Each event is a whole attempt, in place of what was
/// told of it before; what is there already comes first.
pub(crate) async fn events(
    State(state): State<AppState>,
    Extension(Network(network)): Extension<Network>,
    headers: HeaderMap,
) -> Response {
    let cookie = cookie(&state, &headers);
    let Some(watch) = state.services.inspector.watch(cookie.as_ref(), network) else {
        let wait = [(RETRY_AFTER, HeaderValue::from_static("60"))];
        return (StatusCode::SERVICE_UNAVAILABLE, wait).into_response();
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(stream_of(watch, state.stopping.clone()))
        .keep_alive(keep_alive)
        .into_response()
}

/// `GET /inspector/report`: the same as a file, `?format=text` as one to read.
pub(crate) async fn report(
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let list = state
        .services
        .inspector
        .traces(cookie(&state, &headers).as_ref())
        .await;
    let query = uri.query().unwrap_or_default();
    let as_text = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "format" && value == "text");
    let (disposition, mut response) = if as_text {
        let kind = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        (
            "attachment; filename=\"wrengate-sign-ins.txt\"",
            (kind, inspector::report(&list)).into_response(),
        )
    } else {
        (
            "attachment; filename=\"wrengate-sign-ins.json\"",
            Json(list).into_response(),
        )
    };
    response
        .headers_mut()
        .insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

/// `POST /inspector/clear`: forgets this browser's attempts.
pub(crate) async fn clear(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let mut response = Redirect::to(routes::INSPECTOR).into_response();
    forget(&state, &headers, &mut response);
    response
}

/// The field of the form that breaks the next sign-in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Break {
    #[serde(default)]
    fault: String,
}

/// `POST /inspector/break`: arms a fault of the development provider and leads to the sign-in page.
///
/// # Security
/// Its route is there with the switchboard of the preset `local` on this machine alone; a fault is one of
/// those that the page offers.
pub(crate) async fn break_next(
    State(state): State<AppState>,
    headers: HeaderMap,
    form: Result<Form<Break>, FormRejection>,
) -> Redirect {
    let wanted = form.map(|Form(form)| form.fault).unwrap_or_default();
    let Some(fault) = inspection::fault(&wanted) else {
        return Redirect::to(routes::INSPECTOR);
    };
    let services = &state.services;
    let armed = (fault != inspection::NO_FAULT).then_some(fault);
    if !services.provider.arm(armed).await {
        return Redirect::to(routes::INSPECTOR_UNBROKEN);
    }
    let cookie = cookie(&state, &headers);
    services.inspector.breaks(cookie.as_ref(), fault);
    Redirect::to(routes::RUN_AGAIN)
}

/// Forgets this browser's attempts: they hold what its person may see and the next one may not. The next one
/// has another cookie too.
pub(crate) fn forget(state: &AppState, headers: &HeaderMap, response: &mut Response) {
    let Some(cookie) = cookie(state, headers) else {
        return;
    };
    state.services.inspector.clear(Some(&cookie));
    if let Some(cookie) = fresh(state) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

fn cookie(state: &AppState, headers: &HeaderMap) -> Option<Secret<String>> {
    let secure = state.services.config.http.public_origin.is_https();
    let values = headers.get_all(COOKIE).iter();
    CookieKind::Inspector.read(secure, values.filter_map(|value| value.to_str().ok()))
}

fn stream_of(
    watch: Watch,
    stopping: watch::Receiver<bool>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let end = Instant::now() + LONGEST_STREAM;
    let first = stream::iter([Ok(Event::default().retry(COMES_BACK))]);
    let parts = stream::unfold(
        (watch, stopping),
        move |(mut watch, mut stopping)| async move {
            let news = tokio::select! {
                news = watch.next() => news?,
                // An error means that the sender is gone, which also means to stop.
                _ = stopping.wait_for(|stop| *stop) => return None,
                () = sleep_until(end) => return None,
            };
            let events: Vec<_> = news.iter().map(|news| Ok(event(news))).collect();
            Some((stream::iter(events), (watch, stopping)))
        },
    );
    first.chain(parts.flatten())
}

fn event(news: &News) -> Event {
    match news {
        News::Trace(view) => named("trace", view),
        News::Gone { left } => named("gone", &json!({ "left": left })),
    }
}

fn named(name: &str, data: &impl serde::Serialize) -> Event {
    // A trace has text keys alone, which never fail to be written.
    Event::default()
        .event(name)
        .json_data(data)
        .unwrap_or_default()
}
