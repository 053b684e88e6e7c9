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
    copy::{self, Msg},
    element::{El, el},
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
    /// The browser is on its way to the provider, however long that takes.
    Away,
    Stopped(Failure, Option<u32>),
}

impl Progress {
    const fn is_busy(self) -> bool {
        matches!(self, Self::Working | Self::Slow | Self::Away)
    }
}

/// The number of the newest press on this page, of whichever of its buttons: it is what the person wants.
#[derive(Clone, Copy, Default)]
struct Newest(RwSignal<u32>);

/// Lets a press of one button overtake that of another. To be called once, before the page is drawn.
pub(crate) fn number_presses() {
    provide_context(Newest::default());
}

/// The presses of one button, and how far the last one has come.
#[derive(Clone, Copy)]
struct Presses {
    newest: RwSignal<u32>,
    own: StoredValue<u32>,
    come: RwSignal<Progress>,
}

impl Presses {
    fn new() -> Self {
        let Newest(newest) = use_context().unwrap_or_default();
        Self {
            newest,
            own: StoredValue::new(0),
            come: RwSignal::new(Progress::Ready),
        }
    }

    /// Ready again once another button was pressed.
    fn progress(self) -> Progress {
        if self.own.get_value() == self.newest.get() {
            self.come.get()
        } else {
            Progress::Ready
        }
    }

    fn press(self, return_to: Option<String>, prompt: Option<Prompt>) {
        let Self { newest, own, come } = self;
        if untrack(|| self.progress()).is_busy() {
            return;
        }
        newest.update(|number| *number += 1);
        let number = newest.get_untracked();
        own.set_value(number);
        come.set(Progress::Working);
        // The page may be another one by then, and its button gone.
        let still = move || {
            let come = come.try_get_untracked();
            come.filter(|come| newest.get_untracked() == number && come.is_busy())
        };
        let go_on = move |next: fn(Progress) -> Progress| {
            if let Some(now) = still() {
                come.set(next(now));
            }
        };
        environment::later(SLOW, move || {
            go_on(|now| match now {
                Progress::Working => Progress::Slow,
                now => now,
            });
        });
        environment::later(GIVE_UP, move || {
            go_on(|now| match now {
                // It has started, and may have been stopped by hand.
                Progress::Away => Progress::Ready,
                _ => Progress::Stopped(Failure::ProviderTimeout, None),
            });
        });
        environment::spawn(async move {
            let next = match start(return_to, prompt, || still().is_some()).await {
                Ok(()) => Progress::Away,
                Err(error) => Progress::Stopped(error.failure(), error.0.retry_after),
            };
            if still().is_some() {
                come.set(next);
            }
        });
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
    label: Msg,
    prompt: Option<Prompt>,
    return_to: ReturnTo,
    quiet: bool,
) -> El {
    let presses = Presses::new();
    let progress = move || presses.progress();
    let press = move || presses.press(return_to(), prompt);

    let now = move || match progress() {
        progress if progress.is_busy() => Msg::Leaving.text(),
        Progress::Stopped(..) => Msg::TryAgain.text(),
        _ => label.text(),
    };
    let status = move || match progress() {
        Progress::Working | Progress::Away => Msg::Leaving.text(),
        Progress::Slow => Msg::Preparing.text(),
        Progress::Ready | Progress::Stopped(..) => String::new(),
    };
    let alert = move || match progress() {
        Progress::Stopped(failure, retry_after) => why_not(failure, retry_after),
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
                    progress().is_busy().then(|| "true".to_owned())
                })
                .on_click(press)
                .child(el("span").class("start-label").text_of(now))
                .child(
                    el("span")
                        .class("start-wait")
                        .attr("aria-hidden", "true")
                        .say(Msg::GettingReady),
                ),
        )
        .child(
            el("a")
                .class("button start-without")
                .attr("href", routes::HOME)
                .attr("rel", "external")
                .string(label.text()),
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

/// Steps 2 to 5 of 10. The page is left only where that is `still` wanted once the address is known.
async fn start(
    return_to: Option<String>,
    prompt: Option<Prompt>,
    still: impl Fn() -> bool,
) -> Result<(), ApiError> {
    environment::check().map_err(local)?;
    let verifier = CodeVerifier::from_random(&random::bytes32().map_err(local)?);
    let state = State::from_random(&random::bytes32().map_err(local)?);
    if !attempt_store::save(&state, SavedAttempt::new(&verifier, environment::now_ms())) {
        return Err(local(Failure::StorageBlocked));
    }
    let challenge = verifier.challenge().as_str().to_owned();
    let carried = Carried::new(state.expose().to_owned());
    match begin_sign_in(challenge, carried, return_to, prompt).await {
        Ok(_) if !still() => {
            attempt_store::forget(&state);
            Ok(())
        }
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
fn why_not(failure: Failure, retry_after: Option<u32>) -> String {
    match failure {
        Failure::ProviderUnreachable | Failure::ProviderTimeout => Msg::CouldNotStart.text(),
        Failure::AppUnreachable if !environment::is_online() => Msg::OfflineAtStart.text(),
        Failure::Offline => Msg::OfflineAtStart.text(),
        failure => {
            let row = copy::failure(failure);
            let body = row.body.with("{n}", &copy::wait(retry_after));
            Msg::ProblemSentence
                .with("{title}", &row.title.text())
                .replace("{body}", &body)
        }
    }
}
