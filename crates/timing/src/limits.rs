//! Named limits of this crate: sizes of what a device may send, and how long it is waited for.
//! Each says what happens past it. Units stand last in the name.

/// A line without its line end. The rest of a longer one is skipped, and its beginning reported.
pub const LINE_BYTES_MAX: usize = 4 * 1024;

/// What is kept of a line that is too long, and of a first line that is no greeting.
pub const LINE_BEGINNING_BYTES: usize = 256;

/// Locations remembered for one connection. Reads from further ones still come through; the
/// further ones are neither listed nor asked for by name, and the line naming them is reported.
pub const LOCATIONS_MAX: usize = 256;

/// A longer location name is treated as one past `LOCATIONS_MAX`.
pub const LOCATION_CHARS_MAX: usize = 100;

/// A longer connection name counts as none: cut short, two of them could become one.
pub const CONNECTION_NAME_CHARS_MAX: usize = 200;

/// Program, version and event texts, which are only shown, are cut to this.
pub const SHOWN_TEXT_CHARS_MAX: usize = 200;

/// A client that has not greeted by then is closed.
pub const GREETING_MS_MAX: u64 = 10_000;

/// Replies to `getconnectionid`, `geteventinfo` and `getlocations` are waited for so long; then
/// the session goes on with those that came.
pub const IDENTIFY_MS_MAX: u64 = 2_000;

/// Between two pings.
pub const PING_MS: u64 = 10_000;

/// So many pings in a row without one byte back make a connection stale. It is not closed.
pub const PINGS_MISSED_MAX: u32 = 3;

/// A connection without one byte for so long is closed: its other end is gone.
pub const IDLE_MS_MAX: u64 = 10 * 60 * 1_000;

/// A resumed location that stays silent for so long is asked for from its first read.
pub const RESUME_SILENCE_MS_MAX: u64 = 3_000;

/// Between `newlocation` and the `start` of that location.
pub const NEW_LOCATION_MS: u64 = 1_000;

/// Client end: a server that has not finished the initialisation by then is given up.
pub const CLIENT_INIT_MS_MAX: u64 = 10_000;

/// Client end: a server announcing more initialisation lines is given up.
pub const INIT_LINES_MAX: usize = 100;

/// A read this far behind or less is live; further behind it is late.
pub const LIVE_BEHIND_MS_MAX: i64 = 30_000;

/// A read this far ahead or less is live; further ahead it is shown with a warning.
pub const LIVE_AHEAD_MS_MAX: i64 = 5_000;

/// Undated reads of a stream whose day is remembered. Past it the oldest is forgotten: where it
/// was stored is then the only place that knows its day. About 60 MiB per stream when full.
pub const DATED_READS_MAX: usize = 500_000;

/// Reads arriving within so long are judged as one lot, so that memory does not grow with the rate.
pub const WRONG_CLOCK_LOT_MS: i64 = 500;

/// Lots remembered: 12 s of a dense flow, more of a sparse one. The oldest is forgotten.
pub const WRONG_CLOCK_LOTS_MAX: usize = 24;

/// A difference has to hold over so long an arrival before it is believed: a burst shows nothing.
pub const WRONG_CLOCK_SPAN_MS_MIN: i64 = 3_000;

/// Differences within this of one another are steady. A controller holds a read back for its
/// observation window of up to 6 s; the rest is for the network.
pub const WRONG_CLOCK_BAND_MS_MAX: i64 = 7_000;

/// Up to so far behind, a clock is not called wrong: observation window and network explain it.
pub const WRONG_CLOCK_BEHIND_MS_MIN: i64 = 15_000;

/// Instants remembered to leave out reads sent twice.
pub const WRONG_CLOCK_INSTANTS_MAX: usize = 32;

/// A verdict that no read has borne out for so long lapses.
pub const WRONG_CLOCK_VERDICT_MS_MAX: i64 = 60 * 60 * 1_000;

const _: () = {
    assert!(LINE_BEGINNING_BYTES <= LINE_BYTES_MAX);
    assert!(
        IDENTIFY_MS_MAX < CLIENT_INIT_MS_MAX,
        "or clients give up while we wait"
    );
    assert!(PING_MS * (PINGS_MISSED_MAX as u64 + 1) < IDLE_MS_MAX);
    assert!(WRONG_CLOCK_SPAN_MS_MIN < WRONG_CLOCK_LOT_MS * (WRONG_CLOCK_LOTS_MAX as i64 - 1));
    assert!(WRONG_CLOCK_BEHIND_MS_MIN < LIVE_BEHIND_MS_MAX);
};
