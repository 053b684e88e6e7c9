//! JSON on the server.

use serde::{Serialize, de::DeserializeOwned};

use super::JsonError;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    serde_json::from_slice(text).map_err(|_| JsonError)
}

/// Writes a value.
pub(crate) fn write(value: &impl Serialize) -> Result<String, JsonError> {
    serde_json::to_string(value).map_err(|_| JsonError)
}
