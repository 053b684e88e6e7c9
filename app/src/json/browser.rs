//! JSON in the browser.

use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::{Serializer, from_value};

use super::JsonError;

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    let text = str::from_utf8(text).map_err(|_| JsonError)?;
    let value = JSON::parse(text).map_err(|_| JsonError)?;
    from_value(value).map_err(|_| JsonError)
}

/// Writes a value. What is absent is left out.
pub(crate) fn write(value: &impl Serialize) -> Result<String, JsonError> {
    let value = value.serialize(&Serializer::new()).map_err(|_| JsonError)?;
    let text = JSON::stringify(&value).map_err(|_| JsonError)?;
    Ok(text.into())
}
