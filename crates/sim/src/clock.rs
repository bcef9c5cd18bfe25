//! The controller's wall clock: true time and everything that can be wrong with it.

use crate::knobs::Knobs;
use model::WallTime;

#[derive(Clone, Debug)]
pub(crate) struct DeviceClock {
    start: WallTime,
    steady_ms: i64,
    drift_ppm: f64,
    jump_at_ms: i64,
    jump_ms: i64,
}

impl DeviceClock {
    /// `start` is the true local wall time when the controller is switched on.
    pub(crate) fn new(start: WallTime, knobs: &Knobs) -> Self {
        Self {
            start,
            steady_ms: knobs.clock_offset_ms + knobs.clock_zone_error_min * 60_000,
            drift_ppm: knobs.clock_drift_ppm,
            jump_at_ms: knobs.clock_jump_at_ms,
            jump_ms: knobs.clock_jump_ms,
        }
    }

    /// What it shows that long after it was switched on.
    pub(crate) fn wall(&self, elapsed_ms: i64) -> WallTime {
        let drift_ms = (elapsed_ms as f64 * self.drift_ppm / 1e6) as i64;
        let jump_ms = if elapsed_ms >= self.jump_at_ms {
            self.jump_ms
        } else {
            0
        };
        let shown_ms = elapsed_ms + self.steady_ms + drift_ms + jump_ms;
        WallTime(self.start.0 + shown_ms.div_euclid(10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_add_up() {
        let start = WallTime::from_day(20_000, 8 * 360_000);
        let check = |knobs: Knobs, elapsed_ms: i64, text: &str| {
            assert_eq!(
                DeviceClock::new(start, &knobs).wall(elapsed_ms).to_string(),
                text
            );
        };
        let fine = Knobs::default;
        check(fine(), 0, "2024-10-04T08:00:00.00");
        check(fine(), 1_239, "2024-10-04T08:00:01.23");
        check(
            Knobs {
                clock_offset_ms: -1,
                ..fine()
            },
            0,
            "2024-10-04T07:59:59.99",
        );
        check(
            Knobs {
                clock_zone_error_min: -60,
                ..fine()
            },
            0,
            "2024-10-04T07:00:00.00",
        );
        check(
            Knobs {
                clock_drift_ppm: 100.0,
                ..fine()
            },
            100_000,
            "2024-10-04T08:01:40.01",
        );
        let jumps = Knobs {
            clock_jump_at_ms: 5_000,
            clock_jump_ms: 60_000,
            ..fine()
        };
        check(jumps.clone(), 4_999, "2024-10-04T08:00:04.99");
        check(jumps, 5_000, "2024-10-04T08:01:05.00");
        check(fine(), 16 * 3_600_000, "2024-10-05T00:00:00.00");
    }
}
