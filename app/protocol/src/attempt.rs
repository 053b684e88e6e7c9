//! What the browser keeps of an attempt while it is away.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{pkce::CodeVerifier, secret::Carried};

/// How long an attempt may stay open: ten minutes.
///
/// Long enough for a second factor at the provider, short enough that a copied callback link is
/// soon worthless. A code itself should live ten minutes at most (RFC 6749, section 4.1.2).
pub const LIFETIME: Duration = Duration::from_mins(10);

/// One entry in `sessionStorage`, under the state of the attempt.
///
/// # Security
/// It holds the verifier, which is worthless without the attempt cookie that no script can read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedAttempt {
    /// The verifier.
    pub code_verifier: Carried,
    /// When it was made, in milliseconds since 1970 by the browser's clock; for clearing out only.
    pub created_ms: i64,
}

impl SavedAttempt {
    /// Keeps a verifier.
    #[must_use]
    pub fn new(verifier: &CodeVerifier, created_ms: i64) -> Self {
        Self {
            code_verifier: Carried::new(verifier.expose().to_owned()),
            created_ms,
        }
    }
}
