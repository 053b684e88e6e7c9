//! Calls per address and minute.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use tokio::net::TcpSocket;

use crate::rig::{
    Answer, Browser, Outcome, Plan, Request, World, browser::begin_message, check_failure,
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
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::from((address, 0)))?;
            let stream = socket.connect(world.addr).await?;
            let answer = wire::exchange_on(stream, &call(number).encode()).await?;
            assert_eq!(Answer::parse(&answer)?.status, status, "{address} {number}");
        }
    }
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
