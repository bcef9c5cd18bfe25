//! Timing sessions, for whoever designs a template: which there are and were, over all events of
//! the partner, and what of them a screen would show.
//!
//! Owns what a session is: a stream's reads on the days of its device's clock, where the next day
//! begins within `limits::SESSION_GAP_CS` of the end of the one before one session; the connection
//! of a read has no number that the journal knows. Sends nothing to any screen.

mod list;
mod paths;
mod reads;
mod span;

pub use list::sessions;
pub(crate) use paths::Paths;
pub use reads::{SessionReads, session_reads};

/// What a device wrote is as long as it likes.
fn shown(text: &str) -> String {
    let shown = text.chars();
    shown.take(model::limits::TAG_SHOWN_CHARS_MAX).collect()
}
