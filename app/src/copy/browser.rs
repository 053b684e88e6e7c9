//! The words of a browser: those of the document it shows.

use std::cell::RefCell;

use wrengate_protocol::client::PublicClient;

use super::{Msg, Words};

thread_local! {
    static WORDS: RefCell<Option<Words>> = const { RefCell::new(None) };
}

/// Whether this is a list of ours: something between here and the server may have answered in its place.
#[must_use]
pub fn is_list(list: &str) -> bool {
    [Msg::FOR_EVERYBODY, Msg::FOR_SIGNED_IN].contains(&list.lines().count())
}

/// Takes the list that came beside the module, one sentence a line. To be called before anything is drawn.
pub fn begin(list: &str, client: &PublicClient) {
    let lines = list.lines().map(str::to_owned).collect();
    WORDS.replace(Some(Words::new(lines, client)));
}

pub(super) fn words() -> Option<Words> {
    WORDS.with_borrow(Clone::clone)
}
