//! Where it is a file of its own.

#![expect(
    clippy::unnecessary_wraps,
    reason = "a function that is fetched answers with what can go wrong in fetching"
)]

use std::cell::Cell;

use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{ALL, SignedIn};

thread_local! {
    static HERE: Cell<Option<SignedIn>> = const { Cell::new(None) };
}

/// The whole of the part: what only this function reaches goes into it.
#[wasm_split(signed_in, fallible)]
fn all() -> Result<SignedIn, SplitLoaderError> {
    Ok(ALL)
}

/// Fetches the code, once. Answers whether it is there; where it is not, it can be tried again.
pub async fn fetch() -> bool {
    let fetched = all().await.ok();
    HERE.set(fetched);
    fetched.is_some()
}

/// The ways in, once they were fetched for a document that is about a person.
pub(crate) fn signed_in() -> Option<SignedIn> {
    HERE.get()
}
