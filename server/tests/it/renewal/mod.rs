//! Access tokens that end while the session lasts (E15 to E20, D7).

mod answers;
mod keys;
mod one_flight;
mod refusals;
mod replicas;
mod store_trouble;
mod userinfo;

use serde_json::{Value, json};
use wrengate_backend::store::{IdRecord, SessionRecord, SessionStore as _};
use wrengate_protocol::encoding::sha256;

use crate::rig::{
    Answer, Browser, NOW, Outcome, Plan, World,
    kinds::{Kind, Place},
};

/// How long the first access token of a session lives, in seconds.
const LIFE: i64 = 300;

/// Signs alice in, with an access token that lives five minutes.
async fn signed_in(world: &World) -> Outcome<Browser> {
    world.provider.token_members(json!({"expires_in": LIFE}));
    let mut browser = Browser::at(world);
    let signing = browser.begin().await?;
    let mut arrival = world.provider.authorize(&signing.url, "alice")?;
    arrival.iss = Some(world.provider.origin.clone());
    let answer = browser.complete(&signing, &arrival).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    browser.session().await?;
    Ok(browser)
}

/// Asks for the profile, as the account page does.
async fn refresh(browser: &mut Browser) -> Outcome<Answer> {
    browser
        .send(browser.call("refresh_profile", &json!({})))
        .await
}

/// Asks for it and gets it.
async fn check_refreshes(row: &str, browser: &mut Browser) -> Outcome<Value> {
    let answer = refresh(browser).await?;
    assert_eq!(answer.status, 200, "{row}: {}", answer.text());
    answer.json()
}

/// Asks for it in a task of its own, in the browser's name.
fn refreshing(browser: &Browser) -> tokio::task::JoinHandle<Outcome<(Browser, Answer)>> {
    let mut browser = browser.clone();
    tokio::spawn(async move {
        let answer = refresh(&mut browser).await?;
        Ok((browser, answer))
    })
}

/// The session as it is stored.
async fn stored(world: &World, browser: &Browser) -> Outcome<SessionRecord> {
    let id = browser.session_cookie().ok_or("no session")?;
    let found = world.store.find_session_id(&sha256(id), NOW).await?;
    match found {
        Some(IdRecord::Live { session, .. }) => Ok(*session),
        other => Err(format!("{other:?}").into()),
    }
}

/// What came with a request to userinfo.
fn bearer(world: &World) -> Vec<String> {
    let asked = world.provider.asked("/userinfo");
    let token = |headers: &axum::http::HeaderMap| {
        let value = headers.get("authorization")?.to_str().ok()?;
        value.strip_prefix("Bearer ").map(str::to_owned)
    };
    asked
        .iter()
        .filter_map(|asked| token(&asked.headers))
        .collect()
}

/// The session ended for this reason: the cookie is taken back, whoever comes with it again learns
/// `later`, and the provider hears no more of it.
async fn check_ended(world: &World, before: &Browser, answer: &Answer, later: &str) -> Outcome {
    let cookies = answer.all("set-cookie");
    let taken_back = cookies.iter().any(|it| it.ends_with("Max-Age=0"));
    assert!(taken_back, "{cookies:?}");
    let calls = world.provider.calls();
    for _ in 0..3 {
        let again = refresh(&mut before.clone()).await?;
        crate::rig::check_failure("again", &again, 401, later)?;
    }
    assert!(!before.clone().is_signed_in().await?);
    assert_eq!(world.provider.calls(), calls, "no further call");
    Ok(())
}

/// Two processes of one installation, with a store that both use.
struct Replicas {
    one: World,
    other: World,
    _place: Place,
}

const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

impl Replicas {
    async fn start(kind: Kind) -> Outcome<Self> {
        Self::with(kind, key, key).await
    }

    /// With other settings each.
    async fn with(
        kind: Kind,
        one: impl FnOnce(Plan) -> Plan,
        other: impl FnOnce(Plan) -> Plan,
    ) -> Outcome<Self> {
        let place = kind.place().await?;
        let plan = || Plan::new().https().store(&place);
        let one = one(plan()).start().await?;
        let other = other(plan().beside(&one)).start().await?;
        Ok(Self {
            one,
            other,
            _place: place,
        })
    }

    /// The same browser, at the door of the other one.
    fn at_the_other(&self, browser: &Browser) -> Browser {
        let mut there = Browser::at(&self.other);
        there.cookies.clone_from(&browser.cookies);
        there
    }
}

/// The key, for settings.
fn key(plan: Plan) -> Plan {
    plan.setting("WRENGATE_KEYS", KEY)
}

/// Waits for calls and gives their answers.
async fn answers(
    calls: Vec<tokio::task::JoinHandle<Outcome<(Browser, Answer)>>>,
) -> Outcome<Vec<Answer>> {
    let mut answers = Vec::with_capacity(calls.len());
    for call in calls {
        answers.push(call.await??.1);
    }
    Ok(answers)
}
