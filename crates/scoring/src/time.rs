//! Gun time and chip time of a crossing.

use crate::book::Entry;
use model::{PointId, UnixMicros};

/// How long it took, as far as it is known. Never negative, and never a time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RaceTime {
    /// From the gun of the wave.
    pub gun_time_ms: Option<u64>,
    /// From the runner's own start; at most the gun time.
    pub chip_time_ms: Option<u64>,
}

/// Of the crossing of `point` at `read_at`, by whoever started at `start` (see `start_of`).
///
/// A crossing of the start mat has no time: it is the start, or a walk back over it. Where the
/// course passes that mat again, what comes after the start has one. A crossing before the runner's
/// own start has none either, also where the gun was fired: somebody strolls through the finish.
pub fn race_time(
    entry: &Entry,
    start: Option<UnixMicros>,
    point: PointId,
    read_at: UnixMicros,
) -> RaceTime {
    let unstarted = match (start, entry.gun) {
        (Some(start), _) => read_at < start,
        (None, Some(gun)) => read_at < gun,
        (None, None) => true,
    };
    let at_start = entry.start == Some(point);
    // Who was not seen to start within the time for it has started unseen.
    let is_over = || match (start, entry.gun) {
        (Some(start), _) => start < read_at,
        (None, Some(gun)) => gun.plus_ms(entry.start_ms_max) < read_at,
        (None, None) => false,
    };
    if unstarted || at_start && !(entry.start_again && is_over()) {
        return RaceTime::default();
    }
    let since = |from: UnixMicros| u64::try_from(read_at.ms_since(from)).ok();
    RaceTime {
        gun_time_ms: entry.gun.and_then(since),
        chip_time_ms: start.and_then(since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const MAT: u128 = 1;
    const FINISH: u128 = 2;

    fn at(seconds: i64) -> UnixMicros {
        UnixMicros(seconds * 1_000_000)
    }

    fn entry(gun: Option<i64>, start_again: bool) -> Entry {
        Entry {
            race: "5K".to_owned(),
            gun: gun.map(at),
            scheduled_at: None,
            start: Some(PointId(Uuid::from_u128(MAT))),
            distances_m: Vec::new(),
            start_again,
            start_ms_max: 500_000,
        }
    }

    /// All in seconds; the expected are gun time and chip time.
    #[track_caller]
    fn check(
        entry: &Entry,
        start: Option<i64>,
        (point, read): (u128, i64),
        expected: (Option<u64>, Option<u64>),
    ) {
        let point = PointId(Uuid::from_u128(point));
        let found = race_time(entry, start.map(at), point, at(read));
        let seconds = |ms: Option<u64>| ms.map(|ms| ms / 1_000);
        let found = (seconds(found.gun_time_ms), seconds(found.chip_time_ms));
        assert_eq!(
            found, expected,
            "{entry:?}, started {start:?}, read at {read}"
        );
    }

    #[test]
    fn a_crossing_has_the_times_that_are_known() {
        let gun = entry(Some(1_000), false);
        check(&gun, None, (FINISH, 2_500), (Some(1_500), None));
        check(
            &gun,
            Some(1_040),
            (FINISH, 2_500),
            (Some(1_500), Some(1_460)),
        );
        check(&gun, Some(1_000), (FINISH, 1_000), (Some(0), Some(0)));
        let no_gun = entry(None, false);
        check(&no_gun, Some(1_040), (FINISH, 2_500), (None, Some(1_460)));
        check(&no_gun, None, (FINISH, 2_500), (None, None));
    }

    #[test]
    fn nothing_before_the_start_has_a_time() {
        let gun = entry(Some(1_000), false);
        check(&gun, None, (FINISH, 999), (None, None));
        check(&gun, Some(1_040), (FINISH, 1_039), (None, None));
        check(
            &entry(None, false),
            Some(1_040),
            (FINISH, 1_039),
            (None, None),
        );
    }

    #[test]
    fn the_start_mat_has_a_time_only_where_it_is_passed_again() {
        let straight = entry(Some(1_000), false);
        check(&straight, Some(1_040), (MAT, 1_040), (None, None));
        check(&straight, Some(1_040), (MAT, 3_000), (None, None));
        let laps = entry(Some(1_000), true);
        check(&laps, Some(1_040), (MAT, 1_030), (None, None));
        check(&laps, Some(1_040), (MAT, 1_040), (None, None));
        check(&laps, Some(1_040), (MAT, 2_000), (Some(1_000), Some(960)));
        // Not seen at the start.
        check(&laps, None, (MAT, 1_400), (None, None));
        check(&laps, None, (MAT, 2_000), (Some(1_000), None));
        check(&entry(None, true), None, (MAT, 2_000), (None, None));
    }
}
