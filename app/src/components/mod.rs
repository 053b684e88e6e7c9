//! Pieces that several pages share.

mod boot;
mod error_panel;
mod frame;
mod route_focus;
mod thread;
mod user_badge;

pub(crate) use self::{
    boot::{boot, boot_bar},
    error_panel::error_panel,
    frame::{external, footer, header, icon, page_link, stroke},
    route_focus::follow_routes,
    thread::{ThreadState, thread},
    user_badge::avatar,
};
