//! Named limits of the screen's end.

/// How long a new row stays marked before the mark fades.
pub const FRESH_MS: u64 = 1_600;

/// Before the first try to connect again; it doubles with each failure.
pub const BACKOFF_FIRST_MS: u64 = 500;

/// The doubling stops here.
pub const BACKOFF_MS_MAX: u64 = 15_000;

/// A wait is spread by this much either way, so that a hall of screens does not call at once.
pub const JITTER_PERCENT: u64 = 25;

/// A socket that is still connecting by then is given up.
pub const CONNECT_MS_MAX: u64 = 10_000;

/// A socket that said nothing for so long is dead: two and a half pings.
pub const SILENCE_MS_MAX: u64 = 25_000;

/// Without a connection for so long, the screen says so to staff.
pub const NOTICE_AFTER_MS: u64 = 5_000;

/// An ended display asks this seldom whether it was switched on again.
pub const ENDED_RETRY_MS: u64 = 60_000;

/// How long a screen says which one it is.
pub const IDENTIFY_MS: u64 = 10_000;

/// A look at a page that is not answered by then counts as no answer.
pub const LOOK_MS_MAX: u32 = 10_000;

/// Between the acknowledgement of a command to leave the page and leaving it, so that the word
/// still goes out.
pub const LEAVE_AFTER_MS: u64 = 300;

const _: () = {
    assert!(BACKOFF_FIRST_MS < BACKOFF_MS_MAX);
    assert!(2 * model::limits::PING_MS < SILENCE_MS_MAX);
    assert!(JITTER_PERCENT < 100);
};
