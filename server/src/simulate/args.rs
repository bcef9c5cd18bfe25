//! The command line of `gantry sim`, and what it means as knobs.

use anyhow::{bail, ensure};
use clap::{Args, Parser, ValueEnum};
use sim::{Disconnects, Knobs, PlainStart, Resume, Stamp};
use std::path::PathBuf;
use timing::ctp01::{PORT, TimeFormat};

/// Be a timing device: send a race over TCP.
#[derive(Args, Clone, Debug)]
pub struct SimArgs {
    /// Where the server takes reads.
    #[arg(long, value_name = "HOST:PORT", default_value_t = format!("127.0.0.1:{PORT}"))]
    pub to: String,

    /// Runners and their splits from a CSV with bib, split_<point>_s and finish_s.
    #[arg(long, value_name = "FILE", conflicts_with = "runners")]
    pub csv: Option<PathBuf>,
    /// Made-up runners with hard names; their bibs are 1 and up.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub runners: usize,
    /// Timing points in course order, each NAME or NAME@METRES. With --csv a choice of its points;
    /// else START,5K,FINISH.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub points: Vec<String>,
    /// The same seed makes the same race and the same accidents.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write the runners as CSV, for gantry roster import.
    #[arg(long, value_name = "FILE")]
    pub roster_out: Option<PathBuf>,
    /// Prepare everything, write the roster, send nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// So many race seconds in a second; 0 sends as fast as the server takes it.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    pub speed: f64,
    /// now: each read carries the time at which it happens at this speed, so that screens show it
    /// live. recorded: each read carries the race's own time; at any speed but 1 that is not the
    /// present, and the server calls the reads late.
    #[arg(long, value_enum, default_value_t = StampArg::Now)]
    pub stamp: StampArg,
    /// Reads per second, evenly, instead of the race's own pace.
    #[arg(long, value_name = "READS")]
    pub rate: Option<f64>,
    /// Stop after so many seconds, done or not.
    #[arg(long, value_name = "SECONDS")]
    pub duration: Option<f64>,
    /// The zone the controller's clock is set to: that of the event.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub timezone: String,
    /// With --stamp recorded, the first gun on the wall clock, like 2026-05-03T09:00:00. Left out,
    /// the race begins now at speed 1, and has just ended at any other.
    #[arg(long, value_name = "TIME")]
    pub start_at: Option<String>,

    /// Start groups, each with its gun.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub waves: u32,
    /// Race seconds between two guns.
    #[arg(long, value_name = "SECONDS", default_value_t = 600.0)]
    pub wave_gap: f64,
    /// A read is reported up to so many race seconds after it happened, out of order.
    #[arg(long, value_name = "SECONDS", default_value_t = 6.0)]
    pub window: f64,
    /// Reads of one runner at the start, at most. Real ones have up to 10.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub start_reads: u32,
    /// Share of other passages that are read more than once.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub duplicates: f64,
    /// Reads of chips that nobody has, as a share of passages.
    #[arg(long, value_name = "SHARE", default_value_t = 0.002)]
    pub strays: f64,
    /// Reads with the tag UNKNOWN beside the true ones, as a share of passages.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub unknown: f64,
    /// No reads of staff tags before the gun.
    #[arg(long)]
    pub no_test_tags: bool,
    /// Tags are padded with zeros to so many digits.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub tag_digits: usize,
    /// Points, from the last, that appear mid-stream with newlocation.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub late_points: usize,
    /// Share of reads before which sequence numbers are left out.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub gaps: f64,
    /// A new session with numbers from 1 begins at this race second; without one, halfway.
    #[arg(long, value_name = "SECONDS")]
    pub new_session: Option<Option<f64>>,
    /// When all is sent, everything is sent once more, as an operator's Rewind does.
    #[arg(long)]
    pub rewind: bool,

    /// Seconds that the controller's clock is ahead; behind where negative.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub clock_offset: f64,
    /// Millionths by which the controller's clock runs fast.
    #[arg(
        long,
        value_name = "PPM",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub clock_drift: f64,
    /// Seconds by which the controller's clock jumps.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub clock_jump: f64,
    /// When it jumps, in seconds of that clock since the beginning.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub clock_jump_at: f64,
    /// Minutes by which the controller's zone is wrong, like 60 or -330.
    #[arg(
        long,
        value_name = "MINUTES",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    pub zone_error: i64,
    /// The controller's clock is set so that its midnight comes so many seconds after the
    /// beginning. By daylight that is a wrong clock for the server too.
    #[arg(long, value_name = "SECONDS")]
    pub midnight_after: Option<f64>,

    /// The time format, whatever the server asks for: normal, iso, unix or msecs.
    #[arg(long)]
    pub format: Option<TimeFormat>,
    /// Write records as CT01_13.
    #[arg(long)]
    pub ct01_13: bool,
    /// Lines in one TCP segment, at most.
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub segment_lines: usize,
    /// Share of segments that end within a line, whose rest follows up to 0.7 s later.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub partial: f64,
    /// Lines end with LF alone.
    #[arg(long)]
    pub bare_lf: bool,
    /// The controller breaks the connection about every so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub disconnect_every: Option<f64>,
    /// honored: sends on from the sequence asked for. unnamed: another connection id each time, so
    /// that it cannot be known again. refused: answers err.
    #[arg(long, value_enum, default_value_t = ResumeArg::Honored)]
    pub resume: ResumeArg,
    /// What a bare start sends: the session from its first read, or what was never sent.
    #[arg(long, value_enum, default_value_t = PlainStartArg::First)]
    pub plain_start: PlainStartArg,
    /// Seconds between two attempts to connect.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    pub reconnect: f64,
    /// Attempts in a row after which it gives up.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub attempts: u32,
    /// Reads what the server sends slowly: some bytes every so many milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub slow_reader: u64,
    /// The name of the connection; left out, one that follows from the seed and, with --stamp
    /// now, from the time.
    #[arg(long, value_name = "TEXT")]
    pub connection_id: Option<String>,
    /// The event's name on the controller.
    #[arg(long, value_name = "NAME", default_value = "SIM2026")]
    pub event: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StampArg {
    Now,
    Recorded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ResumeArg {
    Honored,
    Unnamed,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlainStartArg {
    First,
    Unsent,
}

#[derive(Parser)]
#[command(no_binary_name = true)]
struct Words {
    #[command(flatten)]
    args: SimArgs,
}

/// A race in days is as long as anything here gets.
const SECONDS_MAX: f64 = 14.0 * 24.0 * 3_600.0;

impl SimArgs {
    /// As if typed, for those who run the simulator from within.
    pub fn from_words<I>(words: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator,
        I::Item: Into<std::ffi::OsString> + Clone,
    {
        Words::try_parse_from(words).map(|words| words.args)
    }

    pub(super) fn check(&self) -> anyhow::Result<()> {
        let shares = [
            ("--duplicates", self.duplicates),
            ("--strays", self.strays),
            ("--unknown", self.unknown),
            ("--gaps", self.gaps),
            ("--partial", self.partial),
        ];
        for (name, share) in shares {
            ensure!(
                (0.0..=1.0).contains(&share),
                "{name} is a share from 0 to 1, not {share}"
            );
        }
        let new_session = self.new_session.flatten();
        let spans = [
            ("--wave-gap", Some(self.wave_gap)),
            ("--window", Some(self.window)),
            ("--clock-jump-at", Some(self.clock_jump_at)),
            ("--reconnect", Some(self.reconnect)),
            ("--duration", self.duration),
            ("--new-session", new_session),
            ("--midnight-after", self.midnight_after),
            ("--disconnect-every", self.disconnect_every),
            ("--clock-offset", Some(self.clock_offset.abs())),
            ("--clock-jump", Some(self.clock_jump.abs())),
        ];
        for (name, seconds) in spans {
            if let Some(seconds) = seconds {
                ensure!(
                    (0.0..=SECONDS_MAX).contains(&seconds),
                    "{name} is a number of seconds up to {SECONDS_MAX} (two weeks), not {seconds}"
                );
            }
        }
        ensure!(
            (0.0..=1e6).contains(&self.speed),
            "--speed is from 0 (as fast as possible) to 1000000, not {}",
            self.speed
        );
        if let Some(rate) = self.rate {
            ensure!(
                (0.001..=1e6).contains(&rate),
                "--rate is from 0.001 to 1000000 reads per second, not {rate}"
            );
        }
        ensure!(
            (-1e6..=1e6).contains(&self.clock_drift) && self.zone_error.abs() <= 24 * 60,
            "--clock-drift is up to 1000000 ppm and --zone-error up to 1440 minutes"
        );
        ensure!(self.tag_digits <= 20, "--tag-digits is at most 20");
        ensure!(
            self.disconnect_every != Some(0.0),
            "--disconnect-every is more than 0 seconds"
        );
        if self.start_at.is_some() && self.stamp == StampArg::Now {
            bail!("--start-at goes with --stamp recorded; with --stamp now the race begins now");
        }
        Ok(())
    }

    /// All but the new session and midnight, which need the race and the clock.
    pub(super) fn knobs(&self) -> Knobs {
        let ms = |seconds: f64| (seconds * 1_000.0).round();
        Knobs {
            waves: self.waves,
            wave_gap_ms: ms(self.wave_gap) as u32,
            rate_per_s: self.rate,
            window_ms: ms(self.window) as u32,
            start_reads_max: self.start_reads,
            duplicate_share: self.duplicates,
            stray_share: self.strays,
            unknown_share: self.unknown,
            test_tags: !self.no_test_tags,
            tag_digits: self.tag_digits,
            late_points: self.late_points,
            gap_share: self.gaps,
            new_session_at_ms: self.new_session.flatten().map(|seconds| ms(seconds) as u32),
            clock_offset_ms: ms(self.clock_offset) as i64,
            clock_drift_ppm: self.clock_drift,
            clock_jump_at_ms: ms(self.clock_jump_at) as i64,
            clock_jump_ms: ms(self.clock_jump) as i64,
            clock_zone_error_min: self.zone_error,
            speed: self.speed,
            stamp: match self.stamp {
                StampArg::Now => Stamp::Now,
                StampArg::Recorded => Stamp::Recorded,
            },
            segment_lines_max: self.segment_lines,
            partial_share: self.partial,
            bare_lf: self.bare_lf,
            disconnects: self.disconnect_every.map(|seconds| Disconnects {
                every_ms: ms(seconds).max(1.0) as u64,
            }),
            resume: match self.resume {
                ResumeArg::Honored => Resume::Honored,
                ResumeArg::Unnamed => Resume::Unnamed,
                ResumeArg::Refused => Resume::Refused,
            },
            plain_start: match self.plain_start {
                PlainStartArg::First => PlainStart::FromFirst,
                PlainStartArg::Unsent => PlainStart::FromUnsent,
            },
            ..Knobs::default()
        }
    }
}
