//! The person of a document that the server draws.

use crate::page_data::{Person, page_data};

pub(super) fn person() -> Option<Person> {
    page_data().person
}
