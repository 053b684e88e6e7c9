//! The session as a page sees it: its countdown, its end, and the calls that need it.
//!
//! Every call of a page that needs a session goes through [`SessionWatch::call`]. A refusal opens the
//! overlay (`overlay`) and nothing is lost: the call waits for a new sign-in of the same account, and
//! is sent once more then. `countdown` says when something is due, `bar` warns of it, and the other
//! tabs hear of everything.
//!
//! # Security
//! Nothing that another tab says is believed: it is a reason to ask the server who is signed in.

mod bar;
mod calls;
mod countdown;
mod overlay;
mod renewal;

use std::{future::Future, pin::Pin, time::Duration};

use leptos::prelude::*;
use wrengate_protocol::{
    Failure,
    preferences::{Preferences, Times},
    session_ends::Present,
};

pub(crate) use self::{calls::is_offline, countdown::Moment};
use self::{
    countdown::{Countdown, Due},
    overlay::{Over, Reason},
    renewal::Renewal,
};
use crate::{
    api::{error::ApiError, session, stay_signed_in},
    browser::{
        drafts::{self, Restored},
        environment, location,
        tabs::{self, News},
    },
    copy::Msg,
    element::El,
    page_data::Person,
    routes,
};

/// How often the countdown is looked at.
const TICK: Duration = Duration::from_secs(1);

/// How long an answer about the session is waited for.
const LONGEST_QUESTION: Duration = Duration::from_secs(10);

/// How long a status line stands.
const SAID_FOR: Duration = Duration::from_secs(5);

/// A call that can be made again.
pub(crate) type Ask<T> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, ApiError>>>>>;

/// Why a call came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It failed, and the page is as it was.
    Failed(Failure),
    /// It failed after a new sign-in.
    FailedOnceRenewed,
    /// It was given up, because the page is left or belongs to another account.
    GivenUp,
}

/// Whether the server is being asked who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    No,
    Once,
    /// And once more afterwards, because there was news meanwhile.
    Again,
    /// The same, and what it answers is from before a use, which the page knows of.
    Outdated,
}

impl Asking {
    fn repeat(&mut self) {
        if *self == Self::Once {
            *self = Self::Again;
        }
    }

    fn outdate(&mut self) {
        if *self != Self::No {
            *self = Self::Outdated;
        }
    }
}

/// Watches over the session of a page; cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct SessionWatch {
    account: StoredValue<String>,
    countdown: StoredValue<Countdown>,
    /// When the document was shown.
    opened: StoredValue<Moment>,
    asking: StoredValue<Asking>,
    renewal: StoredValue<Renewal>,
    /// What the bar is about.
    due: RwSignal<Due>,
    /// Whether the session could not be extended.
    not_extended: RwSignal<bool>,
    over: RwSignal<Option<Over>>,
    spoken: RwSignal<String>,
    said: RwSignal<String>,
    /// How often something was said.
    times_said: StoredValue<u32>,
    /// What the person chose, as it is kept by now.
    pub(crate) preferences: RwSignal<Preferences>,
}

/// The watch over the session of this page, where somebody is signed in.
pub(crate) fn session_watch() -> Option<SessionWatch> {
    use_context()
}

/// Begins to watch, and answers with what is drawn for it. To be called before the page is drawn.
pub(crate) fn watch_over_session(person: Person) -> Vec<El> {
    let watch = SessionWatch::new(person);
    provide_context(watch);
    environment::once_drawn(move || watch.start());
    vec![watch.bar_texts(), watch.overlay()]
}

impl SessionWatch {
    fn new(person: Person) -> Self {
        let drawn = Moment {
            date_ms: 0,
            running_ms: 0,
        };
        Self {
            account: StoredValue::new(person.account),
            countdown: StoredValue::new(Countdown::unconfirmed(person.ends, drawn)),
            opened: StoredValue::new(drawn),
            asking: StoredValue::new(Asking::No),
            renewal: StoredValue::new(Renewal::default()),
            due: RwSignal::new(Due::Nothing),
            not_extended: RwSignal::new(false),
            over: RwSignal::new(None),
            spoken: RwSignal::new(String::new()),
            said: RwSignal::new(String::new()),
            times_said: StoredValue::new(0),
            preferences: RwSignal::new(person.preferences),
        }
    }

    /// In the browser alone, once the page is drawn.
    fn start(self) {
        let now = environment::moment();
        self.opened.set_value(now);
        self.countdown.update_value(|it| it.begin(now));
        crate::browser::overlay::prepare();
        self.follow_overlay();
        tabs::tell(News::SignedIn);
        tabs::on_news(move |news| self.hear(news));
        tabs::on_shown(move || self.look());
        tabs::on_online(move || self.look());
        tabs::on_form_sent(routes::SIGN_OUT, drafts::forget);
        tabs::on_broken(move || self.keep_work());
        match drafts::restore(&self.account()) {
            Restored::Nothing => {}
            Restored::Filled => self.said.set(Msg::DraftRestored.text()),
            Restored::TooOld => self.say(Msg::DraftTooOld.text()),
            Restored::OfAnother => self.put_away(Reason::OtherDraft, true),
        }
        set_interval(move || self.tick(), TICK);
    }

    /// Makes a call that needs the session. After a refusal it waits for a new sign-in and makes it
    /// once more.
    ///
    /// # Errors
    /// [`Stopped`]; nothing was done then, as far as the server told.
    ///
    /// # Security
    /// Only for the account that the page shows: if somebody else signs in, nothing is sent.
    pub(crate) async fn call<T>(self, ask: Ask<T>) -> Result<T, Stopped> {
        let answer = match ask().await {
            Err(error) if is_refusal(&error) => {
                self.refused(error.failure());
                let renewed: Pin<Box<dyn Future<Output = bool>>> =
                    Box::pin(Renewal::of(self.renewal));
                if !renewed.await {
                    return Err(Stopped::GivenUp);
                }
                let answer = ask().await;
                match &answer {
                    Ok(_) => self.say(Msg::Done.text()),
                    Err(error) if is_refusal(error) => self.refused(error.failure()),
                    Err(_) => self.say(String::new()),
                }
                return answer.map_err(|_| Stopped::FailedOnceRenewed);
            }
            answer => answer,
        };
        answer.map_err(|error| {
            if error.failure() == Failure::PageOutdated {
                self.keep_work();
            }
            Stopped::Failed(error.failure())
        })
    }

    /// What a call that counted as a use answered: the session lasts longer, in all tabs.
    pub(crate) fn used(self, present: &Present) {
        self.found(present);
        self.asking.update_value(Asking::outdate);
        tabs::tell(News::Extended);
    }

    /// Says something in the status line, for a while.
    pub(crate) fn say(self, text: String) {
        self.times_said.update_value(|times| *times += 1);
        let times = self.times_said.get_value();
        self.said.set(text);
        environment::later(SAID_FOR, move || {
            if self.times_said.get_value() == times {
                self.said.set(String::new());
            }
        });
    }

    /// Whether the page is put away. Not followed: a page that is drawn meanwhile stays empty.
    pub(crate) fn is_over(self) -> bool {
        self.over.get_untracked().is_some()
    }

    /// Keeps what was typed through a reload of the page.
    fn keep_work(self) {
        if drafts::is_there_work() {
            drafts::keep(&self.account());
        }
    }

    pub(crate) fn account(self) -> String {
        self.account.get_value()
    }

    /// How long ago the document was shown, in seconds. Not followed.
    pub(crate) fn open_for(self) -> i64 {
        environment::moment().seconds_since(self.opened.get_value())
    }

    /// A time of day as the person wants it.
    fn time(self, unix_seconds: i64) -> String {
        match self.preferences.get_untracked().times {
            Times::Browser => environment::local_time(unix_seconds),
            Times::Utc => environment::utc_time(unix_seconds),
        }
    }

    fn tick(self) {
        if self.is_over() || self.asking.get_value() != Asking::No {
            return;
        }
        self.show_what_is_due();
    }

    fn show_what_is_due(self) {
        let due = self.due_now();
        if self.countdown.with_value(|it| it.must_ask(due)) {
            self.look();
        } else {
            self.show(due);
        }
    }

    fn due_now(self) -> Due {
        let now = environment::moment();
        self.countdown.with_value(|it| it.due(now))
    }

    fn show(self, due: Due) {
        let reason = match due {
            Due::Idle => Reason::Idle,
            Due::Absolute => Reason::Absolute,
            _ => {
                let before = self.due.get_untracked();
                if before != due {
                    self.due.set(due);
                }
                if due.is_spoken_after(before) {
                    self.spoken.set(self.warning(due));
                } else if due == Due::Nothing && before != due {
                    self.spoken.set(String::new());
                }
                return;
            }
        };
        self.end(reason);
    }

    fn hear(self, news: News) {
        let is_for_us = match news {
            News::SignedIn => true,
            News::SignedOut => !self.is_over(),
            News::Extended => self.due.get_untracked() != Due::Nothing || self.is_over(),
        };
        if is_for_us {
            self.look();
        }
    }

    /// Asks the server who is signed in.
    fn look(self) {
        if environment::is_left() {
            // An answer might take the session's cookie away, with which the page that comes next tells why
            // the session ended.
            return;
        }
        if self.asking.get_value() != Asking::No {
            return self.asking.update_value(Asking::repeat);
        }
        self.asking.set_value(Asking::Once);
        environment::spawn(async move {
            let answer: Pin<Box<dyn Future<Output = _>>> = Box::pin(session());
            // One that never comes must not hold the warning up, nor the end.
            let answer = environment::within(LONGEST_QUESTION, answer).await;
            if self.asking.get_value() != Asking::Outdated {
                match answer {
                    Some(Ok(present)) => self.found(&present),
                    Some(Err(error)) if is_refusal(&error) => self.refused(error.failure()),
                    _ => {
                        let due = self.due_now();
                        self.countdown.update_value(|it| it.unanswered(due));
                    }
                }
            }
            let again = self.asking.get_value() != Asking::Once;
            self.asking.set_value(Asking::No);
            if again {
                self.look();
            }
        });
    }

    fn found(self, present: &Present) {
        if present.account != self.account() {
            return self.end(Reason::OtherAccount);
        }
        let was_due = self.due.get_untracked();
        let now = environment::moment();
        self.countdown.set_value(Countdown::new(present.ends, now));
        self.not_extended.set(false);
        match self.over.get_untracked() {
            None => {}
            // Whoever is signed in has to decide first.
            Some(over) if over.reason == Reason::OtherDraft => return,
            Some(_) => self.renewed(),
        }
        self.show_what_is_due();
        if matches!(was_due, Due::IdleSoon(_)) && self.due.get_untracked() == Due::Nothing {
            let end = self.countdown.with_value(Countdown::end);
            self.say(Msg::SignedInUntil.with("{time}", &self.time(end)));
        }
    }

    fn refused(self, failure: Failure) {
        let now = environment::moment();
        let about_over = self.countdown.with_value(|it| it.about_over(now));
        self.end(match failure {
            Failure::SessionOver => Reason::Absolute,
            Failure::SessionRevoked => Reason::Revoked,
            Failure::AccessEnded => Reason::Provider,
            _ if about_over => Reason::Idle,
            _ => Reason::OtherTab,
        });
    }

    fn end(self, reason: Reason) {
        self.put_away(reason, drafts::is_there_work());
    }

    /// Puts the page away. What ended it first is what is told, unless it is found to belong to
    /// another account.
    fn put_away(self, reason: Reason, has_work: bool) {
        if environment::path() == routes::HOME {
            // Somebody is about to sign in anew and needs no dialog for it. What tells of a person around
            // the page goes with the document; the next one is about whoever is signed in then.
            let is_of_draft = reason == Reason::OtherDraft;
            if !is_of_draft && environment::is_online() && !environment::is_busy() {
                location::reload();
            }
            return;
        }
        let before = self.over.get_untracked();
        let is_of_another = reason.is_of_another();
        if before.is_some_and(|before| !is_of_another || before.reason == reason) {
            return;
        }
        self.due.set(Due::Nothing);
        self.spoken.set(String::new());
        self.over.set(Some(Over {
            reason,
            has_work,
            can_keep: drafts::can_keep(),
        }));
        if is_of_another {
            Renewal::settle(self.renewal, false);
        } else {
            tabs::tell(News::SignedOut);
        }
    }

    /// The same account is signed in again.
    fn renewed(self) {
        drafts::forget();
        self.over.set(None);
        if !crate::browser::overlay::close() {
            // Somebody moved on to another page meanwhile.
            return location::reload();
        }
        if Renewal::settle(self.renewal, true) {
            self.said.set(Msg::SendingAgain.text());
        }
    }

    /// Counts as a use, and nothing else.
    fn stay(self) {
        environment::spawn(async move {
            let answer: Pin<Box<dyn Future<Output = _>>> = Box::pin(stay_signed_in());
            match answer.await {
                Ok(present) => self.used(&present),
                Err(error) if is_refusal(&error) => self.refused(error.failure()),
                Err(_) => self.not_extended.set(true),
            }
        });
    }
}

fn is_refusal(error: &ApiError) -> bool {
    error.failure().status() == Some(401)
}
