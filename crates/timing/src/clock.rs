//! A stream's clock: its zone and its offset, by which wall times and instants become each other.
//!
//! Knows no read and no "now". Zone names are parsed in `zone`.

pub use crate::zone::{UnknownZone, parse_zone};

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeZone};
use chrono_tz::{GapInfo, Tz};
use model::time::DAY_CS;
use model::{UnixMicros, WallTime};

const CS_US: i64 = 10_000;

/// How a device's wall clock is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamClock {
    /// The zone the device's clock is set to.
    pub zone: Tz,
    /// What must be added to the device's clock to make it right: positive where it is behind.
    pub offset_ms: i64,
}

impl StreamClock {
    /// What the device's clock shows at an instant, in hundredths cut down.
    pub fn wall_at(&self, instant: UnixMicros) -> WallTime {
        let us = instant.plus_ms(self.offset_ms.saturating_neg()).0;
        let wall_us = match DateTime::from_timestamp_micros(us) {
            Some(utc) => self
                .zone
                .from_utc_datetime(&utc.naive_utc())
                .naive_local()
                .and_utc()
                .timestamp_micros(),
            None => us,
        };
        WallTime(wall_us.div_euclid(CS_US))
    }

    /// What its zone's clock is ahead of UTC at an instant, in whole seconds.
    pub fn utc_offset_s(&self, instant: UnixMicros) -> i32 {
        let wall_us = self.wall_at(instant).0.saturating_mul(CS_US);
        // Zones are whole seconds off, and a hundredth is cut.
        i32::try_from((wall_us - instant.0 + 500_000).div_euclid(1_000_000)).unwrap_or(0)
    }

    /// The true instant of a wall time read off the device's clock.
    ///
    /// In the hour that is skipped when summer time begins it is the instant just after the gap.
    /// In the hour that is repeated when it ends it is, of the two, the one nearer to
    /// `received_at`. Years beyond what the calendar holds are taken as UTC.
    pub fn instant_of(&self, wall: WallTime, received_at: UnixMicros) -> UnixMicros {
        let wall_us = wall.0.saturating_mul(CS_US);
        let Some(local) = DateTime::from_timestamp_micros(wall_us).map(|wall| wall.naive_utc())
        else {
            return UnixMicros(wall_us).plus_ms(self.offset_ms);
        };
        let corrected =
            |instant: DateTime<Tz>| UnixMicros(instant.timestamp_micros()).plus_ms(self.offset_ms);
        match self.zone.from_local_datetime(&local) {
            MappedLocalTime::Single(instant) => corrected(instant),
            MappedLocalTime::Ambiguous(first, second) => {
                let (first, second) = (corrected(first), corrected(second));
                let distance = |instant: UnixMicros| instant.0.abs_diff(received_at.0);
                if distance(second) <= distance(first) {
                    second
                } else {
                    first
                }
            }
            MappedLocalTime::None => match self.after_gap(&local) {
                Some(instant) => corrected(instant),
                None => UnixMicros(wall_us).plus_ms(self.offset_ms),
            },
        }
    }

    fn after_gap(&self, local: &NaiveDateTime) -> Option<DateTime<Tz>> {
        GapInfo::new(local, &self.zone)?.end
    }

    /// The date for a time of day that came without one: the one that brings it nearest to this
    /// clock at `received_at`, the earlier of two as near.
    pub fn date(&self, time_of_day_cs: i64, received_at: UnixMicros) -> WallTime {
        let behind_cs = self.wall_at(received_at).0 - time_of_day_cs;
        let day = (behind_cs + DAY_CS / 2 - 1).div_euclid(DAY_CS);
        WallTime::from_day(day, time_of_day_cs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctp01::time::{self, DeviceTime};
    use proptest::prelude::*;

    fn wall(text: &str) -> WallTime {
        match time::parse(text) {
            Ok(DeviceTime::Dated(wall)) => wall,
            other => panic!("{text:?} is {other:?}"),
        }
    }

    fn at(utc: &str) -> UnixMicros {
        UnixMicros(wall(utc).0 * CS_US)
    }

    fn clock(zone: &str, offset_ms: i64) -> StreamClock {
        StreamClock {
            zone: parse_zone(zone).unwrap(),
            offset_ms,
        }
    }

    #[test]
    fn a_wall_time_has_its_instant() {
        let check = |zone: &str, offset_ms: i64, wall_text: &str, received: &str, utc: &str| {
            let found = clock(zone, offset_ms).instant_of(wall(wall_text), at(received));
            let found = WallTime(found.0.div_euclid(CS_US)).to_string();
            assert_eq!(
                found, utc,
                "{zone} {offset_ms} {wall_text} received {received}"
            );
        };
        let june = "2025-06-01T06:30:25.00";
        check(
            "UTC",
            0,
            "2025-06-01T06:30:22.04",
            june,
            "2025-06-01T06:30:22.04",
        );
        check(
            "Europe/Berlin",
            0,
            "2025-06-01T08:30:22.04",
            june,
            "2025-06-01T06:30:22.04",
        );
        check(
            "Asia/Kathmandu",
            0,
            "2025-06-01T12:15:22.04",
            june,
            "2025-06-01T06:30:22.04",
        );
        // Two seconds behind, and one hour ahead.
        check(
            "Europe/Berlin",
            2_000,
            "2025-06-01T08:30:20.04",
            june,
            "2025-06-01T06:30:22.04",
        );
        check(
            "Europe/Berlin",
            -3_600_000,
            "2025-06-01T09:30:22.04",
            june,
            "2025-06-01T06:30:22.04",
        );
        // Summer time begins: 02:00 to 03:00 does not exist.
        let gap = "2025-03-30T01:00:03.00";
        check(
            "Europe/Berlin",
            0,
            "2025-03-30T01:59:59.99",
            gap,
            "2025-03-30T00:59:59.99",
        );
        check(
            "Europe/Berlin",
            0,
            "2025-03-30T02:00:00.00",
            gap,
            "2025-03-30T01:00:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            "2025-03-30T02:59:59.99",
            gap,
            "2025-03-30T01:00:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            "2025-03-30T03:00:00.00",
            gap,
            "2025-03-30T01:00:00.00",
        );
        check(
            "Europe/Berlin",
            500,
            "2025-03-30T02:30:00.00",
            gap,
            "2025-03-30T01:00:00.50",
        );
        // Half an hour only.
        check(
            "Australia/Lord_Howe",
            0,
            "2025-10-05T02:15:00.00",
            june,
            "2025-10-04T15:30:00.00",
        );
        // Summer time ends: 02:00 to 03:00 comes twice.
        let fold = "2025-10-26T02:30:00.00";
        check(
            "Europe/Berlin",
            0,
            fold,
            "2025-10-26T00:30:02.00",
            "2025-10-26T00:30:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            fold,
            "2025-10-26T01:30:02.00",
            "2025-10-26T01:30:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            fold,
            "2025-10-25T12:00:00.00",
            "2025-10-26T00:30:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            fold,
            "2025-10-26T20:00:00.00",
            "2025-10-26T01:30:00.00",
        );
        check(
            "Europe/Berlin",
            0,
            "2025-10-26T03:00:00.00",
            fold,
            "2025-10-26T02:00:00.00",
        );
        // A read some seconds older than a read in the second turn of the hour stays in it.
        check(
            "Europe/Berlin",
            0,
            "2025-10-26T02:00:01.00",
            "2025-10-26T01:00:05.00",
            "2025-10-26T01:00:01.00",
        );
        check(
            "America/New_York",
            0,
            "2025-03-09T02:30:00.00",
            gap,
            "2025-03-09T07:00:00.00",
        );
    }

    #[test]
    fn a_time_of_day_gets_the_date_nearest_to_its_arrival() {
        let check = |zone: &str, offset_ms: i64, time: &str, received: &str, expected: &str| {
            let Ok(DeviceTime::TimeOfDay { cs }) = time::parse(time) else {
                panic!("{time:?}")
            };
            let dated = clock(zone, offset_ms).date(cs, at(received)).to_string();
            assert_eq!(dated, expected, "{zone} {time} received {received}");
        };
        check(
            "UTC",
            0,
            "14:02:15.31",
            "2025-06-01T14:02:17.00",
            "2025-06-01T14:02:15.31",
        );
        // Over midnight, in both directions.
        check(
            "UTC",
            0,
            "23:59:58.00",
            "2025-06-02T00:00:01.00",
            "2025-06-01T23:59:58.00",
        );
        check(
            "UTC",
            0,
            "00:00:01.00",
            "2025-06-01T23:59:59.00",
            "2025-06-02T00:00:01.00",
        );
        check(
            "UTC",
            0,
            "23:59:58.00",
            "2025-01-01T00:00:01.00",
            "2024-12-31T23:59:58.00",
        );
        // Midnight is the device's.
        check(
            "Europe/Berlin",
            0,
            "23:59:58.00",
            "2025-06-01T22:00:01.00",
            "2025-06-01T23:59:58.00",
        );
        check(
            "Pacific/Auckland",
            0,
            "00:00:01.00",
            "2025-06-01T12:00:02.00",
            "2025-06-02T00:00:01.00",
        );
        // The device is an hour behind, so its day is still the old one.
        check(
            "UTC",
            3_600_000,
            "23:30:00.00",
            "2025-06-02T00:30:01.00",
            "2025-06-01T23:30:00.00",
        );
        // Twelve hours away from either: it was read, so it is past.
        check(
            "UTC",
            0,
            "12:00:00.00",
            "2025-06-02T00:00:00.00",
            "2025-06-01T12:00:00.00",
        );
        check(
            "UTC",
            0,
            "02:00:00.00",
            "2025-06-01T13:59:00.00",
            "2025-06-01T02:00:00.00",
        );
    }

    proptest! {
        #[test]
        fn a_wall_time_is_shown_again_at_its_instant(
            zone in 0usize..chrono_tz::TZ_VARIANTS.len(),
            seconds in 0i64..4_000_000_000,
            offset_ms in -100_000_000i64..100_000_000,
        ) {
            let clock = StreamClock { zone: chrono_tz::TZ_VARIANTS[zone], offset_ms };
            let instant = UnixMicros(seconds * 1_000_000);
            let wall = clock.wall_at(instant);
            // Shown twice where the hour repeats: the one received then is meant.
            let again = clock.instant_of(wall, instant);
            prop_assert!(again.0.abs_diff(instant.0) < CS_US as u64, "{wall} {instant:?} {again:?}");
        }

        #[test]
        fn no_wall_time_panics(cs in any::<i64>(), offset_ms in any::<i64>(), us in any::<i64>()) {
            let clock = clock("Europe/Berlin", offset_ms);
            let _ = clock.instant_of(WallTime(cs), UnixMicros(us));
            let _ = clock.wall_at(UnixMicros(us));
            let _ = clock.date(cs.rem_euclid(DAY_CS), UnixMicros(us));
        }

        #[test]
        fn the_nearest_date_is_within_half_a_day(cs in 0..DAY_CS, seconds in 0i64..4_000_000_000) {
            let clock = clock("America/Los_Angeles", 0);
            let received_at = UnixMicros(seconds * 1_000_000);
            let dated = clock.date(cs, received_at);
            prop_assert_eq!(dated.time_of_day_cs(), cs);
            prop_assert!((clock.wall_at(received_at).0 - dated.0).abs() <= DAY_CS / 2);
        }
    }
}
