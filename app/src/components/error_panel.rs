//! One template for every failure.

use leptos::prelude::*;
use wrengate_protocol::{Failure, authorize::Prompt, failure::Actor};

use super::{Thread, ThreadState};
use crate::{
    browser::{
        attempt_store::{self, ProblemNote},
        environment,
    },
    copy::{self, Advice, Break, Words},
    page_data::page_data,
    routes,
    sign_in::SignInButton,
};

/// What happened, what it means, what to do next, and the details for whoever looks into it.
///
/// The note of what the server said is read after hydration; without it, because the page was
/// opened by hand, everything else still stands.
#[component]
pub(crate) fn ErrorPanel(
    /// What went wrong.
    failure: Failure,
) -> impl IntoView {
    let words = StoredValue::new(Words::of(&page_data().client));
    let fill = move |sentence: &str| words.with_value(|words| words.fill(sentence));
    let row = copy::failure(failure);
    let note = RwSignal::new(None::<ProblemNote>);
    Effect::new(move |_| {
        let ours = |note: &ProblemNote| note.problem.failure == Some(failure);
        note.set(attempt_store::problem_note().filter(ours));
    });

    let thread = (row.broken != Break::None)
        .then(|| view! { <Thread state=ThreadState::Broken(row.broken)/> });
    let body = move || {
        let seconds = note.with(|note| note.as_ref().and_then(|note| note.problem.retry_after));
        fill(row.body).replace("{n}", &copy::wait(seconds))
    };
    let signed_in_meanwhile =
        (page_data().person.is_some() && failure != Failure::NotFound).then(|| {
            view! {
                <p class="message message-ok">
                    {copy::SIGNED_IN_NOW} " "
                    <a href=routes::ACCOUNT rel="external">{copy::OPEN_ACCOUNT}</a>
                </p>
            }
        });

    view! {
        {thread}
        <h1 tabindex="-1">{fill(row.title)}</h1>
        {signed_in_meanwhile}
        <p class="lead">{body}</p>
        <div class="actions">
            <Way advice=row.primary note quiet=false/>
            <Way advice=row.secondary note quiet=true/>
        </div>
        <Details failure note/>
    }
}

/// One way on.
#[component]
fn Way(advice: Advice, note: RwSignal<Option<ProblemNote>>, quiet: bool) -> impl IntoView {
    let words = Words::of(&page_data().client);
    let return_to =
        Signal::derive(move || note.with(|note| note.as_ref()?.problem.return_to.clone()));
    let sign_in = move |label: &'static str, prompt: Option<Prompt>| {
        view! { <SignInButton label prompt return_to quiet/> }.into_any()
    };
    let link = |address: &str, label: String| {
        let class = if quiet { "way" } else { "button" };
        view! { <a class=class href=address.to_owned() rel="external">{label}</a> }.into_any()
    };
    match advice {
        Advice::SignIn(label) => sign_in(label, None),
        Advice::OtherAccount => sign_in(copy::DIFFERENT_ACCOUNT, Some(Prompt::SelectAccount)),
        Advice::Consent(label) => sign_in(label, Some(Prompt::Consent)),
        Advice::Reload(label) => link("", label.to_owned()),
        Advice::Home => link(routes::HOME, copy::BACK_TO_START.to_owned()),
        Advice::Account(label) => link(routes::ACCOUNT, words.fill(label)),
        Advice::Report(label) => view! { <Report label note quiet/> }.into_any(),
        Advice::Nothing => ().into_any(),
    }
}

/// To whoever gives support, with the reference; where nobody is named, the reference to copy.
#[component]
fn Report(label: &'static str, note: RwSignal<Option<ProblemNote>>, quiet: bool) -> impl IntoView {
    let client = page_data().client;
    let class = if quiet { "way" } else { "button" };
    let reference = move || {
        note.with(|note| note.as_ref().map(|note| note.problem.reference.clone()))
            .filter(|reference| !reference.is_empty())
    };
    if let Some(address) = client.support_url {
        view! { <a class=class href=address rel="external noreferrer">{label}</a> }.into_any()
    } else if let Some(address) = client.support_email {
        let href = move || match reference() {
            Some(reference) => {
                format!("mailto:{address}?subject={}%20{reference}", copy::REFERENCE)
            }
            None => format!("mailto:{address}"),
        };
        view! { <a class=class href=href rel="external">{label}</a> }.into_any()
    } else {
        let copied = RwSignal::new(false);
        let copy_it = move |_| {
            if let Some(reference) = reference() {
                environment::copy(&reference);
                copied.set(true);
            }
        };
        let class = if quiet {
            "button button-quiet"
        } else {
            "button"
        };
        view! {
            <div class="start" hidden=move || reference().is_none()>
                <button type="button" class=class on:click=copy_it>{copy::COPY_REFERENCE}</button>
                <p class="start-status" role="status">
                    {move || copied.get().then_some(copy::COPIED)}
                </p>
            </div>
        }
        .into_any()
    }
}

/// For developers and for whoever is asked for help.
#[component]
fn Details(failure: Failure, note: RwSignal<Option<ProblemNote>>) -> impl IntoView {
    let words = Words::of(&page_data().client);
    let who = words.fill(match failure.actor() {
        Actor::Person => copy::PERSON,
        Actor::Operator => copy::OPERATOR,
        Actor::Provider => copy::PROVIDER,
    });
    let status = failure
        .status()
        .map_or(copy::DETAIL_BROWSER_ONLY.to_owned(), |status| {
            status.to_string()
        });
    let provider_said = words.fill(copy::PROVIDER_SAID);
    let said = move || {
        note.with(|note| note.as_ref()?.problem.provider_says.clone())
            .map(|said| {
                view! {
                    <div>
                        <dt>{provider_said.clone()}</dt>
                        <dd><q dir="auto">{said}</q></dd>
                    </div>
                }
            })
    };
    let foot = move || {
        let note = note.get()?;
        let reference = Some(note.problem.reference).filter(|reference| !reference.is_empty())?;
        let when = environment::local_date_time(note.at_ms);
        Some(view! {
            <p class="reference">
                {copy::REFERENCE} " " <code>{reference}</code> " · " <span>{when}</span>
            </p>
        })
    };
    view! {
        <details class="details">
            <summary>{copy::DETAILS}</summary>
            <dl class="facts">
                <div><dt>{copy::DETAIL_CODE}</dt><dd><code>{failure.code()}</code></dd></div>
                <div><dt>{copy::DETAIL_STATUS}</dt><dd>{status}</dd></div>
                <div><dt>{copy::DETAIL_WHO}</dt><dd>{who}</dd></div>
                {said}
            </dl>
        </details>
        {foot}
    }
}
