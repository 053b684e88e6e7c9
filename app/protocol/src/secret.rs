//! A wrapper for what must not be printed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, Zeroizing};

/// A value that cannot be printed or serialized by accident, and is wiped when dropped.
///
/// # Security
/// There is no `Display` and no `Serialize`; `Debug` shows nothing of the value, its length included.
/// Reading it is a visible call, [`expose`](Self::expose), that can be found with grep. What
/// must cross the wire or stay in the tab is [`Carried`] instead.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The decoder's own error would quote the value.
        T::deserialize(deserializer)
            .map(Self::new)
            .map_err(|_| de::Error::custom("a secret is not of the right type"))
    }
}

/// A secret in a message whose purpose is to carry it; the only secret that serializes.
///
/// # Security
/// Used by [`CompleteSignIn`](crate::messages::CompleteSignIn) and
/// [`SavedAttempt`](crate::attempt::SavedAttempt) alone.
#[derive(Clone, Debug, Deserialize)]
pub struct Carried(Secret<String>);

impl Carried {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}
