//! The page as the server draws it.

use crate::{
    components::{external, icon, page_link, stroke},
    copy::Msg,
    element::{El, el},
    page_data::{Device, EndedSessions, SessionList, SessionRow, page_data},
    pages::account::{form, submit},
    routes,
};

/// `/sessions`
pub(crate) fn sessions_page() -> El {
    let data = page_data();
    let list = data.sessions.unwrap_or_default();
    let change = match data.client.provider_home {
        Some(address) => el("p").child(external(address, Msg::SessionsChangePassword)),
        None => el("p").say(Msg::SessionsChangePassword),
    };
    let account = el("a").attr("href", routes::ACCOUNT);
    let page = el("section")
        .class("page sessions")
        .child(el("h1").attr("tabindex", "-1").say(Msg::SessionsTitle))
        .maybe(list.ended.clone().map(result));
    let page = match &list.failed {
        Some(reference) => page.child(failed(reference)),
        None => page
            .child(el("p").class("lead").say(Msg::SessionsLead))
            .children(loaded(list)),
    };
    page.child(change)
        .child(el("p").child(account.say(Msg::AccountTitle)))
}

/// What the last form did.
fn result(ended: EndedSessions) -> El {
    let ok = |text: String| message("message message-ok", "status", text);
    match ended {
        EndedSessions::One(Some(browser)) => {
            ok(Msg::SessionsEnded.with("{browser}", &called(&browser)))
        }
        EndedSessions::One(None) => ok(Msg::SessionsEndedUnknown.text()),
        EndedSessions::Others(1) => ok(Msg::SessionsEndedOneOther.text()),
        EndedSessions::Others(count) => ok(numbered(Msg::SessionsEndedOthers, count)),
        EndedSessions::Before => ok(Msg::SessionsEndedBefore.text()),
        EndedSessions::NotOne(reference) => alert(Msg::SessionsNotEnded, &reference),
        EndedSessions::NotOthers(reference) => alert(Msg::SessionsOthersNotEnded, &reference),
        EndedSessions::ThisBrowser => {
            let text = Msg::SessionsNotThisBrowser.text();
            message("message message-info", "status", text)
        }
    }
}

fn message(class: &'static str, role: &'static str, text: String) -> El {
    el("p").class(class).attr("role", role).string(text)
}

fn alert(text: Msg, reference: &str) -> El {
    let text = format!(
        "{} {}",
        text.text(),
        Msg::ReferenceLine.with("{reference}", reference)
    );
    message("message message-warn", "alert", text)
}

fn numbered(sentence: Msg, count: u32) -> String {
    sentence.with("{n}", &count.to_string())
}

/// Without the list everybody can still be signed out.
fn failed(reference: &str) -> El {
    let everywhere = submit("button button-danger", Msg::SignOutEverywhere)
        .attr("name", "where")
        .attr("value", "everywhere");
    let asked = form(routes::SIGN_OUT)
        .child(el("p").say(Msg::SignOutEverywhereAsk))
        .child(everywhere);
    let everywhere = confirm(summary(Msg::SignOutEverywhere), asked);
    el("div")
        .class("stage")
        .child(alert(Msg::SessionsFailed, reference))
        .child(
            el("div")
                .class("actions")
                .child(page_link("button", routes::SESSIONS, Msg::TryAgain))
                .child(everywhere),
        )
}

/// A question that opens in place.
fn confirm(summary: El, asked: El) -> El {
    el("details").class("confirm").child(summary).child(asked)
}

fn summary(label: Msg) -> El {
    el("summary").class("button button-quiet").say(label)
}

fn loaded(list: SessionList) -> Vec<El> {
    let all = match list.others {
        0 => el("p").say(Msg::SessionsOnlyBrowser),
        count => {
            let ask = match count {
                1 => Msg::SessionsSignOutOtherAsk.text(),
                _ => numbered(Msg::SessionsSignOutOthersAsk, count),
            };
            let asked = form(routes::END_OTHER_SESSIONS)
                .child(el("p").string(ask))
                .child(submit("button button-danger", Msg::SessionsSignOutOthers));
            confirm(summary(Msg::SessionsSignOutOthers), asked)
        }
    };
    let rows = list.rows.into_iter().map(session);
    let rows = el("ul").class("session-list").children(rows.collect());
    let more = list.more.then(|| {
        el("p").child(
            el("a")
                .attr_text("href", format!("{}?{}", routes::SESSIONS, routes::ALL))
                .attr("rel", "external")
                .say(Msg::SessionsShowMore),
        )
    });
    [all, rows].into_iter().chain(more).collect()
}

fn session(row: SessionRow) -> El {
    let name = row
        .browser
        .map_or_else(|| Msg::SessionsUnknownBrowser.text(), |name| called(&name));
    let (mark, used, sign_out) = match row.key {
        None => {
            let mark = el("span")
                .class("badge badge-ok")
                .say(Msg::SessionsThisBrowser);
            (Some(mark), el("span").say(Msg::SessionsActiveNow), None)
        }
        Some(key) => {
            let named = Msg::SessionsSignOutNamed
                .with("{browser}", &name)
                .replace("{time}", &utc(&row.used));
            let used = el("span")
                .say(Msg::SessionsLastActive)
                .text(" ")
                .child(time(row.used));
            (None, used, Some(sign_out(key, named)))
        }
    };
    let began = el("span")
        .say(Msg::SessionsSignedInAt)
        .text(" ")
        .child(time(row.began));
    let who = el("p").child(el("strong").string(name)).maybe(mark);
    let when = el("p").class("session-when").child(used).child(began);
    el("li")
        .child(device(row.device))
        .child(el("div").class("session-who").child(who).child(when))
        .maybe(sign_out)
}

fn time(moment: String) -> El {
    let text = utc(&moment);
    el("time").attr_text("datetime", moment).string(text)
}

/// A browser's name as the server writes it, in the words of the page.
fn called(name: &str) -> String {
    match name.split_once(" on ") {
        Some((browser, system)) => Msg::SessionsBrowserOn
            .with("{browser}", browser)
            .replace("{system}", system),
        None => name.to_owned(),
    }
}

/// A moment as the server writes it, before the browser can localise it. It keeps its order in a sentence
/// that is written from right to left.
fn utc(moment: &str) -> String {
    let text = moment.replace('T', " ").replace('Z', " UTC");
    format!("\u{2066}{text}\u{2069}")
}

fn sign_out(key: String, named: String) -> El {
    // The button carries the key, so no field is needed.
    let button = submit("button button-danger", Msg::SignOut)
        .attr("name", "key")
        .attr_text("value", key)
        .attr_text("aria-label", named.clone());
    let asked = form(routes::END_SESSION)
        .child(el("p").say(Msg::SessionsSignOutOneAsk))
        .child(button);
    confirm(summary(Msg::SignOut).attr_text("aria-label", named), asked)
}

fn device(device: Device) -> El {
    let drawing = match device {
        Device::Computer => "M4 4h12v9H4zM2 16h16",
        Device::Phone => "M6 2h8v16H6zM9 15.5h2",
        Device::Unknown => "M3 4h14v10H3zM7 17h6M10 12v.2M8.5 7a1.5 1.5 0 1 1 1.5 2v.8",
    };
    icon("icon", "20", "0 0 20 20").child(stroke(drawing))
}
