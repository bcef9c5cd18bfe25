use super::*;
use crate::{Caller, ingest::Intake, setup, watch::StreamWatch};
use async_trait::async_trait;
use model::UnixMicros;
use std::{collections::HashMap, sync::atomic::AtomicBool};
use store::{Location, NewEvent, OpenMode, Store};
use tempfile::TempDir;
use timing::{
    DateBook, StreamClock,
    ctp01::record::{DeviceRead, DeviceTime},
};

/// A database whose answers can be lost after it did what it was asked.
struct Lossy {
    store: Arc<dyn Store>,
    loses_next: AtomicBool,
}

#[async_trait]
impl store::Journal for Lossy {
    async fn append_reads(&self, entries: &[JournalEntry]) -> store::Result<Vec<Appended>> {
        self.answer(self.store.append_reads(entries).await)
    }

    async fn append_reads_again(
        &self,
        entries: &[JournalEntry],
        answered: u64,
    ) -> store::Result<Vec<Appended>> {
        self.answer(self.store.append_reads_again(entries, answered).await)
    }

    async fn last_position(&self) -> store::Result<u64> {
        self.store.last_position().await
    }
}

impl Lossy {
    fn answer<T>(&self, answer: store::Result<T>) -> store::Result<T> {
        if self.loses_next.swap(false, Ordering::Relaxed) {
            return Err(StoreError::Unreachable {
                detail: "the connection was cut".to_owned(),
            });
        }
        answer
    }
}

struct World {
    _folder: TempDir,
    database: Arc<Lossy>,
    journal: Journal,
    runtime: Arc<StreamRuntime>,
    scope: PartnerScope,
    metrics: Arc<Metrics>,
    live: mpsc::Receiver<Command>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Location::Sqlite(folder.path().join("db"));
        let store = store::open(&file, OpenMode::Migrate).await.unwrap();
        let partner = store.create_partner("Alder Timing").await.unwrap();
        let scope = crate::authority::node_scope(partner);
        let new = NewEvent {
            name: "Willow 10K".to_owned(),
            date: "2026-05-31".to_owned(),
            timezone: "UTC".to_owned(),
        };
        let event = store.create_event(&scope, new).await.unwrap();
        let stream = setup::create_stream(&*store, &Caller::Shell, event, "Mats", "ctp01", None)
            .await
            .unwrap();
        let row = store.streams(&scope, event).await.unwrap().remove(0);
        let clock = StreamClock {
            zone: timing::parse_zone("UTC").unwrap(),
            offset_ms: 0,
        };
        let intake = Intake::new(stream, clock, DateBook::default());
        let database = Arc::new(Lossy {
            store,
            loses_next: AtomicBool::new(false),
        });
        let metrics = Arc::new(Metrics::default());
        let (sender, live) = mpsc::channel(64);
        let (journal, writer) = Journal::new(Writer {
            store: database.clone(),
            last_position: 0,
            clock: Clock::start(),
            metrics: Arc::clone(&metrics),
            registry: Arc::default(),
            live: sender,
        });
        tokio::spawn(writer);
        Self {
            _folder: folder,
            database,
            journal,
            runtime: Arc::new(StreamRuntime::new(
                row,
                intake,
                StreamWatch::new(Arc::default()),
                HashMap::new(),
            )),
            scope,
            metrics,
            live,
        }
    }

    /// A read of that time of day, which came an hour later.
    fn late_read(&self, cs: i64) -> Read {
        let received_at = UnixMicros(1_772_841_600_000_000 + cs * 10_000);
        let wall = model::WallTime((received_at.0 / 10_000) - 360_000);
        let device = DeviceRead::new(1, "FINISH", "7", DeviceTime::Dated(wall));
        self.runtime.intake().take(device, None, false, received_at)
    }

    /// Reads that are written in one batch, and the times of those that the live path gets.
    async fn write(&mut self, reads: &[Read]) -> Vec<Read> {
        self.journal
            .push(Arc::clone(&self.runtime), self.scope, reads.to_vec(), 0)
            .await;
        self.journal.drained().await;
        // What is written after it is settled after it.
        let mark = self.late_read(99_999_999 + self.metrics.reads.get() as i64);
        self.journal
            .push(Arc::clone(&self.runtime), self.scope, vec![mark.clone()], 0)
            .await;
        let mut shown = Vec::new();
        while let Some(Command::Input(LiveInput::Reads { reads: got, .. })) = self.live.recv().await
        {
            for read in got {
                if read.key == mark.key() {
                    return shown;
                }
                shown.extend(reads.iter().find(|known| known.key() == read.key).cloned());
            }
        }
        panic!("the writer ended");
    }
}

#[tokio::test]
async fn late_reads_reach_lists_though_the_answer_of_their_commit_was_lost() {
    let mut world = World::new().await;
    let before = [world.late_read(1)];
    assert_eq!(world.write(&before).await, before);

    let [one, other] = [2, 3].map(|cs| world.late_read(cs));
    let batch = [one.clone(), before[0].clone(), other.clone(), one.clone()];
    world.database.loses_next.store(true, Ordering::Relaxed);
    assert_eq!(world.write(&batch).await, [one, other]);
    assert!(!world.database.loses_next.load(Ordering::Relaxed));
    let counters = &world.runtime.counters;
    // Each call of `write` adds its mark.
    let counted = |reads: u64, duplicates: u64| {
        assert_eq!(counters.reads.load(Ordering::Relaxed), reads);
        assert_eq!(counters.late.load(Ordering::Relaxed), reads);
        assert_eq!(counters.duplicates.load(Ordering::Relaxed), duplicates);
        assert_eq!(world.metrics.duplicates.get(), duplicates);
    };
    counted(5, 2);

    let totals = world
        .database
        .store
        .stream_totals(&world.scope, world.runtime.id);
    let totals = totals.await.unwrap();
    assert_eq!((totals.reads, totals.late, totals.duplicates), (5, 5, 2));

    assert_eq!(world.write(&batch).await, [], "a rewind is one");
}
