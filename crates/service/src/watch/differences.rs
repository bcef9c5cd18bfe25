//! How far a device's clock is behind ours, told from how late its reads come.
//!
//! A controller holds a read back for an observation window of up to 6 s, so a single read tells
//! little. Taken by seconds of arrival, a rewind of a whole race is a handful of samples among
//! those of the mats.

use crate::limits;
use model::UnixMicros;
use std::collections::VecDeque;

/// The reads that arrived within one second.
#[derive(Clone, Copy, Debug)]
struct Lot {
    second: i64,
    least_ms: i64,
    reads: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Oldest first.
    lots: VecDeque<Lot>,
}

impl Differences {
    pub fn add(&mut self, received_at: UnixMicros, instant: UnixMicros) {
        let second = received_at.0.div_euclid(1_000_000);
        let difference_ms = received_at.ms_since(instant);
        match self.lots.back_mut() {
            Some(last) if last.second == second => {
                last.least_ms = last.least_ms.min(difference_ms);
                last.reads += 1;
            }
            _ => {
                if self.lots.len() >= limits::DIFFERENCE_LOTS_MAX {
                    self.lots.pop_front();
                }
                self.lots.push_back(Lot {
                    second,
                    least_ms: difference_ms,
                    reads: 1,
                });
            }
        }
    }

    /// The middle one of the newest seconds: what one may expect of the next read.
    pub fn median_ms(&self, now: UnixMicros) -> Option<i64> {
        let newest = self.fresh(now).rev().take(limits::DIFFERENCE_MEDIAN_LOTS);
        let mut sorted: Vec<_> = newest.map(|lot| lot.least_ms).collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }

    /// What the reads had that were held back least: the clock's own difference, to a fraction of a
    /// second. The very least is left out, as one read in thousands has an odd time. `None` before
    /// there are enough reads to tell.
    pub fn least_ms(&self, now: UnixMicros) -> Option<i64> {
        let mut sorted: Vec<_> = self.fresh(now).collect();
        let reads: u32 = sorted.iter().map(|lot| lot.reads).sum();
        if reads < limits::DIFFERENCE_READS_MIN || sorted.len() < limits::DIFFERENCE_LOTS_MIN {
            return None;
        }
        sorted.sort_unstable_by_key(|lot| lot.least_ms);
        sorted.get(1).map(|lot| lot.least_ms)
    }

    fn fresh(&self, now: UnixMicros) -> impl DoubleEndedIterator<Item = Lot> + '_ {
        let oldest = now.plus_ms(-limits::DIFFERENCE_AGE_MS_MAX).0;
        let lots = self.lots.iter().copied();
        lots.filter(move |lot| lot.second >= oldest.div_euclid(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: UnixMicros = UnixMicros(1_772_841_500_000_000);

    fn fed(reads: impl IntoIterator<Item = (i64, i64)>) -> Differences {
        let mut differences = Differences::default();
        for (at_ms, difference_ms) in reads {
            let received_at = BEGAN.plus_ms(at_ms);
            differences.add(received_at, received_at.plus_ms(-difference_ms));
        }
        differences
    }

    #[test]
    fn the_middle_of_the_last_seconds_is_told() {
        let check = |reads: &[(i64, i64)], now_ms, expected| {
            let found = fed(reads.iter().copied()).median_ms(BEGAN.plus_ms(now_ms));
            assert_eq!(found, expected, "{reads:?}");
        };
        check(&[], 0, None);
        check(&[(0, 1_000)], 0, Some(1_000));
        check(
            &[(0, 1_000), (1_000, 3_000), (2_000, 2_000)],
            2_000,
            Some(2_000),
        );
        // Within a second only the least counts, so a rewind moves nothing.
        let rewind = (0..900).map(|ms| (5_000 + ms, 7_200_000));
        let live = (0..5).map(|second| (second * 1_000, 2_000));
        let found = fed(live.chain(rewind)).median_ms(BEGAN.plus_ms(6_000));
        assert_eq!(found, Some(2_000));
        check(&[(0, 1_000)], limits::DIFFERENCE_AGE_MS_MAX + 2_000, None);
    }

    #[test]
    fn the_least_is_the_clocks_whatever_the_window() {
        // Held back by 0 to 6 s, each as often.
        let reads = (0..600).map(|place| (place * 500, 1_200 + place * 7_919 % 6_000));
        let found = fed(reads).least_ms(BEGAN.plus_ms(300_000)).unwrap();
        assert!((1_200..1_350).contains(&found), "{found}");
    }

    #[test]
    fn few_reads_tell_nothing_of_the_least() {
        let check = |reads: i64, every_ms: i64, told: bool| {
            let found = fed((0..reads).map(|place| (place * every_ms, 2_000)));
            let now = BEGAN.plus_ms(reads * every_ms);
            assert_eq!(
                found.least_ms(now).is_some(),
                told,
                "{reads} each {every_ms}"
            );
        };
        check(149, 1_000, false);
        check(150, 1_000, true);
        check(5_000, 1, false);
        check(150, 60_000, false);
    }

    #[test]
    fn one_odd_time_is_left_out() {
        let odd = [(500, -90_000)];
        let reads = (0..200).map(|place| (place * 1_000, 2_000)).chain(odd);
        let mut reads: Vec<_> = reads.collect();
        reads.sort_unstable();
        let found = fed(reads).least_ms(BEGAN.plus_ms(200_000));
        assert_eq!(found, Some(2_000));
    }
}
