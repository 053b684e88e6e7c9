//! People who sign in, browse and sign out, and take note of what should not happen to them.

use std::{net::SocketAddr, sync::Arc};

use tokio::{sync::watch, task::JoinSet};

use crate::rig::{Answer, Browser, Outcome, Provider, Request};

/// How often a request that changes nothing, or nothing more, is sent again when its connection breaks.
/// A browser repeats such a request too, and each of three replicas may die under one.
const PATIENCE: usize = 4;

/// What happened to people.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Sign-ins that were acknowledged.
    pub(super) sign_ins: usize,
    /// Tries that had to be begun again because a connection broke in them.
    pub(super) retries: usize,
    /// Tries that failed though no connection broke in them.
    pub(super) sign_ins_lost: usize,
    /// Pages opened.
    pub(super) pages: usize,
    /// Sessions that were acknowledged and then unknown.
    pub(super) sessions_lost: usize,
    /// Sign-outs that were acknowledged.
    pub(super) sign_outs: usize,
    /// Sessions that still worked after their sign-out was acknowledged.
    pub(super) sign_outs_lost: usize,
    /// Connections that broke.
    pub(super) broken: usize,
}

/// People at one front door.
#[derive(Debug)]
pub(super) struct Crowd(JoinSet<Outcome<Tally>>);

impl Crowd {
    /// So many people go on until they are stopped.
    pub(super) fn gather(
        people: usize,
        provider: &Arc<Provider>,
        (addr, origin): (SocketAddr, &str),
        stopping: &watch::Receiver<bool>,
    ) -> Self {
        let mut crowd = JoinSet::new();
        for number in 0..people {
            let mut person = Person {
                name: format!("person-{number}"),
                browser: Browser::of(addr, origin),
                provider: Arc::clone(provider),
                tally: Tally::default(),
            };
            let stopping = stopping.clone();
            crowd.spawn(async move {
                while !*stopping.borrow() {
                    person.comes_and_goes().await?;
                }
                Ok(person.tally)
            });
        }
        Self(crowd)
    }

    /// Everybody ends what they are at.
    pub(super) async fn goes_home(mut self) -> Outcome<Tally> {
        let mut sum = Tally::default();
        while let Some(done) = self.0.join_next().await {
            let tally = done??;
            sum.sign_ins += tally.sign_ins;
            sum.retries += tally.retries;
            sum.sign_ins_lost += tally.sign_ins_lost;
            sum.pages += tally.pages;
            sum.sessions_lost += tally.sessions_lost;
            sum.sign_outs += tally.sign_outs;
            sum.sign_outs_lost += tally.sign_outs_lost;
            sum.broken += tally.broken;
        }
        Ok(sum)
    }
}

struct Person {
    name: String,
    browser: Browser,
    provider: Arc<Provider>,
    tally: Tally,
}

impl Person {
    async fn comes_and_goes(&mut self) -> Outcome {
        while !self.signs_in().await? {
            self.tally.retries += 1;
        }
        self.tally.sign_ins += 1;
        for _ in 0..3 {
            let page = self
                .asks(|browser| browser.with_cookies(Request::get("/account")))
                .await?;
            self.tally.pages += 1;
            if page.status != 200 || !page.text().contains(&self.name) {
                self.tally.sessions_lost += 1;
                return Ok(());
            }
        }
        let before = self.browser.clone();
        let answer = self.asks(|browser| browser.form("/sign-out", "")).await?;
        if answer.status != 303 {
            return Err(answer.whole().into());
        }
        self.tally.sign_outs += 1;
        // The cookie that the browser has thrown away is worth nothing on any replica.
        self.browser = before;
        let session = self
            .asks(|browser| browser.call("session", &serde_json::json!({})))
            .await?;
        if session.status != 401 {
            self.tally.sign_outs_lost += 1;
        }
        self.browser.cookies.clear();
        Ok(())
    }

    /// One try; false when a connection broke in it. A completion whose connection breaks is sent again
    /// as it is, once, as the page does.
    async fn signs_in(&mut self) -> Outcome<bool> {
        let Ok(signing) = self.browser.begin().await else {
            self.tally.broken += 1;
            return Ok(false);
        };
        let arrival = self.provider.authorize(&signing.url, &self.name)?;
        let completion = self.browser.completion(&signing, &arrival);
        let mut broke = false;
        for _ in 0..2 {
            match self.browser.send(completion.clone()).await {
                Ok(answer) if answer.status == 200 => return Ok(true),
                Ok(_refusal) => break,
                Err(_broken) => {
                    self.tally.broken += 1;
                    broke = true;
                }
            }
        }
        self.tally.sign_ins_lost += usize::from(!broke);
        Ok(false)
    }

    async fn asks(&mut self, request: impl Fn(&Browser) -> Request) -> Outcome<Answer> {
        let mut last = Err("not asked".into());
        for _ in 0..PATIENCE {
            last = self.browser.send(request(&self.browser)).await;
            if last.is_ok() {
                break;
            }
            self.tally.broken += 1;
        }
        last
    }
}
