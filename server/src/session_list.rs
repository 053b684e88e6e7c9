//! Where an account is signed in, as its page shows it.

use time::{OffsetDateTime, macros::format_description};
use wrengate_app::page_data::{Device, SessionList, SessionRow};
use wrengate_backend::{
    Reference, Services,
    session::{self, BrowserName, Session},
    sign_in::SignInError,
    store::StoreError,
};

/// How many rows are shown at first.
const SHOWN: usize = 50;

/// How many are read at most: nobody looks through more.
const MOST: u16 = 500;

/// The list for whoever has this session: this browser first, then the last used.
///
/// A store that fails is said so on the page, which has other ways out.
pub(crate) async fn of(
    services: &Services,
    session: &Session,
    all: bool,
    reference: &Reference,
) -> SessionList {
    let read = services.sessions.of_account(session, u32::from(MOST) + 1);
    let sessions = match read.await {
        Ok(sessions) => sessions,
        Err(error) => {
            let operator = &services.operator;
            operator.log_failure(reference.as_str(), &SignInError::Store(error));
            return SessionList {
                failed: Some(reference.as_str().to_owned()),
                ..SessionList::default()
            };
        }
    };
    let others: Vec<_> = sessions
        .iter()
        .filter(|it| it.key != session.key)
        .take(usize::from(MOST))
        .collect();
    let shown = if all { others.len() } else { SHOWN - 1 };
    let this = SessionRow {
        key: None,
        ..row(session)
    };
    let rows = others.iter().take(shown).map(|session| row(session));
    SessionList {
        rows: std::iter::once(this).chain(rows).collect(),
        others: u32::try_from(others.len()).unwrap_or_default(),
        more: others.len() > shown,
        ..SessionList::default()
    }
}

/// The name of another browser of the account that `session` is of.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub(crate) async fn name_of_other(
    services: &Services,
    session: &Session,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let other = services.sessions.by_key(key).await?;
    let ours = other.filter(|other| other.owner() == session.owner());
    Ok(ours.and_then(|other| Some(browser(&other)?.to_string())))
}

fn row(session: &Session) -> SessionRow {
    let browser = browser(session);
    let device = browser.map_or(session::Device::Unknown, |browser| browser.device());
    SessionRow {
        key: Some(session.key.clone()),
        browser: browser.map(|browser| browser.to_string()),
        device: match device {
            session::Device::Computer => Device::Computer,
            session::Device::Phone => Device::Phone,
            session::Device::Unknown => Device::Unknown,
        },
        used: utc(session.last_used),
        began: utc(session.created),
    }
}

fn browser(session: &Session) -> Option<BrowserName> {
    BrowserName::of(session.user_agent.as_deref()?)
}

/// A moment, to the minute (RFC 3339).
fn utc(unix_seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]Z");
    let moment = OffsetDateTime::from_unix_timestamp(unix_seconds).ok();
    moment
        .and_then(|moment| moment.format(format).ok())
        .unwrap_or_default()
}
