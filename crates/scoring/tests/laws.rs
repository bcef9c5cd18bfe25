//! What holds of race times whatever was read.

use model::{PointId, UnixMicros};
use proptest::prelude::*;
use scoring::{Entry, Passage, RaceTime, limits, race_time, start_of};
use uuid::Uuid;

const MAT: PointId = PointId(Uuid::from_u128(1));
const FINISH: PointId = PointId(Uuid::from_u128(2));

#[derive(Clone, Debug)]
struct Case {
    entry: Entry,
    reads: Vec<i64>,
    crossing: (PointId, i64),
}

fn instant(ms: i64) -> UnixMicros {
    UnixMicros(1_772_841_500_000_000).plus_ms(ms)
}

/// Milliseconds within two hours, often near to one another.
fn any_ms() -> impl Strategy<Value = i64> {
    prop_oneof![0..7_200_000_i64, 1_700_000..1_900_000_i64]
}

prop_compose! {
    fn any_case()(
        gun in proptest::option::of(any_ms()),
        scheduled in proptest::option::of(any_ms()),
        start_again: bool,
        start_ms_max in prop_oneof![Just(limits::AFTER_GUN_MS_MAX), 30_000..900_000_i64],
        reads in proptest::collection::vec(any_ms(), 0..12),
        at_mat: bool,
        crossing in any_ms(),
    ) -> Case {
        Case {
            entry: Entry {
                race: "5K".to_owned(),
                gun: gun.map(instant),
                scheduled_at: scheduled.map(instant),
                start: Some(MAT),
                distances_m: Vec::new(),
                start_again,
                start_ms_max,
            },
            reads,
            crossing: (if at_mat { MAT } else { FINISH }, crossing),
        }
    }
}

impl Case {
    fn passages(&self) -> Vec<Passage> {
        self.reads
            .iter()
            .map(|ms| Passage::of(instant(*ms)))
            .collect()
    }

    fn start(&self) -> Option<UnixMicros> {
        start_of(&self.entry, self.passages())
    }

    fn time(&self) -> RaceTime {
        let (point, ms) = self.crossing;
        race_time(&self.entry, self.start(), point, instant(ms))
    }
}

proptest! {
    #[test]
    fn only_differences_count(case in any_case(), by in -1_000_000_000_i64..1_000_000_000) {
        let mut shifted = case.clone();
        let shift = |at: Option<UnixMicros>| at.map(|at| at.plus_ms(by));
        shifted.entry.gun = shift(case.entry.gun);
        shifted.entry.scheduled_at = shift(case.entry.scheduled_at);
        shifted.reads.iter_mut().for_each(|ms| *ms += by);
        shifted.crossing.1 += by;
        prop_assert_eq!(shifted.start(), shift(case.start()));
        prop_assert_eq!(shifted.time(), case.time());
    }

    #[test]
    fn a_read_after_the_start_changes_nothing(case in any_case(), later in 1..7_200_000_i64) {
        let Some(start) = case.start() else { return Ok(()) };
        // Of the passage's own end, which is before the gun where somebody stood on the mat.
        let mut more = case.clone();
        more.reads.push(start.ms_since(instant(0)) + limits::PASSAGE_GAP_MS + later);
        prop_assert_eq!(more.start(), Some(start));
        prop_assert_eq!(more.time(), case.time());
    }

    #[test]
    fn the_order_of_reads_does_not_matter(case in any_case()) {
        let mut turned = case.clone();
        turned.reads.reverse();
        prop_assert_eq!(turned.time(), case.time());
    }

    /// Joined by whoever keeps them, in any way, or not at all.
    #[test]
    fn reads_and_their_passages_say_the_same(case in any_case()) {
        let mut reads = case.reads.clone();
        reads.sort_unstable();
        let mut joined: Vec<Passage> = Vec::new();
        for ms in reads {
            let at = instant(ms);
            match joined.last_mut() {
                Some(last) if at.ms_since(last.last) <= limits::PASSAGE_GAP_MS => last.last = at,
                _ => joined.push(Passage::of(at)),
            }
        }
        prop_assert_eq!(start_of(&case.entry, joined), case.start());
    }

    #[test]
    fn a_chip_time_is_no_longer_than_the_gun_time(case in any_case()) {
        let time = case.time();
        if let (Some(gun_ms), Some(chip_ms)) = (time.gun_time_ms, time.chip_time_ms) {
            prop_assert!(chip_ms <= gun_ms);
        }
        if let (Some(gun), Some(start)) = (case.entry.gun, case.start()) {
            prop_assert!(gun <= start);
        }
    }

    #[test]
    fn without_a_gun_and_a_start_there_is_no_time(mut case in any_case()) {
        case.entry.gun = None;
        case.reads.clear();
        prop_assert_eq!(case.time(), RaceTime::default());
    }
}
