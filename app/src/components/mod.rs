//! Pieces that several pages share.

mod boot;
mod error_panel;
mod frame;
mod route_focus;
mod still;
mod thread;
mod user_badge;

pub(crate) use self::{
    boot::boot,
    error_panel::error_panel,
    frame::{external, header, icon, page_link, stroke},
    route_focus::follow_routes,
    still::{account_menu, footer},
    thread::{ThreadState, thread},
    user_badge::avatar,
};
#[cfg(not(feature = "hydrate"))]
pub(crate) use self::{still::boot_bars, user_badge::initials};
