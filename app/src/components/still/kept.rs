//! As a browser keeps it.

use crate::{
    element::{El, el},
    page_data::PageData,
};

/// What stands last in the header is not looked for.
pub(crate) const fn account_menu(_: &PageData) -> Option<El> {
    None
}

/// The footer, with whatever is in it.
pub(crate) fn footer() -> El {
    el("footer")
}
