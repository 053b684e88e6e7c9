//! The page as the server draws it.

use crate::{
    components::{external, icon, page_link, stroke},
    copy::{self, Words, sessions as words},
    element::{El, el},
    page_data::{Device, EndedSessions, SessionList, SessionRow, page_data},
    pages::account::{form, submit},
    routes,
};

/// `/sessions`
pub(crate) fn sessions_page() -> El {
    let data = page_data();
    let list = data.sessions.unwrap_or_default();
    let names = Words::of(&data.client);
    let change = names.fill(words::CHANGE_PASSWORD);
    let change = match data.client.provider_home {
        Some(address) => el("p").child(external(address, change)),
        None => el("p").string(change),
    };
    let account = el("a").attr("href", routes::ACCOUNT);
    let page = el("section")
        .class("page sessions")
        .child(el("h1").attr("tabindex", "-1").text(copy::SESSIONS_TITLE))
        .maybe(list.ended.clone().map(result));
    let page = match &list.failed {
        Some(reference) => page.child(failed(reference)),
        None => page
            .child(el("p").class("lead").string(names.fill(words::LEAD)))
            .children(loaded(list)),
    };
    page.child(change)
        .child(el("p").child(account.text(copy::ACCOUNT_TITLE)))
}

/// What the last form did.
fn result(ended: EndedSessions) -> El {
    let ok = |text: String| message("message message-ok", "status", text);
    match ended {
        EndedSessions::One(Some(browser)) => ok(words::ENDED.replace("{browser}", &browser)),
        EndedSessions::One(None) => ok(words::ENDED_UNKNOWN.to_owned()),
        EndedSessions::Others(1) => ok(words::ENDED_ONE_OTHER.to_owned()),
        EndedSessions::Others(count) => ok(numbered(words::ENDED_OTHERS, count)),
        EndedSessions::Before => ok(words::ENDED_BEFORE.to_owned()),
        EndedSessions::NotOne(reference) => alert(words::NOT_ENDED, &reference),
        EndedSessions::NotOthers(reference) => alert(words::OTHERS_NOT_ENDED, &reference),
        EndedSessions::ThisBrowser => {
            let text = words::NOT_THIS_BROWSER.to_owned();
            message("message message-info", "status", text)
        }
    }
}

fn message(class: &'static str, role: &'static str, text: String) -> El {
    el("p").class(class).attr("role", role).string(text)
}

fn alert(text: &'static str, reference: &str) -> El {
    let text = format!("{text} {} {reference}", copy::REFERENCE);
    message("message message-warn", "alert", text)
}

fn numbered(sentence: &'static str, count: u32) -> String {
    sentence.replace("{n}", &count.to_string())
}

/// Without the list everybody can still be signed out.
fn failed(reference: &str) -> El {
    let everywhere = submit("button button-danger", copy::SIGN_OUT_EVERYWHERE)
        .attr("name", "where")
        .attr("value", "everywhere");
    let asked = form(routes::SIGN_OUT)
        .child(el("p").text(copy::SIGN_OUT_EVERYWHERE_ASK))
        .child(everywhere);
    let everywhere = confirm(summary(copy::SIGN_OUT_EVERYWHERE), asked);
    el("div")
        .class("stage")
        .child(alert(words::FAILED, reference))
        .child(
            el("div")
                .class("actions")
                .child(page_link("button", routes::SESSIONS, copy::TRY_AGAIN))
                .child(everywhere),
        )
}

/// A question that opens in place.
fn confirm(summary: El, asked: El) -> El {
    el("details").class("confirm").child(summary).child(asked)
}

fn summary(label: &'static str) -> El {
    el("summary").class("button button-quiet").text(label)
}

fn loaded(list: SessionList) -> Vec<El> {
    let all = match list.others {
        0 => el("p").text(words::ONLY_BROWSER),
        count => {
            let ask = match count {
                1 => words::SIGN_OUT_OTHER_ASK.to_owned(),
                _ => numbered(words::SIGN_OUT_OTHERS_ASK, count),
            };
            let asked = form(routes::END_OTHER_SESSIONS)
                .child(el("p").string(ask))
                .child(submit("button button-danger", words::SIGN_OUT_OTHERS));
            confirm(summary(words::SIGN_OUT_OTHERS), asked)
        }
    };
    let rows = list.rows.into_iter().map(session);
    let rows = el("ul").class("session-list").children(rows.collect());
    let more = list.more.then(|| {
        el("p").child(
            el("a")
                .attr_text("href", format!("{}?{}", routes::SESSIONS, routes::ALL))
                .attr("rel", "external")
                .text(words::SHOW_MORE),
        )
    });
    [all, rows].into_iter().chain(more).collect()
}

fn session(row: SessionRow) -> El {
    let name = row
        .browser
        .unwrap_or_else(|| words::UNKNOWN_BROWSER.to_owned());
    let (mark, used, sign_out) = match row.key {
        None => {
            let mark = el("span").class("badge badge-ok").text(words::THIS_BROWSER);
            (Some(mark), el("span").text(words::ACTIVE_NOW), None)
        }
        Some(key) => {
            let named = words::SIGN_OUT_NAMED
                .replace("{browser}", &name)
                .replace("{time}", &utc(&row.used));
            let used = el("span").text(words::LAST_ACTIVE).child(time(row.used));
            (None, used, Some(sign_out(key, named)))
        }
    };
    let began = el("span").text(words::SIGNED_IN_AT).child(time(row.began));
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

/// A moment as the server writes it, before the browser can localise it.
fn utc(moment: &str) -> String {
    moment.replace('T', " ").replace('Z', " UTC")
}

fn sign_out(key: String, named: String) -> El {
    // The button carries the key, so no field is needed.
    let button = submit("button button-danger", copy::SIGN_OUT)
        .attr("name", "key")
        .attr_text("value", key)
        .attr_text("aria-label", named.clone());
    let asked = form(routes::END_SESSION)
        .child(el("p").text(words::SIGN_OUT_ONE_ASK))
        .child(button);
    confirm(
        summary(copy::SIGN_OUT).attr_text("aria-label", named),
        asked,
    )
}

fn device(device: Device) -> El {
    let drawing = match device {
        Device::Computer => "M4 4h12v9H4zM2 16h16",
        Device::Phone => "M6 2h8v16H6zM9 15.5h2",
        Device::Unknown => "M3 4h14v10H3zM7 17h6M10 12v.2M8.5 7a1.5 1.5 0 1 1 1.5 2v.8",
    };
    icon("icon", "20", "0 0 20 20").child(stroke(drawing))
}
