//! Steps 7 and 8: the `/callback` page.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use wrengate_protocol::{
    Failure,
    callback::{Answer, CallbackError, UnmatchedCallback, ValidatedCallback},
    messages::{CompleteSignIn, Completion, Problem},
    secret::Carried,
};

use super::SignInButton;
use crate::{
    api::{complete_sign_in, error::ApiError, session},
    browser::{
        attempt_store::{self, Taken},
        environment,
        location::{self, CallbackQuery},
    },
    components::{Boot, Thread, ThreadState},
    copy::{self, Words},
    page_data::page_data,
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
    /// The answer could not be delivered and may be sent again as it is.
    Paused(Problem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Patience {
    Fresh,
    Slow,
    VerySlow,
}

/// Steps 7 and 8 of 10. The server draws it alike for everybody; the query is never in it.
#[component]
pub(crate) fn CallbackPage() -> impl IntoView {
    let words = StoredValue::new(Words::of(&page_data().client));
    let fill = move |sentence: &str| words.with_value(|words| words.fill(sentence));
    let stage = RwSignal::new(Stage::Working(Patience::Fresh));
    let query = StoredValue::new_local(use_context::<CallbackQuery>());
    let nowhere = Signal::stored(None::<String>);

    Effect::new(move |_| {
        let query = query.try_update_value(Option::take).flatten();
        environment::when_shown(move || {
            wait_with(stage);
            spawn_local(finish(query, stage));
        });
    });

    let content = move || match stage.get() {
        Stage::Working(patience) => working(patience, stage, fill).into_any(),
        Stage::Empty => view! {
            <h1 tabindex="-1">{copy::NOTHING_WAITING_TITLE}</h1>
            <p class="lead">{copy::NOTHING_WAITING}</p>
            <SignInButton label=copy::CONTINUE return_to=nowhere/>
        }
        .into_any(),
        Stage::Paused(problem) => paused(&problem, stage, fill).into_any(),
    };

    view! {
        <Title text=copy::CALLBACK_TITLE/>
        <section class="page callback">
            {content}
            <Boot title=copy::CALLBACK_FAILED_TITLE body=copy::CALLBACK_FAILED/>
            <noscript>
                <p class="message">
                    "This page needs JavaScript and WebAssembly to finish your sign-in. "
                    "Turn on JavaScript, then start again. You're not signed in yet."
                </p>
                <p><a href="/">"Start again"</a></p>
            </noscript>
        </section>
    }
}

fn working(
    patience: Patience,
    stage: RwSignal<Stage>,
    fill: impl Fn(&str) -> String + Copy + Send + 'static,
) -> impl IntoView {
    let marks = [copy::STEP_DONE, copy::STEP_NOW, copy::STEP_WAITING];
    let steps = copy::CALLBACK_STEPS
        .into_iter()
        .zip(marks)
        .map(|(step, mark)| {
            let current = (mark == copy::STEP_NOW).then_some("step");
            view! {
                <li aria-current=current>
                    <span>{fill(step)}</span>
                    <span class="step-mark">{mark}</span>
                </li>
            }
        });
    let late = match patience {
        Patience::Fresh => String::new(),
        Patience::Slow => fill(copy::CALLBACK_SLOW),
        Patience::VerySlow => fill(copy::CALLBACK_VERY_SLOW),
    };
    view! {
        <h1 tabindex="-1">{copy::CALLBACK_TITLE}</h1>
        <Thread state=ThreadState::Moving/>
        <ol class="steps">{steps.collect_view()}</ol>
        <p class="callback-late" role="status">{late}</p>
        {(patience == Patience::VerySlow).then(|| view! {
            <p class="actions">
                <button
                    type="button"
                    class="button button-quiet"
                    on:click=move |_| stage.set(Stage::Working(Patience::Slow))
                >
                    {copy::KEEP_WAITING}
                </button>
                <a href=routes::HOME rel="external">{copy::START_AGAIN}</a>
            </p>
        })}
    }
}

fn paused(
    problem: &Problem,
    stage: RwSignal<Stage>,
    fill: impl Fn(&str) -> String,
) -> impl IntoView {
    let failure = problem.failure.unwrap_or(Failure::Unexpected);
    let row = copy::failure(failure);
    let again = move |_| {
        if let Some(message) = attempt_store::in_flight() {
            stage.set(Stage::Working(Patience::Fresh));
            wait_with(stage);
            spawn_local(submit(message, stage));
        } else {
            location::replace(routes::HOME);
        }
    };
    view! {
        <Thread state=ThreadState::Broken(row.broken)/>
        <h1 tabindex="-1">{fill(row.title)}</h1>
        <p class="lead" role="alert">
            {fill(row.body).replace("{n}", &copy::wait(problem.retry_after))}
        </p>
        <p>{copy::CALLBACK_PAUSED}</p>
        <p class="actions">
            <button type="button" class="button" on:click=again>{copy::TRY_AGAIN}</button>
            <a href=routes::HOME rel="external">{copy::START_AGAIN}</a>
        </p>
    }
}

/// Says how long it takes, and ends the wait.
fn wait_with(stage: RwSignal<Stage>) {
    let [slow, very_slow, give_up] = PATIENCE;
    let if_working = move |then: Stage| {
        move || {
            if matches!(stage.get_untracked(), Stage::Working(_)) {
                stage.set(then);
            }
        }
    };
    set_timeout(if_working(Stage::Working(Patience::Slow)), slow);
    set_timeout(if_working(Stage::Working(Patience::VerySlow)), very_slow);
    let lost = Problem::new(Failure::AppUnreachable, String::new());
    set_timeout(if_working(Stage::Paused(lost)), give_up);
}

/// Step 7 of 10: what the callback brought, or what a reload left behind.
async fn finish(query: Option<CallbackQuery>, stage: RwSignal<Stage>) {
    let query = query.map(|query| query.0).unwrap_or_default();
    if query.trim_start_matches('?').is_empty() {
        if let Some(message) = attempt_store::in_flight() {
            submit(message, stage).await;
        } else if session().await.is_ok() {
            location::replace(routes::ACCOUNT);
        } else {
            stage.set(Stage::Empty);
        }
        return;
    }
    match judge(&query) {
        Ok(message) => submit(message, stage).await,
        // A link that this browser cannot use is no reason to stop somebody who is signed in.
        Err(Failure::StateUnmatched | Failure::AlreadyUsed) if session().await.is_ok() => {
            location::replace(routes::ACCOUNT);
        }
        Err(failure) => end(Problem::new(failure, String::new())),
    }
}

/// No repeated parameter, then the state, then the rest.
///
/// # Security
/// Nothing of the answer is used, its error included, before its state belongs to an attempt of
/// this tab; and that attempt is taken once.
fn judge(query: &str) -> Result<CompleteSignIn, Failure> {
    let callback = UnmatchedCallback::parse(query).map_err(CallbackError::failure)?;
    let attempt = match attempt_store::take(callback.state()) {
        Taken::Attempt(attempt) => attempt,
        Taken::Before => return Err(Failure::AlreadyUsed),
        Taken::Unreadable => return Err(Failure::VerifierLost),
        Taken::Nothing => return Err(Failure::StateUnmatched),
    };
    let ValidatedCallback { state, iss, answer } =
        callback.judge().map_err(CallbackError::failure)?;
    let state = Carried::new(state.expose().to_owned());
    let nothing = CompleteSignIn {
        state,
        iss,
        code: None,
        code_verifier: None,
        error: None,
        error_description: None,
    };
    Ok(match answer {
        Answer::Code(code) => CompleteSignIn {
            code: Some(Carried::new(code.expose().to_owned())),
            code_verifier: Some(attempt.code_verifier),
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
async fn submit(message: CompleteSignIn, stage: RwSignal<Stage>) {
    attempt_store::set_in_flight(&message);
    let mut answer = send(message.clone()).await;
    if answer
        .as_ref()
        .is_err_and(|error| error.failure() == Failure::AppUnreachable)
    {
        answer = send(message).await;
    }
    match answer {
        Ok(Completion {
            failure: None,
            return_to,
            ..
        }) => {
            attempt_store::clear_in_flight();
            location::replace(&return_to);
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
            stage.set(Stage::Paused(Problem {
                failure: Some(failure),
                ..error.0
            }));
        }
        Err(error) if error.failure().allows_same_body_again() => {
            stage.set(Stage::Paused(error.0));
        }
        Err(error) if error.failure() == Failure::AlreadyUsed && session().await.is_ok() => {
            attempt_store::clear_in_flight();
            location::replace(error.0.return_to.as_deref().unwrap_or(routes::ACCOUNT));
        }
        Err(error) => end(Problem {
            failure: Some(error.failure()),
            ..error.0
        }),
    }
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
