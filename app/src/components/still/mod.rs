//! What stands around every page and never changes while a document is shown.
//!
//! Links, forms and a popover of the browser's own are all there is, so the server alone draws it, and the
//! browser keeps what it finds.

#[cfg(not(feature = "hydrate"))]
mod drawn;
#[cfg(feature = "hydrate")]
mod kept;

#[cfg(not(feature = "hydrate"))]
pub(crate) use self::drawn::{account_menu, boot_bars, footer};
#[cfg(feature = "hydrate")]
pub(crate) use self::kept::{account_menu, footer};
