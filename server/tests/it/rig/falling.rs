//! Parts of the machine that fail on command: a clock that panics, a random source that is dry.

use std::sync::atomic::{AtomicBool, Ordering};

use wrengate_backend::{
    clock::{Clock, UnixSeconds},
    random::{Random, RandomError, SystemRandom},
};

use super::NOW;

/// Tells the time until it is told to fall; then whoever asks falls with it.
#[derive(Debug, Default)]
pub(crate) struct FallingClock(AtomicBool);

impl FallingClock {
    pub(crate) fn falls(&self, falls: bool) {
        self.0.store(falls, Ordering::SeqCst);
    }
}

impl Clock for FallingClock {
    fn now(&self) -> UnixSeconds {
        assert!(!self.0.load(Ordering::SeqCst), "the clock fell down");
        NOW
    }
}

/// Gives random bytes until it is told to be dry.
///
/// References (8 bytes) are still to be had, or no answer could name one.
#[derive(Debug, Default)]
pub(crate) struct DryRandom(AtomicBool);

impl DryRandom {
    pub(crate) fn is_dry(&self, dry: bool) {
        self.0.store(dry, Ordering::SeqCst);
    }
}

impl Random for DryRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        if self.0.load(Ordering::SeqCst) && bytes.len() > 8 {
            return Err(RandomError);
        }
        SystemRandom.fill(bytes)
    }
}
