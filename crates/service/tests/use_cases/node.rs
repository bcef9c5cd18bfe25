//! The running node over a real store: what it keeps in memory stays true to what happens.

use crate::world::{self, event_of, until};
use model::{
    BuiltIn, DisplayCode, EventId, Participant, Read, ReadKind, RundownOverrides, ShowMode,
    StreamId, Unit, UnixMicros, WallTime,
};
use service::{
    Caller, Clock, Node, Right, limits,
    node::{Route, Routed},
    setup,
};
use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::{
    JournalEntry, NewDisplay, NewEvent, NewRace, NewStream, PartnerScope, Protocol, RosterWrite,
    Store,
};
use tempfile::TempDir;
use timing::ctp01::{
    SIMULATOR_PROGRAM,
    record::{DeviceRead, DeviceTime, GUN_TAG},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const SILENT_MS_MAX: i64 = 14 * DAY_MS;

struct Install {
    _folder: TempDir,
    store: Arc<dyn Store>,
    event: EventId,
    stream: StreamId,
}

impl Install {
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        let partner = store.create_partner("Alder Timing").await.unwrap();
        let event = event_of(&*store, partner).await;
        let stream = setup::create_stream(&*store, &Caller::Shell, event, "Mats", "ctp01", None)
            .await
            .unwrap();
        Self {
            _folder: folder,
            store,
            event,
            stream,
        }
    }

    async fn scope(&self) -> PartnerScope {
        setup::scope_of_stream(&*self.store, &Caller::Shell, self.stream, Right::Run)
            .await
            .unwrap()
    }

    /// A read that came then.
    fn read(&self, received_at: UnixMicros) -> Read {
        Read {
            stream: self.stream,
            kind: ReadKind::Tag,
            location: "FINISH".to_owned(),
            tag: "7".to_owned(),
            wall: wall_of(received_at),
            time_text: String::new(),
            dated: true,
            sequence: Some(1),
            occurrence: "1".to_owned(),
            reader: "0F2A38".to_owned(),
            antenna: "1".to_owned(),
            connection_name: None,
            raw: Vec::new(),
            received_at,
            late: false,
            simulated: false,
        }
    }

    /// A read that came then.
    async fn store_read(&self, received_at: UnixMicros) {
        let scope = self.scope().await;
        let read = self.read(received_at);
        let entry = JournalEntry { scope, read };
        self.store.append_reads(&[entry]).await.unwrap();
    }

    /// More undated reads than are loaded at a start, and the oldest of them.
    async fn store_many_undated(&self, yesterday: UnixMicros) -> Read {
        let scope = self.scope().await;
        let count = i64::from(limits::UNDATED_READS_LOADED_MAX) + 1;
        let reads: Vec<_> = (0..count)
            .map(|number| Read {
                dated: false,
                tag: number.to_string(),
                ..self.read(yesterday.plus_ms(10 * number))
            })
            .collect();
        for chunk in reads.chunks(4_096) {
            let entries = chunk.iter().cloned();
            let entries: Vec<_> = entries.map(|read| JournalEntry { scope, read }).collect();
            self.store.append_reads(&entries).await.unwrap();
        }
        reads.into_iter().next().unwrap()
    }

    async fn new_event(&self, name: &str, timezone: &str) -> EventId {
        let new = NewEvent {
            name: name.to_owned(),
            date: "2026-05-31".to_owned(),
            timezone: timezone.to_owned(),
        };
        let scope = self.scope().await;
        self.store.create_event(&scope, new).await.unwrap()
    }

    /// A display of an event's one stream, past all that the shell checks.
    async fn new_display(&self, event: EventId, expires_at: UnixMicros) -> (StreamId, DisplayCode) {
        let scope = self.scope().await;
        let stream = NewStream {
            event,
            name: "Mats".to_owned(),
            protocol: Protocol::Ctp01,
            port: None,
        };
        let stream = self.store.create_stream(&scope, stream).await.unwrap();
        let display = NewDisplay {
            name: String::new(),
            event,
            mode: ShowMode::Results,
            template: BuiltIn::Arrivals.into(),
            rundown: RundownOverrides::default(),
            stream,
            points: Vec::new(),
            expires_at,
        };
        let display = self.store.create_display(&scope, display).await.unwrap();
        (stream, display.code)
    }
}

fn wall_of(instant: UnixMicros) -> WallTime {
    WallTime(instant.0 / 10_000)
}

fn peer() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 1))
}

async fn routed(node: &Node) -> Routed {
    match node.route(peer().ip(), 61_611, true).await.unwrap() {
        Route::Stream(routed) => routed,
        Route::Held(_) => panic!("the stream is held"),
        Route::Unclaimed => panic!("the connection is unclaimed"),
    }
}

async fn take(node: &Arc<Node>, routed: &Routed, at: UnixMicros) {
    send(node, routed, "SimpleClient", ("FINISH", "8"), at).await;
}

/// A read by a program that greeted so, at that location and of that tag.
async fn send(
    node: &Arc<Node>,
    routed: &Routed,
    program: &str,
    (location, tag): (&str, &str),
    at: UnixMicros,
) {
    let connection = node.connections.open(peer(), 61_611, at).unwrap();
    node.connections
        .update(connection, |status| status.program = program.to_owned());
    let read = DeviceRead::new(2, location, tag, DeviceTime::Dated(wall_of(at)));
    node.take(connection, routed, None, vec![read], at).await;
    node.journal.drained().await;
}

async fn take_read(node: &Arc<Node>, routed: &Routed, read: DeviceRead, at: UnixMicros) {
    let connection = node.connections.open(peer(), 61_611, at).unwrap();
    node.take(connection, routed, None, vec![read], at).await;
}

/// What a device says that has no date, at the time of day of an instant.
fn undated(sequence: u64, tag: &str, at: UnixMicros) -> DeviceRead {
    let cs = wall_of(at).time_of_day_cs();
    DeviceRead::new(sequence, "FINISH", tag, DeviceTime::TimeOfDay { cs })
}

#[tokio::test]
async fn a_gun_that_a_device_tells_of_starts_the_only_wave() {
    let install = Install::new().await;
    let (store, scope, event) = (&install.store, install.scope().await, install.event);
    let new = NewRace {
        event,
        name: "Willow 10K".to_owned(),
        distance_m: 10_000,
        unit: Unit::Km,
    };
    store.create_race(&scope, new).await.unwrap();
    let clock = Clock::start();
    let node = Node::start(Arc::clone(store), clock).await.unwrap();
    let routed = routed(&node).await;
    let fired_at = UnixMicros(clock.now().0 / 10_000 * 10_000);
    send(&node, &routed, "SimpleClient", ("START", GUN_TAG), fired_at).await;
    until("the wave gets its gun", async || {
        let races = store.races(&scope, event).await.unwrap();
        races[0].waves[0].gun.is_some()
    })
    .await;
    let gun = store.races(&scope, event).await.unwrap()[0].waves[0].gun;
    let guns = store.guns(&scope, event).await.unwrap();
    assert_eq!(
        (Some(guns[0].id), guns[0].fired_at, guns.len()),
        (gun, fired_at, 1)
    );
    let deeds = store.deeds(&scope, event, 10).await.unwrap();
    assert_eq!(deeds[0].summary, "the gun at START started Willow 10K");
}

#[tokio::test]
async fn what_the_simulator_sends_is_kept_as_simulated() {
    let install = Install::new().await;
    let clock = Clock::start();
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let routed = routed(&node).await;
    let now = clock.now();
    send(&node, &routed, SIMULATOR_PROGRAM, ("FINISH", "1"), now).await;
    send(&node, &routed, "SimpleClient", ("FINISH", "2"), now).await;
    let scope = install.scope().await;
    let rows = install
        .store
        .recent_reads(&scope, install.stream, "FINISH", 10)
        .await;
    let mut told: Vec<_> = rows.unwrap().into_iter().map(|row| row.read).collect();
    told.sort_by(|one, other| one.tag.cmp(&other.tag));
    let told: Vec<_> = told
        .iter()
        .map(|read| (&*read.tag, read.simulated))
        .collect();
    assert_eq!(told, [("1", true), ("2", false)]);
}

/// A stream pauses itself by silence, and one that was silent for nearly so long before the
/// server was started must not do so in the middle of its race.
#[tokio::test]
async fn a_stream_that_gets_reads_does_not_pause_itself() {
    let install = Install::new().await;
    let clock = Clock::start();
    let long_ago = clock.now().plus_ms(DAY_MS - SILENT_MS_MAX);
    install.store_read(long_ago).await;
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let routed = routed(&node).await;
    let tomorrow = clock.now().plus_ms(DAY_MS);
    assert!(!routed.runtime.row().active(tomorrow.plus_ms(1)));

    take(&node, &routed, clock.now()).await;
    assert!(routed.runtime.row().active(tomorrow.plus_ms(1)));
}

#[tokio::test]
async fn unknown_reads_are_counted_after_the_start_and_with_each_that_comes() {
    let install = Install::new().await;
    let clock = Clock::start();
    install.store_read(clock.now().plus_ms(-60_000)).await;
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let routed = routed(&node).await;
    let unknown = || routed.runtime.counters.unknown.known();
    until("the stored one", async || unknown() == Some(1)).await;

    take(&node, &routed, clock.now()).await;
    until("the one that came", async || unknown() == Some(2)).await;

    let runner = Participant {
        bib: "8".to_owned(),
        last_name: "Lind".to_owned(),
        ..Participant::new(store::new_participant_id())
    };
    let (scope, event) = (install.scope().await, routed.runtime.event);
    let roster = [RosterWrite::Add(runner.into())];
    let imported = install.store.import_roster(&scope, event, &roster);
    imported.await.unwrap();
    until("counted by the new roster", async || unknown() == Some(1)).await;
}

/// A rewind after midnight adds nothing, however many undated reads the stream has.
#[tokio::test]
async fn an_undated_read_that_is_not_in_memory_gets_its_day_from_the_store() {
    let install = Install::new().await;
    let clock = Clock::start();
    let yesterday = clock.now().plus_ms(-DAY_MS);
    let oldest = install.store_many_undated(yesterday).await;
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let routed = routed(&node).await;
    let counters = &routed.runtime.counters;
    let counted = || {
        let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        (count(&counters.reads), count(&counters.duplicates))
    };
    let (stored, _) = counted();
    // An answer of the store is waited for a moment only, so nothing else may ask it then.
    until("all are counted", async || {
        counters.unknown.known().is_some()
    })
    .await;
    let again = undated(1, &oldest.tag, oldest.received_at);
    // By its arrival it would be a live read of today.
    take_read(&node, &routed, again, yesterday.plus_ms(DAY_MS)).await;
    until("known again", async || counted() == (stored, 1)).await;
    // Its neighbour was loaded at the start.
    let next = undated(1, "1", yesterday.plus_ms(10));
    take_read(&node, &routed, next, yesterday.plus_ms(DAY_MS)).await;
    until("known again", async || counted() == (stored, 2)).await;
    let new = undated(7, "1", yesterday.plus_ms(10));
    take_read(&node, &routed, new, yesterday.plus_ms(DAY_MS)).await;
    until("a new one", async || counted() == (stored + 1, 2)).await;
}

/// Screens go on where the database does not answer; a read that may be an old one waits.
#[tokio::test]
async fn only_reads_that_look_live_are_dated_without_the_store() {
    let install = Install::new().await;
    let clock = Clock::start();
    let yesterday = clock.now().plus_ms(-DAY_MS);
    install.store_many_undated(yesterday).await;
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let routed = routed(&node).await;
    // It ends when the follower of changes does, and answers nobody before that either.
    let store = Arc::clone(&install.store);
    tokio::spawn(async move { store.close().await });
    tokio::task::yield_now().await;

    let live = undated(7, "8", clock.now());
    let taken = take_read(&node, &routed, live, clock.now());
    let taken = tokio::time::timeout(Duration::from_secs(20), taken).await;
    assert!(taken.is_ok(), "a live read waits for the database");

    let old = undated(7, "9", clock.now().plus_ms(-DAY_MS / 4));
    let taken = take_read(&node, &routed, old, clock.now());
    let taken = tokio::time::timeout(Duration::from_secs(1), taken).await;
    assert!(taken.is_err(), "an old read is dated by a guess");
}

/// An event that only a newer program can have written, or a hand.
#[tokio::test]
async fn an_event_that_cannot_be_loaded_holds_up_no_other() {
    let install = Install::new().await;
    let clock = Clock::start();
    let node = Node::start(install.store.clone(), clock).await.unwrap();
    let expires_at = clock.now().plus_ms(DAY_MS);
    let broken = install.new_event("Pine Run", "Mars/Olympus").await;
    let (broken_stream, broken_code) = install.new_display(broken, expires_at).await;
    let sound = install.new_event("Oak Run", "UTC").await;
    let (stream, code) = install.new_display(sound, expires_at).await;
    until("the stream of the other event", async || {
        node.registry.stream(stream).is_some()
    })
    .await;
    until("the display of the other event", async || {
        node.hub.latest(&code).is_some()
    })
    .await;
    assert!(node.registry.stream(broken_stream).is_none());
    assert!(node.hub.latest(&broken_code).is_none());
    // Nor one that is made by another process and asked for at once.
    let another = install.new_event("Elm Run", "UTC").await;
    let (_, code) = install.new_display(another, expires_at).await;
    assert!(node.shown(&code).await.unwrap().is_some());
}
