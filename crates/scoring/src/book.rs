//! What an event's races say about somebody of a wave: which gun started them, and over which mat.
//!
//! Owns which point is a race's start. Knows no read.

use crate::limits::{AFTER_GUN_MS_MAX, LAP_M_PER_S_MAX};
use model::{Gun, PointId, Race, RaceClock, UnixMicros, Wave, WaveId};
use std::collections::HashMap;

/// An event's races by wave. Made anew when a race, a wave, a gun or a point changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RaceBook {
    entries: HashMap<WaveId, Entry>,
    /// The wave of who has none, where there is just one race with just one.
    only: Option<WaveId>,
}

/// What holds for everybody of a wave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The race's name.
    pub race: String,
    pub gun: Option<UnixMicros>,
    pub scheduled_at: Option<UnixMicros>,
    /// How far the race's points are along it. One that is passed several times is not among them.
    pub distances_m: Vec<(PointId, u32)>,
    /// Where chip time begins; `None` where the race has no start mat.
    pub start: Option<PointId>,
    /// Whether the start mat is passed again on the course, as that of a lap or as the finish.
    pub start_again: bool,
    /// A passage that begins later after the gun is no start.
    pub start_ms_max: i64,
}

impl RaceBook {
    /// `points` are the event's, with their names. A wave whose gun is not among `guns` has none.
    pub fn new(races: &[Race], guns: &[Gun], points: &[(PointId, String)]) -> Self {
        let mut entries = HashMap::new();
        for race in races {
            for wave in &race.waves {
                entries.insert(wave.id, Entry::of(race, wave, guns, points));
            }
        }
        let only = match races {
            [race] => match race.waves.as_slice() {
                [wave] => Some(wave.id),
                _ => None,
            },
            _ => None,
        };
        Self { entries, only }
    }

    /// What holds for a participant of that wave, or of none. `None` where the race is unknown.
    pub fn entry(&self, wave: Option<WaveId>) -> Option<&Entry> {
        self.entries.get(&wave.or(self.only)?)
    }

    /// What screens are told of those races: each with the first of its guns, or scheduled starts.
    pub fn clocks(&self, races: &[Race]) -> Vec<RaceClock> {
        let clock = |race: &Race| {
            let waves = race.waves.iter();
            let entries = waves.filter_map(|wave| self.entries.get(&wave.id));
            let scheduled = entries.clone().filter_map(|entry| entry.scheduled_at);
            RaceClock {
                name: race.name.clone(),
                gun_at_us: entries.filter_map(|entry| entry.gun).min().map(|at| at.0),
                scheduled_at_us: scheduled.min().map(|at| at.0),
            }
        };
        races.iter().map(clock).collect()
    }

    /// Whether a race starts over that point.
    pub fn is_start(&self, point: PointId) -> bool {
        let mut entries = self.entries.values();
        entries.any(|entry| entry.start == Some(point))
    }
}

impl Entry {
    /// From the start to that point.
    pub fn distance_m(&self, point: PointId) -> Option<u32> {
        let known = self.distances_m.iter().find(|(of, _)| *of == point);
        known.map(|(_, distance_m)| *distance_m)
    }

    fn of(race: &Race, wave: &Wave, guns: &[Gun], points: &[(PointId, String)]) -> Self {
        let gun = guns.iter().find(|gun| Some(gun.id) == wave.gun);
        let start = start_point(race, points);
        let again = || {
            race.course
                .iter()
                .skip(1)
                .filter(move |at| Some(at.point) == start)
        };
        let lap_m = again()
            .map(|at| at.distance_m.unwrap_or(race.distance_m))
            .min();
        let lap_ms_min = lap_m.map(|lap_m| i64::from(lap_m) * 1_000 / LAP_M_PER_S_MAX);
        Self {
            race: race.name.clone(),
            gun: gun.map(|gun| gun.fired_at),
            scheduled_at: wave.scheduled_at,
            distances_m: distances_m(race),
            start,
            start_again: lap_m.is_some(),
            start_ms_max: lap_ms_min.map_or(AFTER_GUN_MS_MAX, |ms| ms.min(AFTER_GUN_MS_MAX)),
        }
    }
}

/// The last point of a course is as far as the race is long, where nobody said otherwise.
fn distances_m(race: &Race) -> Vec<(PointId, u32)> {
    let is_once = |point: PointId| race.course.iter().filter(|at| at.point == point).count() == 1;
    let last = race.course.len().saturating_sub(1);
    let course = race.course.iter().enumerate();
    course
        .filter(|(_, at)| is_once(at.point))
        .filter_map(|(index, at)| {
            let whole = (index == last && index > 0).then_some(race.distance_m);
            Some((at.point, at.distance_m.or(whole)?))
        })
        .collect()
}

/// The mat at which chip time begins: the first point of the course, where it lies at 0 m. Where
/// nobody said how far it is, it is the start if it is called so, or if the course ends there too;
/// it may as well be a split, and chip times from there would be wrong. Without a course it is the
/// point that is called "start".
fn start_point(race: &Race, points: &[(PointId, String)]) -> Option<PointId> {
    let is_called = |name: &str| name.trim().eq_ignore_ascii_case("start");
    let Some(first) = race.course.first() else {
        let mut points = points.iter();
        return points.find(|(_, name)| is_called(name)).map(|(id, _)| *id);
    };
    let is_start = match first.distance_m {
        Some(distance_m) => distance_m == 0,
        None => {
            let last = race.course.last().filter(|_| race.course.len() > 1);
            let named = points.iter().find(|(id, _)| *id == first.point);
            last.is_some_and(|last| last.point == first.point)
                || named.is_some_and(|(_, name)| is_called(name))
        }
    };
    is_start.then_some(first.point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{CoursePoint, RaceId, Unit};
    use uuid::Uuid;

    const START: u128 = 1;
    const SPLIT: u128 = 2;
    const FINISH: u128 = 3;

    fn point(number: u128) -> PointId {
        PointId(Uuid::from_u128(number))
    }

    fn points() -> Vec<(PointId, String)> {
        [(START, "START"), (SPLIT, "5K"), (FINISH, "Finish")]
            .map(|(number, name)| (point(number), name.to_owned()))
            .to_vec()
    }

    fn race(course: &[(u128, Option<u32>)], waves: u128) -> Race {
        Race {
            id: RaceId(Uuid::from_u128(1)),
            name: "10K".to_owned(),
            distance_m: 10_000,
            unit: Unit::Km,
            course: course
                .iter()
                .map(|(number, distance_m)| CoursePoint {
                    point: point(*number),
                    distance_m: *distance_m,
                })
                .collect(),
            waves: (1..=waves)
                .map(|number| Wave {
                    id: WaveId(Uuid::from_u128(number)),
                    name: String::new(),
                    scheduled_at: None,
                    gun: None,
                })
                .collect(),
        }
    }

    #[test]
    fn the_start_is_the_first_point_of_the_course_if_it_can_be() {
        let check = |course: &[(u128, Option<u32>)], start: Option<u128>, again, start_ms_max| {
            let book = RaceBook::new(&[race(course, 1)], &[], &points());
            let entry = book.entry(None).unwrap();
            let found = (entry.start, entry.start_again, entry.start_ms_max);
            assert_eq!(found, (start.map(point), again, start_ms_max), "{course:?}");
        };
        let hour = AFTER_GUN_MS_MAX;
        check(&[], Some(START), false, hour);
        check(&[(START, None), (FINISH, None)], Some(START), false, hour);
        check(
            &[(SPLIT, Some(0)), (FINISH, None)],
            Some(SPLIT),
            false,
            hour,
        );
        // It may be a split, and then no chip time begins there.
        check(&[(SPLIT, None), (FINISH, None)], None, false, hour);
        check(&[(START, Some(5_000)), (FINISH, None)], None, false, hour);
        check(&[(FINISH, None)], None, false, hour);
        // The start is the finish too, or ends each lap.
        check(
            &[(FINISH, None), (SPLIT, None), (FINISH, None)],
            Some(FINISH),
            true,
            1_000_000,
        );
        let laps = [(FINISH, Some(0)), (FINISH, Some(400)), (FINISH, Some(800))];
        check(&laps, Some(FINISH), true, 40_000);
        check(
            &[(START, Some(0)), (START, Some(42_195))],
            Some(START),
            true,
            hour,
        );
    }

    #[test]
    fn who_has_no_wave_is_of_the_only_one() {
        let check = |races: &[Race], wave: Option<u128>, known| {
            let book = RaceBook::new(races, &[], &points());
            let wave = wave.map(|number| WaveId(Uuid::from_u128(number)));
            assert_eq!(book.entry(wave).is_some(), known, "{wave:?} of {races:?}");
        };
        let one = race(&[], 1);
        check(&[], None, false);
        check(std::slice::from_ref(&one), None, true);
        check(std::slice::from_ref(&one), Some(1), true);
        check(std::slice::from_ref(&one), Some(9), false);
        check(&[race(&[], 2)], None, false);
        check(&[race(&[], 2)], Some(2), true);
        check(&[one.clone(), one], None, false);
    }
}
