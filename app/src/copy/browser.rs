//! The words of a browser: those of the document it shows.

use std::cell::RefCell;

use wrengate_protocol::client::PublicClient;

use super::Words;

thread_local! {
    static WORDS: RefCell<Option<Words>> = const { RefCell::new(None) };
}

/// Takes the list that came beside the module, one sentence a line. To be called before anything is drawn.
pub fn begin(list: &str, client: &PublicClient) {
    let lines = list.lines().map(str::to_owned).collect();
    WORDS.replace(Some(Words::new(lines, client)));
}

pub(super) fn words() -> Option<Words> {
    WORDS.with_borrow(Clone::clone)
}
