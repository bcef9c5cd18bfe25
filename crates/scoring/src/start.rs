//! Which passage over the start mats is somebody's start.
//!
//! Knows no gun but that of the entry, and no read: whoever keeps them gives passages, which take
//! less room and say the same.

use crate::{book::Entry, limits};
use model::UnixMicros;

/// Reads of one participant over the start mats with no gap above `limits::PASSAGE_GAP_MS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    pub first: UnixMicros,
    pub last: UnixMicros,
}

impl Passage {
    pub fn of(read_at: UnixMicros) -> Self {
        Self {
            first: read_at,
            last: read_at,
        }
    }

    fn joins(&self, later: &Self) -> bool {
        later.first.ms_since(self.last) <= limits::PASSAGE_GAP_MS
    }
}

/// The instant from which chip time counts: the last read of the first passage that ends at or
/// after the gun, or at most `limits::BEFORE_GUN_MS_MAX` before it.
///
/// - Crossings in the warm-up do not count, and whoever stands on the mat when the gun fires starts
///   with the last read of that passage.
/// - Nobody starts before the gun: an earlier instant counts as the gun, so that no chip time is
///   longer than the gun time.
/// - A passage that begins more than the entry's `start_ms_max` after the gun is none.
/// - Before there is a gun, the scheduled start takes its place in the first rule; without either,
///   it is the first passage of all.
///
/// Passages may come in any order, also such as would join: of two mats, or of two tags.
pub fn start_of(entry: &Entry, mut passages: Vec<Passage>) -> Option<UnixMicros> {
    let from = entry.gun.or(entry.scheduled_at);
    let from = from.map(|from| from.plus_ms(-limits::BEFORE_GUN_MS_MAX));
    let until = entry.gun.map(|gun| gun.plus_ms(entry.start_ms_max));
    passages.sort_unstable();
    let mut rest = passages.into_iter();
    let mut passage = rest.next()?;
    loop {
        let next = rest.next();
        if let Some(next) = next.filter(|next| passage.joins(next)) {
            passage.last = passage.last.max(next.last);
            continue;
        }
        if from.is_none_or(|from| from <= passage.last) {
            let is_start = until.is_none_or(|until| passage.first <= until);
            let start = passage.last.max(entry.gun.unwrap_or(passage.last));
            return is_start.then_some(start);
        }
        passage = next?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds.
    fn at(seconds: i64) -> UnixMicros {
        UnixMicros(seconds * 1_000_000)
    }

    fn entry(gun: Option<i64>, scheduled: Option<i64>, start_ms_max: i64) -> Entry {
        Entry {
            race: String::new(),
            gun: gun.map(at),
            scheduled_at: scheduled.map(at),
            start: None,
            distances_m: Vec::new(),
            start_again: false,
            start_ms_max,
        }
    }

    #[test]
    fn a_start_is_the_end_of_the_first_passage_that_counts() {
        let check = |gun: Option<i64>, reads: &[i64], start: Option<i64>| {
            let passages = reads.iter().map(|read| Passage::of(at(*read))).collect();
            let entry = entry(gun, None, 3_600_000);
            assert_eq!(
                start_of(&entry, passages),
                start.map(at),
                "{gun:?} {reads:?}"
            );
        };
        check(Some(1_000), &[], None);
        check(Some(1_000), &[1_020], Some(1_020));
        check(Some(1_000), &[1_020, 1_025, 1_084], Some(1_084));
        check(Some(1_000), &[1_020, 1_081], Some(1_020));
        // The warm-up.
        check(Some(1_000), &[300, 310, 1_020], Some(1_020));
        check(Some(1_000), &[300, 310], None);
        check(Some(1_000), &[1_020, 300], Some(1_020));
        // On the mat when the gun fires, and not read after it.
        check(Some(1_000), &[880, 930, 985, 1_004], Some(1_004));
        check(Some(1_000), &[880, 930, 990], Some(1_000));
        check(Some(1_000), &[880, 930, 989], None);
        // Long after the gun.
        check(Some(1_000), &[4_600], Some(4_600));
        check(Some(1_000), &[4_601], None);
        // No gun.
        check(None, &[300, 1_020], Some(300));
    }

    #[test]
    fn the_schedule_stands_in_for_a_gun() {
        let passages = || [300, 1_020].map(|read| Passage::of(at(read))).to_vec();
        let check = |scheduled, start: Option<i64>| {
            let entry = entry(None, scheduled, 3_600_000);
            assert_eq!(start_of(&entry, passages()), start.map(at), "{scheduled:?}");
        };
        check(None, Some(300));
        check(Some(1_000), Some(1_020));
        check(Some(2_000), None);
    }

    #[test]
    fn a_lap_is_no_start() {
        let check = |reads: &[i64], start: Option<i64>| {
            let passages = reads.iter().map(|read| Passage::of(at(*read))).collect();
            let entry = entry(Some(1_000), None, 40_000);
            assert_eq!(start_of(&entry, passages), start.map(at), "{reads:?}");
        };
        check(&[1_002, 1_070, 1_140], Some(1_002));
        check(&[1_070, 1_140], None);
    }
}
