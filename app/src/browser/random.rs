//! Random bytes from the browser's generator.

use rand::{TryRng as _, rngs::SysRng};
use wrengate_protocol::Failure;

/// 32 bytes from `crypto.getRandomValues`.
///
/// # Errors
/// [`Failure::NoRandom`] when the browser has none.
///
/// # Security
/// There is no other generator to fall back to: a guessable verifier would defeat PKCE.
pub fn bytes32() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| Failure::NoRandom)?;
    Ok(bytes)
}
