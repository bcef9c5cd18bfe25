//! Browser entry points. Two bundles from one crate, never both in one build: `studio` hydrates
//! `app`, `kiosk` is `render` and a socket.
//!
//! Everything here is wasm only: on the host this crate is empty, so that no host build turns on
//! Leptos' `hydrate`.
#![cfg(target_arch = "wasm32")]

#[cfg(all(feature = "kiosk", feature = "studio"))]
compile_error!("build one bundle at a time: --features kiosk or --features studio");

#[cfg(feature = "kiosk")]
mod kiosk;
#[cfg(all(feature = "studio", not(feature = "kiosk")))]
mod studio;
