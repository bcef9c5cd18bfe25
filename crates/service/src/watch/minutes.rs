//! How many reads came in each of the last minutes.

use model::{UnixMicros, limits::MINUTES_PER_PLACE};

const MINUTE_US: i64 = 60_000_000;

#[derive(Clone, Debug)]
pub struct Minutes {
    /// Since 1970, the one that is last in the ring.
    newest: i64,
    /// By minute modulo their number.
    counts: [u32; MINUTES_PER_PLACE],
}

impl Default for Minutes {
    fn default() -> Self {
        Self {
            newest: i64::MIN / 2,
            counts: [0; MINUTES_PER_PLACE],
        }
    }
}

impl Minutes {
    pub fn add(&mut self, at: UnixMicros) {
        let minute = minute_of(at);
        if minute - self.newest >= MINUTES_PER_PLACE as i64 {
            self.counts = [0; MINUTES_PER_PLACE];
        } else {
            for passed in self.newest + 1..=minute {
                self.counts[slot(passed)] = 0;
            }
        }
        self.newest = self.newest.max(minute);
        if self.holds(minute) {
            self.counts[slot(minute)] = self.counts[slot(minute)].saturating_add(1);
        }
    }

    /// What was counted then does not count after all.
    pub fn take_back(&mut self, at: UnixMicros) {
        let minute = minute_of(at);
        if self.holds(minute) {
            self.counts[slot(minute)] = self.counts[slot(minute)].saturating_sub(1);
        }
    }

    /// In the so-manieth minute before the one of that instant; 0 is the minute itself.
    pub fn before(&self, at: UnixMicros, minutes: i64) -> u32 {
        let minute = minute_of(at) - minutes;
        if self.holds(minute) {
            self.counts[slot(minute)]
        } else {
            0
        }
    }

    /// Of the last minutes, the present one last; empty ones at the beginning are left out.
    pub fn list(&self, now: UnixMicros) -> Vec<u32> {
        let counts = (0..MINUTES_PER_PLACE as i64)
            .rev()
            .map(|minutes| self.before(now, minutes));
        counts.skip_while(|count| *count == 0).collect()
    }

    fn holds(&self, minute: i64) -> bool {
        (0..MINUTES_PER_PLACE as i64).contains(&(self.newest - minute))
    }
}

fn minute_of(at: UnixMicros) -> i64 {
    at.0.div_euclid(MINUTE_US)
}

fn slot(minute: i64) -> usize {
    minute.rem_euclid(MINUTES_PER_PLACE as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> UnixMicros {
        UnixMicros((29_000_000 + minute) * MINUTE_US + 17)
    }

    #[test]
    fn the_last_hour_is_counted_by_minutes() {
        let check = |came: &[i64], now: i64, expected: &[u32]| {
            let mut minutes = Minutes::default();
            came.iter().for_each(|minute| minutes.add(at(*minute)));
            assert_eq!(minutes.list(at(now)), expected, "{came:?} at {now}");
        };
        check(&[], 0, &[]);
        check(&[0, 0, 0], 0, &[3]);
        check(&[0, 0, 2], 3, &[2, 0, 1, 0]);
        check(&[0], 59, &[vec![1], vec![0; 59]].concat());
        check(&[0], 60, &[]);
        check(&[0, 60, 61], 61, &[1, 1]);
        check(&[0, 500], 500, &[1]);
        // A server whose clock went back a minute, and reads from before all that is held.
        check(&[5, 4], 5, &[1, 1]);
        check(&[100, 20], 100, &[1]);
    }

    #[test]
    fn what_is_taken_back_is_not_counted() {
        let mut minutes = Minutes::default();
        for minute in [0, 0, 1] {
            minutes.add(at(minute));
        }
        minutes.take_back(at(0));
        minutes.take_back(at(1));
        minutes.take_back(at(1));
        minutes.take_back(at(-60));
        assert_eq!(minutes.list(at(1)), [1, 0]);
    }
}
