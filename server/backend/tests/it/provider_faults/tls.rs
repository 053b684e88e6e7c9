//! Whom we trust: the system's authorities and those of the operator's file, and nobody who merely
//! looks like a provider (B30).

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::date_time_ymd;
use rustls::{ServerConfig, ServerConnection, Stream, crypto::aws_lc_rs};
use tokio::task::spawn_blocking;
use wrengate_backend::provider::{Limits, ProviderError};
use wrengate_protocol::Failure;

use super::{BoxError, Setup, TestResult, check};
use crate::credentials::{Authority, Identity, self_signed};

const USERINFO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 11\r\nConnection: close\r\n\r\n{\"sub\":\"u\"}";

/// What a server saw.
#[derive(Debug, Default)]
struct Seen {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

/// Asks a TLS server on this machine who somebody is, by name or by number.
async fn ask(
    host: &str,
    identity: Identity,
    trusted: &[&Authority],
) -> Result<(Result<(), ProviderError>, Arc<Seen>), BoxError> {
    let (certificate, key) = identity;
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = format!("https://{host}:{}", listener.local_addr()?.port());
    let seen = Arc::new(Seen::default());
    let serving = spawn_blocking({
        let seen = Arc::clone(&seen);
        move || serve(&listener, &Arc::new(config), &seen)
    });
    let setup = Setup::configured(&origin, Limits::default(), |config| {
        config.extra_roots = trusted.iter().map(|authority| authority.der()).collect();
    })?;
    let outcome = setup.userinfo().await.map(drop);
    // What it says is the client's doing, and judged by the client's outcome.
    let _ = serving.await?;
    Ok((outcome, seen))
}

/// Serves one connection; a second one would find the listener gone.
fn serve(listener: &TcpListener, config: &Arc<ServerConfig>, seen: &Seen) -> io::Result<()> {
    let (mut socket, _) = listener.accept()?;
    seen.connections.fetch_add(1, Ordering::SeqCst);
    let mut tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    answer(&mut Stream::new(&mut tls, &mut socket), seen)?;
    tls.send_close_notify();
    tls.complete_io(&mut socket).map(drop)
}

fn answer(stream: &mut Stream<'_, ServerConnection, TcpStream>, seen: &Seen) -> io::Result<()> {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.ends_with(b"\r\n\r\n") {
        let count = stream.read(&mut part)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(part.get(..count).unwrap_or_default());
    }
    seen.requests.fetch_add(1, Ordering::SeqCst);
    stream.write_all(USERINFO)?;
    stream.flush()
}

#[tokio::test]
async fn an_authority_of_the_file_is_trusted_beside_those_of_the_system() -> TestResult {
    let (ours, other) = (Authority::new()?, Authority::new()?);
    for (row, host, trusted) in [
        ("by name", "localhost", vec![&ours]),
        ("by number", "127.0.0.1", vec![&ours]),
        ("the second of the file", "localhost", vec![&other, &ours]),
    ] {
        let (outcome, seen) = ask(host, ours.issue(host, |_| {})?, &trusted).await?;
        outcome.map_err(|error| format!("{row}: {error:?}"))?;
        assert_eq!(seen.requests.load(Ordering::SeqCst), 1, "{row}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_else_is_trusted_whatever_the_file_holds() -> TestResult {
    let (ours, other) = (Authority::new()?, Authority::new()?);
    let expired = ours.issue("localhost", |params| {
        params.not_after = date_time_ymd(2020, 1, 1);
    })?;
    let to_come = ours.issue("localhost", |params| {
        params.not_before = date_time_ymd(3000, 1, 1);
    })?;
    let elsewhere = ours.issue("localhost.example.org", |_| {})?;
    for (row, identity, trusted, cause) in [
        (
            "no file",
            ours.issue("localhost", |_| {})?,
            vec![],
            "UnknownIssuer",
        ),
        (
            "another authority of the same name",
            ours.issue("localhost", |_| {})?,
            vec![&other],
            "BadSignature",
        ),
        (
            "B30 self-signed",
            self_signed("localhost")?,
            vec![&ours],
            "UnknownIssuer",
        ),
        ("B30 expired", expired, vec![&ours], "Expired"),
        ("not yet valid", to_come, vec![&ours], "NotValidYet"),
        ("B30 other host", elsewhere, vec![&ours], "NotValidForName"),
    ] {
        let (outcome, seen) = ask("localhost", identity, &trusted).await?;
        let told = format!("{outcome:?}");
        assert!(told.contains(cause), "{row}: {told}");
        check(row, outcome, Failure::ProviderUnreachable)?;
        let seen = (
            seen.connections.load(Ordering::SeqCst),
            seen.requests.load(Ordering::SeqCst),
        );
        assert_eq!(seen, (1, 0), "{row}: asked once, and nothing was sent");
    }
    Ok(())
}
