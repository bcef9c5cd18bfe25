//! The server's clock, as a screen knows it from what the server says: for clocks that show the
//! same on all screens.
//!
//! A message is heard a little after it was sent, never before. So of all differences heard, the
//! one most in the server's favour is nearest to the truth. Pure: the moments come in.

use model::MonoMs;

/// How fast two clocks part at most, in microseconds a second: those of cheap boards do by a tenth
/// of this. What was learned long ago counts that much less.
const DRIFT_US_PER_S: i64 = 200;

/// A difference this much smaller means that the server's clock was set, when it is heard again.
const STEP_US: i64 = 2_000_000;

/// Two messages that both say so differ by less than this: what lay in a queue while the screen
/// slept comes all at once, and each says something else.
const ALIKE_US: i64 = 1_000_000;

/// What runs past jumps where it is further off than this.
const RUN_STEP_US: i64 = 100_000;

#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    /// The server's clock less the screen's monotonic one, and when that was learned.
    learned: Option<(i64, MonoMs)>,
    /// What the ping before said, where it was not believed.
    doubted: Option<i64>,
    /// What was learned is of the page alone, which may have been kept for long.
    is_guess: bool,
    told_us: i64,
    /// The difference by which what runs past goes, and how often that became another one.
    runs_by_us: i64,
    steps: u32,
}

impl ServerClock {
    /// What the page says that the server's clock is. It counts until the server says it.
    pub fn guess(&mut self, now_us: i64, now: MonoMs) {
        self.hear_frame(now_us, now);
        self.is_guess = true;
    }

    /// `sent_at_us` is the server's clock when it sent the ping that is heard now.
    pub fn hear(&mut self, sent_at_us: i64, now: MonoMs) {
        let difference = sent_at_us - mono_us(now);
        let behind = self
            .difference(now)
            .is_some_and(|believed| difference < believed - STEP_US);
        let is_step = |doubted: i64| (difference - doubted).abs() < ALIKE_US;
        if behind && self.doubted.is_some_and(is_step) {
            self.learned = None;
        }
        self.doubted = behind.then_some(difference);
        self.hear_frame(sent_at_us, now);
    }

    /// The same of a frame. Frames come in bursts after a pause of the line, so that they never
    /// tell of a step.
    pub fn hear_frame(&mut self, sent_at_us: i64, now: MonoMs) {
        let difference = sent_at_us - mono_us(now);
        if std::mem::take(&mut self.is_guess) {
            self.learned = None;
        }
        if self
            .difference(now)
            .is_none_or(|believed| believed <= difference)
        {
            self.learned = Some((difference, now));
        }
    }

    /// Microseconds since 1970 on the server's clock. It never goes back, but for a step of the
    /// server's own. `None` before anything was heard.
    pub fn now_us(&mut self, now: MonoMs) -> Option<i64> {
        let now_us = mono_us(now) + self.difference(now)?;
        if now_us > self.told_us || now_us < self.told_us - STEP_US {
            self.told_us = now_us;
        }
        Some(self.told_us)
    }

    /// How often it was set right by more than can be overlooked of what runs past.
    pub fn steps(&mut self, now: MonoMs) -> u32 {
        if let Some(difference) = self.difference(now)
            && (difference - self.runs_by_us).abs() > RUN_STEP_US
        {
            self.runs_by_us = difference;
            self.steps += 1;
        }
        self.steps
    }

    fn difference(&self, now: MonoMs) -> Option<i64> {
        let (difference, at) = self.learned?;
        let parted_us = mono_us(MonoMs(now.ms_since(at))) / 1_000_000 * DRIFT_US_PER_S;
        Some(difference - parted_us)
    }
}

fn mono_us(at: MonoMs) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX / 1_000) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn the_least_delayed_message_counts() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.now_us(MonoMs(0)), None);
        clock.hear(100 * SECOND, MonoMs(300));
        assert_eq!(clock.now_us(MonoMs(300)), Some(100 * SECOND));
        // Sent 10 s later, and only 20 ms on its way.
        clock.hear(110 * SECOND, MonoMs(10_020));
        assert_eq!(clock.now_us(MonoMs(10_020)), Some(110 * SECOND));
        // Held up for half a second: not believed.
        clock.hear(120 * SECOND, MonoMs(20_520));
        assert_eq!(clock.now_us(MonoMs(20_520)), Some(120 * SECOND + 498_000));
    }

    #[test]
    fn what_runs_past_jumps_only_where_it_is_seen() {
        let mut clock = ServerClock::default();
        clock.hear(100 * SECOND, MonoMs(900));
        assert_eq!(clock.steps(MonoMs(900)), 1);
        clock.hear(110 * SECOND, MonoMs(10_850));
        assert_eq!(clock.steps(MonoMs(10_850)), 1);
        clock.hear(120 * SECOND, MonoMs(20_000));
        assert_eq!(clock.steps(MonoMs(20_000)), 2);
        assert_eq!(clock.steps(MonoMs(29_000)), 2);
    }

    #[test]
    fn it_never_goes_back_but_for_a_step_of_the_server() {
        let mut clock = ServerClock::default();
        clock.hear(100 * SECOND, MonoMs(0));
        let told = clock.now_us(MonoMs(5_000)).unwrap();
        assert_eq!(clock.now_us(MonoMs(4_000)), Some(told));
        clock.hear(40 * SECOND, MonoMs(6_000));
        assert!(clock.now_us(MonoMs(6_000)).unwrap() >= told);
        clock.hear(41 * SECOND, MonoMs(7_000));
        assert_eq!(clock.now_us(MonoMs(7_000)), Some(41 * SECOND));
        clock.hear(500 * SECOND, MonoMs(8_000));
        assert_eq!(clock.now_us(MonoMs(8_000)), Some(500 * SECOND));
    }

    #[test]
    fn a_guess_counts_until_the_server_is_heard() {
        let mut clock = ServerClock::default();
        clock.guess(100 * SECOND, MonoMs(0));
        assert_eq!(clock.now_us(MonoMs(500)), Some(100 * SECOND + 500_000));
        clock.hear(100 * SECOND, MonoMs(1_000));
        assert_eq!(clock.now_us(MonoMs(3_000)), Some(102 * SECOND - 400));
    }

    /// A screen that slept hears at once what was sent meanwhile.
    #[test]
    fn what_waited_in_a_queue_sets_no_clock_back() {
        let mut clock = ServerClock::default();
        clock.hear(100 * SECOND, MonoMs(0));
        for sent_s in [110, 120, 130] {
            clock.hear(sent_s * SECOND, MonoMs(40_000));
            clock.hear_frame(sent_s * SECOND, MonoMs(40_000));
            clock.hear_frame(sent_s * SECOND + 5, MonoMs(40_000));
        }
        let now_us = clock.now_us(MonoMs(40_000)).unwrap();
        assert!(now_us > 139 * SECOND, "{now_us}");
    }

    proptest::proptest! {
        /// Whatever the network does below two seconds, the clock stays within the shortest delay
        /// and the drift that is allowed for.
        #[test]
        fn it_is_near_the_servers(delays_ms in proptest::collection::vec(1_u64..1_900, 1..60)) {
            let mut clock = ServerClock::default();
            let mut told = 0;
            for (index, delay_ms) in delays_ms.iter().enumerate() {
                let sent_ms = index as u64 * 10_000;
                let heard = MonoMs(sent_ms + delay_ms);
                clock.hear(sent_ms as i64 * 1_000, heard);
                let now_us = clock.now_us(heard).unwrap();
                proptest::prop_assert!(now_us >= told);
                told = now_us;
                let truth_us = heard.0 as i64 * 1_000;
                let least_us = delays_ms[..=index].iter().min().unwrap() * 1_000;
                let drift_us = DRIFT_US_PER_S * 10 * (index as i64 + 1);
                proptest::prop_assert!(now_us <= truth_us);
                proptest::prop_assert!(truth_us - now_us <= least_us as i64 + drift_us);
            }
        }
    }
}
