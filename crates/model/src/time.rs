//! Instants and wall times as plain integers. Zones live in `timing`, which turns one into the
//! other.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMicros(pub i64);

impl UnixMicros {
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms.saturating_mul(1_000)))
    }

    /// `self - earlier` in milliseconds, negative where `earlier` is in fact later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000
    }
}

/// A monotonic instant: milliseconds since some moment before the program's first use of it.
/// It is handed to every state machine; nothing below the edge asks a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonoMs(pub u64);

impl MonoMs {
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// `self - earlier` in milliseconds, zero where `earlier` is later.
    pub const fn ms_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A device's wall clock with a date and no zone: hundredths of a second since
/// 1970-01-01T00:00:00.00 as that clock counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WallTime(pub i64);

/// Hundredths of a second in a day.
pub const DAY_CS: i64 = 24 * 60 * 60 * 100;

impl WallTime {
    /// From days since 1970-01-01 and hundredths since midnight.
    pub const fn from_day(day: i64, time_of_day_cs: i64) -> Self {
        Self(day * DAY_CS + time_of_day_cs)
    }

    /// Days since 1970-01-01.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY_CS)
    }

    /// Hundredths since midnight, `0..DAY_CS`.
    pub const fn time_of_day_cs(self) -> i64 {
        self.0.rem_euclid(DAY_CS)
    }
}

/// `2026-03-06T20:27:47.39`.
impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.day());
        let cs = self.time_of_day_cs();
        let (seconds, hundredths) = (cs / 100, cs % 100);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{hundredths:02}"
        )
    }
}

/// Proleptic Gregorian date of a day counted from 1970-01-01.
/// Counts in 400-year eras that begin on the first of March, so that the leap day comes last.
fn civil_from_days(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_time_reads_as_iso_text() {
        let check = |wall: WallTime, text: &str| assert_eq!(wall.to_string(), text);
        check(WallTime(0), "1970-01-01T00:00:00.00");
        check(WallTime(-1), "1969-12-31T23:59:59.99");
        check(WallTime::from_day(19_782, 0), "2024-02-29T00:00:00.00");
        check(
            WallTime::from_day(20_518, 7_366_739),
            "2026-03-06T20:27:47.39",
        );
        check(
            WallTime::from_day(11_016, DAY_CS - 1),
            "2000-02-29T23:59:59.99",
        );
        check(WallTime::from_day(47_540, 0), "2100-02-28T00:00:00.00");
        check(WallTime::from_day(47_541, 0), "2100-03-01T00:00:00.00");
    }

    #[test]
    fn day_and_time_of_day_make_the_wall_time_again() {
        for cs in [-DAY_CS - 1, -1, 0, 1, DAY_CS - 1, DAY_CS, 177_000_000_000] {
            let wall = WallTime(cs);
            assert_eq!(WallTime::from_day(wall.day(), wall.time_of_day_cs()), wall);
        }
    }
}
