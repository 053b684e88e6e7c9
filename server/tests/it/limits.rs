//! How much a request may be, and how long it may take.

use std::{fs::File, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::rig::{
    Answer, Browser, FrozenTime, Outcome, Request, World, browser::begin_message, check_failure,
    check_refusal, provider::random, wire,
};

const KIB: usize = 1024;

/// F9: the limit is the same for lengths that are announced and for those that are not.
#[tokio::test]
async fn a_message_has_at_most_16_kib() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for (length, is_too_long) in [(16 * KIB, false), (16 * KIB + 1, true), (1024 * KIB, true)] {
        for is_chunked in [false, true] {
            let row = format!("{length} {is_chunked}");
            let message = begin_message(&random()?, &random()?, "/account")?;
            let call = browser.call("begin_sign_in", &message);
            let mut body = message.to_string();
            body.push_str(&" ".repeat(length - body.len()));
            let request = if is_chunked {
                let chunk = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
                call.header("Transfer-Encoding", "chunked").body(chunk)
            } else {
                call.body(body)
            };
            let answer = request.send(world.addr).await?;
            if is_too_long {
                check_refusal(&row, &answer, 413)?;
                assert_eq!(answer.header("connection"), Some("close"), "{row}");
            } else {
                assert_eq!(answer.status, 200, "{row}");
            }
        }
    }
    Ok(())
}

/// What is announced to be too long is not waited for.
#[tokio::test]
async fn a_gigabyte_is_refused_before_it_arrives() -> Outcome {
    let world = World::start().await?;
    let browser = Browser::at(&world);
    for length in ["16385", "1073741824", "18446744073709551613"] {
        let call = browser
            .call("session", &json!({}))
            .header("Content-Length", length);
        check_refusal(length, &call.send(world.addr).await?, 413)?;
        let form = browser
            .form("/sign-out", "")
            .header("Content-Length", length);
        let answer = form.send(world.addr).await?;
        assert_eq!(answer.status, 413, "{length}");
        assert!(
            answer.text().contains("Nothing was changed"),
            "{}",
            answer.text()
        );
    }
    Ok(())
}

/// F9: endless chunks are read up to the limit and no further.
#[tokio::test]
async fn endless_chunks_are_cut() -> Outcome {
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for request in [
        browser.call("session", &json!({})),
        browser.form("/sign-out", ""),
        browser.form("/profile/refresh", ""),
    ] {
        let request = request.header("Transfer-Encoding", "chunked").body("");
        let mut bytes = request.encode();
        for _ in 0..4096 {
            bytes.extend_from_slice(b"400\r\n");
            bytes.extend_from_slice(&[b' '; KIB]);
            bytes.extend_from_slice(b"\r\n");
        }
        let answer = Answer::parse(&wire::exchange(world.addr, &bytes).await?)?;
        assert_eq!(answer.status, 413);
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert!(
        browser.is_signed_in().await?,
        "a form that is too long changes nothing"
    );
    Ok(())
}

/// F16.
#[tokio::test]
async fn a_body_that_trickles_in_is_given_up_after_ten_seconds() -> Outcome {
    let time = FrozenTime::begin();
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    for request in [
        browser
            .call("session", &json!({}))
            .header("Content-Length", "20"),
        browser.form("/sign-out", "").header("Content-Length", "20"),
    ] {
        let mut slow = TcpStream::connect(world.addr).await?;
        // The server answers "100 Continue" when it begins to wait for the body.
        let head = request.header("Expect", "100-continue").body("").encode();
        slow.write_all(&head).await?;
        let mut said = [0; 12];
        slow.read_exact(&mut said).await?;
        assert_eq!(&said, b"HTTP/1.1 100");
        for _ in 0..9 {
            time.pass(Duration::from_secs(1)).await;
            slow.write_all(b" ").await?;
            assert_eq!(browser.open("/healthz").await?.status, 200);
        }
        let mut rest = [0; 64];
        let early = slow.try_read(&mut rest);
        let early = early
            .ok()
            .and_then(|length| rest.get(..length))
            .unwrap_or_default();
        assert!(
            !String::from_utf8_lossy(early).contains("HTTP"),
            "given up too early"
        );
        time.pass(Duration::from_secs(1)).await;
        let answer = Answer::parse(&wire::exchange_on(slow, b"").await?)?;
        assert_eq!(answer.status, 408);
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// Whatever hangs: every call ends within 35 s, with an answer that says so.
#[tokio::test]
async fn a_request_that_hangs_is_answered_after_35_seconds() -> Outcome {
    let time = FrozenTime::begin();
    let world = World::start().await?;
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    world.store.hangs(&["find_session_id"]);
    let addr = world.addr;
    let send = |request: Request| tokio::spawn(async move { request.send(addr).await });
    let page = send(browser.with_cookies(Request::get("/account")));
    let call = send(browser.call("session", &json!({})));
    world.store.hung(2).await?;
    time.pass(Duration::from_secs(34)).await;
    assert_eq!(browser.open("/healthz").await?.status, 200);
    assert!(!page.is_finished() && !call.is_finished(), "too early");
    time.pass(Duration::from_secs(1)).await;
    let page = page.await??;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("busy"), "{}", page.text());
    check_failure("hanging", &call.await??, 503, "app-busy")?;
    world.store.hangs(&[]);
    assert!(browser.is_signed_in().await?);
    Ok(())
}

/// H12: who asks for a file and does not read it is not waited for, and keeps nobody out.
#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up_after_thirty_seconds() -> Outcome {
    const LENGTH: u64 = 64 * 1024 * 1024;
    let time = FrozenTime::begin();
    let world = World::start().await?;
    // More than the systems keep for a connection whose end says that it has little room.
    File::create(world.site.path().join("pkg/long.css"))?.set_len(LENGTH)?;
    let deaf = TcpSocket::new_v4()?;
    deaf.set_recv_buffer_size(4096)?;
    let mut deaf = deaf.connect(world.addr).await?;
    deaf.write_all(b"GET /pkg/long.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await?;
    deaf.readable().await?;
    let mut browser = Browser::at(&world);
    // Time enough to fill what the systems keep, and then to be given up.
    for _ in 0..200 {
        time.pass(Duration::from_secs(1)).await;
        assert_eq!(browser.open("/healthz").await?.status, 200);
    }
    let mut read = Vec::new();
    // How it ends is the system's business; that it does is ours.
    let _ = deaf.read_to_end(&mut read).await;
    let read = u64::try_from(read.len())?;
    assert!((1..LENGTH).contains(&read), "{read}");
    Ok(())
}

/// H12: who says nothing, or a byte now and then, is not waited for, and keeps nobody out.
#[tokio::test]
async fn a_head_that_trickles_in_is_given_up_after_ten_seconds() -> Outcome {
    let time = FrozenTime::begin();
    let world = World::start().await?;
    let mut slow = Vec::new();
    for head in ["", "G", "GET / HTTP/1.1\r\nX-A: "] {
        let mut stream = TcpStream::connect(world.addr).await?;
        stream.write_all(head.as_bytes()).await?;
        slow.push(stream);
    }
    let mut kept = TcpStream::connect(world.addr).await?;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await?;
    let mut said = [0; 12];
    kept.read_exact(&mut said).await?;
    assert_eq!(&said, b"HTTP/1.1 200");
    slow.push(kept);
    let mut browser = Browser::at(&world);
    for _ in 0..11 {
        time.pass(Duration::from_secs(1)).await;
        if let Some(stream) = slow.get_mut(2) {
            // Refused at the end, which is what this is about.
            let _ = stream.write_all(b"b").await;
        }
        assert_eq!(browser.open("/healthz").await?.status, 200);
    }
    for stream in slow {
        let rest = wire::exchange_on(stream, b"").await?;
        let rest = String::from_utf8_lossy(&rest).into_owned();
        assert!(!rest.contains("HTTP/1.1 200"), "{rest}");
    }
    Ok(())
}
