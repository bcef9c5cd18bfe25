//! Named limits of the store, with what happens past them.

use std::time::Duration;

/// Connections that only read, for one process. Past them, a query waits its turn. Each that
/// follows changes keeps one, and a server follows them once.
pub const READERS: u32 = 5;

/// Connections to a PostgreSQL server, for one process, beside the journal's and the follower's.
/// Past them, a query waits its turn for `CONNECT_WAIT`.
pub const SERVER_CONNECTIONS: u32 = 10;

/// How long a connection to a server is waited for. Past it: `StoreError::Unreachable`.
pub const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// Between two looks whether the lock of the one server on a PostgreSQL database is still held.
pub const HOLD_CHECK: Duration = Duration::from_secs(1);

/// Between two tries to get that lock on a start.
pub const HOLD_RETRY: Duration = Duration::from_millis(50);

/// How long another's hold on it is waited out, on a start and after it was lost: longer than
/// PostgreSQL takes to notice that a computer is gone. Past it: `StoreError::Held`.
pub const HOLD_WAIT: Duration = Duration::from_secs(8);

/// What one statement may take of a server, and a transaction between two of them. Past it: the
/// server ends it, `StoreError::Busy` or `StoreError::Unreachable`.
pub const STATEMENT_WAIT: Duration = Duration::from_secs(300);

/// How long a write waits for another process's write, or for its turn in this one.
/// Past it: `StoreError::Busy`, and nothing was done.
pub const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Between two tries at the write lock. `SQLite`'s own busy handler sleeps longer and longer, and
/// so can miss the short gaps that an import leaves; a steady short step does not.
pub const BUSY_RETRY: Duration = Duration::from_millis(1);

/// How long a batch of reads may take to be stored. Past it: `StoreError::Unreachable`; a disk or
/// a network that hangs is told of, and the batch is handed in again.
pub const APPEND_WAIT: Duration = Duration::from_secs(60);

/// What the write-ahead log is cut back to after a checkpoint.
pub const LOG_BYTES_KEPT_MAX: u64 = 64 * 1024 * 1024;

/// Characters in the name of anything. Past it: `StoreError::Invalid`; a point named after a
/// device's location is cut.
pub const NAME_CHARS_MAX: usize = 200;

/// Browsers that one person is logged in with. Past it: those that were not seen for longest are
/// logged out.
pub const LOGINS_PER_PERSON_MAX: i64 = 20;

/// Timing points of an event. Past it: `StoreError::TooMany`.
pub const POINTS_PER_EVENT_MAX: i64 = 250;

/// Different location texts of a stream. Past it: `StoreError::TooMany`.
pub const LOCATIONS_PER_STREAM_MAX: i64 = 250;

/// Streams of an event. Past it: `StoreError::TooMany`.
pub const STREAMS_PER_EVENT_MAX: i64 = 250;

/// Points a show may be bound to. Past it: `StoreError::TooMany`.
pub const POINTS_PER_SHOW_MAX: usize = 100;

/// Addresses that prove a stream's connections. Past it: `StoreError::TooMany`.
pub const ADDRESSES_PER_STREAM_MAX: usize = 32;

/// Displays of an event, ended ones too. Past it: `StoreError::TooMany`.
pub const DISPLAYS_PER_EVENT_MAX: i64 = 10_000;

/// Messages of an event's pool, those of its shows too. Past it: `StoreError::TooMany`, and none is
/// added.
pub const MESSAGES_PER_EVENT_MAX: i64 = 500;

/// Own templates of a partner, archived ones too. Past it: `StoreError::TooMany`.
pub const TEMPLATES_PER_PARTNER_MAX: i64 = 500;

/// Versions kept of a template. Past it the oldest go that nobody named and no show draws with,
/// automatic ones first and the newest published one never; where there is none to go,
/// `StoreError::TooMany`.
pub const VERSIONS_PER_TEMPLATE_MAX: i64 = 200;

/// Of the warnings that somebody published a template in spite of, as JSON. Past it:
/// `StoreError::TooMany`.
pub const ACCEPTED_BYTES_MAX: usize = 64 * 1024;

/// Races of an event. Past it: `StoreError::TooMany`.
pub const RACES_PER_EVENT_MAX: i64 = 250;

/// Waves of a race. Past it: `StoreError::TooMany`.
pub const WAVES_PER_RACE_MAX: i64 = 500;

/// Passages of points on a race's course: many laps. Past it: `StoreError::TooMany`.
pub const COURSE_POINTS_PER_RACE_MAX: usize = 500;

/// Guns of an event, also those that were taken back. Past it: `StoreError::TooMany`.
pub const GUNS_PER_EVENT_MAX: i64 = 1_000;

/// Of what a device says of a gun. Past it: `StoreError::Invalid`.
pub const DEVICE_KEY_CHARS_MAX: usize = 500;

/// Participants of an event, and rows of one roster. Past it: `StoreError::TooMany`, and nothing
/// is imported.
pub const ROSTER_ROWS_MAX: usize = 250_000;

/// Chips of one participant. Past it: `StoreError::TooMany`, and nothing is imported.
pub const CHIPS_PER_PARTICIPANT_MAX: usize = 16;

/// Of one field of a participant. Past it: `StoreError::TooMany`, and nothing is written.
pub const FIELD_CHARS_MAX: usize = 1_000;

/// Of the columns of a participant that Gantry has no word for, as JSON. Past it:
/// `StoreError::TooMany`, and nothing is written.
pub const CUSTOM_BYTES_MAX: usize = 16 * 1024;

/// Of how a roster file's columns are understood. Past it: `StoreError::TooMany`.
pub const ROSTER_MAPPING_BYTES_MAX: usize = 64 * 1024;

/// Edits in one deed. Past it: `StoreError::TooMany`, and nothing is done.
pub const EDITS_PER_DEED_MAX: usize = 1_000;

/// Of one deed's edits, as JSON. Past it: `StoreError::TooMany`, and nothing is done.
pub const DEED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Of what a deed is called and of who did it. Past it: `StoreError::Invalid`.
pub const DEED_CHARS_MAX: usize = 500;

/// Deeds of an event. Past it: `StoreError::TooMany`, and nothing is done.
pub const DEEDS_PER_EVENT_MAX: i64 = 100_000;

/// Deeds listed at once. Past it: the older ones are left out.
pub const DEEDS_LISTED_MAX: u32 = 1_000;

/// Ignored tags of an event, a range of them being one. Past it: `StoreError::TooMany`.
pub const IGNORED_RANGES_PER_EVENT_MAX: i64 = 1_000;

/// Of a tag that is to be ignored. Past it: `StoreError::Invalid`.
pub const TAG_CHARS_MAX: usize = 200;

/// Roster rows merged in one transaction: few enough that it holds the write lock for some
/// milliseconds only (design §4: no other write waits more than 50 ms).
pub const IMPORT_CHUNK_ROWS: usize = 200;

/// The write lock is left free for so long between two chunks of an import: several times
/// `BUSY_RETRY`, so that a waiting writer of another process finds the gap.
pub const IMPORT_GAP: Duration = Duration::from_millis(5);

/// Tries at a display code that nobody has. With 40 bits of chance one is enough.
pub const CODE_TRIES_MAX: usize = 8;

/// Names of connections remembered per stream. Reads of further ones are stored all the same, as
/// those of a connection without a name: they are not resumed but sent from the start again.
pub const CONNECTIONS_PER_STREAM_MAX: i64 = 1_000;

/// Rows of changes kept. A follower that is further behind is told to rebuild everything.
pub const CHANGES_KEPT_MAX: u64 = 10_000;

/// Between two looks for changes: what the command line does reaches the server within 250 ms.
pub const CHANGES_POLL: Duration = Duration::from_millis(100);

/// Between two looks for changes where the database tells of them: a net below that.
pub const CHANGES_NET: Duration = Duration::from_secs(5);

/// A stream counts as paused so long after its last read (design §4): 14 days.
pub const ACTIVE_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

/// Lines in quarantine from one address at one port. Past it: counted and dropped.
pub const QUARANTINE_LINES_PER_PEER_MAX: i64 = 5_000;

/// Lines in quarantine in total. Past it: counted and dropped.
pub const QUARANTINE_LINES_MAX: i64 = 50_000;

/// Longest line kept in quarantine. A longer one is counted and dropped.
pub const QUARANTINE_LINE_BYTES_MAX: usize = 4 * 1024;

/// Lines leave the quarantine so long after they came: 7 days.
pub const QUARANTINE_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Peers whose dropped lines are counted apart. Those of further ones are counted together.
pub const QUARANTINE_PEERS_MAX: i64 = 1_000;

/// Reads in one page of an export. Past it: the page is cut.
pub const PAGE_READS_MAX: u32 = 10_000;

/// Days on which a stream had undated reads that one coming again is looked for on, the newest
/// first. On an older one it is not found, and would be stored again.
pub const UNDATED_DAYS_MAX: usize = 400;

/// Reads of a tag are put together that lie in the same so many hundredths of a second. Whoever
/// asks for passages parts them by at least as much.
pub const PASSAGE_BUCKET_CS: i64 = 6_000;

/// Passages of a location fetched at once. Past it: the older ones are left out.
pub const PASSAGES_MAX: u32 = 400_000;

/// Newest reads of a location fetched at once. Past it: the older ones are left out.
pub const RECENT_READS_MAX: u32 = 50_000;

/// Positions of the journal that one question for tags looks through. Past it: the answer says how
/// far it came.
pub const ACTIVITY_POSITIONS_MAX: u64 = 100_000;

/// Streams whose sessions are listed: those heard last. Past it: the others are left out.
pub const SESSION_STREAMS_MAX: i64 = 500;

/// Days of one stream that are listed, the newest. Past it: the older ones are left out.
pub const SESSION_DAYS_PER_STREAM_MAX: i64 = 31;

/// Days of all streams listed at once, the newest. Past it: the older ones are left out.
pub const SESSION_DAYS_MAX: i64 = 400;
