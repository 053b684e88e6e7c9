//! What only signed-in people need: the watch over their session, and their pages.
//!
//! Whoever comes to sign in does not download it. In a build with the feature `split` it is a file of
//! its own, a part of the module, and the rest of the app reaches it through [`SignedIn`] alone: a
//! function that is named anywhere else lands in what everybody downloads. A document that is drawn
//! for a person names the part, so that it is fetched along with the rest, and is hydrated once it is
//! there. The server has all code at hand, and so has a browser in a build without the feature.

#[cfg(not(feature = "split"))]
mod at_once;
#[cfg(feature = "split")]
mod fetched;
mod pages;
mod person;

use crate::{element::El, routes::Place};

#[cfg(not(feature = "split"))]
pub use self::at_once::fetch;
#[cfg(not(feature = "split"))]
pub(crate) use self::at_once::signed_in;
#[cfg(feature = "split")]
pub use self::fetched::fetch;
#[cfg(feature = "split")]
pub(crate) use self::fetched::signed_in;

/// The ways in. To be called while a document is drawn that is about a person.
#[derive(Clone, Copy)]
pub(crate) struct SignedIn {
    /// Begins to watch over the session, before the page is drawn, and answers with what is drawn for
    /// it besides.
    pub(crate) watch: fn() -> Vec<El>,
    /// What stands above every page.
    pub(crate) above: fn() -> Option<El>,
    /// The page at a place, where it is a page for this person alone.
    pub(crate) page: fn(Place<'_>) -> Option<El>,
}

/// All of it. Where the code is a part of its own, only the function that is fetched may name this.
const ALL: SignedIn = SignedIn {
    watch: pages::watch,
    above: pages::above,
    page: pages::page,
};
