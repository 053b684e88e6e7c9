//! Who a document is about.
//!
//! It has an element of its own in the document, so that only the part of the module that is for
//! signed-in people knows how to read one.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod native;

#[cfg(feature = "hydrate")]
pub(super) use self::browser::person;
#[cfg(not(feature = "hydrate"))]
pub(super) use self::native::person;
