//! Streams, and the timing points that their locations map to.

use super::{event::scope_of_event, valid_name};
use crate::{Caller, ServiceError, roster::RosterIndex};
use model::{EventId, PointId, StreamId};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{NewStream, PartnerScope, Protocol, Store, StreamChange};
use timing::parse_zone;

pub async fn create_stream(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
    name: &str,
    protocol: &str,
    port: Option<u16>,
) -> Result<StreamId, ServiceError> {
    let scope = scope_of_event(store, caller, event).await?;
    let protocol = match protocol {
        "ctp01" => Protocol::Ctp01,
        other => {
            let problem = format!("there is no {other:?} yet; use ctp01");
            return Err(ServiceError::invalid("protocol", problem));
        }
    };
    if port == Some(0) {
        return Err(ServiceError::invalid(
            "port",
            "0 is no port; leave it out for the shared one",
        ));
    }
    let new = NewStream {
        event,
        name: valid_name("name", name)?,
        protocol,
        port,
    };
    Ok(store.create_stream(&scope, new).await?)
}

/// `timezone`: an IANA name, or empty for the event's own. `offset_ms` is added to the device's
/// clock to make it right.
pub async fn update_stream(
    store: &dyn Store,
    caller: Caller,
    stream: StreamId,
    timezone: Option<&str>,
    offset_ms: Option<i64>,
    paused: Option<bool>,
) -> Result<(), ServiceError> {
    let scope = scope_of_stream(store, caller, stream).await?;
    let timezone = match timezone.map(str::trim) {
        None => None,
        Some("") => Some(None),
        Some(name) => {
            let zone = parse_zone(name)
                .map_err(|error| ServiceError::invalid("timezone", error.to_string()))?;
            Some(Some(zone.name().to_owned()))
        }
    };
    Ok(store
        .update_stream(
            &scope,
            stream,
            StreamChange {
                timezone,
                offset_ms,
                paused,
            },
        )
        .await?)
}

/// Maps a device's location text to a point of the stream's event, made if it is missing.
pub async fn map_location(
    store: &dyn Store,
    caller: Caller,
    stream: StreamId,
    location: &str,
    point: &str,
) -> Result<PointId, ServiceError> {
    let scope = scope_of_stream(store, caller, stream).await?;
    let event = event_of(store, stream).await?;
    let point = store
        .ensure_point(&scope, event, &valid_name("point", point)?)
        .await?;
    store.map_location(&scope, stream, location, point).await?;
    Ok(point)
}

pub async fn rename_point(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
    from: &str,
    to: &str,
) -> Result<PointId, ServiceError> {
    let scope = scope_of_event(store, caller, event).await?;
    let to = valid_name("to", to)?;
    let points = store.points(&scope, event).await?;
    let wanted = from.trim().to_lowercase();
    let point = points
        .iter()
        .find(|point| point.name.to_lowercase() == wanted)
        .ok_or_else(|| ServiceError::NotFound {
            what: "timing point",
            which: from.to_owned(),
            hint: "points are named by displays and by the devices' own locations",
        })?;
    store.rename_point(&scope, point.id, &to).await?;
    Ok(point.id)
}

/// One line of `gantry stream list`.
#[derive(Clone, Debug, Serialize)]
pub struct StreamSummary {
    pub id: StreamId,
    pub name: String,
    pub reads: u64,
    pub duplicates: u64,
    pub late: u64,
    /// Reads of tags that are nobody's by the roster as it is now.
    pub unknown: u64,
    /// The last sequence of each point; null where the device sent none.
    pub last: BTreeMap<String, Option<u64>>,
}

pub async fn stream_list(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
) -> Result<Vec<StreamSummary>, ServiceError> {
    let scope = scope_of_event(store, caller, event).await?;
    let rule = store.event(&scope, event).await?.bib_rule;
    let roster = RosterIndex::new(store.participants(&scope, event).await?, rule);
    let mut list = Vec::new();
    for stream in store.streams(&scope, event).await? {
        list.push(summary(store, &scope, event, &roster, stream.id, stream.name).await?);
    }
    Ok(list)
}

async fn summary(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    roster: &RosterIndex,
    id: StreamId,
    name: String,
) -> Result<StreamSummary, ServiceError> {
    let totals = store.stream_totals(scope, id).await?;
    let unknown = unknown_reads(store, scope, id, roster).await?.reads;
    let points = store.points(scope, event).await?;
    let locations: BTreeMap<_, _> = store.locations(scope, id).await?.into_iter().collect();
    let mut last = BTreeMap::new();
    for (location, sequence) in totals.last {
        let point = locations
            .get(&location)
            .and_then(|mapped| points.iter().find(|point| point.id == *mapped))
            .map_or(location.as_str(), |point| point.name.as_str());
        let held = last.entry(point.to_owned()).or_insert(sequence);
        *held = (*held).max(sequence);
    }
    Ok(StreamSummary {
        id,
        name,
        reads: totals.reads,
        duplicates: totals.duplicates,
        late: totals.late,
        unknown,
        last,
    })
}

/// Stored reads whose tags are nobody's, as far as a position of the journal.
#[derive(Clone, Copy, Debug)]
pub struct Unknown {
    pub upto: u64,
    pub reads: u64,
}

pub async fn unknown_reads(
    store: &dyn Store,
    scope: &PartnerScope,
    stream: StreamId,
    roster: &RosterIndex,
) -> Result<Unknown, ServiceError> {
    let counts = store.tag_counts(scope, stream).await?;
    let unknown = counts
        .tags
        .iter()
        .filter(|(tag, _)| roster.who(tag).is_none());
    Ok(Unknown {
        upto: counts.upto,
        reads: unknown.map(|(_, count)| count).sum(),
    })
}

async fn event_of(store: &dyn Store, stream: StreamId) -> Result<EventId, ServiceError> {
    let streams = store.all_streams().await?;
    let row = streams.into_iter().find(|row| row.id == stream);
    row.map(|row| row.event).ok_or_else(|| no_stream(stream))
}

fn no_stream(stream: StreamId) -> ServiceError {
    ServiceError::NotFound {
        what: "stream",
        which: stream.to_string(),
        hint: "gantry stream list prints the ids",
    }
}

pub async fn scope_of_stream(
    store: &dyn Store,
    caller: Caller,
    stream: StreamId,
) -> Result<PartnerScope, ServiceError> {
    let partner = store
        .owner_of_stream(stream)
        .await?
        .ok_or_else(|| no_stream(stream))?;
    Ok(caller.scope(partner))
}
