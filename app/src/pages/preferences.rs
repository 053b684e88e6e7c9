//! The form with what a person chooses. It posts without WebAssembly, and saves in place with it.

use leptos::prelude::*;
use wrengate_protocol::{
    Failure,
    preferences::{Preferences, PreferencesRefused, Times},
};

use super::account::{form, section};
use crate::{
    browser::{drafts, environment, location, tabs},
    copy::{self, Msg},
    element::{El, el},
    page_data::{Notice, Person, Typed},
    routes,
    session_watch::{SessionWatch, Stopped, is_offline, session_watch},
};

/// The id of the name's error and hint.
const ERROR: &str = "call-me-error";
const HINT: &str = "call-me-hint";

/// How far the form has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Ready,
    Refused(PreferencesRefused),
    Saving,
    Saved,
    Stopped(Stopped),
}

/// What was chosen when Save was pressed, and how it stood in the two fields.
type Pressed = (Preferences, String, String);

/// The server does not understand this page any more.
const OUTDATED: Progress = Progress::Stopped(Stopped::Failed(Failure::PageOutdated));

/// The section of the account page.
pub(super) fn preferences(person: &Person, notice: Option<&Notice>) -> El {
    let watch = session_watch();
    let kept = watch.map_or_else(
        || person.preferences.clone(),
        |watch| watch.preferences.get_untracked(),
    );
    let (typed, progress) = match notice {
        Some(Notice::NotSaved(reason, typed)) => (Some(typed.clone()), Progress::Refused(*reason)),
        Some(Notice::Saved) => (None, Progress::Saved),
        _ => (None, Progress::Ready),
    };
    let saved = Typed {
        call_me: kept.call_me.unwrap_or_default(),
        times: kept.times,
    };
    let shown = typed.unwrap_or_else(|| saved.clone());
    let progress = RwSignal::new(progress);
    let pressed = StoredValue::new(None);
    if let Some(watch) = watch {
        environment::once_drawn(move || {
            tabs::on_online(move || {
                // What the server refused is not sent again by itself.
                let waits = matches!(
                    progress.try_get_untracked(),
                    Some(Progress::Stopped(Stopped::Failed(failure))) if failure == Failure::AppUnreachable
                );
                // As it was when Save was pressed: what was typed since waits for another press.
                if let Some(typed) = waits.then(|| pressed.try_get_value()).flatten().flatten() {
                    save(watch, progress, typed);
                }
            });
        });
    }
    let account = el("input")
        .attr("type", "hidden")
        .attr("name", "account")
        .attr_text("value", person.account.clone());
    let form = form(routes::PREFERENCES)
        .class("preferences")
        .child(account)
        .child(name_field(&shown, &saved, progress))
        .child(times_field(shown.times, saved.times))
        .child(
            el("p")
                .class("start-alert")
                .attr("role", "alert")
                .text_of(move || alert(progress.get())),
        )
        .child(
            el("div").class("actions").child(button(progress)).child(
                el("p")
                    .class("preferences-status")
                    .attr("role", "status")
                    .text_of(move || status(progress.get())),
            ),
        );
    let form = match watch {
        Some(watch) => form.on_submit(move || send(watch, progress, pressed)),
        None => form,
    };
    section("preferences", Msg::Preferences).child(form)
}

fn name_field(shown: &Typed, saved: &Typed, progress: RwSignal<Progress>) -> El {
    let refused = move || match progress.get() {
        Progress::Refused(reason) => Some(reason),
        _ => None,
    };
    el("div")
        .class("field")
        .child(el("label").attr("for", "call-me").say(Msg::CallMe))
        .child(
            el("input")
                .attr("id", "call-me")
                .attr("name", "call_me")
                .attr("type", "text")
                .attr("dir", "auto")
                .attr("autocomplete", "nickname")
                .attr("aria-describedby", "call-me-hint call-me-error")
                .attr("data-draft", "call_me")
                .attr_text("data-saved", saved.call_me.clone())
                .attr_text("value", shown.call_me.clone())
                .attr_when("aria-invalid", move || refused().map(|_| "true".to_owned())),
        )
        .child(
            el("p")
                .class("field-hint")
                .attr("id", HINT)
                .say(Msg::CallMeHint),
        )
        .child(
            el("p")
                .class("start-alert")
                .attr("id", ERROR)
                .attr("role", "alert")
                .text_of(move || {
                    let reason = refused().map(copy::refused_choice);
                    reason.map(Msg::text).unwrap_or_default()
                }),
        )
}

fn times_field(shown: Times, saved: Times) -> El {
    let choices = [
        (Times::Browser, Msg::TimesBrowser),
        (Times::Utc, Msg::TimesUtc),
    ];
    let choices = choices.into_iter().map(|(times, label)| {
        let choice = el("option").attr("value", times.code()).say(label);
        if times == shown {
            choice.attr("selected", "")
        } else {
            choice
        }
    });
    el("div")
        .class("field")
        .child(el("label").attr("for", "times").say(Msg::Times))
        .child(
            el("select")
                .attr("id", "times")
                .attr("name", "times")
                .attr("data-draft", "times")
                .attr("data-saved", saved.code())
                .children(choices.collect()),
        )
}

fn button(progress: RwSignal<Progress>) -> El {
    el("button")
        .class("button")
        .attr("type", "submit")
        .attr_when("aria-disabled", move || {
            (progress.get() == Progress::Saving).then(|| "true".to_owned())
        })
        .text_of(move || {
            let label = match progress.get() {
                Progress::Saving => Msg::Saving,
                OUTDATED => Msg::Reload,
                Progress::Stopped(Stopped::Failed(_) | Stopped::FailedOnceRenewed) => Msg::TryAgain,
                _ => Msg::Save,
            };
            label.text()
        })
}

fn status(progress: Progress) -> String {
    match progress {
        Progress::Saved => Msg::Saved.text(),
        Progress::Saving => Msg::Saving.text(),
        _ => String::new(),
    }
}

fn alert(progress: Progress) -> String {
    match progress {
        Progress::Stopped(Stopped::FailedOnceRenewed) => Msg::NotSavedRenewed.text(),
        Progress::Stopped(Stopped::Failed(failure)) if is_offline(failure) => {
            Msg::NotSavedOffline.text()
        }
        OUTDATED => {
            let row = copy::failure(Failure::PageOutdated);
            Msg::ProblemSentence
                .with("{title}", &row.title.text())
                .replace("{body}", &row.body.text())
        }
        Progress::Stopped(Stopped::Failed(_)) => Msg::NotSaved.text(),
        _ => String::new(),
    }
}

/// Sends what stands in the fields. What breaks a rule is told at its field and not sent.
fn send(watch: SessionWatch, progress: RwSignal<Progress>, pressed: StoredValue<Option<Pressed>>) {
    match progress.get_untracked() {
        Progress::Saving => return,
        OUTDATED => return location::reload(),
        _ => {}
    }
    let (call_me, times) = (drafts::value("call_me"), drafts::value("times"));
    let chosen = match Preferences::of_form(&call_me, &times) {
        Ok(chosen) => chosen,
        Err(reason) => {
            progress.set(Progress::Refused(reason));
            return environment::focus("#call-me");
        }
    };
    let typed = (chosen, call_me, times);
    pressed.set_value(Some(typed.clone()));
    save(watch, progress, typed);
}

fn save(watch: SessionWatch, progress: RwSignal<Progress>, (chosen, call_me, times): Pressed) {
    progress.set(Progress::Saving);
    environment::spawn(async move {
        let next = match watch.save(chosen, call_me, times).await {
            // Typed meanwhile.
            Ok(()) if drafts::is_there_work() => Progress::Ready,
            Ok(()) => Progress::Saved,
            Err(Stopped::GivenUp) => Progress::Ready,
            Err(stopped) => Progress::Stopped(stopped),
        };
        // The page may be another one by now.
        let _ = progress.try_set(next);
    });
}
