//! JSON as it crosses the wire and lies in the page and in `sessionStorage`.
//!
//! One pair of functions on both sides: the server writes and reads it in Rust, a browser lets its own
//! engine do it, which is there already and would otherwise be downloaded once more.

#[cfg(feature = "hydrate")]
mod browser;
mod codec;
#[cfg(not(feature = "hydrate"))]
mod native;

#[cfg(feature = "hydrate")]
pub(crate) use self::browser::{read, write};
pub(crate) use self::codec::{Json, JsonEncoding};
#[cfg(not(feature = "hydrate"))]
pub(crate) use self::native::{read, write};

/// A text that is no JSON, or JSON of another shape; a value that cannot be written.
///
/// Without a reason: it might quote what was to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError;

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the expected JSON")
    }
}
