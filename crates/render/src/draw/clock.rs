//! Clocks: what they say at a moment, and what a screen without wasm needs to run them on.

use model::{BoardState, RaceClock, clock_text, document::ClockShows, limits::PING_MS};

/// What a text runs by. Microseconds since 1970 on the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    Since(i64),
    Until(i64),
    /// Of the day, by an offset from UTC in seconds.
    Day(i32),
    /// One picture after the other, each for so many milliseconds.
    Reel(u32),
    /// Past, once in so many milliseconds, by a clock that was set right so many times.
    Run {
        once_ms: u32,
        clock_steps: u32,
    },
}

/// What the clock says, and what it goes on by. Empty where there is nothing to tell.
pub(super) fn drawn(
    shows: ClockShows,
    race: Option<&RaceClock>,
    state: &BoardState,
    now_us: i64,
) -> (String, Option<Tick>) {
    let tick = tick(shows, race, state, now_us);
    (
        tick.map_or_else(String::new, |tick| tick.text(now_us)),
        tick,
    )
}

/// `None` where such a clock does not run: of that race, or else of the one that matters now.
pub(super) fn tick(
    shows: ClockShows,
    race: Option<&RaceClock>,
    state: &BoardState,
    now_us: i64,
) -> Option<Tick> {
    match shows {
        ClockShows::Elapsed => {
            let gun_at = match race {
                Some(race) => race.gun_at_us,
                None => state.races.iter().filter_map(|race| race.gun_at_us).max(),
            };
            gun_at.map(Tick::Since)
        }
        ClockShows::Countdown => {
            let start_of = |race: &RaceClock| {
                let waits = race.gun_at_us.is_none();
                race.scheduled_at_us.filter(|at| waits && now_us < *at)
            };
            let start = match race {
                Some(race) => start_of(race),
                None => state.races.iter().filter_map(start_of).min(),
            };
            start.map(Tick::Until)
        }
        ClockShows::TimeOfDay => state.utc_offset_s.map(Tick::Day),
    }
}

/// The widest text of as many digits: a clock is fitted to it, so that it keeps its size.
pub(super) fn widest(said: &str) -> String {
    let said = if said.len() < 7 { "0:00:00" } else { said };
    said.chars()
        .map(|sign| if sign.is_ascii_digit() { '0' } else { sign })
        .collect()
}

impl Tick {
    /// Which of so many pictures has its turn.
    pub(super) fn turn(self, now_us: i64, count: usize) -> usize {
        let Self::Reel(each_ms) = self else { return 0 };
        let turns = whole_ms(now_us) / u64::from(each_ms.max(1));
        (turns % count.max(1) as u64) as usize
    }

    /// How far it has run, in milliseconds.
    pub fn run_ms(self, now_us: i64) -> Option<u32> {
        let Self::Run { once_ms, .. } = self else {
            return None;
        };
        let run = whole_ms(now_us) % u64::from(once_ms.max(1));
        u32::try_from(run).ok()
    }

    /// When it says something else next. What runs past goes by itself, and is looked at now and
    /// then, as the clock may have been set right.
    pub fn next_change_us(self, now_us: i64) -> i64 {
        let (from, every_us) = match self {
            Self::Since(at) | Self::Until(at) => (at, 1_000_000),
            Self::Day(_) => (0, 1_000_000),
            Self::Reel(each_ms) => (0, i64::from(each_ms.max(1)) * 1_000),
            Self::Run { .. } => (0, PING_MS as i64 * 1_000),
        };
        now_us + every_us - (now_us - from).rem_euclid(every_us)
    }

    /// A second counts when it is over: a countdown ends at zero, and a clock begins there.
    pub fn text(self, now_us: i64) -> String {
        match self {
            Self::Since(at) => clock_text(whole_ms(now_us - at)),
            Self::Until(at) => clock_text(whole_ms(at - now_us + 999_999)),
            Self::Day(offset_s) => {
                let day_s = (now_us.div_euclid(1_000_000) + i64::from(offset_s)).rem_euclid(86_400);
                let part =
                    |of: i64| [b'0' + (of / 10) as u8, b'0' + (of % 10) as u8].map(char::from);
                let parts = [day_s / 3_600, day_s / 60 % 60, day_s % 60].map(part);
                let mut text = String::new();
                for part in parts {
                    if !text.is_empty() {
                        text.push(':');
                    }
                    text.extend(part);
                }
                text
            }
            Self::Reel(_) | Self::Run { .. } => String::new(),
        }
    }
}

fn whole_ms(us: i64) -> u64 {
    u64::try_from(us / 1_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_say_whole_seconds() {
        let check = |tick: Tick, now_us, text: &str| assert_eq!(tick.text(now_us), text);
        let second = 1_000_000;
        check(Tick::Since(5 * second), 5 * second, "0:00");
        check(Tick::Since(5 * second), 6 * second - 1, "0:00");
        check(Tick::Since(5 * second), 6 * second, "0:01");
        check(Tick::Since(0), 3_600 * second, "1:00:00");
        check(Tick::Since(9 * second), 0, "0:00");
        check(Tick::Until(9 * second), 0, "0:09");
        check(Tick::Until(9 * second), 1, "0:09");
        check(Tick::Until(9 * second), 9 * second - 1, "0:01");
        check(Tick::Until(9 * second), 9 * second, "0:00");
        check(Tick::Until(9 * second), 10 * second, "0:00");
        check(Tick::Day(0), 0, "00:00:00");
        check(Tick::Day(-18_000), 0, "19:00:00");
        check(Tick::Day(3_600), 86_399 * second, "00:59:59");
    }

    #[test]
    fn what_runs_past_is_at_the_same_place_after_each_round() {
        let run = Tick::Run {
            once_ms: 2_500,
            clock_steps: 0,
        };
        let check = |now_us, run_ms| assert_eq!(run.run_ms(now_us), Some(run_ms));
        check(0, 0);
        check(2_499_999, 2_499);
        check(2_500_000, 0);
        check(1_750_000_001_250_000, 1_250);
        assert_eq!(Tick::Reel(1_000).run_ms(500_000), None);
    }

    #[test]
    fn a_clock_is_that_of_its_race_or_else_of_the_one_that_matters_now() {
        let race = |gun_at_us, scheduled_at_us| RaceClock {
            name: String::new(),
            gun_at_us,
            scheduled_at_us,
        };
        let races = vec![
            race(Some(1_000_000), Some(0)),
            race(Some(5_000_000), None),
            race(None, Some(90_000_000)),
            race(None, Some(60_000_000)),
        ];
        let state = BoardState {
            races: races.clone(),
            ..BoardState::default()
        };
        let check = |shows, race: Option<usize>, text: &str| {
            let race = race.map(|index| &races[index]);
            assert_eq!(drawn(shows, race, &state, 10_000_000).0, text);
        };
        check(ClockShows::Elapsed, Some(0), "0:09");
        check(ClockShows::Elapsed, None, "0:05");
        check(ClockShows::Elapsed, Some(2), "");
        check(ClockShows::Countdown, Some(0), "");
        check(ClockShows::Countdown, Some(2), "1:20");
        check(ClockShows::Countdown, None, "0:50");
        check(ClockShows::TimeOfDay, None, "");
    }
}
