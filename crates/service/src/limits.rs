//! Named limits of the service, and what happens past each.

/// Bytes of reads that wait for the journal. Past it listeners stop reading their sockets until
/// the database has caught up; nothing is dropped.
pub const UNJOURNALLED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads in one journal transaction. The rest wait for the next.
pub const JOURNAL_BATCH_READS_MAX: usize = 4_096;

/// Between two tries to write a batch that the database refused.
pub const JOURNAL_RETRY_MS: u64 = 250;

/// Undated reads of a stream whose days are loaded at a start: the newest. Past it the store is
/// asked for each that comes and is not in memory, so that an old one gets its own day again.
pub const UNDATED_READS_LOADED_MAX: u32 = 50_000;

/// How long such an answer is waited for. Past it reads that look live are dated by their arrival,
/// so that screens go on; others are asked for again, and their connection waits.
pub const UNDATED_ANSWER_MS_MAX: u64 = 500;

/// Until a change that could not be loaded is tried again; others are loaded meanwhile.
pub const LOAD_AGAIN_MS: u64 = 10_000;

/// Until unknown reads are counted again whose counting failed. Their number is not shown before.
pub const RECOUNT_AGAIN_MS: u64 = 5_000;

/// Batches that wait for the live path. Past it the connection that brings more waits.
pub const LIVE_INPUTS_MAX: usize = 4_096;

/// Reads kept in memory per location, for boards that are built anew when a roster changes: those
/// of the duplicate window, and of the older ones as many as make this number.
pub const RECENT_READS_PER_LOCATION_MIN: usize = 256;

/// What they are at most, about 15 MB for a location. The oldest by time are forgotten first; a
/// runner who stands on a mat for a minute behind that many others is then shown again.
pub const RECENT_READS_PER_LOCATION_MAX: usize = 50_000;

/// Locations of one stream kept in memory. Reads of further ones are stored and not shown.
pub const LOCATIONS_PER_STREAM_MAX: usize = 256;

/// How far back the live path remembers reads, to tell a repeated one. More than the age past
/// which a read is late, so that an older one is never live.
pub const DUPLICATE_WINDOW_MS: i64 = 90_000;

/// Reads in that window per stream; past it the oldest are forgotten, and a repeated one is then
/// caught by the rundown's own window or the journal.
pub const DUPLICATE_WINDOW_READS_MAX: usize = 1_000_000;

/// A roster file; a larger one is refused whole.
pub const ROSTER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Rows of a roster file; a file with more is refused whole.
pub const ROSTER_ROWS_MAX: usize = 200_000;

/// Characters of one field of a roster; a row with a longer one is rejected.
pub const ROSTER_FIELD_CHARS_MAX: usize = 200;

/// Chips of one participant; a row with more is rejected.
pub const CHIPS_PER_PARTICIPANT_MAX: usize = 8;

/// Characters of a name of a partner, event, stream or point.
pub const NAME_CHARS_MAX: usize = 120;

/// Points a display may be bound to.
pub const POINTS_PER_DISPLAY_MAX: usize = 32;

/// The longest a display may live.
pub const DISPLAY_TTL_S_MAX: u64 = 400 * 24 * 60 * 60;

/// Between two looks at whether a display has expired.
pub const EXPIRY_CHECK_MS: u64 = 1_000;

/// Codes of displays that are over kept in memory. Past it all are forgotten, and each is looked up
/// once more when it is asked for.
pub const CODES_OVER_MAX: usize = 4_096;

/// Timing connections of one node. Past it a new one is closed at once, with a warning.
pub const CONNECTIONS_MAX: usize = 512;

/// Ended connections whose last state is still listed.
pub const ENDED_CONNECTIONS_MAX: usize = 64;

const _: () = assert!(DUPLICATE_WINDOW_MS > 2 * 30_000);
const _: () = assert!(RECENT_READS_PER_LOCATION_MIN < RECENT_READS_PER_LOCATION_MAX);
