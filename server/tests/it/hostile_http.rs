//! What no browser sends: malformed, ambiguous and oversized HTTP.
//!
//! Every row ends with a marker, a request that closes the connection; the answers show where the
//! server saw one request end and the next begin.

use std::net::SocketAddr;

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::rig::{Answer, Browser, Outcome, Request, World, wire};

const MARKER: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// The statuses of all answers on one connection.
async fn statuses(to: SocketAddr, bytes: &str) -> Outcome<Vec<u16>> {
    let answers = wire::exchange(to, format!("{bytes}{MARKER}").as_bytes()).await?;
    let answers = Answer::parse_all(&answers)?;
    Ok(answers.into_iter().map(|answer| answer.status).collect())
}

/// What may follow the first lines of a POST, and the answers to all on that connection.
const BODIES: &[(&str, &[u16])] = &[
    ("Content-Length: 53\r\n\r\nMARKER", &[403, 200]),
    (
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        &[403],
    ),
    (
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        &[403],
    ),
    ("Content-Length: 0\r\nContent-Length: 53\r\n\r\n", &[400]),
    ("Content-Length: 0, 53\r\n\r\n", &[400]),
    ("Content-Length: +0\r\n\r\n", &[400]),
    ("Content-Length: 0x0\r\n\r\n", &[400]),
    (
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        &[400],
    ),
    ("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", &[400]),
    ("Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n", &[400]),
    (" Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", &[400]),
    (
        "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        &[403],
    ),
    ("Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n", &[403]),
    (
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n",
        &[403],
    ),
    ("Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n", &[403, 200]),
];

/// Two readers of one connection must agree where a request ends, or a request can be smuggled past
/// the first of them (RFC 9112, section 11.2). What is ambiguous ends the connection.
#[tokio::test]
async fn no_request_hides_in_another() -> Outcome {
    let world = World::start().await?;
    for (rest, expected) in BODIES {
        let rest = rest.replace("MARKER", MARKER);
        let request = format!("POST /api/session HTTP/1.1\r\nHost: x\r\n{rest}");
        assert_eq!(
            statuses(world.addr, &request).await?,
            *expected,
            "{request}"
        );
    }
    let hidden = "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 53\r\n\r\n";
    assert_eq!(
        statuses(world.addr, &format!("{hidden}{MARKER}")).await?,
        [200, 200]
    );
    let old = "POST /api/session HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(statuses(world.addr, old).await?, [400]);
    Ok(())
}

#[tokio::test]
async fn malformed_requests_end_their_connection_and_nothing_else() -> Outcome {
    let world = World::start().await?;
    let many = "X-A: b\r\n".repeat(200);
    let long = "a".repeat(70_000);
    let endless = "a=b; ".repeat(200_000);
    for (row, status) in [
        ("GET /\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/2.0\r\n\r\n".to_owned(), 400),
        ("GET  / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("G\0T / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\nNo colon\r\n\r\n".to_owned(), 400),
        (
            "GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n".to_owned(),
            400,
        ),
        ("GET \\\\evil HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), 400),
        (
            "GET /callback?code=<b> HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
            400,
        ),
        (format!("GET / HTTP/1.1\r\n{many}\r\n"), 431),
        (format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 414),
        (
            format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {endless}\r\n\r\n"),
            431,
        ),
    ] {
        let row_shown: String = row.chars().take(80).collect();
        assert_eq!(statuses(world.addr, &row).await?, [status], "{row_shown:?}");
    }
    let tls = wire::exchange(world.addr, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await?;
    assert!(!String::from_utf8_lossy(&tls).contains("200"));
    let http2 = wire::exchange(world.addr, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await?;
    assert!(!String::from_utf8_lossy(&http2).contains("200"));
    let answer = Request::get("/healthz").send(world.addr).await?;
    assert_eq!(answer.status, 200, "the server stays up");
    Ok(())
}

/// F15, and other forms of a target (RFC 9112, section 3.2).
#[tokio::test]
async fn old_and_unusual_requests_are_served_as_what_they_ask_for() -> Outcome {
    let world = World::start().await?;
    let old = wire::exchange(world.addr, b"GET /healthz HTTP/1.0\r\n\r\n").await?;
    assert_eq!(Answer::parse(&old)?.status, 200);
    let browser = Browser::at(&world);
    let session = browser.call("session", &serde_json::json!({}));
    for (request, status) in [
        (
            session.clone().target("http://evil.example/api/session"),
            401,
        ),
        (session.clone().target("http://evil.example/sign-out"), 303),
        (
            session
                .instead("Origin", "http://evil.example")
                .target("http://evil.example/api/session"),
            403,
        ),
        (Request::get("http://evil.example/callback?code=a"), 200),
        (Request::get("http://evil.example/account"), 303),
        (Request::new("OPTIONS", "*"), 404),
        (Request::new("CONNECT", "evil.example:443"), 404),
        (Request::new("TRACE", "/"), 405),
        (Request::get("/healthz#fragment"), 200),
    ] {
        let answer = request.send(world.addr).await?;
        assert_eq!(answer.status, status, "{request:?}");
        assert!(
            !answer.whole().contains("evil"),
            "{request:?}: {}",
            answer.whole()
        );
    }
    Ok(())
}

/// F15 and H12: streams and connections that are opened and dropped.
#[tokio::test]
async fn connections_that_come_and_go_leave_nothing_behind() -> Outcome {
    let world = World::start().await?;
    let mut idle = Vec::new();
    for number in 0..200 {
        let mut connection = TcpStream::connect(world.addr).await?;
        match number % 4 {
            0 => drop(connection),
            1 => connection.set_zero_linger()?,
            2 => {
                connection.write_all(b"GET / HT").await?;
                idle.push(connection);
            }
            _ => {
                connection
                    .write_all(b"GET /callback?code=a HTTP/1.1\r\n\r\n")
                    .await?;
                connection.set_zero_linger()?;
            }
        }
    }
    let mut browser = Browser::at(&world);
    browser.sign_in(&world.provider, "alice").await?;
    assert!(browser.is_signed_in().await?);
    Ok(())
}
