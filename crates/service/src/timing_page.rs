//! Use cases of the Timing page: what is seen live, what needs a person, whose a connection is.
//!
//! Everything is told from the node's memory, so a poll costs the database one look at whose the
//! event is. Knows no page.

mod claim;
mod exceptions;
mod facts;
mod reads;
mod view;

pub(crate) use claim::claimant;
pub use claim::{claim, claim_shared};
pub use exceptions::exceptions;
pub use facts::{PointFacts, TimingFacts, facts, find_people};
pub use reads::reads_after;
pub use view::live_timing;

use model::{UnixMicros, limits::TAG_SHOWN_CHARS_MAX};

/// What a device wrote is as long as it likes.
fn shown(text: &str) -> String {
    text.chars().take(TAG_SHOWN_CHARS_MAX).collect()
}

fn age_ms(now: UnixMicros, then: UnixMicros) -> u64 {
    u64::try_from(now.ms_since(then)).unwrap_or(0)
}
