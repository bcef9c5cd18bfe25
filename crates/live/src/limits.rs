//! Every number of this crate, and what happens past it.

/// For this long an operator keeps a runner on the screen. It ends, so that one who was forgotten
/// does not keep everybody else off it.
pub const HOLD_MS_MAX: u64 = 10 * 60 * 1_000;

/// For this long after somebody was featured, nobody with an older read is. It ends, so that one
/// stream whose clock is an hour ahead cannot keep everybody else from being featured.
pub const OVERTAKEN_MS: u64 = 30_000;

/// Passages a rundown remembers, to tell a repeated read from a new one: a minute's worth at 136
/// crossings a second, and about 2 MB. Past it, the one whose last read is oldest is forgotten.
pub const PASSAGES_MAX: usize = 8_192;

/// Passages whose texts are kept: the list, and those that move up when entries of it become one.
/// Past it, the oldest goes, and cannot come back to the list.
pub const ENTRIES_MAX: usize = 256;

/// Displays open on this node. Opening another is refused.
pub const DISPLAYS_MAX: usize = 4_096;

/// Sockets of one display. Another is refused; the screen tries again by itself.
pub const SOCKETS_PER_DISPLAY_MAX: usize = 10_000;

/// Sockets of this node. Another is refused; the screen tries again by itself.
pub const SOCKETS_MAX: usize = 20_000;

/// Pings without their pong. When the next one is due the socket is closed.
pub const PINGS_UNANSWERED_MAX: usize = 3;

/// Pings that follow the first soon, each after the answer to the one before. A page that has just
/// loaded hears the first late, and its clocks go by the quickest that it heard.
pub const PINGS_SOON: usize = 4;

/// From an answer to the ping that comes soon after it.
pub const PING_SOON_MS: u64 = 500;

/// Messages of one screen between two pings. Past it, the socket is closed.
pub const CLIENT_MESSAGES_PER_PING_MAX: u32 = 32;

/// Between two `html` messages to one screen. Boards in between are left out for the newest.
pub const HTML_MS: u64 = 500;

/// Signs kept of a text that a screen says of itself. The rest is cut off.
pub const SCREEN_TEXT_CHARS_MAX: usize = 64;

/// Commands to a display that a socket has not taken yet. Past it, it misses the oldest, and never
/// acknowledges that one.
pub const COMMANDS_WAITING_MAX: usize = 16;

/// Browsers hold whole numbers exactly up to here.
pub const EPOCH_MAX: u64 = (1 << 53) - 1;

const _: () = {
    assert!(model::limits::ARRIVALS_MAX <= ENTRIES_MAX);
    assert!(ENTRIES_MAX <= PASSAGES_MAX);
    assert!(SOCKETS_PER_DISPLAY_MAX <= SOCKETS_MAX);
    assert!(model::limits::HELLO_MS < model::limits::PING_MS);
    assert!(PING_SOON_MS < model::limits::PING_MS);
};
