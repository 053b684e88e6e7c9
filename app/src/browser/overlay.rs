//! The overlay that stands before a page whose session is over, and the page that is put away for it.

use std::cell::RefCell;

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDialogElement};

use super::{
    environment::{document, focus},
    tabs::on,
};
use crate::page_data::{ELEMENT, PERSON};

/// The id of the dialog: no failure's code, which the help page has as ids.
pub const DIALOG: &str = "Session-over";

/// What tells of a person, in any page.
const PERSONAL: [&str; 3] = ["main > .page", ".header-nav", ".menu"];

thread_local! {
    /// What was put away, and what stands in its place.
    static PUT_AWAY: RefCell<Vec<(Element, Element)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the dialog open until the app closes it. To be called once.
pub fn prepare() {
    let Some(dialog) = dialog() else { return };
    on(&dialog, "cancel", Box::new(|event| event.prevent_default()));
    // Some browsers close a dialog at the second press of Escape, whatever the page says.
    on(
        &dialog,
        "close",
        Box::new(|_| {
            if is_put_away() {
                open();
            }
        }),
    );
}

/// Shows the dialog and takes everything personal out of the document.
///
/// # Security
/// It is taken out and not covered, so that neither a style sheet, nor a reader of the document, nor
/// a copy of the page in the back/forward cache has it. What was typed stays in the fields.
pub fn open() {
    let Some(dialog) = dialog() else { return };
    if !dialog.open() {
        // Fails for a dialog that is open or not in the document.
        drop(dialog.show_modal());
    }
    let document = document();
    for data in [ELEMENT, PERSON] {
        if let Some(data) = document.get_element_by_id(data) {
            data.set_text_content(None);
        }
    }
    PUT_AWAY.with_borrow_mut(|put_away| {
        for selector in PERSONAL {
            let found = document.query_selector(selector).ok().flatten();
            let (Some(found), Ok(place)) = (found, document.create_element("i")) else {
                continue;
            };
            drop(found.replace_with_with_node_1(&place));
            put_away.push((found, place));
        }
    });
}

/// Puts the page back and closes the dialog. Answers whether the page was there to be put back.
#[must_use]
pub fn close() -> bool {
    let put_away = PUT_AWAY.take();
    let mut whole = true;
    for (found, place) in put_away {
        whole &= place.is_connected();
        drop(place.replace_with_with_node_1(&found));
    }
    // Closing gives the focus back to where it was.
    if let Some(dialog) = dialog() {
        dialog.close();
    }
    whole
}

/// Moves the focus to the heading of the dialog.
pub fn focus_title() {
    focus("dialog h2");
}

/// Where the fields of the page are.
#[must_use]
pub fn page() -> Option<Element> {
    let away = PUT_AWAY.with_borrow(|put_away| put_away.first().map(|(page, _)| page.clone()));
    away.or_else(|| document().query_selector("main").ok().flatten())
}

fn is_put_away() -> bool {
    PUT_AWAY.with_borrow(|put_away| !put_away.is_empty())
}

fn dialog() -> Option<HtmlDialogElement> {
    Some(document().get_element_by_id(DIALOG)?.unchecked_into())
}
