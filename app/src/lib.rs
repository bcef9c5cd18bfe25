//! The studio: pages and server functions.
//!
//! Owns what people see and do in the browser; knows no socket, no SQL and no axum. With `ssr` it
//! gets its data from context, with `hydrate` over server functions under `/rpc/`.

// Types of views are deep.
#![recursion_limit = "256"]

mod address;
mod browser;
#[cfg(debug_assertions)]
mod dev;
pub mod documents;
pub mod format;
pub mod fuzzy;
pub mod pages;
pub mod parts;
pub mod rpc;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use shell::{Assets, Bundle, STYLES, Styles, entrance, shell};
