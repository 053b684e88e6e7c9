//! Before a page is drawn: who is asking, where they belong, and what the page may know.

use axum::{
    extract::{Extension, Request, State},
    http::{Method, StatusCode, Uri, header::SET_COOKIE, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use wrengate_app::{
    page_data::{Notice, PageData, Person, ProviderState, SessionList},
    routes,
};
use wrengate_backend::{
    Reference, Services, advice,
    guard::{Guard, Refused},
    preferences,
    provider::Readiness,
    session::{Session, SessionId},
};
use wrengate_protocol::{Failure, preferences::Preferences, return_to::ReturnTo};

use crate::{
    display,
    farewell::{self, Outcome},
    guard::{self, Asked},
    inspector,
    notice::{self, Told},
    one_time::utc,
    router::AppState,
    session_list,
};

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
    let id = guard::presented(services, request.headers());
    let is_visit = matches!(*request.method(), Method::GET | Method::HEAD);
    let for_everybody = path == routes::CALLBACK || !is_visit;
    let found = if for_everybody {
        Err(Refused::Nobody)
    } else {
        signed_in(services, id.as_ref()).await
    };
    let person = match found {
        Ok(person) => Some(person),
        Err(refused) if is_visit && routes::place(&path).is_personal() => {
            let wanted = request.uri().path_and_query().map(PathAndQuery::as_str);
            let asked = Asked::Page(wanted.unwrap_or(routes::ACCOUNT));
            return guard::refuse(services, &reference, refused, asked, id.is_some());
        }
        Err(Refused::Store(error)) => {
            // The other pages are of use without knowing who reads them.
            tracing::warn!(error = %error, "a page was drawn without its session");
            None
        }
        Err(_) => None,
    };
    if person.is_some()
        && let Some(place) = way_on(services, request.uri())
    {
        return Redirect::to(&place).into_response();
    }
    let told = notice::read(services, request.headers()).filter(|_| !for_everybody);
    let had_notice = told.is_some();
    let display = display::of(&state, request.headers(), told == Some(Told::Display));
    let (notice, ended) = told.map_or((None, None), Told::parts);
    let mut data = page_data(services, person.as_ref(), notice);
    let had_farewell = say_farewell(services, &request, &mut data);
    data.advice = how_to_fix(services, &path);
    if let Some((session, _)) = person.filter(|_| path == routes::SESSIONS) {
        let all = request.uri().query() == Some(routes::ALL);
        let list = session_list::of(services, &session, all, &reference).await;
        data.sessions = Some(SessionList { ended, ..list });
    }
    let inspected = inspector::prepare(&state, &mut request).await;
    let language = state.spoken.for_browser(request.headers()).clone();
    request.extensions_mut().insert((data, language));
    request.extensions_mut().insert(display);
    let mut response = next.run(request).await;
    if let Some(cookie) = inspected {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    if had_notice {
        notice::clear(services, &mut response);
    }
    if had_farewell {
        farewell::clear(services, &mut response);
    }
    set_status(&path, &mut response);
    response
}

/// Puts in what a sign-out came to, where one led here; its cookie is to be taken back then.
fn say_farewell(services: &Services, request: &Request, data: &mut PageData) -> bool {
    let is_visit = matches!(*request.method(), Method::GET | Method::HEAD);
    let outcome = (request.uri().path() == routes::SIGNED_OUT && is_visit)
        .then(|| Outcome::read(services, request.headers()))
        .flatten();
    data.farewell = outcome.map(|outcome| outcome.for_page(state_of(request.uri()).as_deref()));
    data.farewell.is_some()
}

/// The state that the provider brought back from its own sign-out.
fn state_of(uri: &Uri) -> Option<String> {
    let query = uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query)
        .find_map(|(name, value)| (name == "state").then(|| value.into_owned()))
}

/// Where somebody who is signed in is led from a page for those who are not. `None` from other pages, and
/// from the sign-in page for somebody whose session cannot be extended, who signs in before it ends, and for
/// whoever looks at how signing in goes.
fn way_on(services: &Services, uri: &Uri) -> Option<String> {
    match uri.path() {
        routes::HOME => {}
        // What a sign-out came to is kept for whoever signed out, and is over soon.
        routes::SIGNED_OUT => return Some(routes::ACCOUNT.to_owned()),
        _ => return None,
    }
    let query = uri.query().unwrap_or_default();
    let parameter = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find_map(|(name, value)| (name == wanted).then_some(value))
    };
    if parameter("renew").or_else(|| parameter("again")).is_some() {
        return None;
    }
    let origin = services.config.http.public_origin.url();
    let place = ReturnTo::parse(parameter("return_to").as_deref(), origin);
    Some(match place.as_str() {
        routes::HOME => routes::ACCOUNT.to_owned(),
        place if place.starts_with("/?") => routes::ACCOUNT.to_owned(),
        place => place.to_owned(),
    })
}

/// Who visits, with what their account chose.
async fn signed_in(services: &Services, id: Option<&SessionId>) -> Result<SignedIn, Refused> {
    let session = Guard::signed_in().check(services, id).await?;
    match preferences::find(&*services.store, &session).await {
        Ok(chosen) => Ok((session, chosen)),
        Err(error) => Err(Refused::Store(error)),
    }
}

fn page_data(
    services: &Services,
    signed_in: Option<&SignedIn>,
    notice: Option<Notice>,
) -> PageData {
    PageData {
        client: services.config.public_client(),
        signed_in: signed_in.is_some(),
        person: signed_in.map(|(session, preferences)| Person {
            access_ends_utc: session.access.expires_at.and_then(utc),
            renews: session.has_refresh_token(),
            account: session.account_tag(),
            ends: services.sessions.ends(session),
            preferences: preferences.clone(),
            profile: session.profile.clone(),
            profile_read: session.profile_read,
            profile_read_utc: utc(session.profile_read),
            access: session.access.clone(),
        }),
        provider: match services.provider.readiness() {
            Readiness::Ready | Readiness::Unknown => ProviderState::Ready,
            Readiness::Failing(_) => ProviderState::Unreachable,
            Readiness::Troubled => ProviderState::Troubled,
        },
        notice,
        now: services.clock.now(),
        advice: Vec::new(),
        farewell: None,
        inspector: services.inspector.is_on(),
        provider_signs_out: signed_in.is_some() && services.sign_out.leads_on_to().is_some(),
        sessions: None,
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
