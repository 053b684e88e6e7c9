//! What stands before a page whose session is over.

use std::time::Duration;

use leptos::prelude::*;
use wrengate_protocol::authorize::Prompt;

use super::{SessionWatch, bar::new_tab};
use crate::{
    browser::{
        drafts, environment, location,
        overlay::{self, DIALOG},
    },
    copy,
    element::{El, el},
    routes,
    sign_in::{ReturnTo, sign_in_button},
};

/// The id of the heading.
const TITLE: &str = "session-over-title";

/// Why a page was put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The session went unused for too long.
    Idle,
    /// It lasted as long as any may.
    Absolute,
    /// It was ended from elsewhere.
    Revoked,
    /// Somebody signed out in another tab.
    OtherTab,
    /// The provider does not accept the access any more.
    Provider,
    /// Somebody else is signed in.
    OtherAccount,
    /// Somebody else signed in here, with a draft of the first account in this tab.
    OtherDraft,
}

impl Reason {
    /// Whether somebody else is signed in than the work belongs to.
    pub(super) const fn is_of_another(self) -> bool {
        matches!(self, Self::OtherAccount | Self::OtherDraft)
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Idle => (copy::OVER_IDLE_TITLE, copy::OVER_IDLE),
            Self::Absolute => (copy::OVER_ABSOLUTE_TITLE, copy::OVER_ABSOLUTE),
            Self::Revoked => (copy::OVER_REVOKED_TITLE, copy::OVER_REVOKED),
            Self::OtherTab => (copy::OVER_OTHER_TAB_TITLE, copy::OVER_OTHER_TAB),
            Self::Provider => (copy::OVER_PROVIDER_TITLE, copy::OVER_PROVIDER),
            Self::OtherAccount | Self::OtherDraft => {
                (copy::OTHER_ACCOUNT_TITLE, copy::OTHER_ACCOUNT)
            }
        }
    }
}

/// A page that was put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Over {
    pub(super) reason: Reason,
    /// Whether something was typed that the server does not have.
    pub(super) has_work: bool,
    /// Whether it can be kept through a sign-in in this tab.
    pub(super) can_keep: bool,
}

impl SessionWatch {
    /// The dialog, empty until it is needed.
    pub(super) fn overlay(self) -> El {
        el("dialog")
            .attr("id", DIALOG)
            .class("session-over")
            .attr("aria-labelledby", TITLE)
            .attr("closedby", "none")
            .part(move || match self.over.get() {
                Some(over) => self.told(over),
                None => Vec::new(),
            })
    }

    /// Opens the dialog when there is something to tell, and moves the focus to it.
    pub(super) fn follow_overlay(self) {
        Effect::new(move |_| {
            if self.over.get().is_some() {
                overlay::open();
                // Once the words are drawn.
                environment::later(Duration::ZERO, overlay::focus_title);
            }
        });
    }

    fn told(self, over: Over) -> Vec<El> {
        let (title, body) = match over.reason {
            Reason::OtherAccount if !over.has_work => {
                (copy::OTHER_ACCOUNT_TITLE, copy::PAGE_OF_OTHER_ACCOUNT)
            }
            reason => reason.words(),
        };
        let hours = self.countdown.with_value(super::Countdown::lasts) / 3600;
        let body = self.fill(body).replace("{hours}", &copy::hours(hours));
        let mut told = vec![
            el("h2")
                .attr("id", TITLE)
                .attr("tabindex", "-1")
                .attr("autofocus", "")
                .string(self.fill(title)),
            el("p").string(body),
        ];
        if over.has_work && !over.reason.is_of_another() {
            told.push(el("p").text(copy::WORK_IS_KEPT));
        }
        if over.has_work && !over.can_keep {
            told.push(el("p").text(copy::CANNOT_KEEP));
        }
        told.push(self.ways(over));
        told
    }

    fn ways(self, over: Over) -> El {
        let here = |label, prompt, quiet| {
            let back: ReturnTo = Box::new(move || {
                // A page that found the draft of another account has none of its own.
                if drafts::is_there_work() {
                    drafts::keep(&self.account());
                }
                Some(environment::path())
            });
            sign_in_button(label, prompt, back, quiet)
        };
        let leave = |label, to: fn()| {
            el("button")
                .class("link")
                .attr("type", "button")
                .on_click(move || {
                    drafts::forget();
                    to();
                })
                .text(label)
        };
        let home = || location::replace(routes::HOME);
        let ways = match (over.reason.is_of_another(), over.has_work) {
            (true, true) => vec![
                here(copy::SIGN_IN_AS_FIRST, Some(Prompt::SelectAccount), false),
                leave(copy::DISCARD_AND_CONTINUE, location::reload),
            ],
            (true, false) => vec![
                el("button")
                    .class("button")
                    .attr("type", "button")
                    .on_click(location::reload)
                    .text(copy::CONTINUE_HERE),
            ],
            (false, true) => {
                let mut ways = vec![new_tab("button", copy::SIGN_IN_IN_NEW_TAB)];
                if over.can_keep {
                    ways.push(here(copy::SIGN_IN_HERE, None, true));
                }
                ways.push(leave(copy::DISCARD_AND_LEAVE, home));
                ways
            }
            (false, false) => vec![here(copy::SIGN_IN, None, false), leave(copy::LEAVE, home)],
        };
        el("div").class("actions").children(ways)
    }
}
