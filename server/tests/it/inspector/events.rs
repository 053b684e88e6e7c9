//! A sign-in as it happens, as server-sent events.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use wrengate_protocol::Secret;

use super::fetch;
use crate::rig::{Browser, Outcome, World, provider::random};

/// A page that listens.
#[derive(Debug)]
pub(crate) struct Listener {
    stream: TcpStream,
    pub(crate) heard: String,
}

impl Listener {
    pub(crate) async fn of(browser: &Browser, world: &World) -> Outcome<Self> {
        Self::at(world.addr, browser).await
    }

    /// A page of a server that listens at an address.
    pub(crate) async fn at(addr: SocketAddr, browser: &Browser) -> Outcome<Self> {
        let mut stream = TcpStream::connect(addr).await?;
        let request = fetch(browser, "/inspector/events");
        stream.write_all(&request.encode()).await?;
        let mut listener = Self {
            stream,
            heard: String::new(),
        };
        listener.hears("\r\n\r\n").await?;
        Ok(listener)
    }

    /// Reads until this was said; the end of the stream before that is an error.
    pub(crate) async fn hears(&mut self, text: &str) -> Outcome {
        while !self.heard.contains(text) {
            if !self.reads().await? {
                return Err(format!("no {text} in {}", self.heard).into());
            }
        }
        Ok(())
    }

    /// Reads to the end.
    pub(crate) async fn ends(&mut self) -> Outcome {
        while self.reads().await? {}
        Ok(())
    }

    async fn reads(&mut self) -> Outcome<bool> {
        let mut bytes = [0; 4096];
        let count = self.stream.read(&mut bytes).await?;
        let heard = bytes.get(..count).unwrap_or_default();
        self.heard.push_str(&String::from_utf8_lossy(heard));
        Ok(count > 0)
    }

    fn statuses(&self) -> Vec<String> {
        let data = self
            .heard
            .lines()
            .filter_map(|line| line.strip_prefix("data: "));
        let views = data.filter_map(|data| serde_json::from_str::<Value>(data).ok());
        let statuses =
            views.filter_map(|view| view.pointer("/status/is")?.as_str().map(str::to_owned));
        statuses.collect()
    }
}

#[tokio::test]
async fn the_steps_are_told_as_they_happen() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    // The page gives the browser its cookie before anything begins.
    browser.open("/inspector/trace").await?;
    let mut page = Listener::of(&browser, &world).await?;
    assert!(page.heard.starts_with("HTTP/1.1 200"), "{}", page.heard);
    assert!(
        page.heard
            .to_lowercase()
            .contains("content-type: text/event-stream")
    );
    let signing = browser.begin().await?;
    // A sign-in that begins gives another cookie, with which the page comes back.
    page.ends().await?;
    assert!(page.heard.contains("retry: 1000"), "{}", page.heard);
    let mut page = Listener::of(&browser, &world).await?;
    page.hears("code_challenge").await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    let request = browser.completion(&signing, &arrival);
    let addr = world.addr;
    let call = tokio::spawn(async move { request.send(addr).await });
    world.provider.arrived(1).await?;
    page.hears("code_verifier").await?;
    assert!(!page.heard.contains("signed_in"));
    world.provider.goes_on();
    assert_eq!(call.await??.status, 200);
    while page.statuses().last().map(String::as_str) != Some("signed_in") {
        assert!(page.reads().await?, "{}", page.heard);
    }
    assert!(page.statuses().len() > 5, "{:?}", page.statuses());
    let answer = fetch(&browser, "/inspector/clear");
    assert_eq!(answer.send(world.addr).await?.status, 405);
    browser.post("/inspector/clear", "").await?;
    page.hears("event: gone\ndata: {\"left\":[]}").await?;
    Ok(())
}

#[tokio::test]
async fn nobody_hears_of_another_browser() -> Outcome {
    let world = World::start().await?;
    let mut bob = Browser::at(&world);
    bob.open("/inspector/trace").await?;
    let signing = bob.begin().await?;
    let mut page = Listener::of(&bob, &world).await?;
    let mut nobody = Listener::of(&Browser::at(&world), &world).await?;
    let mut alice = Browser::at(&world);
    alice.sign_in(&world.provider, "alice").await?;
    let arrival = world.provider.authorize(&signing.url, "bob")?;
    bob.complete(&signing, &arrival).await?;
    page.hears("signed_in").await?;
    world.stop().await;
    page.ends().await?;
    nobody.ends().await?;
    assert!(!page.heard.contains("alice"), "{}", page.heard);
    assert!(!nobody.heard.contains("event:"), "{}", nobody.heard);
    Ok(())
}

/// Streams end when the server is to stop, so that it does.
#[tokio::test]
async fn listening_holds_up_no_stop() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    let mut page = Listener::of(&browser, &world).await?;
    page.hears("event: trace").await?;
    world.stop().await;
    page.ends().await?;
    world.stopped().await
}

#[tokio::test]
async fn a_browser_has_four_streams() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    let mut pages = Vec::new();
    for _ in 0..4 {
        let mut page = Listener::of(&browser, &world).await?;
        page.hears("event: trace").await?;
        pages.push(page);
    }
    let refused = fetch(&browser, "/inspector/events")
        .send(world.addr)
        .await?;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), Some("60"));
    pages.pop();
    // The server sees the end when it next has something to say.
    loop {
        browser.bring_error(&random()?, "access_denied").await?;
        let page = Listener::of(&browser, &world).await?;
        if page.heard.starts_with("HTTP/1.1 200") {
            return Ok(());
        }
    }
}

/// Nobody tells of time that passes, and the page says that a trace is kept 15 minutes.
#[tokio::test]
async fn what_grows_too_old_is_told_without_anything_else_happening() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    let mut page = Listener::of(&browser, &world).await?;
    page.hears("event: trace").await?;
    world.clock.advance(10 * 60);
    page.hears("\"is\":\"expired\"").await?;
    world.clock.advance(5 * 60);
    page.hears("{\"left\":[]}").await?;
    Ok(())
}

/// Cookies are made up in no time, and so are attempts of one network; both leave room for others.
#[tokio::test]
async fn whoever_makes_up_browsers_leaves_room_for_others() -> Outcome {
    let world = World::start().await?;
    let inspector = &world.services.inspector;
    let [one, other] = [[203, 0, 113, 1], [203, 0, 113, 2]].map(std::net::IpAddr::from);
    let watches = |browser: &Browser, network| {
        let cookie = browser.cookies.get("wrengate-inspector").cloned();
        inspector.watch(cookie.map(Secret::new).as_ref(), network)
    };
    let mut made_up = Vec::new();
    for _ in 0..64 {
        let mut browser = Browser::at(&world);
        let cookie = random()?;
        browser
            .cookies
            .insert("wrengate-inspector".to_owned(), cookie);
        made_up.extend(watches(&browser, other));
    }
    assert_eq!(made_up.len(), 16);
    for _ in 0..64 {
        let mut browser = Browser::at(&world);
        browser.begin().await?;
        made_up.extend(watches(&browser, other));
    }
    assert_eq!(made_up.len(), 32);
    let mut browser = Browser::at(&world);
    browser.begin().await?;
    assert!(watches(&browser, one).is_some());
    Ok(())
}
