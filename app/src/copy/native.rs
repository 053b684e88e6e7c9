//! The words of the server: those of the document it draws.

use leptos::prelude::use_context;

use super::Words;

pub(super) fn words() -> Option<Words> {
    use_context()
}
