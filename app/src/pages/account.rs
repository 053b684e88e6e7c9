//! Who is signed in, with what access, and the ways out.

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::Title;
use wrengate_protocol::{authorize::Prompt, profile::Profile};

use crate::{
    browser::{environment, location},
    components::Avatar,
    copy::{self, Words},
    page_data::{Notice, Person, page_data},
    routes,
    sign_in::SignInButton,
};

/// `/account`
///
/// The server sends whoever is not signed in to the sign-in page; a navigation inside the app, where
/// nobody is known to be signed in, asks the server by loading the page.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let data = page_data();
    let Some(person) = data.person else {
        Effect::new(|_| location::replace(routes::ACCOUNT));
        return view! { <Title text=copy::ACCOUNT_TITLE/> }.into_any();
    };
    let updated = (data.notice == Some(Notice::ProfileUpdated))
        .then(|| view! { <p class="message message-ok" role="status">{copy::PROFILE_UPDATED}</p> });

    view! {
        <Title text=copy::ACCOUNT_TITLE/>
        <article class="page account">
            <Head profile=person.profile.clone()/>
            {updated}
            <Facts profile=person.profile.clone()/>
            <AccessRows person=person.clone()/>
            <Token person now=data.now/>
            <Leave/>
        </article>
    }
    .into_any()
}

#[component]
fn Head(profile: Profile) -> impl IntoView {
    let words = Words::of(&page_data().client);
    let name = match profile.display_name() {
        Some(name) => name.to_owned(),
        None => copy::ACCOUNT_TITLE.to_owned(),
    };
    let username = profile.username.clone().map(|username| {
        view! { <span class="account-username"><bdi dir="auto">"@" {username}</bdi></span> }
    });
    let nothing_shared = profile
        .is_empty()
        .then(|| view! { <p class="lead">{words.fill(copy::ONLY_IDENTIFIER)}</p> });
    view! {
        <header class="account-head">
            <Avatar profile=profile.clone()/>
            <div class="account-who">
                <h1 tabindex="-1"><bdi dir="auto">{name}</bdi></h1>
                <p class="account-line">{username} <EmailBadge profile/></p>
            </div>
            <form method="post" action=routes::REFRESH_PROFILE class="account-refresh">
                <button class="button button-quiet" type="submit">{copy::REFRESH_PROFILE}</button>
            </form>
        </header>
        {nothing_shared}
    }
}

#[component]
fn EmailBadge(profile: Profile) -> impl IntoView {
    profile.email.map(|email| {
        let (class, word, sign) = if profile.email_verified {
            ("badge badge-ok", copy::VERIFIED, "M4 10.5l4 4 8-9")
        } else {
            ("badge badge-warn", copy::NOT_VERIFIED, "M10 4v7M10 14.5v.5")
        };
        view! {
            <span class="account-email"><bdi dir="auto">{email}</bdi></span>
            " "
            <span class=class><Icon sign/>{word}</span>
        }
    })
}

#[component]
fn Icon(sign: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
            <path d=sign fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path>
        </svg>
    }
}

#[component]
fn Facts(profile: Profile) -> impl IntoView {
    let rows = [
        (copy::NAME, profile.name),
        (copy::GIVEN_NAME, profile.given_name),
        (copy::FAMILY_NAME, profile.family_name),
        (copy::USERNAME, profile.username),
        (copy::EMAIL, profile.email),
    ];
    let rows = rows.into_iter().map(|(label, value)| {
        let class = if value.is_some() { "" } else { "absent" };
        view! {
            <div>
                <dt>{label}</dt>
                <dd class=class>
                    <bdi dir="auto">{value.unwrap_or_else(|| copy::NOT_PROVIDED.to_owned())}</bdi>
                </dd>
            </div>
        }
    });
    view! {
        <section aria-labelledby="profile">
            <h2 id="profile">{copy::PROFILE}</h2>
            <dl class="facts">{rows.collect_view()}</dl>
        </section>
    }
}

#[component]
fn AccessRows(person: Person) -> impl IntoView {
    let row = |scope: &str, granted: bool| {
        let (class, word, sign) = if granted {
            ("badge badge-ok", copy::GRANTED, "M4 10.5l4 4 8-9")
        } else {
            ("badge badge-warn", copy::NOT_GRANTED, "M10 4v7M10 14.5v.5")
        };
        let meaning = copy::scope_meaning(scope).to_owned();
        let code = (meaning != scope).then(|| view! { <code>{scope.to_owned()}</code> });
        view! {
            <li>
                <span>{meaning} " " {code}</span>
                <span class=class><Icon sign/>{word}</span>
            </li>
        }
    };
    let granted = person
        .access
        .granted
        .iter()
        .map(|scope| row(scope, true))
        .collect_view();
    let refused = person
        .access
        .refused
        .iter()
        .map(|scope| row(scope, false))
        .collect_view();
    let ask_again = (!person.access.refused.is_empty()).then(|| {
        view! {
            <div class="needs-wasm">
                <SignInButton
                    label=copy::ASK_AGAIN
                    prompt=Some(Prompt::Consent)
                    return_to=Some(routes::ACCOUNT.to_owned())
                    quiet=true
                />
            </div>
        }
    });
    view! {
        <section aria-labelledby="access">
            <h2 id="access">{copy::ACCESS}</h2>
            <ul class="scopes">{granted} {refused}</ul>
            {ask_again}
        </section>
    }
}

/// The end of the access token: in UTC as the server wrote it, then in the browser's own time with
/// the time that is left by the server's clock.
#[component]
fn Token(person: Person, now: i64) -> impl IntoView {
    let words = Words::of(&page_data().client);
    let content = match (person.access.expires_at, person.access_ends_utc) {
        (Some(end), Some(utc)) => {
            let shown = RwSignal::new(utc);
            let left = RwSignal::new(end - now);
            Effect::new(move |_| {
                shown.set(environment::local_time(end));
                let opened_ms = environment::now_ms();
                let tick = move || {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "seconds since the page opened"
                    )]
                    let open_for = ((environment::now_ms() - opened_ms) / 1000.0) as i64;
                    left.set(end - now - open_for);
                };
                if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
                    on_cleanup(move || timer.clear());
                }
            });
            let remaining = move || {
                let left = left.get();
                let time = match (left / 3600, left / 60 % 60, left % 60) {
                    (0, 0, seconds) => format!("{seconds} s"),
                    (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
                    (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
                };
                copy::EXPIRES_IN.replace("{time}", &time)
            };
            view! {
                <Show
                    when=move || left.with(|left| *left > 0)
                    fallback=|| view! { <p class="message message-warn">{copy::EXPIRED}</p> }
                >
                    <p>
                        {copy::EXPIRES_AT} " " <time>{shown}</time>
                        <span class="remaining" aria-hidden="true">" · " {remaining}</span>
                    </p>
                </Show>
            }
            .into_any()
        }
        _ => view! { <p>{words.fill(copy::EXPIRY_UNKNOWN)}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="token">
            <h2 id="token">{copy::TOKEN}</h2>
            {content}
        </section>
    }
}

#[component]
fn Leave() -> impl IntoView {
    let client = page_data().client;
    let words = Words::of(&client);
    let manage = client.provider_home.clone().map(|address| {
        view! {
            <p><a href=address rel="external noreferrer">{words.fill(copy::MANAGE_ACCOUNT)}</a></p>
        }
    });
    view! {
        <section aria-labelledby="leave">
            <h2 id="leave">{copy::LEAVE}</h2>
            <div class="actions">
                <form method="post" action=routes::SIGN_OUT>
                    <button class="button" type="submit">{copy::SIGN_OUT}</button>
                </form>
                <details class="confirm">
                    <summary class="button button-quiet">{copy::SIGN_OUT_EVERYWHERE}</summary>
                    <form method="post" action=routes::SIGN_OUT>
                        <p>{copy::SIGN_OUT_EVERYWHERE_ASK}</p>
                        <button class="button button-danger" type="submit" name="where" value="everywhere">
                            {copy::SIGN_OUT_EVERYWHERE}
                        </button>
                    </form>
                </details>
            </div>
            {manage}
        </section>
    }
}
