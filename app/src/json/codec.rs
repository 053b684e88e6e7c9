//! JSON as the encoding of server functions.

use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

use super::{JsonError, read, write};

/// JSON in the body of a `POST` request and of its answer.
pub(crate) type Json = Post<JsonEncoding>;

/// JSON, read and written by whatever the side has at hand.
pub struct JsonEncoding;

impl ContentType for JsonEncoding {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonEncoding {
    type Error = JsonError;

    fn encode(value: &T) -> Result<Bytes, JsonError> {
        write(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonEncoding {
    type Error = JsonError;

    fn decode(bytes: Bytes) -> Result<T, JsonError> {
        read(&bytes)
    }
}
