//! Steps 1 to 5: the button and what it sets off.

use std::time::Duration;

use leptos::prelude::*;
use wrengate_protocol::{
    Failure, attempt::SavedAttempt, authorize::Prompt, pkce::CodeVerifier, secret::Carried,
    state::State,
};

use crate::{
    api::{begin_sign_in, error::ApiError},
    browser::{attempt_store, environment, location, random},
    copy::{self, Words},
    element::{El, el},
    page_data::page_data,
    routes,
};

/// When the person is told that it takes longer.
const SLOW: Duration = Duration::from_secs(4);

/// When waiting ends.
const GIVE_UP: Duration = Duration::from_secs(10);

/// How far a press has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Ready,
    Working,
    Slow,
    Stopped(Failure, Option<u32>),
}

impl Progress {
    const fn is_busy(self) -> bool {
        matches!(self, Self::Working | Self::Slow)
    }
}

/// Where to go after signing in, asked when the button is pressed.
pub(crate) type ReturnTo = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// Step 1 of 10: the button that starts a sign-in, with its own status and alert.
///
/// Where the app does not run, the style sheet shows a link to the sign-in page in its place, which
/// says what is missing.
///
/// `prompt` is what to ask of the person at the provider; `quiet` is for one of several ways on that
/// is not the main one.
pub(crate) fn sign_in_button(
    label: &'static str,
    prompt: Option<Prompt>,
    return_to: ReturnTo,
    quiet: bool,
) -> El {
    let words = StoredValue::new(Words::of(&page_data().client));
    let fill = move |sentence: &str| words.with_value(|words| words.fill(sentence));
    let progress = RwSignal::new(Progress::Ready);
    let run = StoredValue::new(0_u32);

    let press = move || {
        if progress.get_untracked().is_busy() {
            return;
        }
        run.update_value(|run| *run += 1);
        let this_run = run.get_value();
        let still = move || run.get_value() == this_run && progress.get_untracked().is_busy();
        let set_if_still = move |next: Progress| {
            if still() {
                progress.set(next);
            }
        };
        progress.set(Progress::Working);
        environment::later(SLOW, move || set_if_still(Progress::Slow));
        environment::later(GIVE_UP, move || {
            set_if_still(Progress::Stopped(Failure::ProviderTimeout, None));
        });
        let return_to = return_to();
        environment::spawn(async move {
            if let Err(error) = start(return_to, prompt).await {
                set_if_still(Progress::Stopped(error.failure(), error.0.retry_after));
            }
        });
    };

    let now = move || match progress.get() {
        progress if progress.is_busy() => fill(copy::LEAVING),
        Progress::Stopped(..) => copy::TRY_AGAIN.to_owned(),
        _ => fill(label),
    };
    let status = move || match progress.get() {
        Progress::Working => fill(copy::LEAVING),
        Progress::Slow => fill(copy::PREPARING),
        Progress::Ready | Progress::Stopped(..) => String::new(),
    };
    let alert = move || match progress.get() {
        Progress::Stopped(failure, retry_after) => why_not(failure, retry_after, fill),
        _ => String::new(),
    };

    el("div")
        .class("start")
        .child(
            el("button")
                .attr("type", "button")
                .class(if quiet {
                    "button button-quiet"
                } else {
                    "button"
                })
                .attr("data-start", "")
                .attr_when("aria-disabled", move || {
                    progress.get().is_busy().then(|| "true".to_owned())
                })
                .on_click(press)
                .child(el("span").class("start-label").text_of(now))
                .child(
                    el("span")
                        .class("start-wait")
                        .attr("aria-hidden", "true")
                        .text(copy::GETTING_READY),
                ),
        )
        .child(
            el("a")
                .class("button start-without")
                .attr("href", routes::HOME)
                .attr("rel", "external")
                .string(fill(label)),
        )
        .child(
            el("p")
                .class("start-status")
                .attr("role", "status")
                .text_of(status),
        )
        .child(
            el("p")
                .class("start-alert")
                .attr("role", "alert")
                .text_of(alert),
        )
}

/// Steps 2 to 5 of 10.
async fn start(return_to: Option<String>, prompt: Option<Prompt>) -> Result<(), ApiError> {
    environment::check().map_err(local)?;
    let verifier = CodeVerifier::from_random(&random::bytes32().map_err(local)?);
    let state = State::from_random(&random::bytes32().map_err(local)?);
    if !attempt_store::save(&state, SavedAttempt::new(&verifier, environment::now_ms())) {
        return Err(local(Failure::StorageBlocked));
    }
    let challenge = verifier.challenge().as_str().to_owned();
    let carried = Carried::new(state.expose().to_owned());
    match begin_sign_in(challenge, carried, return_to, prompt).await {
        Ok(begun) if location::leave_for(&begun.authorization_url) => Ok(()),
        Ok(_) => {
            attempt_store::forget(&state);
            Err(local(Failure::MetadataWrong))
        }
        Err(error) => {
            attempt_store::forget(&state);
            Err(error)
        }
    }
}

/// A failure that the browser found by itself, before anything was sent.
fn local(failure: Failure) -> ApiError {
    ApiError(wrengate_protocol::messages::Problem::new(
        failure,
        String::new(),
    ))
}

/// Why the sign-in did not start, in words for the place beside the button.
fn why_not(failure: Failure, retry_after: Option<u32>, fill: impl Fn(&str) -> String) -> String {
    match failure {
        Failure::ProviderUnreachable | Failure::ProviderTimeout => fill(copy::COULD_NOT_START),
        Failure::AppUnreachable if !environment::is_online() => fill(copy::OFFLINE_AT_START),
        Failure::Offline => fill(copy::OFFLINE_AT_START),
        failure => {
            let row = copy::failure(failure);
            let body = fill(row.body).replace("{n}", &copy::wait(retry_after));
            format!("{}. {body}", fill(row.title))
        }
    }
}
