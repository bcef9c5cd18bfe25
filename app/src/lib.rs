//! The studio: pages and server functions.
//!
//! For now one start page that shows a running demo. Owns what people see and do in the browser;
//! knows no socket, no SQL and no axum. With `ssr` it gets its data from context, with `hydrate`
//! over server functions under `/rpc/`.

mod format;
pub mod overview;
#[cfg(feature = "ssr")]
mod shell;
mod start;

pub use overview::Overview;
#[cfg(feature = "ssr")]
pub use overview::OverviewSource;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
pub use start::App;
