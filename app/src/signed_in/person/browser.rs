//! As it stands in the document.

use crate::{
    browser::environment,
    json,
    page_data::{PERSON, Person},
};

pub(in crate::signed_in) fn person() -> Option<Person> {
    json::read(environment::text_of(PERSON)?.as_bytes()).ok()
}
