//! Late is not live: whether a read is shown as it happens.
//!
//! Pure comparison of two instants. `received_at` must come from a clock that does not step.

use crate::limits::{LIVE_AHEAD_MS_MAX, LIVE_BEHIND_MS_MAX};
use model::UnixMicros;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeliness {
    Live,
    /// Over 30 s behind: it corrects lists and results, and is not announced.
    Late,
    /// Over 5 s ahead: shown, with a warning that the clock is wrong.
    Ahead,
}

/// Judges a read by its true instant (the stream's offset applied) and its arrival.
pub fn judge(instant: UnixMicros, received_at: UnixMicros) -> Timeliness {
    // In microseconds, so that "over" is meant to the last digit.
    let behind_us = received_at.0.saturating_sub(instant.0);
    if behind_us > LIVE_BEHIND_MS_MAX * 1_000 {
        Timeliness::Late
    } else if behind_us < -LIVE_AHEAD_MS_MAX * 1_000 {
        Timeliness::Ahead
    } else {
        Timeliness::Live
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_seconds_behind_and_five_ahead_are_live() {
        let check = |behind_us: i64, expected: Timeliness| {
            let received_at = UnixMicros(1_750_000_000_000_000);
            let instant = UnixMicros(received_at.0 - behind_us);
            assert_eq!(judge(instant, received_at), expected, "{behind_us}");
        };
        check(0, Timeliness::Live);
        check(30_000_000, Timeliness::Live);
        check(30_000_001, Timeliness::Late);
        check(3_600_000_000, Timeliness::Late);
        check(-5_000_000, Timeliness::Live);
        check(-5_000_001, Timeliness::Ahead);
        assert_eq!(
            judge(UnixMicros(i64::MIN), UnixMicros(i64::MAX)),
            Timeliness::Late
        );
        assert_eq!(
            judge(UnixMicros(i64::MAX), UnixMicros(i64::MIN)),
            Timeliness::Ahead
        );
    }
}
