//! What the mats make of a race: every read in the order in which the controller reports it.
//!
//! It knows true passages and race milliseconds; the controller's clock, sessions on the wire and
//! connections are the device's.

use crate::{
    field::{Field, normal},
    knobs::Knobs,
};
use model::fold_tag;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// Whose read it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// By the runner's place in the field.
    Runner(u32),
    /// A chip that nobody in the field has.
    Stray(u32),
    /// A staff tag.
    Test(u8),
    /// The reader could not tell.
    Unknown,
    /// A pseudo read: a gun start.
    Gun,
    /// A pseudo read: a point that was not there before.
    NewLocation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptRead {
    /// Race milliseconds of the passage, from the script's beginning.
    pub at_ms: u32,
    /// When the controller reports it; never before the passage.
    pub emit_ms: u32,
    /// Rises within a session.
    pub sequence: u32,
    /// Into `Script::points`.
    pub point: u16,
    /// How often this tag was read here before, and this time, in this session.
    pub occurrence: u16,
    /// Into the point's readers.
    pub reader: u8,
    pub antenna: u8,
    pub tag: Tag,
    /// A further read of a passage that has its read already.
    pub again: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptPoint {
    pub location: String,
    /// The last six signs of each reader's address, as the wire has them.
    pub readers: [String; 2],
    /// Announced mid-stream, and not to be named before.
    pub late: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    points: Vec<ScriptPoint>,
    runner_tags: Vec<String>,
    strays: Vec<String>,
    test_tags: Vec<String>,
    reads: Vec<ScriptRead>,
    sessions: Vec<Range<usize>>,
    passages: usize,
}

const ANTENNAS: [u8; 4] = [1, 2, 4, 8];
const TEST_TAG_FIRST: u32 = 99_995;
const STRAY_TAG_FIRST: u32 = 700_001;
const TEST_TAGS: u8 = 4;
/// Further reads of a passage come between these after it, mostly early.
const AGAIN_MS_MIN: f64 = 50.0;
const AGAIN_MS_MAX: f64 = 20_000.0;

impl Script {
    /// The same script for the same arguments.
    pub fn new(field: &Field, knobs: &Knobs, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x0073_6372_6970_7421);
        let points = points(field, knobs, &mut rng);
        let taken: HashSet<String> = field
            .runners
            .iter()
            .map(|runner| fold_tag(&runner.bib))
            .collect();
        let nobodys = |first: u32| {
            (first..)
                .map(|tag| tag.to_string())
                .filter(|tag| !taken.contains(tag))
        };
        let width = knobs.tag_digits;
        let padded = |tag: &str| format!("{tag:0>width$}");
        let mut builder = Builder {
            rng,
            knobs,
            points: &points,
            reads: Vec::new(),
            passages: 0,
        };
        builder.guns();
        builder.tests();
        builder.runners(field);
        let strays = builder.strays();
        builder.announcements();
        let (mut reads, passages) = (builder.reads, builder.passages);
        let mut rng = builder.rng;
        // A stable sort: reads that are due together stay as they were made.
        reads.sort_by_key(|read| read.emit_ms);
        if let Some(rate_per_s) = knobs.rate_per_s {
            spread_evenly(&mut reads, rate_per_s);
        }
        let sessions = number(&mut reads, knobs, &mut rng);
        Self {
            runner_tags: field
                .runners
                .iter()
                .map(|runner| padded(&runner.bib))
                .collect(),
            strays: nobodys(STRAY_TAG_FIRST)
                .take(strays)
                .map(|tag| padded(&tag))
                .collect(),
            test_tags: nobodys(TEST_TAG_FIRST)
                .take(TEST_TAGS.into())
                .map(|tag| padded(&tag))
                .collect(),
            points,
            reads,
            sessions,
            passages,
        }
    }

    pub fn points(&self) -> &[ScriptPoint] {
        &self.points
    }

    /// In the order of reporting.
    pub fn reads(&self) -> &[ScriptRead] {
        &self.reads
    }

    /// The places in `reads` of each timing session, in order. There is at least one.
    pub fn sessions(&self) -> &[Range<usize>] {
        &self.sessions
    }

    /// How often a runner passed a point.
    pub fn passages(&self) -> usize {
        self.passages
    }

    /// Race milliseconds until the last read is reported.
    pub fn duration_ms(&self) -> u32 {
        self.reads.last().map_or(0, |read| read.emit_ms)
    }

    /// The tag as it stands on the wire.
    pub fn tag_text(&self, tag: Tag) -> &str {
        match tag {
            Tag::Runner(index) => &self.runner_tags[index as usize],
            Tag::Stray(index) => &self.strays[index as usize],
            Tag::Test(index) => &self.test_tags[usize::from(index)],
            Tag::Unknown => "UNKNOWN",
            Tag::Gun => "guntime",
            Tag::NewLocation => "newlocation",
        }
    }
}

fn points(field: &Field, knobs: &Knobs, rng: &mut StdRng) -> Vec<ScriptPoint> {
    let course = field.course.points();
    let late_from = course.len().saturating_sub(knobs.late_points).max(1);
    let mut reader = || {
        let mut address = format!("{:06X}", rng.random_range(0..0x100_0000));
        // Not every reader writes hex: `23H016` is from a live feed.
        if rng.random_bool(0.1) {
            address.replace_range(2..3, "H");
        }
        address
    };
    course
        .iter()
        .enumerate()
        .map(|(index, point)| ScriptPoint {
            location: point.location.clone(),
            readers: [reader(), reader()],
            late: index >= late_from,
        })
        .collect()
}

struct Builder<'a> {
    rng: StdRng,
    knobs: &'a Knobs,
    points: &'a [ScriptPoint],
    reads: Vec<ScriptRead>,
    passages: usize,
}

impl Builder<'_> {
    fn gun_ms(&self, wave: u32) -> u64 {
        u64::from(self.knobs.lead_ms) + u64::from(wave) * u64::from(self.knobs.wave_gap_ms)
    }

    fn pseudo(&mut self, point: usize, at_ms: u32, tag: Tag) {
        self.reads.push(ScriptRead {
            at_ms,
            emit_ms: at_ms,
            sequence: 0,
            point: point as u16,
            occurrence: 0,
            reader: 0,
            antenna: 0,
            tag,
            again: false,
        });
    }

    /// A chip over a mat, reported when its observation window closes.
    fn chip(&mut self, point: usize, at_ms: f64, tag: Tag, again: bool) {
        let at_ms = at_ms.clamp(0.0, f64::from(u32::MAX)) as u32;
        let emit_ms = at_ms.saturating_add(self.rng.random_range(0..=self.knobs.window_ms));
        self.reads.push(ScriptRead {
            at_ms,
            emit_ms,
            sequence: 0,
            point: point as u16,
            occurrence: 0,
            reader: u8::from(self.rng.random_bool(0.2)),
            antenna: ANTENNAS[self.rng.random_range(0..ANTENNAS.len())],
            tag,
            again,
        });
    }

    fn guns(&mut self) {
        for wave in 0..self.knobs.waves.max(1) {
            let at_ms = self.gun_ms(wave).min(u32::MAX.into()) as u32;
            self.pseudo(0, at_ms, Tag::Gun);
        }
    }

    /// Staff walk over the mats before the gun.
    fn tests(&mut self) {
        if !self.knobs.test_tags {
            return;
        }
        for point in 0..self.points.len() {
            if !self.points[point].late {
                let at_ms = self.rng.random_range(0.0..=f64::from(self.knobs.lead_ms));
                let tag = Tag::Test(self.rng.random_range(0..TEST_TAGS));
                self.chip(point, at_ms, tag, false);
            }
        }
    }

    fn runners(&mut self, field: &Field) {
        let order = start_order(field, &mut self.rng);
        let waves = self.knobs.waves.max(1) as usize;
        let wave_size = order.len().div_ceil(waves).max(1);
        let starters_per_s = self.knobs.starters_per_s.max(0.001);
        for (rank, index) in order.into_iter().enumerate() {
            let gun_ms = self.gun_ms((rank / wave_size) as u32) as f64;
            let shuffle_ms = 1_500.0 * self.rng.random::<f64>();
            let walk_ms = (rank % wave_size) as f64 / starters_per_s * 1_000.0;
            let start_ms = gun_ms + 500.0 + walk_ms + shuffle_ms;
            let tag = Tag::Runner(index as u32);
            for (point, split) in field.runners[index].splits_ms.iter().enumerate() {
                if let Some(split_ms) = split {
                    let at_start = point == 0 && field.course.has_start();
                    self.passage(point, start_ms + f64::from(*split_ms), tag, at_start);
                }
            }
        }
    }

    fn passage(&mut self, point: usize, at_ms: f64, tag: Tag, at_start: bool) {
        self.passages += 1;
        self.chip(point, at_ms, tag, false);
        let further = if at_start {
            self.rng.random_range(1..=self.knobs.start_reads_max.max(1)) - 1
        } else if self
            .rng
            .random_bool(self.knobs.duplicate_share.clamp(0.0, 1.0))
        {
            self.rng
                .random_range(1..=self.knobs.duplicate_reads_max.max(1))
        } else {
            0
        };
        for _ in 0..further {
            let early = self.rng.random::<f64>();
            let after_ms = AGAIN_MS_MIN + (AGAIN_MS_MAX - AGAIN_MS_MIN) * early * early;
            self.chip(point, at_ms + after_ms, tag, true);
        }
        if self
            .rng
            .random_bool(self.knobs.unknown_share.clamp(0.0, 1.0))
        {
            self.chip(point, at_ms, Tag::Unknown, false);
        }
    }

    /// Chips of other races, anywhere while the runners pass. Gives how many chips there are.
    fn strays(&mut self) -> usize {
        let wanted = (self.passages as f64 * self.knobs.stray_share.max(0.0)).round() as usize;
        let seen = self.reads.len();
        let chips = wanted.div_ceil(3);
        for _ in 0..wanted {
            let beside = self.reads[self.rng.random_range(0..seen)];
            let tag = Tag::Stray(self.rng.random_range(0..chips) as u32);
            self.chip(beside.point.into(), f64::from(beside.at_ms), tag, false);
        }
        chips
    }

    /// A late point is announced when its first read is about to be reported.
    fn announcements(&mut self) {
        for point in 0..self.points.len() {
            if self.points[point].late {
                let here = self
                    .reads
                    .iter()
                    .filter(|read| usize::from(read.point) == point);
                if let Some(first_ms) = here.map(|read| read.emit_ms).min() {
                    self.pseudo(point, first_ms.saturating_sub(1), Tag::NewLocation);
                }
            }
        }
    }
}

/// The fast ones first, more or less: people do not know how fast they will be.
fn start_order(field: &Field, rng: &mut StdRng) -> Vec<usize> {
    let length_m = field.course.length_m();
    let expected_ms = |index: usize| {
        let splits = &field.runners[index].splits_ms;
        let points = field.course.points().iter().zip(splits).rev();
        points
            .filter(|(point, _)| point.distance_m > 0.0)
            .find_map(|(point, split)| split.map(|ms| f64::from(ms) * length_m / point.distance_m))
            .unwrap_or(f64::MAX)
    };
    let mut order: Vec<(f64, usize)> = (0..field.runners.len())
        .map(|index| {
            (
                expected_ms(index) * (1.0 + 0.08 * normal(rng).clamp(-3.0, 3.0)),
                index,
            )
        })
        .collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    order.into_iter().map(|(_, index)| index).collect()
}

/// Reports the reads at an even rate; how long each waited for its report stays.
fn spread_evenly(reads: &mut [ScriptRead], rate_per_s: f64) {
    let gap_ms = 1_000.0 / rate_per_s.max(1e-6);
    for (index, read) in reads.iter_mut().enumerate() {
        let waited_ms = read.emit_ms - read.at_ms;
        read.emit_ms = (index as f64 * gap_ms).min(f64::from(u32::MAX)) as u32;
        read.at_ms = read.emit_ms.saturating_sub(waited_ms);
    }
}

/// Cuts the reads into sessions, each with its own numbers.
fn number(reads: &mut [ScriptRead], knobs: &Knobs, rng: &mut StdRng) -> Vec<Range<usize>> {
    let cut = match knobs.new_session_at_ms {
        Some(at_ms) => reads.partition_point(|read| read.emit_ms < at_ms),
        None => reads.len(),
    };
    let first = 0..cut;
    let mut sessions = vec![first];
    if cut < reads.len() {
        sessions.push(cut..reads.len());
    }
    for session in &sessions {
        let mut sequence = 0;
        let mut occurrences: HashMap<(Tag, u16), u16> = HashMap::new();
        for read in &mut reads[session.clone()] {
            sequence += 1;
            if rng.random_bool(knobs.gap_share.clamp(0.0, 1.0)) {
                sequence += rng.random_range(1..=20);
            }
            read.sequence = sequence;
            if read.antenna != 0 {
                let seen = occurrences.entry((read.tag, read.point)).or_default();
                *seen = seen.saturating_add(1).min(999);
                read.occurrence = *seen;
            }
        }
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Course;
    use proptest::prelude::*;

    fn field(runners: usize, seed: u64) -> Field {
        let course = Course::parse(&["START", "5K", "15K", "FINISH"]).unwrap();
        Field::made_up(runners, course, seed).unwrap()
    }

    prop_compose! {
        fn any_knobs()(
            waves in 0_u32..4,
            window_ms in 0_u32..6_000,
            start_reads_max in 0_u32..10,
            duplicate_share in 0.0..1.0_f64,
            stray_share in 0.0..0.5_f64,
            unknown_share in 0.0..0.5_f64,
            late_points in 0_usize..6,
            gap_share in 0.0..0.3_f64,
            new_session_at_ms in proptest::option::of(0_u32..20_000_000),
            rate_per_s in proptest::option::of(0.5..5_000.0_f64),
        ) -> Knobs {
            Knobs {
                waves, window_ms, start_reads_max, duplicate_share, stray_share, unknown_share,
                late_points, gap_share, new_session_at_ms, rate_per_s, ..Knobs::default()
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_script_is_a_function_of_its_seed(knobs in any_knobs(), seed: u64, other: u64) {
            let field = field(30, seed);
            let script = Script::new(&field, &knobs, seed);
            prop_assert_eq!(&script, &Script::new(&field, &knobs, seed));
            if seed != other {
                prop_assert_ne!(script, Script::new(&field, &knobs, other));
            }
        }

        #[test]
        fn every_passage_is_read_and_every_read_is_in_order(knobs in any_knobs(), seed: u64) {
            let field = field(40, seed);
            let script = Script::new(&field, &knobs, seed);
            let mut passages = 0;
            for (index, runner) in field.runners.iter().enumerate() {
                for (point, split) in runner.splits_ms.iter().enumerate() {
                    let reads = script.reads().iter().filter(|read| {
                        read.tag == Tag::Runner(index as u32)
                            && usize::from(read.point) == point
                            && !read.again
                    });
                    prop_assert_eq!(reads.count(), usize::from(split.is_some()));
                    passages += usize::from(split.is_some());
                }
            }
            prop_assert_eq!(script.passages(), passages);
            let emits: Vec<_> = script.reads().iter().map(|read| read.emit_ms).collect();
            prop_assert!(emits.is_sorted());
            for read in script.reads() {
                prop_assert!(read.at_ms <= read.emit_ms);
                prop_assert!(read.emit_ms - read.at_ms <= knobs.window_ms);
                prop_assert!(!script.tag_text(read.tag).is_empty());
            }
            let mut next = 0;
            for session in script.sessions() {
                prop_assert_eq!(session.start, next);
                next = session.end;
                let numbers: Vec<_> =
                    script.reads()[session.clone()].iter().map(|read| read.sequence).collect();
                prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(numbers.first().is_none_or(|first| *first <= 21));
            }
            prop_assert_eq!(next, script.reads().len());
        }
    }

    #[test]
    fn late_points_are_silent_until_they_are_announced() {
        let knobs = Knobs {
            late_points: 2,
            ..Knobs::default()
        };
        let script = Script::new(&field(50, 3), &knobs, 3);
        assert_eq!(script.points().iter().filter(|point| point.late).count(), 2);
        for (index, point) in script.points().iter().enumerate() {
            let mut here = script
                .reads()
                .iter()
                .filter(|read| usize::from(read.point) == index);
            let first_is_announcement = here.next().map(|read| read.tag) == Some(Tag::NewLocation);
            assert_eq!(first_is_announcement, point.late, "{}", point.location);
        }
    }

    #[test]
    fn strays_are_nobodys_and_tags_may_be_padded() {
        let knobs = Knobs {
            stray_share: 0.2,
            tag_digits: 6,
            ..Knobs::default()
        };
        let mut field = field(50, 4);
        field.runners[0].bib = "700001".to_owned();
        let script = Script::new(&field, &knobs, 4);
        let strays: HashSet<_> = script
            .reads()
            .iter()
            .filter(|read| matches!(read.tag, Tag::Stray(_) | Tag::Test(_)))
            .map(|read| script.tag_text(read.tag).to_owned())
            .collect();
        assert!(strays.len() > 3);
        assert!(strays.contains("099995") || strays.contains("099996") || strays.len() > 10);
        let runners: HashSet<_> = (0..50)
            .map(|index| script.tag_text(Tag::Runner(index)).to_owned())
            .collect();
        assert!(runners.contains("000002"));
        assert!(strays.is_disjoint(&runners));
    }

    #[test]
    fn a_busy_mat_is_as_unordered_as_a_real_one() {
        let script = Script::new(&field(3_000, 5), &Knobs::default(), 5);
        let finish: Vec<_> = script
            .reads()
            .iter()
            .filter(|read| read.point == 0)
            .collect();
        let back = finish
            .windows(2)
            .filter(|pair| pair[1].at_ms < pair[0].at_ms)
            .count();
        let share = back as f64 / finish.len() as f64;
        assert!((0.3..0.55).contains(&share), "{share}");
    }

    #[test]
    fn a_rate_spreads_the_reads_evenly() {
        let knobs = Knobs {
            rate_per_s: Some(500.0),
            ..Knobs::default()
        };
        let script = Script::new(&field(500, 6), &knobs, 6);
        let count = script.reads().len() as u32;
        assert_eq!(script.duration_ms(), (count - 1) * 2);
    }
}
