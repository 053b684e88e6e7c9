//! Calls per address and minute.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use tokio::net::TcpSocket;

use crate::rig::{
    Answer, Browser, Outcome, Plan, Request, World, browser::begin_message, check_failure, log,
    provider::random, wire,
};

fn begin(browser: &Browser) -> Outcome<Request> {
    let message = begin_message(&random()?, &random()?, "/account")?;
    Ok(browser.call("begin_sign_in", &message))
}

/// F13.
#[tokio::test]
async fn an_address_that_calls_too_often_is_told_when_to_come_back() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_BEGIN", "3")
        .setting("WRENGATE_RATE_COMPLETE", "2")
        .setting("WRENGATE_RATE_API", "4")
        .start()
        .await?;
    let browser = Browser::at(&world);
    for (calls, endpoint, first) in [
        (3, "begin_sign_in", 200),
        (2, "complete_sign_in", 400),
        (4, "session", 401),
    ] {
        let request = || match endpoint {
            "begin_sign_in" => begin(&browser),
            "complete_sign_in" => {
                Ok(browser.call(endpoint, &json!({"state": random()?, "error": "x"})))
            }
            _ => Ok(browser.call(endpoint, &json!({}))),
        };
        for number in 0..calls {
            let answer = request()?.send(world.addr).await?;
            assert_eq!(answer.status, first, "{endpoint} {number}");
        }
        let answer = request()?.send(world.addr).await?;
        check_failure(endpoint, &answer, 429, "too-many")?;
        let wait = answer.header("retry-after").ok_or("no time to wait")?;
        assert_eq!(answer.json()?["retry_after"].to_string(), wait);
        assert!((1..=61).contains(&wait.parse::<u32>()?), "{wait}");
        assert_eq!(answer.all("set-cookie"), [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn zero_is_no_limit() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for number in 0..400 {
        let answer = browser.call("session", &json!({})).send(world.addr).await?;
        assert_eq!(answer.status, 401, "{number}");
    }
    Ok(())
}

/// Each address has a limit of its own, and no header makes one address another.
#[tokio::test]
async fn addresses_are_counted_apart_and_headers_not_at_all() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_API", "1")
        .start()
        .await?;
    let browser = Browser::at(&world);
    let call = |number: u8| {
        let forwarded = format!("203.0.113.{number}");
        browser
            .call("session", &json!({}))
            .header("X-Forwarded-For", &forwarded)
            .header("X-Real-IP", &forwarded)
            .header("Forwarded", &format!("for={forwarded}"))
    };
    for address in [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2)] {
        for (number, status) in [(1, 401), (2, 429), (3, 429)] {
            let answer = send_from(address, &world, &call(number)).await?;
            assert_eq!(answer.status, status, "{address} {number}");
        }
    }
    Ok(())
}

/// Sends a request from an address of this machine.
async fn send_from(address: Ipv4Addr, world: &World, request: &Request) -> Outcome<Answer> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((address, 0)))?;
    let stream = socket.connect(world.addr).await?;
    Answer::parse(&wire::exchange_on(stream, &request.encode()).await?)
}

/// A trusted proxy says whose requests these are; nobody else does, and what a client writes before
/// the proxy does not count.
#[tokio::test]
async fn a_trusted_proxy_is_believed_and_nobody_else() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_API", "1")
        .setting("WRENGATE_TRUSTED_PROXIES", "127.0.0.2, 10.0.0.0/8")
        .start()
        .await?;
    let browser = Browser::at(&world);
    let proxy = Ipv4Addr::new(127, 0, 0, 2);
    let stranger = Ipv4Addr::new(127, 0, 0, 3);
    for (row, from, forwarded, status) in [
        ("first", proxy, "203.0.113.1", 401),
        ("again", proxy, "203.0.113.1", 429),
        ("spoofed before it", proxy, "198.51.100.9, 203.0.113.1", 429),
        (
            "through two proxies",
            proxy,
            "198.51.100.8, 203.0.113.1, 10.0.0.7",
            429,
        ),
        ("another", proxy, "203.0.113.2", 401),
        ("IPv6", proxy, "2001:db8:0:1::1", 401),
        ("the same network", proxy, "[2001:db8:0:1::2]:80", 429),
        ("another network", proxy, "2001:db8:0:2::1", 401),
        ("garbage is the proxy's", proxy, "what", 401),
        ("and shares its limit", proxy, "203.0.113.7, <b>", 429),
        ("a stranger", stranger, "203.0.113.3", 401),
        ("who says to be another", stranger, "203.0.113.4", 429),
        ("has used up nobody's limit", proxy, "203.0.113.4", 401),
    ] {
        let call = browser
            .call("session", &json!({}))
            .header("X-Forwarded-For", forwarded);
        let answer = send_from(from, &world, &call).await?;
        assert_eq!(answer.status, status, "{row}");
    }
    Ok(())
}

/// Every page, form and refusal of a page counts; files and the check that the process runs do not.
/// Addresses of every kind that is counted as a page.
const PAGES: [&str; 14] = [
    "/",
    "/?return_to=/account",
    "/account",
    "/sessions",
    "/callback",
    "/callback?code=planted&state=planted",
    "/signed-out",
    "/signed-out/",
    "/problem/too-long",
    "/problem/no-such-failure",
    "/no-such-page",
    "/pkg/no-such-file.js",
    "/readyz",
    "/sign-out",
];

#[tokio::test]
async fn pages_and_forms_have_a_limit_and_files_have_none() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_PAGES", "1")
        .start()
        .await?;
    let browser = Browser::at(&world);
    let forms =
        ["/sign-out", "/profile/refresh", "/sessions/end"].map(|path| browser.form(path, ""));
    let pages = PAGES.map(Request::get).into_iter();
    let others = [Request::new("HEAD", "/"), Request::post("/")];
    for (number, request) in (1..).zip(pages.chain(forms).chain(others)) {
        let row = format!("{request:?}");
        let from = Ipv4Addr::new(127, 0, 2, number);
        let answer = send_from(from, &world, &request).await?;
        assert_ne!(answer.status, 429, "{row}");
        let answer = send_from(from, &world, &request).await?;
        assert_eq!(answer.status, 429, "{row}");
        let wait: u32 = answer.header("retry-after").ok_or("no wait")?.parse()?;
        assert!((1..=61).contains(&wait), "{row}: {wait}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{row}");
        assert_eq!(answer.all("set-cookie"), [""; 0], "{row}");
        let text = answer.text();
        if row.contains("HEAD") {
            continue;
        }
        assert!(text.contains("<h1>Too many attempts</h1>"), "{row}: {text}");
        assert!(!text.contains("planted"), "{row}: {text}");
        let reference = text.split("Reference ").nth(1).and_then(|it| it.get(..9));
        let lines = log::lines_of(reference.ok_or("no reference")?);
        assert!(
            matches!(lines.as_slice(), [line] if line.contains("failure=\"too-many\"")),
            "{row}: {lines:?}"
        );
    }
    for path in [
        "/healthz",
        "/favicon.svg",
        "/robots.txt",
        "/pkg/wrengate.js",
    ] {
        for _ in 0..3 {
            let answer = Request::get(path).send(world.addr).await?;
            assert_eq!(answer.status, 200, "{path}");
        }
    }
    Ok(())
}

/// Forms of our own pages count with the calls; those of others count for nobody.
#[tokio::test]
async fn forms_count_like_calls() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_API", "2")
        .start()
        .await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    let evil = browser
        .form("/sign-out", "")
        .instead("Origin", "https://evil.example");
    for _ in 0..5 {
        assert_eq!(evil.send(world.addr).await?.status, 403);
    }
    assert_eq!(browser.post("/profile/refresh", "").await?.status, 303);
    assert!(browser.is_signed_in().await?);
    let answer = browser.post("/sign-out", "").await?;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").is_some());
    assert!(browser.session_cookie().is_some(), "nothing was changed");
    Ok(())
}

/// Many addresses together get no more than everybody may.
#[tokio::test]
async fn everybody_together_has_a_limit() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_BEGIN", "1")
        .setting("WRENGATE_RATE_BEGIN_ALL", "5")
        .start()
        .await?;
    let browser = Browser::at(&world);
    for number in 1..=5 {
        let from = Ipv4Addr::new(127, 0, 1, number);
        for status in [200, 429] {
            let answer = send_from(from, &world, &begin(&browser)?).await?;
            assert_eq!(answer.status, status, "{from}");
        }
    }
    let answer = send_from(Ipv4Addr::new(127, 0, 1, 6), &world, &begin(&browser)?).await?;
    check_failure("the sixth address", &answer, 429, "too-many")?;
    assert!(answer.header("retry-after").is_some());
    Ok(())
}

/// What the gate refuses takes nothing away from the people behind the same address.
#[tokio::test]
async fn refused_calls_do_not_count() -> Outcome {
    let world = Plan::new()
        .setting("WRENGATE_RATE_BEGIN", "1")
        .start()
        .await?;
    let browser = Browser::at(&world);
    for _ in 0..5 {
        let evil = begin(&browser)?.instead("Origin", "https://evil.example");
        assert_eq!(evil.send(world.addr).await?.status, 403);
        let form = begin(&browser)?.instead("Content-Type", "text/plain");
        assert_eq!(form.send(world.addr).await?.status, 415);
    }
    assert_eq!(begin(&browser)?.send(world.addr).await?.status, 200);
    Ok(())
}
