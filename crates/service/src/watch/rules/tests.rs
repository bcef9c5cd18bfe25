use super::*;
use crate::{
    ingest::{Connections, End, Ended},
    watch::{AlarmBook, HostReport, JournalSnapshot, News, Pace, ReaderSnapshot, Tags},
};
use model::{EventId, StreamId, UnixMicros, alarm::Fix};
use timing::WrongClockDetector;
use uuid::Uuid;

const NOW: UnixMicros = UnixMicros(1_772_841_500_000_000);
const MINUTE_MS: i64 = 60_000;

fn partner(number: u128) -> PartnerId {
    PartnerId(Uuid::from_u128(number))
}

fn place(location: &str) -> PlaceSnapshot {
    PlaceSnapshot {
        location: location.to_owned(),
        point: location.to_lowercase(),
        heard_at: Some(NOW),
        is_start: false,
        pace: None,
        tags: Tags::default(),
        readers: Vec::new(),
    }
}

fn stream(places: Vec<PlaceSnapshot>) -> StreamSnapshot {
    StreamSnapshot {
        id: StreamId(Uuid::from_u128(7)),
        partner: partner(1),
        event: EventId(Uuid::from_u128(3)),
        event_name: "Willow 10K".to_owned(),
        name: "Mats".to_owned(),
        shared: true,
        offset_ms: 0,
        people: 300,
        places,
        wrong_clocks: Vec::new(),
    }
}

/// A live connection of the stream, with these locations.
fn connection(locations: &[&str]) -> ConnectionStatus {
    let connections = Connections::default();
    let peer = "192.0.2.7:5000".parse().unwrap();
    let id = connections.open(peer, 61_611, NOW).unwrap();
    connections.update(id, |status| {
        status.state = ConnectionState::Streaming;
        status.program = "SimpleClient".to_owned();
        status.stream = Some(StreamId(Uuid::from_u128(7)));
        status.locations = locations.iter().map(|&name| name.to_owned()).collect();
    });
    connections.get(id).unwrap()
}

fn snapshot(streams: Vec<StreamSnapshot>) -> Snapshot {
    Snapshot {
        now: NOW,
        streams,
        connections: vec![connection(&["FINISH", "10K"])],
        claimant: Some(partner(1)),
        journal: JournalSnapshot::default(),
        host: HostReport::default(),
    }
}

/// The kinds of trouble there are, in order.
fn kinds(snapshot: &Snapshot, standing: &[&str]) -> Vec<String> {
    let stands = |id: &str| standing.iter().any(|kind| id.starts_with(kind));
    let kind = |(_, trouble): &Owned| {
        trouble
            .id()
            .split(':')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let mut kinds: Vec<_> = troubles(snapshot, stands).iter().map(kind).collect();
    kinds.sort();
    kinds
}

#[test]
fn nothing_is_wrong_with_an_install_at_rest() {
    let quiet = Snapshot {
        connections: Vec::new(),
        ..snapshot(Vec::new())
    };
    assert_eq!(kinds(&quiet, &[]), [""; 0]);
    assert_eq!(
        kinds(&snapshot(vec![stream(vec![place("FINISH")])]), &[]),
        [""; 0]
    );
}

#[test]
fn many_unknown_tags_are_an_alarm_and_few_are_not() {
    let check = |unknown, of, standing: &[&str], expected: bool| {
        let place = PlaceSnapshot {
            tags: Tags {
                of,
                unknown,
                newest: vec!["9001".to_owned()],
            },
            ..place("FINISH")
        };
        let found = kinds(&snapshot(vec![stream(vec![place])]), standing);
        let case = format!("{unknown} of {of} while {standing:?}");
        assert_eq!(found == ["unknown-tags"], expected, "{case}");
    };
    check(11, 50, &[], true);
    check(10, 50, &[], false);
    check(50, 50, &[], true);
    // Staff walk over the mats before the start.
    check(19, 19, &[], false);
    check(5, 20, &[], true);
    check(4, 20, &[], false);
    // What stands does not flicker.
    check(6, 50, &["unknown-tags"], true);
    check(5, 50, &["unknown-tags"], false);
    check(0, 50, &["unknown-tags"], false);
}

#[test]
fn two_clocks_at_a_point_are_compared() {
    let check =
        |least_ms: &[Option<i64>], standing: &[&str], expected: Option<(&str, &str, i64)>| {
            let readers = least_ms.iter().zip(["A", "B", "C"]);
            let place = PlaceSnapshot {
                readers: readers
                    .map(|(least_ms, reader)| ReaderSnapshot {
                        reader: reader.to_owned(),
                        least_ms: *least_ms,
                    })
                    .collect(),
                ..place("FINISH")
            };
            let stands = |id: &str| standing.iter().any(|kind| id.starts_with(kind));
            let found = troubles(&snapshot(vec![stream(vec![place])]), stands);
            let found = found.into_iter().map(|(_, trouble)| match trouble {
                Trouble::ReadersDiffer {
                    behind,
                    ahead,
                    difference_ms,
                    ..
                } => (behind, ahead, difference_ms),
                other => panic!("{other:?}"),
            });
            let expected =
                expected.map(|(behind, ahead, ms)| (behind.to_owned(), ahead.to_owned(), ms));
            assert_eq!(
                found.collect::<Vec<_>>(),
                Vec::from_iter(expected),
                "{least_ms:?}"
            );
        };
    check(&[], &[], None);
    check(&[Some(9_000)], &[], None);
    check(&[Some(100), Some(600)], &[], None);
    check(&[Some(100), Some(601)], &[], Some(("B", "A", 501)));
    check(&[Some(601), Some(-100)], &[], Some(("A", "B", 701)));
    check(
        &[Some(601), Some(50), Some(-900)],
        &[],
        Some(("A", "C", 1_501)),
    );
    check(&[Some(100), None], &[], None);
    check(
        &[Some(0), Some(400)],
        &["readers-differ"],
        Some(("B", "A", 400)),
    );
    check(&[Some(0), Some(300)], &["readers-differ"], None);
}

fn silent_place(per_minute: u32, silent_ms: i64) -> PlaceSnapshot {
    PlaceSnapshot {
        pace: Some(Pace {
            per_minute,
            silent_ms,
        }),
        ..place("FINISH")
    }
}

#[test]
fn a_point_is_silent_by_its_own_pace() {
    let check = |per_minute, silent_ms, expected: bool| {
        let snapshot = snapshot(vec![stream(vec![silent_place(per_minute, silent_ms)])]);
        let found = kinds(&snapshot, &[]) == ["silent"];
        assert_eq!(found, expected, "{per_minute} a minute, {silent_ms} ms");
    };
    check(600, 44_999, false);
    check(600, 45_000, true);
    check(20, 59_999, false);
    check(20, 60_000, true);
    check(6, 199_999, false);
    check(6, 200_000, true);
    check(600, limits::SILENT_MS_MAX, true);
    check(600, limits::SILENT_MS_MAX + 1, false);
}

#[test]
fn silence_is_no_alarm_where_it_is_no_wonder() {
    let check = |alter: &dyn Fn(&mut Snapshot), expected: &[&str]| {
        let mut snapshot = snapshot(vec![stream(vec![silent_place(60, 90_000)])]);
        alter(&mut snapshot);
        assert_eq!(kinds(&snapshot, &[]), expected);
    };
    check(&|_| {}, &["silent"]);
    check(&|it| it.streams[0].places[0].is_start = true, &[]);
    check(&|it| it.connections.clear(), &[]);
    check(&|it| it.connections[0].state = ConnectionState::Held, &[]);
    check(&|it| it.connections[0] = connection(&["10K"]), &[]);
    check(&|it| it.connections[0] = connection(&[]), &["silent"]);
    check(&|it| it.journal.is_full = true, &["journal-full"]);
    check(
        &|it| it.journal.trouble = Some("the disk is full".to_owned()),
        &["journal-refused"],
    );
}

/// A clock that is behind by so much, as the detector finds it.
fn wrong(location: &str, behind_ms: i64) -> WrongClock {
    let mut detector = WrongClockDetector::new(location.to_owned());
    for place in 0..20 {
        let received_at = NOW.plus_ms(place * 500 - 10_000);
        detector.observe(received_at.plus_ms(-behind_ms), received_at);
    }
    detector.verdict(NOW).unwrap()
}

#[test]
fn an_offset_is_offered_where_it_makes_all_of_the_stream_right() {
    let check =
        |wrongs: &[(&str, i64)], idle_10k: bool, offset_ms: i64, expected: &[Option<i64>]| {
            let ten = PlaceSnapshot {
                heard_at: Some(NOW.plus_ms(if idle_10k {
                    -11 * MINUTE_MS
                } else {
                    -MINUTE_MS
                })),
                ..place("10K")
            };
            let stream = StreamSnapshot {
                offset_ms,
                wrong_clocks: wrongs.iter().map(|(at, ms)| wrong(at, *ms)).collect(),
                ..stream(vec![place("FINISH"), ten])
            };
            let found = troubles(&snapshot(vec![stream]), |_| false);
            let offers = found
                .iter()
                .map(|(_, trouble)| match trouble.offers().as_slice() {
                    [] => None,
                    [offer] => match offer.fix {
                        Fix::SetOffset { offset_ms, .. } => Some(offset_ms),
                        _ => panic!("{offer:?}"),
                    },
                    more => panic!("{more:?}"),
                });
            assert_eq!(offers.collect::<Vec<_>>(), expected, "{wrongs:?}");
        };
    let hour = 60 * MINUTE_MS;
    check(&[("FINISH", hour + 3_000)], true, 0, &[Some(hour)]);
    check(
        &[("FINISH", hour + 3_000)],
        true,
        -90_000,
        &[Some(hour - 90_000)],
    );
    check(&[("FINISH", hour + 3_000)], false, 0, &[None]);
    let both = [("FINISH", hour + 3_000), ("10K", hour + 1_000)];
    check(&both, false, 0, &[Some(hour), Some(hour)]);
    let apart = [("FINISH", hour), ("10K", -2 * hour)];
    check(&apart, false, 0, &[None, None]);
}

#[test]
fn a_wrong_clock_is_named_with_its_point() {
    let stream = StreamSnapshot {
        wrong_clocks: vec![wrong("FINISH", 3_603_000)],
        ..stream(vec![place("FINISH")])
    };
    let found = troubles(&snapshot(vec![stream]), |_| false);
    let titles: Vec<_> = found.iter().map(|(_, trouble)| trouble.title()).collect();
    assert_eq!(
        titles,
        ["finish is 1 h 00 m 03 s behind this computer; nothing is shown"]
    );
}

/// A connection that ended so long ago, so long after its last read.
fn gone(by_device: bool, ended_ms: i64, read_ms: Option<i64>) -> ConnectionStatus {
    let at = NOW.plus_ms(-ended_ms);
    ConnectionStatus {
        state: ConnectionState::Ended,
        ended: Some(Ended { at, by_device }),
        last_read_at: read_ms.map(|ms| at.plus_ms(-ms)),
        name: Some("mat-1".to_owned()),
        ..connection(&["FINISH"])
    }
}

#[test]
fn a_client_that_was_not_done_is_missed() {
    let check = |by_device, ended_ms, read_ms, expected: bool| {
        let mut snapshot = snapshot(vec![stream(vec![place("FINISH")])]);
        snapshot.connections = vec![gone(by_device, ended_ms, read_ms)];
        let found = kinds(&snapshot, &[]) == ["client-gone"];
        assert_eq!(found, expected, "{by_device} {ended_ms} {read_ms:?}");
    };
    // Closed in order: in the middle of the race, after it, before it.
    check(true, MINUTE_MS, Some(2_000), true);
    check(true, MINUTE_MS, Some(10 * MINUTE_MS), false);
    check(true, MINUTE_MS, None, false);
    // Lost: before the race, in it, long after it.
    check(false, MINUTE_MS, None, true);
    check(false, MINUTE_MS, Some(29 * MINUTE_MS), true);
    check(false, MINUTE_MS, Some(30 * MINUTE_MS), false);
    check(false, 59 * MINUTE_MS, Some(2_000), true);
    check(false, 60 * MINUTE_MS, Some(2_000), false);
}

#[test]
fn a_client_that_is_back_is_not_missed() {
    let check = |live: ConnectionStatus, expected: bool| {
        let mut snapshot = snapshot(vec![stream(vec![place("FINISH")])]);
        snapshot.connections = vec![live, gone(false, MINUTE_MS, Some(2_000))];
        let found = kinds(&snapshot, &[]) == ["client-gone"];
        assert_eq!(found, expected);
    };
    check(connection(&["10K"]), true);
    check(connection(&["10K", "FINISH"]), false);
    let renamed = ConnectionStatus {
        name: Some("mat-1".to_owned()),
        ..connection(&["GOAL"])
    };
    check(renamed, false);
    let of_other_stream = ConnectionStatus {
        stream: Some(StreamId(Uuid::from_u128(8))),
        ..connection(&["FINISH"])
    };
    check(of_other_stream, true);
}

#[test]
fn an_unclaimed_connection_is_offered_to_the_streams_that_could_take_it() {
    let mut snapshot = snapshot(vec![
        stream(Vec::new()),
        StreamSnapshot {
            id: StreamId(Uuid::from_u128(8)),
            shared: false,
            ..stream(Vec::new())
        },
        StreamSnapshot {
            id: StreamId(Uuid::from_u128(9)),
            partner: partner(2),
            ..stream(Vec::new())
        },
    ]);
    snapshot.connections[0].state = ConnectionState::Unclaimed;
    snapshot.connections[0].stream = None;
    let found = troubles(&snapshot, |_| false);
    let [(Some(owner), trouble)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(*owner, partner(1));
    let fixes: Vec<_> = trouble
        .offers()
        .into_iter()
        .map(|offer| offer.fix)
        .collect();
    let claim = Fix::Claim {
        connection: snapshot.connections[0].id.0,
        stream: StreamId(Uuid::from_u128(7)),
    };
    assert_eq!(fixes, [claim]);
    // Of several partners none may know of it.
    snapshot.claimant = None;
    assert_eq!(troubles(&snapshot, |_| false), []);
}

#[test]
fn journal_and_host_are_told_to_all() {
    let check = |alter: &dyn Fn(&mut Snapshot), standing: &[&str], expected: &[&str]| {
        let mut snapshot = snapshot(Vec::new());
        alter(&mut snapshot);
        assert_eq!(kinds(&snapshot, standing), expected);
        let owners = troubles(&snapshot, |_| false);
        assert!(
            owners.iter().all(|(owner, _)| owner.is_none()),
            "{owners:?}"
        );
    };
    check(&|it| it.journal.delay_ms = 2_000, &[], &[]);
    check(&|it| it.journal.delay_ms = 2_001, &[], &["journal-slow"]);
    check(
        &|it| it.journal.delay_ms = 1_500,
        &["journal-slow"],
        &["journal-slow"],
    );
    check(&|it| it.journal.delay_ms = 1_000, &["journal-slow"], &[]);
    check(
        &|it| {
            it.journal.trouble = Some("away".to_owned());
            it.journal.delay_ms = 60_000;
        },
        &[],
        &["journal-refused"],
    );
    check(
        &|it| {
            it.host.disk_free_bytes = Some(150_000_000);
            it.host.disk = DiskRoom::NearlyFull;
            it.host.backup_trouble = Some("there is no stick".to_owned());
            it.host.listeners = vec!["timing port 61611 is taken".to_owned()];
        },
        &[],
        &["disk-low", "listener-closed", "no-backup"],
    );
    check(&|it| it.host.disk_free_bytes = Some(1), &[], &[]);
}

/// What is said at each second of a connection that ends and comes back.
#[test]
fn an_alarm_is_said_when_it_has_held_and_taken_back_when_it_is_over() {
    let mut book = AlarmBook::default();
    let mut said = Vec::new();
    for second in 0..60 {
        let mut snapshot = snapshot(vec![stream(vec![place("FINISH")])]);
        snapshot.now = NOW.plus_ms(second * 1_000);
        // Away for five seconds, and again for half a minute.
        if (5..10).contains(&second) || (20..50).contains(&second) {
            snapshot.connections = vec![gone(false, 0, Some(1_000))];
        }
        for news in book.look(&snapshot) {
            said.push((second, matches!(news, News::Raised(_))));
        }
        let listed = book.list(partner(1));
        assert_eq!(listed.is_empty(), !(35..50).contains(&second), "{second}");
        assert_eq!(book.list(partner(2)), []);
        if let [alarm] = listed.as_slice() {
            assert_eq!(alarm.since, NOW.plus_ms(20_000));
        }
    }
    assert_eq!(said, [(35, true), (50, false)]);
}

#[test]
fn an_alarm_of_the_journal_does_not_flicker() {
    let mut book = AlarmBook::default();
    let mut said = 0;
    for second in 0..120 {
        let mut snapshot = snapshot(Vec::new());
        snapshot.now = NOW.plus_ms(second * 1_000);
        // Each batch takes three seconds, and the next is there after one.
        snapshot.journal.delay_ms = if second < 100 {
            (second % 4) * 1_000
        } else {
            0
        };
        said += book.look(&snapshot).len();
    }
    assert_eq!(said, 2, "raised once, over once");
}

#[test]
fn a_connection_tells_how_it_ended() {
    let connections = Connections::default();
    let ended = |end| {
        let peer = "192.0.2.7:5000".parse().unwrap();
        let id = connections.open(peer, 61_611, NOW).unwrap();
        connections.close(id, end, NOW.plus_ms(5));
        let status = connections
            .list()
            .into_iter()
            .find(|status| status.id == id);
        let status = status.unwrap();
        (status.ended.map(|ended| ended.by_device), status.note)
    };
    let closed = Some("closed by the device".to_owned());
    assert_eq!(ended(Some(End::ByDevice)), (Some(true), closed));
    let lost = || "lost: reset".to_owned();
    assert_eq!(ended(Some(End::Fault(lost()))), (Some(false), Some(lost())));
    assert_eq!(ended(None), (Some(false), None));
}
