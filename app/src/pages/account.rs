//! Who is signed in, with what access, and the ways out.

use std::time::Duration;

use leptos::prelude::*;
use wrengate_protocol::{authorize::Prompt, preferences::Times, profile::Profile};

use super::{home::needs_wasm, preferences::preferences};
use crate::{
    browser::environment,
    components::{avatar, external, icon, page_link, stroke},
    copy::{self, Msg},
    element::{El, el},
    page_data::{Notice, Person, page_data},
    routes,
    session_watch::{SessionWatch, session_watch},
    sign_in::sign_in_button,
};

/// `/account`
pub(crate) fn account_page(person: Person) -> El {
    let data = page_data();
    let refreshed = data.notice.as_ref();
    let refreshed = refreshed.and_then(|notice| self::refreshed(notice, &person));
    let nothing_shared = person
        .profile
        .is_empty()
        .then(|| el("p").class("lead").say(Msg::OnlyIdentifier));
    let refused = person.access.profile_refused.then(|| {
        let back = Box::new(|| Some(routes::ACCOUNT.to_owned()));
        let allow = sign_in_button(Msg::AllowAccess, Some(Prompt::Consent), back, true);
        el("div")
            .class("message message-warn")
            .child(el("p").say(Msg::ProfileKeptBack))
            .child(needs_wasm(allow))
    });
    let manage = data
        .client
        .provider_home
        .clone()
        .map(|address| el("p").child(external(address, Msg::ManageAccount)));
    el("article")
        .class("page account")
        .child(head(&person))
        .maybe(refreshed)
        .maybe(nothing_shared)
        .maybe(refused)
        .child(profile(&person.profile))
        .child(access(&person))
        .child(token(&person, data.now))
        .child(el("p").child(page_link("", routes::SESSIONS, Msg::SeeSessions)))
        .child(preferences(&person, data.notice.as_ref()))
        .child(leave(data.provider_signs_out).maybe(manage))
}

/// What came of asking for the profile again.
fn refreshed(notice: &Notice, person: &Person) -> Option<El> {
    let kept = || {
        let utc = person.profile_read_utc.clone().unwrap_or_default();
        let local = |seconds: i64| environment::local_date_time(seconds * 1000);
        let read = written(person.profile_read, utc, local);
        move || Msg::NotRefreshed.with("{time}", &read())
    };
    match notice {
        Notice::ProfileUpdated => Some(
            el("p")
                .class("message message-ok")
                .attr("role", "status")
                .say(Msg::ProfileUpdated),
        ),
        Notice::NotRefreshed(reference) => Some(
            el("div")
                .class("message message-warn")
                .attr("role", "alert")
                .child(el("p").text_of(kept()))
                .child(
                    el("p")
                        .class("reference")
                        .string(Msg::ReferenceLine.with("{reference}", reference)),
                )
                .child(
                    form(routes::REFRESH_PROFILE)
                        .child(submit("button button-quiet", Msg::TryAgain)),
                ),
        ),
        _ => None,
    }
}

fn head(person: &Person) -> El {
    let profile = &person.profile;
    let name = profile
        .display_name()
        .map_or_else(|| Msg::AccountTitle.text(), str::to_owned);
    let chosen = session_watch().map(|watch| watch.preferences);
    let name = move || {
        let chosen = chosen.and_then(|chosen| chosen.with(|chosen| chosen.call_me.clone()));
        chosen.unwrap_or_else(|| name.clone())
    };
    let called = name.clone();
    // The menu is the server's, and follows what is chosen here.
    Effect::new(move |_| environment::set_text(".menu-who strong bdi", &called()));
    let name = el("bdi").attr("dir", "auto").text_of(name);
    let username = profile
        .username
        .as_ref()
        .map(|username| el("span").child(foreign(format!("@{username}"))));
    let email = profile.email.clone().map(|email| {
        let badge = if profile.email_verified {
            badge(true, Msg::Verified)
        } else {
            badge(false, Msg::NotVerified)
        };
        let verify = page_data()
            .client
            .provider_home
            .filter(|_| !profile.email_verified);
        let verify = verify.map(|address| external(address, Msg::VerifyAtProvider));
        [el("span").child(foreign(email)), badge]
            .into_iter()
            .chain(verify)
            .collect::<Vec<_>>()
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
            form(routes::REFRESH_PROFILE).child(submit("button button-quiet", Msg::RefreshProfile)),
        )
}

/// Text of somebody else's, which may run in the other direction.
fn foreign(text: String) -> El {
    el("bdi").attr("dir", "auto").string(text)
}

pub(super) fn form(action: &'static str) -> El {
    el("form").attr("method", "post").attr("action", action)
}

pub(super) fn submit(class: &'static str, label: Msg) -> El {
    el("button").class(class).attr("type", "submit").say(label)
}

/// A sign and a word: never the colour alone.
fn badge(good: bool, word: Msg) -> El {
    let (class, sign) = if good {
        ("badge badge-ok", "M4 10.5l4 4 8-9")
    } else {
        ("badge badge-warn", "M10 4v7M10 14.5v.5")
    };
    let icon = icon("icon", "16", "0 0 20 20").child(stroke(sign));
    el("span").class(class).child(icon).say(word)
}

pub(super) fn section(id: &'static str, title: Msg) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .child(el("h2").attr("id", id).say(title))
}

fn profile(profile: &Profile) -> El {
    let rows = [
        (Msg::Name, &profile.name),
        (Msg::GivenName, &profile.given_name),
        (Msg::FamilyName, &profile.family_name),
        (Msg::Username, &profile.username),
        (Msg::Email, &profile.email),
    ];
    let rows = rows.into_iter().map(|(label, value)| {
        let shown = match value {
            Some(value) => el("dd").child(foreign(value.clone())),
            None => el("dd").class("absent").say(Msg::NotProvided),
        };
        el("div").child(el("dt").say(label)).child(shown)
    });
    section("profile", Msg::Profile).child(el("dl").class("facts").children(rows.collect()))
}

fn access(person: &Person) -> El {
    let row = |scope: &String, granted: bool| {
        let meaning = copy::scope_meaning(scope);
        let code = (meaning != *scope).then(|| el("code").string(scope.clone()));
        let badge = if granted {
            badge(true, Msg::Granted)
        } else {
            badge(false, Msg::NotGranted)
        };
        el("li")
            .child(el("span").string(format!("{meaning} ")).maybe(code))
            .child(badge)
    };
    let refused = &person.access.refused;
    let ask_again = (!refused.is_empty()).then(|| {
        let back = Box::new(|| Some(routes::ACCOUNT.to_owned()));
        needs_wasm(sign_in_button(
            Msg::AskAgain,
            Some(Prompt::Consent),
            back,
            true,
        ))
    });
    section("access", Msg::Access)
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
fn token(person: &Person, now: i64) -> El {
    let section = section("token", Msg::Token);
    let (Some(end), Some(utc)) = (person.access.expires_at, person.access_ends_utc.clone()) else {
        return section.child(el("p").say(Msg::ExpiryUnknown));
    };
    let ended = if person.renews {
        Msg::ExpiredAndRenews
    } else {
        Msg::Expired
    }
    .text();
    let left = RwSignal::new(end - now);
    let watch = session_watch();
    environment::once_drawn(move || {
        // The document may be older than this drawing of the page.
        let tick = move || left.set(end - now - watch.map_or(0, SessionWatch::open_for));
        tick();
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
    let time = written(end, utc, environment::local_time);
    let at = move || {
        if left.get() <= 0 {
            ended.clone()
        } else {
            Msg::ExpiresAtTime.with("{time}", &time())
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

/// A moment, in UTC until the page is drawn, and then as the person wants times written.
fn written(at: i64, utc: String, local: fn(i64) -> String) -> impl Fn() -> String + Send + 'static {
    let drawn = RwSignal::new(false);
    environment::once_drawn(move || drawn.set(true));
    let watch = session_watch();
    move || {
        let own = watch.is_none_or(|it| it.preferences.with(|it| it.times == Times::Browser));
        if drawn.get() && own {
            local(at)
        } else {
            utc.clone()
        }
    }
}

fn remaining(left: i64) -> String {
    let (hours, minutes, seconds) = (left / 3600, left / 60 % 60, left % 60);
    let msg = match (hours, minutes) {
        _ if left <= 0 => return String::new(),
        (0, 0) => Msg::InSeconds,
        (0, _) => Msg::InMinutes,
        _ => Msg::InHours,
    };
    // What is not the largest part of a time has two digits, so that the text keeps its width.
    let small = |part: i64, larger: i64| match larger {
        0 => part.to_string(),
        _ => format!("{part:02}"),
    };
    let text = msg
        .with("{h}", &hours.to_string())
        .replace("{m}", &small(minutes, hours))
        .replace("{s}", &small(seconds, minutes));
    format!(" · {text}")
}

fn leave(at_provider_too: bool) -> El {
    let form = || {
        let at_provider = at_provider_too.then(|| {
            let tick = el("input")
                .attr("type", "checkbox")
                .attr("name", "provider");
            el("label")
                .class("tick")
                .child(tick)
                .child(el("span").say(Msg::AlsoAtProvider))
        });
        form(routes::SIGN_OUT).maybe(at_provider)
    };
    let everywhere = submit("button button-danger", Msg::SignOutEverywhere)
        .attr("name", "where")
        .attr("value", "everywhere");
    section("leave", Msg::Leave).child(
        el("div")
            .class("actions")
            .child(form().child(submit("button", Msg::SignOut)))
            .child(
                el("details")
                    .class("confirm")
                    .child(
                        el("summary")
                            .class("button button-quiet")
                            .say(Msg::SignOutEverywhere),
                    )
                    .child(
                        form()
                            .child(el("p").say(Msg::SignOutEverywhereAsk))
                            .child(everywhere),
                    ),
            ),
    )
}
