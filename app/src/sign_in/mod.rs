//! The flow as the browser sees it.
//!
//! 1. The person presses the [`sign_in_button`].
//! 2. Verifier, challenge and state are made from the browser's random bytes.
//! 3. The attempt is saved in `sessionStorage` under its state.
//! 4. [`begin_sign_in`](crate::api::begin_sign_in) registers it and answers with the authorization URL.
//! 5. The browser leaves.
//! 6. The provider asks the person.
//! 7. [`callback_page`]: the query is taken and scrubbed, the attempt taken once, the answer judged.
//! 8. [`complete_sign_in`](crate::api::complete_sign_in) carries it to the server.
//! 9. The server checks, redeems and opens a session.
//! 10. The browser goes where the person wanted to go.

mod callback;
mod start;

/// The sign-in page, for a sign-in that another tab waits for.
pub(crate) const RENEW: &str = "/?renew=1";

pub(crate) use self::{
    callback::callback_page,
    start::{ReturnTo, number_presses, sign_in_button},
};
