//! Elements as a browser shows them: built anew, or found in the document that the server sent.

use std::any::Any;

use leptos::prelude::RenderEffect;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Element, Event};

use super::{Computed, Content, El, Inner, Node, Value};
use crate::browser::environment;

/// What has to live as long as the elements do: their effects and listeners.
pub(super) type Kept = Vec<Box<dyn Any>>;

/// Draws an element: into the one that was `found` in its place, else into a new one.
pub(super) fn draw(El(inner): El, found: Option<Element>, kept: &mut Kept) -> Element {
    let Inner {
        tag,
        attributes,
        act,
        content,
    } = *inner;
    let found = found.filter(|found| found.local_name() == tag);
    let is_new = found.is_none();
    let element = found.unwrap_or_else(|| create(tag));
    for (name, value) in attributes {
        match value {
            Value::Fixed(value) if is_new => set_attribute(&element, name, Some(&value)),
            Value::Fixed(_) => {}
            Value::Computed(mut value) => {
                let element = element.clone();
                kept.push(follow(Box::new(move || {
                    set_attribute(&element, name, value().as_deref());
                    Kept::new()
                })));
            }
        }
    }
    if let Some((event, act)) = act {
        let listener = listener(event, act);
        // Fails for no listener that is a function.
        drop(element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()));
        kept.push(Box::new(listener));
    }
    match content {
        // Where this runs, a browser takes what is in there for one text.
        Content::Fixed(_) if tag == "noscript" => {}
        Content::Fixed(nodes) => fill(&element, nodes, is_new, kept),
        Content::Text(mut text) => {
            let element = element.clone();
            kept.push(follow(Box::new(move || {
                let text = text();
                // The same text once more would be spoken once more.
                if element.text_content().as_ref() != Some(&text) {
                    element.set_text_content(Some(&text));
                }
                Kept::new()
            })));
        }
        Content::Part(mut part) => {
            let element = element.clone();
            let mut anew = is_new;
            kept.push(follow(Box::new(move || {
                let nodes = part().into_iter().map(Node::El).collect();
                if anew {
                    element.set_text_content(None);
                }
                let mut kept = Kept::new();
                fill(&element, nodes, anew, &mut kept);
                anew = true;
                kept
            })));
        }
    }
    element
}

/// A form that is sent is not left for its address.
fn listener(event: &str, mut act: Computed<()>) -> Closure<dyn FnMut(Event)> {
    let stays = event == "submit";
    Closure::new(move |event: Event| {
        if stays {
            event.prevent_default();
        }
        act();
    })
}

/// Draws the elements of the document's body, which are all there.
pub(super) fn find_all(parent: &Element, elements: Vec<El>, kept: &mut Kept) -> Vec<Element> {
    let mut next = parent.first_element_child();
    let mut drawn = Vec::new();
    for el in elements {
        let found = next.take();
        next = found.as_ref().and_then(Element::next_element_sibling);
        drawn.push(in_place_of(parent, found, el, kept));
    }
    drawn
}

/// Puts nodes into an empty element, or finds them in one that has them.
fn fill(parent: &Element, nodes: Vec<Node>, anew: bool, kept: &mut Kept) {
    if !anew {
        let elements = nodes.into_iter().filter_map(|node| match node {
            Node::El(el) => Some(el),
            Node::Text(_) => None,
        });
        find_all(parent, elements.collect(), kept);
        return;
    }
    for node in nodes {
        // Neither a text nor a new element can be refused.
        match node {
            Node::Text(text) => drop(parent.append_with_str_1(&text)),
            Node::El(el) => drop(parent.append_child(&draw(el, None, kept))),
        }
    }
}

/// Draws an element where it was found. Where the server drew another page than this one, which it
/// never should, the console tells and the page is mended.
fn in_place_of(parent: &Element, found: Option<Element>, el: El, kept: &mut Kept) -> Element {
    let tag = el.0.tag;
    let drawn = draw(el, found.clone(), kept);
    if found.as_ref() != Some(&drawn) {
        environment::complain("the server drew no such element here:", tag);
        match found {
            Some(other) => drop(other.replace_with_with_node_1(&drawn)),
            None => drop(parent.append_child(&drawn)),
        }
    }
    drawn
}

/// Does something now and again whenever a signal it read changes; what it answered is dropped first.
#[inline(never)]
fn follow(mut act: Box<dyn FnMut() -> Kept>) -> Box<dyn Any> {
    Box::new(RenderEffect::new(move |before: Option<Kept>| {
        drop(before);
        act()
    }))
}

#[inline(never)]
fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    // Fails for names that are no names, and ours are constants.
    drop(match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    });
}

fn create(tag: &str) -> Element {
    const SVG: &str = "http://www.w3.org/2000/svg";
    let namespace = matches!(tag, "svg" | "path" | "circle").then_some(SVG);
    let document = environment::document();
    let created = match namespace {
        Some(_) => document.create_element_ns(namespace, tag),
        None => document.create_element(tag),
    };
    // Fails for names that are no names, and ours are constants.
    created.unwrap_or_else(|_| JsValue::NULL.unchecked_into())
}
