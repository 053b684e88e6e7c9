//! One file a page.

mod account;
mod home;
mod not_found;
mod problem;
mod signed_out;

pub(crate) use self::{
    account::AccountPage, home::HomePage, not_found::NotFoundPage, problem::ProblemPage,
    signed_out::SignedOutPage,
};
