//! From the store into memory: at the start, and again for what changed.

use super::{DisplayEntry, Node, StreamRuntime, registry::EventEntry};
use crate::{
    ServiceError, authority,
    ingest::{
        Intake, LiveInput, LiveRead,
        intake::remember,
        live_actor::Command,
        live_path::{
            EventView, RaceSetup, ShowView, Span, StartPassage, StreamView, oldest_in_window,
            start_locations,
        },
    },
    limits,
    roster::RosterIndex,
    timing_page,
    watch::StreamWatch,
};
use model::{EventId, PartnerId, PointId, ReadKey, ReadKind, StreamId, UnixMicros, WallTime};
use std::{collections::BTreeSet, sync::Arc};
use store::{Event, PartnerScope, Store, StoredPassage, StoredRead, Stream};
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
        let count = self.store.partners().await?.len();
        let claimant = timing_page::claimant(&*self.store).await?;
        self.registry.set_partners(count, claimant);
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
        let known = self.registry.event(event);
        let roster = match known.as_ref().filter(|_| extent == Extent::ButRoster) {
            Some(known) => Arc::clone(&known.roster),
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
        let setup = self.race_setup(&scope, &row).await?;
        let messages: Arc<[_]> = self.store.messages(&scope, event).await?.into();
        let entry = EventEntry {
            name: row.name.clone(),
            points: points.clone(),
            roster: Arc::clone(&roster),
            clock: event_clock,
            ignored_tags: setup.ignored_tags.clone(),
            messages: Arc::clone(&messages),
        };
        let ignores_others = known.is_some_and(|known| known.ignored_tags != entry.ignored_tags);
        self.registry.set_event(event, entry);
        if extent == Extent::Whole {
            let streams = self.registry.streams().into_iter();
            let own = streams.filter(|stream| stream.event == event);
            own.for_each(|stream| stream.counters.unknown.forget());
        }
        let view = EventView {
            event,
            clock: event_clock,
            roster,
            points,
            setup,
            messages,
            name: row.name,
            date: row.date,
        };
        // Before the streams: from now on starts are noted as they come.
        self.send(LiveInput::Event(Box::new(view.clone()))).await;
        let mut failed = Ok(());
        for stream in self.store.streams(&scope, event).await? {
            match self.load_stream(&scope, &view, stream, &row.timezone).await {
                Err(error) if error.is_of_the_moment() => return Err(error),
                loaded => failed = failed.and(loaded),
            }
        }
        if extent == Extent::Whole || ignores_others {
            self.recounts.ask(event);
        }
        self.look_for_routes_again();
        failed
    }

    async fn load_stream(
        &self,
        scope: &PartnerScope,
        event: &EventView,
        stream: Stream,
        zone_of_event: &str,
    ) -> Result<(), ServiceError> {
        let zone = stream.timezone.as_deref().unwrap_or(zone_of_event);
        let clock = clock(zone, stream.offset_ms)?;
        match self.registry.stream(stream.id) {
            Some(runtime) => self.refresh(scope, event, &runtime, stream, clock).await,
            None => self.take_up(scope, event, stream, clock).await,
        }
    }

    pub(crate) async fn race_setup(
        &self,
        scope: &PartnerScope,
        row: &Event,
    ) -> Result<RaceSetup, ServiceError> {
        Ok(RaceSetup {
            races: self.store.races(scope, row.id).await?,
            guns: self.store.guns(scope, row.id).await?,
            zero_counts: self.store.zero_counts(scope, row.id).await?,
            ignored_tags: self.store.ignored_tags(scope, row.id).await?,
            simulated_until: row.simulated_until,
        })
    }

    /// A stream that this node has not served yet.
    async fn take_up(
        &self,
        scope: &PartnerScope,
        event: &EventView,
        stream: Stream,
        clock: StreamClock,
    ) -> Result<(), ServiceError> {
        let (id, now) = (stream.id, self.clock.now());
        let stored = StoredStream::load(&*self.store, scope, id, &clock, now).await?;
        let totals = self.store.stream_totals(scope, id).await?;
        let intake = Intake::new(id, clock, stored.dates);
        let watch = StreamWatch::new(Arc::clone(&self.watch.counter));
        let locations = stored.locations.iter().cloned().collect();
        let runtime = StreamRuntime::new(stream, intake, watch, locations);
        runtime.counters.set(&totals);
        let view = StreamView {
            stream: id,
            event: event.event,
            clock,
            locations: stored.locations.into_iter().collect(),
        };
        let (locations, starts) = self.new_starts(scope, event, &runtime, &view).await?;
        runtime.has_starts_of(locations);
        self.send(LiveInput::Stream {
            view,
            window: stored.window,
            recent: stored.recent,
            starts,
        })
        .await;
        // Only now may connections find it: the live path leaves out what it does not know.
        self.registry.add_stream(Arc::new(runtime));
        self.recounts.ask(event.event);
        Ok(())
    }

    /// What is stored of locations over which races start since the event was last loaded.
    async fn new_starts(
        &self,
        scope: &PartnerScope,
        event: &EventView,
        runtime: &StreamRuntime,
        view: &StreamView,
    ) -> Result<(Vec<String>, Vec<StartPassage>), ServiceError> {
        // By where reads are, not by which locations are mapped: a crash may come between the two.
        let read = self.store.stream_totals(scope, view.stream).await?.last;
        let read = read.iter().map(|(location, _)| location.as_str());
        let locations = start_locations(event, view, read);
        let locations = runtime.new_start_locations(locations);
        let mut starts = Vec::new();
        for location in &locations {
            let now = self.clock.now();
            let stored = starts_at(&*self.store, scope, view, location, now);
            starts.extend(stored.await?);
        }
        Ok((locations, starts))
    }

    /// A stream that is served already: its reads are in memory. Under another clock others of
    /// them count as recent, so these are loaded.
    async fn refresh(
        &self,
        scope: &PartnerScope,
        event: &EventView,
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
        runtime.set_locations(locations.iter().cloned().collect());
        let view = StreamView {
            stream: id,
            event: stream.event,
            clock,
            locations: locations.into_iter().collect(),
        };
        let (new_locations, starts) = self.new_starts(scope, event, runtime, &view).await?;
        let input = LiveInput::Stream {
            view,
            window,
            recent,
            starts,
        };
        // The live path ends only with the node.
        let Ok(room) = self.live.reserve().await else {
            return Ok(());
        };
        {
            // Together, so that whatever the new clock calls live meets the window as the new
            // clock has it: a rewind at this moment is shown to nobody.
            let mut intake = runtime.intake();
            if *intake.clock() != clock {
                runtime.watch().forget_clock();
            }
            intake.set_clock(clock);
            room.send(Command::Input(input));
        }
        runtime.has_starts_of(new_locations);
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
            let scope = authority::node_scope(display.partner);
            let mut designs = self.designs.lock().await;
            let design = designs.of(&*self.store, &scope, display.template).await?;
            drop(designs);
            let entry = DisplayEntry {
                code: display.code,
                show: display.show,
                event: display.event,
                stream: display.stream,
                design,
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
                design: entry.design,
                rundown: display.rundown,
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
    loop {
        let rows = store.recent_reads(scope, stream, location, limit).await?;
        let is_all = u32::try_from(rows.len()).is_ok_and(|count| count < limit);
        let reaches_back = rows.last().is_none_or(|row| row.read.wall < oldest);
        if is_all || reaches_back || limit == many {
            return Ok(live_reads(&rows));
        }
        limit = limit.saturating_mul(8).min(many);
    }
}

/// The stored passages over a location where races start.
pub async fn starts_at(
    store: &dyn Store,
    scope: &PartnerScope,
    stream: &StreamView,
    location: &str,
    now: UnixMicros,
) -> Result<Vec<StartPassage>, ServiceError> {
    let since = stream.clock.wall_at(now.plus_ms(-limits::START_AGE_MS_MAX));
    let stored = store
        .passages(scope, stream.stream, location, since)
        .await?;
    let passage = |stored: StoredPassage| StartPassage {
        location: location.to_owned(),
        tag: stored.tag,
        span: Span {
            first: stored.first,
            last: stored.last,
            received_at: stored.received_at,
            simulated: stored.simulated,
        },
    };
    Ok(stored.into_iter().map(passage).collect())
}

fn live_reads(rows: &[StoredRead]) -> Vec<LiveRead> {
    let tags = rows.iter().map(|row| &row.read);
    let tags = tags.filter(|read| read.kind == ReadKind::Tag);
    tags.map(LiveRead::of).collect()
}

// Parts of a passage are put together again.
const _: () = assert!(store::limits::PASSAGE_BUCKET_CS * 10 <= scoring::limits::PASSAGE_GAP_MS);

pub(crate) fn clock(zone: &str, offset_ms: i64) -> Result<StreamClock, ServiceError> {
    let zone = parse_zone(zone).map_err(|error| {
        ServiceError::invalid(
            "timezone",
            format!("the stored zone {zone:?} is unknown: {error}"),
        )
    })?;
    Ok(StreamClock { zone, offset_ms })
}
