//! What people chose for their own pages, kept by account and longer than any session.

use wrengate_protocol::preferences::Preferences;

use crate::{
    clock::UnixSeconds,
    session::Session,
    store::{Store, StoreError},
};

/// What the account of this session chose. A text that cannot be read counts as nothing chosen.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn find(store: &dyn Store, session: &Session) -> Result<Preferences, StoreError> {
    let Some(text) = store.find_preferences(&session.owner()).await? else {
        return Ok(Preferences::default());
    };
    Ok(serde_json::from_str(&text).unwrap_or_else(|_| {
        // Without the error, which might quote the text.
        tracing::warn!(
            session = session.key,
            "preferences cannot be read; the usual ones are used"
        );
        Preferences::default()
    }))
}

/// Keeps what the account of this session chose; the last writer wins.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub async fn save(
    store: &dyn Store,
    session: &Session,
    chosen: &Preferences,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    let text =
        serde_json::to_string(chosen).map_err(|error| StoreError::Failed(Box::new(error)))?;
    store.write_preferences(&session.owner(), &text, now).await
}
