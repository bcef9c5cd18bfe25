//! The journal: group commits of all reads that wait, one writer, nothing dropped.

use crate::{
    Clock, limits,
    metrics::{Metrics, seconds_between},
    node::{Registry, StreamRuntime},
};
use model::{Read, ReadKind, StreamId, UnixMicros};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use store::{Appended, JournalEntry, PartnerScope, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{LiveInput, LiveRead, live_actor::Command};

/// A handle to push reads into the journal.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    /// Connections that wait for room.
    held: Arc<AtomicUsize>,
    state: Arc<Mutex<JournalState>>,
}

/// How the journal is, for status pages and readiness.
#[derive(Clone, Debug, Default)]
pub struct JournalState {
    /// Why the database refuses to write, while it does.
    pub trouble: Option<String>,
    /// When the oldest read came that is not stored, while there is one.
    pub oldest_at: Option<UnixMicros>,
}

/// Reads of one stream that wait to be written, with the room they take in the queue.
struct Waiting {
    runtime: Arc<StreamRuntime>,
    scope: PartnerScope,
    reads: Vec<Read>,
    /// The number of the first in the stream's watch; the others follow it.
    first: u64,
    _room: OwnedSemaphorePermit,
}

/// Room is counted in units of this many bytes, as a semaphore counts to 2^29 on small machines.
const ROOM_UNIT_BYTES: usize = 64;

impl Journal {
    /// With the task of the writer. It ends when every handle is dropped and the queue is written.
    pub(crate) fn new(writer: Writer) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::unbounded_channel();
        let state = Arc::new(Mutex::new(JournalState::default()));
        let room = limits::UNJOURNALLED_BYTES_MAX / ROOM_UNIT_BYTES;
        let journal = Self {
            queue,
            room: Arc::new(Semaphore::new(room)),
            held: Arc::default(),
            state: Arc::clone(&state),
        };
        (journal, writer.write_all(waiting, state))
    }

    /// Queues reads, which the stream's watch has numbered from `first` on. Waits only while the
    /// queue of unjournalled reads is at its limit.
    pub async fn push(
        &self,
        runtime: Arc<StreamRuntime>,
        scope: PartnerScope,
        reads: Vec<Read>,
        first: u64,
    ) {
        let bytes: usize = reads.iter().map(Read::size_bytes).sum();
        let all = limits::UNJOURNALLED_BYTES_MAX / ROOM_UNIT_BYTES;
        let units = (bytes / ROOM_UNIT_BYTES + 1).min(all);
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let room = match Arc::clone(&self.room).try_acquire_many_owned(units) {
            Ok(room) => room,
            Err(_) => {
                if self.held.fetch_add(1, Ordering::Relaxed) == 0 {
                    tracing::warn!("the queue of unjournalled reads is full; devices wait");
                }
                let room = Arc::clone(&self.room).acquire_many_owned(units).await;
                self.held.fetch_sub(1, Ordering::Relaxed);
                let Ok(room) = room else { return };
                room
            }
        };
        // The writer lives as long as a handle does, so it is there to receive.
        let _ = self.queue.send(Waiting {
            runtime,
            scope,
            reads,
            first,
            _room: room,
        });
    }

    /// Whether the queue is at its limit, so that connections wait and read no more.
    pub fn is_full(&self) -> bool {
        self.held.load(Ordering::Relaxed) > 0
    }

    /// What waits to be written.
    pub fn queue_bytes(&self) -> usize {
        let all = limits::UNJOURNALLED_BYTES_MAX / ROOM_UNIT_BYTES;
        all.saturating_sub(self.room.available_permits()) * ROOM_UNIT_BYTES
    }

    /// Waits until all that was pushed so far is written.
    pub async fn drained(&self) {
        let all = limits::UNJOURNALLED_BYTES_MAX / ROOM_UNIT_BYTES;
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        // It can fail only when the semaphore is closed, which nobody does.
        drop(self.room.acquire_many(all).await);
    }

    pub fn state(&self) -> JournalState {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The one task that writes.
pub(crate) struct Writer {
    pub store: Arc<dyn store::Journal + Send + Sync>,
    /// Of the newest read that is known to be stored: at first what the store says.
    pub last_position: u64,
    pub clock: Clock,
    pub metrics: Arc<Metrics>,
    pub registry: Arc<Registry>,
    pub live: mpsc::Sender<Command>,
}

impl Writer {
    async fn write_all(
        mut self,
        mut queue: mpsc::UnboundedReceiver<Waiting>,
        state: Arc<Mutex<JournalState>>,
    ) {
        while let Some(first) = queue.recv().await {
            let mut batch = vec![first];
            let mut count = batch[0].reads.len();
            while count < limits::JOURNAL_BATCH_READS_MAX {
                let Ok(next) = queue.try_recv() else { break };
                count += next.reads.len();
                batch.push(next);
            }
            let (entries, owners, rooms) = unpack(batch);
            waits_since(&state, entries.first().map(|entry| entry.read.received_at));
            let appended = self.append_until_done(&entries, &state).await;
            drop(rooms);
            waits_since(&state, None);
            self.measure(&entries);
            tell_watches(&entries, &owners, &appended);
            self.settle(entries, &owners, &appended).await;
        }
    }

    /// Writes a batch, however long the database refuses: a read that was taken is never dropped.
    /// An error may be all that is left of a commit that was done, so what comes again says so.
    async fn append_until_done(
        &mut self,
        entries: &[JournalEntry],
        state: &Mutex<JournalState>,
    ) -> Vec<Appended> {
        let mut appended = self.store.append_reads(entries).await;
        loop {
            match appended {
                Ok(appended) => {
                    note_recovery(state);
                    let positions = appended.iter().filter_map(|appended| match appended {
                        Appended::New { position } => Some(*position),
                        Appended::Duplicate => None,
                    });
                    self.last_position = positions.fold(self.last_position, u64::max);
                    return appended;
                }
                Err(error) => {
                    report(&error, state);
                    tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
                }
            }
            let again = self.store.append_reads_again(entries, self.last_position);
            appended = again.await;
        }
    }

    /// Counts what was written, and hands the new late reads on to the live path.
    async fn settle(&self, entries: Vec<JournalEntry>, owners: &[Owner], appended: &[Appended]) {
        let mut late: Vec<(StreamId, Vec<LiveRead>)> = Vec::new();
        let mut stored = 0;
        for ((entry, owner), appended) in entries.into_iter().zip(owners).zip(appended) {
            let runtime = &owner.runtime;
            let counters = &runtime.counters;
            let Appended::New { position } = *appended else {
                counters.duplicates.fetch_add(1, Ordering::Relaxed);
                self.metrics.duplicates.inc();
                continue;
            };
            stored += 1;
            counters.reads.fetch_add(1, Ordering::Relaxed);
            let read = entry.read;
            let is_tag = read.kind == ReadKind::Tag;
            if is_tag {
                let is_nobodys = || self.registry.is_unknown(runtime.event, &read.tag);
                let is_unknown = counters.unknown.stored(position, is_nobodys);
                self.metrics.unknown.inc_by(u64::from(is_unknown));
            }
            if !read.late {
                continue;
            }
            counters.late.fetch_add(1, Ordering::Relaxed);
            self.metrics.late.inc();
            if !is_tag {
                continue;
            }
            let live_read = LiveRead::of(&read);
            match late.last_mut() {
                Some((stream, reads)) if *stream == read.stream => reads.push(live_read),
                _ => late.push((read.stream, vec![live_read])),
            }
        }
        self.metrics.reads.inc_by(stored);
        for (stream, reads) in late {
            // The live path ends only with the node.
            let _ = self
                .live
                .send(Command::Input(LiveInput::Reads { stream, reads }))
                .await;
        }
    }

    fn measure(&self, entries: &[JournalEntry]) {
        self.metrics
            .journal_batch_reads
            .observe(entries.len() as f64);
        let now = self.clock.now();
        for entry in entries {
            let delay_s = seconds_between(entry.read.received_at, now);
            self.metrics.journal_delay_s.observe(delay_s);
        }
    }
}

fn waits_since(state: &Mutex<JournalState>, oldest_at: Option<UnixMicros>) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.oldest_at = oldest_at;
}

/// Whose a read is, and which one in the stream's watch.
struct Owner {
    runtime: Arc<StreamRuntime>,
    number: u64,
}

/// Tells each stream's watch what became of its reads. They come in runs of one stream.
fn tell_watches(entries: &[JournalEntry], owners: &[Owner], appended: &[Appended]) {
    let mut told = entries.iter().zip(appended);
    for run in owners.chunk_by(|one, next| Arc::ptr_eq(&one.runtime, &next.runtime)) {
        let mut watch = run[0].runtime.watch();
        for (owner, (entry, appended)) in run.iter().zip(told.by_ref()) {
            let duplicate = !matches!(appended, Appended::New { .. });
            watch.settled(owner.number, &entry.read, duplicate);
        }
    }
}

type Unpacked = (Vec<JournalEntry>, Vec<Owner>, Vec<OwnedSemaphorePermit>);

fn unpack(batch: Vec<Waiting>) -> Unpacked {
    let mut entries = Vec::new();
    let mut owners = Vec::new();
    let mut rooms = Vec::new();
    for waiting in batch {
        for (read, number) in waiting.reads.into_iter().zip(waiting.first..) {
            entries.push(JournalEntry {
                scope: waiting.scope,
                read,
            });
            owners.push(Owner {
                runtime: Arc::clone(&waiting.runtime),
                number,
            });
        }
        rooms.push(waiting._room);
    }
    (entries, owners, rooms)
}

fn note_recovery(state: &Mutex<JournalState>) {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if state.trouble.take().is_some() {
        tracing::info!("the journal writes again");
    }
}

fn report(error: &StoreError, state: &Mutex<JournalState>) {
    let text = error.to_string();
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if state.trouble.as_ref() != Some(&text) {
        tracing::error!(%error, "the journal cannot write; reads wait in memory and are kept");
        state.trouble = Some(text);
    }
}

#[cfg(test)]
mod tests;
