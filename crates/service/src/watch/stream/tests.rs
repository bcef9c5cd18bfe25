use super::*;
use model::{StreamId, WallTime};
use uuid::Uuid;

const BEGAN: UnixMicros = UnixMicros(1_772_841_480_000_000);

fn read(tag: &str, at_ms: i64) -> Read {
    let received_at = BEGAN.plus_ms(at_ms);
    Read {
        stream: StreamId(Uuid::from_u128(7)),
        kind: ReadKind::Tag,
        location: "FINISH".to_owned(),
        tag: tag.to_owned(),
        wall: WallTime(received_at.0 / 10_000),
        time_text: String::new(),
        dated: true,
        sequence: None,
        occurrence: String::new(),
        reader: "0F2A38".to_owned(),
        antenna: String::new(),
        connection_name: None,
        raw: Vec::new(),
        received_at,
        late: false,
        simulated: false,
    }
}

fn watch() -> StreamWatch {
    StreamWatch::new(Arc::default())
}

const SOURCE: Source<'_> = Source {
    connection: ConnectionId(1),
    name: Some("mat-1"),
    simulated: false,
};

/// Tags that begin with 9 are nobody's.
fn take(watch: &mut StreamWatch, reads: &[Read]) -> u64 {
    let instants: Vec<_> = reads
        .iter()
        .map(|read| read.received_at.plus_ms(-1_000))
        .collect();
    watch.came(SOURCE, reads, &instants, |read| !read.tag.starts_with('9'))
}

fn finish(watch: &StreamWatch) -> &PlaceWatch {
    let mut places = watch.places();
    places.find(|(name, _)| ***name == *"FINISH").unwrap().1
}

#[test]
fn a_place_counts_what_came() {
    let mut watch = watch();
    let late = Read {
        late: true,
        ..read("3", 2_000)
    };
    let gun = Read {
        kind: ReadKind::Gun,
        ..read("guntime", 2_500)
    };
    let elsewhere = Read {
        location: "10K".to_owned(),
        ..read("4", 3_000)
    };
    let reads = [read("1", 0), read("9001", 1_000), late, gun, elsewhere];
    assert_eq!(take(&mut watch, &reads), 1);
    let place = finish(&watch);
    let counts = (place.reads, place.late, place.duplicates, place.unknown);
    assert_eq!(counts, (4, 1, 0, 1));
    assert_eq!(place.heard_at, Some(BEGAN.plus_ms(2_500)));
    assert_eq!(place.last_instant, Some(BEGAN.plus_ms(1_500)));
    assert_eq!(place.minutes.list(BEGAN), [4]);
    assert_eq!(
        place.differences.median_ms(BEGAN.plus_ms(2_500)),
        Some(1_000)
    );
    assert_eq!(
        place.tags().map(|tag| &**tag).collect::<Vec<_>>(),
        ["1", "9001", "3"]
    );
    assert!(place.is_starting(BEGAN.plus_ms(60_000)));
    assert!(!place.is_starting(BEGAN.plus_ms(2_500 + limits::START_MS)));
    assert_eq!(watch.unknown.list().count(), 1);
}

#[test]
fn a_rewind_counts_as_duplicates_and_nothing_else() {
    let mut watch = watch();
    let reads = [read("1", 0), read("9001", 1_000), read("2", 61_000)];
    let first = take(&mut watch, &reads);
    for (read, id) in reads.iter().zip(first..) {
        watch.settled(id, read, false);
    }
    let again = reads.clone().map(|mut read| {
        read.received_at = BEGAN.plus_ms(125_000);
        read.late = true;
        read
    });
    let first = take(&mut watch, &again);
    let cursor = first + 2;
    for (read, id) in again.iter().zip(first..) {
        watch.settled(id, read, true);
    }
    let place = finish(&watch);
    let counts = (place.reads, place.late, place.duplicates, place.unknown);
    assert_eq!(counts, (3, 0, 3, 1));
    assert_eq!(place.minutes.list(BEGAN.plus_ms(125_000)), [2, 1, 0]);
    let unknown: Vec<_> = watch.unknown.list().map(|(_, tag)| tag.reads).collect();
    assert_eq!(unknown, [1]);
    // Whoever has seen them as new is told again.
    let altered: Vec<_> = watch.reads(cursor, u64::MAX).map(|read| read.id).collect();
    assert_eq!(altered, [first, first + 1, first + 2]);
    assert!(watch.reads(cursor, u64::MAX).all(|read| read.duplicate));
}

#[test]
fn reads_of_two_connections_are_settled_in_any_order() {
    let mut watch = watch();
    let (one, two) = (
        [read("1", 0), read("2", 0)],
        [read("9001", 0), read("4", 0)],
    );
    let first = take(&mut watch, &one);
    let second = take(&mut watch, &two);
    for (read, id) in two.iter().zip(second..).chain(one.iter().zip(first..)) {
        watch.settled(id, read, true);
    }
    let place = finish(&watch);
    assert_eq!((place.reads, place.duplicates, place.unknown), (0, 4, 0));
    assert_eq!(watch.unknown.list().count(), 0);
}

#[test]
fn the_last_tags_are_counted_once_each() {
    let mut watch = watch();
    let many: Vec<_> = (0..80).map(|tag| read(&format!("{tag}"), tag)).collect();
    take(&mut watch, &many);
    // A chip that lies on the mat.
    let lying: Vec<_> = (0..500).map(|at| read("9001", 1_000 + at)).collect();
    take(&mut watch, &lying);
    let tags: Vec<_> = finish(&watch).tags().map(|tag| tag.to_string()).collect();
    assert_eq!(tags.len(), limits::LAST_TAGS);
    assert_eq!(tags.iter().filter(|tag| **tag == "9001").count(), 1);
    assert_eq!(tags.last().map(String::as_str), Some("9001"));
}

#[test]
fn a_pace_needs_five_minutes_of_runners() {
    let check = |per_minute: &[i64], expected: Option<u32>| {
        let mut watch = watch();
        let mut tag = 0;
        for (minute, count) in per_minute.iter().enumerate() {
            for place in 0..*count {
                tag += 1;
                let at_ms = minute as i64 * 60_000 + place * 500;
                take(&mut watch, &[read(&tag.to_string(), at_ms)]);
            }
        }
        let now = BEGAN.plus_ms(per_minute.len() as i64 * 60_000);
        let pace = finish(&watch).pace(now);
        assert_eq!(pace.map(|pace| pace.per_minute), expected, "{per_minute:?}");
    };
    check(&[30, 30, 30, 30, 30, 1], Some(30));
    check(&[30, 12, 30, 30, 30, 1], Some(12));
    check(&[30, 6, 30, 30, 30, 1], Some(6));
    check(&[30, 5, 30, 30, 30, 1], None);
    check(&[30, 30, 30, 30, 1], None);
    // A pack, and some who follow it.
    check(&[100, 100, 0, 0, 0, 5], None);
}

#[test]
fn repeated_and_late_reads_make_no_pace() {
    let check = |alter: &dyn Fn(&mut Read)| {
        let mut watch = watch();
        for tag in 0..600 {
            let mut read = read(&tag.to_string(), tag * 1_000);
            alter(&mut read);
            take(&mut watch, &[read]);
        }
        assert_eq!(finish(&watch).pace(BEGAN.plus_ms(600_000)), None);
    };
    check(&|read| read.tag = "7".to_owned());
    check(&|read| read.late = true);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut watch = watch();
    for at in 0..3_000_i64 {
        let elsewhere = Read {
            location: format!("P{}", at % 400),
            reader: format!("R{at}"),
            ..read(&format!("9{at}"), at)
        };
        take(&mut watch, &[elsewhere]);
    }
    assert_eq!(watch.places().count(), limits::LOCATIONS_PER_STREAM_MAX);
    assert_eq!(watch.reads(0, u64::MAX).count(), limits::RECENT_READS_MAX);
    let readers = watch.places().map(|(_, place)| place.readers.len()).max();
    assert_eq!(readers, Some(model::limits::READERS_PER_PLACE_MAX));
    for at in 0..3_000 {
        take(&mut watch, &[read(&format!("9x{at}"), at)]);
    }
    assert_eq!(watch.unknown.list().count(), limits::UNKNOWN_TAGS_MAX);
    assert_eq!(watch.unknown.others, 1_000);
}
