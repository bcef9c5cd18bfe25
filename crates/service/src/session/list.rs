//! Which sessions there are and were.

use super::{
    shown,
    span::{Place, Span, spans},
};
use crate::{
    Caller, Node, Right, ServiceError,
    ingest::{ConnectionState, ConnectionStatus},
    limits,
    node::{EventEntry, StreamRuntime},
    setup::own_scope,
};
use model::{
    EventId, StreamId, UnixMicros,
    limits::{SESSION_NAMES_MAX, SESSION_PLACES_MAX, SESSIONS_LISTED_MAX},
    session_view::{SessionList, SessionPlace, SessionRow, SessionState},
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use store::{PartnerScope, SessionDay};
use timing::{StreamClock, parse_zone};

/// The partner's sessions in which every word of the text is found: in the names of the event, the
/// stream, the devices and the points, or in the day. Of the journal it asks a few index entries
/// for each day; what is live comes from memory.
pub async fn sessions(
    node: &Node,
    caller: &Caller,
    text: &str,
) -> Result<SessionList, ServiceError> {
    let scope = own_scope(caller, Right::See)?;
    let store = node.store();
    let stored = store.session_days(&scope).await?;
    let (live, now) = (live_of(node, &scope), node.clock.now());
    let mut by_stream: HashMap<StreamId, Vec<SessionDay>> = HashMap::new();
    for day in stored.days {
        by_stream.entry(day.stream.id).or_default().push(day);
    }
    let streams: BTreeSet<StreamId> = by_stream.keys().chain(live.keys()).copied().collect();
    let mut found = Found::default();
    for id in streams {
        let days = by_stream.remove(&id).unwrap_or_default();
        let live = live.get(&id);
        // Its zone is unknown, or nothing of it is loaded yet: the node serves it neither.
        let Some(facts) = live.map_or_else(|| stored_facts(&days), Live::facts) else {
            continue;
        };
        let mut spans = spans(&days);
        let wall = facts.clock.wall_at(now);
        if live.is_some() && !spans.first().is_some_and(|span| span.goes_on_at(wall)) {
            spans.insert(0, Span::empty(id, wall));
        }
        for (index, span) in spans.iter().enumerate() {
            found.add(&facts, span, live.filter(|_| index == 0), now);
        }
    }
    Ok(found.list(text, stored.more))
}

/// What the sessions of a stream have in common.
struct Facts {
    name: String,
    clock: StreamClock,
    event: EventId,
    event_name: String,
    event_clock: StreamClock,
}

fn stored_facts(days: &[SessionDay]) -> Option<Facts> {
    let stream = &days.first()?.stream;
    let zone = stream.timezone.as_ref().unwrap_or(&stream.event_timezone);
    Some(Facts {
        name: stream.name.clone(),
        clock: StreamClock {
            zone: parse_zone(zone).ok()?,
            offset_ms: stream.offset_ms,
        },
        event: stream.event,
        event_name: stream.event_name.clone(),
        event_clock: StreamClock {
            zone: parse_zone(&stream.event_timezone).ok()?,
            offset_ms: 0,
        },
    })
}

/// The live connections of one stream.
struct Live {
    stream: Arc<StreamRuntime>,
    event: EventEntry,
    connections: Vec<ConnectionStatus>,
}

fn live_of(node: &Node, scope: &PartnerScope) -> HashMap<StreamId, Live> {
    let mut live: HashMap<StreamId, Live> = HashMap::new();
    for status in node.connections.list() {
        if status.state == ConnectionState::Ended {
            continue;
        }
        let stream = status.stream.and_then(|id| node.registry.stream(id));
        let Some(stream) = stream.filter(|stream| stream.partner == scope.partner()) else {
            continue;
        };
        let Some(event) = node.registry.event(stream.event) else {
            continue;
        };
        let known = live.entry(stream.id).or_insert_with(|| Live {
            stream,
            event,
            connections: Vec::new(),
        });
        known.connections.push(status);
    }
    live
}

impl Live {
    fn facts(&self) -> Option<Facts> {
        Some(Facts {
            name: self.stream.row().name,
            clock: *self.stream.intake().clock(),
            event: self.stream.event,
            event_name: self.event.name.clone(),
            event_clock: self.event.clock,
        })
    }

    fn state(&self, now: UnixMicros) -> SessionState {
        match self.connections.iter().any(|status| status.is_reading(now)) {
            true => SessionState::Live,
            false => SessionState::Silent,
        }
    }

    /// New reads of the last minute, taken as even over the one before this one.
    fn per_minute(&self, now: UnixMicros) -> u32 {
        let watch = self.stream.watch();
        let both = watch.places().map(|(_, place)| {
            let count = |before| u64::from(place.minutes.before(now, before));
            (count(0), count(1))
        });
        let (this, before) = both.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let second = now.0.rem_euclid(60_000_000).unsigned_abs() / 1_000_000;
        u32::try_from(this + before * (60 - second) / 60).unwrap_or(u32::MAX)
    }

    fn devices(&self) -> Vec<String> {
        let names = self.connections.iter().map(|status| {
            let name = status.name.as_deref().filter(|name| !is_id(name));
            shown(name.unwrap_or(&status.program))
        });
        distinct(names)
    }

    fn events(&self) -> Vec<String> {
        let names = self.connections.iter();
        let names = names.filter_map(|status| status.event_name.as_deref());
        distinct(names.map(shown))
    }

    /// Where its devices say they read, also before they have.
    fn places(&self) -> impl Iterator<Item = (String, Place)> {
        let locations = self.connections.iter().flat_map(|status| &status.locations);
        locations.map(|location| {
            let point = self.event.point_of(&self.stream, location);
            let place = point.map(|(id, name)| {
                let at = self.event.points.iter().position(|(known, _)| *known == id);
                let at = at.and_then(|at| u32::try_from(at + 1).ok());
                (id, name, at.unwrap_or(u32::MAX))
            });
            (location.clone(), place)
        })
    }
}

/// Whether a program made it up, as ChronoTrack's do with 40 hexadecimal digits: nobody reads that.
fn is_id(name: &str) -> bool {
    const DIGITS_MIN: usize = 32;
    name.len() >= DIGITS_MIN && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The first `SESSION_NAMES_MAX` of them.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if list.len() == SESSION_NAMES_MAX {
            break;
        }
        if !list.contains(&text) {
            list.push(text);
        }
    }
    list
}

/// Rows with what they are sorted by: whether each is over, and its last read.
#[derive(Default)]
struct Found(Vec<(bool, Reverse<UnixMicros>, SessionRow)>);

impl Found {
    fn add(&mut self, of: &Facts, span: &Span, live: Option<&Live>, now: UnixMicros) {
        let ends = span.reads.map(|reads| {
            let at = |wall| of.clock.instant_of(wall, reads.received_at);
            (at(reads.first), at(reads.last))
        });
        let told = |at: Option<UnixMicros>| {
            at.map_or_else(String::new, |at| of.event_clock.wall_at(at).to_string())
        };
        let state = live.map_or(SessionState::Ended, |live| live.state(now));
        let devices = match live {
            Some(live) => live.devices(),
            None => {
                let name = std::iter::once(&span.connection).filter(|name| !is_id(name));
                distinct(name.map(|name| shown(name)))
            }
        };
        let is_simulator = |live: &Live| {
            let mut devices = live.connections.iter();
            devices.any(ConnectionStatus::is_simulator)
        };
        let row = SessionRow {
            key: span.key,
            event: of.event,
            event_name: of.event_name.clone(),
            stream: of.name.clone(),
            state,
            devices,
            device_events: live.map_or_else(Vec::new, Live::events),
            places: places(span, live),
            walls: span.reads.map(|reads| (reads.first, reads.last)),
            first: told(ends.map(|(first, _)| first)),
            last: told(ends.map(|(_, last)| last)),
            per_minute: live.map_or(0, |live| live.per_minute(now)),
            simulated: span.simulated || live.is_some_and(is_simulator),
        };
        let last = ends.map_or(now, |(_, last)| last);
        self.0
            .push((state == SessionState::Ended, Reverse(last), row));
    }

    fn list(mut self, text: &str, more: bool) -> SessionList {
        let text = text.chars().take(limits::SESSION_SEARCH_CHARS_MAX);
        let text = text.collect::<String>().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        self.0.retain(|(_, _, row)| {
            let all = haystack(row);
            words.iter().all(|word| all.contains(word))
        });
        self.0
            .sort_by(|a, b| (a.0, a.1, &a.2.stream).cmp(&(b.0, b.1, &b.2.stream)));
        let more = more || self.0.len() > SESSIONS_LISTED_MAX;
        let rows = self.0.into_iter().take(SESSIONS_LISTED_MAX);
        SessionList {
            rows: rows.map(|(_, _, row)| row).collect(),
            more,
        }
    }
}

/// Where it has read, and where its devices say they read; along the course.
fn places(span: &Span, live: Option<&Live>) -> Vec<SessionPlace> {
    let mut locations = span.locations.clone();
    for (location, place) in live.into_iter().flat_map(Live::places) {
        locations.entry(location).or_insert(place);
    }
    let mut places: Vec<_> = locations
        .into_iter()
        .map(|(location, point)| {
            let along = point.as_ref().map_or(u32::MAX, |(_, _, along)| *along);
            let place = SessionPlace {
                location: shown(&location),
                point: point.as_ref().map(|(id, ..)| *id),
                name: shown(point.as_ref().map_or(&location, |(_, name, _)| name)),
            };
            (along, place)
        })
        .collect();
    places.sort_by(|a, b| (a.0, &a.1.location).cmp(&(b.0, &b.1.location)));
    let places = places.into_iter().take(SESSION_PLACES_MAX);
    places.map(|(_, place)| place).collect()
}

/// All that is searched in, in small letters.
fn haystack(row: &SessionRow) -> String {
    let mut all = vec![&*row.event_name, &row.stream, &row.first, &row.last];
    all.extend(
        row.devices
            .iter()
            .chain(&row.device_events)
            .map(String::as_str),
    );
    for place in &row.places {
        all.extend([&*place.location, &place.name]);
    }
    all.join("\n").to_lowercase()
}
