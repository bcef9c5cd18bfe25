//! Is a clock wrong, or are reads late? Told from how they arrive.
//!
//! A live flow from a wrong clock keeps its difference from ours while it arrives; a backfill does
//! not, as its read times run much faster than its arrival. Pure, bounded, one per location of a
//! stream; knows nothing of chips. Reads sent again (a rewind) may be handed in too.

use crate::limits::{
    LIVE_AHEAD_MS_MAX, LIVE_BEHIND_MS_MAX, WRONG_CLOCK_BAND_MS_MAX, WRONG_CLOCK_BEHIND_MS_MIN,
    WRONG_CLOCK_INSTANTS_MAX, WRONG_CLOCK_LOT_MS, WRONG_CLOCK_LOTS_MAX, WRONG_CLOCK_SPAN_MS_MIN,
    WRONG_CLOCK_VERDICT_MS_MAX,
};
use model::{
    UnixMicros,
    alarm::{ClockEffect, wrong_clock_title},
};
use std::{collections::VecDeque, fmt};

/// A location whose device's clock is not this computer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongClock {
    pub location: String,
    /// Positive where the device is behind this computer.
    pub difference_ms: i64,
    pub cause: Cause,
}

/// What is most likely wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The difference is one of whole or quarter hours.
    Zone,
    NotSet,
}

const QUARTER_HOUR_MS: i64 = 15 * 60 * 1_000;
/// From Baker Island to Kiribati it is 26 h, but nobody brings a controller that far: past half a
/// day and a bit it is the date.
const ZONE_MS_MAX: i64 = 14 * 60 * 60 * 1_000;
/// How far from a quarter hour a zone's difference may be: the clock itself is some seconds off.
const ZONE_SLACK_MS_MAX: i64 = 30_000;

impl WrongClock {
    fn new(location: String, difference_ms: i64) -> Self {
        let quarter = nearest_quarter_hour(difference_ms);
        let is_zone = quarter != 0
            && quarter.abs() <= ZONE_MS_MAX
            && (difference_ms - quarter).abs() <= ZONE_SLACK_MS_MAX;
        let cause = if is_zone { Cause::Zone } else { Cause::NotSet };
        Self {
            location,
            difference_ms,
            cause,
        }
    }

    /// What to add to the stream's offset to make it right: whole quarter hours where the zone is
    /// the cause, as the seconds left are the device's observation window.
    pub fn correction_ms(&self) -> i64 {
        match self.cause {
            Cause::Zone => nearest_quarter_hour(self.difference_ms),
            Cause::NotSet => self.difference_ms,
        }
    }

    pub fn effect(&self) -> ClockEffect {
        if self.difference_ms < 0 {
            ClockEffect::ShownWithWarning
        } else if self.difference_ms > LIVE_BEHIND_MS_MAX {
            ClockEffect::NothingShown
        } else {
            ClockEffect::SomeTooLate
        }
    }
}

fn nearest_quarter_hour(ms: i64) -> i64 {
    ms.saturating_add(QUARTER_HOUR_MS / 2)
        .div_euclid(QUARTER_HOUR_MS)
        * QUARTER_HOUR_MS
}

/// `FINISH is 1 h 00 m 03 s behind this computer; nothing is shown`.
impl fmt::Display for WrongClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = wrong_clock_title(&self.location, self.difference_ms, self.effect());
        f.write_str(&title)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zone => "its time zone is probably wrong",
            Self::NotSet => "its clock is probably not set",
        })
    }
}

/// Reads that arrived within half a second of one another.
#[derive(Clone, Copy, Debug)]
struct Lot {
    first_at: UnixMicros,
    last_at: UnixMicros,
    least_ms: i64,
    most_ms: i64,
}

impl Lot {
    fn span_ms(&self) -> i64 {
        self.last_at.ms_since(self.first_at)
    }

    fn joined(self, later: Self) -> Self {
        Self {
            first_at: self.first_at,
            last_at: later.last_at,
            least_ms: self.least_ms.min(later.least_ms),
            most_ms: self.most_ms.max(later.most_ms),
        }
    }

    fn is_steady(&self) -> bool {
        self.most_ms.saturating_sub(self.least_ms) <= WRONG_CLOCK_BAND_MS_MAX
    }
}

/// The detector of one location.
#[derive(Clone, Debug)]
pub struct WrongClockDetector {
    location: String,
    /// Oldest first.
    lots: VecDeque<Lot>,
    /// Of the last reads, for leaving out those that are sent twice.
    instants: VecDeque<UnixMicros>,
    found: Option<Found>,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    difference_ms: i64,
    confirmed_at: UnixMicros,
}

impl WrongClockDetector {
    pub fn new(location: String) -> Self {
        Self {
            location,
            lots: VecDeque::new(),
            instants: VecDeque::new(),
            found: None,
        }
    }

    /// Takes a read: its true instant as its stream's clock has it, and its arrival.
    pub fn observe(&mut self, instant: UnixMicros, received_at: UnixMicros) {
        if self.instants.contains(&instant) {
            return;
        }
        if self.instants.len() >= WRONG_CLOCK_INSTANTS_MAX {
            self.instants.pop_front();
        }
        self.instants.push_back(instant);

        let difference_ms = received_at.ms_since(instant);
        self.add(Lot {
            first_at: received_at,
            last_at: received_at,
            least_ms: difference_ms,
            most_ms: difference_ms,
        });
        if let Some(steady) = self.steady() {
            self.found = self.judge(steady);
        }
        // One read as it should be is enough: neither a backfill nor the wrong clock sends such.
        let is_right = (-LIVE_AHEAD_MS_MAX..=WRONG_CLOCK_BEHIND_MS_MIN).contains(&difference_ms);
        self.found = self.found.filter(|found| {
            let distance_ms = difference_ms.abs_diff(found.difference_ms);
            !is_right || distance_ms <= WRONG_CLOCK_BAND_MS_MAX.unsigned_abs()
        });
    }

    /// The wrong clock, if it is one. It lapses when no read has borne it out for an hour.
    pub fn verdict(&self, now: UnixMicros) -> Option<WrongClock> {
        let found = self.found?;
        let is_fresh = now.ms_since(found.confirmed_at) <= WRONG_CLOCK_VERDICT_MS_MAX;
        is_fresh.then(|| WrongClock::new(self.location.clone(), found.difference_ms))
    }

    fn add(&mut self, read: Lot) {
        let stepped_back = |last: &Lot| read.last_at < last.last_at;
        if self.lots.back().is_some_and(stepped_back) {
            self.lots.clear();
        }
        match self.lots.back_mut() {
            Some(last) if read.last_at.ms_since(last.first_at) < WRONG_CLOCK_LOT_MS => {
                *last = last.joined(read);
            }
            _ => {
                if self.lots.len() >= WRONG_CLOCK_LOTS_MAX {
                    self.lots.pop_front();
                }
                self.lots.push_back(read);
            }
        }
    }

    /// The newest lots as far back as they agree, where that is long enough to believe.
    fn steady(&self) -> Option<Lot> {
        let mut steady: Option<Lot> = None;
        for lot in self.lots.iter().rev() {
            let joined = steady.map_or(*lot, |steady| lot.joined(steady));
            if !joined.is_steady() {
                break;
            }
            steady = Some(joined);
        }
        steady.filter(|steady| steady.span_ms() >= WRONG_CLOCK_SPAN_MS_MIN)
    }

    /// The least difference is the clock's: the rest is how long the device held reads back.
    fn judge(&self, steady: Lot) -> Option<Found> {
        let was_behind = self.found.is_some_and(|found| found.difference_ms > 0);
        let is_ahead = steady.least_ms < -LIVE_AHEAD_MS_MAX;
        let is_behind = steady.least_ms > WRONG_CLOCK_BEHIND_MS_MIN
            && (was_behind || steady.most_ms > LIVE_BEHIND_MS_MAX);
        if !is_ahead && !is_behind {
            return None;
        }
        // A banner that changes with every read cannot be read.
        let shown = self.found.map(|found| found.difference_ms);
        let difference_ms = shown
            .filter(|shown| shown.abs_diff(steady.least_ms) < 1_000)
            .unwrap_or(steady.least_ms);
        Some(Found {
            difference_ms,
            confirmed_at: steady.last_at,
        })
    }
}

#[cfg(test)]
#[path = "wrong_clock/tests.rs"]
mod tests;
