//! As the server knows it.

use crate::page_data::{Person, page_data};

pub(in crate::signed_in) fn person() -> Option<Person> {
    page_data().person
}
