//! Everything that only a browser can do. Called from event handlers and effects, never while a
//! page is drawn, because the server draws the same page without a browser.

pub mod attempt_store;
pub mod drafts;
pub mod environment;
pub mod location;
pub mod overlay;
pub mod random;
pub mod tabs;
