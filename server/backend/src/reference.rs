//! The reference of a request: what a person can quote and an operator can search for.

use std::fmt;

use crate::random::{Random, RandomError};

/// Eight characters of Crockford's base 32 in two groups, such as `7F3K-Q2MZ`.
///
/// Without I, L, O and U, so that it survives being read aloud; 40 bits, so that two requests of a
/// busy day hardly share one. It is no secret and opens nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Reference(String);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reference {
    /// Makes one.
    ///
    /// # Errors
    /// When the random source fails.
    pub fn new(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = [0; 8];
        random.fill(&mut bytes)?;
        let characters = bytes.iter().map(|byte| {
            let index = usize::from(byte % 32);
            ALPHABET
                .get(index)
                .map_or('0', |character| char::from(*character))
        });
        let mut text: String = characters.collect();
        text.insert(4, '-');
        Ok(Self(text))
    }

    /// The reference as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
