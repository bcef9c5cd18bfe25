//! What is served, by id and by code. Short locks, never held across an await.

use super::UnknownReads;
use crate::{ingest::Intake, limits, roster::RosterIndex};
use model::{DisplayCode, EventId, PartnerId, PointId, ShowId, StreamId, Template, UnixMicros};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Stream, StreamTotals};

/// One stream that this node takes reads for.
pub struct StreamRuntime {
    pub id: StreamId,
    pub event: EventId,
    pub partner: PartnerId,
    intake: Mutex<Intake>,
    pub counters: StreamCounters,
    row: RwLock<Stream>,
    seen: Mutex<HashSet<String>>,
}

/// Since the stream's beginning, what was stored before the start included.
#[derive(Debug, Default)]
pub struct StreamCounters {
    pub reads: AtomicU64,
    pub duplicates: AtomicU64,
    pub late: AtomicU64,
    pub unknown: UnknownReads,
}

impl StreamCounters {
    pub(super) fn set(&self, totals: &StreamTotals) {
        self.reads.store(totals.reads, Ordering::Relaxed);
        self.duplicates.store(totals.duplicates, Ordering::Relaxed);
        self.late.store(totals.late, Ordering::Relaxed);
    }
}

impl StreamRuntime {
    pub fn new(row: Stream, intake: Intake, seen: HashSet<String>) -> Self {
        Self {
            id: row.id,
            event: row.event,
            partner: row.partner,
            intake: Mutex::new(intake),
            counters: StreamCounters::default(),
            row: RwLock::new(row),
            seen: Mutex::new(seen),
        }
    }

    pub fn intake(&self) -> MutexGuard<'_, Intake> {
        self.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn row(&self) -> Stream {
        self.row
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is in memory may be newer than what the store knows of the last read.
    pub(super) fn set_row(&self, row: Stream) {
        let mut known = self.row.write().unwrap_or_else(PoisonError::into_inner);
        let last_read_at = known.last_read_at.max(row.last_read_at);
        *known = Stream {
            last_read_at,
            ..row
        };
    }

    /// Reads came, so it is not the silence after which a stream pauses itself.
    pub(super) fn heard(&self, received_at: UnixMicros) {
        let mut row = self.row.write().unwrap_or_else(PoisonError::into_inner);
        row.last_read_at = row.last_read_at.max(Some(received_at));
    }

    /// Whether this location was never seen before. Past the limit nothing is new.
    pub(super) fn first_sight(&self, location: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let room = seen.len() < limits::LOCATIONS_PER_STREAM_MAX;
        !seen.contains(location) && room && seen.insert(location.to_owned())
    }

    pub(super) fn forget_sight(&self, location: &str) {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(location);
    }
}

/// A display that can be opened.
#[derive(Clone, Debug)]
pub struct DisplayEntry {
    pub code: DisplayCode,
    pub show: ShowId,
    pub event: EventId,
    pub stream: StreamId,
    pub template: Template,
    pub points: Vec<PointId>,
    pub expires_at: UnixMicros,
}

/// An event as status pages show it.
#[derive(Clone, Debug)]
pub struct EventEntry {
    pub name: String,
    pub points: Vec<(PointId, String)>,
    pub roster: Arc<RosterIndex>,
}

#[derive(Default)]
pub struct Registry {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    partners: usize,
    streams: HashMap<StreamId, Arc<StreamRuntime>>,
    displays: BTreeMap<DisplayCode, DisplayEntry>,
    events: HashMap<EventId, EventEntry>,
}

impl Registry {
    pub fn stream(&self, id: StreamId) -> Option<Arc<StreamRuntime>> {
        self.read(|inner| inner.streams.get(&id).cloned())
    }

    /// By name, for stable lists.
    pub fn streams(&self) -> Vec<Arc<StreamRuntime>> {
        let mut list: Vec<_> = self.read(|inner| inner.streams.values().cloned().collect());
        list.sort_by_key(|stream| (stream.row().name, stream.id));
        list
    }

    pub fn displays(&self) -> Vec<DisplayEntry> {
        self.read(|inner| inner.displays.values().cloned().collect())
    }

    pub fn event(&self, id: EventId) -> Option<EventEntry> {
        self.read(|inner| inner.events.get(&id).cloned())
    }

    pub fn roster(&self, id: EventId) -> Option<Arc<RosterIndex>> {
        self.read(|inner| Some(Arc::clone(&inner.events.get(&id)?.roster)))
    }

    pub fn partners(&self) -> usize {
        self.read(|inner| inner.partners)
    }

    pub(super) fn set_partners(&self, count: usize) {
        self.write(|inner| inner.partners = count);
    }

    pub(super) fn set_event(&self, id: EventId, entry: EventEntry) {
        self.write(|inner| inner.events.insert(id, entry));
    }

    pub(super) fn add_stream(&self, stream: Arc<StreamRuntime>) {
        self.write(|inner| inner.streams.insert(stream.id, stream));
    }

    pub(super) fn add_display(&self, display: DisplayEntry) {
        self.write(|inner| inner.displays.insert(display.code.clone(), display));
    }

    pub(super) fn remove_display(&self, code: &DisplayCode) -> Option<DisplayEntry> {
        self.write(|inner| inner.displays.remove(code))
    }

    fn read<T>(&self, look: impl FnOnce(&Inner) -> T) -> T {
        look(&self.inner.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.inner.write().unwrap_or_else(PoisonError::into_inner))
    }
}
