//! The person of a document that a browser shows.

use crate::{
    browser::environment,
    json,
    page_data::{PERSON, Person},
};

pub(super) fn person() -> Option<Person> {
    json::read(environment::text_of(PERSON)?.as_bytes()).ok()
}
