//! Named limits of the simulator, and what happens past them.

/// Runners in a field; a larger one is refused.
pub const RUNNERS_MAX: usize = 500_000;

/// Timing points on a course; more are refused.
pub const POINTS_MAX: usize = 64;

/// A location's name; a longer one is refused.
pub const LOCATION_BYTES_MAX: usize = 64;

/// A split or finish in a CSV file; a row with a longer one is refused. Two weeks.
pub const SPLIT_MS_MAX: i64 = 14 * 24 * 60 * 60 * 1_000;

/// Reads released by one call of the device, so that the shell can put them on the wire before it
/// asks for more; the rest is due at once.
pub const BATCH_READS_MAX: usize = 512;

/// Bytes in one segment when nothing is cut.
pub const SEGMENT_BYTES_MAX: usize = 16 * 1024;

/// How long the rest of a cut line may be held back. Real servers have dropped partial lines
/// older than 500 ms, so it goes beyond that.
pub const HELD_MS_MAX: u64 = 700;

/// Bytes that wait behind a cut line; past it no read is written until they are gone.
pub const WAITING_BYTES_MAX: usize = 64 * 1024;

/// After a resume or the announcement of a location the controller is not done for so long, even
/// with nothing left to send: the server may find that it resumed the wrong session, and has yet
/// to start the location.
pub const SETTLE_MS: u64 = timing::limits::RESUME_SILENCE_MS_MAX + 1_000;

const _: () = assert!(SETTLE_MS > timing::limits::NEW_LOCATION_MS);
