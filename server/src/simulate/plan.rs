//! What will be sent: the field, the script, and the controller's wall clock.

use super::args::{SimArgs, StampArg};
use anyhow::{Context, bail};
use model::{UnixMicros, WallTime, time::DAY_CS};
use sim::{Course, Device, DeviceConfig, Field, Knobs, Rejected, Script, connection_name};
use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use timing::{
    StreamClock,
    ctp01::{ClientConfig, DeviceTime, EventInfo, Layout, SIMULATOR_PROGRAM, time},
    parse_zone,
};

const POINTS: [&str; 3] = ["START", "5K", "FINISH"];
/// Rows left out that are named one by one.
const REJECTED_SHOWN_MAX: usize = 10;

pub(super) struct Plan {
    pub(super) runners: usize,
    pub(super) rejected: Vec<Rejected>,
    pub(super) script: Arc<Script>,
    knobs: Knobs,
    clock: StreamClock,
    start_at: Option<DeviceTime>,
}

impl Plan {
    pub(super) fn new(args: &SimArgs) -> anyhow::Result<Self> {
        let clock = StreamClock {
            zone: parse_zone(&args.timezone)?,
            offset_ms: 0,
        };
        let start_at = match &args.start_at {
            Some(text) => Some(time::parse(text).with_context(|| {
                format!("--start-at {text:?} is no time like 2026-05-03T09:00:00 or 09:00:00")
            })?),
            None => None,
        };
        let (field, rejected) = field(args)?;
        if let Some(path) = &args.roster_out {
            write_roster(&field, path)?;
        }
        let mut knobs = args.knobs();
        let mut script = Script::new(&field, &knobs, args.seed);
        if args.new_session == Some(None) {
            knobs.new_session_at_ms = script
                .reads()
                .get(script.reads().len() / 2)
                .map(|read| read.emit_ms);
            script = Script::new(&field, &knobs, args.seed);
        }
        let script = Arc::new(script);
        Ok(Self {
            runners: field.runners.len(),
            rejected,
            script,
            knobs,
            clock,
            start_at,
        })
    }

    /// What is about to happen, for the log.
    pub(super) fn announce(&self, args: &SimArgs) {
        for row in self.rejected.iter().take(REJECTED_SHOWN_MAX) {
            tracing::warn!("line {} is left out: {}", row.line, row.reason);
        }
        if self.rejected.len() > REJECTED_SHOWN_MAX {
            tracing::warn!("{} lines are left out", self.rejected.len());
        }
        let race_s = f64::from(self.script.duration_ms()) / 1_000.0;
        let pace = if args.speed == 0.0 {
            "as fast as they are taken".to_owned()
        } else {
            format!("over {:.0} s", race_s / args.speed)
        };
        let points: Vec<_> = self
            .script
            .points()
            .iter()
            .map(|point| point.location.as_str())
            .collect();
        tracing::info!(
            "{} reads of {} runners at {} go to {} {pace}, {}",
            self.script.reads().len(),
            self.runners,
            points.join(", "),
            args.to,
            stamp_text(args)
        );
    }

    /// Switches the controller on: the race begins.
    pub(super) fn device(&self, args: &SimArgs) -> anyhow::Result<Device> {
        let since_1970 = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("this computer's clock is before 1970")?;
        let now = self
            .clock
            .wall_at(UnixMicros(since_1970.as_micros() as i64));
        let wall_start = self.wall_start(args, now);
        let mut knobs = self.knobs.clone();
        if let Some(after_s) = args.midnight_after {
            knobs.clock_offset_ms += midnight_offset_ms(wall_start, &knobs, after_s);
        }
        let name = args.connection_id.clone().unwrap_or_else(|| {
            // The same race sent again is the same session; one sent at another time is not.
            let time = if args.stamp == StampArg::Now {
                wall_start.0 as u64
            } else {
                0
            };
            connection_name(args.seed ^ time.rotate_left(32))
        });
        let client = ClientConfig {
            program: SIMULATOR_PROGRAM.to_owned(),
            connection_name: Some(name),
            event: EventInfo {
                name: args.event.clone(),
                id: "1".to_owned(),
                ..EventInfo::default()
            },
            layout: if args.ct01_13 {
                Layout::Ct01_13
            } else {
                Layout::Ct01_33
            },
            time_format: args.format,
            ..ClientConfig::default()
        };
        Ok(Device::new(
            self.script.clone(),
            DeviceConfig {
                knobs,
                wall_start,
                client,
            },
            args.seed,
        ))
    }

    /// The true wall time at which the script begins, `lead_ms` before the first gun.
    fn wall_start(&self, args: &SimArgs, now: WallTime) -> WallTime {
        let gun = match self.start_at {
            Some(DeviceTime::Dated(gun)) => Some(gun),
            Some(DeviceTime::TimeOfDay { cs }) => Some(WallTime::from_day(now.day(), cs)),
            None => None,
        };
        match gun {
            Some(gun) => WallTime(gun.0 - i64::from(self.knobs.lead_ms) / 10),
            None if args.stamp == StampArg::Now || args.speed == 1.0 => now,
            None => WallTime(now.0 - i64::from(self.script.duration_ms()) / 10),
        }
    }
}

pub(super) fn stamp_text(args: &SimArgs) -> &'static str {
    match args.stamp {
        StampArg::Now => "stamped as they happen",
        StampArg::Recorded if args.speed == 1.0 && args.start_at.is_none() => {
            "with their recorded times, which are the present at speed 1"
        }
        StampArg::Recorded => "with their recorded times, so that the server calls them late",
    }
}

/// What brings the controller's midnight there, by the shorter way.
fn midnight_offset_ms(wall_start: WallTime, knobs: &Knobs, after_s: f64) -> i64 {
    let after_ms = (after_s * 1_000.0) as i64;
    let shown_ms =
        wall_start.0 * 10 + knobs.clock_offset_ms + knobs.clock_zone_error_min * 60_000 + after_ms;
    let day_ms = DAY_CS * 10;
    let back_ms = shown_ms.rem_euclid(day_ms);
    if back_ms <= day_ms / 2 {
        -back_ms
    } else {
        day_ms - back_ms
    }
}

fn field(args: &SimArgs) -> anyhow::Result<(Field, Vec<Rejected>)> {
    let Some(path) = &args.csv else {
        let course = if args.points.is_empty() {
            Course::parse(&POINTS)?
        } else {
            Course::parse(&args.points)?
        };
        return Ok((Field::made_up(args.runners, course, args.seed)?, Vec::new()));
    };
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let wanted = (!args.points.is_empty()).then_some(args.points.as_slice());
    let (field, rejected) = Field::from_csv(BufReader::new(file), wanted)
        .with_context(|| format!("{} is no field of runners", path.display()))?;
    if field.runners.is_empty() {
        let first = rejected
            .first()
            .map(|row| format!(" (line {}: {})", row.line, row.reason));
        bail!(
            "{} has no runner with a time{}",
            path.display(),
            first.unwrap_or_default()
        );
    }
    Ok((field, rejected))
}

fn write_roster(field: &Field, path: &Path) -> anyhow::Result<()> {
    let file = File::create(path)
        .with_context(|| format!("{} cannot be written; name another file", path.display()))?;
    field
        .write_csv(BufWriter::new(file))
        .with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_comes_when_it_is_wanted() {
        let check = |hour: i64, zone_error_min: i64, after_s: f64, offset_ms: i64| {
            let knobs = Knobs {
                clock_zone_error_min: zone_error_min,
                ..Knobs::default()
            };
            let start = WallTime::from_day(20_000, hour * 360_000);
            assert_eq!(midnight_offset_ms(start, &knobs, after_s), offset_ms);
        };
        check(23, 0, 3_600.0, 0);
        check(23, 0, 30.0, 3_570_000);
        check(1, 0, 30.0, -3_630_000);
        check(22, 60, 3_600.0, 0);
    }
}
