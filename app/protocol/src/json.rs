//! The provider's JSON, read strictly.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::{Map, Value};
use thiserror::Error;

/// A body that is not one JSON object without repeated members.
///
/// It says nothing of the content, because a provider's answer can hold secrets.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a JSON object in which every member stands once")]
pub struct JsonError;

/// How deep an answer may be nested, the object itself included; none that we read needs more than three.
const DEEPEST: usize = 32;

/// Reads one object. Repeated members are refused, because two readers may pick different ones.
///
/// # Errors
/// [`JsonError`] for anything else: other JSON, invalid UTF-8, a byte order mark, trailing text, more
/// than 32 levels.
pub fn parse_object(body: &[u8]) -> Result<Map<String, Value>, JsonError> {
    serde_json::from_slice::<UniqueObject>(body)
        .map(|object| object.0)
        .map_err(|_| JsonError)
}

struct UniqueObject(Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = UniqueObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<UniqueObject, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            if !is_within(&value, DEEPEST - 1) {
                return Err(de::Error::custom("too deep"));
            }
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("repeated member"));
            }
        }
        Ok(UniqueObject(object))
    }
}

/// Whether a value has at most so many levels of arrays and objects.
fn is_within(value: &Value, levels: usize) -> bool {
    let Some(inner) = levels.checked_sub(1) else {
        return !value.is_array() && !value.is_object();
    };
    match value {
        Value::Array(items) => items.iter().all(|item| is_within(item, inner)),
        Value::Object(members) => members.values().all(|member| is_within(member, inner)),
        _ => true,
    }
}
