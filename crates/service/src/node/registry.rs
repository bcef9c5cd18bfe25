//! What is served, by id and by code. Short locks, never held across an await.

use super::UnknownReads;
use crate::{ingest::Intake, limits, roster::RosterIndex, watch::StreamWatch};
use model::{
    Design, DisplayCode, EventId, Participant, PartnerId, PointId, PoolMessage, ShowId, StreamId,
    TagRange, UnixMicros, is_ignored,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Stream, StreamTotals};
use timing::StreamClock;

/// One stream that this node takes reads for.
pub struct StreamRuntime {
    pub id: StreamId,
    pub event: EventId,
    pub partner: PartnerId,
    intake: Mutex<Intake>,
    watch: Mutex<StreamWatch>,
    pub counters: StreamCounters,
    row: RwLock<Stream>,
    seen: Mutex<HashSet<String>>,
    /// The points of locations that are mapped.
    locations: RwLock<HashMap<String, PointId>>,
    /// The keys of guns that the device told of.
    guns: Mutex<HashSet<String>>,
    /// The locations over which races start whose stored reads are in memory.
    start_locations: Mutex<BTreeSet<String>>,
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
    pub fn new(
        row: Stream,
        intake: Intake,
        watch: StreamWatch,
        locations: HashMap<String, PointId>,
    ) -> Self {
        let seen = locations.keys().cloned().collect();
        Self {
            id: row.id,
            event: row.event,
            partner: row.partner,
            intake: Mutex::new(intake),
            watch: Mutex::new(watch),
            counters: StreamCounters::default(),
            row: RwLock::new(row),
            seen: Mutex::new(seen),
            locations: RwLock::new(locations),
            guns: Mutex::default(),
            start_locations: Mutex::default(),
        }
    }

    pub fn watch(&self) -> MutexGuard<'_, StreamWatch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_locations(&self, locations: HashMap<String, PointId>) {
        *self
            .locations
            .write()
            .unwrap_or_else(PoisonError::into_inner) = locations;
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

    /// Whether the device never told of this gun before.
    pub(super) fn first_gun(&self, device_key: &str) -> bool {
        let mut guns = self.guns.lock().unwrap_or_else(PoisonError::into_inner);
        if guns.len() >= limits::GUNS_PER_STREAM_MAX {
            guns.clear();
        }
        guns.insert(device_key.to_owned())
    }

    /// Those of the locations whose stored starts are still to be loaded.
    pub(super) fn new_start_locations(&self, locations: BTreeSet<String>) -> Vec<String> {
        let known = self.start_locations();
        locations.difference(&known).cloned().collect()
    }

    /// They are loaded, and all that comes later goes to the live path.
    pub(super) fn has_starts_of(&self, locations: Vec<String>) {
        self.start_locations().extend(locations);
    }

    fn start_locations(&self) -> MutexGuard<'_, BTreeSet<String>> {
        let known = self.start_locations.lock();
        known.unwrap_or_else(PoisonError::into_inner)
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
    pub design: Arc<Design>,
    pub points: Vec<PointId>,
    pub expires_at: UnixMicros,
}

/// An event as status pages show it.
#[derive(Clone, Debug)]
pub struct EventEntry {
    pub name: String,
    /// In course order.
    pub points: Vec<(PointId, String)>,
    pub roster: Arc<RosterIndex>,
    /// The event's own clock, by which times of day are shown.
    pub clock: StreamClock,
    /// Tags that somebody said are nobody's.
    pub ignored_tags: Vec<TagRange>,
    /// What its displays choose from.
    pub messages: Arc<[PoolMessage]>,
}

impl EventEntry {
    /// The timing point of a device's location, as the live path has it.
    pub fn point_of(&self, stream: &StreamRuntime, location: &str) -> Option<(PointId, String)> {
        let locations = stream
            .locations
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut points = self.points.iter();
        let found = match locations.get(location) {
            Some(mapped) => points.find(|(point, _)| point == mapped),
            None => {
                let name = location.to_lowercase();
                points.find(|(_, point)| point.to_lowercase() == name)
            }
        };
        found.cloned()
    }

    /// Who had that tag then.
    pub fn whose(&self, tag: &str, at: UnixMicros) -> Option<&Participant> {
        self.roster.who(tag, at)
    }

    /// Whether a tag is somebody's at any time.
    pub fn knows(&self, tag: &str) -> bool {
        self.roster.knows(tag)
    }

    pub fn is_ignored(&self, tag: &str) -> bool {
        is_ignored(&self.ignored_tags, tag)
    }
}

#[derive(Default)]
pub struct Registry {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    partners: usize,
    claimant: Option<PartnerId>,
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

    pub fn display(&self, code: &DisplayCode) -> Option<DisplayEntry> {
        self.read(|inner| inner.displays.get(code).cloned())
    }

    pub fn event(&self, id: EventId) -> Option<EventEntry> {
        self.read(|inner| inner.events.get(&id).cloned())
    }

    pub fn roster(&self, event: EventId) -> Option<Arc<RosterIndex>> {
        self.read(|inner| Some(Arc::clone(&inner.events.get(&event)?.roster)))
    }

    /// Whether a tag is nobody's in the event, and nobody said to ignore it.
    pub fn is_unknown(&self, event: EventId, tag: &str) -> bool {
        self.read(|inner| {
            let event = inner.events.get(&event);
            event.is_some_and(|event| !event.knows(tag) && !event.is_ignored(tag))
        })
    }

    pub fn partners(&self) -> usize {
        self.read(|inner| inner.partners)
    }

    /// The partner who may claim a connection that nothing proves: the only one, or the one whose
    /// rule was there before others came.
    pub fn claimant(&self) -> Option<PartnerId> {
        self.read(|inner| inner.claimant)
    }

    pub(super) fn set_partners(&self, count: usize, claimant: Option<PartnerId>) {
        self.write(|inner| {
            inner.partners = count;
            inner.claimant = claimant;
        });
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
