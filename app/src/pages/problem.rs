//! A failure as a page of its own, so that a reload never replays a code.

use wrengate_protocol::Failure;

use super::not_found_page;
use crate::{components::error_panel, element::El};

/// `/problem/{id}`
pub(crate) fn problem_page(id: &str) -> El {
    match Failure::from_code(id) {
        None | Some(Failure::NotFound) => not_found_page(),
        Some(failure) => error_panel(failure),
    }
}
