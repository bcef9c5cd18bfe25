//! The running node over a real store: what it keeps in memory stays true to what happens.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

use model::{Read, ReadKind, StreamId, UnixMicros, WallTime};
use service::{
    Caller, Clock, Node,
    node::{Route, Routed},
    setup,
};
use std::sync::Arc;
use store::{JournalEntry, Location, NewEvent, OpenMode, Store};
use tempfile::TempDir;
use timing::ctp01::record::{DeviceRead, DeviceTime};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const SILENT_MS_MAX: i64 = 14 * DAY_MS;

struct Install {
    _folder: TempDir,
    store: Arc<dyn Store>,
    stream: StreamId,
}

impl Install {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(
            &Location::Sqlite(folder.path().join("db")),
            OpenMode::Migrate,
        )
        .await
        .unwrap();
        let partner = store.create_partner("Alder Timing").await.unwrap();
        let new = NewEvent {
            name: "Willow 10K".to_owned(),
            date: "2026-05-31".to_owned(),
            timezone: "UTC".to_owned(),
        };
        let event = store
            .create_event(&Caller::Shell.scope(partner), new)
            .await
            .unwrap();
        let stream = setup::create_stream(&*store, Caller::Shell, event, "Mats", "ctp01", None)
            .await
            .unwrap();
        Self {
            _folder: folder,
            store,
            stream,
        }
    }

    /// A read that came then.
    async fn store_read(&self, received_at: UnixMicros) {
        let scope = setup::scope_of_stream(&*self.store, Caller::Shell, self.stream)
            .await
            .unwrap();
        let read = Read {
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
        };
        let entry = JournalEntry { scope, read };
        self.store.append_reads(&[entry]).await.unwrap();
    }
}

fn wall_of(instant: UnixMicros) -> WallTime {
    WallTime(instant.0 / 10_000)
}

async fn routed(node: &Node) -> Routed {
    match node.route(61_611, true).await.unwrap() {
        Route::Stream(routed) => routed,
        Route::Held(_) => panic!("the stream is held"),
        Route::Unclaimed => panic!("the connection is unclaimed"),
    }
}

async fn take(node: &Arc<Node>, routed: &Routed, at: UnixMicros) {
    let peer = "127.0.0.1:1".parse().unwrap();
    let connection = node.connections.open(peer, 61_611, at).unwrap();
    let read = DeviceRead::new(2, "FINISH", "8", DeviceTime::Dated(wall_of(at)));
    node.take(connection, routed, None, vec![read], at).await;
    node.journal.drained().await;
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
