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
    copy::{self, Msg},
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

    const fn words(self) -> (Msg, Msg) {
        match self {
            Self::Idle => (Msg::OverIdleTitle, Msg::OverIdle),
            Self::Absolute => (Msg::OverAbsoluteTitle, Msg::OverAbsolute),
            Self::Revoked => (Msg::OverRevokedTitle, Msg::OverRevoked),
            Self::OtherTab => (Msg::OverOtherTabTitle, Msg::OverOtherTab),
            Self::Provider => (Msg::OverProviderTitle, Msg::OverProvider),
            Self::OtherAccount | Self::OtherDraft => (Msg::OtherAccountTitle, Msg::OtherAccount),
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
                (Msg::OtherAccountTitle, Msg::PageOfOtherAccount)
            }
            reason => reason.words(),
        };
        let seconds = self.countdown.with_value(super::Countdown::lasts);
        let body = body.with("{hours}", &copy::hours(seconds));
        let mut told = vec![
            el("h2")
                .attr("id", TITLE)
                .attr("tabindex", "-1")
                .attr("autofocus", "")
                .say(title),
            el("p").string(body),
        ];
        if over.has_work && !over.reason.is_of_another() {
            told.push(el("p").say(Msg::WorkIsKept));
        }
        if over.has_work && !over.can_keep {
            told.push(el("p").say(Msg::CannotKeep));
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
                .say(label)
        };
        let home = || location::replace(routes::HOME);
        let ways = match (over.reason.is_of_another(), over.has_work) {
            (true, true) => vec![
                here(Msg::SignInAsFirst, Some(Prompt::SelectAccount), false),
                leave(Msg::DiscardAndContinue, location::reload),
            ],
            (true, false) => vec![
                el("button")
                    .class("button")
                    .attr("type", "button")
                    .on_click(location::reload)
                    .say(Msg::ContinueHere),
            ],
            (false, true) => {
                let mut ways = vec![new_tab("button", Msg::SignInInNewTab)];
                if over.can_keep {
                    ways.push(here(Msg::SignInHere, None, true));
                }
                ways.push(leave(Msg::DiscardAndLeave, home));
                ways
            }
            (false, false) => vec![here(Msg::SignIn, None, false), leave(Msg::Leave, home)],
        };
        el("div").class("actions").children(ways)
    }
}
