use super::*;
use crate::roster::RosterIndex;
use model::{BuiltIn, Participant, ParticipantId, PointId, RundownOverrides};
use store::BibRule;
use uuid::Uuid;

mod rebinding;
mod times;

const RUNNERS: u32 = 2_000;
const BEGINS_AT: UnixMicros = UnixMicros(1_772_841_500_000_000);

fn id(number: u32) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn event(city: &str) -> EventView {
    let people = (1..=RUNNERS).map(|bib| Participant {
        bib: bib.to_string(),
        first_name: "Ana".to_owned(),
        last_name: format!("Sol {bib}"),
        city: city.to_owned(),
        ..Participant::new(ParticipantId(id(bib)))
    });
    EventView {
        event: EventId(id(1)),
        name: "Race".to_owned(),
        date: "2026-03-06".to_owned(),
        clock: clock(),
        roster: Arc::new(RosterIndex::new(people.collect(), BibRule::Auto)),
        points: vec![(PointId(id(1)), "Finish".to_owned())],
        setup: RaceSetup::default(),
        messages: Arc::default(),
    }
}

fn clock() -> StreamClock {
    StreamClock {
        zone: timing::parse_zone("UTC").unwrap(),
        offset_ms: 0,
    }
}

fn path() -> LivePath {
    let mut path = LivePath::default();
    let view = StreamView {
        stream: StreamId(id(1)),
        event: EventId(id(1)),
        clock: clock(),
        locations: HashMap::new(),
    };
    let show = ShowView {
        show: ShowId(id(1)),
        code: "abcdefgh".parse().unwrap(),
        event: EventId(id(1)),
        stream: StreamId(id(1)),
        points: vec![PointId(id(1))],
        design: Design::built_in(BuiltIn::Arrivals),
        rundown: RundownOverrides::default(),
    };
    for input in [
        LiveInput::Event(Box::new(event("Pau"))),
        LiveInput::Stream {
            view,
            window: Vec::new(),
            recent: Vec::new(),
            starts: Vec::new(),
        },
        LiveInput::Show(show),
    ] {
        path.apply(MonoMs(0), BEGINS_AT, input);
    }
    path
}

/// Every runner over the finish, `at_ms` after the beginning; a read takes a millisecond.
fn everybody(path: &mut LivePath, at_ms: u32, antenna: &str) -> Vec<Publication> {
    let mut published = Vec::new();
    for bib in 1..=RUNNERS {
        let ms = at_ms + bib;
        let at = BEGINS_AT.plus_ms(i64::from(ms));
        let key = ReadKey {
            wall: clock().wall_at(at),
            location: "FINISH".to_owned(),
            tag: bib.to_string(),
            reader: "0F2A38".to_owned(),
            antenna: antenna.to_owned(),
        };
        let reads = vec![LiveRead {
            key,
            received_at: at,
            late: false,
            simulated: false,
        }];
        let input = LiveInput::Reads {
            stream: StreamId(id(1)),
            reads,
        };
        published.extend(path.apply(MonoMs(u64::from(ms)), at, input).publications);
    }
    published
}

#[test]
fn a_roster_change_in_a_burst_makes_nobody_new() {
    let mut path = path();
    let featured: usize = everybody(&mut path, 0, "1")
        .iter()
        .map(|shown| shown.featured.len())
        .sum();
    assert_eq!(featured, 2_000);

    let at = BEGINS_AT.plus_ms(2_500);
    let changed = path.apply(MonoMs(2_500), at, LiveInput::Event(Box::new(event("Lugo"))));
    let arrivals = &changed.publications[0].state.arrivals;
    assert!(
        arrivals.iter().all(|arrival| arrival.city == "Lugo"),
        "{arrivals:?}"
    );
    assert!(changed.publications[0].featured.is_empty());

    // The mat reads them all once more.
    assert_eq!(everybody(&mut path, 10_000, "2"), Vec::new());
}

#[test]
fn nobody_is_made_known_by_a_tag_that_is_nobodys() {
    let mut path = path();
    let key = ReadKey {
        wall: clock().wall_at(BEGINS_AT),
        location: "FINISH".to_owned(),
        tag: "99999".to_owned(),
        reader: String::new(),
        antenna: String::new(),
    };
    let reads = vec![LiveRead {
        key,
        received_at: BEGINS_AT,
        late: false,
        simulated: false,
    }];
    let input = LiveInput::Reads {
        stream: StreamId(id(1)),
        reads,
    };
    let outcome = path.apply(MonoMs(0), BEGINS_AT, input);
    assert_eq!(outcome.publications, []);
}

/// A change elsewhere in the event, such as a rule or another stream, loads the same once more.
#[test]
fn what_looks_the_same_is_not_published_again() {
    let mut path = path();
    everybody(&mut path, 0, "1");
    let event = path.events[&EventId(id(1))].view.clone();
    let stream = path.streams[&StreamId(id(1))].view.clone();
    let at = BEGINS_AT.plus_ms(2_500);
    let mut check = |event: EventView, boards: usize| {
        let outcome = path.apply(MonoMs(2_500), at, LiveInput::Event(Box::new(event)));
        let mut published = outcome.publications;
        let input = LiveInput::Stream {
            view: stream.clone(),
            window: Vec::new(),
            recent: Vec::new(),
            starts: Vec::new(),
        };
        published.extend(path.apply(MonoMs(2_500), at, input).publications);
        assert_eq!(published.len(), boards);
    };
    check(event.clone(), 0);
    let mut changed = event;
    changed.points.push((PointId(id(2)), "Start".to_owned()));
    check(changed.clone(), 0);
    changed.name = "Another race".to_owned();
    check(changed, 1);
}
