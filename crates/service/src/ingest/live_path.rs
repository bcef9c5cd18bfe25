//! From reads to boards: new or repeated, whose, at which point, on which shows. Pure.
//!
//! Gets late reads only after the journal found them new, so that a rewind of a whole race never
//! reaches a screen. Knows no store, no socket and no clock.

use crate::{limits, roster::RosterIndex};
use live::rundown::{Crossing, Input, Rundown, Settings};
use model::{
    BoardState, DisplayCode, EventId, MonoMs, PointId, ReadKey, ShowId, StreamId, Template,
    UnixMicros, WallTime,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
};
use timing::StreamClock;

/// A read as the live path needs it.
#[derive(Clone, Debug)]
pub struct LiveRead {
    pub key: ReadKey,
    pub received_at: UnixMicros,
    pub late: bool,
}

/// An event as the live path needs it. Replaced whole when anything of it changes.
#[derive(Clone, Debug)]
pub struct EventView {
    pub event: EventId,
    pub name: String,
    /// The event's own clock, by which public screens show a time of day.
    pub clock: StreamClock,
    pub roster: Arc<RosterIndex>,
    /// In course order.
    pub points: Vec<(PointId, String)>,
}

/// A stream as the live path needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamView {
    pub stream: StreamId,
    pub event: EventId,
    pub clock: StreamClock,
    /// Locations mapped by hand or at first sight; others map to the point of their name.
    pub locations: HashMap<String, PointId>,
}

/// A show as the live path needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowView {
    pub show: ShowId,
    pub code: DisplayCode,
    pub event: EventId,
    pub stream: StreamId,
    pub points: Vec<PointId>,
    pub template: Template,
}

/// All that can move the live path.
#[derive(Debug)]
pub enum LiveInput {
    /// Reads judged live as they came, or late ones that the journal found new.
    Reads {
        stream: StreamId,
        reads: Vec<LiveRead>,
    },
    Event(EventView),
    /// A new or changed stream, with what is stored of it: the keys of the duplicate window, and
    /// the recent reads of each location.
    Stream {
        view: StreamView,
        window: Vec<ReadKey>,
        recent: Vec<LiveRead>,
    },
    Show(ShowView),
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
    pub template: Template,
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
    events: HashMap<EventId, EventView>,
    streams: HashMap<StreamId, StreamState>,
    shows: BTreeMap<ShowId, ShowState>,
}

struct StreamState {
    view: StreamView,
    window: HashSet<ReadKey>,
    window_pruned_at: UnixMicros,
    recent: HashMap<String, VecDeque<LiveRead>>,
}

struct ShowState {
    view: ShowView,
    rundown: Rundown,
    /// As it was last published after a rebuild.
    heading: Option<Heading>,
}

/// What a board shows beside its list: the event's name, and those of the bound points in course
/// order.
#[derive(Clone, PartialEq, Eq)]
struct Heading {
    event: String,
    points: Vec<String>,
}

impl LivePath {
    pub fn apply(&mut self, now: MonoMs, at: UnixMicros, input: LiveInput) -> Outcome {
        match input {
            LiveInput::Reads { stream, reads } => self.reads(now, at, stream, reads),
            LiveInput::Event(view) => {
                let event = view.event;
                let before = self.events.insert(event, view);
                if before.is_some_and(|before| before.is(&self.events[&event])) {
                    return Outcome::default();
                }
                self.rebuild(now, |show| show.event == event)
            }
            LiveInput::Stream {
                view,
                window,
                recent,
            } => {
                let stream = view.stream;
                let known = self.streams.get(&stream).map(|known| &known.view);
                if known == Some(&view) && window.is_empty() && recent.is_empty() {
                    return Outcome::default();
                }
                self.stream(at, view, window, recent);
                self.rebuild(now, |show| show.stream == stream)
            }
            LiveInput::Show(view) => self.show(now, view),
            LiveInput::ShowEnded { show, .. } => {
                self.shows.remove(&show);
                Outcome::default()
            }
            LiveInput::Timer => self.timer(now),
        }
    }

    /// When `LiveInput::Timer` is due.
    pub fn next_timer(&self) -> Option<MonoMs> {
        self.shows
            .values()
            .filter_map(|show| show.rundown.next_timer())
            .min()
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
        let Some(event) = self.events.get(&stream.view.event) else {
            return outcome;
        };
        stream.prune(at);
        let oldest = oldest_in_window(&stream.view.clock, at);

        let mut touched: BTreeMap<ShowId, (UnixMicros, Vec<Arc<Crossing>>)> = BTreeMap::new();
        for read in reads {
            if !stream.is_new(&read) {
                continue;
            }
            stream.remember(read.clone(), oldest);
            let Some((crossing, late)) = crossing(event, &stream.view, &read) else {
                continue;
            };
            for (id, show) in &mut self.shows {
                let bound =
                    show.view.stream == stream_id && show.view.points.contains(&crossing.point);
                if !bound {
                    continue;
                }
                let input = if late {
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
        for (id, (received_at, featured)) in touched {
            outcome
                .publications
                .extend(self.publication(id, received_at, featured));
        }
        outcome
    }

    fn stream(
        &mut self,
        at: UnixMicros,
        view: StreamView,
        window: Vec<ReadKey>,
        recent: Vec<LiveRead>,
    ) {
        let state = self
            .streams
            .entry(view.stream)
            .or_insert_with(|| StreamState {
                view: view.clone(),
                window: HashSet::new(),
                window_pruned_at: UnixMicros(0),
                recent: HashMap::new(),
            });
        state.view = view;
        let oldest = oldest_in_window(&state.view.clock, at);
        // What is in memory and not yet stored stays: the stored part is added to it.
        state.window.extend(window);
        for read in recent {
            state.remember(read, oldest);
        }
    }

    fn show(&mut self, now: MonoMs, view: ShowView) -> Outcome {
        let id = view.show;
        match self.shows.get_mut(&id) {
            Some(show) if show.view == view => return Outcome::default(),
            Some(show) => show.view = view,
            None => {
                let rundown = Rundown::new(Settings::for_template(view.template));
                let show = ShowState {
                    view,
                    rundown,
                    heading: None,
                };
                self.shows.insert(id, show);
            }
        }
        let mut outcome = self.rebuild(now, |show| show.show == id);
        if outcome.publications.is_empty() {
            outcome
                .publications
                .extend(self.publication(id, UnixMicros(0), Vec::new()));
        }
        outcome
    }

    fn timer(&mut self, now: MonoMs) -> Outcome {
        let mut outcome = Outcome::default();
        let ids: Vec<_> = self.shows.keys().copied().collect();
        for id in ids {
            let Some(show) = self.shows.get_mut(&id) else {
                continue;
            };
            if show.rundown.next_timer().is_none_or(|due| due > now) {
                continue;
            }
            if let Some(update) = show.rundown.apply(now, Input::Timer) {
                let featured = update.featured.into_iter().collect();
                outcome
                    .publications
                    .extend(self.publication(id, update.received_at, featured));
            }
        }
        outcome
    }

    /// Runs the recent reads through the shows again, as they are understood now. Features nobody,
    /// and publishes only what looks different for it.
    fn rebuild(&mut self, now: MonoMs, which: impl Fn(&ShowView) -> bool) -> Outcome {
        let mut outcome = Outcome::default();
        // By stream and location: most shows have theirs in common.
        let mut understood: HashMap<(StreamId, &str), Vec<Joined>> = HashMap::new();
        let ids: Vec<_> = self
            .shows
            .values()
            .filter(|show| which(&show.view))
            .map(|show| show.view.show)
            .collect();
        for id in ids {
            let Some(show) = self.shows.get_mut(&id) else {
                continue;
            };
            let Some(stream) = self.streams.get(&show.view.stream) else {
                continue;
            };
            let Some(event) = self.events.get(&show.view.event) else {
                continue;
            };
            let mut crossings = Vec::new();
            for (location, reads) in &stream.recent {
                let point = point_of(event, &stream.view, location);
                if point.is_none_or(|(point, _)| !show.view.points.contains(point)) {
                    continue;
                }
                let key = (show.view.stream, location.as_str());
                let here = understood.entry(key).or_insert_with(|| {
                    let joined = |read| crossing(event, &stream.view, read);
                    reads.iter().filter_map(joined).collect()
                });
                crossings.extend_from_slice(here);
            }
            let received_at = crossings
                .iter()
                .map(|(crossing, _)| crossing.received_at)
                .max();
            let update = show.rundown.apply(now, Input::Rebuilt(crossings));
            let heading = Some(Heading::of(event, &show.view));
            if update.is_none() && heading == show.heading {
                continue;
            }
            show.heading = heading;
            let received_at = received_at.unwrap_or(UnixMicros(0));
            outcome
                .publications
                .extend(self.publication(id, received_at, Vec::new()));
        }
        outcome
    }

    fn publication(
        &self,
        id: ShowId,
        received_at: UnixMicros,
        featured: Vec<Arc<Crossing>>,
    ) -> Option<Publication> {
        let show = self.shows.get(&id)?;
        let event = self.events.get(&show.view.event)?;
        let heading = Heading::of(event, &show.view);
        Some(Publication {
            show: id,
            code: show.view.code.clone(),
            template: show.view.template,
            state: BoardState {
                event: heading.event,
                points: heading.points,
                arrivals: show.rundown.arrivals().to_vec(),
            },
            received_at,
            featured,
        })
    }
}

impl EventView {
    /// Whether the other says the same. Rosters are compared by whether they are the same one.
    fn is(&self, other: &Self) -> bool {
        (&self.name, &self.clock, &self.points) == (&other.name, &other.clock, &other.points)
            && Arc::ptr_eq(&self.roster, &other.roster)
    }
}

impl Heading {
    fn of(event: &EventView, show: &ShowView) -> Self {
        let bound = event.points.iter();
        let bound = bound.filter(|(point, _)| show.points.contains(point));
        Self {
            event: event.name.clone(),
            points: bound.map(|(_, name)| name.clone()).collect(),
        }
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

/// The wall time from which reads of a stream can still come as live.
pub fn oldest_in_window(clock: &StreamClock, at: UnixMicros) -> WallTime {
    clock.wall_at(at.plus_ms(-limits::DUPLICATE_WINDOW_MS))
}

/// The timing point of a device's location.
fn point_of<'a>(
    event: &'a EventView,
    stream: &StreamView,
    location: &str,
) -> Option<&'a (PointId, String)> {
    match stream.locations.get(location) {
        Some(mapped) => event.points.iter().find(|(point, _)| point == mapped),
        None => {
            let name = location.to_lowercase();
            let mut points = event.points.iter();
            points.find(|(_, point)| point.to_lowercase() == name)
        }
    }
}

/// A read with its person and point, and whether it came late.
type Joined = (Arc<Crossing>, bool);

/// `None` where the person or the point is unknown.
fn crossing(event: &EventView, stream: &StreamView, read: &LiveRead) -> Option<Joined> {
    let (point, point_name) = point_of(event, stream, &read.key.location)?;
    let person = event.roster.who(&read.key.tag)?;
    let read_at = stream.clock.instant_of(read.key.wall, read.received_at);
    let crossing = Crossing {
        participant: person.id,
        point: *point,
        read_at,
        received_at: read.received_at,
        bib: person.bib.clone(),
        name: person.name(),
        city: person.city.clone(),
        point_name: point_name.clone(),
        read_time: event.clock.wall_at(read_at).to_string(),
    };
    Some((Arc::new(crossing), read.late))
}

#[cfg(test)]
mod tests;
