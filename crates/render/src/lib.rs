//! Draws displays: the only renderer, the same on the server and in the browser.
//!
//! Owns the way from a template and its state to boxes, the fit of text, the HTML document round a
//! display and the screen's end of the display socket as a pure machine.
//! Knows no socket, no clock and no store: state comes in, boxes, markup and actions go out. `dom`
//! alone knows a browser's page.

pub mod delay;
#[cfg(feature = "dom")]
pub mod dom;
pub mod draw;
pub mod fit;
pub mod html;
pub mod limits;
pub mod link;
#[cfg(feature = "ssr")]
pub mod lint;
pub mod page;
#[cfg(feature = "ssr")]
pub mod samples;
pub mod screen;
pub mod server_clock;
pub mod shown;
pub mod stage;
pub mod style;
pub mod text;

pub use draw::{Drawing, Drawn, drawing};
pub use screen::Cover;
pub use server_clock::ServerClock;
pub use shown::Shown;

#[cfg(feature = "ssr")]
pub use page::board_html;
