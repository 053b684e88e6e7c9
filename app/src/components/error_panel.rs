//! One template for every failure.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wrengate_protocol::{Failure, authorize::Prompt, failure::Actor, messages::Problem};

use super::{ThreadState, external, page_link, thread};
use crate::{
    browser::{
        attempt_store::{self, ProblemNote},
        environment,
    },
    copy::{self, Advice, Break, Msg},
    element::{El, el},
    page_data::{Notice, page_data},
    routes,
    sign_in::{ReturnTo, sign_in_button},
};

/// The note of what the server said; `None` until it was read, and where there is none.
type Note = RwSignal<Option<ProblemNote>>;

/// What happened, what it means, what to do next, and the details for whoever looks into it.
///
/// The note of what the server said is read after hydration; without it, because the page was
/// opened by hand, everything else still stands.
pub(crate) fn error_panel(failure: Failure) -> El {
    let data = page_data();
    let row = copy::failure(failure);
    // Somebody was sent here from a page that asks for more than being signed in.
    let wanted = use_query_map().with_untracked(|query| query.get("return_to"));
    let note: Note = RwSignal::new(None);
    let is_of_guard = wanted.is_some();
    let (from_form, not_signed_out) = match data.notice {
        Some(Notice::Reference(reference)) => (Some(reference), None),
        Some(Notice::NotSignedOut(reference)) => (Some(reference), Some(sign_out())),
        _ => (None, None),
    };
    let told_by_form = from_form.clone();
    environment::once_drawn(move || {
        if let Some(reference) = told_by_form {
            // What was noted before it is of another time that the same thing failed.
            attempt_store::note_problem(Problem::new(failure, reference));
        }
        let ours = |note: &ProblemNote| !is_of_guard && note.problem.failure == Some(failure);
        note.set(attempt_store::problem_note().filter(ours));
    });

    // Where nobody gives support, the reference to copy is one of the ways on.
    let has_support = data.client.support_url.is_some() || data.client.support_email.is_some();
    let broken = (row.broken != Break::None).then(|| thread(ThreadState::Broken(row.broken)));
    let body = row.body.text();
    let inspector = data
        .inspector
        .then(|| el("p").child(page_link("", routes::INSPECTOR, Msg::OpenInInspector)));
    let is_welcome = data.signed_in && wanted.is_none() && not_signed_out.is_none();
    let signed_in_meanwhile = is_welcome.then(|| {
        el("p")
            .class("message message-ok")
            .say(Msg::SignedInNow)
            .text(" ")
            .child(page_link("", routes::ACCOUNT, Msg::OpenAccount))
    });

    el("section")
        .class("page problem")
        .maybe(broken)
        .child(el("h1").attr("tabindex", "-1").say(row.title))
        .maybe(signed_in_meanwhile)
        .maybe(not_signed_out.is_some().then(|| {
            // Without its records the app cannot tell who is signed in, and looks as if nobody were.
            el("p").class("message message-warn").say(Msg::NotSignedOut)
        }))
        .child(el("p").class("lead").text_of(move || {
            let seconds = note.with(|note| note.as_ref().and_then(|note| note.problem.retry_after));
            body.replace("{n}", &copy::wait(seconds))
        }))
        .child(
            el("div")
                .class("actions")
                .maybe(not_signed_out.or_else(|| way(row.primary, note, wanted.as_ref(), false)))
                .maybe(way(row.secondary, note, wanted.as_ref(), true)),
        )
        .child(details(failure, note, data.advice).maybe(inspector))
        .child(reference(note, from_form))
        .maybe(has_support.then(|| copy_reference(note, "link")))
}

/// What to try again where signing out failed.
fn sign_out() -> El {
    let submit = el("button").class("button").attr("type", "submit");
    el("form")
        .attr("method", "post")
        .attr("action", routes::SIGN_OUT)
        .child(submit.say(Msg::SignOut))
}

/// One way on. Whoever is `wanted` back at a place proves who they are anew: the provider's own session
/// would not do.
fn way(advice: Advice, note: Note, wanted: Option<&String>, quiet: bool) -> Option<El> {
    let sign_in = |label: Msg, prompt: Option<Prompt>| {
        let wanted = wanted.cloned();
        let return_to: ReturnTo = Box::new(move || {
            let noted = note.with_untracked(|note| note.as_ref()?.problem.return_to.clone());
            noted.or_else(|| wanted.clone())
        });
        sign_in_button(label, prompt, return_to, quiet)
    };
    let anew = wanted.map(|_| Prompt::Login);
    let class = if quiet { "way" } else { "button" };
    let home = || page_link(class, routes::HOME, Msg::BackToStart);
    let client = page_data().client;
    let elsewhere = |address: Option<String>, label| {
        address.map_or_else(home, |address| external(address, label).class(class))
    };
    Some(match advice {
        Advice::SignIn(label) => sign_in(label, anew),
        Advice::OtherAccount(label) => sign_in(label, Some(Prompt::SelectAccount)),
        Advice::Consent(label) => sign_in(label, Some(Prompt::Consent)),
        Advice::Reload(label) => page_link(class, "", label),
        Advice::Status => elsewhere(client.provider_status, Msg::ProviderStatus),
        Advice::Security => elsewhere(client.provider_home, Msg::ProviderSecurity),
        Advice::Home => home(),
        Advice::Account(label) => page_link(class, routes::ACCOUNT, label),
        Advice::Report(label) => report(label, note, quiet),
        Advice::Nothing => return None,
    })
}

/// To whoever gives support, with the reference; where nobody is named, the reference to copy.
fn report(label: Msg, note: Note, quiet: bool) -> El {
    let client = page_data().client;
    let class = if quiet { "way" } else { "button" };
    if let Some(address) = client.support_url {
        return external(address, label).class(class);
    }
    if let Some(address) = client.support_email {
        return el("a")
            .class(class)
            .attr("rel", "external")
            .say(label)
            .attr_when("href", move || {
                // The browser codes all else that an address cannot hold.
                let word = Msg::Reference.text().replace(['#', '&', '%'], "");
                let subject =
                    reference_of(note).map(|reference| format!("?subject={word}%20{reference}"));
                Some(format!("mailto:{address}{}", subject.unwrap_or_default()))
            });
    }
    copy_reference(
        note,
        if quiet {
            "button button-quiet"
        } else {
            "button"
        },
    )
}

/// Puts the reference on the clipboard; hidden where there is none.
fn copy_reference(note: Note, class: &'static str) -> El {
    let told = RwSignal::new(String::new());
    el("div")
        .class("start")
        .attr_when("hidden", move || {
            reference_of(note).is_none().then(String::new)
        })
        .child(
            el("button")
                .attr("type", "button")
                .class(class)
                .on_click(move || {
                    if let Some(reference) = reference_of(note) {
                        environment::copy(&reference, move |is_there| {
                            let text = if is_there {
                                Msg::Copied.text()
                            } else {
                                let reference = reference_of(note).unwrap_or_default();
                                Msg::NotCopied.with("{reference}", &reference)
                            };
                            // The page may be left by now.
                            told.try_set(text);
                        });
                    }
                })
                .say(Msg::CopyReference),
        )
        .child(
            el("p")
                .class("start-status")
                .attr("role", "status")
                .text_of(move || told.get()),
        )
}

fn reference_of(note: Note) -> Option<String> {
    note.with(|note| note.as_ref().map(|note| note.problem.reference.clone()))
        .filter(|reference| !reference.is_empty())
}

/// For developers and for whoever is asked for help.
fn details(failure: Failure, note: Note, advice: Vec<String>) -> El {
    let said = Msg::ProviderSaid.text();
    let who = match failure.actor() {
        Actor::Person => Msg::Person,
        Actor::Operator => Msg::Operator,
        Actor::Provider => Msg::Provider,
    };
    let status = failure
        .status()
        .map_or(Msg::DetailBrowserOnly.text(), |status| status.to_string());
    let row = |name: Msg, value: El| el("div").child(el("dt").say(name)).child(value);
    el("details")
        .class("details")
        .child(el("summary").say(Msg::Details))
        .child(
            el("dl")
                .class("facts")
                .child(row(
                    Msg::DetailCode,
                    el("dd").child(
                        el("a")
                            .attr_text("href", routes::help_on(failure))
                            .attr("rel", "external")
                            .child(el("code").text(failure.code())),
                    ),
                ))
                .child(row(Msg::DetailStatus, el("dd").string(status)))
                .child(row(Msg::DetailWho, el("dd").say(who)))
                .child(quote(note, said)),
        )
        .children(how_to_fix(advice))
}

/// What the server advises, in development alone; in English, as the log and the doctor say it.
fn how_to_fix(advice: Vec<String>) -> Vec<El> {
    if advice.is_empty() {
        return Vec::new();
    }
    let items = advice.into_iter().map(|item| el("li").string(item));
    vec![
        el("h2").say(Msg::HowToFix),
        el("ul")
            .attr("lang", "en")
            .attr("dir", "ltr")
            .children(items.collect()),
    ]
}

/// The provider's own words, where it said something in an attempt of this browser.
fn quote(note: Note, said: String) -> El {
    let words = move || note.with(|note| note.as_ref()?.problem.provider_says.clone());
    let quoted = el("q")
        .attr("dir", "auto")
        .text_of(move || words().unwrap_or_default());
    el("div")
        .attr_when("hidden", move || words().is_none().then(String::new))
        .child(el("dt").string(said))
        .child(el("dd").child(quoted))
}

/// What can be quoted to whoever helps: the same reference as in the log, and when it happened.
fn reference(note: Note, from_form: Option<String>) -> El {
    el("p").class("reference").text_of(move || {
        let noted = reference_of(note).map(|reference| {
            let at = note.with(|note| note.as_ref().map_or(0, |note| note.at_ms));
            format!(
                "{} · {}",
                Msg::ReferenceLine.with("{reference}", &reference),
                environment::local_date_time(at)
            )
        });
        let from_form = || {
            from_form
                .as_ref()
                .map(|reference| Msg::ReferenceLine.with("{reference}", reference))
        };
        noted.or_else(from_form).unwrap_or_default()
    })
}
