//! Which wave a gun can only be of, where a device tells of it and nobody says more.

use crate::limits::GUN_FROM_SCHEDULE_MS_MAX;
use model::{Race, UnixMicros, Wave, WaveId};

/// The wave that a gun fired at that instant starts: one that has no gun yet, and the only one
/// that it can be.
///
/// - A wave of the name that the device gives to the place of its gun, or the one wave of a race of
///   that name.
/// - Else the event's only wave, unless that is scheduled for more than
///   `limits::GUN_FROM_SCHEDULE_MS_MAX` later: races start late and not early, so this is a test.
/// - Else the only wave scheduled within that time of the gun.
///
/// Where several can be meant it is none: somebody says which.
pub fn wave_for_gun(races: &[Race], place: &str, fired_at: UnixMicros) -> Option<WaveId> {
    let waves = || {
        races
            .iter()
            .flat_map(|race| race.waves.iter().map(move |wave| (race, wave)))
    };
    let is_free = |wave: &Wave| wave.gun.is_none();
    let is_named = |race: &Race, wave: &Wave| {
        let matches =
            |name: &str| !name.is_empty() && name.trim().eq_ignore_ascii_case(place.trim());
        matches(&wave.name) || race.waves.len() == 1 && matches(&race.name)
    };
    let from_schedule_ms = |wave: &Wave| Some(fired_at.ms_since(wave.scheduled_at?));

    let named = waves().filter(|(race, wave)| is_named(race, wave));
    if let Some(wave) = only(named.map(|(_, wave)| wave)) {
        return is_free(wave).then_some(wave.id);
    }
    if let Some(wave) = only(waves().map(|(_, wave)| wave)) {
        let is_test = from_schedule_ms(wave).is_some_and(|ms| ms < -GUN_FROM_SCHEDULE_MS_MAX);
        return (is_free(wave) && !is_test).then_some(wave.id);
    }
    let near = waves().map(|(_, wave)| wave).filter(|wave| {
        let ms = from_schedule_ms(wave);
        is_free(wave) && ms.is_some_and(|ms| ms.abs() <= GUN_FROM_SCHEDULE_MS_MAX)
    });
    only(near).map(|wave| wave.id)
}

fn only<'a>(mut waves: impl Iterator<Item = &'a Wave>) -> Option<&'a Wave> {
    waves.next().filter(|_| waves.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{GunId, RaceId, Unit};
    use uuid::Uuid;

    /// A wave: its name, the minute of its schedule, whether it has its gun.
    type Told = (&'static str, Option<i64>, bool);

    fn minute(minute: i64) -> UnixMicros {
        UnixMicros(minute * 60_000_000)
    }

    fn races(told: &[(&str, &[Told])]) -> Vec<Race> {
        let mut number = 0;
        let mut wave = |(name, scheduled, started): &Told| {
            number += 1;
            Wave {
                id: WaveId(Uuid::from_u128(number)),
                name: (*name).to_owned(),
                scheduled_at: scheduled.map(minute),
                gun: started.then(|| GunId(Uuid::from_u128(number))),
            }
        };
        told.iter()
            .map(|(name, waves)| Race {
                id: RaceId(Uuid::from_u128(0)),
                name: (*name).to_owned(),
                distance_m: 5_000,
                unit: Unit::Km,
                course: Vec::new(),
                waves: waves.iter().map(&mut wave).collect(),
            })
            .collect()
    }

    /// The gun is fired at minute 100; waves are numbered from 1.
    #[track_caller]
    fn check(told: &[(&str, &[Told])], place: &str, expected: Option<u128>) {
        let found = wave_for_gun(&races(told), place, minute(100));
        assert_eq!(
            found,
            expected.map(|number| WaveId(Uuid::from_u128(number))),
            "{told:?}"
        );
    }

    #[test]
    fn the_only_wave_is_meant_unless_it_is_too_early() {
        check(&[], "START", None);
        check(&[("5K", &[("", None, false)])], "START", Some(1));
        check(&[("5K", &[("", None, true)])], "START", None);
        check(&[("5K", &[("", Some(40), false)])], "START", Some(1));
        check(&[("5K", &[("", Some(115), false)])], "START", Some(1));
        check(&[("5K", &[("", Some(116), false)])], "START", None);
    }

    #[test]
    fn of_several_the_one_that_is_due_is_meant() {
        let two: &[Told] = &[("A", Some(100), false), ("B", Some(120), false)];
        check(&[("5K", two)], "START", Some(1));
        check(
            &[("5K", &[("A", Some(100), true), ("B", Some(110), false)])],
            "START",
            Some(2),
        );
        check(
            &[("5K", &[("A", Some(100), false), ("B", Some(105), false)])],
            "START",
            None,
        );
        check(
            &[("5K", &[("A", None, false), ("B", None, false)])],
            "START",
            None,
        );
        let other: &[Told] = &[("", Some(84), false)];
        check(
            &[("5K", &[("", Some(98), false)]), ("10K", other)],
            "START",
            Some(1),
        );
    }

    #[test]
    fn the_place_may_name_a_wave_or_race() {
        let both: &[(&str, &[Told])] =
            &[("5K", &[("", None, false)]), ("10K", &[("", None, false)])];
        check(both, "10k", Some(2));
        check(both, "START", None);
        let waves: &[(&str, &[Told])] = &[("5K", &[("Red", None, false), ("Blue", None, false)])];
        check(waves, "blue ", Some(2));
        check(waves, "5K", None);
        // Its gun is known: this one is another's, and nobody knows whose.
        check(
            &[("5K", &[("Red", None, true), ("Blue", Some(100), false)])],
            "Red",
            None,
        );
    }
}
