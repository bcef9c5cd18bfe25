//! Draws displays: the only renderer, the same on the server and in the browser.
//!
//! Owns the board's components, the fit of text to its box, the HTML document round a display
//! and the screen's end of the display socket as a pure machine.
//! Knows no socket, no clock and no store: state comes in, markup and actions go out.

pub mod board;
pub mod fit;
pub mod limits;
pub mod line;
pub mod link;
pub mod page;
pub mod screen;
pub mod shown;

pub use board::ArrivalsBoard;
pub use screen::{Cover, EndedPage, Screen};
pub use shown::Shown;

#[cfg(feature = "ssr")]
pub use page::board_html;
