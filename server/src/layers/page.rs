//! Before a page is drawn: who is asking, where they belong, and what the page may know.

use axum::{
    extract::{Extension, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{COOKIE, SET_COOKIE},
        uri::PathAndQuery,
    },
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use time::{OffsetDateTime, macros::format_description};
use wrengate_app::{
    page_data::{Notice, PageData, Person, ProviderState},
    routes,
};
use wrengate_backend::{
    Reference, Services, advice,
    cookies::CookieKind,
    preferences,
    provider::Readiness,
    session::{Activity, Lookup, Session, SessionId},
    sign_in::SignInError,
    store::StoreError,
};
use wrengate_protocol::{Failure, preferences::Preferences, return_to::ReturnTo};

use crate::router::AppState;

/// The one-time cookie that carries the result of a form to the next page; named like the others, so
/// that on https no other host can plant one.
const fn notice_name(secure: bool) -> &'static str {
    if secure {
        "__Host-wrengate-notice"
    } else {
        "wrengate-notice"
    }
}

/// What a browser says of who it is.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// The session cookie, where there is a usable one.
    pub(crate) session: Option<SessionId>,
}

impl Visitor {
    /// Reads the cookies.
    pub(crate) fn read(services: &Services, headers: &HeaderMap) -> Self {
        let secure = services.config.http.public_origin.is_https();
        let value = CookieKind::Session.read(secure, cookies(headers));
        Self {
            session: value.as_ref().and_then(SessionId::parse),
        }
    }

    /// Finds the session; a visit counts as activity.
    pub(crate) async fn look_up(&self, services: &Services) -> Result<Lookup, StoreError> {
        match &self.session {
            Some(id) => services.sessions.look_up(id, Activity::Person).await,
            None => Ok(Lookup::Absent),
        }
    }

    /// The same with what the account chose, or what the look-up found in place of a session.
    async fn look_up_with_preferences(
        &self,
        services: &Services,
    ) -> Result<Result<SignedIn, Lookup>, StoreError> {
        match self.look_up(services).await? {
            Lookup::Active(session) => {
                let chosen = preferences::find(&*services.store, &session).await?;
                Ok(Ok((session, chosen)))
            }
            nobody => Ok(Err(nobody)),
        }
    }
}

/// A session and what its account chose.
type SignedIn = (Box<Session>, Preferences);

/// Prepares a page, or sends the person where they belong.
///
/// `/callback` is the same for everybody, so nobody is looked up for it, and no notice is shown there.
pub(crate) async fn prepare(
    State(state): State<AppState>,
    Extension(reference): Extension<Reference>,
    mut request: Request,
    next: Next,
) -> Response {
    let services = &state.services;
    let path = request.uri().path().to_owned();
    let visitor = Visitor::read(services, request.headers());
    let is_visit = matches!(*request.method(), Method::GET | Method::HEAD);
    let for_everybody = path == routes::CALLBACK || !is_visit;
    let found = if for_everybody {
        Ok(Err(Lookup::Absent))
    } else {
        visitor.look_up_with_preferences(services).await
    };
    let session = match found {
        Ok(Ok(signed_in)) => Some(signed_in),
        Ok(Err(Lookup::Ended(failure))) if path == routes::ACCOUNT => {
            services
                .operator
                .log_plain_failure(reference.as_str(), failure);
            let mut response = Redirect::to(&routes::problem(failure)).into_response();
            clear_session_cookie(services, &mut response);
            return response;
        }
        Ok(Err(_)) => None,
        Err(error) if path == routes::ACCOUNT => {
            let error = SignInError::Store(error);
            services.operator.log_failure(reference.as_str(), &error);
            return Redirect::to(&routes::problem(Failure::StoreDown)).into_response();
        }
        Err(error) => {
            // The other pages are of use without knowing who reads them.
            tracing::warn!(error = %error, "a page was drawn without its session");
            None
        }
    };
    if is_visit
        && let Some(elsewhere) = belongs_elsewhere(services, request.uri(), session.is_some())
    {
        let mut response = Redirect::to(&elsewhere).into_response();
        if session.is_none() && visitor.session.is_some() {
            clear_session_cookie(services, &mut response);
        }
        return response;
    }
    let notice = notice(services, request.headers()).filter(|_| !for_everybody);
    let had_notice = notice.is_some();
    let mut data = page_data(services, session, notice);
    data.advice = how_to_fix(services, &path);
    request.extensions_mut().insert(data);
    let mut response = next.run(request).await;
    if had_notice {
        response
            .headers_mut()
            .append(SET_COOKIE, notice_cookie(services, None));
    }
    set_status(&path, &mut response);
    response
}

/// Signed in, the sign-in page leads on; signed out, the account page leads to signing in.
fn belongs_elsewhere(services: &Services, uri: &Uri, signed_in: bool) -> Option<String> {
    match (uri.path(), signed_in) {
        (routes::HOME, true) => {
            let query = uri.query().unwrap_or_default();
            let parameter = |wanted: &str| {
                form_urlencoded::parse(query.as_bytes())
                    .find_map(|(name, value)| (name == wanted).then_some(value))
            };
            if parameter("renew").is_some() {
                // Somebody whose session cannot be extended signs in before it ends.
                return None;
            }
            let wanted = parameter("return_to");
            let origin = services.config.http.public_origin.url();
            Some(
                ReturnTo::parse(wanted.as_deref(), origin)
                    .as_str()
                    .to_owned(),
            )
            .filter(|place| place != routes::HOME && !place.starts_with("/?"))
            .or_else(|| Some(routes::ACCOUNT.to_owned()))
        }
        (routes::ACCOUNT, false) => {
            let wanted = uri
                .path_and_query()
                .map_or(routes::ACCOUNT, PathAndQuery::as_str);
            Some(format!("{}?return_to={}", routes::HOME, as_value(wanted)))
        }
        _ => None,
    }
}

/// A local path as the value of a parameter: as readable as it can stay.
fn as_value(path: &str) -> String {
    let path = path.replace('%', "%25");
    path.replace('&', "%26").replace('+', "%2B")
}

fn page_data(services: &Services, signed_in: Option<SignedIn>, notice: Option<Notice>) -> PageData {
    PageData {
        client: services.config.public_client(),
        person: signed_in.map(|(session, preferences)| Person {
            access_ends_utc: session.access.expires_at.and_then(utc),
            renews: services
                .sessions
                .tokens(&session)
                .is_ok_and(|tokens| tokens.refresh_token.is_some()),
            account: session.account_tag(),
            ends: services.sessions.ends(&session),
            preferences,
            profile: session.profile,
            access: session.access,
        }),
        provider: match services.provider.readiness() {
            Readiness::Ready | Readiness::Unknown => ProviderState::Ready,
            Readiness::Failing(_) => ProviderState::Unreachable,
            Readiness::Troubled => ProviderState::Troubled,
        },
        notice,
        now: services.clock.now(),
        advice: Vec::new(),
    }
}

/// What to do about the failure of a page, in development: where the origin is http, browsers are on this
/// machine.
///
/// # Security
/// Behind https anybody may open the page, and how this installation is set up is not for anybody.
fn how_to_fix(services: &Services, path: &str) -> Vec<String> {
    let failure = path.strip_prefix("/problem/").and_then(Failure::from_code);
    match failure {
        Some(failure) if !services.config.http.public_origin.is_https() => {
            let advice = advice::how_to_fix(failure).iter();
            advice.map(|&advice| advice.to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// The page of a failure has the status of its failure, where it is that page and no refusal.
fn set_status(path: &str, response: &mut Response) {
    let Some(id) = path.strip_prefix("/problem/") else {
        return;
    };
    if response.status() != StatusCode::OK {
        return;
    }
    let failure = Failure::from_code(id).unwrap_or(Failure::NotFound);
    if let Some(status) = failure
        .status()
        .and_then(|status| StatusCode::from_u16(status).ok())
    {
        *response.status_mut() = status;
    }
}

/// Takes the session cookie back.
pub(crate) fn clear_session_cookie(services: &Services, response: &mut Response) {
    let secure = services.config.http.public_origin.is_https();
    if let Ok(cookie) = HeaderValue::from_str(&CookieKind::Session.clear(secure)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// The one-time cookie: for a minute, or gone.
pub(crate) fn notice_cookie(services: &Services, notice: Option<&Notice>) -> HeaderValue {
    let (value, max_age) = notice.map_or((String::new(), 0), |notice| (notice.to_code(), 60));
    let secure = services.config.http.public_origin.is_https();
    let name = notice_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; HttpOnly; SameSite=Lax{secure}; Path=/; Max-Age={max_age}");
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn notice(services: &Services, headers: &HeaderMap) -> Option<Notice> {
    let wanted = notice_name(services.config.http.public_origin.is_https());
    let cookies = cookies(headers).flat_map(|header| header.split(';'));
    let value = cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))?;
    Notice::from_code(value)
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
}

fn utc(unix_seconds: i64) -> Option<String> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(unix_seconds)
        .ok()?
        .format(format)
        .ok()
}
