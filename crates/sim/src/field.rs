//! The runners and how fast they are: a made-up field of any size, or one given as CSV.
//!
//! It knows people and their true passages; what a mat makes of them is the script's.

use crate::{
    course::{Course, CourseError},
    limits::RUNNERS_MAX,
    names::{HARD, POOLS, Pool},
};
use rand::{RngExt, SeedableRng, rngs::StdRng};

#[derive(Clone, Debug, PartialEq)]
pub struct Runner {
    pub bib: String,
    pub first_name: String,
    pub last_name: String,
    /// `F`, `M`, or what a CSV says.
    pub gender: String,
    pub age: String,
    pub city: String,
    pub state: String,
    pub country: String,
    /// Milliseconds from the runner's own start to each point of the course; none where they
    /// were not seen.
    pub splits_ms: Vec<Option<u32>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub course: Course,
    pub runners: Vec<Runner>,
}

#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    #[error("a field has at most {RUNNERS_MAX} runners; {0} were asked for")]
    TooLarge(usize),
    #[error("the file has no column {0:?}; its first line must name the columns")]
    NoColumn(&'static str),
    #[error("the file has no column split_<point>_s and no finish_s, so nobody can be timed")]
    NoSplits,
    #[error("the file has no point {0:?}; it has {1}")]
    NoPoint(String, String),
    #[error(transparent)]
    Course(#[from] CourseError),
    #[error("the file cannot be read: {0}")]
    Csv(#[from] csv::Error),
}

/// A row of a CSV that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Counted from 1, the header's.
    pub line: u64,
    pub reason: String,
}

/// One in so many made-up runners has a hard name; the first ones of any field do.
const HARD_EVERY: usize = 8;
/// One in a hundred drops out, and three in a thousand passages before the last are not seen.
const DROPOUT_SHARE: f64 = 0.01;
const UNSEEN_SHARE: f64 = 0.003;

impl Field {
    /// The same people and times for the same arguments.
    pub fn made_up(runners: usize, course: Course, seed: u64) -> Result<Self, FieldError> {
        if runners > RUNNERS_MAX {
            return Err(FieldError::TooLarge(runners));
        }
        let mut people = StdRng::seed_from_u64(seed ^ 0x0070_656f_706c_6521);
        let mut paces = StdRng::seed_from_u64(seed ^ 0x0070_6163_6573_2121);
        let runners = (0..runners)
            .map(|index| {
                let splits_ms = splits(&course, &mut paces);
                person(index, splits_ms, &mut people)
            })
            .collect();
        Ok(Self { course, runners })
    }
}

fn person(index: usize, splits_ms: Vec<Option<u32>>, rng: &mut StdRng) -> Runner {
    let woman = rng.random_bool(0.45);
    let pool = pick_pool(rng);
    let first = pick(if woman { pool.women } else { pool.men }, rng);
    let last = pick(pool.last, rng);
    let second = rng.random_bool(0.06).then(|| pick(pool.last, rng));
    let city = pick(pool.cities, rng);
    let age = (38.0 + 11.0 * normal(rng)).clamp(12.0, 88.0) as u32;
    let (mut first_name, mut city) = (first.to_owned(), city.to_owned());
    let mut last_name = match second {
        Some(second) => format!("{last}-{second}"),
        None => last.to_owned(),
    };
    if index.is_multiple_of(HARD_EVERY) {
        let (hard_first, hard_last, hard_city) = HARD[index / HARD_EVERY % HARD.len()];
        first_name = hard_first.to_owned();
        last_name = hard_last.to_owned();
        city = hard_city.to_owned();
    }
    Runner {
        bib: (index + 1).to_string(),
        first_name,
        last_name,
        gender: if woman { "F" } else { "M" }.to_owned(),
        age: age.to_string(),
        city,
        state: pool.state.to_owned(),
        country: pool.country.to_owned(),
        splits_ms,
    }
}

/// Each runner has a pace, slows down towards the end, and wavers a little from point to point.
fn splits(course: &Course, rng: &mut StdRng) -> Vec<Option<u32>> {
    let length_m = course.length_m().max(1.0);
    let slower_over_distance = (10_000.0 / length_m.max(1_000.0)).powf(0.06);
    let pace_mps = (3.05 * (0.17 * normal(rng)).exp()).clamp(1.3, 6.0) * slower_over_distance;
    let fade = (0.08 + 0.06 * normal(rng)).clamp(-0.03, 0.4);
    let last = course.points().len() - 1;
    let stops_after = if rng.random_bool(DROPOUT_SHARE) {
        rng.random_range(0..=last)
    } else {
        last
    };
    let (mut before_m, mut at_ms) = (0.0, 0.0);
    let mut splits = Vec::with_capacity(last + 1);
    for (index, point) in course.points().iter().enumerate() {
        let done = (before_m + point.distance_m) / 2.0 / length_m;
        let wavers = 1.0 + 0.015 * normal(rng).clamp(-3.0, 3.0);
        let slowed = (1.0 + 3.0 * fade * done * done) * wavers;
        at_ms += (point.distance_m - before_m) / pace_mps * slowed * 1_000.0;
        before_m = point.distance_m;
        let seen = index == last || !rng.random_bool(UNSEEN_SHARE);
        splits.push((seen && index <= stops_after).then_some(at_ms as u32));
    }
    splits
}

fn pick_pool(rng: &mut StdRng) -> &'static Pool {
    let total: u32 = POOLS.iter().map(|pool| pool.weight).sum();
    let mut left = rng.random_range(0..total);
    for pool in POOLS {
        match left.checked_sub(pool.weight) {
            Some(rest) => left = rest,
            None => return pool,
        }
    }
    &POOLS[0]
}

fn pick(names: &[&'static str], rng: &mut StdRng) -> &'static str {
    names[rng.random_range(0..names.len())]
}

/// A standard normal number, by Box and Muller.
pub(crate) fn normal(rng: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn course() -> Course {
        Course::parse(&["START", "10K", "HALF", "FINISH"]).unwrap()
    }

    #[test]
    fn a_field_is_the_same_for_the_same_seed_and_another_for_another() {
        let field = |seed| Field::made_up(300, course(), seed).unwrap();
        assert_eq!(field(7), field(7));
        assert_ne!(field(7), field(8));
    }

    #[test]
    fn every_runner_goes_forward_at_a_human_pace() {
        let field = Field::made_up(2_000, course(), 1).unwrap();
        for runner in &field.runners {
            let seen: Vec<u32> = runner.splits_ms.iter().flatten().copied().collect();
            assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{runner:?}");
            if let Some(Some(finish)) = runner.splits_ms.last() {
                assert!((6_000_000..60_000_000).contains(finish), "{runner:?}");
            }
        }
        let finishers = field
            .runners
            .iter()
            .filter(|runner| runner.splits_ms[3].is_some())
            .count();
        assert!((1_950..2_000).contains(&finishers), "{finishers}");
        let bibs: HashSet<_> = field.runners.iter().map(|runner| &runner.bib).collect();
        assert_eq!(bibs.len(), 2_000);
    }

    #[test]
    fn hard_names_are_in_every_field_that_is_large_enough() {
        let field = Field::made_up(HARD.len() * HARD_EVERY, course(), 3).unwrap();
        for (first, last, _) in HARD {
            let there = |runner: &Runner| runner.first_name == *first && runner.last_name == *last;
            assert!(field.runners.iter().any(there), "{first} {last}");
        }
    }

    #[test]
    fn a_field_past_the_limit_is_refused() {
        let too_large = Field::made_up(RUNNERS_MAX + 1, course(), 1);
        assert!(matches!(too_large, Err(FieldError::TooLarge(_))));
    }
}
