use std::time::Duration;

use axum::{
    Extension, Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use wrengate_backend::{Services, guard::Guard};
use wrengate_server::guard::{self, Required, SignedIn};

/// Whoever is signed in may read the reports, if the provider granted `email`. Deleting them takes
/// a sign-in that is not older than ten minutes.
pub(crate) fn reports(services: &Services) -> Router {
    let reader = Required::of_page(services, Guard::signed_in().with_scope("email"));
    let recent = Guard::signed_in().signed_in_within(Duration::from_mins(10));
    let owner = Required::of_form(services, recent, "/reports");
    let read = get(read).route_layer(from_fn_with_state(reader, guard::check));
    let delete = post(delete).route_layer(from_fn_with_state(owner, guard::check));
    Router::new()
        .route("/reports", read)
        .route("/reports/delete", delete)
}

async fn read(Extension(SignedIn(session)): Extension<SignedIn>) -> String {
    format!("the reports of {}", session.subject)
}

async fn delete(Extension(SignedIn(session)): Extension<SignedIn>) -> String {
    format!("{} has no reports", session.subject)
}
