//! Which read is due next: what virtual time has released of the script, and from where each
//! location is being sent. It knows sequences and sessions, and nothing of lines or sockets.

use crate::{
    knobs::{Knobs, PlainStart, Stamp},
    script::{Script, Tag},
};
use model::MonoMs;
use std::{ops::Range, sync::Arc};

pub(crate) struct Feed {
    script: Arc<Script>,
    speed: f64,
    stamp: Stamp,
    plain_start: PlainStart,
    /// For each point the places in `script.reads()` of its reads.
    by_point: Vec<Vec<usize>>,
    /// For each point the next one to send, into `by_point`; none where it is not started.
    cursors: Vec<Option<usize>>,
    /// For each point the first one that never was sent, into `by_point`.
    unsent: Vec<usize>,
    /// Places of the announcements of late points.
    announcements: Vec<usize>,
    /// For each point whether this connection needs no announcement of it any more.
    told: Vec<bool>,
    session: usize,
    /// Reads before this place have happened.
    released: usize,
    /// When the controller was switched on.
    began: Option<MonoMs>,
    /// Only where reads happen as they are asked for: when each released one did.
    released_ms: Vec<u32>,
}

impl Feed {
    pub(crate) fn new(script: Arc<Script>, knobs: &Knobs) -> Self {
        let points = script.points().len();
        let mut by_point = vec![Vec::new(); points];
        let mut announcements = Vec::new();
        for (place, read) in script.reads().iter().enumerate() {
            by_point[usize::from(read.point)].push(place);
            if read.tag == Tag::NewLocation {
                announcements.push(place);
            }
        }
        Self {
            speed: knobs.speed.max(0.0),
            stamp: knobs.stamp,
            plain_start: knobs.plain_start,
            by_point,
            cursors: vec![None; points],
            unsent: vec![0; points],
            announcements,
            told: vec![false; points],
            session: 0,
            released: 0,
            began: None,
            released_ms: Vec::new(),
            script,
        }
    }

    /// The race begins with the first connection; nothing is started on a new one.
    pub(crate) fn connected(&mut self, now: MonoMs) {
        self.began.get_or_insert(now);
        self.release(now);
        self.cursors.fill(None);
        for place in &self.announcements {
            let point = usize::from(self.script.reads()[*place].point);
            self.told[point] = *place < self.released;
        }
    }

    /// The locations that the controller has by now.
    pub(crate) fn locations(&self) -> impl Iterator<Item = &str> {
        self.script
            .points()
            .iter()
            .enumerate()
            .filter_map(|(index, point)| {
                let first = self.by_point[index].first();
                let there = !point.late || first.is_some_and(|first| *first < self.released);
                there.then_some(point.location.as_str())
            })
    }

    pub(crate) fn point_named(&self, location: &str) -> Option<usize> {
        self.script
            .points()
            .iter()
            .position(|point| point.location == location)
    }

    /// `start`: every point, those that come later too.
    pub(crate) fn start_all(&mut self) {
        for point in 0..self.cursors.len() {
            self.start(point, None);
        }
    }

    /// `start~location` or `start~location~sequence`, which includes that sequence.
    pub(crate) fn start(&mut self, point: usize, sequence: Option<u64>) {
        let session = self.session_range();
        let places = &self.by_point[point];
        let reads = self.script.reads();
        let before_wanted = |place: usize| {
            let earlier = sequence.is_some_and(|from| u64::from(reads[place].sequence) < from);
            place < session.start || (place < session.end && earlier)
        };
        let cursor = match (sequence, self.plain_start) {
            (None, PlainStart::FromUnsent) => self.unsent[point],
            _ => places.partition_point(|place| before_wanted(*place)),
        };
        self.cursors[point] = Some(cursor);
    }

    /// `stop` or `stop~location`.
    pub(crate) fn stop(&mut self, point: Option<usize>) {
        match point {
            Some(point) => self.cursors[point] = None,
            None => self.cursors.fill(None),
        }
    }

    /// The operator plays everything again, old sessions too, to where it is being sent.
    pub(crate) fn rewind(&mut self) {
        for cursor in self.cursors.iter_mut().flatten() {
            *cursor = 0;
        }
    }

    pub(crate) fn is_started(&self) -> bool {
        self.cursors.iter().any(Option::is_some)
    }

    /// Lets happen what is due. At speed 0 reads happen when they are asked for.
    pub(crate) fn release(&mut self, now: MonoMs) {
        let Some(began) = self.began else { return };
        if self.speed > 0.0 {
            let race_ms = now.ms_since(began) as f64 * self.speed;
            let reads = self.script.reads();
            while self.released < reads.len() && f64::from(reads[self.released].emit_ms) <= race_ms
            {
                self.released += 1;
            }
        }
    }

    /// The place of the read that is sent next, if it is due.
    pub(crate) fn peek(&mut self, now: MonoMs) -> Option<usize> {
        let place = self.candidate()?;
        if self.speed == 0.0 && place >= self.released {
            let elapsed_ms = self.elapsed_ms(now);
            self.released_ms.resize(place + 1, elapsed_ms);
            self.released = place + 1;
        }
        (place < self.released).then_some(place)
    }

    /// The read at this place, which `peek` gave, is on its way.
    pub(crate) fn advance(&mut self, place: usize) {
        let read = self.script.reads()[place];
        let point = usize::from(read.point);
        if read.tag == Tag::NewLocation {
            self.told[point] = true;
        }
        if let Some(cursor) = &mut self.cursors[point] {
            *cursor += 1;
            self.unsent[point] = self.unsent[point].max(*cursor);
        }
    }

    /// When to ask again, where nothing else happens before.
    pub(crate) fn due(&self, now: MonoMs) -> Option<MonoMs> {
        let began = self.began?;
        if self.session_is_over(now) {
            return Some(now);
        }
        match self.candidate() {
            Some(place) if place < self.released || self.speed == 0.0 => Some(now),
            Some(place) => Some(self.real_time(began, place)),
            // All of this session is sent; wait for the next one.
            None if !self.is_last_session() && self.is_started() => {
                let next_first = self.session_range().end;
                self.is_sent_until(next_first)
                    .then(|| self.real_time(began, next_first))
            }
            None => None,
        }
    }

    /// Whether the next session has begun and all of this one was sent once at least.
    pub(crate) fn session_is_over(&self, now: MonoMs) -> bool {
        let (false, Some(began)) = (self.is_last_session(), self.began) else {
            return false;
        };
        let next_first = self.session_range().end;
        self.is_started()
            && self.candidate().is_none()
            && self.is_sent_until(next_first)
            && (self.speed == 0.0 || now >= self.real_time(began, next_first))
    }

    pub(crate) fn next_session(&mut self) {
        self.session += 1;
    }

    /// Whether the race is over and everything asked for is sent.
    pub(crate) fn is_done(&self) -> bool {
        let happened = self.speed == 0.0 || self.released == self.script.reads().len();
        self.is_last_session() && self.is_started() && happened && self.candidate().is_none()
    }

    /// Milliseconds from switching on to the passage, as the stamp has it.
    pub(crate) fn stamp_ms(&self, place: usize) -> i64 {
        let at_ms = self.script.reads()[place].at_ms;
        match self.stamp {
            Stamp::Recorded => at_ms.into(),
            Stamp::Now if self.speed > 0.0 => (f64::from(at_ms) / self.speed) as i64,
            Stamp::Now => self.released_ms[place].into(),
        }
    }

    fn session_range(&self) -> Range<usize> {
        self.script.sessions()[self.session].clone()
    }

    fn is_last_session(&self) -> bool {
        self.session + 1 == self.script.sessions().len()
    }

    /// The earliest read of this session that is still to be sent, whether it happened or not.
    fn candidate(&self) -> Option<usize> {
        let end = self.session_range().end;
        let started = self.by_point.iter().zip(&self.cursors);
        let next = started
            .filter_map(|(places, cursor)| places.get((*cursor)?).copied())
            .min();
        // A late point is announced even where it is not started: nobody could start it else.
        let announcement = self.announcements.iter().copied().find(|place| {
            let point = usize::from(self.script.reads()[*place].point);
            !self.told[point] && self.cursors[point].is_none() && self.is_started()
        });
        let first = match (next, announcement) {
            (Some(next), Some(announcement)) => Some(next.min(announcement)),
            (next, announcement) => next.or(announcement),
        };
        first.filter(|place| *place < end)
    }

    fn is_sent_until(&self, end: usize) -> bool {
        let mut points = self.by_point.iter().zip(&self.unsent);
        points.all(|(places, unsent)| places.get(*unsent).is_none_or(|place| *place >= end))
    }

    fn elapsed_ms(&self, now: MonoMs) -> u32 {
        let elapsed_ms = self.began.map_or(0, |began| now.ms_since(began));
        elapsed_ms.min(u32::MAX.into()) as u32
    }

    fn real_time(&self, began: MonoMs, place: usize) -> MonoMs {
        let emit_ms = f64::from(self.script.reads()[place].emit_ms);
        began.plus_ms((emit_ms / self.speed).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{course::Course, field::Field};
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn script(runners: usize, knobs: &Knobs, seed: u64) -> Arc<Script> {
        let course = Course::parse(&["START", "5K", "FINISH"]).unwrap();
        let field = Field::made_up(runners, course, seed).unwrap();
        Arc::new(Script::new(&field, knobs, seed))
    }

    fn take_all(feed: &mut Feed, now: MonoMs) -> Vec<usize> {
        let mut places = Vec::new();
        while let Some(place) = feed.peek(now) {
            feed.advance(place);
            places.push(place);
        }
        places
    }

    const OVER: MonoMs = MonoMs(1_000_000_000);

    #[test]
    fn a_resume_includes_the_sequence_it_names() {
        let knobs = Knobs {
            gap_share: 0.1,
            ..Knobs::default()
        };
        let script = script(40, &knobs, 1);
        let mut feed = Feed::new(script.clone(), &knobs);
        feed.connected(MonoMs(0));
        feed.release(OVER);
        let finish = feed.point_named("FINISH").unwrap();
        for from in 0..200 {
            feed.stop(None);
            feed.start(finish, Some(from));
            let got = take_all(&mut feed, OVER);
            let wanted: Vec<usize> = (0..script.reads().len())
                .filter(|place| {
                    let read = script.reads()[*place];
                    usize::from(read.point) == finish && u64::from(read.sequence) >= from
                })
                .collect();
            assert_eq!(got, wanted, "from {from}");
        }
    }

    #[test]
    fn a_late_point_is_announced_to_a_server_that_did_not_start_it() {
        let knobs = Knobs {
            late_points: 1,
            ..Knobs::default()
        };
        let script = script(20, &knobs, 2);
        let mut feed = Feed::new(script.clone(), &knobs);
        feed.connected(MonoMs(0));
        assert_eq!(feed.locations().collect::<Vec<_>>(), ["START", "5K"]);
        feed.start(0, Some(1));
        feed.start(1, Some(1));
        feed.release(OVER);
        assert_eq!(feed.locations().count(), 3);
        let got = take_all(&mut feed, OVER);
        let of_finish: Vec<_> = got
            .iter()
            .map(|place| script.reads()[*place])
            .filter(|read| read.point == 2)
            .map(|read| read.tag)
            .collect();
        assert_eq!(of_finish, [Tag::NewLocation]);
        feed.start(2, None);
        assert!(take_all(&mut feed, OVER).len() > 10);
    }

    #[test]
    fn bare_starts_send_from_the_first_or_go_on() {
        let check = |plain_start, again: bool| {
            let knobs = Knobs {
                plain_start,
                ..Knobs::default()
            };
            let mut feed = Feed::new(script(20, &knobs, 3), &knobs);
            feed.connected(MonoMs(0));
            feed.release(OVER);
            feed.start_all();
            let all = take_all(&mut feed, OVER);
            feed.connected(OVER);
            feed.start_all();
            assert_eq!(
                take_all(&mut feed, OVER),
                if again { all } else { Vec::new() }
            );
        };
        check(PlainStart::FromFirst, true);
        check(PlainStart::FromUnsent, false);
    }

    #[test]
    fn a_new_session_starts_its_numbers_again_and_a_rewind_brings_both() {
        let knobs = Knobs {
            new_session_at_ms: Some(2_000_000),
            ..Knobs::default()
        };
        let script = script(50, &knobs, 4);
        let [first, second] = script.sessions() else {
            panic!("two sessions")
        };
        let mut feed = Feed::new(script.clone(), &knobs);
        feed.connected(MonoMs(0));
        feed.release(OVER);
        feed.start_all();
        assert_eq!(take_all(&mut feed, OVER), first.clone().collect::<Vec<_>>());
        assert!(feed.session_is_over(OVER) && !feed.is_done());
        feed.next_session();
        feed.connected(OVER);
        feed.start_all();
        assert_eq!(
            take_all(&mut feed, OVER),
            second.clone().collect::<Vec<_>>()
        );
        assert!(feed.is_done());
        feed.rewind();
        assert_eq!(take_all(&mut feed, OVER).len(), script.reads().len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A server that keeps what came and resumes from the last of each location misses
        /// nothing, wherever the connection breaks.
        #[test]
        fn whatever_breaks_every_read_is_sent(
            seed: u64,
            speed in prop_oneof![Just(0.0), Just(1.0), Just(60.0)],
            breaks in proptest::collection::vec(
                (0_usize..40, 0_u64..400_000, any::<bool>()),
                0..20,
            ),
            late_points in 0_usize..3,
        ) {
            let knobs = Knobs { speed, late_points, ..Knobs::default() };
            let script = script(25, &knobs, seed);
            let mut feed = Feed::new(script.clone(), &knobs);
            let mut stored = HashSet::new();
            let mut last = [None; 3];
            let mut now = MonoMs(0);
            let forever = (usize::MAX, 1_000_000_000, true);
            for (reads, pause_ms, resumes) in breaks.into_iter().chain([forever, forever]) {
                feed.connected(now);
                now = now.plus_ms(pause_ms);
                feed.release(now);
                for (point, last) in last.iter().enumerate() {
                    feed.start(point, Some(if resumes { last.unwrap_or(1) } else { 1 }));
                }
                for _ in 0..reads {
                    let Some(place) = feed.peek(now) else { break };
                    feed.advance(place);
                    stored.insert(place);
                    let read = script.reads()[place];
                    let last = &mut last[usize::from(read.point)];
                    *last = (*last).max(Some(u64::from(read.sequence)));
                }
            }
            prop_assert!(feed.is_done());
            prop_assert_eq!(stored.len(), script.reads().len());
        }
    }
}
