//! What stands around the handlers. Their order is in [`router`](crate::router).

mod addresses;
pub(crate) mod api_gate;
pub(crate) mod body;
pub(crate) mod client_address;
pub(crate) mod form_gate;
pub(crate) mod origin;
pub(crate) mod page;
pub(crate) mod rate_limit;
pub(crate) mod request;
pub(crate) mod security_headers;
