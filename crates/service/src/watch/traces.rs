//! Whole races from the simulator's script, looked at as the node does: no alarm where nothing is
//! wrong, and one within a minute where a mat is unplugged.

use super::{
    AlarmBook, HostReport, JournalSnapshot, News, Snapshot, Source, StreamWatch, look::snapshot_of,
};
use crate::{
    ingest::{ConnectionState, Connections, End, Intake},
    node::{EventEntry, StreamRuntime},
    roster::RosterIndex,
};
use model::{
    EventId, Participant, ParticipantId, PartnerId, PointId, Read, ReadKind, StreamId, UnixMicros,
    WallTime, alarm::Trouble, fold_tag,
};
use sim::{Course, Field, Knobs, Script, ScriptRead, Tag};
use std::{collections::HashSet, ops::Range, sync::Arc};
use store::{BibRule, Protocol, Stream};
use timing::{DateBook, StreamClock};
use uuid::Uuid;

/// 2026-03-06T07:58:20Z.
const BEGAN: UnixMicros = UnixMicros(1_772_783_900_000_000);
const LOOK_MS: i64 = 2_000;

struct Race {
    script: Script,
    entry: EventEntry,
    runtime: StreamRuntime,
    known: HashSet<String>,
}

/// What is said, with the time since the beginning.
type Said = (i64, News);

impl Race {
    fn new(points: &[&str], runners: usize, knobs: &Knobs, seed: u64) -> Self {
        let field = Field::made_up(runners, Course::parse(points).unwrap(), seed).unwrap();
        let script = Script::new(&field, knobs, seed);
        let people = field
            .runners
            .iter()
            .zip(1..)
            .map(|(runner, number)| Participant {
                bib: runner.bib.clone(),
                ..Participant::new(ParticipantId(Uuid::from_u128(number)))
            });
        let clock = StreamClock {
            zone: timing::parse_zone("UTC").unwrap(),
            offset_ms: 0,
        };
        let point =
            |(name, number): (&&str, u128)| (PointId(Uuid::from_u128(number)), (*name).to_owned());
        let entry = EventEntry {
            name: "Willow Marathon".to_owned(),
            points: points.iter().zip(1..).map(point).collect(),
            roster: Arc::new(RosterIndex::new(people.collect(), BibRule::Auto)),
            clock,
            ignored_tags: Vec::new(),
            messages: Arc::default(),
        };
        let row = Stream {
            id: StreamId(Uuid::from_u128(7)),
            partner: PartnerId(Uuid::from_u128(1)),
            event: EventId(Uuid::from_u128(3)),
            name: "Mats".to_owned(),
            protocol: Protocol::Ctp01,
            port: None,
            timezone: None,
            offset_ms: 0,
            paused: false,
            archived: false,
            last_read_at: None,
            woken_at: None,
            addresses: Vec::new(),
        };
        let intake = Intake::new(row.id, clock, DateBook::default());
        let watch = StreamWatch::new(Arc::default());
        Self {
            known: field
                .runners
                .iter()
                .map(|runner| fold_tag(&runner.bib))
                .collect(),
            runtime: StreamRuntime::new(row, intake, watch, Default::default()),
            entry,
            script,
        }
    }

    fn read(&self, read: &ScriptRead) -> (Read, UnixMicros) {
        let point = &self.script.points()[usize::from(read.point)];
        let instant = BEGAN.plus_ms(i64::from(read.at_ms));
        let tag = self.script.tag_text(read.tag);
        let read = Read {
            stream: self.runtime.id,
            kind: match read.tag {
                Tag::Gun => ReadKind::Gun,
                _ => ReadKind::Tag,
            },
            location: point.location.clone(),
            tag: tag.to_owned(),
            wall: WallTime(instant.0 / 10_000),
            time_text: String::new(),
            dated: true,
            sequence: Some(u64::from(read.sequence)),
            occurrence: String::new(),
            reader: point.readers[usize::from(read.reader)].clone(),
            antenna: read.antenna.to_string(),
            connection_name: None,
            raw: Vec::new(),
            received_at: BEGAN.plus_ms(i64::from(read.emit_ms)),
            late: false,
            simulated: false,
        };
        (read, instant)
    }

    /// Runs the race. What `comes` is not true of is never read. A quarter of an hour after the
    /// last read the timing software is closed.
    fn run(&self, comes: impl Fn(&ScriptRead) -> bool) -> Vec<Said> {
        let connections = Connections::default();
        let peer = "192.0.2.7:5000".parse().unwrap();
        let connection = connections.open(peer, 61_611, BEGAN).unwrap();
        let locations = self.script.points().iter();
        let locations: Vec<_> = locations.map(|point| point.location.clone()).collect();
        connections.update(connection, |status| {
            status.state = ConnectionState::Streaming;
            status.stream = Some(self.runtime.id);
            status.locations = locations;
        });
        let source = Source {
            connection,
            name: Some("mat-1"),
            simulated: false,
        };
        let mut book = AlarmBook::default();
        let mut said = Vec::new();
        let mut reads = self.script.reads().iter().peekable();
        let closes_ms = i64::from(self.script.duration_ms()) + 15 * 60_000;
        let mut now_ms = 0;
        while now_ms < closes_ms + 10 * 60_000 {
            now_ms += LOOK_MS;
            let now = BEGAN.plus_ms(now_ms);
            let due = |read: &&ScriptRead| i64::from(read.emit_ms) <= now_ms;
            while let Some(read) = reads.next_if(due) {
                if read.tag == Tag::NewLocation || !comes(read) {
                    continue;
                }
                let (read, instant) = self.read(read);
                let received_at = read.received_at;
                let known = |read: &Read| self.known.contains(&fold_tag(&read.tag));
                self.runtime
                    .watch()
                    .came(source, &[read], &[instant], known);
                connections.update(connection, |status| {
                    status.last_read_at = Some(received_at);
                });
            }
            if now_ms >= closes_ms {
                connections.close(connection, Some(End::ByDevice), BEGAN.plus_ms(closes_ms));
            }
            let snapshot = Snapshot {
                now,
                streams: vec![snapshot_of(&self.runtime, &self.entry, now)],
                connections: connections.list(),
                claimant: Some(self.runtime.partner),
                journal: JournalSnapshot::default(),
                host: HostReport::default(),
            };
            let news = book.look(&snapshot);
            said.extend(news.into_iter().map(|news| (now_ms, news)));
        }
        said
    }

    fn point(&self, name: &str) -> u16 {
        let mut points = self.script.points().iter();
        let at = points.position(|point| point.location == name).unwrap();
        u16::try_from(at).unwrap()
    }

    /// The middle of the five densest minutes of a point.
    fn peak_ms(&self, point: u16) -> u32 {
        let here = self
            .script
            .reads()
            .iter()
            .filter(|read| read.point == point);
        let times: Vec<_> = here.map(|read| read.emit_ms).collect();
        let within = |from: u32| {
            let end = times.partition_point(|at| *at < from + 300_000);
            end - times.partition_point(|at| *at < from)
        };
        let minutes = (0..self.script.duration_ms()).step_by(60_000);
        minutes.max_by_key(|from| within(*from)).unwrap() + 150_000
    }
}

const MARATHON: [&str; 6] = ["START", "10K", "HALF", "30K", "40K@40000", "FINISH"];

fn waves(waves: u32, wave_gap_ms: u32) -> Knobs {
    Knobs {
        waves,
        wave_gap_ms,
        ..Knobs::default()
    }
}

#[test]
fn a_race_in_which_nothing_is_wrong_has_no_alarm() {
    let check = |points: &[&str], runners, knobs: Knobs, seed| {
        let said = Race::new(points, runners, &knobs, seed).run(|_| true);
        assert_eq!(said, [], "{runners} runners, {points:?}, seed {seed}");
    };
    check(&MARATHON, 12_000, Knobs::default(), 1);
    check(&MARATHON, 3_000, waves(4, 600_000), 2);
    check(&["START", "5K", "FINISH"], 40, Knobs::default(), 3);
    check(&["START", "5K", "FINISH"], 300, Knobs::default(), 4);
    check(&["START", "5K", "FINISH"], 4_000, waves(10, 180_000), 5);
    // A mass start over a mat that is not called so.
    check(&["ZERO@0", "5K", "FINISH"], 5_000, Knobs::default(), 6);
    // Numbers missing, chips read again and again, strays.
    let rough = Knobs {
        gap_share: 0.05,
        duplicate_share: 0.5,
        start_reads_max: 10,
        stray_share: 0.05,
        unknown_share: 0.03,
        ..Knobs::default()
    };
    check(&["START", "5K", "FINISH"], 2_000, rough, 7);
}

#[test]
fn a_mat_that_is_unplugged_at_its_peak_is_told_within_a_minute() {
    let check = |points: &[&str], runners, name: &str, knobs: Knobs, seed| {
        let race = Race::new(points, runners, &knobs, seed);
        let (point, from) = (race.point(name), race.peak_ms(race.point(name)));
        let unplugged: Range<u32> = from..from + 240_000;
        let said = race.run(|read| read.point != point || !unplugged.contains(&read.emit_ms));
        let [
            (raised_ms, News::Raised(raised)),
            (over_ms, News::Over(over)),
        ] = said.as_slice()
        else {
            panic!("{name} of {runners}, seed {seed}: {said:?}")
        };
        let is_there = |trouble: &Trouble| match trouble {
            Trouble::Silent { place, .. } => place.location == name,
            _ => false,
        };
        assert!(is_there(raised) && is_there(over), "{said:?}");
        let after_ms = raised_ms - i64::from(unplugged.start);
        assert!((40_000..=60_000).contains(&after_ms), "{name}: {after_ms}");
        let after_ms = over_ms - i64::from(unplugged.end);
        assert!((0..=10_000).contains(&after_ms), "{name}: {after_ms}");
    };
    check(&MARATHON, 6_000, "FINISH", Knobs::default(), 1);
    check(&MARATHON, 6_000, "HALF", Knobs::default(), 2);
    check(&["START", "5K", "FINISH"], 2_000, "5K", Knobs::default(), 3);
    check(
        &["START", "5K", "FINISH"],
        4_000,
        "FINISH",
        waves(4, 600_000),
        4,
    );
}

#[test]
fn another_event_s_chip_file_is_told_as_soon_as_it_can_be() {
    let mut race = Race::new(&["START", "5K", "FINISH"], 300, &Knobs::default(), 1);
    let nobody = RosterIndex::new(
        vec![Participant::new(ParticipantId(Uuid::nil()))],
        BibRule::Auto,
    );
    race.entry.roster = Arc::new(nobody);
    let said = race.run(|_| true);
    let (first_ms, News::Raised(Trouble::UnknownTags { place, .. })) = &said[0] else {
        panic!("{said:?}")
    };
    assert_eq!(place.location, "START");
    // Twenty chips, at twelve a second and up to six seconds in the window.
    let gun_ms = i64::from(Knobs::default().lead_ms);
    assert!(*first_ms < gun_ms + 15_000, "{first_ms}");
}

#[test]
fn a_second_reader_whose_clock_is_off_is_told() {
    let check = |off_ms: i64, expected: bool| {
        let race = Race::new(&["START", "5K", "FINISH"], 4_000, &Knobs::default(), 1);
        let mut said = 0;
        let second = race.script.points()[1].readers[1].clone();
        let mut book = AlarmBook::default();
        for (place, script_read) in race.script.reads().iter().enumerate() {
            let (read, instant) = race.read(script_read);
            let off = if read.reader == second { off_ms } else { 0 };
            let now = read.received_at;
            let source = Source {
                connection: crate::ingest::ConnectionId(1),
                name: None,
                simulated: false,
            };
            let instants = [instant.plus_ms(-off)];
            race.runtime
                .watch()
                .came(source, &[read], &instants, |_| true);
            if place % 20 == 0 {
                let snapshot = Snapshot {
                    now,
                    streams: vec![snapshot_of(&race.runtime, &race.entry, now)],
                    connections: Vec::new(),
                    claimant: None,
                    journal: JournalSnapshot::default(),
                    host: HostReport::default(),
                };
                said += book
                    .look(&snapshot)
                    .iter()
                    .filter(|news| {
                        matches!(news, News::Raised(Trouble::ReadersDiffer { behind, .. })
                            if *behind == second)
                    })
                    .count();
            }
        }
        assert_eq!(said > 0, expected, "{off_ms}: {said}");
    };
    check(0, false);
    check(1_500, true);
}
