//! The delivery of an alert: a few tries, each with an end.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, StatusCode, header::CONTENT_TYPE};
use tokio::time::{sleep, timeout};

use super::message::{Alert, signature};
use crate::{clock::Clock, config::AlertConfig};

/// How often delivery is tried.
const TRIES: u32 = 3;

/// How long the receiver is waited for. The default is what production uses; tests wait for less.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The longest that one try may take. 5 s.
    pub longest_try: Duration,
    /// The pause after the first try; each further one is four times as long. 1 s.
    pub first_pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            longest_try: Duration::from_secs(5),
            first_pause: Duration::from_secs(1),
        }
    }
}

/// Whoever is alerted.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) client: Client,
    pub(super) config: AlertConfig,
    pub(super) provider: String,
    pub(super) app: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) pace: Pace,
}

/// An alert that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undelivered {
    pub(super) tries: u32,
    /// What the receiver answered at last.
    pub(super) status: Option<u16>,
    pub(super) cause: &'static str,
}

/// A try that failed.
struct Failed {
    status: Option<u16>,
    cause: &'static str,
    again: bool,
}

impl Receiver {
    /// Brings an alert to the receiver: any answer of the 2xx kind takes it.
    ///
    /// # Errors
    /// [`Undelivered`] after three tries, or after the first whose answer will not change.
    pub(super) async fn take(&self, alert: &Alert) -> Result<(), Undelivered> {
        let undelivered = |tries, failed: &Failed| Undelivered {
            tries,
            status: failed.status,
            cause: failed.cause,
        };
        let Ok(body) = alert.body(&self.provider, &self.app) else {
            return Err(undelivered(0, &Failed::of("it cannot be written")));
        };
        let mut pause = self.pace.first_pause;
        let mut tries = 1;
        loop {
            let outcome = timeout(self.pace.longest_try, self.post(body.clone())).await;
            let failed = match outcome.unwrap_or(Err(Failed::worth_another("no answer in time"))) {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            if !failed.again || tries == TRIES {
                return Err(undelivered(tries, &failed));
            }
            sleep(pause).await;
            pause *= 4;
            tries += 1;
        }
    }

    /// One try.
    ///
    /// # Security
    /// The client follows no redirect, and the body of the answer is not read. The signature has the
    /// time of this try. Of an error only its class is kept, because its text can hold the address.
    async fn post(&self, body: String) -> Result<(), Failed> {
        let timestamp = self.clock.now().to_string();
        let signature = signature(&self.config.secret, &timestamp, &body)
            .ok_or(Failed::of("it cannot be signed"))?;
        let request = self
            .client
            .post(self.config.webhook.expose())
            .header(CONTENT_TYPE, "application/json")
            .header("X-Wrengate-Timestamp", timestamp)
            .header("X-Wrengate-Signature", signature)
            .body(body);
        let answer = request.send().await.map_err(|error| {
            if error.is_builder() {
                Failed::of("the request cannot be built")
            } else if error.is_timeout() {
                Failed::worth_another("no answer in time")
            } else if error.is_connect() {
                Failed::worth_another("no connection")
            } else {
                Failed::worth_another("the connection was lost")
            }
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let passes = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_EARLY,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        Err(Failed {
            status: Some(status.as_u16()),
            cause: "the receiver refused",
            again: status.is_server_error() || passes.contains(&status),
        })
    }
}

impl Failed {
    const fn of(cause: &'static str) -> Self {
        Self {
            status: None,
            cause,
            again: false,
        }
    }

    const fn worth_another(cause: &'static str) -> Self {
        Self {
            again: true,
            ..Self::of(cause)
        }
    }
}
