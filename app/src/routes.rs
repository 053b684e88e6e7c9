//! Every path, once.

use wrengate_protocol::Failure;

/// The sign-in page.
pub const HOME: &str = "/";
/// Where the provider sends the person back to.
pub const CALLBACK: &str = "/callback";
/// Who is signed in.
pub const ACCOUNT: &str = "/account";
/// After signing out.
pub const SIGNED_OUT: &str = "/signed-out";
/// The form that signs out.
pub const SIGN_OUT: &str = "/sign-out";
/// The form that reads the profile again.
pub const REFRESH_PROFILE: &str = "/profile/refresh";

/// The page of a failure.
#[must_use]
pub fn problem(failure: Failure) -> String {
    format!("/problem/{}", failure.code())
}
