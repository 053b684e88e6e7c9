//! The protocol's promises, held natively and in WebAssembly.
//!
//! Run in both worlds: `cargo nextest run -p wrengate-protocol`, and with `wasm-bindgen-test-runner`
//! as Cargo's runner `cargo test -p wrengate-protocol --target wasm32-unknown-unknown`. Each module
//! lends `#[test]` to the runner of its target. Generated inputs and snapshots are native alone: the
//! first need an operating system's randomness, the second a file system.

mod authorize;
mod callback;
mod discovery;
mod failures;
mod id_token;
mod issuer;
mod jwks;
#[cfg(not(target_arch = "wasm32"))]
mod logout_properties;
mod logout_token;
mod messages;
#[cfg(not(target_arch = "wasm32"))]
mod parsers;
mod pkce;
mod preferences;
mod profile;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod pushed;
mod return_to;
mod rfc_vectors;
mod secrets;
#[cfg(not(target_arch = "wasm32"))]
mod snapshots;
mod text;
mod token;
mod trace;
mod userinfo;
