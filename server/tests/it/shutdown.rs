//! Stopping: no new work, and what is under way ends well.

use std::time::Duration;

use tokio::net::TcpStream;

use crate::rig::{Browser, FrozenTime, Outcome, Request, World};

#[tokio::test]
async fn an_exchange_that_is_under_way_finishes() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    let mut signing_in = browser.clone();
    let signing = signing_in.begin().await?;
    let arrival = world.provider.authorize(&signing.url, "alice")?;
    world.provider.holds();
    let completion = signing_in.completion(&signing, &arrival);
    let addr = world.addr;
    let call = tokio::spawn(async move { completion.send(addr).await });
    world.provider.arrived(1).await?;
    world.stop().await;
    // The listener is closed as soon as the stop is seen.
    while let Ok(stream) = TcpStream::connect(addr).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    assert!(!call.is_finished());
    world.provider.goes_on();
    let answer = call.await??;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.all("set-cookie").len(), 2);
    world.stopped().await
}

#[tokio::test]
async fn an_idle_server_stops_at_once() -> Outcome {
    let world = World::start().await?;
    let idle = TcpStream::connect(world.addr).await?;
    let kept = Request::get("/healthz").header("Connection", "close");
    assert_eq!(kept.send(world.addr).await?.status, 200);
    drop(idle);
    world.stop().await;
    world.stopped().await
}

/// What hangs is not waited for for ever.
#[tokio::test]
async fn half_a_minute_is_all_that_stopping_takes() -> Outcome {
    let time = FrozenTime::begin();
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.hangs(&["find_session_id"]);
    let request = browser.with_cookies(Request::get("/account"));
    let addr = world.addr;
    let call = tokio::spawn(async move { request.send(addr).await });
    world.store.hung(1).await?;
    world.stop().await;
    while let Ok(stream) = TcpStream::connect(addr).await {
        drop(stream);
        tokio::task::yield_now().await;
    }
    time.pass(Duration::from_secs(30)).await;
    world.stopped().await?;
    call.abort();
    Ok(())
}
