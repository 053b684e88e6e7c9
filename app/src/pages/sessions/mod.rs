//! Where the person is signed in, and how to sign other browsers out.
//!
//! Links and forms are all there is on this page, so the server alone draws it: the browser keeps what
//! it finds, and downloads neither the list once more nor the code and the words to draw it.

#[cfg(not(feature = "hydrate"))]
mod drawn;
#[cfg(feature = "hydrate")]
mod kept;

#[cfg(not(feature = "hydrate"))]
pub(crate) use self::drawn::sessions_page;
#[cfg(feature = "hydrate")]
pub(crate) use self::kept::sessions_page;
