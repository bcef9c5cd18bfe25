//! Reads played again in their own time, and what a screen shows after each. Pure: how long it has
//! played comes in.

use model::{
    Arrival, BoardState, WallTime,
    limits::ARRIVALS_MAX,
    session_view::{ReadMark, SessionRead},
};
use std::collections::VecDeque;

/// How fast a tape may go.
pub(super) const SPEEDS: [u32; 5] = [1, 2, 5, 10, 60];

/// A pause that would take longer to watch is cut short.
const PAUSE_MS_MAX: i64 = 5_000;

/// To so much, in which whoever came last is seen.
const PAUSE_LEFT_MS: i64 = 1_000;

/// Fewer reads ahead are not enough: the next page is asked for.
const AHEAD_MIN: usize = 60;

/// A read with what a screen would show of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub read: SessionRead,
    pub arrival: Option<Arrival>,
}

/// The reads of a page, each with its crossing.
pub(super) fn lines(reads: Vec<SessionRead>, crossings: &[Arrival]) -> Vec<Line> {
    let line = |read: SessionRead| {
        let at = read.crossing.and_then(|at| usize::try_from(at).ok());
        let arrival = at.and_then(|at| crossings.get(at)).cloned();
        Line { read, arrival }
    };
    reads.into_iter().map(line).collect()
}

/// What a screen shows after the reads that it was told of.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    nobody: BoardState,
    /// The newest first; a second read of somebody at a point is no further arrival.
    arrivals: Vec<Arrival>,
}

impl Screen {
    pub fn new(nobody: BoardState) -> Self {
        let arrivals = Vec::new();
        Self { nobody, arrivals }
    }

    /// Before anybody had come.
    pub fn emptied(&self) -> Self {
        Self::new(self.nobody.clone())
    }

    /// What it shows with that one, where somebody is to be shown.
    pub fn passed(&mut self, line: &Line) -> Option<BoardState> {
        let arrival = line.arrival.clone()?;
        let is_same = |of: &Arrival| of.bib == arrival.bib && of.point == arrival.point;
        if !self.arrivals.iter().any(is_same) {
            self.arrivals.insert(0, arrival.clone());
            self.arrivals.truncate(ARRIVALS_MAX);
        }
        let has_time = |of: &Arrival| of.gun_time_ms.is_some() || of.chip_time_ms.is_some();
        Some(BoardState {
            points: vec![arrival.point.clone()],
            unofficial: self.arrivals.iter().any(has_time),
            demo: line.read.simulated,
            runner: Some(arrival),
            arrivals: self.arrivals.clone(),
            ..self.nobody.clone()
        })
    }
}

/// Reads ahead, and how far it has come.
#[derive(Default)]
pub(super) struct Tape {
    /// On the device's clock, hundredths.
    at: i64,
    /// What was played of a hundredth, in thousandths.
    rest: i64,
    ahead: VecDeque<Line>,
    next: Option<ReadMark>,
}

impl Tape {
    /// From that time of the device's clock on.
    pub fn from(at: WallTime, page: Vec<Line>, next: Option<ReadMark>) -> Self {
        Self {
            at: at.0,
            rest: 0,
            ahead: page.into(),
            next,
        }
    }

    pub fn at(&self) -> WallTime {
        WallTime(self.at)
    }

    pub fn add(&mut self, page: Vec<Line>, next: Option<ReadMark>) {
        self.ahead.extend(page);
        self.next = next;
    }

    /// The page to ask for, where few reads are left. It is asked for once.
    pub fn wants(&mut self) -> Option<ReadMark> {
        if self.ahead.len() >= AHEAD_MIN {
            return None;
        }
        self.next.take()
    }

    /// Whether nothing will come any more. While a page is asked for, it may.
    pub fn is_over(&self, asks: bool) -> bool {
        self.ahead.is_empty() && self.next.is_none() && !asks
    }

    /// The reads of so many milliseconds at that speed.
    pub fn play(&mut self, ms: i64, speed: u32) -> Vec<Line> {
        let Some(first) = self.ahead.front() else {
            return Vec::new();
        };
        let pause_cs = PAUSE_MS_MAX * i64::from(speed) / 10;
        if first.read.wall.0 - self.at > pause_cs {
            self.at = first.read.wall.0 - PAUSE_LEFT_MS * i64::from(speed) / 10;
            self.rest = 0;
        } else {
            let passed = ms * i64::from(speed) + self.rest;
            self.at += passed / 10;
            self.rest = passed % 10;
        }
        let mut due = Vec::new();
        while self
            .ahead
            .front()
            .is_some_and(|it| it.read.wall.0 <= self.at)
        {
            due.extend(self.ahead.pop_front());
        }
        due
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use model::{UnixMicros, timing_view::ReadStatus};

    fn line(wall_cs: i64, bib: &str, point: &str) -> Line {
        let read = SessionRead {
            wall: WallTime(wall_cs),
            at: UnixMicros(wall_cs * 10_000),
            time: String::new(),
            place: point.to_owned(),
            who: bib.to_owned(),
            status: ReadStatus::New,
            simulated: false,
            crossing: None,
        };
        let arrival = (!bib.is_empty()).then(|| Arrival {
            bib: bib.to_owned(),
            point: point.to_owned(),
            gun_time_ms: (point == "FINISH").then_some(1_000),
            ..Arrival::default()
        });
        Line { read, arrival }
    }

    fn tape(walls: &[i64]) -> Tape {
        let lines = walls.iter().map(|wall| line(*wall, "1", "FINISH"));
        Tape::from(WallTime(0), lines.collect(), None)
    }

    #[test]
    fn reads_keep_the_time_between_them() {
        let check = |speed: u32, steps: &[i64], expected: &[usize]| {
            let mut tape = tape(&[0, 100, 150, 400]);
            let played: Vec<_> = steps.iter().map(|ms| tape.play(*ms, speed).len()).collect();
            assert_eq!(played, expected, "{speed} times");
            assert!(tape.is_over(false) == (expected.iter().sum::<usize>() == 4));
        };
        check(1, &[0, 990, 10, 500, 2_499, 1], &[1, 0, 1, 1, 0, 1]);
        check(2, &[500, 250, 1_250], &[2, 1, 1]);
        check(60, &[1, 66], &[1, 3]);
        // A hundredth is not lost between two looks.
        check(1, &[5; 20], &[&[1][..], &[0; 18], &[0]].concat());
    }

    #[test]
    fn a_long_pause_is_cut_short() {
        let check = |gap_cs: i64, speed: u32, is_cut: bool| {
            let mut tape = tape(&[0, gap_cs]);
            assert_eq!(tape.play(0, speed).len(), 1);
            assert_eq!(tape.play(1, speed).len(), 0);
            let left = tape.play(PAUSE_LEFT_MS, speed);
            assert_eq!(left.len() == 1, is_cut, "{gap_cs} at {speed}");
        };
        check(500, 1, false);
        check(501, 1, true);
        check(5_000, 10, false);
        check(30_001, 60, true);
    }

    #[test]
    fn the_next_page_is_asked_for_once() {
        let mark = ReadMark::before(WallTime(9));
        let mut tape = Tape::from(WallTime(0), vec![line(5, "1", "FINISH")], Some(mark));
        assert_eq!((tape.wants(), tape.wants()), (Some(mark), None));
        assert_eq!(tape.play(1_000, 1).len(), 1);
        assert!(!tape.is_over(true));
        tape.add(vec![line(9, "2", "FINISH")], None);
        assert!(!tape.is_over(false));
        assert_eq!(tape.play(1_000, 1).len(), 1);
        assert!(tape.is_over(false));
    }

    #[test]
    fn a_screen_lists_each_once_at_a_point() {
        let mut screen = Screen::new(BoardState {
            event: "Run".to_owned(),
            ..BoardState::default()
        });
        assert_eq!(screen.passed(&line(1, "", "FINISH")), None);
        for (bib, point, listed, unofficial) in [
            ("1", "START", &["1"][..], false),
            ("2", "START", &["2", "1"], false),
            ("1", "START", &["2", "1"], false),
            ("1", "FINISH", &["1", "2", "1"], true),
        ] {
            let state = screen.passed(&line(1, bib, point)).unwrap();
            let bibs: Vec<_> = state.arrivals.iter().map(|it| &*it.bib).collect();
            assert_eq!((&*bibs, state.unofficial), (listed, unofficial));
            assert_eq!(state.runner.unwrap().bib, bib);
            assert_eq!(
                (&*state.event, state.points),
                ("Run", vec![point.to_owned()])
            );
        }
        for bib in 0..100 {
            screen.passed(&line(1, &format!("b{bib}"), "FINISH"));
        }
        let state = screen.passed(&line(1, "x", "FINISH")).unwrap();
        assert_eq!(state.arrivals.len(), ARRIVALS_MAX);
    }
}
