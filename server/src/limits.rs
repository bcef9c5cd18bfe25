//! Named limits of the server's edges, and what happens past each.

/// Bytes read from a timing socket at a time.
pub const TIMING_READ_BYTES: usize = 16 * 1024;

/// A timing socket that takes no bytes of ours for this long is closed.
pub const TIMING_WRITE_MS_MAX: u64 = 10_000;

/// Between two tries to find the stream of a connection while the database does not answer.
pub const ROUTE_RETRY_MS: u64 = 1_000;

/// Lines of one connection that are not understood and go to the log. Further ones are counted.
pub const UNKNOWN_LINES_LOGGED_MAX: u64 = 100;

/// Buffers of a display socket; more would cost memory on every idle screen.
pub const SOCKET_BUFFER_BYTES: usize = 4 * 1024;

/// A display socket that takes none of a message for this long is closed; the screen comes back.
pub const SOCKET_WRITE_MS_MAX: u64 = 20_000;

/// Between two tries to open a port that somebody else holds.
pub const PORT_RETRY_MS: u64 = 2_000;

/// How long a stop waits for reads on their way to the journal.
pub const STOP_MS_MAX: u64 = 10_000;
