//! Sequence numbers that were left out: a hint that reads are missing, never a proof.
//!
//! Nobody has said whether a controller counts by location or over all of them (both are seen), so
//! it is found out: one number from two locations means that each counts by itself. A number that
//! comes later closes its gap. A named connection that dials again goes on where it was.

use crate::limits;
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// All connections of a stream.
#[derive(Debug, Default)]
pub struct Sequences {
    counted: HashMap<Arc<str>, Counted>,
    /// In the order in which they were first heard.
    order: VecDeque<Arc<str>>,
}

/// What one connection counted.
#[derive(Debug, Default)]
struct Counted {
    /// Found out, and then so for good.
    by_location: bool,
    all: Line,
    lines: HashMap<Arc<str>, Line>,
    /// The newest numbers and where they came from.
    newest: VecDeque<(u64, Arc<str>)>,
}

/// Numbers that belong together.
#[derive(Debug, Default)]
struct Line {
    highest: Option<u64>,
    gaps: Vec<Gap>,
}

/// Numbers that were left out, `first` to `last`.
#[derive(Debug)]
struct Gap {
    first: u64,
    last: u64,
    /// Of the read that came instead.
    place: Arc<str>,
}

impl Sequences {
    /// `connection`: its name, or what else tells it from others.
    pub fn came(&mut self, connection: &str, place: &Arc<str>, sequence: u64) {
        if !self.counted.contains_key(connection) {
            if self.order.len() >= limits::COUNTED_CONNECTIONS_MAX
                && let Some(oldest) = self.order.pop_front()
            {
                self.counted.remove(&oldest);
            }
            let connection: Arc<str> = connection.into();
            self.order.push_back(Arc::clone(&connection));
            self.counted.insert(connection, Counted::default());
        }
        if let Some(counted) = self.counted.get_mut(connection) {
            counted.came(place, sequence);
        }
    }

    /// Numbers left out before reads of that place.
    pub fn missing(&self, place: &str) -> u64 {
        let gaps = self.counted.values().flat_map(|counted| {
            let lines = counted.lines.values().chain([&counted.all]);
            lines.flat_map(|line| &line.gaps)
        });
        gaps.filter(|gap| &*gap.place == place)
            .map(|gap| gap.last - gap.first + 1)
            .sum()
    }
}

impl Counted {
    fn came(&mut self, place: &Arc<str>, sequence: u64) {
        if !self.by_location {
            let elsewhere = |(number, at): &(u64, Arc<str>)| *number == sequence && at != place;
            if self.newest.iter().any(elsewhere) {
                self.by_location = true;
                self.all = Line::default();
                for (number, at) in std::mem::take(&mut self.newest) {
                    self.line(&at).came(&at, number);
                }
            }
        }
        if self.by_location {
            self.line(place).came(place, sequence);
            return;
        }
        let begins = self.newest.len() < limits::COUNTED_NEWEST;
        if begins && !self.newest.iter().any(|(_, at)| at == place) {
            // Each location is resumed from its own last read: the numbers before it are stored.
            self.all.gaps.retain(|gap| gap.last >= sequence);
            self.all.goes_on(sequence);
        } else {
            self.all.came(place, sequence);
        }
        if !begins {
            self.newest.pop_front();
        }
        self.newest.push_back((sequence, Arc::clone(place)));
    }

    fn line(&mut self, place: &Arc<str>) -> &mut Line {
        self.lines.entry(Arc::clone(place)).or_default()
    }
}

impl Line {
    /// Nothing is known to be missing before this one.
    fn goes_on(&mut self, sequence: u64) {
        self.close(sequence);
        self.highest = self.highest.max(Some(sequence));
    }

    fn came(&mut self, place: &Arc<str>, sequence: u64) {
        let Some(highest) = self.highest else {
            self.highest = Some(sequence);
            return;
        };
        if sequence <= highest {
            self.close(sequence);
            return;
        }
        let left_out = sequence - highest - 1;
        // More than that is another session.
        if left_out > 0 && left_out <= limits::GAP_NUMBERS_MAX {
            if self.gaps.len() >= limits::GAPS_MAX {
                self.gaps.remove(0);
            }
            self.gaps.push(Gap {
                first: highest + 1,
                last: sequence - 1,
                place: Arc::clone(place),
            });
        }
        self.highest = Some(sequence);
    }

    fn close(&mut self, sequence: u64) {
        let within = |gap: &Gap| (gap.first..=gap.last).contains(&sequence);
        let Some(at) = self.gaps.iter().position(within) else {
            return;
        };
        let gap = &mut self.gaps[at];
        if gap.first == gap.last {
            self.gaps.remove(at);
        } else if sequence == gap.first {
            gap.first += 1;
        } else if sequence == gap.last {
            gap.last -= 1;
        } else {
            let after = Gap {
                first: sequence + 1,
                last: gap.last,
                place: Arc::clone(&gap.place),
            };
            gap.last = sequence - 1;
            self.gaps.insert(at + 1, after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A7` is number 7 from location A.
    fn check(reads: &str, missing: [u64; 2]) {
        let mut sequences = Sequences::default();
        for read in reads.split_whitespace() {
            let (place, number) = read.split_at(1);
            sequences.came("mat-1", &place.into(), number.parse().unwrap());
        }
        let found = ["A", "B"].map(|place| sequences.missing(place));
        assert_eq!(found, missing, "{reads}");
    }

    #[test]
    fn numbers_left_out_are_missing_until_they_come() {
        check("", [0, 0]);
        check("A500", [0, 0]);
        check("A1 A2 A3", [0, 0]);
        check("A1 A5", [3, 0]);
        check("A1 A5 A3", [2, 0]);
        check("A1 A5 A3 A2 A4", [0, 0]);
        check("A1 A5 A9 A2 A3 A4", [3, 0]);
        check("A1 A10 A4 A4 A4", [7, 0]);
        // A rewind closes what it brings, and opens nothing.
        check("A1 A2 A6 A1 A2 A3 A4", [1, 0]);
    }

    #[test]
    fn a_count_over_all_locations_has_no_gaps_in_each() {
        check("A1 B2 A3 B4 B5 A6", [0, 0]);
        check("A1 B2 A5 B6", [2, 0]);
        check("A1 B2 A3 B7", [0, 3]);
        // Resumed: A's own numbers between 480 and 500 are stored and do not come again.
        check("B480 B483 B485 A500 B486 B501", [0, 0]);
        check("A500 B480 B485 A501", [0, 0]);
    }

    #[test]
    fn a_count_by_location_is_found_out() {
        check("A1 B1 A2 B2 A3 B3", [0, 0]);
        check("A1 A2 A3 B1 B2 B3", [0, 0]);
        check("A1 B1 A2 B2 A5 B3 B7", [2, 3]);
        check("A1 B1 A2 B2 A5 B3 B7 A3 A4 B5", [0, 2]);
    }

    #[test]
    fn another_session_is_no_gap() {
        check("A1 A2 A3 A500000 A500001", [0, 0]);
        check("A100 A101 A1 A2 A5", [0, 0]);
    }

    #[test]
    fn a_named_connection_goes_on_and_others_are_apart() {
        let mut sequences = Sequences::default();
        let place: Arc<str> = "A".into();
        for number in [1, 2, 5] {
            sequences.came("mat-1", &place, number);
        }
        for number in [900, 901] {
            sequences.came("mat-2", &place, number);
        }
        assert_eq!(sequences.missing("A"), 2);
        for number in [3, 4, 5, 6] {
            sequences.came("mat-1", &place, number);
        }
        assert_eq!(sequences.missing("A"), 0);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut sequences = Sequences::default();
        let place: Arc<str> = "A".into();
        for connection in 0..1_000 {
            for number in 0..200 {
                sequences.came(&connection.to_string(), &place, number * 3);
            }
        }
        assert_eq!(sequences.counted.len(), limits::COUNTED_CONNECTIONS_MAX);
        let most = 2 * limits::GAPS_MAX * limits::COUNTED_CONNECTIONS_MAX;
        assert_eq!(sequences.missing("A"), most as u64);
    }
}
