//! Connections that fail, stall or break, for each of the endpoints.

use std::time::Duration;

use tokio::{net::TcpListener, task::JoinSet, time::Instant};
use wrengate_backend::provider::{Leg, Limits, ProviderError};
use wrengate_protocol::Failure::{
    self, AnswerLost, AnswerUnreadable, ProviderTimeout, ProviderUnreachable,
};

use super::{SLACK, Setup, TestResult, check, quick};
use crate::faulty::{Fault, Faulty};

const LEGS: [Leg; 7] = [
    Leg::Discovery,
    Leg::Token,
    Leg::Refresh,
    Leg::Jwks,
    Leg::Userinfo,
    Leg::Revocation,
    Leg::PushedRequest,
];

/// The beginning of an answer with more to come.
const PART: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 1000\r\n\r\n{\"access_token\":\"ACCESS-CANARY\",";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Transfer-Encoding: chunked\r\n\r\n";
const CUT_CHUNK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"";
const BAD_CHUNK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Transfer-Encoding: chunked\r\n\r\nxyz CODE-CANARY\r\n";
const CUT_REFUSAL: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 1000\r\n\r\n{\"error\":";
const HUGE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 100000000\r\n\r\n";

/// What happens after the request, and what it is at the token endpoint and at the others.
const BREAKS: &[(&str, Fault, Failure, Failure)] = &[
    ("closed", Fault::Close(b""), AnswerLost, ProviderUnreachable),
    ("reset", Fault::Reset(b""), AnswerLost, ProviderUnreachable),
    (
        "head cut",
        Fault::Close(b"HTTP/1.1 200 OK\r\nConte"),
        AnswerLost,
        ProviderUnreachable,
    ),
    (
        "B12 closed",
        Fault::Close(PART),
        AnswerLost,
        ProviderUnreachable,
    ),
    (
        "B12 chunk cut",
        Fault::Close(CUT_CHUNK),
        AnswerLost,
        ProviderUnreachable,
    ),
    (
        "refusal cut",
        Fault::Close(CUT_REFUSAL),
        AnswerLost,
        ProviderUnreachable,
    ),
    (
        "not HTTP",
        Fault::Close(b"SSH-2.0-CODE-CANARY\r\n\r\n"),
        AnswerUnreadable,
        AnswerUnreadable,
    ),
    (
        "HTTP/3.1",
        Fault::Close(b"HTTP/3.1 200 OK\r\n\r\n"),
        AnswerUnreadable,
        AnswerUnreadable,
    ),
    (
        "chunk size",
        Fault::Hold(BAD_CHUNK),
        AnswerUnreadable,
        AnswerUnreadable,
    ),
];

/// What never ends by itself.
const STALLS: &[(&str, Fault)] = &[
    ("silence", Fault::Hold(b"")),
    (
        "B11 head by bytes",
        Fault::Drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    ),
    (
        "B11 head by lines",
        Fault::Drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    ),
    ("B11 body by bytes", Fault::Drip(PART, b" ")),
    ("B11 chunks", Fault::Drip(CHUNKED, b"1\r\n \r\n")),
    (
        "interim answers",
        Fault::Drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ),
    ("B12 kept open", Fault::Hold(PART)),
    ("not TLS, not HTTP, kept open", Fault::Hold(b"HT")),
];

/// Calls one endpoint.
async fn call(setup: &Setup, leg: Leg) -> Result<(), ProviderError> {
    match leg {
        Leg::Discovery => setup.provider.metadata().await.map(drop),
        Leg::Token => setup.exchange().await.map(drop),
        Leg::Refresh => setup.refresh().await.map(drop),
        Leg::Jwks => setup.keys().await,
        Leg::Userinfo => setup.userinfo().await.map(drop),
        Leg::Revocation => setup.revoke().await,
        Leg::PushedRequest => setup.authorization_url().await.map(drop),
    }
}

/// How many requests there may be for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    /// One: another would meet the same.
    Once,
    /// One and every repeat: a code once more, a revocation never, everything else twice.
    Repeated,
    /// As many as there is time for.
    InTime,
}

impl Sent {
    fn fits(self, leg: Leg, count: usize) -> bool {
        let most = match leg {
            Leg::Revocation => 1,
            Leg::Token | Leg::Refresh => 2,
            _ => 3,
        };
        match self {
            Self::Once => count == 1,
            // A refresh only where the first surely did nothing, for which `refresh` has rows.
            Self::Repeated if leg == Leg::Refresh => (1..=most).contains(&count),
            Self::Repeated => count == most,
            // None, where a busy machine takes longer to connect than the limit lets it.
            Self::InTime => count <= most,
        }
    }
}

/// Calls each endpoint once and checks failure, time, and how often it was asked.
async fn check_each_leg(
    row: &str,
    fault: Fault,
    limits: &Limits,
    sent: Sent,
    expected: impl Fn(Leg) -> Failure,
) -> TestResult {
    for leg in LEGS {
        let row = format!("{row}, {leg}");
        check_leg(row, (leg, fault), limits.clone(), sent, expected(leg)).await?;
    }
    Ok(())
}

async fn check_leg(
    row: String,
    (leg, fault): (Leg, Fault),
    limits: Limits,
    sent: Sent,
    expected: Failure,
) -> TestResult {
    let server = Faulty::start(fault).await?;
    let setup = Setup::with_limits(&server.http(), limits.clone())?;
    let began = Instant::now();
    let outcome = call(&setup, leg).await;
    let took = began.elapsed();
    assert!(took < limits.total + SLACK, "{row} took {took:?}");
    assert_eq!(
        outcome.as_ref().err().map(ProviderError::leg),
        Some(leg),
        "{row}"
    );
    check(&row, outcome, expected)?;
    let requests = server.requests().len();
    assert!(sent.fits(leg, requests), "{row}: {requests} requests");
    Ok(())
}

#[tokio::test]
async fn connection_that_breaks_after_the_request() -> TestResult {
    for (row, fault, at_token, elsewhere) in BREAKS {
        let expected = |leg| {
            if leg == Leg::Token {
                *at_token
            } else {
                *elsewhere
            }
        };
        let sent = if *at_token == AnswerLost {
            Sent::Repeated
        } else {
            Sent::Once
        };
        check_each_leg(row, *fault, &quick(), sent, expected).await?;
    }
    Ok(())
}

#[tokio::test]
async fn stall_ends_at_the_deadline() -> TestResult {
    let limits = Limits {
        connect: Duration::from_millis(900),
        idle: Duration::from_millis(600),
        total: Duration::from_millis(1200),
        ..quick()
    };
    for (row, fault) in STALLS {
        // At the same time, because each takes its limit.
        let mut checks = JoinSet::new();
        for leg in LEGS {
            let row = format!("{row}, {leg}");
            let limits = limits.clone();
            checks.spawn(check_leg(
                row,
                (leg, *fault),
                limits,
                Sent::InTime,
                ProviderTimeout,
            ));
        }
        while let Some(checked) = checks.join_next().await {
            checked??;
        }
    }
    Ok(())
}

/// Each limit ends a call by itself.
#[tokio::test]
async fn silence_and_slow_connecting_have_limits_of_their_own() -> TestResult {
    let short = Duration::from_millis(400);
    let idle = Limits {
        idle: short,
        ..quick()
    };
    for (row, fault) in [
        ("silence", Fault::Hold(b"")),
        ("body stops", Fault::Hold(PART)),
    ] {
        let began = Instant::now();
        check_each_leg(row, fault, &idle, Sent::Repeated, |_| ProviderTimeout).await?;
        assert!(
            began.elapsed() < short * 3 * 6 + SLACK,
            "{row} took {:?}",
            began.elapsed()
        );
    }
    let server = Faulty::start(Fault::Hold(b"")).await?;
    let connect = Limits {
        connect: short,
        ..quick()
    };
    let began = Instant::now();
    let outcome = Setup::with_limits(&server.https(), connect)?
        .exchange()
        .await;
    check("TLS stops", outcome, ProviderTimeout)?;
    assert!(began.elapsed() < short * 2 + SLACK, "{:?}", began.elapsed());
    Ok(())
}

/// B10: the body is cut while it streams, long before it has all been sent.
#[tokio::test]
async fn endless_answer_is_cut() -> TestResult {
    const BLOCK: &[u8] = &[b' '; 8192];
    const CHUNK: &[u8] =
        b"40\r\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n";
    const HEADER: &[u8] = b"X: 0123456789abcdef0123456789abcdef\r\n";
    for (row, fault) in [
        ("B10 100 MB", Fault::Flood(HUGE, BLOCK)),
        ("B10 endless chunks", Fault::Flood(CHUNKED, CHUNK)),
        (
            "B10 endless head",
            Fault::Flood(b"HTTP/1.1 200 OK\r\n", HEADER),
        ),
    ] {
        check_each_leg(row, fault, &quick(), Sent::Once, |_| AnswerUnreadable).await?;
        let server = Faulty::start(fault).await?;
        let outcome = Setup::new(&server.http())?.exchange().await;
        check(row, outcome, AnswerUnreadable)?;
        // What is beyond the cap lies in the buffers of two sockets.
        assert!(
            server.sent_bytes() < 16_000_000,
            "{row} sent {}",
            server.sent_bytes()
        );
    }
    Ok(())
}

/// B22 and H9.
#[tokio::test]
async fn refused_connection_is_unreachable() -> TestResult {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    drop(listener);
    for leg in LEGS {
        let outcome = call(&Setup::new(&origin)?, leg).await;
        check(&format!("refused, {leg}"), outcome, ProviderUnreachable)?;
    }
    Ok(())
}

/// B30: nothing is sent, and there is no way back to plain http.
#[tokio::test]
async fn connection_that_cannot_be_trusted_is_unreachable() -> TestResult {
    const PROTOCOL_VERSION: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";
    // The beginning of an agreement on TLS 1.1 with TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, by hand,
    // because rustls can speak it on neither side.
    const HELLO_1_1: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
        0123456789abcdef0123456789abcdef\x00\xc0\x13\x00";
    for (row, fault, cause, sent) in [
        (
            "B30 self-signed",
            Fault::SelfSigned,
            "InvalidCertificate",
            Sent::Once,
        ),
        (
            "B30 TLS 1.0 only",
            Fault::Hold(PROTOCOL_VERSION),
            "ProtocolVersion",
            Sent::Once,
        ),
        (
            "B30 TLS 1.1 agreed to",
            Fault::Hold(HELLO_1_1),
            "PeerIncompatible",
            Sent::Once,
        ),
        (
            "B30 not TLS",
            Fault::Hold(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "InvalidMessage",
            Sent::Once,
        ),
        ("closed", Fault::Close(b""), "Connect", Sent::Repeated),
    ] {
        for leg in LEGS {
            let server = Faulty::start(fault).await?;
            let outcome = call(&Setup::new(&server.https())?, leg).await;
            let row = format!("{row}, {leg}");
            let told = outcome
                .as_ref()
                .err()
                .map(|error| format!("{error:?}"))
                .unwrap_or_default();
            assert!(told.contains(cause), "{row}: {told}");
            let is_tls = outcome.as_ref().err().map(ProviderError::is_tls);
            assert_eq!(is_tls, Some(sent == Sent::Once), "{row}");
            let tries = server.connections();
            assert!(sent.fits(leg, tries), "{row}: {tries} connections");
            check(&row, outcome, ProviderUnreachable)?;
            let sent = server.requests().join("");
            assert!(
                !sent.contains("POST") && !sent.contains("GET"),
                "{row} sent {sent:?}"
            );
        }
    }
    Ok(())
}
