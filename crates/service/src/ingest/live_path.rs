//! From reads to boards: new or repeated, whose, at which point, on which shows. Pure.
//!
//! Gets late reads only after the journal found them new, so that a rewind of a whole race never
//! reaches a screen. Knows no store, no socket and no clock.

mod join;
mod starts;
mod state;
mod told;
mod view;

pub use join::start_locations;
pub use starts::{Span, StartPassage};
pub use told::Told;
pub use view::{EventView, LiveRead, OnScreen, RaceSetup, ShowView, StreamView};

use crate::limits;
use join::{EventState, join, start_time};
use live::rundown::{Crossing, Input, OperatorCommand, Rundown, Settings};
use model::{
    BoardState, Design, DisplayCode, EventId, MonoMs, ReadKey, ShowId, StreamId, UnixMicros,
    WallTime,
};
use starts::Starts;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    sync::Arc,
};
use timing::StreamClock;

/// All that can move the live path.
#[derive(Debug)]
pub enum LiveInput {
    /// Reads judged live as they came, or late ones that the journal found new.
    Reads {
        stream: StreamId,
        reads: Vec<LiveRead>,
    },
    Event(Box<EventView>),
    /// A new or changed stream, with what is stored of it: the keys of the duplicate window, the
    /// recent reads of each location, and the passages over those where races start (see
    /// `start_locations`), once for each such location. The event goes before.
    Stream {
        view: StreamView,
        window: Vec<ReadKey>,
        recent: Vec<LiveRead>,
        starts: Vec<StartPassage>,
    },
    Show(ShowView),
    Operator {
        show: ShowId,
        command: OperatorCommand,
    },
    ShowEnded {
        show: ShowId,
        code: DisplayCode,
    },
    Timer,
}

/// A show's new state, for the hub.
#[derive(Debug, PartialEq, Eq)]
pub struct Publication {
    pub show: ShowId,
    pub code: DisplayCode,
    pub design: Arc<Design>,
    pub state: BoardState,
    pub received_at: UnixMicros,
    /// Who is featured by it, for tests and counters.
    pub featured: Vec<Arc<Crossing>>,
}

/// What one input did.
#[derive(Debug, Default)]
pub struct Outcome {
    pub publications: Vec<Publication>,
}

#[derive(Default)]
pub struct LivePath {
    events: HashMap<EventId, EventState>,
    streams: HashMap<StreamId, StreamState>,
    shows: BTreeMap<ShowId, ShowState>,
}

struct StreamState {
    view: StreamView,
    window: HashSet<ReadKey>,
    window_pruned_at: UnixMicros,
    recent: HashMap<String, VecDeque<LiveRead>>,
    starts: Starts,
}

struct ShowState {
    view: ShowView,
    rundown: Rundown,
    /// As it was last published.
    published: Option<BoardState>,
}

/// A crossing, and whether its read was late.
type Passed = (Arc<Crossing>, bool);

impl LivePath {
    pub fn apply(&mut self, now: MonoMs, at: UnixMicros, input: LiveInput) -> Outcome {
        match input {
            LiveInput::Reads { stream, reads } => self.reads(now, at, stream, reads),
            LiveInput::Event(view) => {
                let id = view.event;
                let known = self.events.get(&id);
                if known.is_some_and(|known| known.view.is(&view)) {
                    return Outcome::default();
                }
                let starts = |view: &EventView| (view.setup.races.clone(), view.points.clone());
                let may_start_elsewhere =
                    known.map(|known| starts(&known.view)) != Some(starts(&view));
                self.events.insert(id, EventState::new(*view));
                if may_start_elsewhere {
                    self.note_recent_starts(id);
                }
                self.rebuild(now, at, |show| show.event == id)
            }
            LiveInput::Stream {
                view,
                window,
                recent,
                starts,
            } => {
                let (stream, event) = (view.stream, view.event);
                let known = self.streams.get(&stream).map(|known| &known.view);
                let brings = !(window.is_empty() && recent.is_empty() && starts.is_empty());
                if known == Some(&view) && !brings {
                    return Outcome::default();
                }
                self.stream(at, view, window, recent, starts);
                // Starts are of use at every point of the event, whichever stream reads there.
                self.rebuild(now, at, |show| show.stream == stream || show.event == event)
            }
            LiveInput::Show(view) => self.show(now, at, view),
            LiveInput::Operator { show, command } => {
                let publication = self.turn(now, at, show, Input::Operator(command));
                Outcome {
                    publications: publication.into_iter().collect(),
                }
            }
            LiveInput::ShowEnded { show, .. } => {
                self.shows.remove(&show);
                Outcome::default()
            }
            LiveInput::Timer => self.timer(now, at),
        }
    }

    /// When `LiveInput::Timer` is due.
    pub fn next_timer(&self) -> Option<MonoMs> {
        self.shows
            .values()
            .filter_map(|show| show.rundown.next_timer())
            .min()
    }

    /// Who is featured on a show now.
    pub fn on_screen(&self, show: ShowId) -> Option<OnScreen> {
        let rundown = &self.shows.get(&show)?.rundown;
        let crossing = rundown.featured()?;
        Some(OnScreen {
            bib: crossing.bib.clone(),
            name: crossing.name.clone(),
            held: rundown.is_held(),
        })
    }

    fn reads(
        &mut self,
        now: MonoMs,
        at: UnixMicros,
        stream_id: StreamId,
        reads: Vec<LiveRead>,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(stream) = self.streams.get_mut(&stream_id) else {
            return outcome;
        };
        let event_id = stream.view.event;
        if !self.events.contains_key(&event_id) {
            return outcome;
        }
        stream.prune(at);
        let oldest = oldest_in_window(&stream.view.clock, at);

        let mut touched: BTreeMap<ShowId, (UnixMicros, Vec<Arc<Crossing>>)> = BTreeMap::new();
        let mut restarted = BTreeSet::new();
        for read in reads {
            let Some(stream) = self.streams.get_mut(&stream_id) else {
                continue;
            };
            if !stream.is_new(&read) {
                continue;
            }
            stream.remember(read.clone(), oldest);
            self.note_start(stream_id, event_id, &read, &mut restarted);
            let (Some(stream), Some(event)) =
                (self.streams.get(&stream_id), self.events.get(&event_id))
            else {
                continue;
            };
            let Some(crossing) = join(event, &self.streams, &stream.view, &read) else {
                continue;
            };
            for (id, show) in &mut self.shows {
                let bound =
                    show.view.stream == stream_id && show.view.points.contains(&crossing.point);
                if !bound {
                    continue;
                }
                let input = if read.late {
                    Input::Late(Arc::clone(&crossing))
                } else {
                    Input::Live(Arc::clone(&crossing))
                };
                if let Some(update) = show.rundown.apply(now, input) {
                    let (received_at, featured) = touched
                        .entry(*id)
                        .or_insert((update.received_at, Vec::new()));
                    *received_at = (*received_at).max(update.received_at);
                    featured.extend(update.featured);
                }
            }
        }
        if !restarted.is_empty() {
            for (id, received_at) in self.rebuilt(now, |show| restarted.contains(&show.show)) {
                let (newest, _) = touched.entry(id).or_insert((received_at, Vec::new()));
                *newest = (*newest).max(received_at);
            }
        }
        for (id, (received_at, featured)) in touched {
            outcome
                .publications
                .extend(self.publication(id, at, received_at, featured));
        }
        outcome
    }

    /// Reads that came before somebody said that races start there, and are perhaps not stored yet.
    fn note_recent_starts(&mut self, event_id: EventId) {
        let Some(event) = self.events.get(&event_id) else {
            return;
        };
        let streams = self.streams.values_mut();
        for stream in streams.filter(|stream| stream.view.event == event_id) {
            for (location, reads) in &stream.recent {
                if event.is_start(&stream.view, location) {
                    let passages = reads.iter().map(StartPassage::of);
                    passages.for_each(|passage| stream.starts.note(passage));
                }
            }
        }
    }

    /// Notes a read over a start mat. Shows that list its runner somewhere else show another chip
    /// time now, where it changed the start.
    fn note_start(
        &mut self,
        stream_id: StreamId,
        event_id: EventId,
        read: &LiveRead,
        restarted: &mut BTreeSet<ShowId>,
    ) {
        let (Some(event), Some(stream)) =
            (self.events.get(&event_id), self.streams.get(&stream_id))
        else {
            return;
        };
        let key = &read.key;
        if !event.is_start(&stream.view, &key.location) {
            return;
        }
        let read_at = stream.view.clock.instant_of(key.wall, read.received_at);
        let person = event.who(&key.tag, read_at);
        let before = person.and_then(|person| start_time(event, &self.streams, person));
        if let Some(stream) = self.streams.get_mut(&stream_id) {
            stream.starts.note(StartPassage::of(read));
        }
        let Some(person) = person else { return };
        let start = start_time(event, &self.streams, person);
        if start == before {
            return;
        }
        let start = start.map(|start| event.view.clock.wall_at(start).to_string());
        let start = start.unwrap_or_default();
        // What is listed at the start itself has no time that could change.
        let lists_time = |show: &&ShowState| {
            let mut arrivals = show.rundown.arrivals().iter();
            show.view.event == event_id
                && arrivals.any(|arrival| {
                    let timed = arrival.chip_time_ms.is_some() || arrival.read_time > start;
                    timed && arrival.bib == person.bib
                })
        };
        let shows = self.shows.values().filter(lists_time);
        restarted.extend(shows.map(|show| show.view.show));
    }

    fn stream(
        &mut self,
        at: UnixMicros,
        view: StreamView,
        window: Vec<ReadKey>,
        recent: Vec<LiveRead>,
        starts: Vec<StartPassage>,
    ) {
        let event = self.events.get(&view.event);
        let state = self
            .streams
            .entry(view.stream)
            .or_insert_with(|| StreamState {
                view: view.clone(),
                window: HashSet::new(),
                window_pruned_at: UnixMicros(0),
                recent: HashMap::new(),
                starts: Starts::default(),
            });
        state.view = view;
        let oldest = oldest_in_window(&state.view.clock, at);
        // What is in memory and not yet stored stays: the stored part is added to it.
        state.window.extend(window);
        let starts = starts
            .into_iter()
            .chain(recent.iter().map(StartPassage::of));
        let is_start = |passage: &StartPassage| {
            event.is_some_and(|event| event.is_start(&state.view, &passage.location))
        };
        for passage in starts.filter(is_start) {
            state.starts.note(passage);
        }
        for read in recent {
            state.remember(read, oldest);
        }
    }

    fn show(&mut self, now: MonoMs, at: UnixMicros, view: ShowView) -> Outcome {
        let id = view.show;
        match self.shows.get_mut(&id) {
            Some(show) if show.view == view => return Outcome::default(),
            Some(show) => {
                let settings = settings_of(&view);
                show.rundown.apply(now, Input::Settings(settings));
                show.view = view;
            }
            None => {
                let rundown = Rundown::new(settings_of(&view));
                let show = ShowState {
                    view,
                    rundown,
                    published: None,
                };
                self.shows.insert(id, show);
            }
        }
        let mut outcome = self.rebuild(now, at, |show| show.show == id);
        if outcome.publications.is_empty() {
            outcome
                .publications
                .extend(self.publication(id, at, UnixMicros(0), Vec::new()));
        }
        outcome
    }

    fn timer(&mut self, now: MonoMs, at: UnixMicros) -> Outcome {
        let mut outcome = Outcome::default();
        let ids: Vec<_> = self.shows.keys().copied().collect();
        for id in ids {
            let Some(show) = self.shows.get(&id) else {
                continue;
            };
            if show.rundown.next_timer().is_none_or(|due| due > now) {
                continue;
            }
            let publication = self.turn(now, at, id, Input::Timer);
            outcome.publications.extend(publication);
        }
        outcome
    }

    fn turn(
        &mut self,
        now: MonoMs,
        at: UnixMicros,
        id: ShowId,
        input: Input,
    ) -> Option<Publication> {
        let update = self.shows.get_mut(&id)?.rundown.apply(now, input)?;
        let featured = update.featured.into_iter().collect();
        self.publication(id, at, update.received_at, featured)
    }

    /// Runs the recent reads through the shows again, as they are understood now. Features nobody,
    /// and publishes only what looks different for it.
    fn rebuild(
        &mut self,
        now: MonoMs,
        at: UnixMicros,
        which: impl Fn(&ShowView) -> bool,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for (id, received_at) in self.rebuilt(now, which) {
            let before = self.shows.get(&id).and_then(|show| show.published.clone());
            let publication = self.publication(id, at, received_at, Vec::new());
            let differs = |publication: &Publication| Some(&publication.state) != before.as_ref();
            outcome.publications.extend(publication.filter(differs));
        }
        outcome
    }

    /// The shows that may look different after it, each with when its newest read was received.
    fn rebuilt(
        &mut self,
        now: MonoMs,
        which: impl Fn(&ShowView) -> bool,
    ) -> Vec<(ShowId, UnixMicros)> {
        let mut changed = Vec::new();
        // By stream and location: most shows have theirs in common.
        let mut understood: HashMap<(StreamId, &str), Vec<Passed>> = HashMap::new();
        for (id, show) in self.shows.iter_mut().filter(|(_, show)| which(&show.view)) {
            let Some(event) = self.events.get(&show.view.event) else {
                continue;
            };
            let mut crossings = Vec::new();
            // One that is not known has read nothing, whatever the show was bound to before.
            let stream = self.streams.get(&show.view.stream);
            let recent = stream.into_iter().flat_map(|stream| {
                let recent = stream.recent.iter();
                recent.map(move |(location, reads)| (stream, location, reads))
            });
            for (stream, location, reads) in recent {
                let point = event.view.point_of(&stream.view, location);
                if point.is_none_or(|(point, _)| !show.view.points.contains(point)) {
                    continue;
                }
                let key = (show.view.stream, location.as_str());
                let here = understood.entry(key).or_insert_with(|| {
                    let joined = |read: &LiveRead| {
                        let crossing = join(event, &self.streams, &stream.view, read)?;
                        Some((crossing, read.late))
                    };
                    reads.iter().filter_map(joined).collect()
                });
                crossings.extend_from_slice(here);
            }
            let received_at = crossings
                .iter()
                .map(|(crossing, _)| crossing.received_at)
                .max();
            show.rundown.apply(now, Input::Rebuilt(crossings));
            changed.push((*id, received_at.unwrap_or(UnixMicros(0))));
        }
        changed
    }

    fn publication(
        &mut self,
        id: ShowId,
        at: UnixMicros,
        received_at: UnixMicros,
        featured: Vec<Arc<Crossing>>,
    ) -> Option<Publication> {
        let show = self.shows.get_mut(&id)?;
        let event = self.events.get(&show.view.event)?;
        let state = state::bound(event, &show.view, &show.rundown, at);
        show.published = Some(state.clone());
        Some(Publication {
            show: id,
            code: show.view.code.clone(),
            design: Arc::clone(&show.view.design),
            state,
            received_at,
            featured,
        })
    }
}

impl StreamState {
    /// Whether a live read is the first of its key. A late one has been asked of the journal.
    fn is_new(&mut self, read: &LiveRead) -> bool {
        if self.window.len() >= limits::DUPLICATE_WINDOW_READS_MAX {
            self.window.clear();
        }
        read.late || self.window.insert(read.key.clone())
    }

    /// Forgets keys too old to come again as live. Once a second is enough.
    fn prune(&mut self, at: UnixMicros) {
        if at.ms_since(self.window_pruned_at) < 1_000 {
            return;
        }
        self.window_pruned_at = at;
        let oldest = oldest_in_window(&self.view.clock, at);
        self.window.retain(|key| key.wall >= oldest);
    }

    /// Keeps a read for rebuilding boards: all of the window, so that no runner is taken for a new
    /// one afterwards, and enough of the older ones to fill a list.
    fn remember(&mut self, read: LiveRead, oldest: WallTime) {
        let full = self.recent.len() >= limits::LOCATIONS_PER_STREAM_MAX;
        if full && !self.recent.contains_key(&read.key.location) {
            return;
        }
        let ring = self.recent.entry(read.key.location.clone()).or_default();
        let place = ring.partition_point(|known| known.key.wall < read.key.wall);
        let same_time = ring
            .range(place..)
            .take_while(|known| known.key.wall == read.key.wall);
        if same_time.into_iter().any(|known| known.key == read.key) {
            return;
        }
        ring.insert(place, read);
        let is_old = |ring: &VecDeque<LiveRead>| {
            ring.len() > limits::RECENT_READS_PER_LOCATION_MIN
                && ring.front().is_some_and(|read| read.key.wall < oldest)
        };
        while is_old(ring) || ring.len() > limits::RECENT_READS_PER_LOCATION_MAX {
            ring.pop_front();
        }
    }
}

fn settings_of(show: &ShowView) -> Settings {
    Settings::for_show(show.design.document.subject, &show.rundown)
}

/// The wall time from which reads of a stream can still come as live.
pub fn oldest_in_window(clock: &StreamClock, at: UnixMicros) -> WallTime {
    clock.wall_at(at.plus_ms(-limits::DUPLICATE_WINDOW_MS))
}

#[cfg(test)]
mod tests;
