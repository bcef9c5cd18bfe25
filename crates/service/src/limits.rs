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

/// For a change that somebody is told of once screens show it. The change is followed all the same.
pub const CATCHING_UP_MS_MAX: u64 = 10_000;

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

/// Tags of one stream of which passages over start mats are remembered, counted at each of them:
/// about 60 MB. Those of further ones have a gun time only.
pub const START_TAGS_MAX: usize = 200_000;

/// Passages over a start mat remembered of a tag there. Further ones, such as later laps, are not:
/// it is the early ones that may be a start.
pub const START_PASSAGES_PER_TAG_MAX: usize = 64;

/// Passages over a start mat are loaded when the server starts unless they are older. Past it
/// somebody who is still running has a gun time only.
pub const START_AGE_MS_MAX: i64 = 8 * 24 * 60 * 60 * 1_000;

/// Guns of a stream's device that are remembered as told of. Past it all are forgotten, and the
/// store is asked once more about each that comes again.
pub const GUNS_PER_STREAM_MAX: usize = 256;

/// Changes of a template in one save, and their bytes as JSON. What is more is refused.
pub const EDITS_PER_SAVE_MAX: usize = 10_000;
pub const SAVE_BYTES_MAX: usize = 8_000_000;

/// A template that is changed so long after its newest version was made is kept as it was.
pub const VERSION_PAUSE_MS: i64 = 10 * 60 * 1_000;

/// Templates looked over at once, each with a whole roster in memory. Past it: they wait.
pub const LINTS_AT_ONCE: usize = 2;

/// Displays that are moved when a template is published. More are refused.
pub const DISPLAYS_PER_PUBLICATION_MAX: usize = 1_000;

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

/// A workbook's parts unpacked, all together; a larger one is refused whole. 200,000 rows of 20
/// columns take about 200 MiB.
pub const ROSTER_UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// A workbook's formats unpacked. Five bytes of them can take hundreds in memory, so that more are
/// refused; what Excel itself allows, 65,000 formats, takes about 6 MiB.
pub const ROSTER_STYLES_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// A workbook's table of texts unpacked, each in memory at once; a larger one is refused.
pub const ROSTER_STRINGS_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Text of a workbook's cells in memory; a file with more is refused whole.
pub const ROSTER_TEXT_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Columns of a roster; a file with more is refused whole.
pub const ROSTER_COLUMNS_MAX: usize = 256;

/// Characters of one cell of the file, which is also Excel's own limit. A longer one is what
/// follows a quotation mark left open: the file is refused whole.
pub const ROSTER_CELL_CHARS_MAX: usize = 32_767;

/// First rows of a file among which the header is looked for. What stands lower is none.
pub const ROSTER_HEADER_ROWS_MAX: usize = 30;

/// Rows whose values help to recognise columns. Those below are not looked at for that.
pub const ROSTER_SAMPLE_ROWS_MAX: usize = 500;

/// Rows between two reports of progress.
pub const ROSTER_PROGRESS_ROWS: usize = 1_000;

/// Characters of one field of a roster; a row with a longer one is rejected.
pub const ROSTER_FIELD_CHARS_MAX: usize = 200;

/// Characters of a note or custom field of a roster; what is beyond is cut off, and named.
pub const ROSTER_NOTE_CHARS_MAX: usize = 2_000;

/// Characters of the name of a custom field; a longer header is cut off there.
pub const ROSTER_CUSTOM_NAME_CHARS_MAX: usize = 60;

/// Of a picture file that somebody sends. A larger one is refused.
pub const PICTURE_FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// Either side of a picture that is read, and the memory that it may take. A larger one is refused.
pub const PICTURE_READ_SIDE_PX_MAX: u32 = 12_000;
pub const PICTURE_READ_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Either side of a picture in a template. A larger one is made smaller.
pub const PICTURE_SIDE_PX_MAX: u32 = 1_920;

/// Of a picture in a template: several fit into one. It is made smaller until it fits.
pub const PICTURE_BYTES_MAX: usize = 300_000;

/// Of the roster's own columns that a template's designer is offered. Further ones can be typed.
pub const SAMPLE_COLUMNS_MAX: usize = 200;

/// Age of a participant in years; a row with a greater one is rejected.
pub const AGE_YEARS_MAX: u16 = 130;

/// Chips of one participant; a row with more is rejected.
pub const CHIPS_PER_PARTICIPANT_MAX: usize = 8;

/// Characters of a name of a partner, event, stream or point.
pub const NAME_CHARS_MAX: usize = 120;

/// The longest race.
pub const RACE_DISTANCE_M_MAX: u32 = 2_000_000;

/// Points that a course passes, each as often as it does.
pub const COURSE_POINTS_MAX: usize = 100;

/// Deeds that a page lists. Older ones are left out.
pub const DEEDS_LISTED_MAX: u32 = 100;

/// How long ago a gun may have been pressed that a browser tells of: a poor network's worth.
/// Past it, the time has to be typed.
pub const PRESSED_AGO_MS_MAX: i64 = 60_000;

/// How far a browser's reckoning of the server's clock may be ahead.
pub const PRESSED_AHEAD_MS_MAX: i64 = 1_000;

/// Messages pasted at once, or in one file. Past it: refused before a line is looked at.
pub const MESSAGE_LINES_BYTES_MAX: usize = 1024 * 1024;

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

// Passwords and logins.

/// Characters of a password. Past it, below: refused.
pub const PASSWORD_CHARS_MIN: usize = 10;

/// Bytes of a password. Past it: refused before anything is worked out of it.
pub const PASSWORD_BYTES_MAX: usize = 200;

/// Characters of an email address. Past it: refused.
pub const EMAIL_CHARS_MAX: usize = 200;

/// What argon2id takes of memory for one password, how often it goes through it, and in how many
/// lanes: what OWASP's password storage cheat sheet (2025) gives as its first choice.
pub const PASSWORD_KIB: u32 = 19 * 1024;
pub const PASSWORD_PASSES: u32 = 2;
pub const PASSWORD_LANES: u32 = 1;

/// Passwords worked on at once. Past it: they wait.
pub const PASSWORDS_AT_ONCE: usize = 2;

/// Passwords worked on or waiting. Past it: `ServiceError::Busy`, at once.
pub const PASSWORDS_WAITING_MAX: usize = 32;

/// A login ends when it was not used for so long: 14 days.
pub const LOGIN_IDLE_MS_MAX: i64 = 14 * 24 * 60 * 60 * 1_000;

/// And so long after it began, however much it is used: 90 days.
pub const LOGIN_MS_MAX: i64 = 90 * 24 * 60 * 60 * 1_000;

/// That a login is used is written down no more often than this.
pub const LOGIN_TOUCH_MS: i64 = 5 * 60 * 1_000;

/// Whoever proved a login stays logged in for so long while the database does not answer. A login
/// that is ended elsewhere meanwhile goes on until then.
pub const LOGIN_PROVEN_MS: u64 = 15 * 60 * 1_000;

/// And the database is given so long to answer, as a page asks every two seconds.
pub const LOGIN_ANSWER_MS_MAX: u64 = 1_000;

/// So many logins are remembered for it. Past it: further ones wait for the database.
pub const LOGINS_PROVEN_MAX: usize = 1_000;

/// Tries at one email address from one network address that fail within `TRIES_MS`, and at all
/// addresses together. Past either: `ServiceError::TooManyTries` until they are over.
pub const TRIES_PER_EMAIL_MAX: u32 = 10;
pub const TRIES_PER_ADDRESS_MAX: u32 = 100;
pub const TRIES_MS: u64 = 15 * 60 * 1_000;

/// Counts of such tries kept in memory. Past it: the one that is over soonest is forgotten.
pub const TRIES_COUNTED_MAX: usize = 10_000;

/// Wrong tries at a set-up code. Past it: it is worth nothing, and the log has a new one.
pub const SETUP_CODE_TRIES_MAX: u32 = 10;

const _: () = assert!(LOGIN_TOUCH_MS < LOGIN_IDLE_MS_MAX && LOGIN_IDLE_MS_MAX < LOGIN_MS_MAX);
const _: () = assert!(PASSWORDS_AT_ONCE <= PASSWORDS_WAITING_MAX);
const _: () = assert!(DUPLICATE_WINDOW_MS > 2 * 30_000);
const _: () = assert!(RECENT_READS_PER_LOCATION_MIN < RECENT_READS_PER_LOCATION_MAX);

// What is watched of the timing.

/// Newest reads of a stream that the Timing page can be shown. Older ones are in the journal only.
pub const RECENT_READS_MAX: usize = 2_000;

/// Reads of a stream of which it is remembered that the journal has not told what became of them.
/// Past it the oldest count as new.
pub const UNSETTLED_READS_MAX: usize = 300_000;

/// Unknown tags remembered of a stream. Further ones are counted only.
pub const UNKNOWN_TAGS_MAX: usize = 5_000;

/// Points remembered of an unknown tag. Further ones are left out.
pub const POINTS_PER_UNKNOWN_TAG_MAX: usize = 8;

/// Tags by which a point's share of unknown ones is told, each counted once.
pub const LAST_TAGS: usize = 50;

/// Fewer tags tell nothing of a point: before the start, staff walk over the mats with tags that
/// are nobody's.
pub const LAST_TAGS_MIN: usize = 20;

/// Seconds of arrival remembered of a clock. The oldest is forgotten.
pub const DIFFERENCE_LOTS_MAX: usize = 256;

/// Of those, the newest by which its difference is told.
pub const DIFFERENCE_MEDIAN_LOTS: usize = 31;

/// Older ones say nothing of how the clock is now.
pub const DIFFERENCE_AGE_MS_MAX: i64 = 20 * 60 * 1_000;

/// Fewer reads do not tell a clock from the window for which a controller holds reads back.
pub const DIFFERENCE_READS_MIN: u32 = 150;

/// Nor do reads that all came within a few seconds: these are a rewind.
pub const DIFFERENCE_LOTS_MIN: usize = 20;

/// Connections of a stream whose sequence numbers are followed. The one first heard is forgotten.
pub const COUNTED_CONNECTIONS_MAX: usize = 32;

/// Newest numbers by which it is told whether a device counts by location.
pub const COUNTED_NEWEST: usize = 64;

/// Gaps remembered of a count. Past it the oldest is forgotten.
pub const GAPS_MAX: usize = 64;

/// More numbers left out than this are another session, and no gap.
pub const GAP_NUMBERS_MAX: u64 = 10_000;

/// Between two looks at whether there is an alarm.
pub const ALARM_LOOK_MS: u64 = 1_000;

/// Over this share of its last tags, a point's unknown ones are an alarm.
pub const UNKNOWN_PERCENT_MAX: u32 = 20;

/// Down to this share it goes on.
pub const UNKNOWN_PERCENT_OVER: u32 = 10;

/// Minutes in a row in which a point must have been reading for its silence to mean something.
pub const PACE_MINUTES: i64 = 5;

/// New tags in each of those minutes at least. A thinner flow has gaps by nature.
pub const PACE_PER_MINUTE_MIN: u32 = 6;

/// Tags that must be missing, by the quietest of those minutes, for a point to count as silent.
pub const SILENT_TAGS: i64 = 20;

/// However dense the flow was: networks have hiccups of some seconds.
pub const SILENT_MS_MIN: i64 = 45_000;

/// After so long the race is over, or somebody knows.
pub const SILENT_MS_MAX: i64 = 30 * 60 * 1_000;

/// So long after a gun there, a silent point is a start that everybody has left.
pub const START_MS: i64 = 60 * 60 * 1_000;

/// Two readers of a point whose clocks differ by more are an alarm.
pub const READERS_DIFFER_MS_MAX: i64 = 500;

/// Down to this difference it goes on.
pub const READERS_DIFFER_MS_OVER: i64 = 300;

/// For so long they must differ: what one reads and the other not may be held back longer.
pub const READERS_DIFFER_HOLD_MS: i64 = 30_000;

/// A device that closes its connection so long after its last read is done for the day.
pub const DONE_MS: i64 = 10 * 60 * 1_000;

/// One that was lost so long after its last read is too.
pub const LOST_AFTER_READ_MS_MAX: i64 = 30 * 60 * 1_000;

/// A client that has been away for so long is no alarm any more.
pub const GONE_MS_MAX: i64 = 60 * 60 * 1_000;

/// Timing software dials again within so long.
pub const GONE_HOLD_MS: i64 = 15_000;

/// For so long a connection must be nobody's: a stream may just be being made.
pub const UNCLAIMED_HOLD_MS: i64 = 3_000;

/// Reads that wait for longer until they are stored are an alarm.
pub const JOURNAL_DELAY_MS_MAX: i64 = 2_000;

/// Down to this delay it goes on.
pub const JOURNAL_DELAY_MS_OVER: i64 = 1_000;

/// An alarm about the journal stays for so long after its end, so that it does not flicker.
pub const JOURNAL_CLEAR_MS: i64 = 10_000;

/// A connection without a read for so long is called quiet.
pub const QUIET_MS: i64 = 60_000;

/// Streams that an unclaimed connection is offered to. Others take it from their own page.
pub const CLAIM_CANDIDATES_MAX: usize = 8;

/// Locations that an alarm names. Further ones are left out.
pub const ALARM_LOCATIONS_MAX: usize = 8;

/// Addresses from where a stream takes connections. A longer list is refused.
pub const STREAM_ADDRESSES_MAX: usize = 32;

/// People listed to choose from while somebody looks for whose a tag is. Further ones are left out:
/// a letter more finds them.
pub const PEOPLE_FOUND_MAX: usize = 8;

/// Rows of an import that are written together; somebody can stop it between two lots.
pub const ROSTER_SLICE_ROWS: usize = 2_500;

/// Rows of each list of a preview that are shown; the count is of all.
pub const PREVIEW_ROWS_MAX: usize = 200;

/// Values of each column that a preview shows.
pub const PREVIEW_SAMPLES: usize = 3;

/// Uploaded files of one partner in memory. The oldest that nobody works on makes room.
pub const UPLOADS_PER_PARTNER_MAX: usize = 3;

/// Bytes of all uploaded files in memory. Past it no further file is taken.
pub const UPLOADS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// After it an uploaded file is dropped, with whatever was decided of it.
pub const UPLOAD_MS_MAX: u64 = 15 * 60 * 1_000;

// Timing sessions beside the builder's canvas.

/// Between two reads of a session, where a midnight lies between them. Past it the next day is
/// another session.
pub const SESSION_GAP_CS: i64 = 6 * 60 * 60 * 100;

/// Of what somebody searches sessions for. The rest is not looked for.
pub const SESSION_SEARCH_CHARS_MAX: usize = 200;

/// Sessions whose events are kept as they are joined for previews. The one asked for longest ago
/// goes, and is loaded again when somebody asks.
pub const SESSION_PATHS_MAX: usize = 32;

/// People on the rosters of those together, about 1.6 kB each with their starts. Past it too; the
/// one asked for last stays.
pub const SESSION_PEOPLE_MAX: usize = 150_000;

/// For so long one is taken again while reads may come. What starts meanwhile has a gun time only.
pub const SESSION_STARTS_KEPT_MS: u64 = 60_000;
