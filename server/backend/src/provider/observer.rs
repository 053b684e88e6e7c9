//! Who is told how the provider does.

use std::fmt;

use super::error::Leg;

/// Told of what happens to calls beyond their outcome: for metrics and alerts.
///
/// Called in the middle of a call, so it must return at once; what takes time belongs in a task.
pub trait Observer: fmt::Debug + Send + Sync + 'static {
    /// A request is about to be sent once more.
    fn on_retry(&self, leg: Leg) {
        let _ = leg;
    }

    /// The breaker of an endpoint opened or closed. A probe that fails leaves it open and tells
    /// nobody again.
    fn on_breaker(&self, leg: Leg, open: bool) {
        let _ = (leg, open);
    }
}

/// Nobody.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nobody;

impl Observer for Nobody {}
