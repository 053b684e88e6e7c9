//! Elements of one and the same type.
//!
//! The framework gives every element of every view a type of its own, and with it a copy of the code
//! that builds, hydrates and updates it: most of what a browser would download. A page of ours is a
//! tree of [`El`] instead, which is one type, so that code is there once.

use std::borrow::Cow;

use leptos::{
    attr::{
        any_attribute::{AnyAttribute, IntoAnyAttribute as _},
        custom::custom_attribute,
    },
    ev,
    html::{self, custom},
    prelude::*,
    tachys::html::event::on,
};

/// A text that is there or is yet to be computed, each time what it depends on changes.
type Computed<T> = Box<dyn FnMut() -> T + Send>;

/// An element: a tag, attributes, children.
///
/// Boxed, and with methods that are not generic, so that drawing a page is a row of small calls.
///
/// # Security
/// Texts and values are escaped by the framework, here as in any other view.
#[must_use]
pub(crate) struct El(Box<Inner>);

struct Inner {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with this tag. Elements without an end tag (`img`, `br`) are not for this.
#[inline(never)]
pub(crate) fn el(tag: &'static str) -> El {
    El(Box::new(Inner {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    }))
}

impl El {
    /// Adds an attribute.
    #[inline(never)]
    pub(crate) fn attr(mut self, name: &'static str, value: &'static str) -> Self {
        self.0
            .attributes
            .push(custom_attribute(name, Cow::Borrowed(value)).into_any_attr());
        self
    }

    /// Adds an attribute whose value was computed.
    #[inline(never)]
    pub(crate) fn attr_text(mut self, name: &'static str, value: String) -> Self {
        self.0
            .attributes
            .push(custom_attribute(name, Cow::<'static, str>::Owned(value)).into_any_attr());
        self
    }

    /// Adds the class.
    #[inline(never)]
    pub(crate) fn class(self, name: &'static str) -> Self {
        self.attr("class", name)
    }

    /// Adds an attribute that comes and goes.
    pub(crate) fn attr_when(
        self,
        name: &'static str,
        value: impl FnMut() -> Option<String> + Send + 'static,
    ) -> Self {
        self.computed_attr(name, Box::new(value))
    }

    #[inline(never)]
    fn computed_attr(mut self, name: &'static str, value: Computed<Option<String>>) -> Self {
        self.0
            .attributes
            .push(custom_attribute(name, value).into_any_attr());
        self
    }

    /// Does something when pressed.
    pub(crate) fn on_click(self, mut act: impl FnMut() + 'static) -> Self {
        self.handler(Box::new(move |_| act()))
    }

    #[inline(never)]
    fn handler(mut self, handler: Box<dyn FnMut(ev::MouseEvent)>) -> Self {
        self.0
            .attributes
            .push(on(ev::click, handler).into_any_attr());
        self
    }

    /// Adds a text that never changes.
    #[inline(never)]
    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.0.children.push(Cow::Borrowed(text).into_any());
        self
    }

    /// Adds a text that was computed once.
    #[inline(never)]
    pub(crate) fn string(mut self, text: String) -> Self {
        self.0
            .children
            .push(Cow::<'static, str>::Owned(text).into_any());
        self
    }

    /// Adds a text that changes.
    pub(crate) fn text_of(self, text: impl FnMut() -> String + Send + 'static) -> Self {
        let text: Computed<String> = Box::new(text);
        self.view(text.into_any())
    }

    /// Adds an element.
    #[inline(never)]
    pub(crate) fn child(mut self, child: Self) -> Self {
        self.0.children.push(child.done());
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

    /// Adds a part that is replaced as a whole when what it depends on changes.
    pub(crate) fn part(self, part: impl FnMut() -> AnyView + Send + 'static) -> Self {
        let part: Computed<AnyView> = Box::new(part);
        self.view(part.into_any())
    }

    /// Adds a view of another kind.
    #[inline(never)]
    pub(crate) fn view(mut self, view: AnyView) -> Self {
        self.0.children.push(view);
        self
    }

    /// The view.
    #[inline(never)]
    pub(crate) fn done(self) -> AnyView {
        let Inner {
            tag,
            attributes,
            children,
        } = *self.0;
        custom(tag)
            .add_any_attr(attributes)
            .child(children)
            .into_any()
    }
}

/// What shows where no script runs. A browser that runs scripts reads it as one text, so it is not
/// hydrated; and it is written without escaping, so it holds our own words alone.
pub(crate) fn noscript(children: Vec<El>) -> AnyView {
    let children: Vec<AnyView> = children.into_iter().map(El::done).collect();
    html::noscript().child(children).into_any()
}

/// Nothing.
pub(crate) fn nothing() -> AnyView {
    ().into_any()
}

/// Several views side by side.
pub(crate) fn several(views: Vec<AnyView>) -> AnyView {
    views.into_any()
}
