//! B12 and B21 to B25, D9: what is asked again, after what, and what the two answers come to.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{task::JoinSet, time::Instant};
use wrengate_backend::provider::{Leg, Limits, Observer, ProviderError};
use wrengate_protocol::Failure::{
    self, AccessEnded, AnswerLost, AnswerUnreadable, ClientRejected, CodeExpired, ExchangeRefused,
    ProviderBusy, ProviderFault, ProviderLimit, ProviderTimeout, Unrecognised,
};

use super::{BoxError, CODE, Setup, TestResult, check, quick};
use crate::faulty::{Fault, Faulty};

/// An answer with a status, further headers, and a body in JSON, after which the connection ends.
macro_rules! answer {
    ($status:literal, $headers:literal, $body:literal) => {
        Fault::Close(
            concat!(
                "HTTP/1.1 ",
                $status,
                " X\r\nConnection: close\r\nContent-Type: application/json\r\n",
                $headers,
                "\r\n",
                $body
            )
            .as_bytes(),
        )
    };
}

const TOKENS: Fault = answer!("200", "", r#"{"access_token":"a","token_type":"bearer"}"#);
const PERSON: Fault = answer!("200", "", r#"{"sub":"u"}"#);
const SPENT: Fault = answer!("400", "", r#"{"error":"invalid_grant"}"#);
const SPENT_401: Fault = answer!("401", "", r#"{"error":"invalid_grant"}"#);
const SPENT_200: Fault = answer!("200", "", r#"{"error":"invalid_grant"}"#);
const NO_CLIENT: Fault = answer!("401", "", r#"{"error":"invalid_client"}"#);
const LOST: Fault = Fault::Close(
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
);
const SILENT: Fault = Fault::Hold(b"");
const E400: Fault = answer!("400", "", "{}");
const E408: Fault = answer!("408", "", "{}");
const E425: Fault = answer!("425", "", "{}");
const E429: Fault = answer!("429", "", "{}");
const E429_SOON: Fault = answer!("429", "Retry-After: 1\r\n", "{}");
const E429_LATE: Fault = answer!("429", "Retry-After: 6\r\n", "{}");
const E500: Fault = answer!("500", "", "<h1>");
const E500_LATE: Fault = answer!("500", "Retry-After: 6\r\n", "<h1>");
const E500_SPENT: Fault = answer!("500", "", r#"{"error":"invalid_grant"}"#);
const E502: Fault = answer!("502", "", "<h1>");
const E503: Fault = answer!("503", "", "<h1>");
const E503_SOON: Fault = answer!("503", "Retry-After: 1\r\n", "<h1>");
const E504: Fault = answer!("504", "", "<h1>");
const MOVED: Fault = answer!("307", "Location: /token\r\n", "");
const INVALID_TOKEN: Fault = answer!("401", "", r#"{"error":"invalid_token"}"#);

/// What each request meets, how many requests there are, and how it ends.
type Row = (&'static str, &'static [Fault], usize, Option<Failure>);

const EXCHANGE: &[Row] = &[
    ("B1", &[TOKENS], 1, None),
    ("B12 lost, then well", &[LOST, TOKENS], 2, None),
    ("B12 lost for ever", &[LOST], 2, Some(AnswerLost)),
    ("B14", &[SPENT], 1, Some(CodeExpired)),
    ("B15", &[SPENT_401], 1, Some(CodeExpired)),
    ("B17", &[NO_CLIENT], 1, Some(ClientRejected)),
    (
        "B18",
        &[answer!("400", "", r#"{"error":"invalid_request"}"#)],
        1,
        Some(ExchangeRefused),
    ),
    ("B20", &[answer!("403", "", "")], 1, Some(Unrecognised)),
    ("B13", &[MOVED, TOKENS], 1, Some(AnswerUnreadable)),
    ("B21 500 for ever", &[E500], 2, Some(ProviderFault)),
    ("B21 502 for ever", &[E502], 2, Some(ProviderFault)),
    ("B21 504 for ever", &[E504], 2, Some(ProviderFault)),
    ("B21 503 for ever", &[E503], 2, Some(ProviderBusy)),
    ("B21 500, then well", &[E500, TOKENS], 2, None),
    ("B23 429, then well", &[E429_SOON, TOKENS], 2, None),
    ("B23 503, then well", &[E503_SOON, TOKENS], 2, None),
    (
        "B24 429 without a time",
        &[E429, TOKENS],
        1,
        Some(ProviderLimit),
    ),
    (
        "B24 429, too late",
        &[E429_LATE, TOKENS],
        1,
        Some(ProviderLimit),
    ),
    (
        "B24 500, too late",
        &[E500_LATE, TOKENS],
        1,
        Some(ProviderFault),
    ),
    (
        "B25 silence, then spent",
        &[SILENT, SPENT],
        2,
        Some(AnswerLost),
    ),
    ("B25 lost, then spent", &[LOST, SPENT], 2, Some(AnswerLost)),
    (
        "B25 lost, then spent with 401",
        &[LOST, SPENT_401],
        2,
        Some(AnswerLost),
    ),
    (
        "B25 lost, then spent with 200",
        &[LOST, SPENT_200],
        2,
        Some(AnswerLost),
    ),
    ("B25 500, then spent", &[E500, SPENT], 2, Some(AnswerLost)),
    ("B25 503, then spent", &[E503, SPENT], 2, Some(AnswerLost)),
    (
        "surely unprocessed, then spent",
        &[E429_SOON, SPENT],
        2,
        Some(CodeExpired),
    ),
    (
        "silence, then the client is refused",
        &[SILENT, NO_CLIENT],
        2,
        Some(ClientRejected),
    ),
    ("silence for ever", &[SILENT], 2, Some(ProviderTimeout)),
    (
        "lost, then surely unprocessed",
        &[LOST, E429_SOON],
        2,
        Some(AnswerLost),
    ),
    (
        "a code decides, whatever the status",
        &[E500_SPENT, TOKENS],
        1,
        Some(CodeExpired),
    ),
    ("408", &[E408, TOKENS], 1, Some(Unrecognised)),
    ("425", &[E425, TOKENS], 1, Some(Unrecognised)),
];

const USERINFO: &[Row] = &[
    ("D1", &[PERSON], 1, None),
    ("D7", &[INVALID_TOKEN, PERSON], 1, Some(AccessEnded)),
    ("D9 429 for ever", &[E429], 3, Some(ProviderLimit)),
    ("D9 500 for ever", &[E500], 3, Some(ProviderFault)),
    ("D9 503 for ever", &[E503], 3, Some(ProviderBusy)),
    ("500 twice, then well", &[E500, E500, PERSON], 3, None),
    (
        "429, too late",
        &[E429_LATE, PERSON],
        1,
        Some(ProviderLimit),
    ),
    ("429, then well", &[E429_SOON, PERSON], 2, None),
    ("408, then well", &[E408, PERSON], 2, None),
    ("425, then well", &[E425, PERSON], 2, None),
    ("silence, then well", &[SILENT, PERSON], 2, None),
    ("lost, then well", &[LOST, PERSON], 2, None),
    (
        "the last answer counts",
        &[E500, LOST, E503],
        3,
        Some(ProviderBusy),
    ),
    ("400", &[E400, PERSON], 1, Some(Unrecognised)),
    ("redirect", &[MOVED, PERSON], 1, Some(AnswerUnreadable)),
];

/// Silence ends soon; everything else is as in production.
fn impatient() -> Limits {
    Limits {
        idle: Duration::from_secs(1),
        ..quick()
    }
}

/// Side by side, since some of them wait; but made one after the other, since making a client takes
/// its time and silence is measured.
async fn check_rows(leg: Leg, rows: &'static [Row]) -> TestResult {
    let mut prepared = Vec::new();
    for (row, faults, requests, expected) in rows {
        let server = Faulty::start_with(faults.to_vec()).await?;
        let told = Arc::new(Told::default());
        let setup = Setup::with_limits(&server.http(), impatient())?.observed_by(told.clone());
        prepared.push((
            format!("{leg}: {row}"),
            server,
            told,
            setup,
            *requests,
            *expected,
        ));
    }
    let mut running = JoinSet::new();
    for (row, server, told, setup, requests, expected) in prepared {
        running.spawn(async move {
            let outcome = match leg {
                Leg::Token => setup.exchange().await.map(drop),
                _ => setup.userinfo().await.map(drop),
            };
            match expected {
                Some(failure) => check(&row, outcome, failure)?,
                None => outcome.map_err(|error| format!("{row}: {error:?}"))?,
            }
            let sent = server.requests();
            assert_eq!(sent.len(), requests, "{row}");
            assert_eq!(told.retries(), vec![leg; requests - 1], "{row}");
            if leg == Leg::Token {
                let with_code = sent.iter().filter(|request| request.contains(CODE));
                assert_eq!(with_code.count(), requests, "{row}: the same each time");
            }
            TestResult::Ok(())
        });
    }
    running.join_all().await.into_iter().collect()
}

#[tokio::test]
async fn code_is_sent_again_only_where_the_table_says() -> TestResult {
    check_rows(Leg::Token, EXCHANGE).await
}

#[tokio::test]
async fn userinfo_is_asked_again_only_where_the_table_says() -> TestResult {
    check_rows(Leg::Userinfo, USERINFO).await
}

/// The provider's own time is waited for: no earlier, and not much later.
#[tokio::test]
async fn time_that_the_provider_names_is_waited_for() -> TestResult {
    let faults = vec![answer!("429", "Retry-After: 2\r\n", "{}"), TOKENS];
    let server = Faulty::start_with(faults).await?;
    let began = Instant::now();
    Setup::new(&server.http())?.exchange().await?;
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(2), "{took:?}");
    assert!(took < Duration::from_secs(2) + super::SLACK, "{took:?}");
    Ok(())
}

/// What does not fit into the call any more is not waited for.
#[tokio::test]
async fn no_pause_reaches_beyond_the_deadline() -> TestResult {
    let total = Duration::from_millis(500);
    for (row, fault, first_pause) in [
        ("Retry-After", E429_SOON, Duration::from_millis(1)),
        ("backoff", E500, Duration::from_hours(1)),
    ] {
        let server = Faulty::start(fault).await?;
        let limits = Limits {
            total,
            first_pause,
            ..Limits::default()
        };
        let began = Instant::now();
        let outcome = Setup::with_limits(&server.http(), limits)?.exchange().await;
        assert!(outcome.is_err(), "{row}");
        assert!(began.elapsed() < total, "{row} took {:?}", began.elapsed());
        assert_eq!(server.requests().len(), 1, "{row}");
    }
    Ok(())
}

/// All requests of a call and the pauses between them share its ten seconds.
#[tokio::test]
async fn repeats_share_the_deadline_of_the_call() -> TestResult {
    let server = Faulty::start(SILENT).await?;
    let limits = Limits {
        idle: Duration::from_millis(600),
        total: Duration::from_millis(1700),
        ..quick()
    };
    let total = limits.total;
    let setup = Setup::with_limits(&server.http(), limits)?;
    let began = Instant::now();
    check("userinfo", setup.userinfo().await, ProviderTimeout)?;
    let took = began.elapsed();
    assert!(
        took >= Duration::from_millis(1200) && took < total + super::SLACK,
        "{took:?}"
    );
    assert_eq!(server.requests().len(), 3);
    Ok(())
}

/// B22. Nobody listens at first; the listener is there when the request is sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_connection_is_tried_again() -> TestResult {
    for leg in [Leg::Token, Leg::Userinfo] {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        drop(listener);
        let opener = Arc::new(Opener { address });
        let setup = Setup::new(&format!("http://{address}"))?.observed_by(opener);
        let outcome = match leg {
            Leg::Token => setup.exchange().await.map(drop),
            _ => setup.userinfo().await.map(drop),
        };
        outcome.map_err(|error| format!("{leg}: {error:?}"))?;
    }
    Ok(())
}

/// A client that is told "no connection" may rely on it: whatever may have arrived is said first.
#[tokio::test]
async fn unreachable_means_that_no_request_was_seen() -> TestResult {
    let server = Faulty::start(LOST).await?;
    let closer = Arc::new(Closer(Mutex::new(None)));
    let setup = Setup::new(&server.http())?.observed_by(closer.clone());
    *closer
        .0
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(server);
    let outcome = setup.exchange().await;
    assert!(
        matches!(outcome, Err(ProviderError::Lost { .. })),
        "{outcome:?}"
    );
    Ok(())
}

/// Remembers what it is told.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<Leg>>);

impl Told {
    fn retries(&self) -> Vec<Leg> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

impl Observer for Told {
    fn on_retry(&self, leg: Leg) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(leg);
    }
}

/// Opens a provider that answers one request when there is a repeat.
#[derive(Debug)]
struct Opener {
    address: SocketAddr,
}

impl Observer for Opener {
    fn on_retry(&self, leg: Leg) {
        let Ok(listener) = TcpListener::bind(self.address) else {
            return;
        };
        let answer = if leg == Leg::Token { TOKENS } else { PERSON };
        std::thread::spawn(move || -> Result<(), BoxError> {
            let (mut stream, _) = listener.accept()?;
            // Head and form come as one, and are not looked at.
            let _ = stream.read(&mut [0; 4096])?;
            if let Fault::Close(bytes) = answer {
                stream.write_all(bytes)?;
            }
            Ok(())
        });
    }
}

/// Closes a provider when there is a repeat.
#[derive(Debug)]
struct Closer(Mutex<Option<Faulty>>);

impl Observer for Closer {
    fn on_retry(&self, _: Leg) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
    }
}
