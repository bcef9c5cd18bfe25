//! Browser entry points. Several bundles from one crate: `kiosk` is `render` and a socket; those of
//! the studio hydrate `app`, one page each, and are never in one build with it.
//!
//! Everything here is wasm only: on the host this crate is empty, so that no host build turns on
//! Leptos' `hydrate`.
#![cfg(target_arch = "wasm32")]
// Types of views are deep; `app` has the same line.
#![recursion_limit = "256"]

#[cfg(all(feature = "kiosk", feature = "app"))]
compile_error!("build the kiosk's bundle alone: --features kiosk");

#[cfg(feature = "kiosk")]
mod kiosk;
#[cfg(all(feature = "app", not(feature = "kiosk")))]
mod studio;
