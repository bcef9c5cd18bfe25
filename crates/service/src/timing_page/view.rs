//! One look at an event's timing.

use super::{age_ms, shown};
use crate::{
    Caller, Node, Right, ServiceError,
    ingest::{ConnectionState, ConnectionStatus},
    node::{EventEntry, StreamRuntime},
    setup,
    watch::{self, PlaceWatch, StreamWatch},
};
use model::{
    EventId, PartnerId, UnixMicros,
    limits::{CONNECTIONS_PER_VIEW_MAX, LOCATIONS_PER_CONNECTION_VIEW_MAX, PLACES_PER_VIEW_MAX},
    timing_view::{
        ConnectionLive, ConnectionWord, LocationLive, PlaceLive, ReaderLive, StreamLive,
        StreamState, TimingView,
    },
};
use std::{
    cmp::Reverse,
    sync::{Arc, atomic::Ordering},
};
use store::Stream;

/// All that the page shows of an event at one poll.
pub async fn live_timing(
    node: &Node,
    caller: &Caller,
    event: EventId,
) -> Result<TimingView, ServiceError> {
    let scope = setup::scope_of_event(node.store(), caller, event, Right::See).await?;
    let now = node.clock.now();
    let claimant = node.registry.claimant() == Some(scope.partner());
    let connect = node.watch.host().connect;
    let alarms = node.watch.alarms(scope.partner());
    let Some(entry) = node.registry.event(event) else {
        // Nothing of it is served: it is over, or has no stream yet.
        let rows = node.store().streams(&scope, event).await?;
        return Ok(TimingView {
            now,
            event,
            event_name: node.store().event(&scope, event).await?.name,
            people: 0,
            streams: rows.into_iter().map(|row| idle_stream(row, now)).collect(),
            connections: connections(node, scope.partner(), claimant, now),
            alarms,
            connect,
        });
    };
    let mut streams: Vec<_> = node.registry.streams();
    streams.retain(|stream| stream.event == event);
    let mut streams: Vec<_> = streams
        .iter()
        .map(|stream| served_stream(stream, &entry, now))
        .collect();
    keep_newest_places(&mut streams);
    Ok(TimingView {
        now,
        event,
        event_name: entry.name,
        people: entry.roster.len() as u64,
        streams,
        connections: connections(node, scope.partner(), claimant, now),
        alarms,
        connect,
    })
}

fn idle_stream(row: Stream, now: UnixMicros) -> StreamLive {
    StreamLive {
        id: row.id,
        state: state_of(&row, now),
        name: row.name,
        protocol: row.protocol.to_string(),
        port: row.port,
        timezone: row.timezone,
        offset_ms: row.offset_ms,
        reads: 0,
        late: 0,
        duplicates: 0,
        unknown: None,
        places: Vec::new(),
    }
}

fn served_stream(stream: &Arc<StreamRuntime>, event: &EventEntry, now: UnixMicros) -> StreamLive {
    let watch = stream.watch();
    let mut places: Vec<_> = watch
        .places()
        .map(|(location, place)| place_live(stream, event, &watch, location, place, now))
        .collect();
    drop(watch);
    let along = |place: &PlaceLive| {
        let points = event.points.iter();
        let at = points.clone().position(|(id, _)| Some(*id) == place.point);
        at.unwrap_or(usize::MAX)
    };
    places.sort_by(|a, b| (along(a), &a.location).cmp(&(along(b), &b.location)));
    let counters = &stream.counters;
    StreamLive {
        reads: counters.reads.load(Ordering::Relaxed),
        late: counters.late.load(Ordering::Relaxed),
        duplicates: counters.duplicates.load(Ordering::Relaxed),
        unknown: counters.unknown.known(),
        places,
        ..idle_stream(stream.row(), now)
    }
}

fn place_live(
    stream: &StreamRuntime,
    event: &EventEntry,
    watch: &StreamWatch,
    location: &str,
    place: &PlaceWatch,
    now: UnixMicros,
) -> PlaceLive {
    let point = event.point_of(stream, location);
    let tags = watch::last_tags(event, place);
    let readers = place.readers.iter().map(|reader| ReaderLive {
        reader: shown(&reader.reader),
        reads: reader.reads,
        clock_difference_ms: reader.differences.least_ms(now),
    });
    PlaceLive {
        location: shown(location),
        name: shown(point.as_ref().map_or(location, |(_, name)| name)),
        point: point.map(|(id, _)| id),
        reads: place.reads,
        late: place.late,
        duplicates: place.duplicates,
        unknown: place.unknown,
        missing: watch.missing(location),
        last_read: place.last_instant,
        last_read_age_ms: place.heard_at.map(|at| age_ms(now, at)),
        minutes: place.minutes.list(now),
        clock_difference_ms: place.differences.median_ms(now),
        readers: if place.readers.len() > 1 {
            readers.collect()
        } else {
            Vec::new()
        },
        tags: tags.of,
        tags_unknown: tags.unknown,
    }
}

fn keep_newest_places(streams: &mut [StreamLive]) {
    let places = streams.iter().flat_map(|stream| &stream.places);
    let mut ages: Vec<_> = places
        .map(|place| place.last_read_age_ms.unwrap_or(u64::MAX))
        .collect();
    if ages.len() <= PLACES_PER_VIEW_MAX {
        return;
    }
    ages.sort_unstable();
    let oldest = ages[PLACES_PER_VIEW_MAX - 1];
    let mut room = PLACES_PER_VIEW_MAX;
    for stream in streams {
        stream.places.retain(|place| {
            let stays = room > 0 && place.last_read_age_ms.unwrap_or(u64::MAX) <= oldest;
            room -= usize::from(stays);
            stays
        });
    }
}

fn state_of(row: &Stream, now: UnixMicros) -> StreamState {
    if row.archived {
        StreamState::Archived
    } else if row.paused {
        StreamState::Paused
    } else if row.active(now) {
        StreamState::Active
    } else {
        StreamState::Asleep
    }
}

/// Those of the partner's streams, and where the partner may claim them, those that are nobody's.
fn connections(
    node: &Node,
    partner: PartnerId,
    claimant: bool,
    now: UnixMicros,
) -> Vec<ConnectionLive> {
    let listed = node.connections.list().into_iter();
    let seen = listed.filter_map(|status| {
        let stream = status.stream.and_then(|id| node.registry.stream(id));
        match &stream {
            Some(stream) if stream.partner != partner => None,
            None if !claimant => None,
            _ => Some(connection_live(
                node,
                status,
                stream.as_deref(),
                claimant,
                now,
            )),
        }
    });
    let mut list: Vec<_> = seen.collect();
    // The live ones first, as they are, then the others, newest first: the last are left out.
    list.sort_by_key(|connection| match connection.state {
        ConnectionWord::Gone => (1, Reverse(connection.since)),
        _ => (0, Reverse(UnixMicros(0))),
    });
    list.truncate(CONNECTIONS_PER_VIEW_MAX);
    list
}

fn connection_live(
    node: &Node,
    status: ConnectionStatus,
    stream: Option<&StreamRuntime>,
    claimant: bool,
    now: UnixMicros,
) -> ConnectionLive {
    let event = stream.and_then(|stream| node.registry.event(stream.event));
    let point_of = |location: &str| {
        let (event, stream) = (event.as_ref()?, stream?);
        let (_, name) = event.point_of(stream, location)?;
        Some(shown(&name))
    };
    let locations = status.locations.iter();
    let locations = locations
        .take(LOCATIONS_PER_CONNECTION_VIEW_MAX)
        .map(|location| LocationLive {
            point: point_of(location),
            location: shown(location),
        });
    ConnectionLive {
        id: status.id.0,
        stream: stream.map(|stream| stream.id),
        peer: status.peer.to_string(),
        port: status.port,
        since: status.since,
        state: word_of(&status, now),
        program: shown(&status.program),
        version: shown(&status.version),
        name: status.name.as_deref().map(shown),
        event_name: shown(status.event_name.as_deref().unwrap_or_default()),
        locations: locations.collect(),
        reads: status.reads,
        last_read_age_ms: status.last_read_at.map(|at| age_ms(now, at)),
        clock_difference_ms: status.clock_difference_ms,
        unknown_lines: status.unknown_lines,
        simulated: status.is_simulator(),
        claimable: claimant && node.is_claimable(&status),
        note: status.note,
    }
}

fn word_of(status: &ConnectionStatus, now: UnixMicros) -> ConnectionWord {
    match status.state {
        ConnectionState::Identifying => ConnectionWord::Connecting,
        ConnectionState::Unclaimed => ConnectionWord::Unclaimed,
        ConnectionState::Held => ConnectionWord::Held,
        ConnectionState::Stale => ConnectionWord::Stale,
        ConnectionState::Ended => ConnectionWord::Gone,
        ConnectionState::Streaming => match status.is_reading(now) {
            true => ConnectionWord::Streaming,
            false => ConnectionWord::Quiet,
        },
    }
}
