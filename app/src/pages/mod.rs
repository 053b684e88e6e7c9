//! One file a page.

mod account;
#[cfg(not(feature = "hydrate"))]
mod display;
#[cfg(not(feature = "hydrate"))]
mod help;
mod home;
pub(crate) mod inspector;
#[cfg(feature = "hydrate")]
mod kept;
mod loaded_anew;
mod not_found;
mod preferences;
mod problem;
mod sessions;
mod signed_out;

#[cfg(feature = "hydrate")]
pub(crate) use self::kept::{kept as display_page, kept as help_page};
pub(crate) use self::{
    account::account_page, home::home_page, inspector::inspector_page, loaded_anew::loaded_anew,
    not_found::not_found_page, problem::problem_page, sessions::sessions_page,
    signed_out::signed_out_page,
};
#[cfg(not(feature = "hydrate"))]
pub(crate) use self::{display::display_page, help::help_page};
