//! Completions that are under way in this process, so that a repeat can wait for the first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

type Waiting = Arc<Mutex<HashMap<String, watch::Receiver<()>>>>;

/// The completions under way, by attempt.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights(Waiting);

/// Held while a completion is under way; dropping it wakes everyone who waits, also after a panic.
#[derive(Debug)]
pub(super) struct Landing {
    flights: Flights,
    attempt: String,
    _sender: watch::Sender<()>,
}

impl Flights {
    /// Begins a completion.
    pub(super) fn depart(&self, attempt: &str) -> Landing {
        let (sender, receiver) = watch::channel(());
        self.lock().insert(attempt.to_owned(), receiver);
        Landing {
            flights: self.clone(),
            attempt: attempt.to_owned(),
            _sender: sender,
        }
    }

    /// Waits for the end of a completion; `false` when this process has none for that attempt.
    pub(super) async fn landed(&self, attempt: &str) -> bool {
        let receiver = self.lock().get(attempt).cloned();
        let Some(mut receiver) = receiver else {
            return false;
        };
        // An error means that the sender was dropped, which is the landing.
        while receiver.changed().await.is_ok() {}
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.attempt);
    }
}
