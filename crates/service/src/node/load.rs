//! From the store into memory: at the start, and again for what changed.

use super::{DisplayEntry, Node, StreamRuntime, registry::EventEntry};
use crate::{
    ServiceError, authority,
    ingest::{
        Intake, LiveInput, LiveRead,
        live_actor::Command,
        live_path::{EventView, ShowView, StreamView, oldest_in_window},
    },
    limits,
    roster::RosterIndex,
    setup,
};
use model::{EventId, PartnerId, PointId, Read, ReadKey, ReadKind, StreamId, UnixMicros, WallTime};
use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, PoisonError, atomic::Ordering},
};
use store::{PartnerScope, Store, Stream};
use timing::{DateBook, StreamClock, parse_zone};

impl Node {
    /// Everything that is active: events with an active stream or an open display.
    pub(super) async fn load_all(&self) -> Result<(), ServiceError> {
        self.load_partners().await?;
        let now = self.clock.now();
        let mut events = BTreeSet::new();
        for stream in self.store.all_streams().await? {
            if stream.active(now) {
                events.insert((stream.partner, stream.event));
            }
        }
        for display in self.store.all_displays().await? {
            if display.expires_at > now {
                events.insert((display.partner, display.event));
            }
        }
        for (partner, event) in events {
            self.load_event(partner, event).await?;
        }
        self.load_displays().await
    }

    pub(super) async fn load_partners(&self) -> Result<(), ServiceError> {
        self.registry
            .set_partners(self.store.partners().await?.len());
        Ok(())
    }

    /// An event with its roster, points and streams.
    pub(super) async fn load_event(
        &self,
        partner: PartnerId,
        event: EventId,
    ) -> Result<(), ServiceError> {
        let scope = authority::node_scope(partner);
        let row = self.store.event(&scope, event).await?;
        let people = self.store.participants(&scope, event).await?;
        let roster = Arc::new(RosterIndex::new(people, row.bib_rule));
        let points: Vec<_> = self
            .store
            .points(&scope, event)
            .await?
            .into_iter()
            .map(|point| (point.id, point.name))
            .collect();
        let entry = EventEntry {
            name: row.name.clone(),
            points: points.clone(),
            participants: roster.len(),
        };
        self.registry.set_event(event, entry);
        let clock = clock(&row.timezone, 0)?;
        let view = EventView {
            event,
            name: row.name,
            clock,
            roster: Arc::clone(&roster),
            points,
        };
        self.send(LiveInput::Event(view)).await;
        for stream in self.store.streams(&scope, event).await? {
            self.load_stream(&scope, stream, &row.timezone, &roster)
                .await?;
        }
        self.routes_changed.send_modify(|count| *count += 1);
        Ok(())
    }

    async fn load_stream(
        &self,
        scope: &PartnerScope,
        stream: Stream,
        event_zone: &str,
        roster: &RosterIndex,
    ) -> Result<(), ServiceError> {
        let id = stream.id;
        let clock = clock(
            stream.timezone.as_deref().unwrap_or(event_zone),
            stream.offset_ms,
        )?;
        let stored = StoredStream::load(&self.store, scope, id, &clock, self.clock.now()).await?;
        let unknown = setup::unknown_reads(&self.store, scope, id, roster).await?;
        let locations = stored.locations.iter();
        let seen: HashSet<_> = locations.map(|(name, _)| name.clone()).collect();
        let input = LiveInput::Stream {
            view: StreamView {
                stream: id,
                event: stream.event,
                clock,
                locations: stored.locations.into_iter().collect(),
            },
            window: stored.window,
            recent: stored.recent,
        };
        let Some(runtime) = self.registry.stream(id) else {
            let intake = Intake::new(id, clock, stored.dates);
            let runtime = Arc::new(StreamRuntime::new(stream, intake, seen));
            let totals = self.store.stream_totals(scope, id).await?;
            runtime.counters.set(&totals, unknown);
            // Only then may connections find it: the live path leaves out what it does not know.
            self.send(input).await;
            self.registry.add_stream(runtime);
            return Ok(());
        };
        runtime.counters.unknown.store(unknown, Ordering::Relaxed);
        // The live path ends only with the node.
        let Ok(room) = self.live.reserve().await else {
            return Ok(());
        };
        {
            // Together, so that whatever the new clock calls live meets the window as the new
            // clock has it: a rewind at this moment is shown to nobody.
            let mut intake = runtime
                .intake
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            intake.set_clock(clock);
            room.send(Command::Input(input));
        }
        runtime.set_row(stream);
        Ok(())
    }

    /// Opens new displays and ends those that are over.
    pub(super) async fn load_displays(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let mut open = self.store.all_displays().await?;
        open.retain(|display| display.expires_at > now);
        for known in self.registry.displays() {
            if !open.iter().any(|display| display.code == known.code) {
                self.end_display(&known.code).await;
            }
        }
        for display in open {
            if self.registry.event(display.event).is_none() {
                self.load_event(display.partner, display.event).await?;
            }
            let entry = DisplayEntry {
                code: display.code,
                show: display.show,
                event: display.event,
                stream: display.stream,
                template: display.template,
                points: display.points,
                expires_at: display.expires_at,
            };
            self.registry.add_display(entry.clone());
            self.send(LiveInput::Show(ShowView {
                show: entry.show,
                code: entry.code,
                event: entry.event,
                stream: entry.stream,
                points: entry.points,
                template: entry.template,
            }))
            .await;
        }
        Ok(())
    }

    /// Ends the displays whose time is over.
    pub(super) async fn expire_displays(&self) {
        let now = self.clock.now();
        for display in self.registry.displays() {
            if display.expires_at <= now {
                self.end_display(&display.code).await;
            }
        }
    }

    async fn end_display(&self, code: &model::DisplayCode) {
        let Some(ended) = self.registry.remove_display(code) else {
            return;
        };
        self.send(LiveInput::ShowEnded {
            show: ended.show,
            code: ended.code,
        })
        .await;
    }

    async fn send(&self, input: LiveInput) {
        // The live path ends only with the node.
        let _ = self.live.send(Command::Input(input)).await;
    }
}

/// What the store has of a stream that must be in memory before its reads are taken.
pub struct StoredStream {
    pub locations: Vec<(String, PointId)>,
    pub dates: DateBook,
    /// Keys of reads that could still come again as live.
    pub window: Vec<ReadKey>,
    pub recent: Vec<LiveRead>,
}

impl StoredStream {
    pub async fn load(
        store: &Store,
        scope: &PartnerScope,
        stream: StreamId,
        clock: &StreamClock,
        now: UnixMicros,
    ) -> Result<Self, ServiceError> {
        let mut dates = DateBook::default();
        for stored in store.undated_days(scope, stream).await? {
            dates.remember_stored(
                &stored.location,
                stored.sequence,
                &stored.tag,
                &stored.time_text,
                &stored.reader,
                stored.day,
            );
        }
        let oldest = oldest_in_window(clock, now);
        let window = store.read_keys_since(scope, stream, oldest).await?;
        let locations = store.locations(scope, stream).await?;
        // By where reads are, not by which locations are mapped: a crash may come between the two.
        let mut recent = Vec::new();
        for (location, _) in &store.stream_totals(scope, stream).await?.last {
            recent.extend(recent_reads(store, scope, stream, location, oldest).await?);
        }
        Ok(Self {
            locations,
            dates,
            window,
            recent,
        })
    }
}

/// The newest reads of a location: those since `oldest`, and at least enough to fill a list.
async fn recent_reads(
    store: &Store,
    scope: &PartnerScope,
    stream: StreamId,
    location: &str,
    oldest: WallTime,
) -> Result<Vec<LiveRead>, ServiceError> {
    let few = u32::try_from(limits::RECENT_READS_PER_LOCATION_MIN).unwrap_or(u32::MAX);
    let many = u32::try_from(limits::RECENT_READS_PER_LOCATION_MAX).unwrap_or(u32::MAX);
    let mut rows = store.recent_reads(scope, stream, location, few).await?;
    let reaches_back = rows.last().is_none_or(|row| row.read.wall < oldest);
    if !reaches_back {
        rows = store.recent_reads(scope, stream, location, many).await?;
    }
    let tags = rows
        .into_iter()
        .map(|row| row.read)
        .filter(|read| read.kind == ReadKind::Tag);
    let live_read = |read: Read| LiveRead {
        key: read.key(),
        received_at: read.received_at,
        late: read.late,
    };
    Ok(tags.map(live_read).collect())
}

fn clock(zone: &str, offset_ms: i64) -> Result<StreamClock, ServiceError> {
    let zone = parse_zone(zone).map_err(|error| {
        ServiceError::invalid(
            "timezone",
            format!("the stored zone {zone:?} is unknown: {error}"),
        )
    })?;
    Ok(StreamClock { zone, offset_ms })
}
