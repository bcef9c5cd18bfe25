//! Named limits of what crosses a boundary in this crate's types.

/// Crossings on an arrivals board. Older ones leave it.
pub const ARRIVALS_MAX: usize = 20;

/// A screen that has not said hello by then is let go.
pub const HELLO_MS: u64 = 5_000;

/// Between two pings of a display socket.
pub const PING_MS: u64 = 10_000;

/// Of a text that the staff put on screens. A longer one is refused.
pub const MESSAGE_CHARS_MAX: usize = 280;

/// A message from a screen; a longer one ends its socket.
pub const CLIENT_MESSAGE_BYTES_MAX: usize = 4 * 1024;
