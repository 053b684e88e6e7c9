//! Where the framework meets our elements.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::{AddAnyAttr, Mountable, Render, RenderHtml},
    tachys::{
        hydration::Cursor,
        view::{Position, PositionState},
    },
};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Node};

use super::{
    El,
    dom::{Kept, draw, find_all},
    html,
};

/// Everything inside `<body>`, as a view of the framework.
#[must_use]
pub(crate) struct Body(pub(crate) Vec<El>);

/// A body that is shown.
pub(crate) struct Drawn {
    elements: Vec<Element>,
    /// Held, not read: effects and listeners end with it.
    _kept: Kept,
}

impl Render for Body {
    type State = Drawn;

    fn build(self) -> Drawn {
        let mut kept = Kept::new();
        let elements = self.0.into_iter();
        Drawn {
            elements: elements.map(|el| draw(el, None, &mut kept)).collect(),
            _kept: kept,
        }
    }

    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl AddAnyAttr for Body {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

impl RenderHtml for Body {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
        self.0.into_iter().for_each(|el| html::write(el, buf));
        *position = Position::NextChild;
    }

    /// The body stands first in its parent, which is where the cursor is.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        let mut kept = Kept::new();
        let parent: Element = cursor.current().unchecked_into();
        let elements = find_all(&parent, self.0, &mut kept);
        if let Some(last) = elements.last() {
            cursor.set(last.clone().into());
            position.set(Position::NextChild);
        }
        Drawn {
            elements,
            _kept: kept,
        }
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.elements.iter().for_each(Element::remove);
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        for element in &self.elements {
            // Fails only where the marker is none of the parent's, and then there is no place.
            drop(parent.insert_before(element, marker));
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(first) = self.elements.first() else {
            return false;
        };
        let Some(parent) = first.parent_element() else {
            return false;
        };
        child.mount(&parent, Some(first));
        true
    }

    fn elements(&self) -> Vec<Element> {
        self.elements.clone()
    }
}
