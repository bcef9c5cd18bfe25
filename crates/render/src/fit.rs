//! How wide text is, and where it may be cut: the same on the server and in every browser.

mod advances;
mod signs;

pub use advances::Advances;
pub use signs::{cuts, is_tall};
