//! Renewals that are under way in this process.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::RenewalError;
use crate::session::Session;

/// What is renewed: the key of a session, and the version that was read.
pub(super) type Place = (String, i64);

/// How a renewal ended; `None` while it is under way.
type Landed = Option<Result<Session, RenewalError>>;

/// The renewals under way.
#[derive(Clone, Debug)]
pub(super) struct Flights(Arc<Tower>);

#[derive(Debug)]
struct Tower {
    flying: Mutex<HashMap<Place, watch::Receiver<Landed>>>,
    count: watch::Sender<usize>,
}

/// Held while a renewal is under way, also by one that panics.
struct Landing {
    tower: Arc<Tower>,
    place: Place,
}

impl Default for Flights {
    fn default() -> Self {
        Self(Arc::new(Tower {
            flying: Mutex::default(),
            count: watch::Sender::new(0),
        }))
    }
}

impl Flights {
    /// Waits for the renewal of this place, which begins unless one is under way. It goes on in a task
    /// of its own when nobody waits any more.
    pub(super) async fn join<F>(
        &self,
        place: Place,
        fly: impl FnOnce() -> F,
    ) -> Result<Session, RenewalError>
    where
        F: Future<Output = Result<Session, RenewalError>> + Send + 'static,
    {
        let mut receiver = self.receiver(place, fly);
        match receiver.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(landed)) => landed.clone(),
            // The sender is gone without a word.
            Ok(None) | Err(_) => Err(RenewalError::Panicked),
        }
    }

    /// Waits until none is under way.
    pub(super) async fn all_landed(&self) {
        // An error means that the sender is gone, which this holds.
        let _ = self.0.count.subscribe().wait_for(|count| *count == 0).await;
    }

    fn receiver<F>(&self, place: Place, fly: impl FnOnce() -> F) -> watch::Receiver<Landed>
    where
        F: Future<Output = Result<Session, RenewalError>> + Send + 'static,
    {
        let mut flying = self.0.flying();
        if let Some(receiver) = flying.get(&place) {
            return receiver.clone();
        }
        let (sender, receiver) = watch::channel(None);
        flying.insert(place.clone(), receiver.clone());
        drop(flying);
        self.0.count.send_modify(|count| *count += 1);
        let landing = Landing {
            tower: Arc::clone(&self.0),
            place,
        };
        let flight = fly();
        tokio::spawn(async move {
            let _landing = landing;
            let landed = flight.await;
            // Before the place is free, so that nobody begins another in between.
            sender.send_replace(Some(landed));
        });
        receiver
    }
}

impl Tower {
    fn flying(&self) -> MutexGuard<'_, HashMap<Place, watch::Receiver<Landed>>> {
        self.flying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.tower.flying().remove(&self.place);
        self.tower.count.send_modify(|count| *count -= 1);
    }
}
