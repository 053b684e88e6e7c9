//! Pieces that several pages share.

mod boot;
mod error_panel;
mod frame;
mod route_focus;
mod thread;
mod user_badge;

pub(crate) use self::{
    boot::{Boot, BootBar},
    error_panel::ErrorPanel,
    frame::{Footer, Header},
    route_focus::RouteFocus,
    thread::{Thread, ThreadState},
    user_badge::Avatar,
};
