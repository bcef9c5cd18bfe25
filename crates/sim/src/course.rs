//! The course: timing points in order, each with its location text and its distance.

use crate::limits::{LOCATION_BYTES_MAX, POINTS_MAX};

#[derive(Clone, Debug, PartialEq)]
pub struct CoursePoint {
    /// The device's text for it.
    pub location: String,
    pub distance_m: f64,
}

/// At least one point, in course order.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    points: Vec<CoursePoint>,
}

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum CourseError {
    #[error("a course has 1 to {POINTS_MAX} points; {0} were given")]
    Count(usize),
    #[error(
        "{0:?} cannot be a location: use 1 to {LOCATION_BYTES_MAX} bytes with no blank and none of , ; ~ |"
    )]
    Location(String),
    #[error("the point {0:?} is given twice; each location has its own name")]
    Twice(String),
    #[error("{0:?} has no distance in metres after its @; write it like 10K@10000")]
    Distance(String),
    #[error(
        "the point {0:?} lies before the one named before it; give points in course order, with NAME@METRES where the name does not tell"
    )]
    Order(String),
}

/// Distances that a race without a stated one may have, in metres.
const COMMON_M: [f64; 5] = [5_000.0, 10_000.0, 21_097.5, 42_195.0, 100_000.0];

impl Course {
    /// From `NAME` or `NAME@METRES`. `START`, `FINISH`, `HALF` and `10K` tell where they are; other
    /// names are spread evenly between their neighbors. The length is that of the last point, or
    /// the shortest common race that takes all the points.
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Self, CourseError> {
        if names.is_empty() || names.len() > POINTS_MAX {
            return Err(CourseError::Count(names.len()));
        }
        let mut known = Vec::with_capacity(names.len());
        for name in names {
            known.push(parse_point(name.as_ref())?);
        }
        for (index, (location, _)) in known.iter().enumerate() {
            if known[..index].iter().any(|(other, _)| other == location) {
                return Err(CourseError::Twice(location.clone()));
            }
        }
        let last = known.len() - 1;
        if last > 0 && known[0].1.is_none() {
            known[0].1 = Some(0.0);
        }
        if known[last].1.is_none() {
            let farthest = known.iter().filter_map(|(_, at)| *at).fold(0.0, f64::max);
            let common = COMMON_M.into_iter().find(|length| *length > farthest);
            let shortest = if farthest == 0.0 {
                10_000.0
            } else {
                farthest + 1_000.0
            };
            known[last].1 = Some(match common {
                Some(length) if farthest > 0.0 => length,
                _ => shortest,
            });
        }
        let distances = spread(&known.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        let points: Vec<_> = known
            .into_iter()
            .zip(distances)
            .map(|((location, _), distance_m)| CoursePoint {
                location,
                distance_m,
            })
            .collect();
        match points
            .windows(2)
            .find(|pair| pair[1].distance_m <= pair[0].distance_m)
        {
            Some(pair) => Err(CourseError::Order(pair[1].location.clone())),
            None => Ok(Self { points }),
        }
    }

    /// Only those points whose location is wanted.
    pub(crate) fn keep(mut self, is_wanted: impl Fn(&str) -> bool) -> Result<Self, CourseError> {
        self.points.retain(|point| is_wanted(&point.location));
        if self.points.is_empty() {
            Err(CourseError::Count(0))
        } else {
            Ok(self)
        }
    }

    pub fn points(&self) -> &[CoursePoint] {
        &self.points
    }

    /// Whether the first point is where the runners' own time begins.
    pub fn has_start(&self) -> bool {
        self.points[0].distance_m == 0.0
    }

    pub fn length_m(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.distance_m)
    }
}

/// Whether a device could name a place so (`reference/protocols.md` §1a).
pub(crate) fn is_location(text: &str) -> bool {
    let allowed =
        |sign: char| !sign.is_whitespace() && !sign.is_control() && !",;~|".contains(sign);
    !text.is_empty() && text.len() <= LOCATION_BYTES_MAX && text.chars().all(allowed)
}

fn parse_point(text: &str) -> Result<(String, Option<f64>), CourseError> {
    let (location, distance) = match text.split_once('@') {
        Some((location, metres)) => match metres.trim().parse::<f64>() {
            Ok(metres) if (0.0..=1e7).contains(&metres) => (location, Some(metres)),
            _ => return Err(CourseError::Distance(text.to_owned())),
        },
        None => (text, told_by_name(text)),
    };
    let location = location.trim();
    if !is_location(location) {
        return Err(CourseError::Location(location.to_owned()));
    }
    Ok((location.to_owned(), distance))
}

fn told_by_name(name: &str) -> Option<f64> {
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "start" => return Some(0.0),
        "half" => return Some(21_097.5),
        _ => {}
    }
    let kilometres = name.strip_suffix("km").or_else(|| name.strip_suffix('k'))?;
    let metres = kilometres.parse::<f64>().ok()? * 1_000.0;
    (metres > 0.0 && metres <= 1e7).then_some(metres)
}

/// Fills the unknown ones evenly between known neighbors. The last one is known; so is the first
/// unless it is also the last.
fn spread(known: &[Option<f64>]) -> Vec<f64> {
    let mut filled: Vec<f64> = Vec::with_capacity(known.len());
    for (index, distance) in known.iter().enumerate() {
        let value = distance.unwrap_or_else(|| {
            let before = filled.last().copied().unwrap_or(0.0);
            let next = (index..known.len()).find_map(|i| known[i].map(|at| (i, at)));
            let (next_index, next_at) = next.unwrap_or((index, before));
            before + (next_at - before) / (next_index - index + 1) as f64
        });
        filled.push(value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_get_their_distances() {
        let check = |names: &[&str], distances: &[f64]| {
            let course = Course::parse(names).unwrap();
            let got: Vec<_> = course
                .points()
                .iter()
                .map(|point| point.distance_m)
                .collect();
            assert_eq!(got, distances, "{names:?}");
        };
        check(&["START", "5K", "FINISH"], &[0.0, 5_000.0, 10_000.0]);
        check(
            &["START@0", "A", "B", "FINISH@9000"],
            &[0.0, 3_000.0, 6_000.0, 9_000.0],
        );
        check(
            &["start", "10k", "half", "30K", "finish"],
            &[0.0, 10e3, 21_097.5, 30e3, 42_195.0],
        );
        check(&["FINISH"], &[10_000.0]);
        check(
            &["START", "TURN@750", "FINISH@1500"],
            &[0.0, 750.0, 1_500.0],
        );
        check(&["START", "160km", "FINISH"], &[0.0, 160_000.0, 161_000.0]);
    }

    #[test]
    fn impossible_courses_are_refused() {
        let check = |names: &[&str], error: CourseError| {
            assert_eq!(Course::parse(names), Err(error), "{names:?}");
        };
        check(&[], CourseError::Count(0));
        check(&["START", "A B"], CourseError::Location("A B".to_owned()));
        check(&["A~B"], CourseError::Location("A~B".to_owned()));
        check(&[""], CourseError::Location(String::new()));
        check(&["A", "A"], CourseError::Twice("A".to_owned()));
        check(&["A@far"], CourseError::Distance("A@far".to_owned()));
        check(
            &["10K", "5K", "FINISH"],
            CourseError::Order("5K".to_owned()),
        );
    }
}
