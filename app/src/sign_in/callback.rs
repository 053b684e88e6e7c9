//! Steps 7 and 8: the `/callback` page.

use std::{future::Future, pin::Pin, time::Duration};

use leptos::prelude::*;
use wrengate_protocol::{
    Failure,
    callback::{Answer, CallbackError, UnmatchedCallback, ValidatedCallback},
    messages::{CompleteSignIn, Completion, Problem},
    secret::Carried,
};

use super::sign_in_button;
use crate::{
    api::{complete_sign_in, error::ApiError, session},
    browser::{
        attempt_store::{self, Flight, Taken},
        environment,
        location::{self, CallbackQuery},
        tabs::{self, News},
    },
    components::{ThreadState, boot, page_link, thread},
    copy::{self, Msg},
    element::{El, el},
    routes,
};

/// When the person is told that it takes longer, that it takes too long, and when waiting ends: the
/// server ends its own work after 30 seconds.
const PATIENCE: [Duration; 3] = [
    Duration::from_secs(4),
    Duration::from_secs(15),
    Duration::from_secs(45),
];

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// The answer is being checked; how long it has taken already.
    Working(Patience),
    /// There is nothing to finish.
    Empty,
    /// Another tab waited for this sign-in.
    Renewed,
    /// The answer could not be delivered and may be sent again as it is.
    Paused(Problem),
}

/// One try to finish, and what it may say on the page.
#[derive(Clone, Copy)]
struct Try {
    stage: RwSignal<Stage>,
    newest: StoredValue<u32>,
    number: u32,
}

impl Try {
    fn next(stage: RwSignal<Stage>, newest: StoredValue<u32>) -> Self {
        newest.update_value(|number| *number += 1);
        let number = newest.get_value();
        Self {
            stage,
            newest,
            number,
        }
    }

    /// What is shown, unless another try began or the page is another one by now.
    fn stage(self) -> Option<Stage> {
        let is_newest = self.newest.try_get_value() == Some(self.number);
        is_newest.then(|| self.stage.try_get_untracked()).flatten()
    }

    fn show(self, next: Stage) {
        if self.stage().is_some() {
            let has_heading = !matches!(next, Stage::Working(Patience::Slow | Patience::VerySlow));
            self.stage.set(next);
            if has_heading {
                // No path changed, so nobody else tells of the new heading.
                request_animation_frame(environment::tell_heading);
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Patience {
    Fresh,
    Slow,
    VerySlow,
}

/// Steps 7 and 8 of 10. The server draws it alike for everybody; the query is never in it.
pub(crate) fn callback_page() -> El {
    let stage = RwSignal::new(Stage::Working(Patience::Fresh));
    let newest = StoredValue::new(0);
    let query = StoredValue::new(use_context::<CallbackQuery>());
    environment::once_drawn(move || {
        let query = query.try_update_value(Option::take).flatten();
        environment::when_shown(move || {
            let this = Try::next(stage, newest);
            wait_with(this);
            environment::spawn(finish(query, this));
        });
    });

    el("section")
        .class("page callback")
        .child(el("div").class("stage").part(move || match stage.get() {
            Stage::Working(_) => working(),
            Stage::Empty => nothing_waiting(),
            Stage::Renewed => renewed(),
            Stage::Paused(problem) => paused(&problem, stage, newest),
        }))
        .child(
            el("p")
                .class("callback-late")
                .attr("role", "status")
                .text_of(move || late(&stage.get())),
        )
        .child(el("p").class("actions").part(move || {
            let is_late = stage.get() == Stage::Working(Patience::VerySlow);
            if is_late {
                ways(stage).into()
            } else {
                Vec::new()
            }
        }))
        .children(boot(Msg::CallbackFailedTitle, Msg::CallbackFailed, start_again()).into())
        .child(
            el("noscript")
                .child(el("p").class("message").say(Msg::CallbackNoscript))
                .child(el("p").child(start_again())),
        )
}

fn heading(text: Msg) -> El {
    el("h1").attr("tabindex", "-1").say(text)
}

fn start_again() -> El {
    page_link("way", routes::HOME, Msg::StartAgain)
}

fn button(class: &'static str, label: Msg) -> El {
    el("button").attr("type", "button").class(class).say(label)
}

fn working() -> Vec<El> {
    let marks = [Msg::StepDone, Msg::StepNow, Msg::StepWaiting];
    let steps = copy::CALLBACK_STEPS
        .into_iter()
        .zip(marks)
        .map(|(step, mark)| {
            let row = el("li")
                .child(el("span").say(step))
                .child(el("span").class("step-mark").say(mark));
            if mark == Msg::StepNow {
                row.attr("aria-current", "step")
            } else {
                row
            }
        });
    vec![
        heading(Msg::CallbackTitle),
        thread(ThreadState::Moving),
        el("ol").class("steps").children(steps.collect()),
    ]
}

/// How long it takes, where it takes long.
fn late(stage: &Stage) -> String {
    match stage {
        Stage::Working(Patience::Slow) => Msg::CallbackSlow.text(),
        Stage::Working(Patience::VerySlow) => Msg::CallbackVerySlow.text(),
        _ => String::new(),
    }
}

fn ways(stage: RwSignal<Stage>) -> [El; 2] {
    let keep_waiting = button("button button-quiet", Msg::KeepWaiting)
        .on_click(move || stage.set(Stage::Working(Patience::Slow)));
    [keep_waiting, start_again()]
}

fn nothing_waiting() -> Vec<El> {
    vec![
        heading(Msg::NothingWaitingTitle),
        el("p").class("lead").say(Msg::NothingWaiting),
        sign_in_button(Msg::Continue, None, Box::new(|| None), false),
    ]
}

fn renewed() -> Vec<El> {
    let account = page_link("button", routes::ACCOUNT, Msg::OpenAccountHere);
    vec![
        heading(Msg::RenewedTitle),
        el("p").class("lead").say(Msg::Renewed),
        el("p").class("actions").child(account),
    ]
}

fn paused(problem: &Problem, stage: RwSignal<Stage>, newest: StoredValue<u32>) -> Vec<El> {
    let row = copy::failure(problem.failure.unwrap_or(Failure::Unexpected));
    let again = move || {
        let this = Try::next(stage, newest);
        this.show(Stage::Working(Patience::Fresh));
        wait_with(this);
        environment::spawn(finish(None, this));
    };
    let this = Try {
        stage,
        newest,
        number: newest.get_value(),
    };
    if problem.failure == Some(Failure::Offline) {
        tabs::on_online(move || {
            if matches!(this.stage(), Some(Stage::Paused(_))) {
                again();
            }
        });
    }
    let body = row.body.with("{n}", &copy::wait(problem.retry_after));
    vec![
        thread(ThreadState::Broken(row.broken)),
        el("h1").attr("tabindex", "-1").say(row.title),
        el("p").class("lead").attr("role", "alert").string(body),
        el("p").say(Msg::CallbackPaused),
        el("p")
            .class("actions")
            .child(button("button", Msg::TryAgain).on_click(again))
            .child(start_again()),
    ]
}

/// Says how long it takes, and ends the wait.
fn wait_with(this: Try) {
    let [slow, very_slow, give_up] = PATIENCE;
    let if_working = move |then: Stage| {
        move || {
            if matches!(this.stage(), Some(Stage::Working(_))) {
                this.show(then);
            }
        }
    };
    environment::later(slow, if_working(Stage::Working(Patience::Slow)));
    environment::later(very_slow, if_working(Stage::Working(Patience::VerySlow)));
    let lost = Problem::new(Failure::AppUnreachable, String::new());
    environment::later(give_up, if_working(Stage::Paused(lost)));
}

/// Step 7 of 10: what the callback brought, or what a reload left behind.
async fn finish(query: Option<CallbackQuery>, this: Try) {
    let query = query.map(|query| query.0).unwrap_or_default();
    let flight = if query.len() > 1 {
        take(query)
    } else {
        Ok(attempt_store::in_flight())
    };
    let message = match flight {
        Ok(Some(flight)) => judge(flight),
        Ok(None) => {
            return if is_signed_in().await {
                location::replace(routes::ACCOUNT);
            } else {
                this.show(Stage::Empty);
            };
        }
        Err(failure) => Err(failure),
    };
    match message {
        Ok(message) => submit(message, this).await,
        // A link that this browser cannot use is no reason to stop somebody who is signed in.
        Err(Failure::StateUnmatched | Failure::AlreadyUsed) if is_signed_in().await => {
            location::replace(routes::ACCOUNT);
        }
        Err(failure) => end(Problem::new(failure, String::new())),
    }
}

/// Finds the attempt that the query answers, once.
///
/// # Security
/// No repeated parameter, then the state, then the rest: nothing of the answer is used, its error
/// included, before its state belongs to an attempt of this tab.
fn take(query: String) -> Result<Option<Flight>, Failure> {
    let callback = UnmatchedCallback::parse(&query).map_err(CallbackError::failure)?;
    match attempt_store::take(callback.state()) {
        Taken::Attempt(attempt) => Ok(Some(Flight {
            query: Carried::new(query),
            attempt,
        })),
        // Drawn anew inside the app, the page has the query that it began with.
        Taken::Before => match attempt_store::in_flight() {
            Some(flight) if flight.query.expose() == query.as_str() => Ok(Some(flight)),
            _ => Err(Failure::AlreadyUsed),
        },
        Taken::Unreadable => Err(Failure::VerifierLost),
        Taken::Nothing => Err(Failure::StateUnmatched),
    }
}

/// Makes the message out of the answer and the attempt it belongs to, and notes it for a reload.
fn judge(flight: Flight) -> Result<CompleteSignIn, Failure> {
    let callback =
        UnmatchedCallback::parse(flight.query.expose()).map_err(CallbackError::failure)?;
    let ValidatedCallback { state, iss, answer } =
        callback.judge().map_err(CallbackError::failure)?;
    attempt_store::set_in_flight(&flight);
    let nothing = CompleteSignIn {
        state: Carried::new(state.expose().to_owned()),
        iss,
        code: None,
        code_verifier: None,
        error: None,
        error_description: None,
    };
    Ok(match answer {
        Answer::Code(code) => CompleteSignIn {
            code: Some(Carried::new(code.expose().to_owned())),
            code_verifier: Some(flight.attempt.code_verifier),
            ..nothing
        },
        Answer::Refused { error, description } => CompleteSignIn {
            error: Some(error),
            error_description: description,
            ..nothing
        },
    })
}

/// Step 8 of 10: the answer crosses to the server; once more with the same body if it got lost.
async fn submit(message: CompleteSignIn, this: Try) {
    let mut tries = 0;
    let answer = loop {
        let answer = send(message.clone()).await;
        tries += 1;
        let lost = answer
            .as_ref()
            .is_err_and(|error| error.failure() == Failure::AppUnreachable);
        if tries == 2 || !lost {
            break answer;
        }
    };
    match answer {
        Ok(Completion {
            failure: None,
            return_to,
            ..
        }) => {
            attempt_store::clear_in_flight();
            if return_to == routes::RENEWED {
                tabs::tell(News::SignedIn);
                this.show(Stage::Renewed);
            } else {
                location::replace(&return_to);
            }
        }
        Ok(outcome) => end(Problem {
            failure: outcome.failure,
            reference: outcome.reference.unwrap_or_default(),
            retry_after: None,
            provider_says: outcome.provider_says,
            return_to: Some(outcome.return_to),
        }),
        Err(error) if error.failure() == Failure::AppUnreachable => {
            let failure = if environment::is_online() {
                Failure::AppUnreachable
            } else {
                Failure::Offline
            };
            this.show(Stage::Paused(Problem {
                failure: Some(failure),
                ..error.0
            }));
        }
        // Nothing was done with a call that the server does not understand; loaded anew, the page can
        // make one that it does.
        Err(error)
            if error.failure() == Failure::PageOutdated
                || error.failure().allows_same_body_again() =>
        {
            this.show(Stage::Paused(Problem {
                failure: Some(error.failure()),
                ..error.0
            }));
        }
        Err(error) if error.failure() == Failure::AlreadyUsed && is_signed_in().await => {
            attempt_store::clear_in_flight();
            location::replace(error.0.return_to.as_deref().unwrap_or(routes::ACCOUNT));
        }
        Err(error) => end(Problem {
            failure: Some(error.failure()),
            ..error.0
        }),
    }
}

/// Whether this browser is signed in by now.
async fn is_signed_in() -> bool {
    let asked: Pin<Box<dyn Future<Output = bool>>> = Box::pin(async { session().await.is_ok() });
    asked.await
}

async fn send(message: CompleteSignIn) -> Result<Completion, ApiError> {
    let CompleteSignIn {
        state,
        iss,
        code,
        code_verifier,
        error,
        error_description,
    } = message;
    complete_sign_in(state, iss, code, code_verifier, error, error_description).await
}

/// A final outcome: the page of the problem, with a note of what the server said.
fn end(problem: Problem) {
    attempt_store::clear_in_flight();
    let failure = problem.failure.unwrap_or(Failure::Unexpected);
    attempt_store::note_problem(problem);
    location::replace(&routes::problem(failure));
}
