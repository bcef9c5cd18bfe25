//! Timing sessions over a real store and a running node: what is listed, what their reads say, and
//! that no partner sees another's.

use crate::world::{self, is_forbidden, is_missing, new_display, person, until};
use model::{
    BuiltIn, DisplayCode, DisplayId, EventId, PartnerId, PointId, Read, ReadKind, Role, StreamId,
    UnixMicros, WallTime,
    session_view::{ReadMark, ReadsFrom, SessionKey, SessionRow, SessionState},
    timing_view::ReadStatus,
};
use service::{
    Caller, Clock, Node, ServiceError,
    ingest::{ConnectionId, ConnectionState},
    node::{Route, Routed},
    roster, session, setup,
};
use std::{net::SocketAddr, sync::Arc};
use store::{JournalEntry, Store};
use tempfile::TempDir;
use timing::ctp01::record::{DeviceRead, DeviceTime};

const SHARED: u16 = 61_611;
const HOUR_MS: i64 = 3_600_000;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
    stream: StreamId,
}

impl World {
    /// One partner with an event, a stream and runners 1 to 3.
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        let (partner, event, stream) = side(&*store, "Alder").await;
        Self {
            _folder: folder,
            store,
            partner,
            event,
            stream,
        }
    }

    fn person(&self) -> Caller {
        person(self.partner, Role::Viewer)
    }

    async fn node(&self) -> Arc<Node> {
        let node = Node::start(Arc::clone(&self.store), Clock::start());
        node.await.unwrap()
    }

    async fn sessions(&self, node: &Node, text: &str) -> Vec<SessionRow> {
        let list = session::sessions(node, &self.person(), text).await.unwrap();
        list.rows
    }

    /// A read of the past, as the journal has it.
    async fn journal(&self, stream: StreamId, location: &str, tag: &str, at: UnixMicros) {
        self.journal_of("box", stream, location, tag, at).await;
    }

    async fn journal_of(
        &self,
        connection: &str,
        stream: StreamId,
        location: &str,
        tag: &str,
        at: UnixMicros,
    ) {
        let wall = WallTime(at.0 / 10_000);
        let read = Read {
            stream,
            kind: ReadKind::Tag,
            location: location.to_owned(),
            tag: tag.to_owned(),
            wall,
            time_text: wall.to_string(),
            dated: true,
            sequence: None,
            occurrence: "0".to_owned(),
            reader: "0F2A38".to_owned(),
            antenna: "1".to_owned(),
            connection_name: Some(connection.to_owned()),
            raw: Vec::new(),
            received_at: at,
            late: false,
            simulated: false,
        };
        let scope = service::authority::node_scope(self.partner);
        let entry = JournalEntry { scope, read };
        self.store.append_reads(&[entry]).await.unwrap();
    }
}

async fn side(store: &dyn Store, name: &str) -> (PartnerId, EventId, StreamId) {
    let partner = store.create_partner(name).await.unwrap();
    let shell = &Caller::Shell;
    let (named, run) = (partner.to_string(), format!("{name} Run"));
    let event = setup::create_event(store, shell, &named, &run, "2026-11-21", "UTC");
    let event = event.await.unwrap();
    let csv = "bib,first_name,last_name,city\n1,Ana,Sol,Pau\n2,Bo,Lind,Ely\n3,Cy,Moss,Lugo\n";
    let imported = roster::import(store, shell, event, csv.as_bytes());
    imported.await.unwrap();
    let stream = setup::create_stream(store, shell, event, "Mats", "ctp01", None);
    (partner, event, stream.await.unwrap())
}

fn peer() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 7], 5_000))
}

/// A device that is connected to the only stream.
async fn connected(node: &Arc<Node>) -> (ConnectionId, Routed) {
    let now = node.clock.now();
    let id = node.connections.open(peer(), SHARED, now).unwrap();
    let Route::Stream(routed) = node.route(peer().ip(), SHARED, true).await.unwrap() else {
        panic!("it has no stream")
    };
    node.connections.update(id, |status| {
        status.state = ConnectionState::Streaming;
        status.stream = Some(routed.runtime.id);
        status.program = "SimpleClient".to_owned();
        status.name = Some("mat-1".to_owned());
        status.event_name = Some("EVENT 7".to_owned());
        status.locations = vec!["START".to_owned(), "FINISH".to_owned()];
    });
    (id, routed)
}

async fn read(node: &Arc<Node>, at: &(ConnectionId, Routed), sequence: u64, tag: &str) {
    take(node, at, sequence, tag).await;
    node.journal.drained().await;
}

async fn take(node: &Arc<Node>, at: &(ConnectionId, Routed), sequence: u64, tag: &str) {
    let now = node.clock.now();
    let time = DeviceTime::Dated(WallTime(now.0 / 10_000));
    let reads = vec![DeviceRead::new(sequence, "FINISH", tag, time)];
    node.take(at.0, &at.1, Some("mat-1"), reads, now).await;
    node.connections
        .update(at.0, |status| status.last_read_at = Some(now));
}

#[tokio::test]
async fn a_device_without_a_name_is_called_by_its_program_and_never_by_its_id() {
    const ID: &str = "0123456789abcdef0123456789abcdef01234567";
    let world = World::new().await;
    let node = world.node().await;
    let (id, _) = connected(&node).await;
    node.connections
        .update(id, |status| status.name = Some(ID.to_owned()));
    assert_eq!(world.sessions(&node, "").await[0].devices, ["SimpleClient"]);

    let long_ago = node.clock.now().plus_ms(-5 * 24 * HOUR_MS);
    world
        .journal_of(ID, world.stream, "FINISH", "1", long_ago)
        .await;
    let past = &world.sessions(&node, "").await[1];
    assert_eq!(past.state, SessionState::Ended);
    assert!(past.devices.is_empty());
}

#[tokio::test]
async fn live_and_past_sessions_are_listed_and_found() {
    let world = World::new().await;
    let node = world.node().await;
    let now = node.clock.now();
    assert_eq!(world.sessions(&node, "").await, []);
    let long_ago = now.plus_ms(-5 * 24 * HOUR_MS);
    world.journal(world.stream, "FINISH", "1", long_ago).await;
    let [past] = &world.sessions(&node, "").await[..] else {
        panic!("one is past")
    };
    assert_eq!(past.state, SessionState::Ended);
    assert_eq!((&*past.event_name, &*past.stream), ("Alder Run", "Mats"));
    assert_eq!(past.per_minute, 0);
    assert_eq!(past.devices, ["box"]);
    assert_eq!(past.first, past.last);
    assert_eq!(past.first, WallTime(long_ago.0 / 10_000).to_string());

    let device = connected(&node).await;
    let silent = &world.sessions(&node, "").await[0];
    assert_eq!((silent.state, silent.walls), (SessionState::Silent, None));
    assert_eq!(silent.devices, ["mat-1"]);
    assert_eq!(silent.device_events, ["EVENT 7"]);
    let places: Vec<_> = silent.places.iter().map(|place| &*place.location).collect();
    assert_eq!(places, ["FINISH", "START"]);

    read(&node, &device, 1, "2").await;
    let rows = world.sessions(&node, "").await;
    assert_eq!((rows.len(), rows[0].state), (2, SessionState::Live));
    assert_eq!(rows[0].per_minute, 1);
    assert_eq!(rows[0].key.stream, rows[1].key.stream);

    node.connections.close(device.0, None, node.clock.now());
    let rows = world.sessions(&node, "").await;
    assert_eq!((rows.len(), rows[0].state), (2, SessionState::Ended));

    for (text, expected) in [
        ("", 2),
        ("alder", 2),
        ("ALDER mat-1", 1),
        ("finish mats", 2),
        (&past.first[..10], 1),
        ("willow", 0),
    ] {
        assert_eq!(
            world.sessions(&node, text).await.len(),
            expected,
            "{text:?}"
        );
    }
}

#[tokio::test]
async fn reads_are_told_as_a_screen_would_and_paged() {
    let world = World::new().await;
    let node = world.node().await;
    let at = node.clock.now().plus_ms(-5 * 24 * HOUR_MS);
    for (index, tag) in (0..).zip(["1", "77", "2"]) {
        world
            .journal(world.stream, "FINISH", tag, at.plus_ms(1_000 * index))
            .await;
    }
    let scope = service::authority::node_scope(world.partner);
    let mapped = world.store.ensure_location(&scope, world.stream, "FINISH");
    mapped.await.unwrap();
    let key = world.sessions(&node, "").await[0].key;
    let page =
        async |from| session::session_reads(&node, &world.person(), world.event, key, from).await;
    let last = page(ReadsFrom::Last).await.unwrap();
    let told: Vec<_> = last
        .reads
        .iter()
        .map(|read| (&*read.who, &*read.place, read.status, read.crossing))
        .collect();
    let expected = [
        ("1 Ana Sol", "FINISH", ReadStatus::New, Some(0)),
        ("77", "FINISH", ReadStatus::Unknown, None),
        ("2 Bo Lind", "FINISH", ReadStatus::New, Some(1)),
    ];
    assert_eq!(told, expected);
    let names: Vec<_> = last
        .crossings
        .iter()
        .map(|it| (&*it.name, &*it.city))
        .collect();
    assert_eq!(names, [("Ana Sol", "Pau"), ("Bo Lind", "Ely")]);
    assert_eq!(&*last.nobody.event, "Alder Run");
    assert_eq!(last.next, None);

    let from_second = ReadsFrom::At(last.reads[1].wall);
    assert_eq!(
        page(from_second).await.unwrap().reads,
        retold(&last.reads[1..])
    );

    // What comes is told from memory, each once.
    let device = connected(&node).await;
    let now = world.sessions(&node, "").await[0].key;
    let viewer = world.person();
    let coming = |from| session::session_reads(&node, &viewer, world.event, now, from);
    let before = coming(ReadsFrom::Last).await.unwrap();
    assert_eq!(before.reads, []);
    read(&node, &device, 1, "3").await;
    let came = coming(ReadsFrom::Coming(before.coming)).await.unwrap();
    let who: Vec<_> = came.reads.iter().map(|read| &*read.who).collect();
    assert_eq!(who, ["3 Cy Moss"]);
    let nothing = coming(ReadsFrom::Coming(came.coming)).await.unwrap();
    assert_eq!(nothing.reads, []);
    let all = coming(ReadsFrom::Last).await.unwrap();
    assert_eq!(all.reads.len(), 1);
}

#[tokio::test]
async fn the_first_read_at_a_place_is_told_with_its_point() {
    let world = World::new().await;
    let node = world.node().await;
    let device = connected(&node).await;
    let key = world.sessions(&node, "").await[0].key;
    let page =
        async |from| session::session_reads(&node, &world.person(), world.event, key, from).await;
    let before = page(ReadsFrom::Last).await.unwrap();
    // The node notes the place beside the read, which is asked for at once.
    take(&node, &device, 1, "3").await;
    let came = page(ReadsFrom::Coming(before.coming)).await.unwrap();
    let told: Vec<_> = came
        .reads
        .iter()
        .map(|it| (&*it.who, it.crossing))
        .collect();
    assert_eq!(told, [("3 Cy Moss", Some(0))]);
}

/// With the crossings numbered from the first of them on.
fn retold(reads: &[model::session_view::SessionRead]) -> Vec<model::session_view::SessionRead> {
    let mut reads = reads.to_vec();
    let crossings = reads.iter_mut().filter_map(|read| read.crossing.as_mut());
    (0..).zip(crossings).for_each(|(index, of)| *of = index);
    reads
}

#[tokio::test]
async fn what_a_person_changed_is_told_at_once() {
    let world = World::new().await;
    let node = world.node().await;
    let at = node.clock.now().plus_ms(-HOUR_MS);
    world.journal(world.stream, "FINISH", "9", at).await;
    let scope = service::authority::node_scope(world.partner);
    let mapped = world.store.ensure_location(&scope, world.stream, "FINISH");
    mapped.await.unwrap();
    let key = world.sessions(&node, "").await[0].key;
    let who = async || {
        let (viewer, last) = (world.person(), ReadsFrom::Last);
        let page = session::session_reads(&node, &viewer, world.event, key, last);
        page.await.unwrap().reads[0].who.clone()
    };
    assert_eq!(who().await, "9");
    let csv = "bib,first_name,last_name\n9,Dee,Fox\n";
    let imported = roster::import(&*world.store, &Caller::Shell, world.event, csv.as_bytes());
    imported.await.unwrap();
    until("they have a name", async || who().await == "9 Dee Fox").await;
}

#[tokio::test]
async fn another_partners_sessions_are_not_there() {
    let world = World::new().await;
    let (theirs, their_event, their_stream) = side(&*world.store, "Willow").await;
    let node = world.node().await;
    let at = node.clock.now().plus_ms(-HOUR_MS);
    world.journal(world.stream, "FINISH", "1", at).await;
    let other = person(theirs, Role::Owner);
    let list = session::sessions(&node, &other, "").await.unwrap();
    assert_eq!(list.rows, []);
    let key = world.sessions(&node, "").await[0].key;
    let refused = async |caller: &Caller, event, key: SessionKey| {
        for from in [
            ReadsFrom::Last,
            ReadsFrom::At(key.from),
            ReadsFrom::After(ReadMark::before(key.from)),
            ReadsFrom::Coming(0),
        ] {
            let page = session::session_reads(&node, caller, event, key, from).await;
            assert!(is_missing(&page.err()), "{from:?}");
        }
    };
    refused(&other, world.event, key).await;
    refused(&other, their_event, key).await;
    let stream = their_stream;
    refused(&world.person(), world.event, SessionKey { stream, ..key }).await;
}

async fn display_of(world: &World, points: &[&str]) -> (DisplayId, DisplayCode) {
    let new = setup::NewDisplay {
        stream: Some(world.stream),
        points: points.iter().map(|&name| name.to_owned()).collect(),
        ..new_display(world.event, BuiltIn::FinishWide.into())
    };
    let now = Clock::start().now();
    let made = setup::create_display(&*world.store, &Caller::Shell, new, now);
    let made = made.await.unwrap();
    (made.id, made.code)
}

#[tokio::test]
async fn a_running_display_that_is_bound_anew_replays_nothing() {
    let world = World::new().await;
    let node = world.node().await;
    let (display, code) = display_of(&world, &["START"]).await;
    node.shown(&code).await.unwrap().unwrap();
    let device = connected(&node).await;
    for (sequence, tag) in (1..).zip(["1", "2", "3"]) {
        read(&node, &device, sequence, tag).await;
    }
    let state = async || {
        let shown = node.shown(&code).await.unwrap().unwrap();
        shown.state.clone()
    };
    assert_eq!(state().await.runner, None);
    let points = setup::points(&*world.store, &Caller::Shell, world.event);
    let points = points.await.unwrap();
    let finish = points.iter().find(|point| point.name == "FINISH").unwrap();
    let director = person(world.partner, Role::Director);
    node.bind_display(&director, display, world.stream, &[finish.id])
        .await
        .unwrap();
    // At once: the next to cross is to be shown.
    assert_eq!(state().await.points, ["FINISH"]);
    assert_eq!(state().await.runner, None);

    // Nor are they shown when all is joined anew.
    let csv = "bib,first_name,last_name\n4,Dee,Fox\n";
    let imported = roster::import(&*world.store, &Caller::Shell, world.event, csv.as_bytes());
    imported.await.unwrap();
    let has_four = || {
        let roster = node.registry.roster(world.event);
        roster.is_some_and(|roster| roster.len() == 4)
    };
    until("there are four", async || has_four()).await;
    // Once another display is shown, all that was told before is done.
    let (_, other) = display_of(&world, &["FINISH"]).await;
    node.shown(&other).await.unwrap().unwrap();
    assert_eq!(state().await.runner, None);

    read(&node, &device, 4, "4").await;
    until("somebody is shown", async || state().await.runner.is_some()).await;
    assert_eq!(state().await.runner.unwrap().bib, "4");
}

async fn bind(
    world: &World,
    caller: &Caller,
    display: DisplayId,
    points: &[PointId],
) -> Result<store::Display, ServiceError> {
    setup::bind_display(&*world.store, caller, display, world.stream, points).await
}

#[tokio::test]
async fn a_display_is_bound_by_who_may_and_to_what_is_its_events() {
    let world = World::new().await;
    let store = &*world.store;
    let (theirs, their_event, their_stream) = side(store, "Willow").await;
    let their_scope = service::authority::node_scope(theirs);
    let their_point = store.ensure_point(&their_scope, their_event, "FINISH");
    let their_point = their_point.await.unwrap();
    let (display, _) = display_of(&world, &["START", "FINISH"]).await;
    let shown = async || {
        setup::display(store, &Caller::Shell, display)
            .await
            .unwrap()
    };
    let before = shown().await;
    let start = before.points[0];
    let owner = person(world.partner, Role::Owner);

    let viewer = bind(&world, &world.person(), display, &[start]).await;
    assert!(is_forbidden(&viewer.err()));
    let stranger = bind(&world, &person(theirs, Role::Owner), display, &[start]).await;
    assert!(is_missing(&stranger.err()));
    let too_many = vec![start; service::limits::POINTS_PER_DISPLAY_MAX + 1];
    for points in [&[][..], &[their_point], &[start, their_point], &too_many] {
        world::invalid(bind(&world, &owner, display, points).await, "point", "");
    }
    let elsewhere = setup::bind_display(store, &owner, display, their_stream, &[start]).await;
    world::invalid(elsewhere, "stream", "none of the event's");
    assert_eq!(shown().await, before);

    let bound = bind(&world, &owner, display, &[start]).await.unwrap();
    assert_eq!(bound, before);
    assert_eq!(shown().await.points, [start]);
}
