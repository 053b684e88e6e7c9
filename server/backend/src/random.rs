//! The one place that asks for random bytes.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use rand::{TryRng as _, rngs::SysRng};
use thiserror::Error;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the operating system's random source failed")]
pub struct RandomError;

/// Gives random bytes.
///
/// # Security
/// Everything that must not be guessed comes from here: session ids, cookie values, nonces, keys.
pub trait Random: fmt::Debug + Send + Sync + 'static {
    /// Fills a buffer.
    ///
    /// # Errors
    /// [`RandomError`] when the source fails; there is no second source.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// 32 random bytes.
///
/// # Errors
/// Those of the source.
pub fn bytes32(random: &dyn Random) -> Result<[u8; 32], RandomError> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        SysRng.try_fill_bytes(bytes).map_err(|_| RandomError)
    }
}

/// A predictable source for tests.
#[derive(Debug, Default)]
pub struct SeededRandom(AtomicU64);

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: good enough to be different each time, and the same in every run.
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            for (byte, random) in chunk.iter_mut().zip((z ^ (z >> 31)).to_le_bytes()) {
                *byte = random;
            }
        }
        Ok(())
    }
}
