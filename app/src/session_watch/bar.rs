//! The bar that warns before a session ends, and the lines that say how it went.

use leptos::prelude::*;

use super::{Due, SessionWatch};
use crate::{
    copy::Msg,
    element::{El, el},
    routes,
    sign_in::RENEW,
};

impl SessionWatch {
    /// The bar at the top of a page.
    pub(crate) fn bar(self) -> El {
        let is_soon = move || self.due.get() != Due::Nothing;
        let is_idle = move || matches!(self.due.get(), Due::IdleSoon(_));
        let hidden = |hidden: bool| hidden.then(String::new);
        let stay = el("button")
            .class("button")
            .attr("type", "button")
            .attr_when("hidden", move || hidden(!is_idle()))
            .on_click(move || self.stay())
            .text_of(move || {
                if self.not_extended.get() {
                    Msg::TryAgain.text()
                } else {
                    Msg::StaySignedIn.text()
                }
            });
        let sign_out = el("button")
            .class("button button-quiet")
            .attr("type", "submit")
            .say(Msg::SignOutNow);
        let sign_out = el("form")
            .attr("method", "post")
            .attr("action", routes::SIGN_OUT)
            .attr_when("hidden", move || hidden(!is_idle()))
            .child(sign_out);
        let anew = new_tab("button", Msg::SignInAgainInNewTab)
            .attr_when("hidden", move || hidden(is_idle()));
        el("div")
            .class("session-bar")
            .attr_when("hidden", move || hidden(!is_soon()))
            .child(el("p").text_of(move || self.warning(self.due.get())))
            .child(
                el("p")
                    .class("session-alert")
                    .attr("role", "alert")
                    .text_of(move || {
                        if self.not_extended.get() {
                            Msg::NotExtended.text()
                        } else {
                            String::new()
                        }
                    }),
            )
            .child(
                el("div")
                    .class("actions")
                    .child(stay)
                    .child(sign_out)
                    .child(anew),
            )
    }

    /// What is said aloud, and the status line. They are there before they are filled.
    pub(super) fn bar_texts(self) -> El {
        el("div")
            .class("session-lines")
            .child(
                el("p")
                    .class("session-spoken")
                    .attr("role", "status")
                    .text_of(move || self.spoken.get()),
            )
            .child(
                el("p")
                    .class("session-said")
                    .attr("role", "status")
                    .text_of(move || self.said.get()),
            )
    }

    /// What the bar says.
    pub(super) fn warning(self, due: Due) -> String {
        match due {
            Due::IdleSoon(left) => {
                let time = format!("{}:{:02}", left / 60, left % 60);
                Msg::IdleSoon.with("{time}", &time)
            }
            Due::AbsoluteSoon(_) => {
                let end = self.countdown.with_value(super::Countdown::end);
                Msg::AbsoluteSoon.with("{time}", &self.time(end))
            }
            _ => String::new(),
        }
    }
}

/// A link that signs in beside this page. No blocker of windows minds a link.
pub(super) fn new_tab(class: &'static str, label: Msg) -> El {
    el("a")
        .class(class)
        .attr("href", RENEW)
        .attr("target", "_blank")
        .attr("rel", "external noopener")
        .say(label)
}
