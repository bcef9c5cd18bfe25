//! Race times on boards, and what keeps somebody or something off them.

use super::*;
use model::{Gun, GunId, GunSource, Race, RaceId, TagRange, Unit, Wave, WaveId};

const GUN_S: i64 = 100;
/// Points by their numbers.
const START: u32 = 1;
const FINISH: u32 = 2;

/// An event on the path, with a display at every point, and the moment up to which it has come.
struct Day {
    path: LivePath,
    view: EventView,
    now_s: i64,
    antenna: u32,
    /// As last published.
    board: BoardState,
    featured: usize,
}

fn at(second: i64) -> UnixMicros {
    BEGINS_AT.plus_ms(second * 1_000)
}

fn gun(fired_s: i64) -> Gun {
    Gun {
        id: GunId(id(1)),
        name: String::new(),
        fired_at: at(fired_s),
        source: GunSource::Studio,
        device_key: None,
    }
}

fn race(gun: Option<GunId>) -> Race {
    Race {
        id: RaceId(id(1)),
        name: "Harbor 5K".to_owned(),
        distance_m: 5_000,
        unit: Unit::Km,
        course: Vec::new(),
        waves: vec![Wave {
            id: WaveId(id(1)),
            name: String::new(),
            scheduled_at: None,
            gun,
        }],
    }
}

fn person(bib: u32, alter: impl FnOnce(&mut Participant)) -> Participant {
    let mut person = Participant {
        bib: bib.to_string(),
        first_name: "Ada".to_owned(),
        last_name: "Quill".to_owned(),
        city: "Port Nowhere".to_owned(),
        ..Participant::new(ParticipantId(id(bib)))
    };
    alter(&mut person);
    person
}

impl Day {
    /// With bibs 1 to 20, and a race whose gun is not fired yet.
    fn new() -> Self {
        let view = EventView {
            event: EventId(id(1)),
            name: "Harbor Day".to_owned(),
            date: "2026-03-06".to_owned(),
            clock: clock(),
            roster: Arc::default(),
            points: vec![
                (PointId(id(START)), "Start".to_owned()),
                (PointId(id(FINISH)), "Finish".to_owned()),
            ],
            setup: RaceSetup {
                races: vec![race(None)],
                ..RaceSetup::default()
            },
            messages: Arc::default(),
        };
        let mut day = Self {
            path: LivePath::default(),
            view,
            now_s: 0,
            antenna: 0,
            board: BoardState::default(),
            featured: 0,
        };
        day.roster((1..=20).map(|bib| person(bib, |_| {})).collect());
        let stream = StreamView {
            stream: StreamId(id(1)),
            event: EventId(id(1)),
            clock: clock(),
            locations: HashMap::new(),
        };
        day.apply(LiveInput::Stream {
            view: stream,
            window: Vec::new(),
            recent: Vec::new(),
            starts: Vec::new(),
        });
        day.apply(LiveInput::Show(ShowView {
            show: ShowId(id(1)),
            code: "abcdefgh".parse().unwrap(),
            event: EventId(id(1)),
            stream: StreamId(id(1)),
            points: vec![PointId(id(START)), PointId(id(FINISH))],
            design: Design::built_in(BuiltIn::Arrivals),
            rundown: RundownOverrides::default(),
        }));
        day
    }

    fn with_gun() -> Self {
        let mut day = Self::new();
        day.fire(GUN_S);
        day
    }

    /// The number of boards published.
    fn apply(&mut self, input: LiveInput) -> usize {
        let now = MonoMs(u64::try_from(self.now_s * 1_000).unwrap());
        let outcome = self.path.apply(now, at(self.now_s), input);
        let boards = outcome.publications.len();
        for publication in outcome.publications {
            self.featured += publication.featured.len();
            self.board = publication.state;
        }
        boards
    }

    fn alter(&mut self, alter: impl FnOnce(&mut EventView)) -> usize {
        alter(&mut self.view);
        self.apply(LiveInput::Event(Box::new(self.view.clone())))
    }

    fn roster(&mut self, people: Vec<Participant>) {
        self.alter(|view| view.roster = Arc::new(RosterIndex::new(people, BibRule::Auto)));
    }

    fn fire(&mut self, second: i64) -> usize {
        self.alter(|view| {
            view.setup.guns = vec![gun(second)];
            view.setup.races = vec![race(Some(GunId(id(1))))];
        })
    }

    fn live_read(&mut self, location: &str, tag: &str, second: i64, late: bool) -> LiveRead {
        self.antenna += 1;
        LiveRead {
            key: ReadKey {
                wall: clock().wall_at(at(second)),
                location: location.to_owned(),
                tag: tag.to_owned(),
                reader: String::new(),
                antenna: self.antenna.to_string(),
            },
            received_at: at(self.now_s),
            late,
            simulated: false,
        }
    }

    fn take(&mut self, read: LiveRead) -> usize {
        let stream = StreamId(id(1));
        let reads = vec![read];
        self.apply(LiveInput::Reads { stream, reads })
    }

    /// A read as it happens.
    fn read(&mut self, location: &str, bib: u32, second: i64) -> usize {
        self.now_s = second;
        let read = self.live_read(location, &bib.to_string(), second, false);
        self.take(read)
    }

    /// One that comes long after it happened, new to the journal.
    fn late(&mut self, location: &str, bib: u32, second: i64) -> usize {
        let read = self.live_read(location, &bib.to_string(), second, true);
        self.take(read)
    }

    /// Bib, gun time and chip time in seconds, newest first.
    fn times(&self) -> Vec<(String, Option<u64>, Option<u64>)> {
        let seconds = |ms: Option<u64>| ms.map(|ms| ms / 1_000);
        let arrivals = self.board.arrivals.iter();
        arrivals
            .map(|arrival| {
                let (gun, chip) = (arrival.gun_time_ms, arrival.chip_time_ms);
                (arrival.bib.clone(), seconds(gun), seconds(chip))
            })
            .collect()
    }

    #[track_caller]
    fn shows(&self, expected: &[(u32, Option<u64>, Option<u64>)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(bib, gun, chip)| (bib.to_string(), *gun, *chip))
            .collect();
        assert_eq!(self.times(), expected);
        let timed = expected
            .iter()
            .any(|(_, gun, chip)| gun.or(*chip).is_some());
        assert_eq!(self.board.unofficial, timed);
    }
}

#[test]
fn a_finish_has_gun_time_and_chip_time() {
    let mut day = Day::with_gun();
    day.read("START", 7, 130);
    day.shows(&[(7, None, None)]);
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, Some(1_000), Some(970)), (7, None, None)]);
    assert_eq!(day.board.arrivals[0].race, "Harbor 5K");
    // Not seen at the start.
    day.read("FINISH", 8, 1_200);
    assert_eq!(day.times()[0], ("8".to_owned(), Some(1_100), None));
}

#[test]
fn a_gun_pressed_or_corrected_changes_the_frame_now_shown() {
    let mut day = Day::new();
    // A warm-up, and the start.
    day.read("START", 7, 20);
    day.read("START", 7, 130);
    day.read("FINISH", 7, 1_100);
    let featured = day.featured;
    assert_eq!(day.times()[0], ("7".to_owned(), None, Some(1_080)));
    assert_eq!(day.fire(GUN_S), 1);
    assert_eq!(day.times()[0], ("7".to_owned(), Some(1_000), Some(970)));
    assert_eq!(day.fire(160), 1);
    assert_eq!(day.times()[0], ("7".to_owned(), Some(940), None));
    assert_eq!(day.fire(GUN_S), 1);
    assert_eq!(day.fire(GUN_S), 0);
    assert_eq!(day.times()[0], ("7".to_owned(), Some(1_000), Some(970)));
    day.alter(|view| view.setup.races = vec![race(None)]);
    assert_eq!(day.times()[0], ("7".to_owned(), None, Some(1_080)));
    assert_eq!(day.featured, featured);
}

#[test]
fn a_start_that_is_read_late_changes_the_frame_now_shown() {
    let mut day = Day::with_gun();
    day.read("FINISH", 7, 1_100);
    day.read("FINISH", 8, 1_101);
    day.shows(&[(8, Some(1_001), None), (7, Some(1_000), None)]);
    let featured = day.featured;
    assert_eq!(day.late("START", 7, 130), 1);
    day.shows(&[
        (8, Some(1_001), None),
        (7, Some(1_000), Some(970)),
        (7, None, None),
    ]);
    // A later read of the same start, and one that is no start any more.
    day.late("START", 7, 135);
    assert_eq!(day.times()[1], ("7".to_owned(), Some(1_000), Some(965)));
    day.late("START", 7, 400);
    assert_eq!(day.times()[1], ("7".to_owned(), Some(1_000), Some(965)));
    assert_eq!(day.featured, featured);
}

#[test]
fn starts_are_known_after_a_restart() {
    let mut day = Day::with_gun();
    let start = day.live_read("START", "7", 130, false);
    let finish = day.live_read("FINISH", "7", 1_100, false);
    let view = day.path.streams[&StreamId(id(1))].view.clone();
    day.now_s = 1_200;
    day.apply(LiveInput::Stream {
        view,
        window: Vec::new(),
        recent: vec![finish],
        starts: vec![StartPassage::of(&start)],
    });
    day.shows(&[(7, Some(1_000), Some(970))]);
}

#[test]
fn who_was_read_before_there_was_a_race_has_started() {
    let mut day = Day::new();
    day.alter(|view| view.setup.races.clear());
    day.read("START", 7, 130);
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, None, None), (7, None, None)]);
    day.fire(GUN_S);
    day.shows(&[(7, Some(1_000), Some(970)), (7, None, None)]);
}

#[test]
fn a_start_by_another_stream_counts() {
    let mut day = Day::with_gun();
    let start = day.live_read("Gate", "7", 130, false);
    let view = StreamView {
        stream: StreamId(id(2)),
        event: EventId(id(1)),
        clock: clock(),
        locations: HashMap::from([("Gate".to_owned(), PointId(id(START)))]),
    };
    day.apply(LiveInput::Stream {
        view,
        window: Vec::new(),
        recent: Vec::new(),
        starts: vec![StartPassage::of(&start)],
    });
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, Some(1_000), Some(970))]);
}

#[test]
fn before_the_zero_mark_of_a_point_nothing_counts() {
    let mut day = Day::new();
    day.read("FINISH", 9, 50);
    day.read("FINISH", 99_999, 51);
    day.read("START", 7, 60);
    assert_eq!(day.times().len(), 2);
    let zero = vec![
        (PointId(id(START)), at(100)),
        (PointId(id(FINISH)), at(100)),
    ];
    assert_eq!(day.alter(|view| view.setup.zero_counts = zero), 1);
    day.shows(&[]);
    // What comes with an earlier time counts no more than what has come.
    day.now_s = 105;
    let read = day.live_read("FINISH", "10", 99, false);
    assert_eq!(day.take(read), 0);
    day.read("START", 7, 130);
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, None, Some(970)), (7, None, None)]);
    // Taken back.
    assert_eq!(day.alter(|view| view.setup.zero_counts.clear()), 1);
    assert_eq!(day.times()[0], ("7".to_owned(), None, Some(1_040)));
    assert_eq!(day.times().len(), 5);
}

#[test]
fn ignored_tags_are_not_shown() {
    let mut day = Day::new();
    day.read("FINISH", 7, 1_100);
    day.read("FINISH", 9_001, 1_101);
    assert_eq!(day.times().len(), 1);
    let range = |first: &str, last: &str| TagRange {
        first: first.to_owned(),
        last: last.to_owned(),
    };
    day.alter(|view| view.setup.ignored_tags = vec![range("9001", "9020"), range("7", "7")]);
    day.shows(&[]);
    day.read("FINISH", 9_020, 1_102);
    day.read("FINISH", 7, 1_200);
    assert_eq!(day.times().len(), 0);
    day.alter(|view| view.setup.ignored_tags.clear());
    assert_eq!(day.times().len(), 2);
}

#[test]
fn what_the_simulator_sent_is_marked_and_can_be_put_aside() {
    let mut day = Day::with_gun();
    let simulated = |day: &mut Day, location: &str, second| {
        day.now_s = second;
        let read = day.live_read(location, "7", second, false);
        day.take(LiveRead {
            simulated: true,
            ..read
        });
    };
    simulated(&mut day, "START", 110);
    simulated(&mut day, "FINISH", 400);
    assert!(day.board.demo);
    day.shows(&[(7, Some(300), Some(290)), (7, None, None)]);
    day.alter(|view| view.setup.simulated_until = Some(at(401)));
    assert!(!day.board.demo);
    day.shows(&[]);
    // Its start is put aside as well.
    day.read("FINISH", 7, 1_100);
    assert!(!day.board.demo);
    day.shows(&[(7, Some(1_000), None)]);
    simulated(&mut day, "FINISH", 1_300);
    assert!(day.board.demo, "it was sent after that");
}

#[test]
fn a_gun_of_the_simulator_goes_with_its_reads() {
    let mut day = Day::with_gun();
    day.alter(|view| view.setup.guns[0].device_key = Some("simulator 1 2 START".to_owned()));
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, Some(1_000), None)]);
    day.alter(|view| view.setup.simulated_until = Some(at(200)));
    day.shows(&[(7, None, None)]);
}

#[test]
fn who_has_withdrawn_is_not_shown() {
    let mut day = Day::with_gun();
    day.read("FINISH", 7, 1_100);
    let featured = day.featured;
    day.roster(vec![person(7, |person| person.withdrawn = true)]);
    day.shows(&[]);
    day.read("FINISH", 7, 1_200);
    day.shows(&[]);
    assert_eq!(day.featured, featured);
}

#[test]
fn names_of_the_private_and_the_under_aged_do_not_reach_a_screen() {
    let mut day = Day::with_gun();
    day.roster(vec![
        person(1, |_| {}),
        person(2, |person| person.private = true),
        person(3, |person| person.age = Some(12)),
        person(4, |person| person.birth_date = "2010-01-01".to_owned()),
    ]);
    for bib in 1..=4 {
        day.read("FINISH", bib, 1_100 + i64::from(bib));
    }
    let arrivals = day.board.arrivals.iter().rev();
    let told: Vec<_> = arrivals
        .map(|arrival| (arrival.name.as_str(), arrival.city.as_str()))
        .collect();
    let city = "Port Nowhere";
    assert_eq!(
        told,
        [
            ("Ada Quill", city),
            ("", ""),
            ("Ada Q.", city),
            ("Ada Q.", city)
        ]
    );
    assert!(
        day.board
            .arrivals
            .iter()
            .all(|arrival| arrival.gun_time_ms.is_some())
    );
}

#[test]
fn where_the_race_is_not_known_there_is_no_time() {
    let mut day = Day::with_gun();
    day.alter(|view| {
        let mut other = race(None);
        other.waves[0].id = WaveId(id(2));
        view.setup.races.push(other);
    });
    day.read("START", 7, 130);
    day.read("FINISH", 7, 1_100);
    day.shows(&[(7, None, None), (7, None, None)]);
    day.roster(vec![person(7, |person| person.wave = Some(WaveId(id(1))))]);
    assert_eq!(day.times()[0], ("7".to_owned(), Some(1_000), Some(970)));
    day.roster(vec![person(7, |person| person.wave = Some(WaveId(id(2))))]);
    assert_eq!(day.times()[0], ("7".to_owned(), None, Some(970)));
}
