//! Asking, as fast as a few connections can.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::Instant,
};

use super::{Outcome, fill::session_id, served::ORIGIN};

/// Connections that ask, each one thing after the other.
const CONNECTIONS: u32 = 16;

/// Asks about all sessions in turn for a while, and tells how often an answer came.
pub(super) async fn run(addr: SocketAddr, sessions: u32, window: Duration) -> Outcome<u32> {
    let mut connections = JoinSet::new();
    let end = Instant::now() + window;
    for number in 0..CONNECTIONS {
        connections.spawn(async move {
            let mut stream = TcpStream::connect(addr).await?;
            stream.set_nodelay(true)?;
            let mut answered = 0;
            // A stride that shares no factor with the count visits all of them, and no two connections
            // the same at the same time.
            let mut next = number * 7919 % sessions;
            while Instant::now() < end {
                ask(&mut stream, &session_id(next)).await?;
                next = (next + 104_729) % sessions;
                answered += 1;
            }
            Outcome::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(done) = connections.join_next().await {
        answered += done??;
    }
    Ok(answered)
}

async fn ask(stream: &mut TcpStream, id: &str) -> Outcome {
    let request = format!(
        "POST /api/session HTTP/1.1\r\nHost: bench\r\nOrigin: {ORIGIN}\r\nSec-Fetch-Site: same-origin\r\n\
         Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nContent-Type: application/json\r\n\
         Cookie: wrengate={id}\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(4096);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(name, value)| name.eq_ignore_ascii_case("content-length").then_some(value));
        let length: usize = length.ok_or("an answer without a length")?.parse()?;
        if body.len() >= length {
            return if head.starts_with("HTTP/1.1 200 ") {
                Ok(())
            } else {
                Err(format!("{head}\n{body}").into())
            };
        }
    }
}
