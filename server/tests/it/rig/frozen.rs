//! Time that stands still until a test moves it.

use std::{sync::mpsc, time::Duration};

/// Stops the timers of a runtime with one thread. They run again when this is dropped with the runtime.
///
/// A paused runtime jumps to its next timer whenever it has nothing to do, which it believes while
/// the store works in a thread of its own. It does not jump while a blocking task runs, so one waits
/// here until the end.
#[derive(Debug)]
pub(crate) struct FrozenTime {
    _end: mpsc::Sender<()>,
}

impl FrozenTime {
    /// Stops the time.
    pub(crate) fn begin() -> Self {
        let (end, ended) = mpsc::channel();
        // An error is the end: the sender is gone.
        drop(tokio::task::spawn_blocking(move || ended.recv()));
        tokio::time::pause();
        Self { _end: end }
    }

    /// Moves on, a little further than asked: timers are rounded up to a millisecond.
    pub(crate) async fn pass(&self, time: Duration) {
        tokio::time::advance(time + Duration::from_millis(1)).await;
    }
}
