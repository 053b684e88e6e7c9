//! A store that fails where it is told to.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use tokio::sync::watch;
use wrengate_backend::{
    clock::UnixSeconds,
    store::{
        AttemptCaps, AttemptRecord, AttemptStore, Ended, Hash, IdRecord, NoteStore,
        PreferenceStore, Renewed, Reseal, SessionRecord, SessionStore, SessionsOf, Store,
        StoreError,
    },
};

use super::Outcome;

/// Passes everything on to a real store, except what is [broken](Self::breaks) or
/// [hangs](Self::hangs).
#[derive(Debug)]
pub(crate) struct FrailStore {
    inner: Arc<dyn Store>,
    broken: Mutex<BTreeSet<&'static str>>,
    spared: Mutex<usize>,
    lost: Mutex<BTreeSet<&'static str>>,
    hanging: watch::Sender<BTreeSet<&'static str>>,
    hung: watch::Sender<usize>,
    broke: watch::Sender<usize>,
}

/// In [`FrailStore::breaks`], every operation.
pub(crate) const EVERYTHING: &str = "everything";

impl FrailStore {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            broken: Mutex::default(),
            spared: Mutex::default(),
            lost: Mutex::default(),
            hanging: watch::Sender::default(),
            hung: watch::Sender::new(0),
            broke: watch::Sender::new(0),
        }
    }

    /// From now on these operations fail, and no others.
    pub(crate) fn breaks(&self, operations: &[&'static str]) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) =
            operations.iter().copied().collect();
    }

    /// From now on this operation fails, but for the next `spared` times.
    pub(crate) fn breaks_after(&self, spared: usize, operation: &'static str) {
        *self.spared.lock().unwrap_or_else(PoisonError::into_inner) = spared;
        self.breaks(&[operation]);
    }

    /// From now on the first answer of each of these operations is lost: it is done, and fails.
    pub(crate) fn loses(&self, operations: &[&'static str]) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) =
            operations.iter().copied().collect();
    }

    fn answers(&self, operation: &str) -> Result<(), StoreError> {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.remove(operation) {
            return Err(StoreError::Timeout);
        }
        Ok(())
    }

    /// From now on these operations hang, and no others; those that hang and are not named go on.
    pub(crate) fn hangs(&self, operations: &[&'static str]) {
        self.hanging
            .send_replace(operations.iter().copied().collect());
    }

    /// Waits until so many operations hang.
    pub(crate) async fn hung(&self, count: usize) -> Outcome {
        self.hung
            .subscribe()
            .wait_for(|hung| *hung >= count)
            .await?;
        Ok(())
    }

    /// Waits until so many operations failed.
    pub(crate) async fn broke(&self, count: usize) -> Outcome {
        let mut broke = self.broke.subscribe();
        broke.wait_for(|broke| *broke >= count).await?;
        Ok(())
    }

    async fn check(&self, operation: &str) -> Result<(), StoreError> {
        if self.hanging.borrow().contains(operation) {
            self.hung.send_modify(|hung| *hung += 1);
            let mut hanging = self.hanging.subscribe();
            // An error means that the store was dropped, which this borrows.
            let _ = hanging
                .wait_for(|hanging| !hanging.contains(operation))
                .await;
        }
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        if broken.contains(operation) || broken.contains(EVERYTHING) {
            let mut spared = self.spared.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(left) = spared.checked_sub(1) {
                *spared = left;
                return Ok(());
            }
            self.broke.send_modify(|broke| *broke += 1);
            return Err(StoreError::Failed("the disk is full".into()));
        }
        Ok(())
    }
}

macro_rules! pass_on {
    ($trait:ident: $( $name:ident($($argument:ident: $type:ty),*) -> $result:ty; )*) => {
        #[async_trait]
        impl $trait for FrailStore {
            $( async fn $name(&self, $($argument: $type),*) -> Result<$result, StoreError> {
                self.check(stringify!($name)).await?;
                let answer = self.inner.$name($($argument),*).await;
                self.answers(stringify!($name))?;
                answer
            } )*
        }
    };
}

pass_on! { Store:
    ping() -> ();
    sweep(now: UnixSeconds) -> u64;
}

pass_on! { AttemptStore:
    insert_attempt(record: &AttemptRecord, caps: AttemptCaps, now: UnixSeconds) -> bool;
    find_attempt(lookup: &Hash, now: UnixSeconds) -> Option<AttemptRecord>;
    has_live_attempt(owner: &Hash, except: Option<&str>, now: UnixSeconds) -> bool;
    count_miss(id: &str, limit: u32, outcome: &str, drop_at: UnixSeconds) -> ();
    take_attempt(id: &str, claim: &str, now: UnixSeconds) -> bool;
    close_attempt(id: &str, outcome: &str, drop_at: UnixSeconds) -> bool;
    delete_attempt(id: &str) -> ();
}

pass_on! { SessionStore:
    insert_session(record: &SessionRecord, id: &Hash, by: UnixSeconds, replaces: Option<&Hash>) -> ();
    insert_session_id(key: &str, id: &Hash, by: UnixSeconds, now: UnixSeconds) -> bool;
    find_session_id(id: &Hash, now: UnixSeconds) -> Option<IdRecord>;
    find_session(key: &str) -> Option<SessionRecord>;
    mark_presented(id: &Hash, now: UnixSeconds) -> bool;
    delete_stale_id(id: &Hash, now: UnixSeconds) -> ();
    touch_session(key: &str, used: UnixSeconds, idle: UnixSeconds, noted: UnixSeconds) -> bool;
    write_profile(key: &str, profile: &str, reseal: Option<Reseal<'_>>) -> ();
    end_sessions(which: SessionsOf<'_>, reason: Ended, now: UnixSeconds) -> Vec<SessionRecord>;
    list_sessions(owner: &Hash, limit: u32, now: UnixSeconds) -> Vec<SessionRecord>;
    renew_session(renewed: &Renewed<'_>) -> bool;
    hold_lease(key: &str, holder: &str, until: UnixSeconds, now: UnixSeconds) -> bool;
    drop_lease(key: &str, holder: &str) -> ();
    delete_session(key: &str) -> ();
}

pass_on! { NoteStore:
    leave_note(name: &Hash, text: &str, drop_at: UnixSeconds, now: UnixSeconds) -> bool;
    take_note(name: &Hash, now: UnixSeconds) -> Option<String>;
}

pass_on! { PreferenceStore:
    find_preferences(owner: &Hash) -> Option<String>;
    write_preferences(owner: &Hash, text: &str, now: UnixSeconds) -> ();
}
