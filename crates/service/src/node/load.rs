//! From the store into memory: at the start, and again for what changed.

use super::{DisplayEntry, Node, StreamRuntime, registry::EventEntry};
use crate::{
    ServiceError, authority,
    ingest::{
        Intake, LiveInput, LiveRead,
        intake::remember,
        live_actor::Command,
        live_path::{EventView, ShowView, StreamView, oldest_in_window},
    },
    limits,
    roster::RosterIndex,
};
use model::{EventId, PartnerId, PointId, Read, ReadKey, ReadKind, StreamId, UnixMicros, WallTime};
use std::{collections::BTreeSet, sync::Arc};
use store::{PartnerScope, Store, Stream};
use timing::{DateBook, StreamClock, parse_zone};

/// How much of an event is loaded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// A roster is large, and stays as it was when a point or a stream changes.
    ButRoster,
    Whole,
}

impl Node {
    /// Everything that is active: events with an active stream or an open display. What is served
    /// already is loaded again too, as it may be so no more.
    pub(super) async fn load_all(&self) -> Result<(), ServiceError> {
        self.load_partners().await?;
        for (partner, event) in self.active_events().await? {
            self.load_event(partner, event, Extent::Whole).await?;
        }
        self.load_displays().await
    }

    pub(super) async fn active_events(
        &self,
    ) -> Result<BTreeSet<(PartnerId, EventId)>, ServiceError> {
        let now = self.clock.now();
        let served = self.registry.streams().into_iter();
        let mut events: BTreeSet<_> = served
            .map(|stream| (stream.partner, stream.event))
            .collect();
        for stream in self.store.all_streams().await? {
            if stream.active(now) {
                events.insert((stream.partner, stream.event));
            }
        }
        let now = self.clock.earliest();
        for display in self.store.all_displays().await? {
            if display.expires_at > now {
                events.insert((display.partner, display.event));
            }
        }
        Ok(events)
    }

    pub(super) async fn load_partners(&self) -> Result<(), ServiceError> {
        self.registry
            .set_partners(self.store.partners().await?.len());
        Ok(())
    }

    /// An event with its points and streams, and its roster where that is asked for or not there.
    /// A stream that cannot be loaded keeps no other from it.
    pub(super) async fn load_event(
        &self,
        partner: PartnerId,
        event: EventId,
        extent: Extent,
    ) -> Result<(), ServiceError> {
        let scope = authority::node_scope(partner);
        let row = self.store.event(&scope, event).await?;
        let event_clock = clock(&row.timezone, 0)?;
        let known = self.registry.event(event).map(|known| known.roster);
        let roster = match known.filter(|_| extent == Extent::ButRoster) {
            Some(roster) => roster,
            None => {
                let people = self.store.participants(&scope, event).await?;
                Arc::new(RosterIndex::new(people, row.bib_rule))
            }
        };
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
            roster: Arc::clone(&roster),
        };
        self.registry.set_event(event, entry);
        if extent == Extent::Whole {
            let streams = self.registry.streams().into_iter();
            let own = streams.filter(|stream| stream.event == event);
            own.for_each(|stream| stream.counters.unknown.forget());
        }
        let view = EventView {
            event,
            name: row.name,
            clock: event_clock,
            roster,
            points,
        };
        self.send(LiveInput::Event(view)).await;
        let mut failed = Ok(());
        for stream in self.store.streams(&scope, event).await? {
            match self.load_stream(&scope, stream, &row.timezone).await {
                Err(error) if error.is_of_the_moment() => return Err(error),
                loaded => failed = failed.and(loaded),
            }
        }
        if extent == Extent::Whole {
            self.recounts.ask(event);
        }
        self.routes_changed.send_modify(|count| *count += 1);
        failed
    }

    async fn load_stream(
        &self,
        scope: &PartnerScope,
        stream: Stream,
        zone_of_event: &str,
    ) -> Result<(), ServiceError> {
        let zone = stream.timezone.as_deref().unwrap_or(zone_of_event);
        let clock = clock(zone, stream.offset_ms)?;
        match self.registry.stream(stream.id) {
            Some(runtime) => self.refresh(scope, &runtime, stream, clock).await,
            None => self.take_up(scope, stream, clock).await,
        }
    }

    /// A stream that this node has not served yet.
    async fn take_up(
        &self,
        scope: &PartnerScope,
        stream: Stream,
        clock: StreamClock,
    ) -> Result<(), ServiceError> {
        let (id, now) = (stream.id, self.clock.now());
        let stored = StoredStream::load(&*self.store, scope, id, &clock, now).await?;
        let totals = self.store.stream_totals(scope, id).await?;
        let seen = stored.locations.iter().map(|(name, _)| name.clone());
        let intake = Intake::new(id, clock, stored.dates);
        let event = stream.event;
        let runtime = StreamRuntime::new(stream, intake, seen.collect());
        runtime.counters.set(&totals);
        self.send(LiveInput::Stream {
            view: StreamView {
                stream: id,
                event,
                clock,
                locations: stored.locations.into_iter().collect(),
            },
            window: stored.window,
            recent: stored.recent,
        })
        .await;
        // Only now may connections find it: the live path leaves out what it does not know.
        self.registry.add_stream(Arc::new(runtime));
        self.recounts.ask(event);
        Ok(())
    }

    /// A stream that is served already: its reads are in memory. Under another clock others of
    /// them count as recent, so these are loaded.
    async fn refresh(
        &self,
        scope: &PartnerScope,
        runtime: &StreamRuntime,
        stream: Stream,
        clock: StreamClock,
    ) -> Result<(), ServiceError> {
        let id = stream.id;
        let (mut window, mut recent) = (Vec::new(), Vec::new());
        if *runtime.intake().clock() != clock {
            let oldest = oldest_in_window(&clock, self.clock.now());
            window = self.store.read_keys_since(scope, id, oldest).await?;
            recent = recent_reads(&*self.store, scope, id, oldest).await?;
        }
        let locations = self.store.locations(scope, id).await?;
        let input = LiveInput::Stream {
            view: StreamView {
                stream: id,
                event: stream.event,
                clock,
                locations: locations.into_iter().collect(),
            },
            window,
            recent,
        };
        // The live path ends only with the node.
        let Ok(room) = self.live.reserve().await else {
            return Ok(());
        };
        {
            // Together, so that whatever the new clock calls live meets the window as the new
            // clock has it: a rewind at this moment is shown to nobody.
            let mut intake = runtime.intake();
            intake.set_clock(clock);
            room.send(Command::Input(input));
        }
        runtime.set_row(stream);
        Ok(())
    }

    /// Opens new displays and ends those that are over. One whose event cannot be loaded keeps no
    /// other from it.
    pub(super) async fn load_displays(&self) -> Result<(), ServiceError> {
        let now = self.clock.earliest();
        let mut open = self.store.all_displays().await?;
        open.retain(|display| display.expires_at > now);
        for known in self.registry.displays() {
            if !open.iter().any(|display| display.code == known.code) {
                self.end_display(&known.code).await;
            }
        }
        let mut failed = Ok(());
        for display in open {
            if self.registry.event(display.event).is_none() {
                let (partner, event) = (display.partner, display.event);
                match self.load_event(partner, event, Extent::Whole).await {
                    Err(error) if error.is_of_the_moment() => return Err(error),
                    loaded => failed = failed.and(loaded),
                }
            }
            if self.registry.event(display.event).is_none() {
                continue;
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
        failed
    }

    /// Ends the displays whose time is over.
    pub(super) async fn expire_displays(&self) {
        let now = self.clock.earliest();
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
        store: &dyn Store,
        scope: &PartnerScope,
        stream: StreamId,
        clock: &StreamClock,
        now: UnixMicros,
    ) -> Result<Self, ServiceError> {
        let mut dates = DateBook::default();
        let newest = store
            .undated_days(scope, stream, limits::UNDATED_READS_LOADED_MAX)
            .await?;
        for stored in &newest {
            remember(&mut dates, stored);
        }
        if u32::try_from(newest.len()).is_ok_and(|count| count >= limits::UNDATED_READS_LOADED_MAX)
        {
            dates.lacks_older();
        }
        let oldest = oldest_in_window(clock, now);
        let window = store.read_keys_since(scope, stream, oldest).await?;
        let locations = store.locations(scope, stream).await?;
        let recent = recent_reads(store, scope, stream, oldest).await?;
        Ok(Self {
            locations,
            dates,
            window,
            recent,
        })
    }
}

/// The newest reads of each location.
async fn recent_reads(
    store: &dyn Store,
    scope: &PartnerScope,
    stream: StreamId,
    oldest: WallTime,
) -> Result<Vec<LiveRead>, ServiceError> {
    let mut recent = Vec::new();
    // By where reads are, not by which locations are mapped: a crash may come between the two.
    for (location, _) in &store.stream_totals(scope, stream).await?.last {
        recent.extend(recent_at(store, scope, stream, location, oldest).await?);
    }
    Ok(recent)
}

/// The newest reads of a location: those since `oldest`, and at least enough to fill a list.
async fn recent_at(
    store: &dyn Store,
    scope: &PartnerScope,
    stream: StreamId,
    location: &str,
    oldest: WallTime,
) -> Result<Vec<LiveRead>, ServiceError> {
    let few = u32::try_from(limits::RECENT_READS_PER_LOCATION_MIN).unwrap_or(u32::MAX);
    let many = u32::try_from(limits::RECENT_READS_PER_LOCATION_MAX).unwrap_or(u32::MAX);
    // In steps, as there are seldom many more in the window than fill a list.
    let mut limit = few;
    let rows = loop {
        let rows = store.recent_reads(scope, stream, location, limit).await?;
        let is_all = u32::try_from(rows.len()).is_ok_and(|count| count < limit);
        let reaches_back = rows.last().is_none_or(|row| row.read.wall < oldest);
        if is_all || reaches_back || limit == many {
            break rows;
        }
        limit = limit.saturating_mul(8).min(many);
    };
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
