//! Everything that can be turned on the simulator, in one place, with units in the names.
//!
//! The defaults are an ordinary, healthy race; the measured figures behind them are those of
//! real controller files (43 % of neighbours out of order, 1.8 reads per starter).

/// What time a read carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// The passage as if the race were run now at the simulator's speed: always live.
    Now,
    /// The passage at the race's own pace, whatever the speed.
    Recorded,
}

/// What the controller makes of `start~location~sequence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Sends from that sequence, inclusive.
    Honored,
    /// Sends from that sequence, but has another connection id at each connection, so that nobody
    /// can know it again.
    Unnamed,
    /// Answers `err`.
    Refused,
}

/// What the controller makes of a bare `start`. Both are believed to be in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainStart {
    /// Sends the session from its first read.
    FromFirst,
    /// Goes on where it was; what was on the wire when a connection broke is lost.
    FromUnsent,
}

/// Connections that the controller breaks off by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnects {
    /// Real milliseconds between connecting and hanging up, on average.
    pub every_ms: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Knobs {
    // The race.
    /// Race milliseconds before the first gun, in which staff walk over the mats with test tags.
    pub lead_ms: u32,
    /// Start groups, each with its gun. At least one.
    pub waves: u32,
    pub wave_gap_ms: u32,
    /// Runners over the start mat in a second, within a wave.
    pub starters_per_s: f64,
    /// Reads in a second over the whole script, evenly, instead of the race's own pace.
    pub rate_per_s: Option<f64>,

    // What the mats make of it.
    /// A read is reported up to so long after the passage: the observation window.
    pub window_ms: u32,
    /// Reads of one runner over the start mat: at least one, at most this. Real starts have 4-10.
    pub start_reads_max: u32,
    /// Share of other passages that are read more than once.
    pub duplicate_share: f64,
    /// Further reads of such a passage: at least one, at most this.
    pub duplicate_reads_max: u32,
    /// Reads of chips that nobody has, as a share of passages.
    pub stray_share: f64,
    /// Reads whose tag is `UNKNOWN`, as a share of passages; they come beside the true read.
    pub unknown_share: f64,
    /// Whether staff tags (99995 and up) are read at each point before the gun.
    pub test_tags: bool,
    /// Tags are padded with zeros to so many digits, as some firmware does.
    pub tag_digits: usize,
    /// Points, from the last, that appear mid-stream with `newlocation`.
    pub late_points: usize,
    /// Share of reads after which sequence numbers are left out.
    pub gap_share: f64,
    /// Race milliseconds at which a new session begins, with numbers from 1 again.
    pub new_session_at_ms: Option<u32>,

    // The controller's clock, added to the true one.
    pub clock_offset_ms: i64,
    pub clock_drift_ppm: f64,
    /// Milliseconds since the start of the clock at which it jumps.
    pub clock_jump_at_ms: i64,
    pub clock_jump_ms: i64,
    /// Whole zones off: 60 is an hour ahead.
    pub clock_zone_error_min: i64,

    // The connection.
    /// Race milliseconds in a real one; 0 sends as fast as the other end takes it.
    pub speed: f64,
    pub stamp: Stamp,
    /// Lines in one segment: at least one, at most this.
    pub segment_lines_max: usize,
    /// Share of segments that end within a line, whose rest follows later.
    pub partial_share: f64,
    /// Lines end with LF alone.
    pub bare_lf: bool,
    pub disconnects: Option<Disconnects>,
    pub resume: Resume,
    pub plain_start: PlainStart,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            lead_ms: 5_000,
            waves: 1,
            wave_gap_ms: 600_000,
            starters_per_s: 12.0,
            rate_per_s: None,
            window_ms: 6_000,
            start_reads_max: 3,
            duplicate_share: 0.1,
            duplicate_reads_max: 3,
            stray_share: 0.002,
            unknown_share: 0.0,
            test_tags: true,
            tag_digits: 0,
            late_points: 0,
            gap_share: 0.0,
            new_session_at_ms: None,
            clock_offset_ms: 0,
            clock_drift_ppm: 0.0,
            clock_jump_at_ms: 0,
            clock_jump_ms: 0,
            clock_zone_error_min: 0,
            speed: 1.0,
            stamp: Stamp::Now,
            segment_lines_max: 16,
            partial_share: 0.0,
            bare_lf: false,
            disconnects: None,
            resume: Resume::Honored,
            plain_start: PlainStart::FromFirst,
        }
    }
}
