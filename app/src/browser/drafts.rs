//! What was typed and not sent, kept through a sign-in in this tab: fields marked with `data-draft`.

use gloo_storage::{SessionStorage, Storage as _};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{
    attempt_store::{read, works, write},
    environment::{now_ms, path},
    overlay,
};

/// How long a draft is kept: 30 minutes.
const LIFETIME_MS: i64 = 30 * 60 * 1000;

const DRAFT: &str = "wrengate:draft:";

/// What the attribute of a field that is kept says is its name; this one says what is saved of it.
const SAVED: &str = "data-saved";

#[derive(Serialize, Deserialize)]
struct Draft {
    saved_ms: i64,
    fields: Vec<(String, String)>,
}

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// There was none.
    Nothing,
    /// The fields are filled.
    Filled,
    /// It was too old, and is gone.
    TooOld,
    /// There is one of another account.
    OfAnother,
}

/// What stands in a field.
#[must_use]
pub fn value(name: &str) -> String {
    let found = fields().into_iter().find(|field| name_of(field) == name);
    found.map(|field| value_of(&field)).unwrap_or_default()
}

/// Says what the server keeps of a field.
pub fn mark_saved(name: &str, text: &str) {
    let found = fields().into_iter().find(|field| name_of(field) == name);
    if let Some(field) = found {
        drop(field.set_attribute(SAVED, text));
    }
}

/// Whether somebody typed what the server does not have.
#[must_use]
pub fn is_there_work() -> bool {
    let mut fields = fields().into_iter();
    fields.any(|field| field.get_attribute(SAVED).as_ref() != Some(&value_of(&field)))
}

/// Whether a draft can be kept here.
#[must_use]
pub fn can_keep() -> bool {
    works()
}

/// Keeps the fields for this account and page.
///
/// # Security
/// Marked fields alone, never a secret, in this tab alone.
pub fn keep(account: &str) {
    let fields = fields().into_iter().map(|it| (name_of(&it), value_of(&it)));
    let draft = Draft {
        saved_ms: now_ms(),
        fields: fields.collect(),
    };
    write(&key(account), &draft);
}

/// Fills the fields with the draft of this account and page. It stays until [`forget`] is called.
#[must_use]
pub fn restore(account: &str) -> Restored {
    if !works() {
        return Restored::Nothing;
    }
    let mine = key(account);
    let Some(draft) = read::<Draft>(&mine) else {
        return of_another();
    };
    if (now_ms() - draft.saved_ms).abs() > LIFETIME_MS {
        forget();
        return Restored::TooOld;
    }
    for field in fields() {
        let name = name_of(&field);
        if let Some((_, text)) = draft.fields.iter().find(|(named, _)| *named == name) {
            drop(js_sys::Reflect::set(
                &field,
                &"value".into(),
                &JsValue::from_str(text),
            ));
        }
    }
    Restored::Filled
}

/// Forgets every draft of this tab.
pub fn forget() {
    if works() {
        keys().iter().for_each(SessionStorage::delete);
    }
}

fn of_another() -> Restored {
    let drafts = keys();
    let is_fresh = |draft: Draft| (now_ms() - draft.saved_ms).abs() <= LIFETIME_MS;
    let here = format!(":{}", path());
    let fresh = drafts
        .iter()
        .any(|key| key.ends_with(&here) && read(key).is_some_and(is_fresh));
    if fresh {
        Restored::OfAnother
    } else {
        drafts.iter().for_each(SessionStorage::delete);
        Restored::Nothing
    }
}

fn keys() -> Vec<String> {
    let storage = SessionStorage::raw();
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(DRAFT)).collect()
}

fn key(account: &str) -> String {
    format!("{DRAFT}{account}:{}", path())
}

fn fields() -> Vec<Element> {
    let found = overlay::page().map(|page| page.query_selector_all("[data-draft]"));
    let Some(Ok(found)) = found else {
        return Vec::new();
    };
    let nodes = (0..found.length()).filter_map(|index| found.item(index));
    nodes.map(wasm_bindgen::JsCast::unchecked_into).collect()
}

fn name_of(field: &Element) -> String {
    field.get_attribute("data-draft").unwrap_or_default()
}

fn value_of(field: &Element) -> String {
    let value = js_sys::Reflect::get(field, &"value".into());
    value.ok().and_then(|it| it.as_string()).unwrap_or_default()
}
