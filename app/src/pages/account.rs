//! Who is signed in, with what access, and the ways out.

use std::time::Duration;

use leptos::prelude::*;
use wrengate_protocol::{authorize::Prompt, preferences::Times, profile::Profile};

use super::{home::needs_wasm, preferences::preferences};
use crate::{
    browser::environment,
    components::{avatar, external, icon, page_link, stroke},
    copy::{self, Words},
    element::{El, el},
    page_data::{Notice, Person, page_data},
    routes,
    session_watch::session_watch,
    sign_in::sign_in_button,
};

/// `/account`
pub(crate) fn account_page(person: Person) -> El {
    let data = page_data();
    let words = Words::of(&data.client);
    let updated = (data.notice == Some(Notice::ProfileUpdated)).then(|| {
        el("p")
            .class("message message-ok")
            .attr("role", "status")
            .text(copy::PROFILE_UPDATED)
    });
    let nothing_shared = person.profile.is_empty().then(|| {
        el("p")
            .class("lead")
            .string(words.fill(copy::ONLY_IDENTIFIER))
    });
    let refused = person.access.profile_refused.then(|| {
        let back = Box::new(|| Some(routes::ACCOUNT.to_owned()));
        let allow = sign_in_button(copy::ALLOW_ACCESS, Some(Prompt::Consent), back, true);
        el("div")
            .class("message message-warn")
            .child(el("p").string(words.fill(copy::PROFILE_KEPT_BACK)))
            .child(needs_wasm(allow))
    });
    let manage = data
        .client
        .provider_home
        .clone()
        .map(|address| el("p").child(external(address, words.fill(copy::MANAGE_ACCOUNT))));
    el("article")
        .class("page account")
        .child(head(&person))
        .maybe(updated)
        .maybe(nothing_shared)
        .maybe(refused)
        .child(profile(&person.profile))
        .child(access(&person))
        .child(token(&person, data.now, &words))
        .child(el("p").child(page_link("", routes::SESSIONS, copy::SEE_SESSIONS)))
        .child(preferences(&person, data.notice.as_ref()))
        .child(leave(data.provider_signs_out, &words).maybe(manage))
}

fn head(person: &Person) -> El {
    let profile = &person.profile;
    let name = profile
        .display_name()
        .unwrap_or(copy::ACCOUNT_TITLE)
        .to_owned();
    let chosen = session_watch().map(|watch| watch.preferences);
    let name = move || {
        let chosen = chosen.and_then(|chosen| chosen.with(|chosen| chosen.call_me.clone()));
        chosen.unwrap_or_else(|| name.clone())
    };
    let name = el("bdi").attr("dir", "auto").text_of(name);
    let username = profile
        .username
        .as_ref()
        .map(|username| el("span").child(foreign(format!("@{username}"))));
    let email = profile.email.clone().map(|email| {
        let badge = if profile.email_verified {
            badge(true, copy::VERIFIED)
        } else {
            badge(false, copy::NOT_VERIFIED)
        };
        vec![el("span").child(foreign(email)), badge]
    });
    el("header")
        .class("account-head")
        .child(avatar(profile))
        .child(
            el("div")
                .class("account-who")
                .child(el("h1").attr("tabindex", "-1").child(name))
                .child(
                    el("p")
                        .class("account-line")
                        .maybe(username)
                        .children(email.unwrap_or_default()),
                ),
        )
        .child(
            form(routes::REFRESH_PROFILE)
                .child(submit("button button-quiet", copy::REFRESH_PROFILE)),
        )
}

/// Text of somebody else's, which may run in the other direction.
fn foreign(text: String) -> El {
    el("bdi").attr("dir", "auto").string(text)
}

pub(super) fn form(action: &'static str) -> El {
    el("form").attr("method", "post").attr("action", action)
}

pub(super) fn submit(class: &'static str, label: &'static str) -> El {
    el("button").class(class).attr("type", "submit").text(label)
}

/// A sign and a word: never the colour alone.
fn badge(good: bool, word: &'static str) -> El {
    let (class, sign) = if good {
        ("badge badge-ok", "M4 10.5l4 4 8-9")
    } else {
        ("badge badge-warn", "M10 4v7M10 14.5v.5")
    };
    let icon = icon("icon", "16", "0 0 20 20").child(stroke(sign));
    el("span").class(class).child(icon).text(word)
}

pub(super) fn section(id: &'static str, title: &'static str) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .child(el("h2").attr("id", id).text(title))
}

fn profile(profile: &Profile) -> El {
    let rows = [
        (copy::NAME, &profile.name),
        (copy::GIVEN_NAME, &profile.given_name),
        (copy::FAMILY_NAME, &profile.family_name),
        (copy::USERNAME, &profile.username),
        (copy::EMAIL, &profile.email),
    ];
    let rows = rows.into_iter().map(|(label, value)| {
        let shown = match value {
            Some(value) => el("dd").child(foreign(value.clone())),
            None => el("dd").class("absent").text(copy::NOT_PROVIDED),
        };
        el("div").child(el("dt").text(label)).child(shown)
    });
    section("profile", copy::PROFILE).child(el("dl").class("facts").children(rows.collect()))
}

fn access(person: &Person) -> El {
    let row = |scope: &String, granted: bool| {
        let meaning = copy::scope_meaning(scope);
        let code = (meaning != scope).then(|| el("code").string(scope.clone()));
        let badge = if granted {
            badge(true, copy::GRANTED)
        } else {
            badge(false, copy::NOT_GRANTED)
        };
        el("li")
            .child(el("span").string(format!("{meaning} ")).maybe(code))
            .child(badge)
    };
    let refused = &person.access.refused;
    let ask_again = (!refused.is_empty()).then(|| {
        let back = Box::new(|| Some(routes::ACCOUNT.to_owned()));
        needs_wasm(sign_in_button(
            copy::ASK_AGAIN,
            Some(Prompt::Consent),
            back,
            true,
        ))
    });
    section("access", copy::ACCESS)
        .child(
            el("ul")
                .class("scopes")
                .children(
                    person
                        .access
                        .granted
                        .iter()
                        .map(|scope| row(scope, true))
                        .collect(),
                )
                .children(refused.iter().map(|scope| row(scope, false)).collect()),
        )
        .maybe(ask_again)
}

/// The end of the access token: in UTC as the server wrote it, then as the person wants it, with the
/// time that is left by the server's clock.
fn token(person: &Person, now: i64, words: &Words) -> El {
    let section = section("token", copy::TOKEN);
    let (Some(end), Some(utc)) = (person.access.expires_at, person.access_ends_utc.clone()) else {
        return section.child(el("p").string(words.fill(copy::EXPIRY_UNKNOWN)));
    };
    let ended = words.fill(if person.renews {
        copy::EXPIRED_AND_RENEWS
    } else {
        copy::EXPIRED
    });
    let left = RwSignal::new(end - now);
    let local = RwSignal::new(false);
    environment::once_drawn(move || {
        local.set(true);
        let opened_ms = environment::now_ms();
        let tick = move || {
            let open_for = (environment::now_ms() - opened_ms) / 1000;
            left.set(end - now - open_for);
        };
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
    let watch = session_watch();
    let at = move || {
        let local = local.get()
            && watch.is_none_or(|it| it.preferences.with(|it| it.times == Times::Browser));
        if left.get() <= 0 {
            ended.clone()
        } else if local {
            format!("{} {}", copy::EXPIRES_AT, environment::local_time(end))
        } else {
            format!("{} {utc}", copy::EXPIRES_AT)
        }
    };
    section.child(
        el("p").child(el("span").text_of(at)).child(
            el("span")
                .class("remaining")
                .attr("aria-hidden", "true")
                .attr_when("data-soon", move || (left.get() < 60).then(String::new))
                .text_of(move || remaining(left.get())),
        ),
    )
}

fn remaining(left: i64) -> String {
    let time = match (left / 3600, left / 60 % 60, left % 60) {
        _ if left <= 0 => return String::new(),
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    };
    format!(" · {}", copy::EXPIRES_IN.replace("{time}", &time))
}

fn leave(at_provider_too: bool, words: &Words) -> El {
    let form = || {
        let at_provider = at_provider_too.then(|| {
            let tick = el("input")
                .attr("type", "checkbox")
                .attr("name", "provider");
            let label = words.fill(copy::ALSO_AT_PROVIDER);
            el("label")
                .class("tick")
                .child(tick)
                .child(el("span").string(label))
        });
        form(routes::SIGN_OUT).maybe(at_provider)
    };
    let everywhere = submit("button button-danger", copy::SIGN_OUT_EVERYWHERE)
        .attr("name", "where")
        .attr("value", "everywhere");
    section("leave", copy::LEAVE).child(
        el("div")
            .class("actions")
            .child(form().child(submit("button", copy::SIGN_OUT)))
            .child(
                el("details")
                    .class("confirm")
                    .child(
                        el("summary")
                            .class("button button-quiet")
                            .text(copy::SIGN_OUT_EVERYWHERE),
                    )
                    .child(
                        form()
                            .child(el("p").text(copy::SIGN_OUT_EVERYWHERE_ASK))
                            .child(everywhere),
                    ),
            ),
    )
}
