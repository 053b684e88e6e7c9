//! Pages as trees of elements of one and the same type.
//!
//! The framework gives every element of every view a type of its own, and with it a copy of the code
//! that builds, hydrates and updates it: most of what a browser would download. A page of ours is a
//! tree of [`El`] instead, one type with one way to the text the server sends (`html`), one to the
//! elements a browser shows (`dom`), and one place where the framework meets it (`view`).

mod dom;
mod html;
mod view;

use std::borrow::Cow;

pub(crate) use self::view::Body;
use crate::copy::Msg;

/// A value that is computed again each time a signal it read changes.
type Computed<T> = Box<dyn FnMut() -> T + Send>;

/// An element: a tag, attributes, content.
///
/// Boxed, and with methods that are not generic, so that drawing a page is a row of small calls.
///
/// # Security
/// Texts and values are escaped on the way to HTML and set as texts and values in the browser.
/// There is no way to put markup in.
#[must_use]
pub(crate) struct El(Box<Inner>);

struct Inner {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    act: Option<(&'static str, Computed<()>)>,
    content: Content,
}

enum Value {
    Fixed(Cow<'static, str>),
    /// Absent while it is `None`.
    Computed(Computed<Option<String>>),
}

/// What stands in an element. What changes has an element to itself, so that it is found again
/// without marks between the nodes.
enum Content {
    Fixed(Vec<Node>),
    Text(Computed<String>),
    Part(Computed<Vec<El>>),
}

enum Node {
    Text(Cow<'static, str>),
    El(El),
}

/// An element with this tag.
#[inline(never)]
pub(crate) fn el(tag: &'static str) -> El {
    El(Box::new(Inner {
        tag,
        attributes: Vec::new(),
        act: None,
        content: Content::Fixed(Vec::new()),
    }))
}

impl El {
    /// Adds an attribute.
    #[inline(never)]
    pub(crate) fn attr(mut self, name: &'static str, value: &'static str) -> Self {
        let value = Value::Fixed(Cow::Borrowed(value));
        self.0.attributes.push((name, value));
        self
    }

    /// Adds an attribute whose value was computed once.
    #[inline(never)]
    pub(crate) fn attr_text(mut self, name: &'static str, value: String) -> Self {
        let value = Value::Fixed(Cow::Owned(value));
        self.0.attributes.push((name, value));
        self
    }

    /// Adds the class.
    #[inline(never)]
    pub(crate) fn class(self, name: &'static str) -> Self {
        self.attr("class", name)
    }

    /// Adds an attribute that comes and goes.
    pub(crate) fn attr_when(
        mut self,
        name: &'static str,
        value: impl FnMut() -> Option<String> + Send + 'static,
    ) -> Self {
        let value = Value::Computed(Box::new(value));
        self.0.attributes.push((name, value));
        self
    }

    /// Does something when pressed.
    pub(crate) fn on_click(mut self, act: impl FnMut() + Send + 'static) -> Self {
        self.0.act = Some(("click", Box::new(act)));
        self
    }

    /// Does something in place of sending the form.
    pub(crate) fn on_submit(mut self, act: impl FnMut() + Send + 'static) -> Self {
        self.0.act = Some(("submit", Box::new(act)));
        self
    }

    /// Adds a text that never changes.
    pub(crate) fn text(self, text: &'static str) -> Self {
        self.node(Node::Text(Cow::Borrowed(text)))
    }

    /// Adds what a message says.
    #[inline(never)]
    pub(crate) fn say(self, msg: Msg) -> Self {
        self.string(msg.text())
    }

    /// Adds a text that was computed once.
    pub(crate) fn string(self, text: String) -> Self {
        self.node(Node::Text(Cow::Owned(text)))
    }

    /// Adds an element.
    pub(crate) fn child(self, child: Self) -> Self {
        self.node(Node::El(child))
    }

    #[inline(never)]
    fn node(mut self, node: Node) -> Self {
        debug_assert!(
            matches!(self.0.content, Content::Fixed(_)),
            "what changes has its element to itself"
        );
        if let Content::Fixed(nodes) = &mut self.0.content {
            nodes.push(node);
        }
        self
    }

    /// Adds an element, if there is one.
    #[inline(never)]
    pub(crate) fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds elements.
    #[inline(never)]
    pub(crate) fn children(self, children: Vec<Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Makes a text that changes the whole content.
    pub(crate) fn text_of(self, text: impl FnMut() -> String + Send + 'static) -> Self {
        self.alone(Content::Text(Box::new(text)))
    }

    /// Makes elements that are replaced together the whole content.
    pub(crate) fn part(self, part: impl FnMut() -> Vec<Self> + Send + 'static) -> Self {
        self.alone(Content::Part(Box::new(part)))
    }

    #[inline(never)]
    fn alone(mut self, content: Content) -> Self {
        debug_assert!(
            matches!(&self.0.content, Content::Fixed(nodes) if nodes.is_empty()),
            "what changes has its element to itself"
        );
        self.0.content = content;
        self
    }
}
