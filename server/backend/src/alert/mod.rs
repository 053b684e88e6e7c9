//! The operator is alerted: signed messages to a webhook.
//!
//! [`raise`](Alerts::raise) takes no time and never fails: it counts, holds back what was told of not
//! long ago (`restraint`), and puts the rest into a short queue. [`deliver`](Alerts::deliver) empties
//! it in the background. However the receiver behaves, no sign-in waits for it.

mod delivery;
mod kind;
mod message;
mod restraint;

use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use tokio::sync::{Mutex, mpsc};
use wrengate_protocol::{Failure, encoding::base64url, step::Step};

pub use self::{
    delivery::Pace,
    kind::Kind,
    restraint::{MOST_IN_A_WINDOW, WINDOW_SECONDS},
};
use self::{
    delivery::Receiver,
    message::Alert,
    restraint::{Restraint, Verdict},
};
use crate::{
    clock::Clock, config::AlertConfig, metrics::Metrics, provider::Provider, random::Random,
};

/// How many alerts may wait to be delivered. More than one window lets through.
pub const QUEUE: usize = 32;

/// Whoever is to be alerted; cheap to clone. The default is nobody.
#[derive(Clone, Debug, Default)]
pub struct Alerts(Option<Arc<Desk>>);

/// What [`Alerts::new`] is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Who is alerted.
    pub config: &'a AlertConfig,
    /// Whose HTTP client is used, and whom the alerts are about.
    pub provider: &'a Provider,
    /// What this installation is called.
    pub app: &'a str,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// Where alerts are counted.
    pub metrics: Metrics,
    /// How long to wait for the receiver.
    pub pace: Pace,
}

#[derive(Debug)]
struct Desk {
    restraint: StdMutex<Restraint>,
    queue: mpsc::Sender<Alert>,
    waiting: Mutex<mpsc::Receiver<Alert>>,
    receiver: Receiver,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    metrics: Metrics,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The receiver has it.
    Delivered,
    /// The receiver did not take it.
    Failed,
    /// One of its kind was raised not long ago, so this one is only counted.
    Held,
    /// Too many were raised, so this one is only counted.
    Limited,
    /// Too many wait to be delivered.
    Dropped,
}

impl Fate {
    /// The stable name, in metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Limited => "limited",
            Self::Dropped => "dropped",
        }
    }
}

impl Alerts {
    /// Alerts one receiver.
    #[must_use]
    pub fn new(parts: Parts<'_>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        Self(Some(Arc::new(Desk {
            restraint: StdMutex::default(),
            queue,
            waiting: Mutex::new(waiting),
            receiver: Receiver {
                client: parts.provider.client(),
                config: parts.config.clone(),
                provider: parts.provider.config().name.clone(),
                app: parts.app.to_owned(),
                clock: Arc::clone(&parts.clock),
                pace: parts.pace,
            },
            clock: parts.clock,
            random: parts.random,
            metrics: parts.metrics,
        })))
    }

    /// Alerts the operator of something, unless it was told of not long ago. Returns at once.
    ///
    /// `step` and `reference` are of the sign-in or request it happened in, where there is one.
    pub fn raise(&self, kind: Kind, failure: Failure, step: Option<Step>, reference: Option<&str>) {
        let Some(desk) = &self.0 else {
            return;
        };
        let now = desk.clock.now();
        let verdict = desk.restraint().judge(kind, now);
        let spell = match verdict {
            Verdict::Tell(spell) => spell,
            Verdict::Held => return desk.metrics.alerted(kind, Fate::Held),
            Verdict::Limited => return desk.metrics.alerted(kind, Fate::Limited),
        };
        let mut bytes = [0; 16];
        let id = match desk.random.fill(&mut bytes) {
            Ok(()) => base64url(&bytes),
            // No secret, and of one kind there is one in five minutes: good enough to be told apart.
            Err(_) => format!("{}-{now}", kind.code()),
        };
        let alert = Alert {
            id,
            kind,
            failure,
            step,
            reference: reference.map(str::to_owned),
            spell,
        };
        if desk.queue.try_send(alert).is_err() {
            desk.restraint().take_back(kind, spell);
            desk.metrics.alerted(kind, Fate::Dropped);
            let kind = kind.code();
            tracing::warn!(kind, "an alert was dropped: too many wait for the receiver");
        }
    }

    /// Delivers what is raised, one after the other, until dropped.
    pub async fn deliver(&self) {
        loop {
            self.deliver_next().await;
        }
    }

    /// Waits for the next alert and brings it to the receiver, or gives it up after a few tries.
    ///
    /// What is given up is one line of the log. Without a receiver this waits for ever.
    pub async fn deliver_next(&self) {
        let Some(desk) = &self.0 else {
            return std::future::pending().await;
        };
        // The desk holds a sender itself, so the queue never ends.
        let Some(alert) = desk.waiting.lock().await.recv().await else {
            return std::future::pending().await;
        };
        let fate = match desk.receiver.take(&alert).await {
            Ok(()) => Fate::Delivered,
            Err(undelivered) => {
                tracing::warn!(
                    alert = alert.id,
                    kind = alert.kind.code(),
                    tries = undelivered.tries,
                    status = undelivered.status,
                    cause = undelivered.cause,
                    "an alert could not be delivered"
                );
                Fate::Failed
            }
        };
        desk.metrics.alerted(alert.kind, fate);
    }
}

impl Desk {
    fn restraint(&self) -> std::sync::MutexGuard<'_, Restraint> {
        self.restraint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
