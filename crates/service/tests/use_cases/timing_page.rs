//! The Timing page over a real store: what is seen live, whose a connection is, and that no partner
//! sees another's.

use crate::world::{self, event_of, until};
use model::{
    EventId, PartnerId, StreamId, UnixMicros, WallTime,
    timing_view::{ConnectionWord, ReadFilter, ReadStatus, ReadsQuery},
};
use service::{
    Caller, Clock, Node, Right, ServiceError,
    ingest::{ConnectionId, ConnectionState},
    node::{Route, Routed},
    roster, setup, timing_page,
};
use std::{net::SocketAddr, sync::Arc};
use store::{Store, StreamChange};
use tempfile::TempDir;
use timing::ctp01::{
    SIMULATOR_PROGRAM,
    record::{DeviceRead, DeviceTime},
};

const SHARED: u16 = 61_611;

struct World {
    _folder: TempDir,
    store: Arc<dyn Store>,
    partner: PartnerId,
    event: EventId,
}

impl World {
    /// One partner, an event with runners 1 to 3, no stream.
    async fn new() -> Self {
        let (folder, store) = world::store().await;
        let partner = store.create_partner("Alder Timing").await.unwrap();
        let event = event_of(&*store, partner).await;
        let csv = "bib,first_name,last_name\n1,Ana,Sol\n2,Bo,Lind\n3,Cy,Moss\n";
        roster::import(&*store, &Caller::Shell, event, csv.as_bytes())
            .await
            .unwrap();
        Self {
            _folder: folder,
            store,
            partner,
            event,
        }
    }

    async fn stream(&self, name: &str) -> StreamId {
        stream_of(&*self.store, self.event, name).await
    }

    async fn node(&self) -> Arc<Node> {
        Node::start(self.store.clone(), Clock::start())
            .await
            .unwrap()
    }

    async fn update(&self, stream: StreamId, change: StreamChange) {
        let scope = setup::scope_of_stream(&*self.store, &Caller::Shell, stream, Right::Run);
        let scope = scope.await.unwrap();
        self.store
            .update_stream(&scope, stream, change)
            .await
            .unwrap();
    }
}

async fn stream_of(store: &dyn Store, event: EventId, name: &str) -> StreamId {
    setup::create_stream(store, &Caller::Shell, event, name, "ctp01", None)
        .await
        .unwrap()
}

fn peer() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 7], 5_000))
}

/// Where a connection to the shared port goes: a stream, or `None` where it waits.
async fn goes_to(node: &Node) -> Option<StreamId> {
    match node.route(peer().ip(), SHARED, true).await.unwrap() {
        Route::Stream(routed) => Some(routed.runtime.id),
        Route::Held(_) | Route::Unclaimed => None,
    }
}

/// A connection that has said what it is, and waits.
fn waiting(node: &Node, state: ConnectionState) -> ConnectionId {
    let id = node
        .connections
        .open(peer(), SHARED, node.clock.now())
        .unwrap();
    node.connections.update(id, |status| {
        status.state = state;
        status.program = "SimpleClient".to_owned();
        status.locations = vec!["FINISH".to_owned()];
    });
    id
}

fn device_read(sequence: u64, tag: &str, at: UnixMicros) -> DeviceRead {
    let time = DeviceTime::Dated(WallTime(at.0 / 10_000));
    DeviceRead::new(sequence, "FINISH", tag, time)
}

async fn send(node: &Arc<Node>, stream: StreamId, reads: Vec<DeviceRead>) -> ConnectionId {
    let id = waiting(node, ConnectionState::Streaming);
    node.connections
        .update(id, |status| status.stream = Some(stream));
    let Route::Stream(routed) = node.route(peer().ip(), SHARED, true).await.unwrap() else {
        panic!("it has no stream")
    };
    take(node, id, &routed, reads).await;
    id
}

async fn take(node: &Arc<Node>, id: ConnectionId, routed: &Routed, reads: Vec<DeviceRead>) {
    node.take(id, routed, Some("mat-1"), reads, node.clock.now())
        .await;
    node.journal.drained().await;
}

fn refusal<T>(result: Result<T, ServiceError>) -> String {
    result.err().expect("it is refused").to_string()
}

#[tokio::test]
async fn an_unclaimed_connection_goes_where_somebody_says() {
    let world = World::new().await;
    let (first, second) = (world.stream("Mats").await, world.stream("Spare").await);
    let node = world.node().await;
    assert_eq!(goes_to(&node).await, None);
    let connection = waiting(&node, ConnectionState::Unclaimed);
    let view = timing_page::live_timing(&node, &Caller::Shell, world.event)
        .await
        .unwrap();
    let [live] = view.connections.as_slice() else {
        panic!("{view:?}")
    };
    assert_eq!(
        (live.state, live.claimable),
        (ConnectionWord::Unclaimed, true)
    );

    let mut routes = node.routes_changed();
    routes.mark_unchanged();
    timing_page::claim(&node, &Caller::Shell, connection.0, second)
        .await
        .unwrap();
    // Each connection looks again, by itself.
    assert!(routes.has_changed().unwrap());
    assert_eq!(goes_to(&node).await, Some(second));

    // One that has its stream is not taken away from it.
    node.connections.update(connection, |status| {
        status.state = ConnectionState::Streaming;
        status.stream = Some(second);
    });
    // To ask for what is so already is no mistake: the node may have been quicker.
    timing_page::claim(&node, &Caller::Shell, connection.0, second)
        .await
        .unwrap();
    let taken = timing_page::claim(&node, &Caller::Shell, connection.0, first).await;
    assert!(refusal(taken).contains("has its stream"));
    let gone = timing_page::claim(&node, &Caller::Shell, 4_711, first).await;
    assert!(matches!(gone, Err(ServiceError::NotFound { .. })));
}

#[tokio::test]
async fn a_stream_that_cannot_take_it_is_refused() {
    let world = World::new().await;
    let (mats, _spare) = (world.stream("Mats").await, world.stream("Spare").await);
    let own = setup::create_stream(
        &*world.store,
        &Caller::Shell,
        world.event,
        "Own",
        "ctp01",
        Some(61_700),
    );
    let own = own.await.unwrap();
    let node = world.node().await;
    let connection = waiting(&node, ConnectionState::Unclaimed).0;
    let claim = async |stream| timing_page::claim(&node, &Caller::Shell, connection, stream).await;
    assert!(refusal(claim(own).await).contains("port of its own"));
    let pause = StreamChange {
        paused: Some(true),
        ..StreamChange::default()
    };
    world.update(mats, pause).await;
    assert!(refusal(claim(mats).await).contains("paused"));
}

#[tokio::test]
async fn with_several_partners_nobody_claims_what_nothing_proves() {
    let world = World::new().await;
    let other = world.store.create_partner("Beech Timing").await.unwrap();
    let theirs = event_of(&*world.store, other).await;
    let theirs = stream_of(&*world.store, theirs, "Theirs").await;
    let mats = world.stream("Mats").await;
    let node = world.node().await;
    let connection = waiting(&node, ConnectionState::Unclaimed);
    for stream in [mats, theirs] {
        let claimed = timing_page::claim(&node, &Caller::Shell, connection.0, stream).await;
        assert!(refusal(claimed).contains("several partners"));
        let claimed = timing_page::claim_shared(&*world.store, &Caller::Shell, stream).await;
        assert!(refusal(claimed).contains("several partners"));
    }
    let view = timing_page::live_timing(&node, &Caller::Shell, world.event)
        .await
        .unwrap();
    assert_eq!(view.connections, [], "shown to nobody but by count");
    assert_eq!(goes_to(&node).await, None);
}

/// What was decided while there was one partner stays that partner's to decide.
#[tokio::test]
async fn the_first_partner_goes_on_claiming_when_a_second_one_comes() {
    let world = World::new().await;
    let (mats, spare) = (world.stream("Mats").await, world.stream("Spare").await);
    let node = world.node().await;
    let connection = waiting(&node, ConnectionState::Unclaimed);
    timing_page::claim(&node, &Caller::Shell, connection.0, mats)
        .await
        .unwrap();
    let other = world.store.create_partner("Beech Timing").await.unwrap();
    let theirs = event_of(&*world.store, other).await;
    let theirs = stream_of(&*world.store, theirs, "Theirs").await;
    until("the second partner is known", async || {
        node.registry.partners() == 2
    })
    .await;

    let pause = StreamChange {
        paused: Some(true),
        ..StreamChange::default()
    };
    world.update(mats, pause).await;
    until("it is held", async || goes_to(&node).await.is_none()).await;
    node.connections.update(connection, |status| {
        status.state = ConnectionState::Held;
        status.stream = Some(mats);
    });
    let claimed = timing_page::claim(&node, &Caller::Shell, connection.0, theirs).await;
    assert!(
        matches!(claimed, Err(ServiceError::NotFound { .. })),
        "as if it were not there"
    );
    timing_page::claim(&node, &Caller::Shell, connection.0, spare)
        .await
        .unwrap();
    assert_eq!(goes_to(&node).await, Some(spare));
}

#[tokio::test]
async fn a_listed_address_proves_whose_it_is_unless_two_partners_list_it() {
    let world = World::new().await;
    let (mats, spare) = (world.stream("Mats").await, world.stream("Spare").await);
    let other = world.store.create_partner("Beech Timing").await.unwrap();
    let theirs = event_of(&*world.store, other).await;
    let theirs = stream_of(&*world.store, theirs, "Theirs").await;
    let node = world.node().await;
    assert_eq!(goes_to(&node).await, None);
    let listing = |addresses: &[&str]| StreamChange {
        addresses: Some(addresses.iter().map(|it| it.parse().unwrap()).collect()),
        ..StreamChange::default()
    };
    world
        .update(spare, listing(&["192.0.2.7", "192.0.2.9"]))
        .await;
    until("the address counts", async || {
        goes_to(&node).await == Some(spare)
    })
    .await;
    let Route::Stream(routed) = node.route(peer().ip(), SHARED, true).await.unwrap() else {
        panic!("it has its stream")
    };
    assert_eq!(routed.scope.partner(), world.partner);

    world.update(theirs, listing(&["192.0.2.7"])).await;
    until("it proves nothing", async || goes_to(&node).await.is_none()).await;
    world.update(theirs, listing(&[])).await;
    until("it proves again", async || {
        goes_to(&node).await == Some(spare)
    })
    .await;
    // Another address of the same network proves nothing.
    let stranger = node
        .route([192, 0, 2, 8].into(), SHARED, true)
        .await
        .unwrap();
    assert!(matches!(stranger, Route::Unclaimed));
    let _ = mats;
}

#[tokio::test]
async fn reads_are_seen_as_they_come_and_a_fix_shows_at_once() {
    let world = World::new().await;
    let mats = world.stream("Mats").await;
    let node = world.node().await;
    let now = node.clock.now();
    let late = device_read(4, "2", now.plus_ms(-120_000));
    let reads = vec![
        device_read(1, "guntime", now),
        device_read(2, "1", now),
        device_read(3, "77", now),
        late,
    ];
    let connection = send(&node, mats, reads.clone()).await;
    let ask = async |query: ReadsQuery| {
        let query = ReadsQuery {
            limit: 100,
            ..query
        };
        timing_page::reads_after(&node, &Caller::Shell, world.event, &query)
            .await
            .unwrap()
    };
    let page = ask(ReadsQuery::default()).await;
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            (
                row.tag.as_str(),
                row.status,
                row.person.as_ref().map(|whose| whose.name.as_str()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("guntime", ReadStatus::Gun, None),
            ("1", ReadStatus::New, Some("Ana Sol")),
            ("77", ReadStatus::Unknown, None),
            ("2", ReadStatus::Late, Some("Bo Lind")),
        ]
    );
    assert!(!page.skipped);

    let only = async |only, text: &str| {
        let query = ReadsQuery {
            only,
            text: text.to_owned(),
            ..ReadsQuery::default()
        };
        let page = ask(query).await;
        page.rows.into_iter().map(|row| row.tag).collect::<Vec<_>>()
    };
    assert_eq!(only(ReadFilter::Known, "").await, ["1", "2"]);
    assert_eq!(only(ReadFilter::Unknown, "").await, ["77"]);
    assert_eq!(only(ReadFilter::Late, "").await, ["2"]);
    assert_eq!(only(ReadFilter::All, " aNA ").await, ["1"]);
    assert_eq!(only(ReadFilter::All, "7").await, ["77"]);
    let few = ReadsQuery {
        limit: 2,
        ..ReadsQuery::default()
    };
    let few = timing_page::reads_after(&node, &Caller::Shell, world.event, &few).await;
    let few = few.unwrap();
    assert!(few.skipped);
    assert_eq!(
        few.rows.iter().map(|row| &*row.tag).collect::<Vec<_>>(),
        ["77", "2"]
    );

    // Nothing new; then a rewind, of which each is given again as what it is.
    let after = |cursor| ReadsQuery {
        after: Some(cursor),
        ..ReadsQuery::default()
    };
    assert_eq!(ask(after(page.cursor)).await.rows, []);
    let Route::Stream(routed) = node.route(peer().ip(), SHARED, true).await.unwrap() else {
        panic!("it has its stream")
    };
    take(&node, connection, &routed, reads).await;
    until("the journal has told", async || {
        let again = ask(after(page.cursor)).await;
        let duplicate = |status| matches!(status, ReadStatus::Duplicate | ReadStatus::Gun);
        again.rows.len() == 4 && again.rows.iter().all(|row| duplicate(row.status))
    })
    .await;

    let unknown = timing_page::exceptions(&node, &Caller::Shell, world.event)
        .await
        .unwrap();
    let listed: Vec<_> = unknown
        .tags
        .iter()
        .map(|tag| (&*tag.tag, tag.reads, tag.points.as_slice()))
        .collect();
    assert_eq!(listed, [("77", 1, &["FINISH".to_owned()][..])]);
    assert_eq!(unknown.more, 0);

    // Somebody enters 77: the read that came already is theirs.
    let csv = "bib,first_name,last_name\n77,Di,Fern\n";
    roster::import(&*world.store, &Caller::Shell, world.event, csv.as_bytes())
        .await
        .unwrap();
    until("the entry shows", async || {
        let query = ReadsQuery {
            text: "fern".to_owned(),
            ..ReadsQuery::default()
        };
        !ask(query).await.rows.is_empty()
    })
    .await;
    let unknown = timing_page::exceptions(&node, &Caller::Shell, world.event)
        .await
        .unwrap();
    assert_eq!(unknown.tags, []);
}

#[tokio::test]
async fn a_place_is_seen_with_its_counts() {
    let world = World::new().await;
    let mats = world.stream("Mats").await;
    let node = world.node().await;
    let now = node.clock.now();
    let reads = vec![
        device_read(1, "1", now),
        device_read(5, "77", now),
        device_read(6, "2", now.plus_ms(-120_000)),
    ];
    send(&node, mats, reads).await;
    until("its location has its point", async || {
        let view = timing_page::live_timing(&node, &Caller::Shell, world.event)
            .await
            .unwrap();
        let [stream] = view.streams.as_slice() else {
            panic!("{view:?}")
        };
        let [place] = stream.places.as_slice() else {
            panic!("{view:?}")
        };
        assert_eq!((place.reads, place.late, place.unknown), (3, 1, 1));
        assert_eq!((place.tags, place.tags_unknown, place.missing), (3, 1, 3));
        assert_eq!(place.minutes.iter().sum::<u32>(), 3);
        assert!(place.last_read_age_ms.unwrap() < 60_000);
        assert_eq!(view.people, 3);
        let [connection] = view.connections.as_slice() else {
            panic!("{view:?}")
        };
        assert_eq!(
            (connection.state, connection.reads),
            (ConnectionWord::Streaming, 3)
        );
        place.point.is_some() && connection.locations[0].point.is_some()
    })
    .await;
}

#[tokio::test]
async fn the_simulator_is_told_from_a_mat() {
    let world = World::new().await;
    let mats = world.stream("Mats").await;
    let node = world.node().await;
    let now = node.clock.now();
    let connection = send(&node, mats, vec![device_read(1, "1", now)]).await;
    node.connections.update(connection, |status| {
        status.program = SIMULATOR_PROGRAM.to_owned();
    });
    let routed = node.route(peer().ip(), SHARED, true).await.unwrap();
    let Route::Stream(routed) = routed else {
        panic!("it has its stream")
    };
    take(&node, connection, &routed, vec![device_read(2, "2", now)]).await;
    let query = ReadsQuery {
        limit: 10,
        ..ReadsQuery::default()
    };
    let page = timing_page::reads_after(&node, &Caller::Shell, world.event, &query).await;
    let marked: Vec<_> = page.unwrap().rows.iter().map(|row| row.simulated).collect();
    assert_eq!(marked, [false, true]);
    let view = timing_page::live_timing(&node, &Caller::Shell, world.event).await;
    assert!(view.unwrap().connections[0].simulated);
}

#[tokio::test]
async fn no_partner_sees_another_s() {
    let world = World::new().await;
    let mats = world.stream("Mats").await;
    let node = world.node().await;
    let now = node.clock.now();
    send(&node, mats, vec![device_read(1, "77", now)]).await;
    let other = world.store.create_partner("Beech Timing").await.unwrap();
    let theirs = event_of(&*world.store, other).await;
    let served = stream_of(&*world.store, theirs, "Theirs").await;
    until("it is served", async || {
        node.registry.stream(served).is_some()
    })
    .await;

    let view = timing_page::live_timing(&node, &Caller::Shell, theirs)
        .await
        .unwrap();
    assert_eq!(view.connections, []);
    assert_eq!(view.streams.len(), 1);
    assert_eq!(view.streams[0].places, []);
    let query = ReadsQuery {
        limit: 100,
        stream: Some(mats),
        ..ReadsQuery::default()
    };
    let page = timing_page::reads_after(&node, &Caller::Shell, theirs, &query)
        .await
        .unwrap();
    assert_eq!(page.rows, []);
    let unknown = timing_page::exceptions(&node, &Caller::Shell, theirs)
        .await
        .unwrap();
    assert_eq!(unknown.tags, []);
}

/// The most that a page is sent at one poll.
#[tokio::test]
async fn a_view_of_twenty_full_streams_stays_small() {
    let world = World::new().await;
    let mut streams = Vec::new();
    for number in 0..20 {
        streams.push(world.stream(&format!("Mats number {number}")).await);
    }
    let node = world.node().await;
    let now = node.clock.now();
    for stream in streams {
        let runtime = node.registry.stream(stream).unwrap();
        let scope = service::authority::node_scope(world.partner);
        let routed = Routed { runtime, scope };
        let id = waiting(&node, ConnectionState::Streaming);
        node.connections.update(id, |status| {
            status.stream = Some(stream);
            status.locations = (0..6).map(|place| format!("KILOMETRE {place}")).collect();
        });
        // 120 reads a minute at each of six places, for an hour, by two readers.
        let mut reads = Vec::new();
        for sequence in 0..240_u64 {
            let mut read = device_read(sequence, &format!("E280{sequence:020}"), now);
            read.location = format!("KILOMETRE {}", sequence % 6);
            read.reader = format!("0F2A{:02}", sequence % 2);
            reads.push(read);
        }
        for minute in 0..60 {
            let at = now.plus_ms((minute - 59) * 60_000);
            node.take(id, &routed, Some("mat"), reads.clone(), at).await;
        }
    }
    let view = timing_page::live_timing(&node, &Caller::Shell, world.event)
        .await
        .unwrap();
    let places: usize = view.streams.iter().map(|stream| stream.places.len()).sum();
    assert_eq!(places, model::limits::PLACES_PER_VIEW_MAX);
    let bytes = serde_json::to_vec(&view).unwrap().len();
    assert!(bytes < 100_000, "{bytes}");
    let query = ReadsQuery {
        limit: u32::MAX,
        ..ReadsQuery::default()
    };
    let page = timing_page::reads_after(&node, &Caller::Shell, world.event, &query)
        .await
        .unwrap();
    assert_eq!(page.rows.len(), model::limits::READS_PAGE_MAX as usize);
    let bytes = serde_json::to_vec(&page).unwrap().len();
    assert!(bytes < 100_000, "{bytes}");
}
