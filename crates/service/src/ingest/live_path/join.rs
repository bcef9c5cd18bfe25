//! From a read to a crossing: which person, which point, which race time, and whether it counts.
//!
//! Owns what a public screen is told of a person, by the rules of `model::public`. Knows no show.

use super::{EventView, LiveRead, StreamState, StreamView, starts::Span};
use live::Crossing;
use model::{EventId, Participant, PointId, StreamId, UnixMicros, fold_tag, is_ignored};
use scoring::{Entry, Passage, RaceBook, RaceTime, race_time, start_of};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// An event with what follows from its set-up.
pub(super) struct EventState {
    pub view: EventView,
    pub book: RaceBook,
}

impl EventState {
    pub(super) fn new(view: EventView) -> Self {
        Self {
            book: book_of(&view),
            view,
        }
    }

    /// Whose a tag is at an instant.
    pub(super) fn who(&self, tag: &str, at: UnixMicros) -> Option<&Participant> {
        self.view.roster.who(tag, at)
    }

    /// Whether a read over that point is one by which somebody may start.
    pub(super) fn is_start(&self, stream: &StreamView, location: &str) -> bool {
        let point = self.view.point_of(stream, location);
        point.is_some_and(|(point, _)| self.book.is_start(*point))
    }

    fn counts(&self, point: PointId, read_at: UnixMicros) -> bool {
        let mut zero_counts = self.view.setup.zero_counts.iter();
        let zero = zero_counts.find(|(of, _)| *of == point);
        zero.is_none_or(|(_, zero)| *zero <= read_at)
    }

    pub(super) fn is_ignored(&self, tag: &str) -> bool {
        is_ignored(&self.view.setup.ignored_tags, tag)
    }

    fn is_put_aside(&self, simulated: bool, received_at: UnixMicros) -> bool {
        let until = self.view.setup.simulated_until.filter(|_| simulated);
        until.is_some_and(|until| received_at < until)
    }
}

/// A device of the simulator is not to start a race once its reads are put aside.
fn book_of(view: &EventView) -> RaceBook {
    let setup = &view.setup;
    let mut guns = setup.guns.clone();
    guns.retain(|gun| {
        let told = gun.device_key.as_deref();
        let simulated = told.is_some_and(crate::gun::is_simulated);
        let until = setup.simulated_until.filter(|_| simulated);
        until.is_none_or(|until| until <= gun.fired_at)
    });
    RaceBook::new(&setup.races, &guns, &view.points)
}

/// The locations, among those named, over which races of the event start: where all stored reads
/// are needed.
pub fn start_locations<'a>(
    event: &EventView,
    stream: &StreamView,
    names: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<String> {
    // Which points these are is no matter of guns.
    let book = RaceBook::new(&event.setup.races, &[], &event.points);
    let names = names.into_iter();
    names
        .filter(|name| {
            let point = event.point_of(stream, name);
            point.is_some_and(|(point, _)| book.is_start(*point))
        })
        .map(str::to_owned)
        .collect()
}

/// What a read of the stream is, with the starts of all streams of the event. `None`: its tag is
/// nobody's, it is not to be shown or counted, or there is no such point.
pub(super) fn join(
    event: &EventState,
    streams: &HashMap<StreamId, StreamState>,
    stream: &StreamView,
    read: &LiveRead,
) -> Option<Arc<Crossing>> {
    let key = &read.key;
    if event.is_put_aside(read.simulated, read.received_at) || event.is_ignored(&key.tag) {
        return None;
    }
    let read_at = stream.clock.instant_of(key.wall, read.received_at);
    let at = event.view.point_of(stream, &key.location);
    if at.is_some_and(|(point, _)| !event.counts(*point, read_at)) {
        return None;
    }
    let person = event.who(&key.tag, read_at)?;
    let (point, point_name) = at.filter(|_| !person.withdrawn)?;
    let entry = event.book.entry(person.wave);
    let time = entry.map_or_else(RaceTime::default, |entry| {
        let start = start(event, streams, person, entry);
        race_time(entry, start, *point, read_at)
    });
    let read_time = event.view.clock.wall_at(read_at).to_string();
    let day = read_time.split('T').next().unwrap_or_default();
    Some(Arc::new(Crossing {
        participant: person.id,
        point: *point,
        read_at,
        received_at: read.received_at,
        bib: person.bib.clone(),
        name: person.public_name(day),
        city: person.public_city().to_owned(),
        point_name: point_name.clone(),
        race: entry.map(|entry| entry.race.clone()).unwrap_or_default(),
        gun_time_ms: time.gun_time_ms,
        chip_time_ms: time.chip_time_ms,
        distance_m: entry.and_then(|entry| entry.distance_m(*point)),
        read_time,
        simulated: read.simulated,
    }))
}

/// When somebody started, by all streams of the event.
pub(super) fn start_time(
    event: &EventState,
    streams: &HashMap<StreamId, StreamState>,
    person: &Participant,
) -> Option<UnixMicros> {
    let entry = event.book.entry(person.wave)?;
    start(event, streams, person, entry)
}

fn start(
    event: &EventState,
    streams: &HashMap<StreamId, StreamState>,
    person: &Participant,
    entry: &Entry,
) -> Option<UnixMicros> {
    let start = entry.start?;
    let mut tags: Vec<_> = person
        .chips
        .iter()
        .map(|chip| fold_tag(&chip.tag))
        .collect();
    tags.push(fold_tag(&person.bib));
    let mut passages = Vec::new();
    let id: EventId = event.view.event;
    for stream in streams.values().filter(|stream| stream.view.event == id) {
        for location in stream.starts.locations() {
            let point = event.view.point_of(&stream.view, location);
            if point.is_none_or(|(point, _)| *point != start) {
                continue;
            }
            for tag in &tags {
                let spans = stream.starts.spans(location, tag).iter();
                passages.extend(spans.filter_map(|span| {
                    let passage = passage(&stream.view, span);
                    let counts = event.counts(start, passage.last)
                        && !event.is_put_aside(span.simulated, span.received_at)
                        && !event.is_ignored(tag);
                    let is_theirs = || {
                        let whose = event.who(tag, passage.last);
                        whose.is_some_and(|whose| whose.id == person.id)
                    };
                    (counts && is_theirs()).then_some(passage)
                }));
            }
        }
    }
    start_of(entry, passages)
}

fn passage(stream: &StreamView, span: &Span) -> Passage {
    let instant = |wall| stream.clock.instant_of(wall, span.received_at);
    Passage {
        first: instant(span.first),
        last: instant(span.last),
    }
}
