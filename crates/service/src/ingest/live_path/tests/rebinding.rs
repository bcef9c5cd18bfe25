//! A show that is bound to other points while it runs.

use super::*;

const START: PointId = PointId(Uuid::from_u128(2));
const FINISH: PointId = PointId(Uuid::from_u128(1));

/// What the show is bound to at first, another of the event, and one that is not loaded.
const OWN: StreamId = StreamId(Uuid::from_u128(1));
const SPARE: StreamId = StreamId(Uuid::from_u128(2));
const UNKNOWN: StreamId = StreamId(Uuid::from_u128(3));

/// Past every dwell and stay.
const LONG_MS: u32 = 200_000;

struct Course {
    path: LivePath,
    shown: ShowView,
}

impl Course {
    /// A show of one runner at a time, at the finish.
    fn new(built_in: BuiltIn) -> Self {
        let mut path = path();
        let mut view = event("Pau");
        view.points.push((START, "Start".to_owned()));
        path.apply(MonoMs(0), BEGINS_AT, LiveInput::Event(Box::new(view)));
        let shown = ShowView {
            design: Design::built_in(built_in),
            ..path.shows[&ShowId(id(1))].view.clone()
        };
        path.apply(MonoMs(0), BEGINS_AT, LiveInput::Show(shown.clone()));
        let spare = LiveInput::Stream {
            view: StreamView {
                stream: SPARE,
                ..path.streams[&OWN].view.clone()
            },
            window: Vec::new(),
            recent: Vec::new(),
            starts: Vec::new(),
        };
        path.apply(MonoMs(0), BEGINS_AT, spare);
        Self { path, shown }
    }

    fn apply(&mut self, ms: u32, input: LiveInput) -> Vec<Publication> {
        let at = BEGINS_AT.plus_ms(i64::from(ms));
        let outcome = self.path.apply(MonoMs(u64::from(ms)), at, input);
        outcome.publications
    }

    fn read(&mut self, ms: u32, location: &str, bib: u32) -> Vec<Publication> {
        self.sent(ms, ms, OWN, location, bib)
    }

    /// What was read then comes now.
    fn sent(
        &mut self,
        ms: u32,
        read_ms: u32,
        stream: StreamId,
        location: &str,
        bib: u32,
    ) -> Vec<Publication> {
        let at = BEGINS_AT.plus_ms(i64::from(read_ms));
        let reads = vec![live_read(at, location, bib)];
        self.apply(ms, LiveInput::Reads { stream, reads })
    }

    fn bind(&mut self, ms: u32, stream: StreamId, points: &[PointId]) -> Vec<Publication> {
        self.shown.stream = stream;
        self.shown.points = points.to_vec();
        let shown = self.shown.clone();
        self.apply(ms, LiveInput::Show(shown))
    }

    fn on_screen(&self) -> Option<String> {
        let shown = self.path.on_screen(ShowId(id(1)));
        shown.map(|shown| shown.bib)
    }
}

fn live_read(at: UnixMicros, location: &str, bib: u32) -> LiveRead {
    LiveRead {
        key: ReadKey {
            wall: clock().wall_at(at),
            location: location.to_owned(),
            tag: bib.to_string(),
            reader: "0F2A38".to_owned(),
            antenna: "1".to_owned(),
        },
        received_at: at,
        late: false,
        simulated: false,
    }
}

fn bibs(published: &[Publication]) -> Vec<&str> {
    let featured = published.iter().flat_map(|it| &it.featured);
    featured.map(|crossing| &*crossing.bib).collect()
}

#[test]
fn what_was_read_before_features_nobody() {
    let mut course = Course::new(BuiltIn::FinishWide);
    for bib in 1..=5 {
        course.read(bib * 100, "START", bib);
    }
    let at_finish = course.read(1_000, "FINISH", 9);
    assert_eq!(bibs(&at_finish), ["9"]);

    let bound = course.bind(1_100, OWN, &[START]);
    assert_eq!(bibs(&bound), Vec::<&str>::new());
    let state = &bound[0].state;
    assert_eq!(
        (&state.runner, &*state.points),
        (&None, &["Start".to_owned()][..])
    );
    assert_eq!(course.on_screen(), None);
    // Nor is anybody let in later, by the timer or by a device that sends all again.
    for bib in 1..=5 {
        assert_eq!(course.sent(1_200, bib * 100, OWN, "START", bib), []);
    }
    assert_eq!(
        bibs(&course.apply(LONG_MS, LiveInput::Timer)),
        Vec::<&str>::new()
    );

    let new = course.read(LONG_MS + 10, "START", 6);
    assert_eq!(bibs(&new), ["6"]);
    assert_eq!(course.on_screen().as_deref(), Some("6"));
}

#[test]
fn whoever_is_on_the_screen_stays_where_their_point_does() {
    let mut course = Course::new(BuiltIn::FinishWide);
    course.read(100, "START", 1);
    course.read(1_000, "FINISH", 9);
    let bound = course.bind(1_100, OWN, &[START, FINISH]);
    assert_eq!(bibs(&bound), Vec::<&str>::new());
    assert_eq!(course.on_screen().as_deref(), Some("9"));
}

#[test]
fn a_list_has_the_newest_of_its_new_points() {
    let mut course = Course::new(BuiltIn::Arrivals);
    course.read(100, "START", 1);
    course.read(200, "START", 2);
    course.read(1_000, "FINISH", 9);
    let bound = course.bind(1_100, OWN, &[START]);
    assert_eq!(bibs(&bound), Vec::<&str>::new());
    let arrivals = bound[0].state.arrivals.iter();
    let listed: Vec<_> = arrivals.map(|arrival| &*arrival.bib).collect();
    assert_eq!(listed, ["2", "1"]);
}

#[test]
fn what_another_stream_read_before_features_nobody() {
    let mut course = Course::new(BuiltIn::FinishWide);
    for bib in 1..=5 {
        course.sent(bib * 100, bib * 100, SPARE, "FINISH", bib);
    }
    for bib in 6..=9 {
        course.read(bib * 100, "FINISH", bib);
    }
    // Somebody is on the screen, others wait.
    assert_eq!(course.on_screen().as_deref(), Some("6"));
    let bound = course.bind(1_000, SPARE, &[FINISH]);
    assert_eq!(bibs(&bound), Vec::<&str>::new());
    assert_eq!(course.on_screen(), None);
    for ms in [1_100, LONG_MS] {
        assert_eq!(
            bibs(&course.apply(ms, LiveInput::Timer)),
            Vec::<&str>::new()
        );
        assert_eq!(course.on_screen(), None);
    }
    // Nor by what the one before reads on.
    assert_eq!(course.read(LONG_MS + 10, "FINISH", 10), []);
    let new = course.sent(LONG_MS + 20, LONG_MS + 20, SPARE, "FINISH", 11);
    assert_eq!(bibs(&new), ["11"]);
}

#[test]
fn nobody_of_the_old_stream_stays_where_the_new_one_is_not_known() {
    for built_in in [BuiltIn::FinishWide, BuiltIn::Arrivals] {
        let mut course = Course::new(built_in);
        course.read(100, "FINISH", 9);
        let bound = course.bind(1_100, UNKNOWN, &[FINISH]);
        let state = &bound[0].state;
        assert_eq!((&state.runner, &*state.arrivals), (&None, &[][..]));
        assert_eq!(course.on_screen(), None);
    }
}
