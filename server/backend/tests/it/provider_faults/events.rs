//! What is written to the log about a call.

use std::{cell::RefCell, io};

use tracing_subscriber::{fmt, prelude::*};
use wiremock::{Mock, MockServer, matchers::any};

use super::{CANARIES, Setup, TestResult, json};

thread_local! {
    /// What was logged by this thread, which a test with a runtime of its own does not share.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes to the log of the thread.
#[derive(Debug)]
struct ThreadLog;

impl io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that anybody logs at any level while a code is exchanged and userinfo is asked.
///
/// The subscriber is the whole process's: one of a single thread is deaf to events that another
/// thread happened to meet first.
#[tokio::test]
async fn each_call_is_one_event_that_tells_no_secret() -> TestResult {
    let to_thread = fmt::layer().with_ansi(false).with_writer(|| ThreadLog);
    tracing_subscriber::registry().with(to_thread).try_init()?;
    let server = MockServer::start().await;
    let refusal = json(
        400,
        r#"{"error":"invalid_grant","error_description":"CODE-CANARY"}"#,
    );
    Mock::given(any())
        .respond_with(refusal)
        .expect(2)
        .mount(&server)
        .await;
    let setup = Setup::new(&server.uri())?;
    assert!(setup.exchange().await.is_err());
    assert!(setup.userinfo().await.is_err());

    let log = String::from_utf8(LOG.take())?;
    let ours: Vec<_> = log
        .lines()
        .filter(|line| line.contains("called the provider"))
        .collect();
    assert_eq!(ours.len(), 2, "{log}");
    for (line, leg) in ours.iter().zip(["token", "userinfo"]) {
        assert!(line.contains("DEBUG"), "{line}");
        assert!(
            line.contains(&format!("leg=\"{leg}\" status=400 duration_ms=")),
            "{line}"
        );
        assert!(!line.contains("://"), "{line}");
    }
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} in {log}");
    }
    Ok(())
}
