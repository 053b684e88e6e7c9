//! Who watches: how many, of which browser and from where, so that nobody takes everybody's room.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, MutexGuard, PoisonError, atomic::Ordering},
};

use tokio::time::Instant;
use wrengate_protocol::Secret;

use super::{Desk, Inspector, Watch, book::Browser, owner};

/// The most watchers of one browser.
const WATCHERS_OF_ONE: usize = 4;

/// The most watchers of everybody: each holds a connection.
const WATCHERS_OF_ALL: usize = 64;

/// The most of them in one network, so that it leaves room for others.
const WATCHERS_OF_NETWORK: usize = 32;

/// The most of them that have nothing to see: a cookie is made up in no time.
const WATCHERS_OF_NOTHING: usize = 16;

/// Somebody who watches.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) id: u64,
    pub(super) browser: Browser,
    network: IpAddr,
}

impl Inspector {
    /// Watches the attempts of a browser that asks from this network; `None` when too many do already, or
    /// it is off.
    #[must_use]
    pub fn watch(&self, cookie: Option<&Secret<String>>, network: IpAddr) -> Option<Watch> {
        let desk = Arc::clone(self.0.as_ref()?);
        // Who has no cookie has no attempts, and waits for none here.
        let browser = cookie.map_or([0; 32], owner);
        let pages = desk.book.open();
        let mut watchers = desk.watchers();
        let has_nothing = |browser: &Browser| pages.of(browser).next().is_none();
        let of =
            |wanted: &dyn Fn(&Watcher) -> bool| watchers.iter().filter(|it| wanted(it)).count();
        if watchers.len() >= WATCHERS_OF_ALL
            || of(&|it| it.browser == browser) >= WATCHERS_OF_ONE
            || of(&|it| it.network == network) >= WATCHERS_OF_NETWORK
            || has_nothing(&browser) && of(&|it| has_nothing(&it.browser)) >= WATCHERS_OF_NOTHING
        {
            return None;
        }
        let id = desk.watched.fetch_add(1, Ordering::SeqCst);
        watchers.push(Watcher {
            id,
            browser,
            network,
        });
        drop((watchers, pages));
        let mut changes = desk.book.watch();
        // What is there already counts as a change.
        changes.mark_changed();
        Some(Watch {
            desk,
            id,
            browser,
            changes,
            seen: BTreeMap::new(),
            looked: None,
            idle_since: Instant::now(),
        })
    }
}

impl Desk {
    pub(super) fn watchers(&self) -> MutexGuard<'_, Vec<Watcher>> {
        let watchers = self.watchers.lock();
        watchers.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.desk.watchers().retain(|it| it.id != self.id);
    }
}
