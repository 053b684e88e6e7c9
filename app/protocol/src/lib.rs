//! The sign-in protocol without a world.
//!
//! Everything here is a value or a judgement: the PKCE pair and the state, the authorization request,
//! the callback, the provider's answers, the failures a person may be told. Time, random bytes and
//! text are arguments; there is no socket, clock, random source or task, so the same code and the
//! same tests run natively and in WebAssembly.
//!
//! Read [`step`] first: it is the flow. [`failure`] is how the flow can end.
//!
//! Standards: RFC 6749 (OAuth 2.0), RFC 6750 (bearer tokens), RFC 7636 (PKCE), RFC 8414 (metadata),
//! RFC 9126 (pushed authorization requests), RFC 9207 (issuer in the authorization response), RFC 9700
//! (security best current practice), OpenID Connect Core, Discovery, RP-Initiated and Back-Channel
//! Logout.

pub mod attempt;
pub mod authorize;
pub mod callback;
pub mod client;
pub mod discovery;
pub mod encoding;
pub mod failure;
pub mod id_token;
pub mod issuer;
pub mod json;
pub mod jwks;
pub mod logout_token;
pub mod messages;
pub mod nonce;
pub mod pkce;
pub mod preferences;
pub mod profile;
pub mod provider_error;
pub mod pushed;
pub mod return_to;
pub mod secret;
pub mod session_ends;
pub mod signing;
pub mod state;
pub mod step;
pub mod text;
pub mod token;
pub mod trace;
pub mod userinfo;

pub use failure::Failure;
pub use secret::Secret;
pub use step::Step;
