//! One file a page.

mod account;
mod home;
pub(crate) mod inspector;
mod loaded_anew;
mod not_found;
mod preferences;
mod problem;
mod sessions;
mod signed_out;

pub(crate) use self::{
    account::account_page, home::home_page, inspector::inspector_page, loaded_anew::loaded_anew,
    not_found::not_found_page, problem::problem_page, sessions::sessions_page,
    signed_out::signed_out_page,
};
